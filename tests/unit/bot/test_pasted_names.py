"""Lists as people paste them: numbered, with codes beside names, with legal forms, with the command on every line."""

import pytest

from tests.unit.bot.conftest import Desk
from tests.unit.bot.test_watch_talk import fresh, watches


@pytest.mark.parametrize(
    "text",
    [
        "2330 台積電\n2317 鴻海",
        "1. TSMC\n2. Foxconn",
        "1、台積電\n2、鴻海",
        "(1) 台積電(2330)\n（2）鴻海（2317）",
        "- TSMC\n• Hon Hai Precision Industry Co., Ltd.",
        "台積電\n/watch 鴻海",
        "TSMC, 2330, 台積電; Foxconn、鴻海",
        "TSMC (NYSE: TSM)\n鴻海（Foxconn）",
    ],
)
def test_each_company_of_a_pasted_list_is_on_once(desk: Desk, text: str) -> None:
    (answer,) = fresh(desk).says(f"/watch {text}")
    assert answer.text == "✓ On (2): TSMC, Foxconn"
    assert [one.company for one in watches(desk)] == ["tsmc", "foxconn"]


def test_companies_named_by_code_and_name_wait_once_for_the_one_button(desk: Desk) -> None:
    codes = ["2330", "2317", "2454", "2308", "2303", "2382", "3711", "2881", "2882", "1301", "3231"]
    (answer,) = fresh(desk).says(f"/watch {', '.join([*codes, '台積電', '鴻海'])}")
    assert "Clear, not on yet (11): TSMC, Foxconn, MediaTek" in answer.text
    desk.press(answer, "Watch all 11")
    assert len(watches(desk)) == 11


def test_a_legal_form_behind_a_comma_is_no_company(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Meta Platforms, Inc., Tesla, Inc.")
    assert answer.text == "✓ On (2): Meta Platforms, Tesla"


def test_a_code_beside_a_name_that_means_other_things_says_who_is_meant(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch 2412 中華電")
    assert "“中華電” means other things too" in answer.text
    desk.press(answer, "Watch it")
    assert "中華電" in watches(desk)[0].aliases
    (answer,) = desk.says("/unwatch 2412 中華電")
    assert "✓ Off: Chunghwa Telecom" in answer.text


def test_a_question_with_a_code_beside_the_name_knows_the_company(desk: Desk) -> None:
    (answer,) = fresh(desk).says("台積電(2330)")
    assert answer.buttons == ["Watch", "Latest", "Search"]
    desk.press(answer, "Watch")
    assert [one.company for one in watches(desk)] == ["tsmc"]


def test_a_typed_name_that_is_off_in_a_watch_is_not_said_to_be_watched(desk: Desk) -> None:
    fresh(desk).says("/watch 2002")
    (answer,) = desk.says("/watch 中鋼")
    assert "is watched here already" in answer.text
    assert "“中鋼” is off there" in answer.text
    desk.says(answer.text[answer.text.index("/alias") :])
    assert "中鋼" in watches(desk)[0].aliases
    (answer,) = desk.says("/watch 中鋼")
    assert "is off there" not in answer.text


def test_the_only_name_of_a_company_has_its_switch_where_it_is_off(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch 1216")
    assert answer.buttons == ["☐ 統一", "Undo"]
    desk.press(answer, "☐ 統一")
    assert watches(desk)[0].aliases == ("統一",)
    assert answer.buttons == ["✓ 統一", "Undo"]


def test_an_address_is_no_name(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch https://news.example/rss")
    assert "is an address, not a company’s name" in answer.text
    assert "/add URL" in answer.text
    assert watches(desk) == []
