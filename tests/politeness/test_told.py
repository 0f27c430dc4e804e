"""What the people in charge hear of a source's fate, and that they hear it once."""

from tests.politeness.day import Day


async def test_an_outage_is_told_once_after_half_an_hour_and_its_end_once(day: Day) -> None:
    day.feed("/wire", every=60)
    await day.until("08:00")
    fault = day.web.fault("/wire", "status", times=None, status=503)
    await day.until("08:30")
    assert day.told() == []
    await day.until("08:31")
    assert day.told() == ["down /wire"]
    await day.until("14:00")
    assert day.told() == ["down /wire"]
    fault.cancel()
    await day.until("20:00")
    assert day.told() == ["down /wire", "up /wire"]
    assert len(day.messages()) == 1


async def test_a_short_outage_is_nobodys_business(day: Day) -> None:
    day.feed("/wire", every=600)
    await day.until("08:00")
    day.web.fault("/wire", "status", times=2, status=500)
    await day.until("12:00")
    assert day.told() == []


async def test_a_second_outage_is_a_new_one(day: Day) -> None:
    day.feed("/wire", every=600)
    for until, well in (("10:00", "16:00"), ("18:00", "23:00")):
        fault = day.web.fault("/wire", "drop", times=None)
        await day.until(until)
        fault.cancel()
        await day.until(well)
    assert day.told() == ["down /wire", "up /wire"] * 2


async def test_neither_a_restart_nor_a_new_name_tells_it_again(day: Day) -> None:
    url = day.feed("/wire", every=600)
    day.web.fault("/wire", "status", times=None, status=500)
    await day.until("09:00")
    await day.restart()
    del day.specs["/wire"]
    day.read("Wire", url, 600)
    await day.until("12:00")
    assert day.told() == ["down /wire"]


async def test_a_new_address_begins_with_a_clean_sheet(day: Day) -> None:
    day.feed("/wire", every=600)
    day.web.fault("/wire", "status", times=None, status=500)
    await day.until("12:00")
    assert day.told() == ["down /wire"]
    day.read("/wire", day.web.url_of("/typo"), 600)
    await day.until("12:20")
    assert day.told() == ["down /wire"]
    await day.until("12:40")
    assert day.told() == ["down /wire", "down /wire"]


async def test_a_source_taken_out_is_not_spoken_of(day: Day) -> None:
    day.feed("/wire", every=600)
    day.web.fault("/wire", "status", times=None, status=500)
    await day.until("08:20")
    del day.specs["/wire"]
    day.sync()
    await day.until("12:00")
    assert day.told() == []


async def test_a_move_is_told_once(day: Day) -> None:
    day.web.feed("/new", [{"title": "New", "published": None}])
    day.read("wire", day.web.redirect("/old", "/new", 301), 600)
    await day.until("08:10")
    assert day.told() == []
    await day.until("12:00")
    assert day.told() == ["moved wire"]


async def test_a_source_that_answers_but_brings_nothing_is_named_once(day: Day) -> None:
    day.feed("/wire", day.hourly(2), every=3600)
    await day.until("++07:00")
    assert day.told() == []
    await day.until("10:00")
    assert day.told() == ["quiet /wire"]
    await day.restart()
    await day.until("+++10:00")
    assert day.told() == ["quiet /wire"]


async def test_it_is_named_again_only_after_news_and_a_new_silence(day: Day) -> None:
    day.feed("/wire", day.hourly(2), every=3600)
    await day.until("++++08:00")
    assert day.told() == ["quiet /wire"]
    day.news("/wire", "Foxconn opens a plant")
    await day.until("++07:00")
    assert day.told() == ["quiet /wire"]
    await day.until("++10:00")
    assert day.told() == ["quiet /wire", "quiet /wire"]


async def test_a_weekly_paper_is_not_quiet_after_a_week(day: Day) -> None:
    day.feed("/weekly", day.hourly(24 * 7), every=14400)
    await day.until("+++++++++++08:00")
    assert day.told() == []


async def test_one_that_does_not_answer_is_out_and_not_quiet(day: Day) -> None:
    day.feed("/wire", day.hourly(2), every=14400)
    await day.until("08:00")
    day.web.fault("/wire", "drop", times=None)
    await day.until("+++++++08:00")
    assert day.told() == ["down /wire"]
