"""/watch from the chat: one name, doubt and noise, many names, files; /unwatch and /alias."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.bot.conftest import GROUP, USER, Desk
from tests.unit.pipeline.conftest import news
from watchbot.bot.alias_talk import changes_in
from watchbot.bot.asked import SentFile
from watchbot.bot.handlers import Handlers
from watchbot.model.item import Item
from watchbot.model.settings import Quotas
from watchbot.model.watch import Watch

OTHER = 1010


LEAD = "Stocks ended higher. Traders looked to the week ahead. " * 8


def fresh(desk: Desk) -> Desk:
    """The owner in a chat that no file reaches."""
    return desk.as_(7, OTHER)


def watches(desk: Desk, chat: int = OTHER) -> list[Watch]:
    """What was made in a chat."""
    with desk.store.read() as tx:
        return [row.watch for row in tx.chats.watches(str(chat))]


def stored(desk: Desk, *items: Item) -> None:
    """These came over the wire, and the alerts of it arrived."""
    desk.take("Wire", *items)
    desk.deliver()


def with_file(desk: Desk, body: bytes) -> None:
    """Whatever is downloaded is this."""

    async def download(_sent: SentFile) -> bytes:
        await asyncio.sleep(0)
        return body

    desk.tools = replace(desk.tools, download=download)
    desk.handlers = Handlers(desk.tools, lambda: None)


def document(name: str) -> dict[str, Any]:
    """A sent file as Telegram describes it."""
    return {"document": {"file_id": "f", "file_unique_id": "u", "file_name": name, "file_size": 10}}


def test_a_sure_name_is_on_at_once_with_a_story_from_what_is_stored(desk: Desk) -> None:
    stored(desk, news(1, "Foxconn opens a plant in Texas"))
    desk.clock.move(86400)
    (answer,) = fresh(desk).says("/watch Hon Hai")
    assert "✓ On: Foxconn" in answer.text
    assert "2317.TW" in answer.text
    assert "Last 1 day: 1 alert" in answer.text
    assert '<a href="https://news.example/1">Foxconn opens a plant in Texas</a>' in answer.html
    assert [one.company for one in watches(desk)] == ["foxconn"]
    assert any(label == "✓ 鴻海" for label in answer.buttons)


def test_the_same_watch_fires_afterwards(desk: Desk) -> None:
    fresh(desk).says("/watch Hon Hai")
    stored(desk, news(1, "鴻海擴大德州投資"))
    assert desk.cards(str(OTHER)) == ["鴻海擴大德州投資"]


def test_in_chinese_the_company_goes_by_its_chinese_name(desk: Desk) -> None:
    (answer,) = desk.as_(7, OTHER, "zh-TW").says("/watch Foxconn")
    assert "已關注：鴻海" in answer.text
    with desk.store.read() as tx:
        assert tx.chats.settings(str(OTHER))["app_language"] == "zh-TW"


def test_undo_takes_it_off(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Foxconn")
    (edited,) = desk.press(answer, "Undo")
    assert edited is answer
    assert "Undone" in answer.text
    assert answer.buttons == []
    assert watches(desk) == []


def test_a_name_is_switched_off_and_on_again(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Samsung")
    desk.press(answer, "✓ 三星電子")
    assert "三星電子" not in watches(desk)[0].names
    desk.press(answer, "☐ 三星電子")
    assert "三星電子" in watches(desk)[0].names
    unsafe = next(label for label in answer.buttons if label.startswith("☐"))
    desk.press(answer, unsafe)
    assert unsafe.removeprefix("☐ ") in watches(desk)[0].aliases


def test_no_longer_name_is_cut_down_to_one_that_was_switched_off(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch 3711")
    desk.press(answer, "✓ ASE Technology")
    assert "ASE Technology Holding" in watches(desk)[0].names
    assert "Off, because they mean other things too: ASE\n" in answer.text
    stored(desk, news(1, "ASE Technology says sales are up"), news(2, "ASE Technology Holding elects a board"))
    assert desk.cards(str(OTHER)) == ["ASE Technology Holding elects a board"]


def test_a_name_that_means_other_things_is_asked_about_first(desk: Desk) -> None:
    stored(desk, news(1, "Target cuts prices for the holidays"))
    (answer,) = fresh(desk).says("/watch Target")
    assert "not on yet" in answer.text
    assert "“Target” means other things too." in answer.text
    assert watches(desk) == []
    desk.press(answer, "Watch it")
    assert "✓ On: Target Corporation" in answer.text
    assert watches(desk)[0].aliases == ("Target",)


def test_a_doubtful_watch_is_left(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch ASE")
    desk.press(answer, "Cancel")
    assert "was not put on" in answer.text
    assert watches(desk) == []


def test_switching_the_doubtful_name_off_before_it_is_on(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch ASE")
    desk.press(answer, "✓ ASE")
    assert watches(desk) == []
    desk.press(answer, "Watch it")
    assert "ASE" not in (*watches(desk)[0].aliases, *watches(desk)[0].names)
    assert "ASE" in watches(desk)[0].unsafe


def test_a_loud_watch_says_how_loud_and_offers_a_strict_one(desk: Desk) -> None:
    for number in range(24):
        stored(desk, news(number, f"Market wrap {number}: stocks end higher", f"{LEAD} Foxconn rose {number}."))
    stored(desk, news(99, "Foxconn names a chairman"))
    (answer,) = fresh(desk).says("/watch Foxconn")
    assert "not on yet" in answer.text
    assert "Last 1 day: 25 alerts" in answer.text
    assert "Strict: 1 alert (only where it is the main subject)" in answer.text
    assert watches(desk) == []
    desk.press(answer, "Strict")
    assert watches(desk)[0].options.main_only
    assert "✓ On: Foxconn" in answer.text


def test_several_companies_of_one_name_are_a_choice(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch 三星")
    assert "which one?" in answer.text
    desk.press(answer, "Samsung Electronics")
    assert "not on yet" in answer.text
    desk.press(answer, "Watch it")
    assert [one.company for one in watches(desk)] == ["samsung-electronics"]


def test_a_slip_of_the_finger_is_on_as_typed_and_asked_about(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Taipowr")
    assert "✓ On: Taipowr" in answer.text
    assert "Did you mean" in answer.text
    assert watches(desk)[0].names == ("Taipowr",)
    desk.press(answer, "Undo")
    assert watches(desk) == []


def test_a_slip_of_the_finger_and_the_right_company(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Taipowr")
    desk.press(answer, "Taipower")
    assert "✓ On: Taipower" in answer.text
    (only,) = watches(desk)
    assert only.company == "taipower"
    assert "Taipowr" not in only.names


def test_an_unknown_name_is_a_plain_one_at_once(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Zyxomma")
    assert "✓ On: Zyxomma" in answer.text
    assert "no company called" in answer.text
    assert "No news is stored yet" in answer.text
    assert answer.buttons == ["Undo"]


@pytest.mark.parametrize(
    ("text", "says"), [("/watch", "/watch Foxconn"), ("/watch !!!", "is no name"), ("/watch " + "x" * 90, "is no name")]
)
def test_what_is_lacking_is_asked_for(desk: Desk, text: str, says: str) -> None:
    (answer,) = fresh(desk).says(text)
    assert says in answer.text
    assert watches(desk) == []


def test_names_of_people_do_no_harm_in_a_message(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch <b>Zyx & Co</b>")
    assert "<b>Zyx & Co</b>" in answer.text


def test_what_a_file_watches_is_said_and_switched_on_again(desk: Desk) -> None:
    (answer,) = desk.says("/watch Foxconn")
    assert "🔒 Foxconn is watched here already" in answer.text
    (answer,) = desk.says("/unwatch Foxconn")
    desk.press(answer, "Off in this chat: Foxconn")
    assert "off in this chat" in answer.text
    (answer,) = desk.says("/watch Foxconn")
    assert "on again" in answer.text


def test_a_code_means_the_market_of_the_chats_zone(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.set(str(OTHER), "timezone", "Asia/Tokyo")
        tx.chats.add_watch(str(OTHER), Watch("x", "Zyxomma", names=("Zyxomma",)), desk.clock.now())
    (answer,) = fresh(desk).says("/watch 7203")
    assert "Toyota" in answer.text
    assert watches(desk)[-1].company == "toyota"


def test_many_codes_between_blanks(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.set(str(OTHER), "timezone", "Asia/Taipei")
    (answer,) = fresh(desk).says("/watch 2330 2317 2454")
    assert "✓ On (3): TSMC, Foxconn, MediaTek" in answer.text
    assert len(watches(desk)) == 3


def test_one_answer_in_three_parts(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Foxconn, TSMC\nTarget; 三星、Zyxomma, !!!")
    assert "✓ On (2): Foxconn, TSMC" in answer.text
    assert "Needs a choice (2): Target, 三星" in answer.text
    assert "Unknown (1): Zyxomma" in answer.text
    assert "Not a name (1): !!!" in answer.text
    desk.press(answer, "Target → ")
    desk.press(answer, "plain name")
    assert "✓ On (4): Foxconn, TSMC, Target Corporation, Zyxomma" in answer.text
    assert len(watches(desk)) == 4
    assert "Needs a choice (1): 三星" in answer.text


TWELVE = "Foxconn, TSMC, MediaTek, Apple, Nvidia, Tesla, Micron, Toyota, Sony, Intel, Qualcomm, Nintendo"


def test_more_than_ten_wait_for_one_press(desk: Desk) -> None:
    (answer,) = fresh(desk).says(f"/watch {TWELVE}")
    assert watches(desk) == []
    desk.press(answer, "Watch all 12")
    assert len(watches(desk)) == 12
    assert "✓ On (12)" in answer.text


def test_what_does_not_fit_is_said(desk: Desk) -> None:
    telegram = replace(desk.tools.settings.telegram, quotas=Quotas(watches=3))  # type: ignore[type-var]
    desk.tools = replace(desk.tools, settings=replace(desk.tools.settings, telegram=telegram))
    desk.handlers = Handlers(desk.tools, lambda: None)
    desk.as_(USER)
    (answer,) = desk.says("/watch Foxconn, TSMC, MediaTek, Apple")
    assert "✓ On (3)" in answer.text
    assert "No room for 1: Apple" in answer.text
    assert "3 watches" in answer.text
    (answer,) = desk.says("/watch Nvidia")
    assert "No room for 1: Nvidia" in answer.text
    assert len(watches(desk, USER)) == 3


def test_choices_are_paged(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Target, ASE, Delta, 三星, 台電, 蘋果")
    assert "›" in answer.buttons
    assert not any("蘋果" in label for label in answer.buttons)
    desk.press(answer, "›")
    assert any(label.startswith("蘋果 →") for label in answer.buttons)
    desk.press(answer, "‹")
    assert any(label.startswith("Target →") for label in answer.buttons)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("list.txt", b"Foxconn\r\nTSMC\r\n\r\nFoxconn\r\n"),
        ("list.csv", "代號,公司名稱\n2317,鴻海\n2330,台積電\n2330,台積電\n".encode("cp950")),
        ("list.csv", "\ufeffName;Weight\nFoxconn;3\nTSMC;4\n".encode()),
        ("list.tsv", "Foxconn\tx\nTSMC\ty\n".encode("utf-16")),
    ],
)
def test_a_file_of_names(desk: Desk, name: str, body: bytes) -> None:
    with_file(fresh(desk), body)
    (answer,) = desk.says("/watch", **document(name))
    assert name in answer.text
    (edited,) = desk.chores()
    assert edited is answer
    assert "✓ On (2)" in answer.text
    assert [one.company for one in watches(desk)] == ["foxconn", "tsmc"]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("list.pdf", b"%PDF", "send a .txt file"),
        ("list.csv", b"\x00\x01\x02", "no text file"),
        ("list.txt", b" \n", "holds no names"),
    ],
)
def test_a_file_without_names(desk: Desk, name: str, body: bytes, says: str) -> None:
    with_file(fresh(desk), body)
    desk.says("/watch", **document(name))
    (answer,) = desk.chores()
    assert says in answer.text


def test_unwatch_removes_several_and_knows_what_was_meant(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/watch Foxconn, Zyxomma")
    desk.press(answer, "plain name")
    (answer,) = desk.says("/unwatch 鴻海, Zyxomm")
    assert "✓ Off: Foxconn" in answer.text
    assert "Did you mean Zyxomma?" in answer.text
    assert [one.label for one in watches(desk)] == ["Zyxomma"]
    (answer,) = desk.says("/unwatch")
    assert "/unwatch Zyxomma" in answer.text


def test_a_watch_of_a_file_stays_and_is_switched_off_here(desk: Desk) -> None:
    (answer,) = desk.says("/unwatch Foxconn, memory")
    assert answer.buttons == ["Off in this chat: Foxconn", "Off in this chat: Memory"]
    desk.press(answer, "Foxconn")
    assert answer.buttons == ["Off in this chat: Memory"]
    stored(desk, news(1, "Foxconn opens a plant"))
    assert desk.cards("7") == []
    assert desk.cards(str(GROUP)) == ["Foxconn opens a plant"]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("Foxconn", ("Foxconn", [])),
        ("Foxconn + TPC", ("Foxconn", [(True, "TPC")])),
        ("Foxconn +TPC, ABC - Hai", ("Foxconn", [(True, "TPC"), (True, "ABC"), (False, "Hai")])),
        ("T-Mobile - TMUS", ("T-Mobile", [(False, "TMUS")])),
        ("鴻海 ＋ 鴻海家族", ("鴻海", [(True, "鴻海家族")])),
    ],
)
def test_what_alias_understands(argument: str, expected: object) -> None:
    assert changes_in(argument) == expected


def test_alias_lists_adds_and_takes_away(desk: Desk) -> None:
    fresh(desk).says("/watch Foxconn")
    (answer,) = desk.says("/alias Foxconn")
    assert "goes by: Foxconn, Hon Hai" in answer.text
    (answer,) = desk.says("/alias Foxconn + FoxNet - 鴻海")
    assert "also goes by: FoxNet" in answer.text
    assert "no longer goes by: 鴻海" in answer.text
    assert watches(desk)[0].aliases == ("FoxNet",)
    assert "鴻海" not in watches(desk)[0].names
    (answer,) = desk.says("/alias Foxconn + FoxNet")
    assert "already" in answer.text


def test_the_last_name_stays(desk: Desk) -> None:
    fresh(desk).says("/watch Zyxomma")
    (answer,) = desk.says("/alias Zyxomma - Zyxomma")
    assert "/unwatch" in answer.text
    assert len(watches(desk)) == 1


def test_a_locked_watch_gets_one_of_the_chat_beside_it(desk: Desk) -> None:
    (answer,) = desk.says("/alias Memory + NAND")
    assert "aliases:" in answer.text
    desk.press(answer, "beside it")
    assert "also goes by: NAND" in answer.text
    assert [one.aliases for one in watches(desk, 7)] == [("NAND",)]


def test_only_who_may_change_presses(desk: Desk) -> None:
    (answer,) = desk.as_(7, GROUP).says("/watch Zyxomma")
    desk.press(answer, "Undo", user=USER)
    assert "somebody else" in desk.toast
    assert len(watches(desk, GROUP)) == 1
