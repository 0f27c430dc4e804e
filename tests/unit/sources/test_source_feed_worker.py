"""The worker process of feeds: large questions and answers, and what a feed may take of its memory."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watchbot.model.errors import InputError
from watchbot.model.item import RawDocument
from watchbot.sources import cutter as cutters
from watchbot.sources import frames, worker
from watchbot.sources.cut import cut
from watchbot.sources.cutter import DocumentCutter

NOW = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)


def feed(body: bytes) -> RawDocument:
    return RawDocument("Wire", body, "application/rss+xml", NOW, url="https://e.example/feed")


def large(items: int) -> RawDocument:
    text = "鴻海今天宣布，將在美國德州投資興建人工智慧伺服器工廠。".encode() * 30
    made = b"".join(b"<item><guid>%d</guid><description>%s</description></item>" % (n, text) for n in range(items))
    return feed(b"<rss version='2.0'><channel><skipDays><day>Monday</day></skipDays>" + made + b"</channel></rss>")


@pytest.fixture
async def cutter() -> AsyncIterator[DocumentCutter]:
    cutter = DocumentCutter(seconds=20)
    yield cutter
    await cutter.close()


async def test_a_large_answer_is_read_beside_the_loop_and_is_the_same(
    cutter: DocumentCutter, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside: list[int] = []
    run = cutters.in_thread

    async def noted(work: object, *args: bytes) -> object:
        beside.append(len(args[0]))
        return await run(frames.answer, *args)

    monkeypatch.setattr(cutters, "in_thread", noted)
    assert (await cutter.cut(large(3))) == cut(large(3))
    assert beside == []
    found = await cutter.cut(large(500))
    assert found == cut(large(500))
    assert found.skip_days == {0}
    assert len(beside) == 1


def test_a_question_in_pieces_is_the_question() -> None:
    for body in (b"", b"x" * 100, b"y" * (3 * frames.PIECE + 7)):
        document = feed(body)
        head, rest = frames.framed(b""), b"".join(bytes(piece) for piece in frames.asked(document))
        size = int.from_bytes(rest[: len(head)], "big")
        question = frames.question(rest[len(head) : len(head) + size], rest[2 * len(head) + size :])
        assert question == document


def test_an_answer_is_in_handfuls() -> None:
    lines = frames.answered(cut(large(500))).split(b"\n")
    assert len(lines) > 3
    assert max(map(len, lines)) < 4 * frames.HANDFUL


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="needs /proc")
async def test_a_feed_may_take_less_memory_than_a_dropped_file(cutter: DocumentCutter) -> None:
    async def allowed(document: RawDocument) -> str:
        try:
            await cutter.cut(document)
        except InputError:
            pass
        process = cutter._workers[0]._process
        assert process is not None
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        return next(line for line in limits.splitlines() if line.startswith("Max data size")).split()[3]

    assert await allowed(feed(b"no feed")) == str(worker.FEED_MEMORY)
    assert await allowed(RawDocument("Inbox", b"A line.", "", NOW, name="a.txt")) == str(worker.MEMORY)
    assert await allowed(feed(b"no feed")) == str(worker.FEED_MEMORY)


def test_a_feed_that_wants_more_memory_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(_document: RawDocument) -> None:
        raise MemoryError

    monkeypatch.setattr(worker, "cut", greedy)
    monkeypatch.setattr(worker, "_allow", lambda _memory: None)
    assert str(worker._cut(feed(b"x"))) == "it needs too much memory to be read"


async def test_a_worker_that_has_grown_goes_however_large_the_process_was_that_started_it(
    cutter: DocumentCutter,
) -> None:
    once = bytearray(b"x") * (300 * 1024 * 1024)
    del once
    before = [await born(cutter) for _time in range(2)]
    item = b"<item><guid>1</guid><title>One</title></item>"
    await cutter.cut(feed(b"<rss version='2.0'><channel>" + item + b"<" + b"n" * 4_000_000 + b"/></channel></rss>"))
    assert [await born(cutter) == before[-1] for _time in range(2)] == [False, False]
    assert before[0] == before[1]


async def born(cutter: DocumentCutter) -> int:
    """The id of the process that reads what is large."""
    await cutter.cut(large(150))
    process = cutter._workers[-1]._process
    assert process is not None
    return process.pid
