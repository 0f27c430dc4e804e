"""The Cutter port, kept by the worker process: good documents, hostile ones, and the process itself."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watchbot.model.errors import InputError, RefusedFile, WorkerError
from watchbot.model.item import RawDocument
from watchbot.sources import frames
from watchbot.sources.cut import cut
from watchbot.sources.cutter import DocumentCutter

NOW = datetime(2026, 4, 6, 10, 0, tzinfo=UTC)
FEED = (
    b"<rss version='2.0'><channel><title>Wire</title><item><title>\xe9\xb4\xbb\xe6\xb5\xb7</title>"
    b"<pubDate>Mon, 06 Apr 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)


def feed(body: bytes) -> RawDocument:
    return RawDocument("Wire", body, "application/rss+xml", NOW, url="https://e.example/feed")


def page(body: bytes, name: str = "a.txt") -> RawDocument:
    return RawDocument("Inbox", body, "", NOW, name=name)


@pytest.fixture
async def cutter() -> AsyncIterator[DocumentCutter]:
    cutter = DocumentCutter(seconds=5)
    yield cutter
    await cutter.close()


def pid_of(cutter: DocumentCutter) -> int:
    process = cutter._workers[0]._process
    assert process is not None
    return process.pid


async def test_the_worker_gives_what_a_direct_call_gives(cutter: DocumentCutter) -> None:
    for document in (
        feed(FEED),
        page("Foxconn opens a plant\n鴻海說了。\nApril 5\nMore.".encode()),
        page(FEED, "a.xml"),
    ):
        assert await cutter.cut(document) == cut(document)


async def test_errors_keep_their_kind(cutter: DocumentCutter) -> None:
    with pytest.raises(InputError, match="no feed"):
        await cutter.cut(feed(b"hello"))
    with pytest.raises(RefusedFile, match=r"a\.zip is an archive"):
        await cutter.cut(page(b"PK\x03\x04", "a.zip"))


async def test_one_process_for_many_documents(cutter: DocumentCutter) -> None:
    await cutter.cut(feed(FEED))
    first = pid_of(cutter)
    await asyncio.gather(*(cutter.cut(feed(FEED)) for _number in range(20)))
    assert pid_of(cutter) == first


async def test_a_killed_worker_costs_one_document(cutter: DocumentCutter) -> None:
    await cutter.cut(feed(FEED))
    os.kill(pid_of(cutter), signal.SIGKILL)
    with pytest.raises(InputError):
        await cutter.cut(feed(FEED))
    assert len((await cutter.cut(feed(FEED))).items) == 1


async def test_a_stopped_worker_is_ended_in_time() -> None:
    cutter = DocumentCutter(seconds=0.5)
    await cutter.cut(feed(FEED))
    stopped = pid_of(cutter)
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(InputError, match="longer than"):
        await cutter.cut(feed(FEED))
    assert not Path(f"/proc/{stopped}").exists()
    assert len((await cutter.cut(feed(FEED))).items) == 1
    await cutter.close()


async def test_a_cancelled_question_leaves_no_half_answer(cutter: DocumentCutter) -> None:
    await cutter.cut(feed(FEED))
    task = asyncio.create_task(
        cutter.cut(feed(FEED.replace(b"<item>", b"<item><category>x</category>" * 3000 + b"<item>")))
    )
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await cutter.cut(feed(FEED))).title == "Wire"


async def test_a_process_that_cannot_be_started_is_no_fault_of_the_document(
    cutter: DocumentCutter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for no_python in ("/bin/false", "/no/such/program"):
        with monkeypatch.context() as broken:
            broken.setattr("watchbot.sources.cutter.sys.executable", no_python)
            with pytest.raises(WorkerError, match="cannot be started"):
                await cutter.cut(feed(FEED))
    assert (await cutter.cut(feed(FEED))).title == "Wire"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
async def test_the_worker_inherits_nothing(
    cutter: DocumentCutter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "hush")
    with (tmp_path / "lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        await cutter.cut(feed(FEED))
        process = Path("/proc") / str(pid_of(cutter))
        held = [os.readlink(link) for link in (process / "fd").iterdir()]
        assert not any("lock" in one or "socket" in one for one in held)
        assert b"hush" not in (process / "environ").read_bytes()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
async def test_the_worker_may_not_take_all_memory(cutter: DocumentCutter) -> None:
    await cutter.cut(feed(FEED))
    limits = (Path("/proc") / str(pid_of(cutter)) / "limits").read_text()
    assert str(640 * 1024 * 1024) in next(line for line in limits.splitlines() if line.startswith("Max address space"))


HOSTILE = {
    "categories": b"<rss version='2.0'><channel><item><title>t</title>" + b"<category>a</category>" * 10_000,
    "well-formed categories": FEED.replace(b"<title>\xe9", b"<category>a</category>" * 10_000 + b"<title>\xe9"),
    "attributes": b"<rss><channel><item " + b" ".join(b"a%d='1'" % n for n in range(40_000)) + b">",
    "one attribute": b"<rss><channel><item a='" + b"x" * 5_000_000 + b"'>",
    "depth": b"<rss>" + b"<a>" * 200_000,
    "well-formed depth": b"<a>" * 5000 + b"</a>" * 5000,
    "items in items": b"<rss><channel>" + b"<item>" * 20_000,
    "entities": b"<!DOCTYPE x [" + b"<!ENTITY a 'b'>" * 100_000 + b"]><rss/>",
    "laughs": b"<!DOCTYPE r [<!ENTITY a '" + b"x" * 10_000 + b"'>]><rss><channel><item><title>" + b"&a;" * 10_000,
    "open doctype": b"<!DOCTYPE x [" + b"<" * 500_000,
    "brackets": b"[" * 1_000_000,
    "json depth": b'{"items":' * 100_000,
    "json number": b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"9" * 100_000 + b"}]}",
    "html depth": FEED.replace(
        b"<title>\xe9", b"<description>" + b"&lt;div&gt;" * 100_000 + b"</description><title>\xe9"
    ),
    "html in cdata": FEED.replace(
        b"<title>\xe9", b"<description><![CDATA[" + b"<a href='" * 100_000 + b"]]></description><title>\xe9"
    ),
    "links": FEED.replace(b"<title>\xe9", b"<link>https://e.example/</link>" * 20_000 + b"<title>\xe9"),
    "open cdata": b"<rss><channel><item><title><![CDATA[" * 20_000,
    "comments": b"<rss>" + b"<!--" * 300_000,
    "less than": b"<" * 1_000_000,
    "ampersands": b"<rss><channel><item><title>" + b"&" * 500_000,
    "namespaces": b"<rss "
    + b" ".join(b"xmlns:a%d='u'" % n for n in range(5000))
    + b"><channel><item><title>t</title></item></channel></rss>",
    "long date": FEED.replace(b"GMT", b"9" * 1_000_000),
    "utf-16 noise": b"\xff\xfe" + bytes(range(256)) * 2000,
    "nothing but spaces": b" " * 5_000_000,
    "processing": b"<?xml " * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_feeds_end_in_time_and_harm_nothing(cutter: DocumentCutter, name: str) -> None:
    before = time.monotonic()
    try:
        await cutter.cut(feed(HOSTILE[name]))
    except InputError as error:
        told = str(error)
    else:
        told = ""
    assert "\n" not in told
    assert time.monotonic() - before < 8
    assert len((await cutter.cut(feed(FEED))).items) == 1


async def test_the_worker_ends_itself_after_enough(cutter: DocumentCutter) -> None:
    large = b"<rss><channel><item><title>" + b"x &" * 400_000
    for _round in range(2):
        try:
            await cutter.cut(feed(large))
        except InputError:
            pass
        assert len((await cutter.cut(feed(FEED))).items) == 1


def test_an_answer_that_is_none() -> None:
    for data in (b"", b"{", b"[]", b"5", b'{"items": 5}', b'{"items": [[1]], "title": "", "ttl": 0, "skipped": []}'):
        with pytest.raises(ValueError, match=r".*"):
            frames.answer(data)
