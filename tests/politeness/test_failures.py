"""When a feed is asked again after it failed: Retry-After, back-off, and whose fault it was."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.politeness.day import Day


async def test_retry_after_in_seconds(day: Day) -> None:
    day.feed("/wire", every=60)
    day.web.fault("/wire", "status", status=429, retry_after="1800")
    await day.until("08:29:59")
    assert day.polls("/wire") == 1
    await day.until("08:30")
    assert [one.status for one in day.asked("/wire")] == [429, 200]


async def test_retry_after_as_a_date(day: Day) -> None:
    now = day.clock.now()
    until = {"Date": format_datetime(now, True), "Retry-After": format_datetime(now + timedelta(minutes=50), True)}
    day.read("wire", day.web.raw("/wire", "closed", status=503, headers=until, etag=False))
    await day.until("08:00")
    assert day.due("wire") == "08:50:00"


async def test_retry_after_lasts_a_day_at_most(day: Day) -> None:
    day.feed("/wire")
    day.web.fault("/wire", "status", status=503, retry_after="99999999")
    await day.until("08:00")
    assert day.due("/wire") == "sat 08:00:00"


@pytest.mark.parametrize("words", ["-5", "later", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT"])
async def test_no_sensible_retry_after_is_none(day: Day, words: str) -> None:
    day.feed("/wire")
    day.web.fault("/wire", "status", status=503, retry_after=words)
    await day.until("08:00")
    assert day.interval("/wire") == 15


async def test_a_short_retry_after_shortens_nothing(day: Day) -> None:
    day.feed("/wire", every=600)
    day.web.fault("/wire", "status", status=429, retry_after="1")
    await day.until("08:00")
    assert day.due("/wire") == "08:10:00"


async def test_retry_after_outlives_a_restart(day: Day) -> None:
    day.feed("/wire", every=60)
    day.web.fault("/wire", "status", status=503, retry_after="3600")
    await day.until("08:00")
    await day.restart()
    await day.until("08:59:59")
    assert day.polls("/wire") == 1


async def test_the_wait_doubles_up_to_a_day_and_starts_anew_after_a_success(day: Day) -> None:
    day.feed("/wire")
    fault = day.web.fault("/wire", "status", times=None, status=500)
    waits = []
    for _failure in range(10):
        await day.tick()
        waits.append(day.interval("/wire"))
        day.clock.at = day.row("/wire").next_at
    assert waits == [15, 30, 60, 120, 240, 480, 960, 1440, 1440, 1440]
    fault.cancel()
    await day.tick()
    assert day.row("/wire").failures == 0
    assert day.interval("/wire") <= 15
    day.web.fault("/wire", "status", status=500)
    day.clock.at = day.row("/wire").next_at
    await day.tick()
    assert day.interval("/wire") == 15


async def test_also_one_that_is_asked_every_second_is_left_alone_for_a_day_in_the_end(day: Day) -> None:
    day.feed("/wire", every=1)
    day.web.fault("/wire", "drop", times=None)
    for _failure in range(20):
        await day.tick()
        day.clock.at = day.row("/wire").next_at
    assert day.interval("/wire") == 1440


@pytest.mark.parametrize("jitter", [-1, 1])
async def test_chance_neither_shortens_every_nor_makes_more_than_a_day(day: Day, jitter: float) -> None:
    day.chance.jitter = jitter
    day.feed("/wire", every=3600)
    day.web.fault("/wire", "status", times=None, status=500)
    await day.until("08:00")
    assert 60 <= day.interval("/wire") <= 66
    for _failure in range(8):
        await day.tick()
        day.clock.at = day.row("/wire").next_at
    assert 24 * 60 * 0.9 <= day.interval("/wire") <= 24 * 60


async def test_a_page_that_is_no_feed_is_a_failure_too(day: Day) -> None:
    page = day.web.raw("/wire", "<html><body><h1>Log in</h1></body></html>")
    day.read("wire", page)
    await day.until("08:45")
    assert day.polls("/wire") == 3
    assert day.due("wire") == "09:45:00"
    assert "web page" in day.row("wire").error


async def test_one_that_fails_harms_no_other(day: Day) -> None:
    day.feed("/bad")
    day.feed("/good", every=300)
    for kind in ("garbage", "cut", "not_http"):
        day.web.fault("/bad", kind)
    await day.until("09:00")
    assert day.polls("/good") == 13
    assert {one.status for one in day.asked("/good")} == {200, 304}


async def test_one_that_fails_alone_is_not_hastened(day: Day) -> None:
    day.feed("/bad")
    day.feed("/good", every=3600)
    day.web.fault("/bad", "drop", times=None)
    await day.until("09:00")
    assert day.row("/bad").failures == 3
    assert day.polls("/good") == 2
    assert day.due("/bad") == "09:45:00"


async def test_when_the_network_is_back_what_failed_in_it_is_asked_soon(day: Day) -> None:
    for path in ("/a", "/b", "/c"):
        day.feed(path, every=900)
    await day.until("08:00")
    day.web.down()
    await day.until("12:59")
    assert {day.due(path) for path in ("/a", "/b", "/c")} == {"16:00:00"}
    day.web.up()
    day.feed("/first")
    await day.until("13:00")
    assert day.polls("/a") == 1
    await day.until("13:02")
    assert [day.polls(path) for path in ("/a", "/b", "/c")] == [2, 2, 2]


async def test_an_answer_that_is_an_error_says_too_that_the_network_is_back(day: Day) -> None:
    for path in ("/a", "/b", "/c"):
        day.feed(path, every=900)
    await day.until("08:00")
    day.web.down()
    await day.until("12:59")
    day.web.up()
    day.read("nowhere", day.web.url_of("/nowhere"))
    await day.until("13:02")
    assert [day.polls(path) for path in ("/a", "/b", "/c")] == [2, 2, 2]


async def test_one_that_was_dead_before_the_outage_is_not_hastened_with_the_others(day: Day) -> None:
    for path in ("/a", "/b", "/c", "/dead"):
        day.feed(path, every=900)
    day.web.fault("/dead", "drop", times=None)
    await day.until("08:20")
    day.web.down()
    await day.until("12:59")
    before = day.row("/dead")
    day.web.up()
    day.feed("/first")
    await day.until("13:02")
    after = day.row("/dead")
    assert day.polls("/a") == 3
    assert (after.next_at, after.failures) == (before.next_at, before.failures)


async def test_one_that_fails_often_while_nobody_else_is_asked_is_no_outage_of_the_network(day: Day) -> None:
    day.feed("/bad", every=600)
    day.feed("/good", every=7200)
    day.web.fault("/bad", "drop", times=None)
    await day.until("10:00")
    assert day.row("/bad").failures == 4
    assert day.due("/bad") == "10:30:00"


async def test_servers_that_answer_with_errors_are_no_outage_of_the_network(day: Day) -> None:
    day.feed("/first", every=3600)
    for path in ("/a", "/b", "/c", "/d"):
        day.feed(path, every=900)
        day.web.fault(path, "status", times=None, status=500)
    await day.until("09:00")
    assert {day.due(path) for path in ("/a", "/b", "/c", "/d")} == {"09:45:00"}
