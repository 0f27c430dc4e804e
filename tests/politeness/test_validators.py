"""Validators: opaque bytes, both sent back, none invented, kept over everything."""

import socket

import pytest

from tests.fakes.rawserver import RawServer
from tests.politeness.day import Day

FEED = b"<rss version='2.0'><channel><title>Raw</title><item><title>One</title></item></channel></rss>"


def validators(request: object) -> tuple[str | None, str | None]:
    """What a request said that it has."""
    headers = request.headers  # type: ignore[attr-defined]
    return headers.get("If-None-Match"), headers.get("If-Modified-Since")


async def test_both_are_sent_back(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"abc"', "Last-Modified": "Mon, 02 Nov 2026 07:00:00 GMT"})
    await day.until("08:00")
    assert validators(day.asked("/wire")[0]) == (None, None)
    await day.until("08:20")
    assert validators(day.asked("/wire")[1]) == ('"abc"', "Mon, 02 Nov 2026 07:00:00 GMT")


@pytest.mark.parametrize(
    ("etag", "date"),
    [
        (b'W/"5f-8\xc3\xa9\xe9\xb4\xbb"', b"Mon, 2 Nov 26 7:00 +0800"),
        (b"no-quotes-at-all", b"1793606400"),
        (b'"a""b" , "c"', b"Monday, 02-Nov-26 07:00:00 GMT"),
        (b'W/"', b"0"),
        (b"'single'", b"gestern um 7"),
        (b'w/"lower"', b"2026-11-02T07:00:00.123Z"),
        (b'"back\\slash\\"', b"Mon,  02   Nov 2026 07:00:00   GMT"),
    ],
)
async def test_however_odd_byte_for_byte(day: Day, etag: bytes, date: bytes) -> None:
    def answer(line: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: %d\r\n" % len(FEED)
        line.sendall(head + b"ETag: " + etag + b"\r\nLast-Modified: " + date + b"\r\n\r\n" + FEED)

    with RawServer(answer) as server:
        await day.allow(server.port)
        day.read("raw", server.url + "/raw")
        await day.until("08:20")
        first, second = server.heads
    assert b"if-none-match" not in first.lower()
    assert b"if-modified-since" not in first.lower()
    assert b"\r\nIf-None-Match: " + etag + b"\r\n" in second
    assert b"\r\nIf-Modified-Since: " + date + b"\r\n" in second


async def test_bytes_that_cannot_be_sent_back_as_they_came_are_not_changed_but_left_out(day: Day) -> None:
    def answer(line: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: %d\r\n" % len(FEED)
        line.sendall(head + b'ETag: "caf\xe9"\r\nLast-Modified: Mon, 02 Nov 2026 07:00:00 GMT\r\n\r\n' + FEED)

    with RawServer(answer) as server:
        await day.allow(server.port)
        day.read("raw", server.url + "/raw")
        await day.until("08:20")
        assert b"if-none-match" not in server.heads[1].lower()
        assert b"\r\nIf-Modified-Since: Mon, 02 Nov 2026 07:00:00 GMT\r\n" in server.heads[1]
    assert day.row("raw").etag == b'"caf\xe9"'


async def test_the_one_that_came_is_sent_and_no_other_is_made_up(day: Day) -> None:
    day.feed("/tagged", last_modified=False)
    day.feed("/dated", etag=False)
    day.feed("/bare", etag=False, last_modified=False)
    await day.until("08:20")
    tag, date = validators(day.asked("/tagged")[1])
    assert tag
    assert date is None
    tag, date = validators(day.asked("/dated")[1])
    assert tag is None
    assert date
    assert validators(day.asked("/bare")[1]) == (None, None)


async def test_they_outlive_a_restart(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"from before"'})
    await day.until("08:00")
    await day.restart()
    await day.until("08:20")
    assert validators(day.asked("/wire")[1])[0] == '"from before"'
    assert [one.status for one in day.asked("/wire")] == [200, 304]


async def test_not_modified_without_any_keeps_them(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"v1"'}, last_modified=False)
    await day.until("08:00")
    day.web.raw("/wire", b"", status=304, etag=False, last_modified=False)
    await day.until("09:00")
    assert day.polls("/wire") > 2
    assert {validators(one)[0] for one in day.asked("/wire")[1:]} == {'"v1"'}


async def test_not_modified_with_new_ones_replaces_them(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"v1"', "Last-Modified": "Mon, 02 Nov 2026 07:00:00 GMT"})
    await day.until("08:00")
    day.web.raw("/wire", b"", status=304, headers={"ETag": '"v2"'}, last_modified=False)
    await day.until("08:40")
    assert validators(day.asked("/wire")[2]) == ('"v2"', "Mon, 02 Nov 2026 07:00:00 GMT")


async def test_a_full_answer_without_any_ends_the_old_ones(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"v1"'})
    await day.until("08:00")
    day.web.feed("/wire", [{"title": "A new machine, a new world", "published": None}], etag=False, last_modified=False)
    await day.until("08:40")
    assert [validators(one) for one in day.asked("/wire")][2] == (None, None)


async def test_an_error_between_ends_nothing(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"v1"'})
    await day.until("08:00")
    day.web.fault("/wire", "status", status=502)
    await day.until("08:40")
    assert [one.status for one in day.asked("/wire")][:3] == [200, 502, 304]


async def test_what_is_no_feed_leaves_none_behind(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"v1"'})
    await day.until("08:00")
    good = day.web.pages["/wire"]
    day.web.raw("/wire", "<html><body>We will be back soon</body></html>", headers={"ETag": '"sorry"'})
    await day.until("08:15")
    day.web.pages["/wire"] = good
    await day.until("08:40")
    assert validators(day.asked("/wire")[-1])[0] == '"v1"'


async def test_the_same_body_is_not_read_again(day: Day) -> None:
    day.feed("/wire", etag=False, last_modified=False)
    await day.until("09:00")
    assert [one.status for one in day.asked("/wire")].count(200) > 3
    assert len(day.cutter.documents) == 1
    day.news("/wire", "Foxconn opens a plant")
    await day.until("09:20")
    assert len(day.cutter.documents) == 2


async def test_another_address_gets_none_of_the_old_one(day: Day) -> None:
    day.feed("/old", headers={"ETag": '"of old"'})
    await day.until("08:00")
    url = day.web.feed("/new", [{"title": "One", "published": None}])
    day.read("/old", url)
    await day.until("08:20")
    assert validators(day.asked("/new")[0]) == (None, None)


async def test_the_old_address_gets_none_of_the_place_it_had_moved_to(day: Day) -> None:
    day.web.feed("/new", [{"title": "One", "published": None}])
    day.web.redirect("/old", "/new", 301)
    day.read("wire", day.web.url_of("/old"))
    await day.until("09:00")
    assert day.row("wire").location == day.web.url_of("/new")
    day.web.remove("/new")
    await day.until("09:15")
    day.web.feed("/old", [{"title": "Back home, and older than the other", "published": None}])
    before = day.polls("/old")
    await day.until("09:40")
    assert validators(day.asked("/old")[before]) == (None, None)
    assert day.asked("/old")[before].status == 200
