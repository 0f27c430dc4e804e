"""When a feed is asked again after it answered: its own rhythm, the server's wishes, the user's `every`."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.politeness.day import Day


def rss(*head: str) -> str:
    """A feed with one entry and these elements in its head."""
    return (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Own wishes</title>'
        f"{''.join(head)}<item><title>One entry</title></item></channel></rss>"
    )


def wishing(day: Day, *head: str, every: float | None = None) -> None:
    """Read a feed with wishes of its own."""
    day.read("wire", day.web.raw("/wire", rss(*head), "application/rss+xml"), every)


async def test_a_quarter_of_an_hour_where_nothing_is_known(day: Day) -> None:
    day.feed("/wire")
    await day.until("08:00")
    assert 7.5 <= day.interval("/wire") <= 15
    await day.until("08:15")
    assert day.interval("/wire") == 15
    assert day.polls("/wire") == 2
    await day.until("10:00")
    assert 8 <= day.polls("/wire") <= 10


async def test_half_the_usual_gap_between_the_items(day: Day) -> None:
    day.feed("/wire", day.hourly(3))
    await day.until("08:00")
    assert 45 <= day.interval("/wire") <= 90
    await day.until("09:30")
    assert day.interval("/wire") == 90
    assert day.polls("/wire") == 2


async def test_one_long_holiday_does_not_change_the_usual_gap(day: Day) -> None:
    items = [*day.hourly(1, 6), *(day.item(f"Before the holiday {number}", 24 * 30 + number) for number in range(5))]
    day.feed("/wire", items)
    await day.until("08:30")
    assert day.row("/wire").gap == 3600


@pytest.mark.parametrize(("hours", "minutes"), [(1 / 60, 5), (24 * 9, 24 * 60)])
async def test_never_under_five_minutes_nor_over_a_day(day: Day, hours: float, minutes: float) -> None:
    day.feed("/wire", day.hourly(hours))
    await day.until("08:00")
    assert minutes / 2 <= day.interval("/wire") <= minutes
    await day.until("08:05" if minutes == 5 else "+08:00")
    assert day.interval("/wire") == minutes


async def test_items_dated_in_batches_do_not_look_like_a_flood(day: Day) -> None:
    day.feed("/wire", [day.item(f"Paper {number}", 24 * (number // 7)) for number in range(20)])
    await day.until("08:00")
    gap = day.row("/wire").gap
    assert gap is not None
    assert gap > 7200


async def test_a_feed_without_dates_teaches_its_rhythm_by_what_arrives(day: Day) -> None:
    day.feed("/wire")
    for hour in ("10:00", "14:00", "18:00", "22:00"):
        await day.until(hour)
        day.news("/wire", f"Undated at {hour}", dated=False)
    await day.until("23:59")
    gap = day.row("/wire").gap
    assert gap is not None
    assert 2 * 3600 < gap < 5.5 * 3600
    assert 60 < day.interval("/wire") < 165


@pytest.mark.parametrize(("jitter", "minutes"), [(-1, 13.5), (0.5, 15.75), (1, 16.5)])
async def test_chance_draws_it_out_by_a_tenth_at_most(day: Day, jitter: float, minutes: float) -> None:
    day.feed("/wire")
    await day.until("08:00")
    day.chance.jitter = jitter
    await day.until("08:15")
    assert day.interval("/wire") == minutes


async def test_feeds_that_begin_together_spread_at_once(day: Day) -> None:
    for number in range(40):
        day.feed(f"/wire/{number}")
    await day.until("08:00")
    waits = sorted(day.interval(f"/wire/{number}") for number in range(40))
    assert 7.5 <= waits[0] < 9
    assert 13.5 < waits[-1] <= 15
    assert len(set(waits)) == 40


async def test_not_before_the_server_calls_it_stale(day: Day) -> None:
    day.feed("/wire", headers={"Cache-Control": "public, max-age=3600"})
    await day.until("08:59:59")
    assert day.polls("/wire") == 1
    await day.until("09:00")
    assert day.polls("/wire") == 2
    assert day.due("/wire") == "10:00:00"


async def test_not_before_it_expires(day: Day) -> None:
    now, then = day.clock.now(), day.clock.now() + timedelta(hours=2)
    day.feed("/wire", headers={"Date": format_datetime(now, True), "Expires": format_datetime(then, True)})
    await day.until("08:00")
    assert day.due("/wire") == "10:00:00"


async def test_expires_by_the_servers_own_wrong_clock(day: Day) -> None:
    wrong = datetime(1999, 12, 31, 23, 0, tzinfo=UTC)
    later = wrong + timedelta(minutes=40)
    day.feed("/wire", headers={"Date": format_datetime(wrong, True), "Expires": format_datetime(later, True)})
    await day.until("08:00")
    assert day.due("/wire") == "08:40:00"


async def test_the_time_it_lay_in_a_cache_counts(day: Day) -> None:
    day.feed("/wire", headers={"Cache-Control": "max-age=7200", "Age": "1800"})
    await day.until("08:00")
    assert day.due("/wire") == "09:30:00"


@pytest.mark.parametrize("words", ["no-cache, max-age=7200", "no-store", "private, max-age=0", "max-age=soon"])
async def test_what_is_no_wish_changes_nothing(day: Day, words: str) -> None:
    day.feed("/wire", headers={"Cache-Control": words})
    await day.until("08:15")
    assert day.interval("/wire") == 15


async def test_a_wish_of_not_modified_counts_too(day: Day) -> None:
    day.feed("/wire", headers={"ETag": '"v1"'})
    await day.until("08:00")
    day.web.raw("/wire", b"", status=304, headers={"ETag": '"v1"', "Cache-Control": "max-age=5400"})
    await day.until("08:15")
    assert day.interval("/wire") == 90


async def test_ttl_in_minutes(day: Day) -> None:
    wishing(day, "<ttl>120</ttl>")
    await day.until("09:59:59")
    assert day.polls("/wire") == 1
    await day.until("10:00")
    assert day.polls("/wire") == 2
    assert day.due("wire") == "12:00:00"


async def test_a_period_with_a_frequency(day: Day) -> None:
    wishing(day, "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>6</sy:updateFrequency>")
    await day.until("08:00")
    assert day.due("wire") == "12:00:00"


async def test_the_wish_is_kept_while_nothing_changes_and_over_a_restart(day: Day) -> None:
    wishing(day, "<ttl>90</ttl>")
    await day.until("08:00")
    await day.restart()
    await day.until("09:30")
    assert [one.status for one in day.asked("/wire")] == [200, 304]
    assert day.due("wire") == "11:00:00"


async def test_hours_in_which_it_wants_to_be_left_alone(day: Day) -> None:
    wishing(day, "<skipHours><hour>9</hour><hour>10</hour><hour>11</hour></skipHours>")
    await day.until("08:59:59")
    before = day.polls("/wire")
    await day.until("11:59:59")
    assert day.polls("/wire") == before
    await day.until("12:20")
    assert day.polls("/wire") > before


async def test_hours_over_midnight_and_failures_in_them(day: Day) -> None:
    wishing(day, *(f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in (22, 23, 0, 1, 2))}</skipHours>",))
    await day.until("21:50")
    day.web.fault("/wire", "status", times=None, status=500)
    await day.until("22:10")
    before = day.polls("/wire")
    await day.until("02:59")
    assert day.polls("/wire") == before
    await day.until("03:59")
    assert day.polls("/wire") > before


async def test_days_on_which_it_wants_to_be_left_alone(day: Day) -> None:
    wishing(day, "<skipDays><day>Saturday</day></skipDays>")
    await day.until("23:59:59")
    before = day.polls("/wire")
    await day.until("+23:59:59")
    assert day.clock.at.weekday() == 5
    assert day.polls("/wire") == before
    await day.until("00:20")
    assert day.polls("/wire") > before


async def test_one_that_always_wants_to_be_left_alone_is_asked_once_a_day(day: Day) -> None:
    wishing(day, f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in range(24))}</skipHours>")
    await day.until("08:00")
    assert day.due("wire") == "sat 08:00:00"


@pytest.mark.parametrize("wish", ["<ttl>999999</ttl>", "<sy:updatePeriod>yearly</sy:updatePeriod>"])
async def test_no_wish_lasts_longer_than_a_day(day: Day, wish: str) -> None:
    wishing(day, wish)
    await day.until("08:00")
    assert day.due("wire") == "sat 08:00:00"


async def test_nor_a_wish_of_the_server(day: Day) -> None:
    day.feed("/wire", headers={"Cache-Control": "max-age=31536000"})
    await day.until("08:00")
    assert day.due("/wire") == "sat 08:00:00"


async def test_the_longest_wish_of_several_counts(day: Day) -> None:
    wishing(day, "<ttl>30</ttl>", "<skipHours><hour>9</hour></skipHours>")
    day.web.pages["/wire"].headers["Cache-Control"] = "max-age=5400"
    await day.until("08:00")
    assert day.due("wire") == "10:30:00"


async def test_every_is_not_stretched_by_the_rhythm_nor_by_chance(day: Day) -> None:
    day.chance.jitter = 1
    day.feed("/wire", day.hourly(24), every=60)
    await day.until("08:30")
    assert day.polls("/wire") == 31


async def test_every_gives_way_to_the_servers_wish(day: Day) -> None:
    day.feed("/wire", every=60, headers={"Cache-Control": "max-age=600"})
    await day.until("08:30")
    assert day.polls("/wire") == 4


async def test_every_gives_way_to_hours_of_sleep(day: Day) -> None:
    wishing(day, "<skipHours><hour>8</hour></skipHours>", every=300)
    await day.until("08:59:59")
    assert day.polls("/wire") == 1


async def test_the_next_poll_outlives_a_restart(day: Day) -> None:
    day.feed("/wire", headers={"Cache-Control": "max-age=7200"})
    await day.until("08:00")
    for time in ("08:20", "08:40", "09:30"):
        await day.asleep_until(time)
        await day.restart()
        await day.until(time)
    assert day.polls("/wire") == 1
    await day.until("10:00")
    assert day.polls("/wire") == 2
