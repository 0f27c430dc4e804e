"""The real path without writing: what an item would do, why, or which stage stops it.

item -> identity -> match (or near misses) -> source -> decide -> Explanation
"""

from dataclasses import dataclass

from watchbot.model.item import Item
from watchbot.model.match import Match, NearMiss
from watchbot.model.reason import Reason
from watchbot.model.records import Decision, SourceRow
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.splitting import members
from watchbot.ports.store import Tx
from watchbot.stories.decide import Facts, decide
from watchbot.stories.keys import identity_keys


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one chat would get, or did get: `stored` where the reason is the one kept in the database."""

    chat: str
    labels: tuple[str, ...]
    reason: Reason
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """One item's fate. `stage` is where it ends: match, source, told before, baseline or told. `story` says, for a
    known item, with what it stands in one story and why."""

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
        if any(reason.tells for reason in reasons):
            return "told"
        for reason, stage in _STAGES:
            if reason in reasons:
                return stage
        return "source"


_STAGES = (
    (Reason.ALREADY_TOLD, "told before"),
    (Reason.BASELINE, "baseline"),
    (Reason.NOT_ITS_SOURCE, "source"),
)


def explain(directory: Directory, item: Item, source: SourceRow | None = None, tx: Tx | None = None) -> Explanation:
    """Walk one item through every stage. Without `tx` (no database) nothing counts as known or told.

    Without `source` every watchlist hears it, as with a page that is pasted.
    """
    keys = identity_keys(source.id if source else 0, item)
    known = next(iter(tx.items.known(keys).values()), None) if tx else None
    matches = directory.match(item)
    stored = tx.alerts.decisions(known) if tx and known is not None else []
    verdicts = [
        _verdict(directory, chat, found, source, keys, tx, stored) for chat, found in _by_chat(directory, matches)
    ]
    near = tuple(directory.near_misses(item))
    return Explanation(item, known, tuple(matches), near, tuple(verdicts), _story(tx, known))


def _story(tx: Tx | None, known: int | None) -> tuple[str, ...]:
    """The other items of a known item's story, and why they stand together."""
    stored = tx.items.get(known) if tx and known is not None else None
    if tx is None or stored is None or stored.story is None:
        return ()
    found = members(tx, stored.story)
    return tuple(
        f"{one.number}. {one.headline}{f': {one.because}' if one.because else ''}" for one in found if len(found) > 1
    )


def _by_chat(directory: Directory, matches: list[Match]) -> list[tuple[str, list[Match]]]:
    by_chat: dict[str, list[Match]] = {}
    for match in matches:
        for chat in directory.targets(directory.watchlists[match.watchlist]):
            by_chat.setdefault(chat, []).append(match)
    return list(by_chat.items())


def _verdict(
    directory: Directory,
    chat: str,
    matches: list[Match],
    source: SourceRow | None,
    keys: tuple[str, ...],
    tx: Tx | None,
    stored: list[Decision],
) -> Verdict:
    labels = tuple(dict.fromkeys(directory.label(match.watchlist, match.watch) for match in matches))
    for decision in stored:
        if decision.chat == chat:
            return Verdict(chat, labels, decision.reason, stored=True)
    heard = [m for m in matches if source is None or directory.hears(directory.watchlists[m.watchlist], source.spec)]
    if not heard:
        return Verdict(chat, labels, Reason.NOT_ITS_SOURCE)
    told = tx.alerts.told(chat, keys) if tx else False
    baseline = source is not None and source.spec.kind == "feed" and not source.baseline_done
    return Verdict(chat, labels, decide(Facts(baseline=baseline, alerted=False, told=told)))
