"""/start: the id of every chat, invitations, and the first useful news after two messages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.bot.conftest import GROUP, OWNER, STRANGER, USER, Desk
from tests.unit.pipeline.conftest import news
from watchbot.model.records import SourceSpec
from watchbot.pipeline.access import remove
from watchbot.pipeline.commands import hash_code


def test_every_chat_learns_its_id(desk: Desk) -> None:
    assert "1010" in desk.as_(7, 1010).says("/start")[0].text
    assert f"{GROUP}/7" in desk.as_(7, f"{GROUP}/7").says("/start")[0].text
    assert "666" in desk.as_(STRANGER).says("/start")[0].text


def test_news_after_two_messages(desk: Desk) -> None:
    for number in range(3):
        desk.take("Wire", news(number, f"Micron raises prices for the {number}. time"))
    desk.take("Wire", news(9, "Tesla recalls cars"))
    (hello,) = desk.as_(USER).says("/start")
    assert hello.buttons[:2] == ["Micron", "Tesla"]
    assert 4 <= len(hello.buttons) <= 6
    edited, answer = desk.press(hello, "Micron")
    assert edited is hello
    assert "Micron" not in hello.buttons
    assert "✓ On: Micron" in answer.text
    assert answer.html.count('<a href="https://news.example/') == 3


def test_a_chat_that_watches_gets_no_offers(desk: Desk) -> None:
    desk.as_(USER).says("/watch Foxconn")
    (hello,) = desk.says("/start")
    assert "1 watch" in hello.text
    assert hello.buttons == []


def test_an_invitation_lets_in_and_speaks_the_language_of_the_app(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.invite(hash_code("secret"), "user", desk.clock.now() + timedelta(hours=1))
    welcome, hello = desk.as_(STRANGER, language="zh-TW").says("/start secret")
    assert "歡迎" in welcome.text
    assert "台積電" in hello.buttons
    _edited, answer = desk.press(hello, "台積電")
    assert "已關注：台積電" in answer.text
    desk.take("Wire", news(1, "台積電宣布擴廠計畫"))
    (alert,) = desk.deliver()
    assert "台積電" in alert.text
    with desk.store.read() as tx:
        assert tx.chats.settings(str(STRANGER))["app_language"] == "zh-TW"


def test_an_admin_of_the_configuration_uses_no_invitation_up(desk: Desk) -> None:
    telegram = replace(desk.tools.settings.telegram, admins=(OWNER, 1010))
    desk.handlers._tools = replace(desk.tools, settings=replace(desk.tools.settings, telegram=telegram))
    with desk.store.write() as tx:
        tx.chats.invite(hash_code("secret"), "user", desk.clock.now() + timedelta(hours=1))
    (hello,) = desk.as_(1010).says("/start secret")
    assert "You are in" not in hello.text
    assert "You are in: user" in desk.as_(STRANGER).says("/start secret")[0].text


def test_a_wrong_code_opens_nothing(desk: Desk) -> None:
    (answer,) = desk.as_(STRANGER).says("/start nonsense")
    assert "id" not in answer.buttons
    with desk.store.read() as tx:
        assert tx.chats.role(STRANGER) == ""


def test_ones_own_link_opened_again_is_no_wrong_invitation(desk: Desk) -> None:
    until = desk.clock.now() + timedelta(hours=1)
    with desk.store.write() as tx:
        tx.chats.invite(hash_code("mine"), "user", until)
    assert "You are in: user" in desk.as_(STRANGER).says("/start mine")[0].text
    desk.clock.move(7200)  # long past its end
    (hello,) = desk.says("/start mine")
    assert "Hello" in hello.text
    assert "unknown, used or expired" in desk.as_(USER).says("/start mine")[0].text
    with desk.store.write() as tx:
        remove(tx, STRANGER, desk.clock.now())
    assert "unknown, used or expired" in desk.as_(STRANGER).says("/start mine")[0].text
    with desk.store.read() as tx:
        assert tx.chats.role(STRANGER) == ""


@pytest.mark.parametrize("typed", ["/start\n/watch Foxconn", "/start 你好", "/start 👋"])
def test_what_no_link_can_bring_is_no_invitation(desk: Desk, typed: str) -> None:
    (hello,) = desk.as_(USER).says(typed)
    assert "This chat's id: 9" in hello.text


def test_another_chats_private_news_offers_nothing(desk: Desk) -> None:
    with desk.store.write() as tx:
        desk.sources["Own"], _new = tx.sources.add(
            SourceSpec("Own", "feed", "https://own.example/rss", chat="1010"), desk.clock.now()
        )
    desk.take("Own", news(1, "Nintendo recalls consoles"))
    (hello,) = desk.as_(USER).says("/start")
    assert "Nintendo" not in hello.buttons
    (hello,) = desk.as_(7, 1010).says("/start")
    assert hello.buttons[0] == "Nintendo"
