"""What every command, button and chore is written against: the talk it is part of, and what it answers.

Asked or Pressed -> Talk (inside the update's transaction) -> use case -> Answer, Reaction -> queued, committed
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watchbot.bot.asked import Asked, SentFile
from watchbot.catalogue import Catalogue
from watchbot.model.outline import FeedList, Outline
from watchbot.model.panel import Panel, PanelRow, Rows
from watchbot.model.records import Chore, NewChore
from watchbot.model.settings import Settings
from watchbot.model.watch import Watchlist
from watchbot.pipeline.directory import Directory, Watching
from watchbot.pipeline.ingest import Ingest
from watchbot.ports.clock import Clock
from watchbot.ports.cutter import Cutter
from watchbot.ports.fetcher import SourceFetcher
from watchbot.ports.store import Store, Tx


@dataclass(frozen=True, slots=True)
class Tools:
    """What talks share. `download` gives the bytes of a sent file; `find_feeds` is sources.discover.discover with its
    fetcher, cutter and clock given; `read_watchlists` reads a sent watchlist file (its bytes and name; ConfigError has
    every mistake with its line), `read_opml` and `write_opml` lists of feeds."""

    store: Store
    directory: Directory
    settings: Settings
    catalogue: Catalogue
    ingest: Ingest
    fetcher: SourceFetcher
    cutter: Cutter
    clock: Clock
    find_feeds: Callable[[str], Awaitable[Any]]
    download: Callable[[SentFile], Awaitable[bytes]]
    read_watchlists: Callable[[bytes, str], tuple[Watchlist, ...]]
    read_opml: Callable[[bytes], FeedList]
    write_opml: Callable[[Iterable[Outline], str], str]
    username: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One update on its way, inside its transaction. `role` is owner, admin, user or "" (let in nowhere).

    `may_change`: this person may change things in this chat: anyone with a role in private, in a group only an admin of
    the bot, or a user of the bot whom Telegram calls an administrator of the group.
    """

    tx: Tx
    tools: Tools
    chat: str
    user: int
    private: bool
    role: str
    may_change: bool
    language: str
    timezone: str
    now: datetime
    asked: Asked | None = None

    @property
    def argument(self) -> str:
        """What stands behind the command."""
        return self.asked.argument if self.asked else ""

    def label(self, one: Watching) -> str:
        """What this talk calls a watch."""
        return self.tools.directory.label(one.watchlist.key, one.watch.id, self.language)


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send beside a text."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """One message. Buttons need the panel that answers them. `chore` is begun once this is committed, and its result
    takes this message's place. `chat` "" is the chat that asked."""

    html: str
    rows: Rows = ()
    panel: Panel | None = None
    reply_to: int | None = None
    document: Document | None = None
    chore: NewChore | None = None
    chat: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a press brings. `toast` is shown for a moment (at most 200 characters), as a window with `popup`.

    `edit` is what the pressed message becomes (with its panel's new state); for an alert its text is left as it is and
    only the buttons are taken. `answers` are further messages.
    """

    toast: str = ""
    popup: bool = False
    edit: Answer | None = None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """The pressed panel, and what the button says."""

    row: PanelRow
    verb: str
    argument: str = ""

    @property
    def state(self) -> Mapping[str, Any]:
        """What the panel remembers."""
        return self.row.panel.state


@dataclass(frozen=True, slots=True)
class Command:
    """A command. `needs` is what it takes: "change" (Talk.may_change), "read" (anyone let in),
    "admin", "anyone" (strangers too)."""

    run: Callable[[Talk], "Answer | tuple[Answer, ...]"]
    needs: str = "change"


PressCase = Callable[[Talk, Press], Reaction]


@dataclass(frozen=True, slots=True)
class ChoreCase:
    """Long work: `prepare` asks the web (no transaction; WatchbotError is told in words), `finish` puts its result into
    the database and words (chore, what prepare gave or the WatchbotError it raised)."""

    prepare: Callable[[Tools, Chore], Awaitable[Any]]
    finish: Callable[[Talk, Chore, Any], Answer]
