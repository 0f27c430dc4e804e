"""Silence in one chat: what a typed name means, until when, and what was held back meanwhile.

"Foxconn", "supply-chain", "Wire", "all" -> find_target -> begin(until) -> Mute ... -> end -> how much was held back
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from watchbot.message.times import zone_of
from watchbot.model.errors import InputError
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, Mute, SourceRow
from watchbot.model.schedule import seconds
from watchbot.model.watch import Watch
from watchbot.pipeline.commands import bare_codes, watch_id
from watchbot.pipeline.directory import Directory, Watching
from watchbot.pipeline.policy import FAR, MUTE, silenced
from watchbot.pipeline.ruled import origin_of
from watchbot.ports.store import Tx

EVERYTHING = ("all", "everything", "全部", "所有")
TODAY = ("today", "今天", "今日")
_NOT_TOLD = frozenset({Reason.NOT_ITS_SOURCE, Reason.WATCH_OFF, Reason.MENTION_OFF})
_HOW_LONG = "how long is written 30m, 8h, 2d or today; without it: until you unmute"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be silent. `kind` and `target` as in records.Mute; `also` are further targets of the same kind: the
    same company in other watchlists of the chat."""

    kind: str
    target: str
    label: str
    also: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """All of them."""
        return (self.target, *self.also)


@dataclass(frozen=True, slots=True)
class Ended:
    """Mutes that were ended, and how many messages they had held back."""

    mutes: tuple[Mute, ...] = ()
    held: int = 0


def find_target(directory: Directory, sources: Iterable[SourceRow], chat: str, text: str) -> Target | None:
    """What a typed NAME, LIST, SOURCE or `all` means in this chat; None where it knows nothing of the name.

    `sources` are all active ones (tx.sources.active()); another chat's are left out. A watch goes before a watchlist,
    that before a source.
    """
    wanted = text.strip()
    if wanted.casefold() in EVERYTHING:
        return Target("all", "", "")
    if not wanted:
        return None
    return (
        _watches(directory, chat, wanted)
        or _list(directory, chat, wanted)
        or _source([row for row in sources if row.spec.serves(chat)], wanted)
    )


def known_names(directory: Directory, sources: Iterable[SourceRow], chat: str) -> list[str]:
    """Everything `find_target` finds by its own name, for "did you mean"."""
    watching = directory.watching(chat)
    names = [one.watch.label for one in watching] + [one.watchlist.name for one in watching if one.watchlist.name]
    return list(dict.fromkeys([*names, *(row.spec.shown for row in sources if row.spec.serves(chat))]))


def of_alert(tx: Tx, directory: Directory, alert: AlertRow) -> list[Target]:
    """The watches that an alert names, as they stand in this chat now; those that are gone are left out, and those
    that were muted when it came for another one."""
    fired = fired_by(tx, alert)
    silent = _muted_before(tx, alert)
    found = [one for one in directory.watching(alert.chat) if (one.watchlist.key, one.watch.id) in fired]
    heard = [one for one in found if silent.isdisjoint({("watch", key_of(one)), ("list", one.watchlist.key)})]
    return [Target("watch", key_of(one), shown_label(directory, alert.chat, one)) for one in heard or found]


def over(tx: Tx, mutes: Sequence[Mute], alert: AlertRow, now: datetime) -> Mute | None:
    """Which of a chat's mutes silences an alert that is there already; None where a watch or a source of it is not
    muted."""
    sources = {report.source for report in alert.card.reports} or {""}
    fired = sorted(fired_by(tx, alert))
    found = [silenced(mutes, fired, source, alert.story, now).mute for source in sorted(sources)]
    return None if None in found else found[0]


def fired_by(tx: Tx, alert: AlertRow) -> set[tuple[str, str]]:
    """Watchlist key and id of the watches that an alert was made for, without those that were muted then while others
    were not."""
    fired = [one for one in tx.alerts.decisions(alert.item) if one.chat == alert.chat and one.reason not in _NOT_TOLD]
    heard = [one for one in fired if one.reason is not Reason.MUTED]
    return {(origin_of(one.watchlist), one.watch) for one in heard or fired}


def _muted_before(tx: Tx, alert: AlertRow) -> set[tuple[str, str]]:
    """Kind and target of what was muted in an alert's chat when it came."""
    at = alert.decided_at
    mutes = (mute for mute in tx.wishes.mutes() if mute.chat == alert.chat)
    return {(mute.kind, mute.target) for mute in mutes if mute.at < at and (mute.until is None or mute.until > at)}


def key_of(one: Watching) -> str:
    """What mutes know a watch by."""
    return f"{one.watchlist.key}/{one.watch.id}"


def shown_label(directory: Directory, chat: str, one: Watching) -> str:
    """What alerts of this chat call a watch."""
    return directory.label(one.watchlist.key, one.watch.id, directory.view(chat).language)


def of_story(alert: AlertRow) -> Target:
    """An alert's story."""
    return Target("story", str(alert.story), alert.card.headline.text)


def until(text: str, now: datetime, timezone: str) -> datetime | None:
    """When `8h`, `30m`, `2d` or `today` (midnight of the chat's zone) is over; None for "": until unmuted.

    Anything else is an InputError with an example.
    """
    word = text.strip().casefold()
    if not word:
        return None
    if word in TODAY:
        zone = zone_of(timezone)
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), zone).astimezone(UTC)
    try:
        length = seconds(word)
    except InputError as error:
        raise InputError(f"“{text.strip()[:40]}”: {_HOW_LONG}") from error
    if length < 1:
        raise InputError(f"“{text.strip()[:40]}”: {_HOW_LONG}")
    return now + timedelta(seconds=length)


def is_duration(text: str) -> bool:
    """Whether a last word says how long, so that what stands before it is the name."""
    try:
        return bool(text) and (text.casefold() in TODAY or seconds(text.casefold()) > 0)
    except InputError:
        return False


def begin(tx: Tx, chat: str, target: Target, ends: datetime | None, user: int, now: datetime) -> Mute:
    """Silence it until then (None: until unmuted). One that is muted already gets the new end, and so does what it
    has held back."""
    mutes = [tx.wishes.mute(chat, target.kind, one, target.label, ends, user, now) for one in target.targets]
    for mute in mutes:
        tx.outbox.hold_until(chat, hold_of(mute.id), ends or FAR)
    return mutes[0]


def active(tx: Tx, chat: str, now: datetime) -> list[Mute]:
    """What is muted in this chat now, the oldest first."""
    return [mute for mute in tx.wishes.mutes() if mute.chat == chat and (mute.until is None or mute.until > now)]


def active_of(tx: Tx, chat: str, targets: Sequence[Target], now: datetime) -> list[Mute]:
    """Those of them that silence one of these targets."""
    wanted = {(target.kind, one) for target in targets for one in target.targets}
    return [mute for mute in active(tx, chat, now) if (mute.kind, mute.target) in wanted]


def end(tx: Tx, mutes: Iterable[Mute], now: datetime) -> Ended:
    """Unmute. What was held back stays where it is: offer it (holding.show_held). What another mute silences too is
    held by that one; what waited for the end of a mute of everything comes now."""
    ended = tuple(mute for mute in mutes if tx.wishes.unmute(mute.id))
    for mute in ended:
        others = active(tx, mute.chat, now)
        for row in tx.outbox.held(mute.chat) if others or mute.kind == "all" else ():
            alert = tx.alerts.get(row.alert) if row.alert is not None and row.hold == hold_of(mute.id) else None
            other = over(tx, others, alert, now) if alert is not None else None
            if other is not None:
                tx.outbox.hold_back([row.id], hold_of(other.id), other.until or FAR)
            elif mute.kind == "all" and row.next_at == mute.until and not row.hold.startswith(MUTE):
                tx.outbox.postpone([row.id], now)
    return Ended(ended, sum(held(tx, mute.chat, mute.id) for mute in ended))


def held(tx: Tx, chat: str, mute: int) -> int:
    """How many messages a mute holds back."""
    return len(tx.outbox.held(chat, hold_of(mute)))


def hold_of(mute: int) -> str:
    """What stands as `hold` in the rows that a mute keeps back."""
    return f"mute:{mute}"


def _watches(directory: Directory, chat: str, wanted: str) -> Target | None:
    """Every watch of the chat that goes by this name; a label or an id goes before an alias."""
    watching = directory.watching(chat)
    key = watch_id(wanted)
    found = [
        one
        for one in watching
        if key in (watch_id(one.watch.label), one.watch.id, watch_id(shown_label(directory, chat, one)))
    ]
    found = found or [one for one in watching if key in _other_names(one.watch)]
    if not found:
        return None
    targets = tuple(dict.fromkeys(map(key_of, found)))
    return Target("watch", targets[0], shown_label(directory, chat, found[0]), targets[1:])


def _other_names(watch: Watch) -> set[str]:
    """What else a person may call a watch, as ids."""
    return {watch_id(text) for text in (*watch.terms, *bare_codes(watch))}


def _list(directory: Directory, chat: str, wanted: str) -> Target | None:
    """A watchlist of the chat by its name."""
    for one in directory.watching(chat):
        name = one.watchlist.name
        if name and name.casefold() == wanted.casefold():
            return Target("list", one.watchlist.key, name)
    return None


def _source(sources: Sequence[SourceRow], wanted: str) -> Target | None:
    """A source by what alerts call it, else by its own name."""
    text = wanted.casefold()
    for row in sources:
        if text in (row.spec.shown.casefold(), row.spec.name.casefold()):
            return Target("source", row.spec.shown, row.spec.shown)
    return None
