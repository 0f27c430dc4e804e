"""Why something is told or not told. Stored with every decision, shown by /why and `watchbot explain`."""

from collections.abc import Sequence
from enum import Enum


class Reason(Enum):
    """The value is what the database holds; the words for people are in message/words.py."""

    FIRST_REPORT = "first_report"
    NEW_SOURCE = "new_source"
    NEW_WATCH = "new_watch"
    RELATED = "related"
    CORRECTION = "correction"
    AFTER_SILENCE = "after_silence"
    SPLIT = "split"
    DIGEST_DUE = "digest_due"
    WAITED_FOR_OWNER = "waited_for_owner"
    ALREADY_TOLD = "already_told"
    BASELINE = "baseline"
    TOO_OLD = "too_old"
    MUTED = "muted"
    QUIET_HOURS = "quiet_hours"
    CAPPED = "capped"
    WATCH_OFF = "watch_off"
    MENTION_OFF = "mention_off"
    NOT_ITS_SOURCE = "not_its_source"
    NO_MATCH = "no_match"

    @property
    def holds(self) -> bool:
        """Whether this reason keeps an alert for later: it was made, and waits."""
        return self in _HOLDS

    @property
    def tells(self) -> bool:
        """Whether this reason sends something."""
        return self in _TELLS


_TELLS = frozenset(
    {
        Reason.FIRST_REPORT,
        Reason.NEW_SOURCE,
        Reason.NEW_WATCH,
        Reason.RELATED,
        Reason.CORRECTION,
        Reason.AFTER_SILENCE,
        Reason.SPLIT,
        Reason.WAITED_FOR_OWNER,
        Reason.TOO_OLD,
    }
)
_HOLDS = frozenset({Reason.DIGEST_DUE, Reason.QUIET_HOURS, Reason.CAPPED, Reason.MUTED})


def leading(reasons: Sequence[Reason]) -> Reason:
    """What became of an item in a chat, where its watches have reasons of their own: told goes before waiting, that
    before muted, that before left out. At least one is given."""
    return min(reasons, key=_rank)


def _rank(reason: Reason) -> int:
    """The smaller, the sooner the item is in the chat."""
    if reason.tells:
        return 0
    if reason is Reason.ALREADY_TOLD:
        return 1
    if reason.holds:
        return 3 if reason is Reason.MUTED else 2
    return 4
