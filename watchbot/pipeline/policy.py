"""In what way a chat gets what it is to be told: now, aloud or silently; held back for later; or not at all. Pure.

reason + level + wishes of the matched watches + mutes + counters -> Way
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum

from watchbot.message.times import zone_of
from watchbot.model.reason import Reason
from watchbot.model.records import Mute
from watchbot.model.schedule import EVERY_DAY, DigestTime, next_digest, quiet_until
from watchbot.model.watch import Level, Priority
from watchbot.pipeline.manner import Manner

FAR = datetime(9999, 1, 1, tzinfo=UTC)  # until somebody asks for it
DIGEST, QUIET, CAP, MUTE = "digest", "quiet", "cap", "mute:"
SOUNDS, SOUNDS_WINDOW = 5, timedelta(minutes=10)
CAP_WINDOW = timedelta(hours=1)
BREAKFAST = (DigestTime(EVERY_DAY, 8 * 60 + 30),)  # where a chat has no times for digests and wants one all the same
_QUARTER = timedelta(minutes=15)


class Tell(Enum):
    """What happens to an alert; the smaller the prompter."""

    NOW = 0
    HOLD = 1
    NOT = 2


@dataclass(frozen=True, slots=True)
class Way:
    """How one chat is told. HOLD has `hold` and `until`; `reason` says why it is not told at once, None where it is."""

    tell: Tell
    silent: bool = False
    hold: str = ""
    until: datetime | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What one matched watch asks for. `level`: how the item speaks of this very watch."""

    manner: Manner
    priority: Priority = Priority.NORMAL
    level: Level = Level.MAIN


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told. `level`: MENTION where the item is about none of the matched watches; `old`: old news."""

    reason: Reason
    level: Level = Level.MAIN
    old: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """How many alerts a chat got as messages of their own: in the last hour, in the last ten minutes."""

    in_hour: int = 0
    in_ten_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """What mutes leave of some matches: the places of those that are not muted, and the mute that holds the rest back
    where nothing is left."""

    kept: tuple[int, ...]
    mute: Mute | None = None


def way(news: News, wishes: Sequence[Wish], now: datetime, first: Way | None = None) -> Way:
    """Where several watches have different wishes, the promptest counts.

    `first` is how the first alert of the story is held back, None where it is not: a follow-up waits with it.
    """
    best = min((_of_one(news, wish, now) for wish in wishes), key=_promptness)
    waits = first is not None and news.reason is Reason.RELATED and best.tell is not Tell.NOT
    if first is not None and waits and not is_urgent(wishes):
        return replace(first, silent=best.silent)
    return best


def limited(found: Way, urgent: bool, cap: int | None, seen: Counters, now: datetime) -> Way:
    """The way of an alert of its own, where many came before it: beyond the cap it waits for the next quarter of an
    hour; from the sixth in ten minutes on it makes no sound."""
    if found.tell is not Tell.NOW or urgent:
        return found
    if cap is not None and seen.in_hour >= cap:
        return Way(Tell.HOLD, silent=True, hold=CAP, until=next_quarter(now), reason=Reason.CAPPED)
    return replace(found, silent=found.silent or seen.in_ten_minutes >= SOUNDS)


def silenced(
    mutes: Sequence[Mute], watches: Sequence[tuple[str, str]], source: str, story: int | None, now: datetime
) -> Silence:
    """What the mutes of a chat do to one item. `watches` are the watchlist key and watch id of each match, `source`
    the shown name of what carried it."""
    active = [mute for mute in mutes if mute.until is None or mute.until > now]
    about = {("source", source), ("story", str(story)), ("all", "")}
    whole = [mute for mute in active if (mute.kind, mute.target) in about or mute.kind == "all"]
    by_watch = [_longest(active, watchlist, watch) for watchlist, watch in watches]
    kept = tuple(place for place, mute in enumerate(by_watch) if mute is None)
    holding = [mute for mute in by_watch if mute is not None]
    if holding and not kept:  # every watch is muted by itself: who unmutes the rest does not hear of them
        whole.insert(0, min(holding, key=_end))
    return Silence((), max(whole, key=_end)) if whole else Silence(kept)


def muted(mute: Mute) -> Way:
    """Held back until the mute ends, and then until somebody asks for it."""
    return Way(Tell.HOLD, hold=f"{MUTE}{mute.id}", until=_end(mute), reason=Reason.MUTED)


def is_unwanted(wish: Wish) -> bool:
    """Whether a watch is only mentioned and wants nothing of that: it has no say in how the others are told."""
    return wish.level is Level.MENTION and wish.manner.mentions == "off"


def is_urgent(wishes: Sequence[Wish]) -> bool:
    """Whether one of the watches rings through quiet hours, digests and caps."""
    return any(wish.priority is Priority.HIGH for wish in wishes)


def cap_of(wishes: Sequence[Wish]) -> int | None:
    """The most generous cap; None for none."""
    caps = [wish.manner.max_per_hour for wish in wishes]
    return max((cap for cap in caps if cap is not None), default=None) if None not in caps else None


def updates_of(wishes: Sequence[Wish]) -> str:
    """What happens when a told story grows: the promptest wish."""
    said = {wish.manner.updates for wish in wishes}
    return next((word for word in ("loud", "silent", "off") if word in said), "silent")


def next_quarter(now: datetime) -> datetime:
    """The next full quarter of an hour."""
    passed = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    return now - passed + _QUARTER


def quiet_end(manner: Manner, now: datetime) -> datetime | None:
    """When the quiet hours that reign now end; None where none do."""
    return quiet_until(manner.quiet, now, zone_of(manner.timezone))


def _of_one(news: News, wish: Wish, now: datetime) -> Way:
    """The way one watch asks for."""
    manner, mention = wish.manner, Level.MENTION in (news.level, wish.level)
    if mention and manner.mentions == "off":
        return Way(Tell.NOT, reason=Reason.MENTION_OFF)
    quietly = news.reason is Reason.RELATED and manner.updates != "loud"
    silent = news.old or quietly or (mention and manner.mentions != "same") or wish.priority is Priority.LOW
    if wish.priority is Priority.HIGH:
        return Way(Tell.NOW, silent)
    if manner.deliver == "digest" or (mention and manner.mentions == "digest"):
        due = next_digest(manner.digest_at, now, zone_of(manner.timezone))
        if due is not None:
            return Way(Tell.HOLD, silent, DIGEST, due, Reason.DIGEST_DUE)
    end = quiet_end(manner, now)
    if end is not None:
        return Way(Tell.HOLD, silent, QUIET, end, Reason.QUIET_HOURS)
    return Way(Tell.NOW, silent)


def _promptness(found: Way) -> tuple[int, datetime, bool]:
    """Now before later, sooner before later, aloud before silently."""
    return found.tell.value, found.until or datetime.min.replace(tzinfo=UTC), found.silent


def _longest(mutes: Sequence[Mute], watchlist: str, watch: str) -> Mute | None:
    """The mute of a watch, or of its watchlist, that ends last."""
    about = {("watch", f"{watchlist}/{watch}"), ("list", watchlist)}
    return max((mute for mute in mutes if (mute.kind, mute.target) in about), key=_end, default=None)


def _end(mute: Mute) -> datetime:
    """When a mute ends."""
    return mute.until or FAR
