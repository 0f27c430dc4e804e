"""Who watches what: the watchlists of files and chats, the matcher kept in step with them, how each chat reads.

settings + chat watches -> Directory -> match(item), chats(match, source), view(chat)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import RLock

from watchbot.catalogue import Company
from watchbot.matching.matcher import Matcher
from watchbot.model.item import Item
from watchbot.model.match import Match, NearMiss
from watchbot.model.records import ChatWatch, SourceSpec
from watchbot.model.settings import NamedChat, Settings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.naming import Naming
from watchbot.ports.store import Tx

OWNER = "owner"
CONSOLE = "console"
_NO_TELEGRAM_NEEDED = (OWNER, CONSOLE)


@dataclass(frozen=True, slots=True)
class ChatView:
    """How one chat reads: `language` en or zh-TW, `timezone` an IANA name."""

    language: str
    timezone: str


class Directory:
    """All watchlists with one matcher. Safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        names_of: Callable[[str], tuple[str, ...]] | None = None,
        companies: Iterable[Company] = (),
    ) -> None:
        """Index the watchlists of the configuration.

        `names_of` gives a catalogue company's names for queries; `companies` are those that stories are told apart by.
        """
        self.settings = settings
        self.naming = Naming(companies)
        self.matcher = Matcher(names_of=names_of)
        self.watchlists: dict[str, Watchlist] = {}
        self._watches: dict[tuple[str, str], Watch] = {}
        self._lock = RLock()
        self._version = -1
        self._owner: int | None = None
        self._chat_settings: dict[str, Mapping[str, str]] = {}
        for watchlist in settings.watchlists:
            self._put(watchlist)

    def refresh(self, tx: Tx) -> None:
        """Take over what chats changed since the last look, on this node or another."""
        version = tx.chats.version()
        with self._lock:
            if version == self._version:
                return
            self._owner = tx.chats.owner()
            self._chat_settings.clear()
            wanted = chat_watchlists(tx.chats.watches())
            for key in [key for key in self.watchlists if key.startswith("chat:") and key not in wanted]:
                self._drop(key)
            for key, watchlist in wanted.items():
                self._replace(key, watchlist)
            for chat in {chat for watchlist in self.watchlists.values() for chat in self.targets(watchlist)}:
                self._chat_settings[chat] = dict(tx.chats.settings(chat))
            self._version = version

    def match(self, item: Item) -> list[Match]:
        """Every watch that matches, of every watchlist."""
        with self._lock:
            return self.matcher.match(item)

    def near_misses(self, item: Item) -> list[NearMiss]:
        """What stood in the item and yet did not fire."""
        with self._lock:
            return self.matcher.near_misses(item)

    def watch(self, watchlist: str, watch: str) -> Watch | None:
        """A watch by its watchlist's key and its id."""
        return self._watches.get((watchlist, watch))

    def label(self, watchlist: str, watch: str) -> str:
        """What alerts call a watch."""
        found = self.watch(watchlist, watch)
        return found.label if found else watch

    def hears(self, watchlist: Watchlist, source: SourceSpec) -> bool:
        """Whether a watchlist takes items of this source: named by name, address, search or OPML file."""
        if source.chat and source.chat not in self.targets(watchlist):
            return False
        if watchlist.sources is None or source.chat:
            return True
        return not {source.name, source.address, source.family or source.name}.isdisjoint(watchlist.sources)

    def targets(self, watchlist: Watchlist) -> tuple[str, ...]:
        """The chat keys a watchlist tells, names resolved, each once, in the order written."""
        return tuple(dict.fromkeys(self.resolve(chat) for chat in watchlist.chats))

    def resolve(self, chat: str) -> str:
        """The chat key behind a written chat: a name of `chats:`, `owner` once known, or the key itself."""
        if chat == OWNER:
            known = self.owner()
            return str(known) if known is not None else OWNER
        for named in self.settings.chats:
            if named.name == chat:
                return self.resolve(named.id)
        return chat

    def owner(self) -> int | None:
        """The owner's user id: the first admin of the configuration, else who claimed the bot."""
        telegram = self.settings.telegram
        if telegram is None or not telegram.token:
            return None
        return telegram.admins[0] if telegram.admins else self._owner

    def view(self, chat: str, watchlist: Watchlist | None = None) -> ChatView:
        """How a chat reads: what was set in it wins, then its named entry, the watchlist, the defaults."""
        said = self._chat_settings.get(chat, {})
        named = self.named(chat)
        defaults = self.settings.defaults

        def first(setting: str, default: str) -> str:
            choices = (said.get(setting, ""), getattr(named, setting, ""), getattr(watchlist, setting, ""), default)
            return next((choice for choice in choices if choice), default)

        return ChatView(first("language", defaults.language), first("timezone", defaults.timezone))

    def named(self, chat: str) -> NamedChat | None:
        """The entry of `chats:` for a chat key."""
        return next((entry for entry in self.settings.chats if self.resolve(entry.id) == chat), None)

    def _put(self, watchlist: Watchlist) -> None:
        self.watchlists[watchlist.key] = watchlist
        self.naming.add(watchlist)
        for watch in watchlist.watches:
            self.matcher.add(watchlist.key, watch)
            self._watches[watchlist.key, watch.id] = watch

    def _drop(self, key: str) -> None:
        for watch in self.watchlists.pop(key).watches:
            self.matcher.remove(key, watch.id)
            del self._watches[key, watch.id]

    def _replace(self, key: str, watchlist: Watchlist) -> None:
        if self.watchlists.get(key) == watchlist:
            return
        if key in self.watchlists:
            self._drop(key)
        self._put(watchlist)


def chat_key(chat: str) -> str:
    """The key of the watchlist that holds the watches made in a chat."""
    return f"chat:{chat}"


def chat_watchlists(rows: Iterable[ChatWatch]) -> dict[str, Watchlist]:
    """The watches made in chats as watchlists, by key."""
    by_chat: dict[str, list[Watch]] = {}
    for row in rows:
        by_chat.setdefault(row.chat, []).append(row.watch)
    return {
        chat_key(chat): Watchlist(chat_key(chat), "", tuple(watches), chats=(chat,))
        for chat, watches in by_chat.items()
    }
