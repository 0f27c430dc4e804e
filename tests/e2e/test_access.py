"""Who is let in, with the daemon as a process: invitations, removal, open access, the menu, strangers, faults."""

import re
import sqlite3

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer

pytestmark = pytest.mark.e2e
PAGE = "{name} said on Friday that it will build a second plant near the harbour.\n"
CODE = re.compile(r"start=(\S+)")


def test_an_invited_user_watches_until_removed(house: House, api: BotApiServer) -> None:
    boss, guest = api.chat(1001), api.chat(2002)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    boss.says("/invite user 1h")
    link = boss.expects("one user", f"t.me/{api.bot['username']}?start=")
    code = CODE.search(link.text)
    assert code
    assert len(code[1]) == 32
    guest.starts(code[1])
    guest.expects("user")
    guest.says("/watch Zyxomma")
    guest.expects("Zyxomma")
    house.drop("one.txt", PAGE.format(name="Zyxomma"))
    guest.expects("Zyxomma", "second plant")
    guest.read()
    boss.says("/invite list")
    people = boss.expects("2002")
    boss.presses(people, "Remove")
    boss.expects_edit(people, "Nothing is deleted")
    boss.presses(people, "Yes")
    boss.expects_edit(people, "Let in")
    api.wait_confirmed()
    house.drop("two.txt", PAGE.format(name="Zyxomma Two"))
    house.expects("two.txt:")
    guest.says("/list")
    guest.expects("private", "2002")
    assert guest.unread == []
    _no_code_is_kept(house, code[1])


def _no_code_is_kept(house: House, code: str) -> None:
    """Neither log nor database holds the code of an invitation."""
    assert code not in "\n".join(house.lines)
    with sqlite3.connect(house.root / "var" / "watchbot.db") as database:
        whole = "\n".join(database.iterdump())
    assert "one user" in whole
    assert code not in whole


def test_open_access_lets_everybody_in(house: House, api: BotApiServer) -> None:
    api.chat(1001)
    anybody = api.chat(5005)
    house.configure({}, api, chats="[console]", admins="1001", telegram="access: open, quotas: {per_minute: 3}")
    house.start()
    anybody.says("/watch Zyxomma")
    anybody.expects("Zyxomma")
    anybody.says("/invite")
    anybody.expects("admins")
    anybody.says("/help")
    anybody.expects("/watch")
    for _ in range(3):
        anybody.says("/help")
    anybody.expects("wait a minute")
    api.wait_confirmed()
    assert anybody.unread == []
    assert "watch" in api.commands["default", ""]


def test_the_menu_follows_the_roles(house: House, api: BotApiServer) -> None:
    boss, guest = api.chat(1001), api.chat(2002)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    api.wait_for(lambda: ("chat:1001", "zh") in api.commands, 10, "the admin's menu")
    assert api.commands["default", ""] == ["start", "help"]
    assert len(api.commands["chat:1001", ""]) == 8
    boss.says("/invite")
    code = CODE.search(boss.expects("start=").text)
    assert code
    guest.starts(code[1])
    api.wait_for(lambda: ("chat:2002", "zh") in api.commands, 20, "the guest's menu")
    assert "invite" not in api.commands["chat:2002", ""]


def test_a_death_between_handling_and_confirming_repeats_nothing(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    api.wait_confirmed(boss.says("/help").update_id)
    boss.expects("/watch")
    hung = api.fault("hang", method="getUpdates")  # the call that would confirm never reaches the server's memory
    said = boss.says("/watch Zyxomma")
    boss.expects("Zyxomma")
    api.wait_for(lambda: hung.hits, 10, "the call that confirms")
    assert said.update_id in [update["update_id"] for update in api.world.updates]
    house.kill()
    house.start()
    api.wait_confirmed(said.update_id)
    api.wait_confirmed(boss.says("/help").update_id)
    boss.expects("/watch")
    assert boss.unread == []


def test_an_update_that_nobody_can_read_is_reported(house: House, api: BotApiServer) -> None:
    boss = api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    bad = api.push_update("message", {"message_id": 1, "chat": {"id": 1001}, "from": {"id": 1001}, "text": "secret"})
    boss.says("/help")
    boss.expects("/watch")
    boss.expects("not your fault")
    boss.expects(f"update {bad}: ")
    printed = "\n".join(house.lines)
    assert "secret" not in printed
    assert "Traceback" not in printed


def test_an_expired_or_used_code_opens_nothing(house: House, api: BotApiServer) -> None:
    first, second = api.chat(2002), api.chat(3003)
    api.chat(1001)
    house.configure({}, api, chats="[console]", admins="1001")
    house.start()
    code = CODE.search(house.run("invite", "--role", "user").stdout)
    assert code
    first.starts(code[1])
    first.expects("user")
    second.starts(code[1])
    second.expects("unknown, used or expired")
    api.wait_confirmed(second.starts("guess").update_id)
    assert second.unread == []
