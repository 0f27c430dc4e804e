"""/list, /export and a watchlist file that comes back."""

import json
from base64 import b64decode
from dataclasses import replace
from typing import Any

from tests.unit.bot.conftest import GROUP, OWNER, STRANGER, USER, Desk, Shown, make_desk
from tests.unit.bot.test_watch_talk import OTHER, document, fresh, watches, with_file
from tests.unit.pipeline.conftest import news
from watchbot.model.records import Rule, SourceSpec
from watchbot.model.settings import TelegramSettings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory


def file_of(message: Shown) -> tuple[str, bytes]:
    """Name and bytes of a sent file."""
    body = json.loads(message.file)
    return body["name"], b64decode(body["body_base64"])


def test_an_empty_list_says_how_to_begin(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/list")
    assert "/watch Foxconn" in answer.text
    assert answer.buttons == []


def test_watches_of_files_are_locked_and_can_be_off_here(desk: Desk) -> None:
    desk.says("/watch Zyxomma")
    (answer,) = desk.says("/list")
    assert "Watched here: 3 watches" in answer.text
    assert "🔒 desk" in answer.text
    assert answer.text.index("Foxconn") < answer.text.index("Of this chat") < answer.text.index("Zyxomma")
    desk.press(answer, "✓ Foxconn")
    assert "Foxconn (off here)" in answer.text
    desk.take("Wire", news(1, "Foxconn opens a plant"))
    assert desk.cards("7") == []
    desk.press(answer, "☐ Foxconn")
    assert "(off here)" not in answer.text
    desk.press(answer, "✓ Zyxomma")
    assert "Zyxomma (off here)" in answer.text
    desk.take("Wire", news(2, "Zyxomma opens a plant"))
    assert desk.cards("7") == []


def test_rules_and_mutes_stand_in_the_list(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.wishes.add_rule(Rule("7", "w1", "foxconn", "exclude", "Foxconn Hospitality"))
        tx.wishes.add_rule(Rule("7", "w1", "foxconn", "deliver", "digest"))
        tx.wishes.mute("7", "watch", "w1/memory", "Memory", None, 7, desk.clock.now())
    (answer,) = desk.says("/list")
    assert "without “Foxconn Hospitality” · digest only" in answer.text
    assert "Silent: Memory (until you unmute)" in answer.text


def test_pages_of_eight(desk: Desk) -> None:
    with desk.store.write() as tx:
        for number in range(20):
            tx.chats.add_watch(
                str(OTHER), Watch(f"z{number}", f"Zyx{number}", names=(f"Zyx{number}",)), desk.clock.now()
            )
    (answer,) = fresh(desk).says("/list")
    assert "page 1 of 3" in answer.text
    assert "Zyx7" in answer.text
    assert "Zyx8" not in answer.text
    desk.press(answer, "›")
    desk.press(answer, "›")
    assert "page 3 of 3" in answer.text
    assert answer.buttons == ["✓ Zyx16", "✓ Zyx17", "✓ Zyx18", "✓ Zyx19", "‹"]


def test_users_of_a_group_read_the_list_without_buttons(desk: Desk) -> None:
    (answer,) = desk.as_(USER, GROUP).says("/list")
    assert "Foxconn" in answer.text
    assert answer.buttons == []


def open_list(desk: Desk) -> Desk:
    """A desk with a watchlist that people may switch on."""
    lists = (Watchlist("list:chips", "chips", (Watch("tsmc", "TSMC", names=("TSMC",)),), chats=(), join="invited"),)
    settings = replace(desk.directory.settings, watchlists=lists)
    return make_desk(desk.store, Directory(settings), desk.clock, desk.sources, desk.tools.catalogue)


def test_a_watchlist_that_people_may_join(desk: Desk) -> None:
    desk = open_list(desk).as_(USER)
    (answer,) = desk.says("/list")
    assert "may switch on here: chips" in answer.text
    desk.press(answer, "＋ chips")
    assert "TSMC" in answer.text
    desk.take("Wire", news(1, "TSMC opens a plant"))
    assert desk.cards(str(USER)) == ["TSMC opens a plant"]
    desk.press(answer, "－ chips")
    assert "TSMC" not in answer.text


def test_in_an_open_bot_a_list_for_the_invited_is_for_them_only(desk: Desk) -> None:
    telegram = TelegramSettings(token="1:a", admins=(OWNER,), access="open")
    chips = Watchlist("c", "chips", (Watch("tsmc", "TSMC", names=("TSMC",)),), chats=(), join="invited")
    lists = (chips, replace(chips, key="m", name="market", join="anyone"))
    settings = replace(desk.directory.settings, watchlists=lists, telegram=telegram)
    desk = make_desk(desk.store, Directory(settings), desk.clock, desk.sources, desk.tools.catalogue)
    (answer,) = desk.as_(STRANGER).says("/list")
    assert answer.buttons == ["＋ market"]
    assert "chips" not in answer.text
    desk.press(answer, "＋ market")
    assert "－ market" in answer.buttons
    (answer,) = desk.as_(USER).says("/list")
    assert answer.buttons == ["＋ chips", "＋ market"]


def test_nothing_to_export(desk: Desk) -> None:
    (answer,) = fresh(desk).says("/export")
    assert "nothing of its own" in answer.text


def test_the_exported_file_makes_the_same_watches_again(desk: Desk) -> None:
    fresh(desk).says("/watch Foxconn")
    desk.says("/watch Zyxomma: the ${NAME} #1")
    (answer,) = desk.says("/watch Samsung")
    desk.press(answer, "✓ 三星電子")
    desk.press(answer, "☐ 三星")
    desk.says("/watch Target")
    desk.press(desk.last, "Strict" if "Strict" in desk.last.buttons else "Watch it")
    desk.says("/alias Foxconn + FoxNet - 鴻海")
    before = watches(desk)
    with desk.store.write() as tx:
        tx.sources.add(
            SourceSpec("Own", "feed", "https://own.example/rss", chat=str(OTHER), added=True), desk.clock.now()
        )
    said, file, *more = desk.says("/export")
    assert "4 watches, 1 feed" in said.text
    name, body = file_of(file)
    assert name == "watchbot-chat-1010.yaml"
    (again,) = desk.tools.read_watchlists(body, name)
    assert again.chats == (str(OTHER),)
    assert [replace(watch, line=0) for watch in again.watches] == before
    assert b"https://own.example/rss" in file_of(more[-1])[1]
    with_file(desk.as_(7, 2020), body)
    desk.says("", **document(name))
    (answer,) = desk.chores()
    assert "✓ 4 watches on" in answer.text
    assert watches(desk, 2020) == before
    desk.says("", **document(name))
    assert "here already" in desk.chores()[0].text
    desk.press(answer, "Undo")
    assert watches(desk, 2020) == []


def test_rules_are_lines_to_paste(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.wishes.add_rule(Rule("7", "w1", "memory", "exclude", "Memory: Lane"))
        tx.wishes.add_rule(Rule("7", "w1", "foxconn", "off"))
    _said, file = desk.says("/export")
    text = file_of(file)[1].decode()
    assert "# watchlist desk, watch Memory:" in text
    assert "#     exclude:\n#     - drama\n#     - 'Memory: Lane'" in text
    assert "watch Foxconn: off in this chat" in text


def test_a_broken_file_is_told_with_its_line(desk: Desk) -> None:
    with_file(fresh(desk), b"watches:\n  - Foxconn\n  - {nam: TSMC}\n")
    desk.says("", **document("mine.yaml"))
    (answer,) = desk.chores()
    assert "mine.yaml:3:" in answer.text
    assert "name" in answer.text
    assert watches(desk) == []


def test_a_sent_file_cannot_ask_for_secrets_of_the_machine(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setenv("WATCHBOT_SECRET_THING", "swordfish")
    with_file(fresh(desk), b"watches: ['${WATCHBOT_SECRET_THING}']\n")
    desk.says("", **document("mine.yaml"))
    (answer,) = desk.chores()
    assert "swordfish" not in answer.text
    assert "WATCHBOT_SECRET_THING" in answer.text
    assert watches(desk) == []
