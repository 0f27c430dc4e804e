"""Who we say we are, and what we keep to ourselves."""

from tests.politeness.day import USER_AGENT, Day


async def test_the_same_honest_name_for_everybody_and_every_hop(day: Day) -> None:
    day.feed("/wire")
    day.read("far", day.web.redirect("/far", day.elsewhere.feed("/near", [{"title": "Near", "published": None}])))
    await day.until("08:20")
    asked = [*day.web.requests, *day.elsewhere.requests]
    assert len(asked) == 6
    assert {one.headers["User-Agent"] for one in asked} == {USER_AGENT}
    assert {one.method for one in asked} == {"GET"}


async def test_nobody_learns_where_we_came_from(day: Day) -> None:
    day.read("far", day.web.redirect("/far", day.elsewhere.feed("/near", [{"title": "Near", "published": None}])))
    await day.until("08:20")
    for request in (*day.web.requests, *day.elsewhere.requests):
        assert not {"Referer", "Origin", "Cookie", "From"} & set(request.headers)


async def test_a_cookie_is_never_brought_back(day: Day) -> None:
    day.feed("/wire", headers={"Set-Cookie": "visitor=17; Path=/; Max-Age=99999"})
    day.web.redirect("/far", "/wire", 302)
    day.web.pages["/far"].headers["Set-Cookie"] = "from=far; Path=/"
    day.read("far", day.web.url_of("/far"))
    await day.until("08:20")
    assert len(day.web.requests) == 6
    assert all("Cookie" not in one.headers for one in day.web.requests)


async def test_a_sources_own_headers_are_for_its_own_host(day: Day) -> None:
    other = day.elsewhere.feed("/near", [{"title": "Near", "published": None}])
    day.web.redirect("/far", "/middle", 302)
    day.web.redirect("/middle", other, 302)
    day.read("far", day.web.url_of("/far"), 600, {"X-Api-Key": "for the wire only", "Accept-Language": "zh-TW"})
    await day.until("08:10")
    assert {one.headers.get("X-Api-Key") for one in day.web.requests} == {"for the wire only"}
    assert {one.headers.get("X-Api-Key") for one in day.elsewhere.requests} == {None}
    assert "for the wire only" not in (day.folder / "day.db").read_bytes().decode("latin-1")


async def test_one_sources_headers_are_not_anothers(day: Day) -> None:
    for path in ("/open", "/closed"):
        day.web.feed(path, [{"title": path, "published": None}])
    day.read("open", day.web.url_of("/open"), 600)
    day.read("closed", day.web.url_of("/closed"), 600, {"X-Api-Key": "of the closed"})
    await day.until("08:20")
    assert {one.headers.get("X-Api-Key") for one in day.asked("/open")} == {None}
    assert {one.headers.get("X-Api-Key") for one in day.asked("/closed")} == {"of the closed"}
