"""Where a feed is asked: permanent moves are believed slowly, keys stay at home, and gone is gone."""

import pytest

from tests.politeness.day import Day
from watchbot.model.records import SourceSpec
from watchbot.pipeline.subscriptions import Access


def moving(day: Day, *statuses: int, to: str = "/new") -> str:
    """A source that is redirected over so many hops; gives where it leads."""
    url = day.web.feed("/new", [{"title": "From the new place", "published": None}]) if to == "/new" else to
    steps = ["/old", *(f"/hop{number}" for number in range(1, len(statuses)))]
    for here, there, status in zip(steps, [*steps[1:], to], statuses, strict=True):
        day.web.redirect(here, there, status)
    day.read("wire", day.web.url_of("/old"), every=600)
    return url


@pytest.mark.parametrize("statuses", [(301,), (308,), (301, 308, 301)])
async def test_a_permanent_move_is_believed_the_third_time(day: Day, statuses: tuple[int, ...]) -> None:
    url = moving(day, *statuses)
    await day.until("08:15")
    assert day.row("wire").location == ""
    await day.until("08:20")
    assert day.row("wire").location == url
    await day.until("09:00")
    assert day.polls("/old") == 3
    assert day.polls("/new") == 7


async def test_the_move_outlives_a_restart_and_so_do_its_confirmations(day: Day) -> None:
    url = moving(day, 301)
    await day.until("08:10")
    await day.restart()
    await day.until("08:20")
    assert day.row("wire").location == url
    await day.restart()
    await day.until("08:30")
    assert day.polls("/old") == 3


@pytest.mark.parametrize("statuses", [(302,), (307,), (303,), (301, 302), (302, 301), (308, 307, 301)])
async def test_a_move_for_the_time_being_is_followed_and_never_believed(day: Day, statuses: tuple[int, ...]) -> None:
    moving(day, *statuses)
    await day.until("09:00")
    assert day.row("wire").location == ""
    assert day.polls("/old") == day.polls("/new") == 7


async def test_an_interruption_starts_the_count_anew(day: Day) -> None:
    moving(day, 301)
    await day.until("08:10")
    day.web.fault("/old", "status", status=500)
    await day.until("08:50")
    assert [one.status for one in day.asked("/old")] == [301, 301, 500, 301, 301, 301]
    assert day.row("wire").location == day.web.url_of("/new")


async def test_a_poll_without_the_move_starts_the_count_anew(day: Day) -> None:
    moving(day, 301)
    await day.until("08:10")
    day.web.feed("/old", [{"title": "Back for a moment", "published": None}])
    await day.until("08:20")
    day.web.redirect("/old", "/new", 301)
    await day.until("08:40")
    assert (day.row("wire").location, day.row("wire").moved_times) == ("", 2)
    await day.until("08:50")
    assert day.row("wire").location == day.web.url_of("/new")


async def test_another_place_starts_the_count_anew(day: Day) -> None:
    moving(day, 301)
    await day.until("08:10")
    other = day.elsewhere.feed("/mirror", [{"title": "From the mirror", "published": None}])
    day.web.redirect("/old", other, 301)
    await day.until("08:30")
    assert (day.row("wire").location, day.row("wire").moved_to, day.row("wire").moved_times) == ("", other, 2)
    await day.until("08:40")
    assert day.row("wire").location == other


async def test_a_place_that_moves_on_is_followed_after_three_times_more(day: Day) -> None:
    moving(day, 301)
    await day.until("08:20")
    farther = day.elsewhere.feed("/farther", [{"title": "Farther", "published": None}])
    day.web.redirect("/new", farther, 308)
    await day.until("08:40")
    assert day.row("wire").location == day.web.url_of("/new")
    await day.until("08:50")
    assert day.row("wire").location == farther


async def test_a_place_that_leads_back_home_is_forgotten(day: Day) -> None:
    moving(day, 301)
    await day.until("08:20")
    day.web.feed("/old", [{"title": "Home again", "published": None}])
    day.web.redirect("/new", "/old", 301)
    await day.until("08:50")
    assert day.row("wire").location == ""


@pytest.mark.parametrize("status", [404, 410])
async def test_where_the_new_place_is_gone_the_old_address_is_asked_again(day: Day, status: int) -> None:
    moving(day, 301)
    await day.until("08:20")
    day.web.raw("/new", "nothing here", status=status, etag=False)
    day.web.feed("/old", [{"title": "Still at home", "published": None}])
    await day.until("08:30")
    assert (day.row("wire").location, day.row("wire").gone) == ("", False)
    await day.until("08:40")
    assert day.asked("/old")[-1].status == 200
    assert day.row("wire").failures == 0


async def test_where_the_new_place_is_only_out_of_order_it_stays(day: Day) -> None:
    moving(day, 301)
    await day.until("08:20")
    day.web.fault("/new", "status", times=2, status=503)
    await day.until("09:10")
    assert day.row("wire").location == day.web.url_of("/new")
    assert day.polls("/old") == 3


async def test_a_source_with_keys_in_its_headers_never_moves(day: Day) -> None:
    other = day.elsewhere.feed("/new", [{"title": "Elsewhere", "published": None}])
    day.web.redirect("/old", other, 301)
    day.read("wire", day.web.url_of("/old"), 600, {"Authorization": "Bearer of-the-desk"})
    await day.until("09:00")
    assert day.row("wire").location == ""
    assert {one.headers.get("Authorization") for one in day.asked("/old")} == {"Bearer of-the-desk"}
    assert {one.headers.get("Authorization") for one in day.elsewhere.requests} == {None}
    assert len(day.elsewhere.requests) == 7


async def test_a_source_with_a_key_in_its_address_never_moves(day: Day) -> None:
    day.web.feed("/new", [{"title": "New", "published": None}])
    day.web.redirect("/old", "/new", 301)
    stored = day.web.url_of("/old?key=***#12345678")
    day.specs["wire"] = SourceSpec("wire", "feed", stored, 600)
    day.secrets[stored] = Access(day.web.url_of("/old?key=topsecret"))
    day.sync()
    await day.until("09:00")
    assert day.row("wire").location == ""
    assert {one.query for one in day.asked("/old")} == {"key=topsecret"}


async def test_a_place_with_a_key_in_it_is_followed_and_not_stored(day: Day) -> None:
    day.web.feed("/new", [{"title": "New", "published": None}])
    day.web.redirect("/old", "/new?token=fresh", 301)
    day.read("wire", day.web.url_of("/old"), 600)
    await day.until("09:00")
    row = day.row("wire")
    assert (row.location, row.moved_to) == ("", "")
    assert day.polls("/new") == 7


async def test_keys_given_after_a_move_go_home_and_not_to_the_new_place(day: Day) -> None:
    other = day.elsewhere.feed("/new", [{"title": "Elsewhere", "published": None}])
    day.web.redirect("/old", other, 301)
    day.read("wire", day.web.url_of("/old"), 600)
    await day.until("08:20")
    assert day.row("wire").location == other
    day.web.feed("/old", [{"title": "For those with a key", "published": None}])
    day.read("wire", day.web.url_of("/old"), 600, {"X-Key": "of-the-desk"})
    await day.until("08:40")
    assert all("X-Key" not in one.headers for one in day.elsewhere.requests)
    assert day.asked("/old")[-1].headers["X-Key"] == "of-the-desk"
    assert day.row("wire").location == ""


async def test_a_feed_that_says_it_is_gone_is_never_asked_again(day: Day) -> None:
    day.feed("/wire", every=60)
    await day.until("08:00")
    day.web.raw("/wire", "gone", status=410, etag=False)
    await day.until("08:01")
    await day.restart()
    await day.until("+09:00")
    assert day.polls("/wire") == 2
    assert day.told() == ["gone /wire"]


async def test_one_that_is_only_missing_is_asked_again(day: Day) -> None:
    day.feed("/wire")
    day.web.fault("/wire", "status", status=404)
    await day.until("08:30")
    assert [one.status for one in day.asked("/wire")][:2] == [404, 200]


async def test_gone_with_another_address_is_asked_there(day: Day) -> None:
    day.read("wire", day.web.raw("/wire", "gone", status=410, etag=False), 60)
    await day.until("08:30")
    day.read("wire", day.web.feed("/better", [{"title": "Better", "published": None}]), 60)
    await day.until("08:31")
    assert (day.polls("/wire"), day.polls("/better")) == (1, 2)
    assert not day.row("wire").gone
    assert day.told() == ["gone wire"]


async def test_gone_and_added_again_is_asked_again(day: Day) -> None:
    url = day.web.raw("/wire", "gone", status=410, etag=False)
    day.read("wire", url)
    await day.until("08:30")
    day.web.feed("/wire", [{"title": "Back", "published": None}])
    with day.store.write() as tx:
        row, new = tx.sources.add(SourceSpec("wire", "feed", url, added=True), day.clock.now())
    assert new
    assert not row.gone
    await day.until("08:31")
    assert [one.status for one in day.asked("/wire")] == [410, 200]
    assert day.told() == ["gone wire"]


async def test_gone_and_revived_is_asked_again_and_told_once_more_if_it_is_gone(day: Day) -> None:
    day.read("wire", day.web.raw("/wire", "gone", status=410, etag=False))
    await day.until("09:30")
    with day.store.write() as tx:
        tx.sources.revive(day.row("wire").id, day.clock.now())
    await day.until("10:30")
    assert day.polls("/wire") == 2
    assert day.told() == ["gone wire", "gone wire"]


async def test_a_restart_or_a_new_name_revives_nobody(day: Day) -> None:
    url = day.web.raw("/wire", "gone", status=410, etag=False)
    day.read("wire", url)
    await day.until("08:00")
    del day.specs["wire"]
    day.read("another name", url)
    await day.until("20:00")
    assert day.polls("/wire") == 1
