"""Who watches what: the watchlists of files and chats, the matcher kept in step with them, how each chat is told.

settings + chat watches + wishes -> Directory -> match(item), targets_of(watch), manner(chat, watch), watching(chat)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import TypeVar

from watchbot.catalogue import Company
from watchbot.catalogue.keys import key as name_key
from watchbot.matching.matcher import Matcher
from watchbot.model.item import Item
from watchbot.model.match import Match, NearMiss
from watchbot.model.records import ChatWatch, Join, Mute, Rule, SourceSpec
from watchbot.model.settings import NamedChat, Settings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.access import removed
from watchbot.pipeline.manner import Manner, Wanted, manner_of, voice_of
from watchbot.pipeline.naming import Naming
from watchbot.pipeline.ruled import PREFIX, SOURCE, Beside, derived_key, origin_of, ruled
from watchbot.ports.store import Tx

OWNER = "owner"
CONSOLE = "console"
TOPIC_GONE = "topic_gone"  # the setting of a topic's key while what a file sends there goes to General
_Wish = TypeVar("_Wish", Mute, Rule)
_FOLLOWED = 5  # moves of one chat, at most


@dataclass(frozen=True, slots=True)
class ChatView:
    """How one chat reads: `language` en or zh-TW, `timezone` an IANA name."""

    language: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Watching:
    """One watch that reaches a chat, as it works there. `locked`: it stands in a file; `on`: the chat did not switch it
    off."""

    watchlist: Watchlist
    watch: Watch
    locked: bool
    on: bool


class Directory:
    """All watchlists with one matcher. Safe to use from several threads.

    `watchlists` are those of files and chats; what a chat wants otherwise of a file's watch is matched by lists of its
    own, which stand beside them and are named in matches only (`watchlist`, `origin_of`).
    """

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
        self._companies = {company.id: company for company in companies}
        self.naming = Naming(self._companies.values())
        self.matcher = Matcher(names_of=names_of)
        self.watchlists: dict[str, Watchlist] = {}
        self._beside: dict[tuple[str, str], Beside] = {}
        self._off: dict[tuple[str, str], tuple[str, ...]] = {}
        self._watches: dict[tuple[str, str], Watch] = {}
        self._lock = RLock()
        self._version = -1
        self._owner: int | None = None
        self._moved: dict[str, str] = {}
        self._mutes: dict[str, tuple[Mute, ...]] = {}
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._joins: tuple[Join, ...] = ()
        self._gone: frozenset[str] = frozenset()
        self._chat_settings: dict[str, dict[str, str]] = {}
        self._targets: dict[tuple[str, str], tuple[str, ...]] = {}
        self._manners: dict[tuple[str, str, str], Manner] = {}
        self._voices: dict[str, Watchlist] = {}
        for watchlist in settings.watchlists:
            self._put(watchlist)

    def refresh(self, tx: Tx) -> None:
        """Take over what chats changed since the last look, on this node or another."""
        version = tx.chats.version()
        with self._lock:
            if version == self._version:
                return
            self._owner = tx.chats.owner()
            self._chat_settings = tx.chats.every_setting()
            gone = (chat for chat, said in self._chat_settings.items() if TOPIC_GONE in said)
            self._moved = tx.chats.moved() | {chat: chat.partition("/")[0] for chat in gone}
            self._mutes = _by_chat(tx.wishes.mutes())
            self._rules = _by_chat(tx.wishes.rules())
            self._joins = tuple(tx.wishes.joins())
            self._gone = removed(tx) - {str(user) for user in self.settings.admins}
            own = chat_watchlists(row for row in tx.chats.watches() if row.chat not in self._gone)
            self._renew({key for key in self.watchlists if key.startswith("chat:")}, own)
            self._forget()
            self._take_rules()
            self._forget()
            self._version = version

    def match(self, item: Item) -> list[Match]:
        """Every watch that matches, of every watchlist."""
        with self._lock:
            return [match for match in self.matcher.match(item) if self._counts(match)]

    def near_misses(self, item: Item) -> list[NearMiss]:
        """What stood in the item and yet did not fire."""
        with self._lock:
            return [miss for miss in self.matcher.near_misses(item) if self._counts(miss)]

    def watch(self, watchlist: str, watch: str) -> Watch | None:
        """A watch by its watchlist's key and its id."""
        return self._watches.get((watchlist, watch))

    def watchlist(self, key: str) -> Watchlist:
        """The watchlist that a match names, one that holds a chat's changed watches too; KeyError where it is gone."""
        if key.startswith(PREFIX):
            chat, _bar, origin = key.removeprefix(PREFIX).partition("|")
            derived = self._beside[chat, origin].derived
            if derived is None:
                raise KeyError(key)
            return derived
        return self.watchlists[key]

    def label(self, watchlist: str, watch: str, language: str = "") -> str:
        """What alerts call a watch: with `language` a catalogue company by its name there, unless its label is one of
        the user's own."""
        found = self.watch(watchlist, watch)
        if found is None:
            return watch
        company = self._companies.get(found.company) if language else None
        return shown_label(found.label, company, language) if company else found.label

    def hears(self, watchlist: Watchlist, source: SourceSpec, watch: str = "") -> bool:
        """Whether a watchlist, or one watch of it, takes items of this source: named by name, address, search or OPML
        file."""
        told = self.targets_of(watchlist.key, watch) if watch else self.targets(watchlist)
        if source.chat and source.chat not in told:
            return False
        if watchlist.sources is None or source.chat:
            return True
        return not {source.name, source.address, source.family or source.name}.isdisjoint(watchlist.sources)

    def targets(self, watchlist: Watchlist) -> tuple[str, ...]:
        """The chat keys that a watchlist serves, with any of its watches; names resolved, each once."""
        own = self._chats_of(watchlist, None)
        particular = (chat for watch in watchlist.watches if watch.chats for chat in self._chats_of(watchlist, watch))
        return tuple(dict.fromkeys((*own, *particular)))

    def targets_of(self, watchlist: str, watch: str) -> tuple[str, ...]:
        """The chat keys that one watch tells: its own chats, else its watchlist's and who switched that on; without
        those that want it otherwise."""
        with self._lock:
            found = self._targets.get((watchlist, watch))
            if found is None:
                found = self._targets[watchlist, watch] = self._find_targets(watchlist, watch)
            return found

    def switched_off(self, watchlist: str, watch: str) -> tuple[str, ...]:
        """Chats that would be told by this watch but switched it off."""
        return self._off.get((watchlist, watch), ())

    def resolve(self, chat: str) -> str:
        """The chat key behind a written chat: a name of `chats:`, `owner` once known, or the key itself; where the chat
        has moved its new key."""
        if chat == OWNER:
            known = self.owner()
            return str(known) if known is not None else OWNER
        for named in self.settings.chats:
            if named.name == chat:
                return self.resolve(named.id)
        return self._follow(chat)

    def owner(self) -> int | None:
        """The owner's user id: the first admin of the configuration, else who claimed the bot."""
        telegram = self.settings.telegram
        if telegram is None or not telegram.token:
            return None
        return telegram.admins[0] if telegram.admins else self._owner

    def view(self, chat: str, watchlist: Watchlist | None = None) -> ChatView:
        """How a chat reads: what was set in it wins, then its named entry, the watchlist (without one those of files
        that tell it), the defaults."""
        found = self.manner(chat, watchlist or self._voice(chat))
        return ChatView(found.language, found.timezone)

    def manner(self, chat: str, watchlist: Watchlist | None = None, watch: Watch | None = None) -> Manner:
        """How a chat is told of what this watch finds; without one, how it is told in general."""
        place = (chat, watchlist.key if watchlist else "", watch.id if watch else "")
        with self._lock:
            found = self._manners.get(place)
            if found is None:
                beside = self._said_beside(chat, watchlist, watch)
                said = self._chat_settings.get(chat, {})
                wanted = Wanted(beside, said, self.named(chat), watch, watchlist, self.settings.defaults)
                found = self._manners[place] = manner_of(wanted)
            return found

    def named(self, chat: str) -> NamedChat | None:
        """The entry of `chats:` for a chat key."""
        return next((entry for entry in self.settings.chats if self.resolve(entry.id) == chat), None)

    def mutes(self, chat: str) -> tuple[Mute, ...]:
        """The mutes of a chat, ended ones too."""
        return self._mutes.get(chat, ())

    def rules(self, chat: str) -> tuple[Rule, ...]:
        """What a chat wants otherwise of watches that stand in files."""
        return self._rules.get(chat, ())

    def digest_sources(self, chat: str) -> frozenset[str]:
        """The shown names of the sources whose news a chat wants in the digest only."""
        return frozenset(rule.value for rule in self.rules(chat) if rule.kind == SOURCE)

    def joined(self, chat: str) -> tuple[str, ...]:
        """The names of the watchlists that a chat switched on."""
        return tuple(join.watchlist for join in self._joins if self._follow(join.chat) == chat)

    def people_chats(self, watchlist: str) -> tuple[str, ...]:
        """The chats that switched the watchlist of this name on."""
        return tuple(dict.fromkeys(self._follow(join.chat) for join in self._joins if join.watchlist == watchlist))

    def watching(self, chat: str) -> list[Watching]:
        """Every watch that reaches a chat, as it works there, those it switched off too; watches of files first."""
        found = []
        for watchlist in list(self.watchlists.values()):
            beside = self._beside.get((chat, watchlist.key))
            for watch in watchlist.watches:
                if chat in self._chats_of(watchlist, watch):
                    changed = self._watches.get((derived_key(chat, watchlist.key), watch.id), watch)
                    on = beside is None or watch.id not in beside.off
                    found.append(Watching(watchlist, changed, watchlist.key != chat_key(chat), on))
        return sorted(found, key=lambda one: not one.locked)

    def is_gone(self, chat: str) -> bool:
        """Whether it is the private chat of somebody who was removed, and no file sends anything there."""
        return chat in self._gone and not self.watching(chat)

    def _voice(self, chat: str) -> Watchlist:
        """How the watchlists of files that tell a chat speak."""
        with self._lock:
            if chat not in self._voices:
                lists = [one for one in self.settings.watchlists if chat in self.targets(one)]
                self._voices[chat] = voice_of(lists, self.settings.defaults)
            return self._voices[chat]

    def _find_targets(self, watchlist: str, watch: str) -> tuple[str, ...]:
        if watchlist.startswith(PREFIX):
            chat, _bar, origin = watchlist.removeprefix(PREFIX).partition("|")
            beside = self._beside.get((chat, origin))
            return (chat,) if beside and watch in beside.settings else ()
        found = self.watchlists.get(watchlist)
        if found is None:
            return ()
        chats = self._chats_of(found, self._watches.get((watchlist, watch)))
        return tuple(chat for chat in chats if not self._is_ruled(chat, watchlist, watch))

    def _chats_of(self, watchlist: Watchlist, watch: Watch | None) -> tuple[str, ...]:
        """Who a watch is for, whatever they want otherwise."""
        if watch is not None and watch.chats:
            return tuple(dict.fromkeys(self.resolve(chat) for chat in watch.chats))
        joined = self.people_chats(watchlist.name) if watchlist.name and watchlist.join != "off" else ()
        return tuple(dict.fromkeys((*(self.resolve(chat) for chat in watchlist.chats), *joined)))

    def _is_ruled(self, chat: str, watchlist: str, watch: str) -> bool:
        """Whether a chat has this watch off, or a changed one instead of it."""
        beside = self._beside.get((chat, watchlist))
        return beside is not None and (watch in beside.off or watch in beside.settings)

    def _said_beside(self, chat: str, watchlist: Watchlist | None, watch: Watch | None) -> Mapping[str, str]:
        """What was said in the chat for this very watch: by a rule, or on a watch of its own."""
        if watchlist is None or watch is None:
            return {}
        if watchlist.key == chat_key(chat):
            said = {name: getattr(watch, name) for name in ("deliver", "mentions", "updates")}
            return {name: value for name, value in said.items() if value}
        beside = self._beside.get((chat, origin_of(watchlist.key)))
        return beside.settings.get(watch.id, {}) if beside else {}

    def _counts(self, found: Match | NearMiss) -> bool:
        """Whether it is of a watch: those that only stand beside a chat's changed ones fire in their own list."""
        return not found.watchlist.startswith(PREFIX) or bool(self.targets_of(found.watchlist, found.watch))

    def _follow(self, chat: str) -> str:
        """Where a chat is now. The topic General is the group itself."""
        chat = chat.removesuffix("/1")
        for _step in range(_FOLLOWED):
            bare, slash, topic = chat.partition("/")
            new = self._moved.get(chat) or (slash and self._moved.get(bare, "") and f"{self._moved[bare]}/{topic}")
            if not new:
                break
            chat = new
        return chat

    def _take_rules(self) -> None:
        """Make the lists of what chats want otherwise; a rule for a watch that does not reach its chat does nothing."""
        beside: dict[tuple[str, str], Beside] = {}
        for chat, rules in self._rules.items():
            for key in dict.fromkeys(rule.watchlist for rule in rules):
                watchlist = self.watchlists.get(key)
                if watchlist is not None:
                    reaching = [
                        rule for rule in rules if rule.watchlist == key and self._reaches(watchlist, rule, chat)
                    ]
                    beside[chat, key] = ruled(watchlist, chat, reaching)
        gone = {one.derived.key: one.derived for one in self._beside.values() if one.derived}
        wanted = {one.derived.key: one.derived for one in beside.values() if one.derived}
        for key, derived in gone.items():
            if wanted.get(key) != derived:
                self._leave(derived)
        for key, derived in wanted.items():
            if gone.get(key) != derived:
                self._enter(derived)
        off: dict[tuple[str, str], tuple[str, ...]] = {}
        for (chat, key), one in beside.items():
            for watch in one.off:
                off[key, watch] = (*off.get((key, watch), ()), chat)
        self._beside, self._off = beside, off

    def _reaches(self, watchlist: Watchlist, rule: Rule, chat: str) -> bool:
        watch = self._watches.get((watchlist.key, rule.watch))
        return watch is not None and chat in self._chats_of(watchlist, watch)

    def _forget(self) -> None:
        """What was worked out before a change."""
        self._targets, self._manners, self._voices = {}, {}, {}

    def _renew(self, old: set[str], wanted: Mapping[str, Watchlist]) -> None:
        """Have these lists instead of the old ones."""
        for key in old - set(wanted):
            self._leave(self.watchlists.pop(key))
        for key, watchlist in wanted.items():
            before = self.watchlists.get(key)
            if before == watchlist:
                continue
            if before is not None:
                self._leave(before)
            self._put(watchlist)

    def _put(self, watchlist: Watchlist) -> None:
        self.watchlists[watchlist.key] = watchlist
        self._enter(watchlist)

    def _enter(self, watchlist: Watchlist) -> None:
        self.naming.add(watchlist)
        for watch in watchlist.watches:
            self.matcher.add(watchlist.key, watch)
            self._watches[watchlist.key, watch.id] = watch

    def _leave(self, watchlist: Watchlist) -> None:
        for watch in watchlist.watches:
            self.matcher.remove(watchlist.key, watch.id)
            del self._watches[watchlist.key, watch.id]


def shown_label(label: str, company: Company, language: str) -> str:
    """What a chat of this language calls a company: the label where the user chose it, or where it is the company's
    name in that language; else its display name there."""
    typed = name_key(label)
    known = [name for name in company.names if name_key(name.text) == typed]
    own = not known and typed not in {name_key(text) for text in (company.name, *company.tickers)}
    if own or any(name.lang == language for name in known):
        return label
    return company.display(language)


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


def _by_chat(rows: Iterable[_Wish]) -> dict[str, tuple[_Wish, ...]]:
    """Mutes or rules by their chat."""
    found: dict[str, list[_Wish]] = {}
    for row in rows:
        found.setdefault(row.chat, []).append(row)
    return {chat: tuple(own) for chat, own in found.items()}
