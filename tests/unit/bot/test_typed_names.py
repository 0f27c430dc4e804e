"""Names and codes as people type them: codes of other markets, full-width signs, names between blanks, tight signs."""

import pytest

from tests.unit.bot.conftest import Desk
from tests.unit.bot.test_watch_talk import OTHER, fresh, stored, watches
from tests.unit.pipeline.conftest import news
from watchbot.model.watch import Watch


@pytest.mark.parametrize(
    ("code", "button", "company"),
    [
        ("7203", "Toyota (7203.T)", "toyota"),
        ("AAPL", "Apple (AAPL)", "apple"),
        ("700", "Tencent (0700.HK)", "tencent"),
    ],
)
def test_a_code_of_another_market_is_asked_about(desk: Desk, code: str, button: str, company: str) -> None:
    (answer,) = fresh(desk).says(f"/watch {code}")
    assert "which one?" in answer.text
    assert watches(desk) == []
    desk.press(answer, button)
    assert [one.company for one in watches(desk)] == [company]


def test_a_question_is_of_the_market_of_the_chats_zone(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.set(str(OTHER), "timezone", "Asia/Hong_Kong")
    (answer,) = fresh(desk).says("2317")
    assert "Vedan International" in answer.text
    desk.press(answer, "Watch")
    assert [one.tickers[0] for one in watches(desk)] == ["2317.HK"]
    with desk.store.write() as tx:
        tx.chats.set(str(OTHER), "timezone", "Asia/Taipei")
    (answer,) = desk.says("2317")
    assert "Foxconn" in answer.text


def test_what_was_watched_by_its_code_is_found_by_it(desk: Desk) -> None:
    fresh(desk).says("/watch 2330, 2317")
    stored(desk, news(1, "TSMC names a chairman"))
    (answer,) = fresh(desk).says("/latest 2330")
    assert "TSMC names a chairman" in answer.text
    (answer,) = desk.says("/mute 2317 8h")
    assert "Foxconn" in answer.text
    (answer,) = desk.says("/unwatch 2330")
    assert "✓ Off: TSMC" in answer.text
    assert [one.label for one in watches(desk)] == ["Foxconn"]


def test_a_name_that_was_left_off_still_says_which_watch_is_meant(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch ASE")
    desk.press(answer, "✓ ASE")
    desk.press(answer, "Watch it")
    (answer,) = desk.says("/unwatch ASE")
    assert "✓ Off: ASE Technology" in answer.text


def has_watch(desk: Desk, name: str) -> None:
    """A watch of this plain name stands already."""
    with desk.store.write() as tx:
        tx.chats.add_watch(str(OTHER), Watch("x", name, names=(name,)), desk.clock.now())


def test_full_width_and_blanks(desk: Desk) -> None:
    (answer,) = fresh(desk).says("／watch　台積電　２３１７")
    assert "✓ On (2): TSMC, Foxconn" in answer.text


def test_a_watch_called_by_two_companies_names_ends_under_its_own(desk: Desk) -> None:
    has_watch(desk, "Sony Honda")
    (answer,) = fresh(desk).says("/unwatch Sony Honda")
    assert "✓ Off: Sony Honda" in answer.text


@pytest.mark.parametrize("typed", ["Foxconn+QCT", "Foxconn＋QCT", "Foxconn +QCT"])
def test_an_alias_with_its_sign_right_behind_the_name(desk: Desk, typed: str) -> None:
    fresh(desk).says("/watch Foxconn")
    (answer,) = desk.says(f"/alias {typed}")
    assert "also goes by: QCT" in answer.text
    assert "QCT" in watches(desk)[0].aliases


def test_an_alias_without_its_sign_says_how(desk: Desk) -> None:
    fresh(desk).says("/watch Foxconn")
    (answer,) = desk.says("/alias Foxconn QCT")
    assert "Did you mean Foxconn?" in answer.text
    assert "/alias Foxconn + TEXT" in answer.text


def test_a_sign_inside_a_watchs_name_is_none(desk: Desk) -> None:
    has_watch(desk, "T-Zyxomma")
    (answer,) = fresh(desk).says("/alias T-Zyxomma + TZ")
    assert "also goes by: TZ" in answer.text
