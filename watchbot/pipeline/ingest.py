"""A cut document becomes stored items and queued alerts, in one transaction with the source's validators.

items -> identity (known? another source? edited?) -> match -> story -> decide -> compose -> queue
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchbot.message.card import build
from watchbot.message.codec import dump
from watchbot.model.alert import Card, Form, NewDelivery, Rank, Report, State
from watchbot.model.item import CutDocument, Item
from watchbot.model.match import Match
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, Decision, PollResult, SourceRow
from watchbot.model.watch import Priority
from watchbot.pipeline.decide import Facts, decide
from watchbot.pipeline.directory import OWNER, Directory
from watchbot.ports.clock import Clock
from watchbot.ports.store import Store, Tx
from watchbot.stories.keys import identity_keys, title_key

EDIT_WAIT = timedelta(seconds=2)  # several sources of one poll become one edit; the contract allows 3 s


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """The mark of a dropped file: the same bytes again do nothing."""

    digest: str
    name: str


@dataclass(slots=True)
class Taken:
    """What came of one document. `told` counts alerts, `told_items` the items that brought one, `matched` items
    with a match, `seen_before` known ones."""

    items: int = 0
    new: int = 0
    seen_before: int = 0
    matched: int = 0
    told: int = 0
    told_items: int = 0
    same_file: bool = False


@dataclass(frozen=True, slots=True)
class _Arrival:
    """One item on its way through the transaction."""

    id: int
    item: Item
    keys: tuple[str, ...]
    source: SourceRow
    seen: datetime
    story: int | None
    baseline: bool


class Ingest:
    """The road in. One call is one transaction: it is all there afterwards, or nothing is."""

    def __init__(self, store: Store, directory: Directory, clock: Clock) -> None:
        """Use this store, these watchlists and this clock."""
        self._store = store
        self._directory = directory
        self._clock = clock

    def take(
        self,
        source: SourceRow,
        cut: CutDocument,
        poll: PollResult | None = None,
        file: DroppedFile | None = None,
    ) -> Taken:
        """Store and decide a document of `source`; `poll` or `file` is recorded in the same transaction."""
        taken = Taken(items=len(cut.items))
        with self._store.write() as tx:
            if file and tx.machine.seen_file(file.digest):
                taken.same_file = True
                return taken
            self._directory.refresh(tx)
            self._take_items(tx, source, cut, taken)
            if poll:
                tx.sources.polled(source.id, poll)
            if file:
                tx.machine.add_file(file.digest, file.name, self._clock.now())
        return taken

    def _take_items(self, tx: Tx, source: SourceRow, cut: CutDocument, taken: Taken) -> None:
        now = self._clock.now()
        keyed = [(item, identity_keys(source.id, item)) for item in cut.items]
        known = tx.items.known([key for _, keys in keyed for key in keys])
        for item, keys in keyed:
            found, keys = _identify(tx, source, item, keys, known)
            if found is None:
                arrival = self._store_new(tx, source, item, keys, now)
                known |= dict.fromkeys(keys, arrival.id)
                taken.new += 1
                self._tell(tx, arrival, taken)
            else:
                taken.seen_before += 1
                self._take_known(tx, source, item, keys, found, now, taken)

    def _store_new(self, tx: Tx, source: SourceRow, item: Item, keys: tuple[str, ...], now: datetime) -> _Arrival:
        baseline = _in_baseline(source)
        row = tx.items.add(item, source.id, keys, now, baseline)
        return _Arrival(row, item, keys, source, now, None, baseline)

    def _take_known(
        self,
        tx: Tx,
        source: SourceRow,
        item: Item,
        keys: tuple[str, ...],
        found: int,
        now: datetime,
        taken: Taken,
    ) -> None:
        stored = tx.items.get(found)
        if stored is None:  # its text is gone after retention; its keys say that it was handled
            return
        further = tx.items.add_source(found, source.id, item.url, item.title, now)
        edited = (
            not further
            and stored.source_id == source.id
            and (item.title, item.body) != (stored.item.title, stored.item.body)
        )
        if edited:
            tx.items.update(found, item, keys)
        if further or edited:
            shown = item if edited else stored.item
            baseline = _in_baseline(source) or (stored.baseline and source.spec.kind == "feed")
            arrival = _Arrival(found, shown, keys, source, now, stored.story, baseline)
            self._tell(tx, arrival, taken)
        if further and stored.story is not None:
            self._name_source(tx, stored.story, Report(source.spec.name, item.title, item.url, item.published or now))

    def _tell(self, tx: Tx, arrival: _Arrival, taken: Taken) -> None:
        """Match, then decide for every chat that a matching watchlist tells."""
        matches = self._directory.match(arrival.item)
        by_chat = self._by_chat(tx, arrival, matches)
        if matches:
            taken.matched += 1
        told = taken.told
        if by_chat and arrival.story is None and not arrival.baseline:
            arrival = replace(arrival, story=tx.stories.open(arrival.id, arrival.seen))
        alerts = tx.alerts.of_story(arrival.story) if arrival.story is not None else []
        for chat, found in by_chat.items():
            taken.told += self._decide_chat(tx, arrival, chat, found, alerts)
        if taken.told > told:
            taken.told_items += 1

    def _by_chat(self, tx: Tx, arrival: _Arrival, matches: list[Match]) -> dict[str, list[Match]]:
        by_chat: dict[str, list[Match]] = {}
        for match in matches:
            watchlist = self._directory.watchlists[match.watchlist]
            hears = self._directory.hears(watchlist, arrival.source.spec)
            for chat in self._directory.targets(watchlist):
                if hears:
                    by_chat.setdefault(chat, []).append(match)
                else:
                    self._note(tx, arrival, chat, match, Reason.NOT_ITS_SOURCE)
        return by_chat

    def _decide_chat(self, tx: Tx, arrival: _Arrival, chat: str, matches: list[Match], alerts: list[AlertRow]) -> int:
        alerted = any(alert.chat == chat for alert in alerts)
        facts = Facts(arrival.baseline, alerted, not alerted and tx.alerts.told(chat, arrival.keys))
        reason = decide(facts)
        if reason.tells:
            self._queue(tx, arrival, chat, matches, reason)
        for match in matches:
            self._note(tx, arrival, chat, match, reason)
        return 1 if reason.tells else 0

    def _queue(self, tx: Tx, arrival: _Arrival, chat: str, matches: list[Match], reason: Reason) -> None:
        assert arrival.story is not None
        card = self._card(tx, arrival, chat, matches)
        alert = tx.alerts.add(chat, arrival.story, 0, arrival.id, reason, card, arrival.seen)
        if alert is None:
            return
        watches = [self._directory.watch(match.watchlist, match.watch) for match in matches]
        high = any(watch and watch.priority is Priority.HIGH for watch in watches)
        low = all(watch and watch.priority is Priority.LOW for watch in watches)
        delivery = NewDelivery(
            chat=chat,
            body=dump(card),
            form=Form.CARD,
            alert=alert,
            rank=Rank.URGENT if high else Rank.ALERT,
            silent=low,
            state=State.WAITING if chat == OWNER else State.PENDING,
        )
        tx.outbox.queue(delivery, arrival.seen)
        tx.alerts.tell(chat, arrival.keys, arrival.seen)

    def _card(self, tx: Tx, arrival: _Arrival, chat: str, matches: list[Match]) -> Card:
        labelled = [(self._directory.label(match.watchlist, match.watch), match) for match in matches]
        view = self._directory.view(chat, self._directory.watchlists[matches[0].watchlist])
        at = arrival.item.published or arrival.seen
        reports = tuple(
            Report(row.name, row.title, row.url, at if number == 0 else row.at)
            for number, row in enumerate(tx.items.sources(arrival.id))
        )
        return build(arrival.item, labelled, reports, arrival.seen, view.language, view.timezone)

    def _name_source(self, tx: Tx, story: int, report: Report) -> None:
        """A further source carried a told story: the sent message is edited to name it."""
        now = self._clock.now()
        for alert in tx.alerts.of_story(story):
            if any(known.source == report.source for known in alert.card.reports):
                continue
            card = replace(alert.card, reports=(*alert.card.reports, report))
            tx.alerts.set_card(alert.id, card)
            tx.outbox.queue_edit(alert.id, card, now, now + EDIT_WAIT)

    @staticmethod
    def _note(tx: Tx, arrival: _Arrival, chat: str, match: Match, reason: Reason) -> None:
        tx.alerts.decide(Decision(chat, arrival.id, match.watchlist, match.watch, reason, arrival.seen))


def _in_baseline(source: SourceRow) -> bool:
    """What a feed holds when it is first polled is stored, not told; what is dropped has no baseline."""
    return source.spec.kind == "feed" and not source.baseline_done


def _identify(
    tx: Tx, source: SourceRow, item: Item, keys: tuple[str, ...], known: dict[str, int]
) -> tuple[int | None, tuple[str, ...]]:
    """Find the stored item that this one is, and the keys that may stand for it.

    Some feeds link every entry to the same page. So inside one source an address alone does not make two entries
    with different ids and different headlines one item: all but the first would be lost.
    """
    strong = [key for key in keys if not key.startswith("u:")]
    found = next((known[key] for key in strong if key in known), None)
    if found is not None:
        return found, keys
    for key in keys:
        stored = tx.items.get(known[key]) if key in known else None
        if stored and stored.source_id == source.id and _another_entry(stored.item, item):
            return None, tuple(strong)
    return next((known[key] for key in keys if key in known), None), keys


def _another_entry(one: Item, other: Item) -> bool:
    if one.id == other.id:
        return False
    titles = title_key(one.title), title_key(other.title)
    return titles[0] != titles[1] or (not any(titles) and one.body != other.body)
