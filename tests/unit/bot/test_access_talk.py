"""/help and /invite at the desk: links, roles, the list of people and its buttons."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.bot.conftest import ADMIN, GROUP, OWNER, STRANGER, USER, Desk
from watchbot.bot.handlers import Handlers
from watchbot.message import replies
from watchbot.model.watch import Watch
from watchbot.pipeline import access, commands

TOKEN = "1:a"
CODE = re.compile(r"t\.me/watch_test_bot\?start=(\S+)")


@pytest.fixture(autouse=True)
def named(desk: Desk) -> None:
    """The bot knows its own name."""
    desk.tools = replace(desk.tools, username="watch_test_bot")
    desk.handlers = Handlers(desk.tools, lambda: None)


def code_in(text: str) -> str:
    """The code as Telegram would show it."""
    found = CODE.search(access.fill_in(text, TOKEN))
    assert found, text
    return found[1]


def claim(desk: Desk, code: str, user: int) -> str | None:
    with desk.store.write() as tx:
        return commands.claim(tx, desk.directory, code, user, desk.clock.now())


def role(desk: Desk, user: int) -> str:
    with desk.store.read() as tx:
        return commands.role_of(tx, desk.tools.settings, user)


def test_an_invitation_lets_one_person_in_for_a_day(desk: Desk) -> None:
    (answer,) = desk.says("/invite")
    assert "one user" in answer.text
    assert "Sat 21 Nov 08:00" in answer.text  # in the chat's zone, which is UTC here
    code = code_in(answer.text)
    assert len(code) == 32
    assert claim(desk, code, 41) == "user"
    assert claim(desk, code, 42) is None
    assert role(desk, 41) == "user"


def test_an_invitation_ends(desk: Desk) -> None:
    code = code_in(desk.says("/invite 2h")[0].text)
    desk.clock.move(7201)
    assert claim(desk, code, 41) is None


def test_the_outbox_holds_no_code(desk: Desk) -> None:
    answer = desk.says("/invite")[0]
    code = code_in(answer.text)
    assert code not in answer.html
    assert code != code_in(desk.says("/invite")[0].text)
    assert access.fill_in("no code here", TOKEN) == "no code here"
    assert access.code_of("s" * 22, "1:other") != access.code_of("s" * 22, TOKEN)


def test_only_the_owner_invites_admins(desk: Desk) -> None:
    assert "one admin" in desk.says("/invite admin 30m")[0].text
    desk.as_(ADMIN)
    assert "Only the owner" in desk.says("/invite admin")[0].text
    assert "one user" in desk.says("/invite user")[0].text
    assert "admins" in desk.as_(USER).says("/invite")[0].text


@pytest.mark.parametrize("wrong", ["owner", "soon", "1s", "31d", "user 5x", "admin admin please"])
def test_a_wrong_word_gets_an_example(desk: Desk, wrong: str) -> None:
    text = desk.says(f"/invite {wrong}")[0].text
    assert "/invite admin 2h" in text


def test_no_link_in_a_group(desk: Desk) -> None:
    (answer,) = desk.as_(OWNER, GROUP).says("/invite")
    assert "start=" not in answer.text
    assert "t.me/watch_test_bot" in answer.text


def test_people_are_listed_and_removed(desk: Desk) -> None:
    desk.as_(USER).says("/help")
    desk.as_(OWNER)
    (listed,) = desk.says("/invite list")
    assert "🔒 7 (7) – owner" in listed.text
    assert "Person 9 (9) – user" in listed.text
    assert listed.buttons == ["Make user: 8", "Remove: 8", "Make admin: Person 9", "Remove: Person 9"]
    (asked,) = desk.press(listed, "Remove: Person 9")
    assert asked is listed
    assert "Remove Person 9" in asked.text
    desk.press(listed, "No")
    assert role(desk, USER) == "user"
    desk.press(listed, "Remove: Person 9")
    desk.press(listed, "Yes")
    assert "removed" in desk.toast
    assert "Person 9" not in listed.text
    assert role(desk, USER) == ""


def test_a_role_is_changed_and_told(desk: Desk) -> None:
    (listed,) = desk.says("/invite list")
    desk.press(listed, "Make admin: 9")
    changed = desk.press(listed, "Yes")
    assert role(desk, USER) == "admin"
    assert [shown.chat for shown in changed if "admin" in shown.text and shown is not listed] == ["9"]
    desk.press(listed, "Make user: 9")
    desk.press(listed, "Yes")
    assert role(desk, USER) == "user"


def test_who_claimed_the_bot_before_is_an_admin_beside_the_configured_owner(desk: Desk) -> None:
    former = 1010
    with desk.store.write() as tx:
        tx.chats.set_role(former, "owner", desk.clock.now())
        tx.chats.invite(commands.hash_code("link"), "user", desk.clock.now() + timedelta(hours=1))
        assert str(former) in access.in_charge(tx, desk.tools.settings, OWNER)
    (hello,) = desk.as_(former).says("/start link")
    assert "yours" not in hello.text
    assert "Only the owner" in desk.says("/invite admin")[0].text
    assert desk.says("/invite list")[0].buttons == ["Remove: 9"]
    (listed,) = desk.as_(OWNER).says("/invite list")
    assert f"({former}) – admin" in listed.text
    desk.press(listed, f"Remove: Person {former}")
    desk.press(listed, "Yes")
    assert role(desk, former) == ""
    assert f"({former})" not in listed.text


def test_an_admin_removes_users_only(desk: Desk) -> None:
    (listed,) = desk.as_(ADMIN).says("/invite list")
    assert listed.buttons == ["Remove: 9"]


def test_a_confirmation_that_came_too_late(desk: Desk) -> None:
    (listed,) = desk.as_(ADMIN).says("/invite list")
    desk.press(listed, "Remove: 9")
    with desk.store.write() as tx:
        tx.chats.set_role(USER, "admin", desk.clock.now())
    desk.press(listed, "Yes")
    assert "admins" in desk.toast
    assert role(desk, USER) == "admin"


def test_who_is_an_admin_no_more_reads_no_list_by_an_old_button(desk: Desk) -> None:
    (listed,) = desk.as_(ADMIN).says("/invite list")
    with desk.store.write() as tx:
        tx.chats.set_role(ADMIN, "user", desk.clock.now())
        tx.chats.set_role(1010, "user", desk.clock.now())  # came later
    assert desk.press(listed, "Remove: 9") == []
    assert "admins" in desk.toast
    assert "1010" not in listed.text
    assert role(desk, USER) == "user"


def test_many_people_have_pages(desk: Desk) -> None:
    with desk.store.write() as tx:
        for user in range(100, 110):
            tx.chats.set_role(user, "user", desk.clock.now())
    (listed,) = desk.says("/invite list")
    assert "Page 1 of 3" in listed.text
    desk.press(listed, "More")
    assert "Page 2 of 3" in listed.text
    desk.press(listed, "Remove: 105")
    desk.press(listed, "Yes")
    assert "Page 2 of 2" in listed.text
    assert "Back" in listed.buttons[-1]


def test_a_removed_persons_watches_are_silent_until_invited_again(desk: Desk) -> None:
    watch = Watch("zyxomma", "Zyxomma", names=("Zyxomma",))
    with desk.store.write() as tx:
        tx.chats.add_watch(str(USER), watch, desk.clock.now())
        desk.directory.refresh(tx)
        assert f"chat:{USER}" in desk.directory.watchlists
        access.remove(tx, USER, desk.clock.now())
        desk.directory.refresh(tx)
        assert f"chat:{USER}" not in desk.directory.watchlists
    code = code_in(desk.says("/invite")[0].text)
    assert claim(desk, code, USER) == "user"
    with desk.store.read() as tx:
        desk.directory.refresh(tx)
        assert f"chat:{USER}" in desk.directory.watchlists
        assert access.removed(tx) == frozenset()


def test_help_is_by_role(desk: Desk) -> None:
    assert "/invite" in desk.says("/help")[0].text
    text = desk.as_(USER).says("/help")[0].text
    assert "/invite" not in text
    assert all(f"/{name}" in text for name in replies.commands("user"))
    assert "/watch" not in desk.as_(STRANGER).says("/help")[0].text


@pytest.mark.parametrize("topic", ["watch", "/watch", "WATCH@watch_test_bot please", "sub"])
def test_help_explains_one_command(desk: Desk, topic: str) -> None:
    text = desk.says(f"/help {topic}")[0].text
    assert text.startswith("/watch – watch a company")
    assert "2330 2317 2454" in text


def test_help_knows_what_was_meant(desk: Desk) -> None:
    assert "/watch?" in desk.says("/help wacth")[0].text
