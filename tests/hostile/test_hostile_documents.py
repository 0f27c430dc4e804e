"""Every hostile document through the real cutter and its worker process.

Each ends in items or in one line, without being stopped for its time; and the next feed is read as if nothing had been.
"""

import asyncio
import gc
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FunctionType

import pytest
import pytest_asyncio
from typing_extensions import override

from tests.fakes.rawserver import Canary
from tests.hostile.case import GOOD_FEED, GOOD_TITLE, NEVER, Document
from tests.hostile.feeds import FEEDS
from tests.hostile.files import FILES, INTRUDERS, written
from tests.hostile.servers import BEHAVIOURS, LURES
from tests.hostile.turns import LoopTurns
from watchbot.clock import SystemClock
from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.sources.cutter import DocumentCutter
from watchbot.sources.folder import Folder

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
MB = 1024 * 1024
MOST_FOR_FEEDS, MOST_FOR_FILES = 250 * MB, 680 * MB
OURS = re.compile(r"Traceback|File \"|line \d+, in |\.py\b|site-packages|watchbot/|/home/|/root/|/usr/|0x[0-9a-f]{6}")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def cutter() -> AsyncIterator[DocumentCutter]:
    """One cutter for all cases: what one of them does to its worker must not show in the next.

    The event loop is watched all the while; what pytest itself keeps is out of the garbage collector's way.
    """
    gc.collect()
    gc.freeze()
    turns = LoopTurns(asyncio.get_running_loop())
    cutter = Watched(turns)
    yield cutter
    await cutter.close()
    gc.unfreeze()


class Watched(DocumentCutter):
    """A cutter that measures how long it holds the loop up."""

    def __init__(self, turns: LoopTurns) -> None:
        super().__init__()
        self.turns = turns

    @override
    async def cut(self, document: RawDocument) -> CutDocument:
        await asyncio.sleep(0)
        self.turns.longest = 0.0
        try:
            return await super().cut(document)
        finally:
            assert self.turns.longest < 0.1


def good_feed() -> RawDocument:
    return RawDocument("Wire", GOOD_FEED, "application/rss+xml", NOW, url="https://news.example/feed")


def most_memory(cutter: DocumentCutter) -> int:
    """The most bytes one of the workers ever held; 0 where all have gone, or nobody can tell."""
    most = 0
    for process in (worker._process for worker in cutter._workers):
        with suppress(OSError, AttributeError):
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(found[1]) * 1024 if found else 0)
    return most


async def outcome(cutter: DocumentCutter, document: RawDocument) -> CutDocument | InputError:
    """What comes of a document; a good feed is read before and after it."""
    await cutter.cut(good_feed())
    result: CutDocument | InputError
    try:
        result = await cutter.cut(document)
    except InputError as error:
        result = error
    assert most_memory(cutter) < (MOST_FOR_FILES if document.name else MOST_FOR_FEEDS)
    assert [item.title for item in (await cutter.cut(good_feed())).items] == [GOOD_TITLE]
    return result


def is_as_expected(result: CutDocument | InputError, expected: str) -> None:
    if isinstance(result, InputError):
        told = str(result)
        assert told.isprintable()
        assert len(told) < 300
        assert not OURS.search(told)
        assert "took longer" not in told
        assert expected in told, told
        return
    for line in (*result.skipped, result.title):
        assert line.isprintable() or not line
    assert not [mark for mark in NEVER if mark in _words(result.items)]
    assert {item.url.partition(":")[0] for item in result.items} <= {"", "http", "https"}
    assert all("\n" not in item.title for item in result.items)
    if expected:
        assert expected == "items", f"{len(result.items)} items instead of: {expected}"
        assert any(GOOD_TITLE in item.title or GOOD_TITLE in item.body for item in result.items)
    assert result.items


def _words(items: tuple[Item, ...]) -> str:
    return "\n".join(str(getattr(item, field.name)) for item in items for field in fields(item))


@pytest.mark.parametrize("case", FEEDS, ids=lambda case: case.name.replace(" ", "-"))
async def test_a_hostile_feed(cutter: DocumentCutter, case: Document) -> None:
    with Canary() as canary:
        body = case.body(f"http://127.0.0.1:{canary.port}")
        document = RawDocument("Wire", body, case.media_type, NOW, url="https://news.example/feed")
        is_as_expected(await outcome(cutter, document), case.outcome)
        assert canary.untouched


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name.replace(" ", "-"))
async def test_a_hostile_file(cutter: DocumentCutter, case: Document) -> None:
    with Canary() as canary:
        body = case.body(f"http://127.0.0.1:{canary.port}")
        is_as_expected(await outcome(cutter, RawDocument("Inbox", body, "", NOW, name=case.file)), case.outcome)
        assert canary.untouched


async def test_a_file_that_is_exchanged_for_a_link_while_it_is_ours(tmp_path: Path) -> None:
    written(tmp_path / "news.txt")
    folder = Folder(tmp_path, SystemClock())
    (claimed,) = folder.look()
    claimed.path.unlink()
    claimed.path.symlink_to("/etc/passwd")
    with pytest.raises(OSError, match=r".*"):
        claimed.read()
    assert "root:" not in "".join(path.read_text() for path in tmp_path.rglob("*.txt") if not path.is_symlink())
    folder.close()


async def test_there_are_enough_of_them() -> None:
    cases = [*FEEDS, *FILES, *BEHAVIOURS, *LURES, *INTRUDERS]
    assert len(FEEDS) >= 70
    assert len(BEHAVIOURS) + len(LURES) >= 45
    assert len(FILES) + len(INTRUDERS) >= 45
    assert not [name for name, times in Counter(case.name for case in cases).items() if times > 1]
    assert not [name for name, times in Counter(case.file for case in FILES).items() if times > 1]


async def test_no_two_documents_are_made_alike() -> None:
    made = Counter((code.co_code, code.co_consts, code.co_names) for code in (_code(case) for case in (*FEEDS, *FILES)))
    assert [names for (_code, _consts, names), times in made.items() if times > 1] == []


def _code(case: Document) -> CodeType:
    assert isinstance(case.make, FunctionType)
    return case.make.__code__


async def test_scripts_are_all_different() -> None:
    assert len({id(case.script) for case in BEHAVIOURS}) == len(BEHAVIOURS)
    assert len({case.address for case in LURES}) == len(LURES)
    assert os.sep not in "".join(case.file for case in FILES)
