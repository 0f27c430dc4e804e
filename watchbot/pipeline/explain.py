"""The real path without writing: what an item would do, why, or which stage stops it.

item -> identity -> match (or near misses) -> source -> decide -> way (now, later, not) -> Explanation
"""

from dataclasses import dataclass
from datetime import datetime

from watchbot.model.item import Item
from watchbot.model.match import Match, NearMiss
from watchbot.model.reason import Reason, leading
from watchbot.model.records import Decision, SourceRow
from watchbot.model.why import Fate
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.fates import fate_of
from watchbot.pipeline.policy import Tell, cap_of, is_urgent, limited
from watchbot.pipeline.ruled import origin_of
from watchbot.pipeline.splitting import members
from watchbot.pipeline.ways import Course, counters, course, is_limited
from watchbot.ports.store import Tx
from watchbot.stories.decide import Facts, decide
from watchbot.stories.keys import identity_keys


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one chat would get, or did get: `stored` where the reason is the one kept in the database; `fate` then says
    what became of what it held back."""

    chat: str
    labels: tuple[str, ...]
    reason: Reason
    stored: bool = False
    fate: Fate | None = None

    @property
    def told(self) -> bool:
        """Whether the chat gets it, or got it since."""
        return self.reason.tells or (self.fate is not None and self.fate.out)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One item's fate. `stage` is where it ends: match, source, told before, baseline, watch off, mention, mute,
    digest, quiet hours, cap or told. `story` says, for a known item, with what it stands in one story and why."""

    item: Item
    known: int | None
    matches: tuple[Match, ...]
    near_misses: tuple[NearMiss, ...]
    verdicts: tuple[Verdict, ...]
    story: tuple[str, ...] = ()

    @property
    def stage(self) -> str:
        """The stage that stops the item, or `told` where one of the chats gets it."""
        if not self.matches:
            return "match"
        reasons = {verdict.reason for verdict in self.verdicts}
        if any(verdict.told for verdict in self.verdicts):
            return "told"
        for reason, stage in _STAGES:
            if reason in reasons:
                return stage
        return "source"


_STAGES = (
    (Reason.QUIET_HOURS, "quiet hours"),
    (Reason.DIGEST_DUE, "digest"),
    (Reason.CAPPED, "cap"),
    (Reason.MUTED, "mute"),
    (Reason.MENTION_OFF, "mention"),
    (Reason.WATCH_OFF, "watch off"),
    (Reason.ALREADY_TOLD, "told before"),
    (Reason.BASELINE, "baseline"),
    (Reason.NOT_ITS_SOURCE, "source"),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an explanation is made from."""

    directory: Directory
    item: Item
    source: SourceRow | None
    tx: Tx | None
    now: datetime | None
    keys: tuple[str, ...]
    stored: list[Decision]


def explain(
    directory: Directory,
    item: Item,
    source: SourceRow | None = None,
    tx: Tx | None = None,
    now: datetime | None = None,
    chat: str = "",
) -> Explanation:
    """Walk one item through every stage. Without `tx` (no database) nothing counts as known or told, and without `now`
    no hour as quiet.

    Without `source` every watchlist hears it, as with a page that is pasted. With `chat` only what reaches that chat.
    """
    keys = identity_keys(source.id if source else 0, item)
    known = next(iter(tx.items.known(keys).values()), None) if tx else None
    stored = tx.alerts.decisions(known) if tx and known is not None else []
    asked = _Asked(directory, item, source, tx, now, keys, stored)
    matches = [match for match in directory.match(item) if not chat or chat in _chats(directory, match)]
    verdicts = [_verdict(asked, to, found) for to, found in _by_chat(directory, matches) if chat in ("", to)]
    near = [miss for miss in directory.near_misses(item) if not chat or chat in _chats(directory, miss)]
    return Explanation(item, known, _once(matches), tuple(near), tuple(verdicts), _story(tx, known))


def _once(matches: list[Match]) -> tuple[Match, ...]:
    """One match a watch: what a chat wants otherwise of it is not a second one."""
    plain = {(match.watchlist, match.watch) for match in matches}
    beside = ((match, origin_of(match.watchlist)) for match in matches)
    return tuple(match for match, origin in beside if origin == match.watchlist or (origin, match.watch) not in plain)


def _story(tx: Tx | None, known: int | None) -> tuple[str, ...]:
    """The other items of a known item's story, and why they stand together."""
    stored = tx.items.get(known) if tx and known is not None else None
    if tx is None or stored is None or stored.story is None:
        return ()
    found = members(tx, stored.story)
    return tuple(
        f"{one.number}. {one.headline}{f': {one.because}' if one.because else ''}" for one in found if len(found) > 1
    )


def _chats(directory: Directory, found: Match | NearMiss) -> tuple[str, ...]:
    """The chats that a watch is for, those that switched it off too."""
    off = directory.switched_off(found.watchlist, found.watch)
    return (*directory.targets_of(found.watchlist, found.watch), *off)


def _by_chat(directory: Directory, matches: list[Match]) -> list[tuple[str, list[Match]]]:
    by_chat: dict[str, list[Match]] = {}
    for match in matches:
        for chat in _chats(directory, match):
            by_chat.setdefault(chat, []).append(match)
    return list(by_chat.items())


def _verdict(asked: _Asked, chat: str, matches: list[Match]) -> Verdict:
    directory, source = asked.directory, asked.source
    labels = tuple(dict.fromkeys(directory.label(match.watchlist, match.watch) for match in matches))
    stored = [decision.reason for decision in asked.stored if decision.chat == chat]
    if stored:
        kept = leading(stored)
        return Verdict(chat, labels, kept, stored=True, fate=_fate(asked, chat) if kept.holds else None)
    on = [match for match in matches if chat in directory.targets_of(match.watchlist, match.watch)]
    if not on:
        return Verdict(chat, labels, Reason.WATCH_OFF)
    heard = [
        match
        for match in on
        if source is None or directory.hears(directory.watchlist(match.watchlist), source.spec, match.watch)
    ]
    if not heard:
        return Verdict(chat, labels, Reason.NOT_ITS_SOURCE)
    told = asked.tx.alerts.told(chat, asked.keys) if asked.tx else False
    baseline = source is not None and source.spec.kind == "feed" and not source.baseline_done
    reason = decide(Facts(baseline=baseline, alerted=False, told=told))
    if reason.tells and asked.now is not None:
        counted = course(directory, chat, heard, source.spec.shown if source else asked.item.source, None, asked.now)
        reason = _way(asked, counted, reason, asked.now) or reason
    return Verdict(chat, labels, reason)


def _fate(asked: _Asked, chat: str) -> Fate | None:
    """What became of the alert that a chat has of a stored item; None where that is not known."""
    item = next((one.item for one in asked.stored), None)
    known = asked.tx.items.get(item) if asked.tx and item is not None else None
    if asked.tx is None or known is None or known.story is None:
        return None
    alerts = (one for one in asked.tx.alerts.of_story(known.story) if (one.chat, one.item) == (chat, known.id))
    return next((fate_of(asked.tx, one) for one in alerts), None)


def _way(asked: _Asked, counted: Course, reason: Reason, now: datetime) -> Reason | None:
    """Why a chat would not be told at once; None where it would."""
    found = counted.way(reason, now)
    if found.tell is Tell.NOW and asked.tx and is_limited(counted.chat):
        seen = counters(asked.tx, counted.chat, now)
        found = limited(found, is_urgent(counted.wishes), cap_of(counted.wishes), seen, now)
    return found.reason
