"""The menus of commands that Telegram shows, for strangers, groups and every person by role, in both languages.

roles in the database -> wanted menus, each with a hash -> those that changed -> setMyCommands -> hashes remembered

A menu that cannot be set is tried again later; it never stops the bot.
"""

import asyncio
import hashlib
import json
import logging
from functools import cache

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ExtBot

from watchbot.bot.talk import Tools
from watchbot.message.replies import describe
from watchbot.pipeline.access import members
from watchbot.ports.store import Tx
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

EVERY = 5.0
AGAIN = 600.0
LANGUAGES = (("", "en"), ("zh", "zh-TW"))  # what Telegram calls a language ("" = all others), and what we call it
STRANGERS = ("start", "help")
USERS = ("watch", "list", "latest", "search", "mute", "digest", "add", "help")
CHIEFS = ("watch", "list", "latest", "search", "mute", "add", "invite", "status")
MEMBERS = ("start",)
ADMINISTRATORS = ("watch", "unwatch", "list", "latest", "mute", "digest", "why", "settings")
_BY_ROLE = {"owner": CHIEFS, "admin": CHIEFS, "user": USERS}
_KEY = "menus"


class Menus:
    """Keeps the menus as the roles are."""

    def __init__(self, bot: "ExtBot[None]", tools: Tools, bot_key: str) -> None:
        """`bot_key` names the settings that remember what was set."""
        self._bot = bot
        self._tools = tools
        self._notes = f"telegram:{bot_key}"
        self._version = -1
        self._again_at = 0.0

    async def run(self) -> None:
        """Look every few seconds whether a role changed, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Set what changed since the last look, on this node or another."""
        found = await in_thread(self._wanted)
        if found is None:
            return
        wanted, had = found
        have = dict(had)
        self._again_at = float("inf")
        try:
            for scope in sorted(had.keys() - wanted.keys()):
                await self._take_away(scope)
                del have[scope]
            for scope, names in wanted.items():
                mark = _mark(names)
                if have.get(scope) != mark and await self._set(scope, names):
                    have[scope] = mark
        except RetryAfter:
            self._later()
        if have != had:
            await in_thread(self._remember, have)

    async def _set(self, scope: str, names: tuple[str, ...]) -> bool:
        """Set one menu in every language; gives whether Telegram took it."""
        try:
            for code, language in LANGUAGES:
                menu = [BotCommand(name, describe(language, name)) for name in names]
                await self._bot.set_my_commands(menu, scope=_scope(scope), language_code=code or None)
        except RetryAfter:
            raise
        except TelegramError as error:  # mostly an admin of the configuration who never wrote to the bot
            log.info("the menu of %s is not set: %s", scope, type(error).__name__)
            self._later()
            return False
        return True

    async def _take_away(self, scope: str) -> None:
        """Somebody was removed: the strangers' menu holds again."""
        try:
            for code, _language in LANGUAGES:
                await self._bot.delete_my_commands(scope=_scope(scope), language_code=code or None)
        except RetryAfter:
            raise
        except TelegramError as error:
            log.info("the menu of %s is not taken away: %s", scope, type(error).__name__)

    def _later(self) -> None:
        self._again_at = self._tools.clock.monotonic() + AGAIN

    def _wanted(self) -> tuple[dict[str, tuple[str, ...]], dict[str, str]] | None:
        """Every menu there should be, and the marks of those there are; None while nothing changed."""
        with self._tools.store.read() as tx:
            version = tx.chats.version()
            if version == self._version and self._tools.clock.monotonic() < self._again_at:
                return None
            self._version = version
            return self._menus(tx), json.loads(tx.chats.settings(self._notes).get(_KEY, "{}"))

    def _menus(self, tx: Tx) -> dict[str, tuple[str, ...]]:
        settings = self._tools.settings
        is_open = settings.telegram is not None and settings.telegram.access == "open"
        people = {str(one.user): _BY_ROLE[one.role] for one in members(tx, settings) if one.role in _BY_ROLE}
        return {
            "everybody": USERS if is_open else STRANGERS,
            "groups": MEMBERS,
            "administrators": ADMINISTRATORS,
            **people,
        }

    def _remember(self, have: dict[str, str]) -> None:
        with self._tools.store.write() as tx:
            tx.chats.set(self._notes, _KEY, json.dumps(have, sort_keys=True))


def _scope(name: str) -> BotCommandScope:
    """Whom a menu is for."""
    match name:
        case "everybody":
            return BotCommandScopeDefault()
        case "groups":
            return BotCommandScopeAllGroupChats()
        case "administrators":
            return BotCommandScopeAllChatAdministrators()
        case _:
            return BotCommandScopeChat(int(name))


@cache
def _mark(names: tuple[str, ...]) -> str:
    """Changes whenever a menu or one of its texts does. There are four menus for any number of people."""
    texts = [describe(language, name) for _code, language in LANGUAGES for name in names]
    return hashlib.sha256(json.dumps([list(names), texts]).encode()).hexdigest()[:16]
