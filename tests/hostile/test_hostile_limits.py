"""The limits that keep hostile input small, each on its own: places for large bodies, lanes, counts, runs of marks."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from tests.fakes.feedserver import FeedServer
from tests.hostile.case import GOOD_FEED, GOOD_TITLE, item, rss
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError, RefusedFile
from watchbot.model.item import RawDocument
from watchbot.ports.fetcher import Fetched, FetchRequest
from watchbot.sources import bounds, cutter, resolver
from watchbot.sources.cutter import DocumentCutter
from watchbot.sources.feed import parse
from watchbot.sources.fetch import Fetcher
from watchbot.sources.sniff import Form
from watchbot.sources.turns import LARGE_AT_ONCE
from watchbot.text.lines import clean

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


async def test_only_few_large_bodies_wait_to_be_cut(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "_look_up", lambda *_asked: [(int(socket.AF_INET), "127.0.0.1")])
    names = [f"feed{number}.example:{server.port}" for number in range(LARGE_AT_ONCE + 1)]
    fetcher = Fetcher("watchbot/1.0", tuple(names), SystemClock(), seconds=20)
    server.raw("/", b"x" * 600_000)
    server.raw("/small", b"x" * 1000)
    holds = {asyncio.create_task(fetcher.fetch(FetchRequest(f"http://{name}/", hold=hold))): hold
             for name, hold in ((name, AsyncExitStack()) for name in names)}  # fmt: skip
    async with asyncio.timeout(10):
        while sum(task.done() for task in holds) < LARGE_AT_ONCE:
            await asyncio.wait(holds, timeout=0.01)
    small = await fetcher.fetch(FetchRequest(f"http://{names[0]}/small", hold=AsyncExitStack()))
    assert isinstance(small, Fetched)  # it needs no place
    (waiting,) = [task for task in holds if not task.done()]
    await next(hold for task, hold in holds.items() if task is not waiting).aclose()
    assert isinstance(await waiting, Fetched)
    for hold in holds.values():
        await hold.aclose()
    assert isinstance(await fetcher.fetch(FetchRequest(f"http://{names[0]}/")), Fetched)
    await fetcher.close()


async def test_nobody_waits_for_what_is_large_or_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    cutting = DocumentCutter(seconds=20)
    small = RawDocument("Wire", GOOD_FEED, "", NOW)
    await cutting.cut(small)
    assert cutting._workers[1]._process is None
    await cutting.cut(RawDocument("Large", rss(item(b"<description>" + b"x " * 200_000 + b"</description>")), "", NOW))
    assert cutting._workers[1]._process is not None
    await cutting._patient.get()  # as if it took for ever
    assert (await cutting.cut(small)).items[0].title == GOOD_TITLE
    cutting._patient.put_nowait(cutting._workers[1])
    monkeypatch.setattr(cutter, "LONG_SECONDS", 0.0)
    await cutting.cut(small)
    taken = await cutting._free.get()
    assert (await cutting.cut(small)).items[0].title == GOOD_TITLE  # by the other one: it took long last time
    monkeypatch.setattr(cutter, "LONG_SECONDS", 60.0)
    await cutting.cut(small)
    assert "Wire" not in cutting._slow
    cutting._free.put_nowait(taken)
    await cutting.close()


@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        (Form.TEXT, "a\n" * (bounds.MOST_LINES + 1), "more than 100000 lines"),
        (Form.HTML, "<b>" * (bounds.MOST_TAGS + 1), "more than 400000 tags"),
        (Form.JSON, "1," * (bounds.MOST_VALUES + 1), "more than 800000 values"),
        (Form.MAIL, "\nFrom x" * (bounds.MOST_MAILS + 1), "more than 5000 mails"),
        (Form.MHTML, "<b>" * (bounds.MOST_TAGS + 1), "more than 400000 tags"),
    ],
)
def test_what_there_is_far_too_much_of(form: Form, text: str, words: str) -> None:
    with pytest.raises(RefusedFile, match=rf"^a\.txt holds {words}; drop it in smaller pieces$"):
        bounds.check(RawDocument("Inbox", text.encode(), "", NOW, name="a.txt"), form, text)
    less = text[: text.rindex(text[:2])]
    bounds.check(RawDocument("Inbox", less.encode(), "", NOW, name="a.txt"), form, less)
    bounds.check(RawDocument("Inbox", text.encode(), "", NOW, name="a.txt"), Form.TABLE, text)


def test_a_letter_keeps_its_marks_but_not_thousands_of_them() -> None:
    assert clean("q" + "\u0316\u0301" * 9) == "q" + "\u0316" * 9 + "\u0301" * 9
    assert len(clean("q" + "\u0301\u0316" * 500_000 + "algo")) == 35
    assert clean("naïve cafe\u0301 שָׁלוֹם كِتَابٌ กำลัง") == "naïve café שָׁלוֹם كِتَابٌ กำลัง"


def test_no_language_drives_a_screen() -> None:
    language = b"<language>en\x1b[31m\0</language>".replace(b"\x1b", b"&#27;")
    found = parse(RawDocument("Wire", rss(language, item()), "", NOW))
    assert found.items[0].lang.isprintable()
    packed = (
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "x", "language": "\\u001b[1m"}]}'
    )
    assert parse(RawDocument("Wire", packed, "", NOW)).items[0].lang == "[1m"


async def test_a_name_that_is_too_long_is_not_repeated(server: FeedServer) -> None:
    fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=5)
    url = server.redirect("/a", "http://" + "a." * 1000 + "example/")
    with pytest.raises(FetchError, match="this is no address that can be asked") as caught:
        await fetcher.fetch(FetchRequest(url))
    assert len(str(caught.value)) < 200
    await fetcher.close()


SETTLED = """
import gc
from watchbot.daemon import memory
before = gc.get_freeze_count()
memory.settle()
assert gc.get_freeze_count() > before + 1000
memory.give_back()
memory.give_back()
print("settled")
"""


def test_what_was_built_at_the_start_is_not_walked_through_again() -> None:
    done = subprocess.run([sys.executable, "-c", SETTLED], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("settled\n", "")
