"""A cut document becomes stored items and queued alerts, in one transaction with the source's validators.

items -> identity (known? another source? edited?) -> telling (match, place, decide, compose, queue)
"""

from dataclasses import dataclass
from datetime import datetime

from watchbot.model.alert import Report
from watchbot.model.item import CutDocument, Item
from watchbot.model.records import PollResult, SourceRow
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.telling import Arrival, Telling
from watchbot.ports.clock import Clock
from watchbot.ports.store import Store, Tx
from watchbot.stories.keys import identity_keys, title_key


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
        telling = Telling(tx, self._directory, now)
        keyed = [(item, identity_keys(source.id, item)) for item in _oldest_first(cut.items, source)]
        known = tx.items.known([key for _, keys in keyed for key in keys])
        for item, keys in keyed:
            found, keys = _identify(tx, source, item, keys, known)
            if found is None:
                arrival = _store_new(tx, source, item, keys, now)
                known |= dict.fromkeys(keys, arrival.id)
                taken.new += 1
                _count(taken, telling.tell(arrival))
            else:
                taken.seen_before += 1
                _take_known(tx, telling, Seen(source, item, keys, found, now), taken)
        telling.finish()


def _oldest_first(items: tuple[Item, ...], source: SourceRow) -> list[Item]:
    """A chat reads what happened in the order it happened; feeds list the newest first, pages read downwards."""
    if source.spec.kind != "feed":
        return list(items)
    upwards = list(reversed(items))
    dates = [item.published for item in upwards if item.published]
    if len(dates) < len(upwards):
        return upwards
    return [item for _, item in sorted(zip(dates, upwards, strict=True), key=lambda pair: pair[0])]


@dataclass(frozen=True, slots=True)
class Seen:
    """An item that was stored before, as it came now; `found` is its row id."""

    source: SourceRow
    item: Item
    keys: tuple[str, ...]
    found: int
    now: datetime


def _store_new(tx: Tx, source: SourceRow, item: Item, keys: tuple[str, ...], now: datetime) -> Arrival:
    baseline = _in_baseline(source)
    row = tx.items.add(item, source.id, keys, now, baseline)
    return Arrival(row, item, keys, source, now, None, baseline)


def _take_known(tx: Tx, telling: Telling, seen: Seen, taken: Taken) -> None:
    """Another source carried it, or its words were edited: who was not told may be told now."""
    source, item = seen.source, seen.item
    stored = tx.items.get(seen.found)
    if stored is None:  # its text is gone after retention; its keys say that it was handled
        return
    further = tx.items.add_source(seen.found, source.id, item.url, item.title, seen.now)
    edited = not further and stored.source_id == source.id and _words(item) != _words(stored.item)
    if edited:
        tx.items.update(seen.found, item, seen.keys)
    if further or edited:
        shown = item if edited else stored.item
        _count(
            taken,
            telling.tell(
                Arrival(seen.found, shown, seen.keys, source, seen.now, stored.story, _in_baseline(source), known=True)
            ),
        )
    if further and stored.story is not None:
        report = Report(source.spec.name, item.title, item.url, item.published or seen.now)
        telling.name_source(stored.story, report)


def _words(item: Item) -> tuple[str, str]:
    return item.title, item.body


def _count(taken: Taken, result: tuple[int, int]) -> None:
    matches, told = result
    taken.matched += bool(matches)
    taken.told += told
    taken.told_items += bool(told)


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
