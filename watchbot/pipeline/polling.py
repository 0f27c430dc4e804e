"""When a feed is asked again, where, and what its silence means: pure, with the time and the jitter passed in.

success -> `every`, or half the usual gap between its items, never below the server's wishes nor in skipped hours
failure -> back-off up to a day, never below Retry-After
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import mean, median

from watchbot.model.item import CutDocument
from watchbot.model.records import FeedFacts, SourceRow
from watchbot.text.secrets import without_secrets

SHORTEST = 300.0
DEFAULT_EVERY = 900.0
LONGEST = 86400.0
NEWEST = 20  # items whose gaps tell the rhythm
FEWEST_DATES = 3
PATIENCE = 6  # failures in a row after which a new place is given up for the old one
CONFIRMATIONS = 3  # times a permanent redirect must be seen before it is believed
QUIET_GAPS = 6.0
QUIET_AT_LEAST = 3 * 86400.0  # a weekend without news is no silence
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is asked: `location` is "" for its own address; a redirect seen `times` times leads `moved_to`."""

    location: str
    moved_to: str = ""
    times: int = 0


def facts_of(cut: CutDocument, now: datetime, before: tuple[int, ...] = ()) -> FeedFacts:
    """What a feed document says of the feed. `before` are the dates of its newest entries of last time: those that were
    not read again keep theirs."""
    read = Counter(int(item.published.timestamp()) for item in cut.items if item.published and item.published <= now)
    dates = read | Counter(before) if cut.same else read
    newest = sorted(dates.elements(), reverse=True)[:NEWEST]
    gaps = [later - earlier for later, earlier in pairwise(newest)]
    seen = len(newest) >= FEWEST_DATES and any(gaps)
    gap = float(median(gaps) or mean(gaps)) if seen else None  # 0: dated in batches
    return FeedFacts(cut.title, cut.ttl, cut.skip_hours, cut.skip_days, gap, marks=cut.marks, dates=tuple(newest))


def with_news(facts: FeedFacts, row: SourceRow, new: int, now: datetime) -> FeedFacts:
    """The facts after `new` items came: without dates of its own, a feed's rhythm is that of what arrives."""
    if not new:
        return facts
    gap = facts.gap
    if gap is None and row.baseline_done and row.newest_at:
        sample = (now - row.newest_at).total_seconds() / new
        # One long silence is no new rhythm.
        gap = sample if row.gap is None else 0.7 * row.gap + 0.3 * min(sample, 4 * max(row.gap, SHORTEST))
    return replace(facts, gap=gap, newest_at=now)


def next_poll(row: SourceRow, now: datetime, max_age: float, jitter: float, facts: FeedFacts | None = None) -> datetime:
    """After a success. `max_age` is the server's wish in seconds, `jitter` is between -1 and 1.

    A rhythm of its own is drawn out by +-10 %, and its first interval shortened by the address's hash, so that feeds
    that began together spread. An `every` of the user's is only ever lengthened, by the server's wishes.
    """
    said = facts or FeedFacts("", row.ttl, row.skip_hours, row.skip_days)
    gap = said.gap if said.gap is not None else row.gap
    if gap is not None and row.newest_at is not None:
        gap = max(gap, (now - row.newest_at).total_seconds() / NEWEST)  # what has come to rest is asked less often
    own = row.spec.every
    if own is None:
        own = DEFAULT_EVERY if gap is None else min(max(gap / 2, SHORTEST), LONGEST)
        own *= 1 + jitter / 10
        if not row.baseline_done:
            own = max(own * (0.5 + share(row.spec.address) / 2), min(own, SHORTEST))
    wish = min(max(max_age, said.ttl), LONGEST)
    return _awake(now + timedelta(seconds=max(own, wish)), now, said)


def next_try(row: SourceRow, now: datetime, retry_after: float, jitter: float) -> datetime:
    """After a failure: the interval doubled with each one in a row, at most a day; never below `every`, Retry-After."""
    base = row.spec.every if row.spec.every is not None else DEFAULT_EVERY
    longest = max(base, LONGEST)
    pause = min(base * 2 ** min(row.failures, 20), longest) * (1 + jitter / 10)
    pause = min(max(pause, row.spec.every or 0.0), longest)
    due = now + timedelta(seconds=max(pause, min(retry_after, LONGEST)))
    return _awake(due, now, FeedFacts("", row.ttl, row.skip_hours, row.skip_days))


def place_after(row: SourceRow, moved_to: str, pinned: bool) -> Place:
    """Where the source is asked next after a poll whose permanent redirects, if any, led to `moved_to`.

    A redirect is believed once it was seen in three polls in a row. A source with keys of its own is `pinned`: its
    keys belong to its address, also where it moved before it had any.
    """
    if pinned:
        return Place("")
    if not moved_to or without_secrets(moved_to) != moved_to:
        return Place(row.location)
    times = row.moved_times + 1 if moved_to == row.moved_to else 1
    if times < CONFIRMATIONS:
        return Place(row.location, moved_to, times)
    return Place("" if moved_to == row.spec.address else moved_to)


def location_after_failure(row: SourceRow, status: int) -> str:
    """Where the source is asked next after a failure: a place that is gone, or does not answer for long, was no good
    move."""
    return "" if status in (404, 410) or row.failures >= PATIENCE else row.location


def is_gone(row: SourceRow, status: int) -> bool:
    """Whether the source itself said that it is gone for good."""
    return status == 410 and not row.location


def is_old(published: datetime | None, row: SourceRow, now: datetime) -> bool:
    """Whether a feed's item was published too long before the feed was last polled with success.

    Counted from there, an outage makes nothing old; what is dropped or sent never is.
    """
    if published is None or row.spec.kind != "feed" or row.spec.max_age is None:
        return False
    return published < (row.ok_at or now) - timedelta(seconds=row.spec.max_age)


def quiet_after(gap: float) -> timedelta:
    """After how long without anything new something with this usual gap is unusually quiet."""
    return timedelta(seconds=max(QUIET_GAPS * gap, QUIET_AT_LEAST))


def is_quiet(row: SourceRow, now: datetime) -> bool:
    """Whether a source that answers has brought nothing for unusually long."""
    if row.gap is None or row.newest_at is None or row.failures or row.gone:
        return False
    return now - row.newest_at > quiet_after(row.gap)


def share(text: str) -> float:
    """A number from 0 to 1 that is always the same for a text, and another one for another."""
    return int.from_bytes(hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=4).digest(), "big") / 2**32


def _awake(due: datetime, now: datetime, said: FeedFacts) -> datetime:
    """The first of the hours from `due` on in which the feed does not sleep; one that always sleeps is asked daily."""
    if not said.skip_hours and not said.skip_days:
        return due
    at = due
    for _hour in range(25):
        if at.hour not in said.skip_hours and at.weekday() not in said.skip_days:
            return at
        at += _HOUR
    return max(due, now + timedelta(seconds=LONGEST))
