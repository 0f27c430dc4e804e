"""Writes down what polls came to: many at once where many wait, so that a commit serves them all.

put -> waits for the commit under way -> one transaction for all that waited -> each caller gets its own result
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from watchbot.model.errors import StoreError
from watchbot.model.records import PollFailure, PollResult
from watchbot.pipeline.ingest import Incoming, Ingest, Taken
from watchbot.ports.store import Store, Tx
from watchbot.ports.threads import in_thread

MOST_ENTRIES = 128
MOST_ITEMS = 400
MANY_ITEMS = 100
GATHER_SECONDS = 0.05  # a commit costs as much as thirty unchanged feeds: it waits a moment for company
MOST_REFUSED = 3  # entries in a row


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A feed that answered and had nothing new."""

    source_id: int
    result: PollResult


@dataclass(frozen=True, slots=True)
class Failed:
    """A feed that did not answer, or not with a feed."""

    source_id: int
    failure: PollFailure


Entry = Incoming | Unchanged | Failed
Waiting = tuple[Entry, "asyncio.Future[Taken]"]


class Ledger:
    """One for all polls of a node."""

    def __init__(self, store: Store, ingest: Ingest) -> None:
        """Nothing waits yet."""
        self._store = store
        self._ingest = ingest
        self._waiting: deque[Waiting] = deque()
        self._long: deque[Waiting] = deque()  # documents of many items, which wait for the others
        self._batches = 0
        self._writer: asyncio.Task[None] | None = None

    async def put(self, entry: Entry) -> Taken:
        """Wait until the entry is committed; gives what came of a document, nothing of any other entry.

        Raises what this entry alone ran into: one bad document never takes others with it.
        """
        future: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        (self._long if _items(entry) > MANY_ITEMS else self._waiting).append((entry, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await future

    async def close(self) -> None:
        """Wait until all is written that waits."""
        if self._writer is not None:
            await asyncio.gather(self._writer, return_exceptions=True)

    async def _write_all(self) -> None:
        while self._waiting or self._long:
            if len(self._waiting) < MOST_ENTRIES:
                await asyncio.sleep(GATHER_SECONDS)
            batch = self._next()
            try:
                results = await in_thread(self._write, [entry for entry, _future in batch])
            except Exception as error:  # noqa: BLE001 - supervisor: the trouble goes to whoever caused it
                await self._apart(batch, error)
            else:
                for (_entry, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)

    async def _apart(self, batch: list[Waiting], error: Exception) -> None:
        """After a batch failed: each entry by itself, so that only what is wrong fails.

        Where the database refuses one after the other, it is in trouble itself: the rest need not wait for that too.
        """
        refused = MOST_REFUSED if len(batch) == 1 else 0
        for entry, future in batch:
            try:
                if refused >= MOST_REFUSED:
                    raise error
                result = (await in_thread(self._write, [entry]))[0]
            except Exception as trouble:  # noqa: BLE001 - supervisor: handed to the poll of this entry
                error = trouble
                refused += isinstance(trouble, StoreError)
                if not future.done():
                    future.set_exception(trouble)
            else:
                refused = 0
                if not future.done():
                    future.set_result(result)

    def _next(self) -> list[Waiting]:
        """What is written next: as much as a short transaction holds; a long document by itself, when nothing short
        waits or three times went before it."""
        self._batches += 1
        if self._long and (not self._waiting or self._batches % 4 == 0):
            return [self._long.popleft()]
        batch: list[Waiting] = []
        items = 0
        while self._waiting and len(batch) < MOST_ENTRIES and items < MOST_ITEMS:
            entry, future = self._waiting.popleft()
            items += _items(entry)
            batch.append((entry, future))
        return batch

    def _write(self, entries: Sequence[Entry]) -> list[Taken]:
        with self._store.write() as tx:
            documents = [entry for entry in entries if isinstance(entry, Incoming)]
            taken = iter(self._ingest.take_in(tx, documents) if documents else [])
            _write_rest(tx, entries)
        return [next(taken) if isinstance(entry, Incoming) else Taken() for entry in entries]


def _items(entry: Entry) -> int:
    """How much there is to write."""
    return len(entry.cut.items) if isinstance(entry, Incoming) else 0


def _write_rest(tx: Tx, entries: Sequence[Entry]) -> None:
    """The polls without a document."""
    tx.sources.polled_many([(entry.source_id, entry.result) for entry in entries if isinstance(entry, Unchanged)])
    for entry in entries:
        if isinstance(entry, Failed):
            tx.sources.failed(entry.source_id, entry.failure)
