"""/latest and /search: pages of what this chat found, with buttons, and hints where there is nothing."""

import pytest

from tests.unit.bot.conftest import OWNER, Desk
from tests.unit.pipeline.conftest import news
from watchbot.model.watch import Watch

TOWNS = ["Cork", "Reno", "Oslo", "Turin", "Lagos", "Quito", "Perth"]
TITLES = (
    "Cork harbour sells its old mill to Foxconn",
    "Foxconn hires nine hundred welders near Reno",
    "Students from Oslo build a robot with Foxconn",
    "A strike closes the Foxconn canteen, writes a Turin paper",
    "Lagos gets council 444 meets from Foxconn and solar kitchens",
    "Judges in Quito fine Foxconn over river water",
    "Perth orders electric buses made by Foxconn",
)


def fill(desk: Desk) -> None:
    """Seven stories of their own, a minute apart."""
    for number, title in enumerate(TITLES):
        desk.take("Wire", news(number, title))
        desk.clock.move(60)
    desk.deliver()


def test_latest_shows_five_and_turns_the_page(desk: Desk) -> None:
    fill(desk)
    (page,) = desk.says("/latest")
    assert [town for town in TOWNS if town in page.text] == TOWNS[2:]
    assert page.text.index("Perth") < page.text.index("Oslo")
    assert "• Foxconn · Perth" in page.text
    assert "Wire · 08:06 · told: /why" in page.text
    assert page.buttons == ["Older ›"]
    desk.press(page, "Older")
    assert [town for town in TOWNS if town in page.text] == TOWNS[:2]
    assert page.buttons == ["‹ Newer"]
    desk.press(page, "Newer")
    assert "Perth" in page.text


def test_latest_of_one_watch_by_any_of_its_names(desk: Desk) -> None:
    desk.take("Wire", news(1, "Foxconn hires in Ohio"), news(2, "DRAM prices fall in May"))
    desk.deliver()
    for name in ("Foxconn", "hon hai", "鴻海"):
        (page,) = desk.says(f"/latest {name}")
        assert "Latest on Foxconn" in page.text
        assert "DRAM" not in page.text
    (unknown,) = desk.says("/latest Foxcom")
    assert "Did you mean Foxconn?" in unknown.text
    (unknown,) = desk.says("/latest <b>")
    assert "not watched here" in unknown.text


def test_latest_knows_what_was_stored_but_not_told(desk: Desk) -> None:
    desk.take("Wire", news(1, "A bakery opens in Tainan"), news(2, "Foxconn hires in Ohio"), baseline=True)
    with desk.store.write() as tx:
        tx.chats.add_watch(str(OWNER), Watch("bakery", "Bakery", names=("bakery",)), desk.clock.now())
    (page,) = desk.says("/latest Bakery")
    assert "A bakery opens in Tainan" in page.text
    assert "/why" not in page.text
    (page,) = desk.says("/latest")
    assert "Bakery" in page.text
    assert "Foxconn" in page.text


def test_latest_of_nothing_gives_a_hint(desk: Desk) -> None:
    (page,) = desk.says("/latest")
    assert "/list" in page.text
    (page,) = desk.says("/latest Foxconn")
    assert "/search Foxconn" in page.text


@pytest.mark.parametrize("words", ["council", "foxconn Kitchens", '"council 444 meets"'])
def test_search_finds_words_and_phrases(desk: Desk, words: str) -> None:
    fill(desk)
    (page,) = desk.says(f"/search {words}")
    assert "council 444 meets" in page.text
    assert "Wire · 08:0" in page.text
    assert 'href="https://news.example/4"' in page.html


def test_search_turns_the_page(desk: Desk) -> None:
    fill(desk)
    (page,) = desk.says("/search foxconn")
    assert page.buttons == ["Older ›"]
    desk.press(page, "Older")
    assert "Cork" in page.text
    assert page.buttons == ["‹ Newer"]


def test_search_finds_chinese_and_says_where_there_is_nothing(desk: Desk) -> None:
    desk.language = "zh-TW"
    desk.take("Wire", news(1, "鴻海在休士頓設廠生產伺服器"))
    desk.deliver()
    (page,) = desk.says("/search 休士頓設廠")
    assert "鴻海在休士頓設廠生產伺服器" in page.text
    (page,) = desk.says("/search 不存在的<詞>")
    assert "沒有「不存在的<詞>」" in page.text
    desk.language = "en"
    (page,) = desk.says("/search")
    assert "/search Foxconn Houston" in page.text


@pytest.mark.parametrize(
    "words",
    ['"', "' OR 1=1 --", "%", "*", "鴻", '"a "b', "NEAR(a b)", "a" * 3000, "<b>&amp;", "-x AND", "\u202e\u0000x", "🙂"],
)
def test_any_words_are_answered(desk: Desk, words: str) -> None:
    fill(desk)
    for command in ("search", "latest", "why", "story"):
        (answer,) = desk.says(f"/{command} {words}")
        assert answer.text
