"""Dropped files: what is wrong with a file, and what is wrong with the house around it, are told apart."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from watchbot.daemon.drops import MOST_WAITING, Drops, Read
from watchbot.model.errors import InputError, WorkerError
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.pipeline.ingest import Taken
from watchbot.sources.folder import Folder

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Hours:
    """A clock that a test moves."""

    def __init__(self) -> None:
        """At the start."""
        self.seconds = 1000.0

    def now(self) -> datetime:
        """Always the same day."""
        return NOW

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds


class Cutting:
    """A cutter that refuses what says so, and whose process may be out of order."""

    down = False

    async def cut(self, document: RawDocument) -> CutDocument:
        """One item, or an error."""
        if self.down:
            raise WorkerError("the reading process cannot be started")
        if b"wrong" in document.body:
            raise InputError("no text in it")
        return CutDocument((Item("1", "t", "b"),))

    async def close(self) -> None:
        """Nothing runs."""


class Storing:
    """An ingest whose database may be in trouble."""

    def __init__(self) -> None:
        """Well."""
        self.trouble = False
        self.names: list[str] = []
        self.after: Callable[[list[str]], object] = len

    def take(self, source: SourceRow, cut: CutDocument, poll: Any, file: Any) -> Taken:
        """Store it, or not."""
        if self.trouble:
            raise RuntimeError("database is locked")
        self.names.append(file.name)
        self.after(self.names)
        return Taken(items=1, new=1, told_items=1)


class Inn:
    """Drops over a real folder."""

    def __init__(self, root: Path) -> None:
        """Everything well."""
        self.root = root
        self.hours = Hours()
        self.storing = Storing()
        self.reads: list[Read] = []
        row = SourceRow(1, SourceSpec("Inbox", "folder", str(root)), NOW, True)
        self.cutting = Cutting()
        self.drops = Drops(
            row, Folder(root, self.hours), self.cutting, self.storing, self.reads.append, UTC, self.hours
        )

    def drop(self, name: str, text: str = "fine") -> None:
        """A file that nobody writes any more."""
        (self.root / name).write_text(text)

    async def look(self, seconds: float = 3.0) -> None:
        """Let time pass, then look."""
        await self.drops.tick()
        self.hours.seconds += seconds
        await self.drops.tick()


@pytest.fixture
def inn(tmp_path: Path) -> Iterator[Inn]:
    """An empty inbox."""
    return Inn(tmp_path)


async def test_a_file_waits_for_a_database_in_trouble(inn: Inn) -> None:
    inn.storing.trouble = True
    inn.drop("a.txt")
    await inn.look()
    assert inn.reads == []
    assert not (inn.root / "failed").exists()
    inn.storing.trouble = False
    await inn.look(200)
    assert inn.storing.names == ["a.txt"]
    assert [read.name for read in inn.reads] == ["a.txt"]
    await inn.drops.close()


async def test_a_file_waits_for_the_process_that_reads_it(inn: Inn) -> None:
    inn.cutting.down = True
    inn.drop("a.txt")
    await inn.look()
    assert inn.reads == []
    assert not (inn.root / "failed").exists()
    inn.cutting.down = False
    await inn.look(200)
    assert inn.storing.names == ["a.txt"]
    await inn.drops.close()


async def test_a_wrong_file_is_put_aside_with_a_note_and_the_next_is_read(inn: Inn) -> None:
    inn.drop("a.txt", "wrong")
    inn.drop("b.txt")
    await inn.look()
    assert [(read.name, read.note) for read in inn.reads] == [("a.txt", "no text in it"), ("b.txt", "")]
    assert any("no text in it" in path.read_text() for path in (inn.root / "failed").iterdir())
    await inn.drops.close()


async def test_an_archive_that_cannot_be_written_stops_no_other_file(inn: Inn) -> None:
    (inn.root / "done").write_text("in the way")
    inn.hours.seconds += 5
    for name in ("a.txt", "b.txt"):
        inn.drop(name)
    await inn.look()
    assert inn.storing.names[-2:] == ["a.txt", "b.txt"]
    assert {"a.txt", "b.txt"} <= {read.name for read in inn.reads}
    await inn.drops.close()


async def test_a_backlog_is_read_to_its_end_in_one_tick_and_each_failure_stays_its_own(inn: Inn) -> None:
    for number in range(170):
        inn.drop(f"{number:03}.txt", "wrong" if number % 50 == 7 else "fine")
    await inn.look()
    assert [read.name for read in inn.reads] == [f"{number:03}.txt" for number in range(170)]
    assert [read.name for read in inn.reads if read.note] == ["007.txt", "057.txt", "107.txt", "157.txt"]
    assert await inn.drops.settled()
    await inn.drops.close()


async def test_a_stop_does_not_wait_for_the_backlog(inn: Inn, tmp_path: Path) -> None:
    for number in range(170):
        inn.drop(f"{number:03}.txt")
    await inn.drops.tick()
    inn.hours.seconds += 3
    third = asyncio.Event()
    inn.storing.after = lambda names: loop.call_soon_threadsafe(third.set) if len(names) == 3 else None
    loop = asyncio.get_running_loop()
    reading = asyncio.ensure_future(inn.drops.tick())
    await third.wait()
    await inn.drops.close()
    await reading
    assert len(inn.reads) < 60
    left = Folder(tmp_path, inn.hours)
    taken_up = left.look()
    inn.hours.seconds += 3
    rest = [one.name for look in (taken_up, *iter(left.look, [])) for one in look]
    assert sorted([read.name for read in inn.reads] + rest) == [f"{number:03}.txt" for number in range(170)]


async def test_a_database_in_trouble_does_not_draw_the_whole_backlog_in(inn: Inn) -> None:
    inn.storing.trouble = True
    for number in range(170):
        inn.drop(f"{number:03}.txt")
    await inn.look()
    waiting = sum(1 for path in inn.root.iterdir() if path.is_file())
    assert waiting == 170 - MOST_WAITING
    inn.storing.trouble = False
    inn.hours.seconds += 200
    await inn.look()
    assert sorted(inn.storing.names) == [f"{number:03}.txt" for number in range(170)]
    await inn.drops.close()


async def test_the_event_loop_goes_on_while_a_backlog_is_read(inn: Inn) -> None:
    for number in range(100):
        inn.drop(f"{number:03}.txt")
    await inn.drops.tick()
    inn.hours.seconds += 3
    turns = 0
    reading = asyncio.ensure_future(inn.drops.tick())
    while not reading.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > len(inn.reads) == 100
    await inn.drops.close()
