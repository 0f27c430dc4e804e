"""A desk: the bot's conversation without a network. Real store, directory, ingest and handlers; a standing clock.

desk.says("/watch Foxconn")         -> the messages that came of it
desk.press(desk.last, "Undo")       -> what the press brought (a toast in `desk.toast`)
"""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from tests.fakes.botapi_html import parse
from tests.unit.pipeline.conftest import SPECS, WATCHES, Office, StandingClock, settings
from watchbot.bot.asked import asked, pressed
from watchbot.bot.handlers import Handlers
from watchbot.bot.talk import Tools
from watchbot.catalogue import Catalogue, load
from watchbot.config import read_watchlists
from watchbot.message import codec
from watchbot.message.html import alert_html
from watchbot.model.alert import Act, Delivery, Form, Move, State
from watchbot.model.panel import Rows
from watchbot.model.settings import TelegramSettings
from watchbot.model.watch import Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.ingest import Ingest
from watchbot.sources.opml import read_list, write_opml
from watchbot.store import SqlStore, open_store
from watchbot.store.migrate import upgrade

BOT = "watch_test_bot"
OWNER, ADMIN, USER, STRANGER, GROUP = 7, 8, 9, 666, -100200


@dataclass(eq=False)
class Shown:
    """A message as it stands in a chat."""

    id: int
    chat: str
    html: str
    rows: Rows
    token: str
    silent: bool
    reply_to: int | None
    file: str = ""
    alert: int | None = None
    edits: int = 0

    @property
    def text(self) -> str:
        """What a person reads; fails where Telegram would not take it."""
        return parse(self.html).text

    @property
    def buttons(self) -> list[str]:
        """The labels."""
        return [button.text for row in self.rows for button in row]


@dataclass
class Desk(Office):
    """The office with a bot in front of it."""

    tools: Tools = None  # type: ignore[assignment]
    handlers: Handlers = None  # type: ignore[assignment]
    chat: str = str(OWNER)
    user: int = OWNER
    language: str = "en"
    toast: str = ""
    popup: bool = False
    messages: dict[tuple[str, int], Shown] = field(default_factory=dict)
    _ids: Any = field(default_factory=lambda: itertools.count(1001))

    def says(self, text: str, **more: Any) -> list[Shown]:
        """A person types (or sends, with `document={...}`); gives the messages that are new or changed."""
        update = self.update(text, **more)
        question = asked(update, BOT)
        if question is not None:
            self.handlers._commit(question, "1", update.update_id)
        return self.deliver()

    def press(self, message: Shown, label: str, user: int | None = None) -> list[Shown]:
        """A person presses a button; the toast stands in `toast`."""
        button = next(one for row in message.rows for one in row if label in one.text)
        number = next(self._ids)
        body = {
            "update_id": number,
            "callback_query": {
                "id": f"q{number}",
                "from": self._person(user or self.user),
                "chat_instance": "1",
                "data": f"{message.token}:{button.data}",
                "message": self._message(message.id, message.chat),
            },
        }
        press = pressed(Update.de_json(body, None))  # type: ignore[arg-type]
        assert press is not None
        reaction = self.handlers._commit_press(press, "1", number)
        self.toast, self.popup = reaction.toast, reaction.popup
        assert len(self.toast) <= 200
        return self.deliver()

    def update(self, text: str, **more: Any) -> Update:
        """What Telegram would hand over. `more` are further fields of the message."""
        number = next(self._ids)
        message = self._message(number, self.chat) | {"from": self._person(self.user)} | more
        if text:
            message["caption" if "document" in more else "text"] = text
        return Update.de_json({"update_id": number, "message": message}, None)  # type: ignore[arg-type,return-value]

    def deliver(self, what: Any = None) -> list[Shown]:
        """Let everything that is due arrive; gives the messages that are new or changed, in order."""
        changed: list[Shown] = []
        while True:
            with self.store.write() as tx:
                rows = tx.outbox.claim(self.clock.now(), "desk", 60, 50, "telegram")
                for row in rows:
                    shown = self._arrive(row)
                    changed += [shown] if shown not in changed else []
                    move = Move(State.SENT, self.clock.now(), message_id=shown.id)
                    tx.outbox.finish(row.id, move, self.clock.now())
            if not rows:
                return changed

    @property
    def last(self) -> Shown:
        """The newest message."""
        return list(self.messages.values())[-1]

    def chores(self) -> list[Shown]:
        """Do all chores that wait; gives what they brought."""
        from watchbot.bot.chores import Worker

        asyncio.run(Worker(self.tools, lambda: None).drain())
        return self.deliver()

    def as_(self, user: int, chat: int | str | None = None, language: str = "en") -> "Desk":
        """Somebody else speaks from here on (in their private chat, or in `chat`)."""
        self.user, self.chat, self.language = user, str(chat if chat is not None else user), language
        return self

    def _arrive(self, row: Delivery) -> Shown:
        html = row.body
        if row.form is Form.CARD:
            html = alert_html(codec.load(row.body), False, row.created_at)
        file = row.body if row.form is Form.FILE else ""
        if row.act is Act.EDIT:
            assert row.message_id is not None
            shown = self.messages[row.chat, row.message_id]
            shown.html, shown.rows, shown.token, shown.edits = html, row.rows, row.token, shown.edits + 1
            return shown
        shown = Shown(
            next(self._ids),
            row.chat,
            "" if file else html,
            row.rows,
            row.token,
            row.silent,
            row.reply_to,
            file,
            row.alert,
        )
        self.messages[row.chat, shown.id] = shown
        return shown

    def _person(self, user: int) -> dict[str, Any]:
        code = "zh-hant" if self.language == "zh-TW" else "en"
        return {"id": user, "is_bot": False, "first_name": f"Person {user}", "language_code": code}

    def _message(self, number: int, key: str) -> dict[str, Any]:
        chat, _, topic = key.partition("/")
        kind = "private" if not chat.startswith("-") else "supergroup" if chat.startswith("-100") else "group"
        message: dict[str, Any] = {"message_id": number, "date": 1, "chat": {"id": int(chat), "type": kind}}
        if topic:
            message |= {"message_thread_id": int(topic), "is_topic_message": True}
        return message


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The built-in companies, read once."""
    return load()


@pytest.fixture
def desk(tmp_path: Path, catalogue: Catalogue) -> Iterator[Desk]:
    """A desk that is closed afterwards."""
    desk = new_desk(tmp_path, catalogue)
    yield desk
    desk.store.close()


def new_desk(tmp_path: Path, catalogue: Catalogue) -> Desk:
    """Owner 7 (of the configuration), admin 8, user 9; a file's watchlist reaches chats 7 and the group."""
    lists = (Watchlist("w1", "desk", WATCHES, chats=("console", "7", str(GROUP))),)
    configured = settings(lists, tmp_path, telegram=TelegramSettings(token="1:a", admins=(OWNER,)))
    upgrade(configured.database)
    store = open_store(configured.database)
    clock = StandingClock()
    with store.write() as tx:
        sources = tx.sources.sync(SPECS, clock.now())
        tx.chats.set_role(ADMIN, "admin", clock.now())
        tx.chats.set_role(USER, "user", clock.now())
    directory = Directory(configured, companies=catalogue.companies())
    return make_desk(store, directory, clock, sources, catalogue)


def make_desk(
    store: SqlStore, directory: Directory, clock: StandingClock, sources: Any, catalogue: Catalogue, **more: Any
) -> Desk:
    """A desk over these; `more` replaces tools."""
    tools = Tools(
        **{
            "store": store,
            "directory": directory,
            "settings": directory.settings,
            "catalogue": catalogue,
            "ingest": Ingest(store, directory, clock),
            "fetcher": None,
            "cutter": None,
            "clock": clock,
            "find_feeds": None,
            "download": None,
            "read_watchlists": lambda body, name: read_watchlists(body, name, catalogue),
            "read_opml": read_list,
            "write_opml": write_opml,
        }
        | more
    )
    desk = Desk(store, directory, clock, sources, tools=tools)
    desk.handlers = Handlers(tools, lambda: None)
    return desk
