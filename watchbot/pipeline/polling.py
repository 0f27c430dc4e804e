"""When a feed is asked again: pure, with the time and the jitter passed in.

poll with success -> every | own rhythm, never below the server's wish; failure -> back-off up to a day
"""

from datetime import datetime, timedelta

from watchbot.model.records import SourceRow

DEFAULT_EVERY = 900.0
LONGEST = 86400.0


def next_poll(row: SourceRow, now: datetime, wish: float, jitter: float) -> datetime:
    """After a success. `wish` is the server's (ttl, max-age) in seconds, `jitter` between -1 and 1.

    A rhythm of its own is the default of 15 minutes +-10 %; an `every` of the user's is kept exactly.
    """
    own = max(DEFAULT_EVERY * (1 + jitter / 10), min(wish, LONGEST))
    return now + timedelta(seconds=own if row.spec.every is None else row.spec.every)


def next_try(row: SourceRow, now: datetime, retry_after: float, jitter: float) -> datetime:
    """After a failure: the interval doubled with each one in a row, at most a day, never below Retry-After."""
    base = row.spec.every if row.spec.every is not None else DEFAULT_EVERY
    pause = min(base * 2 ** min(row.failures, 12), LONGEST) * (1 + jitter / 10)
    return now + timedelta(seconds=max(pause, min(retry_after, LONGEST)))
