"""Cut documents become stored items and queued alerts, in one transaction with their sources' validators.

items -> known and unchanged? (nothing to do) -> identity (known? another source? edited?) -> stored in one go
      -> telling (match, place, decide, compose, queue)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from watchbot.model.alert import Report
from watchbot.model.item import CutDocument, Item
from watchbot.model.records import NewItem, PollResult, SourceRow, StoredItem
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.polling import is_old, with_news
from watchbot.pipeline.telling import Arrival, Telling
from watchbot.ports.clock import Clock
from watchbot.ports.store import Store, Tx
from watchbot.stories.keys import OwnKeys, identity_keys, own_keys, title_key


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """The mark of a dropped file: the same bytes again do nothing."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A cut document on its way in; `poll` or `file` is recorded in the same transaction."""

    source: SourceRow
    cut: CutDocument
    poll: PollResult | None = None
    file: DroppedFile | None = None


@dataclass(slots=True)
class Taken:
    """What came of one document. `told` counts alerts, `told_items` the items that brought one, `matched` items
    with a match, `seen_before` known ones; `queued`: there is something to send."""

    items: int = 0
    new: int = 0
    seen_before: int = 0
    matched: int = 0
    told: int = 0
    told_items: int = 0
    same_file: bool = False
    queued: bool = False


class Ingest:
    """The road in. One transaction takes documents in: all is there afterwards, or nothing is."""

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
        """Store and decide one document in a transaction of its own."""
        with self._store.write() as tx:
            return self.take_in(tx, [Incoming(source, cut, poll, file)])[0]

    def take_in(self, tx: Tx, documents: Sequence[Incoming]) -> list[Taken]:
        """Store and decide documents inside a transaction; what they share is looked up once."""
        now = self._clock.now()
        pages = [_Page(document, _taken(document.cut), now) for document in documents]
        seen: set[str] = set()
        for page in pages:
            if file := page.document.file:
                page.taken.same_file = file.digest in seen or tx.machine.seen_file(file.digest)
                seen.add(file.digest)
        _Identifying(tx, [page for page in pages if not page.taken.same_file]).run()
        self._directory.refresh(tx)  # now that nobody else tells: a chat may just have got another key
        for page in pages:
            if not page.taken.same_file:
                self._finish(tx, page)
        tx.sources.polled_many([result for page in pages if (result := _poll_result(page))])
        return [page.taken for page in pages]

    def _finish(self, tx: Tx, page: "_Page") -> None:
        """Tell what is to be told of one document, and record how it came."""
        telling = Telling(tx, self._directory, page.now)
        for step in page.steps:
            if step.is_new:
                _count(page.taken, telling.tell(_arrival(page, step)))
            else:
                _take_known(tx, telling, page, step)
        telling.finish()
        page.taken.queued = telling.queued
        if file := page.document.file:
            tx.machine.add_file(file.digest, file.name, page.now)


def _taken(cut: CutDocument) -> Taken:
    """The count begins with the entries that nobody had to read."""
    return Taken(items=len(cut.items) + cut.same, seen_before=cut.same)


def _poll_result(page: "_Page") -> tuple[int, PollResult] | None:
    """What the poll of a document leaves behind, with what its news say of the feed's rhythm."""
    poll, source = page.document.poll, page.document.source
    if poll is None:
        return None
    if poll.facts is None:
        return source.id, poll
    return source.id, replace(poll, facts=with_news(poll.facts, source, page.taken.new, page.now))


@dataclass(frozen=True, slots=True)
class _Step:
    """One item that is not simply known: its row id, and whether that is a new row."""

    item: Item
    keys: tuple[str, ...]
    id: int
    is_new: bool


@dataclass(slots=True)
class _Page:
    """One document while it is taken in."""

    document: Incoming
    taken: Taken
    now: datetime
    steps: list[_Step] = field(default_factory=list)


class _Identifying:
    """Finds out for the items of some documents which are new, and stores those."""

    def __init__(self, tx: Tx, pages: list[_Page]) -> None:
        """Nothing is looked up yet."""
        self._tx = tx
        self._pages = pages
        self._known: dict[str, int] = {}
        self._fresh: dict[int, NewItem] = {}
        self._taken_over: list[tuple[tuple[str, ...], int]] = []
        self._chats: dict[int, str] = {}

    def run(self) -> None:
        """Fill the steps of every page; its new items are stored afterwards."""
        open_items = list(self._not_simply_known())
        keyed = [(page, item, identity_keys(page.document.source.id, item, own)) for page, item, own in open_items]
        self._look_up(key for _page, _item, keys in keyed for key in keys)
        ids = iter(self._tx.items.reserve(len(keyed)))
        for page, item, keys in keyed:
            source = page.document.source
            found, keys = self._identify(source, item, keys)
            if found is None:
                page.taken.new += 1
                self._add(page, item, keys, next(ids))
            elif self._is_anothers(found, source):
                page.taken.new += 1
                self._add(page, item, keys, row := next(ids))
                self._taken_over.append((keys, row))
            else:
                page.taken.seen_before += 1
                page.steps.append(_Step(item, keys, found, is_new=False))
        self._tx.items.add_many(list(self._fresh.values()))
        for keys, row in self._taken_over:
            self._tx.items.repoint(keys, row)

    def _not_simply_known(self) -> Iterator[tuple[_Page, Item, OwnKeys]]:
        """Every item but those that the same source brought before in the same words."""
        listed = [
            (page, item, own_keys(page.document.source.id, item))
            for page in self._pages
            for item in _oldest_first(_clamped(page.document.cut.items, page.now), page.document.source)
        ]
        self._look_up(key for _page, _item, own in listed for key in (own.id, own.text) if key)
        for page, item, own in listed:
            before = self._known.get(own.id) if own.id else None
            if before is not None and before == self._known.get(own.text):
                page.taken.seen_before += 1
            else:
                yield page, item, own

    def _look_up(self, keys: Iterable[str]) -> None:
        """Learn which items stand under these keys."""
        self._known |= self._tx.items.known([key for key in keys if key not in self._known])

    def _add(self, page: _Page, item: Item, keys: tuple[str, ...], row: int) -> None:
        """A new item: known from here on, stored with the others."""
        source = page.document.source
        self._fresh[row] = NewItem(row, item, source.id, keys, page.now, _in_baseline(source))
        self._known |= dict.fromkeys(keys, row)
        self._chats[source.id] = source.spec.chat
        page.steps.append(_Step(item, keys, row, is_new=True))

    def _identify(self, source: SourceRow, item: Item, keys: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
        """Find the stored item that this one is, and the keys that may stand for it.

        Some feeds link every entry to the same page. So inside one source an address alone does not make two entries
        with different ids and different headlines one item: all but the first would be lost.
        """
        known = self._known
        strong = [key for key in keys if not key.startswith("u:")]
        found = next((known[key] for key in strong if key in known), None)
        if found is not None:
            return found, keys
        for key in keys:
            stored = self._stored(known[key]) if key in known else None
            if stored and stored.source_id == source.id and _another_entry(stored.item, item):
                return None, tuple(strong)
        return next((known[key] for key in keys if key in known), None), keys

    def _is_anothers(self, row: int, source: SourceRow) -> bool:
        """Whether the known item came first by what serves another chat only: its words are that chat's own. So it is
        stored once more, in this source's words, for whoever hears this source; told-keys keep it from being told
        twice."""
        stored = self._stored(row)
        if stored is None:
            return False
        if stored.source_id not in self._chats:
            first = self._tx.sources.get(stored.source_id)
            self._chats[stored.source_id] = first.spec.chat if first else ""
        return self._chats[stored.source_id] not in ("", source.spec.chat)

    def _stored(self, row: int) -> NewItem | StoredItem | None:
        """An item of these documents, or of the database."""
        return self._fresh.get(row) or self._tx.items.get(row)


def _clamped(items: Iterable[Item], now: datetime) -> tuple[Item, ...]:
    """Nothing was published in the future."""
    return tuple(replace(item, published=now) if item.published and item.published > now else item for item in items)


def _oldest_first(items: tuple[Item, ...], source: SourceRow) -> list[Item]:
    """A chat reads what happened in the order it happened; feeds list the newest first, pages read downwards."""
    if source.spec.kind != "feed":
        return list(items)
    upwards = list(reversed(items))
    dates = [item.published for item in upwards if item.published]
    if len(dates) < len(upwards):
        return upwards
    return [item for _, item in sorted(zip(dates, upwards, strict=True), key=lambda pair: pair[0])]


def _arrival(page: _Page, step: _Step, item: Item | None = None, story: int | None = None) -> Arrival:
    """One step as the telling sees it."""
    source, shown = page.document.source, item or step.item
    return Arrival(
        id=step.id,
        item=shown,
        keys=step.keys,
        source=source,
        seen=page.now,
        story=story,
        baseline=_in_baseline(source),
        known=not step.is_new,
        old=is_old(shown.published, source, page.now),
    )


def _take_known(tx: Tx, telling: Telling, page: _Page, step: _Step) -> None:
    """Another source carried it, or its words were edited: who was not told may be told now."""
    source, item = page.document.source, step.item
    stored = tx.items.get(step.id)
    if stored is None:  # its text is gone after retention; its keys say that it was handled
        return
    further = tx.items.add_source(step.id, source.id, item.url, item.title, page.now, step.keys)
    edited = not further and stored.source_id == source.id and _words(item) != _words(stored.item)
    if edited:
        tx.items.update(step.id, item, step.keys)
    if further or edited:
        _count(page.taken, telling.tell(_arrival(page, step, item if edited else stored.item, stored.story)))
    if further and stored.story is not None:
        report = Report(source.spec.shown, item.title, item.url, item.published or page.now)
        telling.name_source(stored.story, report, source.spec.chat)


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


def _another_entry(one: Item, other: Item) -> bool:
    if one.id == other.id:
        return False
    titles = title_key(one.title), title_key(other.title)
    return titles[0] != titles[1] or (not any(titles) and one.body != other.body)
