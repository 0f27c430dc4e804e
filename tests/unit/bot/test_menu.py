"""The menus by role, against the project's Bot API server: set once, again when a role changes, never in the way."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.fakes.botapi import BotApiServer
from tests.unit.bot.conftest import ADMIN, OWNER, USER, Desk
from watchbot.bot import menu
from watchbot.bot.menu import Menus
from watchbot.bot.registry import COMMANDS
from watchbot.delivery.application import make_bot
from watchbot.message import replies

EIGHT = 8


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A server that knows everybody but the admin."""
    with BotApiServer.in_thread() as server:
        for user in (OWNER, USER):
            server.chat(user)
        yield server


def look(desk: Desk, api: BotApiServer, *between: Callable[[], object]) -> None:
    """Look once, then once more after each of these."""

    async def go() -> None:
        async with make_bot(api.token, api.url, "", None) as bot:
            one = Menus(bot, desk.tools, "1")
            await one.look()
            for happens in between:
                happens()
                await one.look()

    asyncio.run(go())


def give(desk: Desk, user: int, role: str) -> None:
    with desk.store.write() as tx:
        tx.chats.set_role(user, role, desk.clock.now())


def test_everybody_has_a_menu_in_both_languages(desk: Desk, api: BotApiServer) -> None:
    look(desk, api)
    for language in ("", "zh"):
        assert api.commands["default", language] == ["start", "help"]
        assert api.commands["all_group_chats", language] == ["start"]
        assert len(api.commands["all_chat_administrators", language]) == EIGHT
        assert api.commands[f"chat:{OWNER}", language] == list(menu.CHIEFS)
        assert api.commands[f"chat:{USER}", language] == list(menu.USERS)
        assert (f"chat:{ADMIN}", language) not in api.commands


def test_menus_are_set_again_only_where_they_changed(desk: Desk, api: BotApiServer) -> None:
    def changed() -> list[str]:
        return [str(call.params["scope"]) for call in api.calls_of("setMyCommands") if call.status == 200]

    look(desk, api, lambda: None)
    assert len(changed()) == 10
    look(desk, api, lambda: give(desk, USER, "admin"))
    assert len(changed()) == 12
    assert api.commands[f"chat:{USER}", ""] == list(menu.CHIEFS)


def test_who_is_removed_loses_the_menu(desk: Desk, api: BotApiServer) -> None:
    look(desk, api, lambda: give(desk, USER, ""))
    assert (f"chat:{USER}", "") not in api.commands
    assert (f"chat:{USER}", "zh") not in api.commands


def test_who_could_not_be_reached_is_tried_again(desk: Desk, api: BotApiServer) -> None:
    def comes() -> None:
        api.chat(ADMIN)
        desk.clock.move(menu.AGAIN + 1)

    look(desk, api, comes)
    assert api.commands[f"chat:{ADMIN}", ""] == list(menu.CHIEFS)


@pytest.mark.parametrize("kind", ["500", "429", "401", "drop", "not_json"])
def test_trouble_with_a_menu_stops_nothing(desk: Desk, api: BotApiServer, kind: str) -> None:
    api.fault(kind, method="setMyCommands", times=None)
    look(desk, api)
    assert api.commands == {}
    api.clear_faults()
    api.limits.pauses.clear() if hasattr(api.limits, "pauses") else None
    look(desk, api)
    assert api.commands["default", ""] == ["start", "help"]


def test_open_access_shows_everybody_what_users_can_do(desk: Desk, api: BotApiServer) -> None:
    telegram = replace(desk.tools.settings.telegram, access="open")
    desk.tools = replace(desk.tools, settings=replace(desk.tools.settings, telegram=telegram))
    look(desk, api)
    assert api.commands["default", ""] == list(menu.USERS)


@pytest.mark.parametrize("names", [menu.USERS, menu.CHIEFS, menu.ADMINISTRATORS])
def test_menus_hold_eight_commands_that_exist(names: tuple[str, ...]) -> None:
    assert len(names) == EIGHT
    assert set(names) <= COMMANDS.keys()


def test_every_command_is_described_and_explained() -> None:
    assert set(replies.commands("owner")) == COMMANDS.keys() - {""}
    for language in ("en", "zh-TW"):
        for name in replies.commands("owner"):
            assert 3 <= len(replies.describe(language, name)) <= 256 or language == "zh-TW"
            assert replies.explain(language, name)
