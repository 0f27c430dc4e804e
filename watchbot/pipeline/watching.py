"""Use cases of /watch, /unwatch and /alias: names become watches of a chat. Words and buttons are bot's.

text -> names_in -> read (through the catalogue) -> Reading -> put_on
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from watchbot.catalogue import Candidate, Catalogue, Company
from watchbot.catalogue.tickers import at_home, canonical
from watchbot.model.records import Rule
from watchbot.model.settings import Settings
from watchbot.model.watch import Watch
from watchbot.pipeline.access import CHIEFS
from watchbot.pipeline.commands import LONGEST_NAME, bare_codes, watch_id
from watchbot.pipeline.directory import Directory, Watching, chat_key
from watchbot.pipeline.manner import APP_LANGUAGE
from watchbot.ports.store import Tx
from watchbot.text.nearest import nearest

SURE, DOUBT, CHOICE, NEAR, PLAIN, REFUSED = "sure", "doubt", "choice", "near", "plain", "refused"
MOST_CHOICES = 6
OFF = "off"
# The comma of "Tesla, Inc." and "Wiwynn Co., Ltd." parts nothing.
_LEGAL = r"(?:inc|incorporated|ltd|limited|llc|plc|corp|corporation|gmbh|co\.|l\.l\.c|l\.p|s\.a|n\.v)\.?"
_SEPARATORS = re.compile(rf"(?:[\n、;，；]|,(?!\s*{_LEGAL}\s*(?:[\n,、;，；]|$)))+", re.IGNORECASE)
# What a pasted list has before its names: "- ", "1. ", "2）", "3、", the command once more.
_MARK = re.compile(
    r"^[^\S\n]*(?:[/／]watch(?:@\w+)?\s|[-*•·]\s|[(（]?\d{1,3}(?:[.．](?![A-Za-z\d])|[)）、](?!\d)))[^\S\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_EXACT = ("name", "ticker")
_BEHIND = re.compile(r"(.+?)\s*[(\[【]([^()\[\]【】]+)[)\]】]")
_CODE = re.compile(r"\$?\d{4,6}[A-Za-z]?|\$[A-Za-z.]{1,7}")
_US_CODE = re.compile(r"[A-Z]{1,5}(\.[A-Z])?")
_ZONES = {
    "Asia/Taipei": "TW",
    "Asia/Tokyo": "T",
    "Asia/Seoul": "KS",
    "Asia/Shanghai": "SS",
    "Asia/Hong_Kong": "HK",
    "Asia/Chongqing": "SS",
    "Europe/London": "L",
    "Europe/Paris": "PA",
    "Europe/Berlin": "DE",
}
_HOMES = {"T": "JP", "KS": "KR", "SS": "CN"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the catalogue makes of one name.

    sure: `companies` holds the one that is meant. doubt: it holds one, but the name means other things too. choice:
    several are called so, or it is a code of other markets only. near: nobody is, `companies` come near. plain: nobody
    comes near. refused: it is no name.
    """

    text: str
    kind: str
    companies: tuple[Company, ...] = ()

    @property
    def company(self) -> Company | None:
        """The company that it is about, where there is one only."""
        return self.companies[0] if self.kind in (SURE, DOUBT) else None


def market_of(timezone: str) -> str:
    """The stock market of a chat's zone, as the catalogue asks for it; Taiwan's where the zone tells nothing."""
    if timezone.startswith(("America/", "US/")):
        return "US"
    market = _ZONES.get(timezone, "TW")
    return _HOMES.get(market, market)


def names_in(text: str, catalogue: Catalogue | None = None, market: str = "TW") -> tuple[str, ...]:
    """The names of an argument: one a line, or separated by , 、 ; or, where each word is a code or a company without
    doubt, by blanks."""
    found: list[str] = []
    for part in _SEPARATORS.split(_MARK.sub("", text)):
        words = [_narrow(word) for word in part.split()]
        found += words if len(words) > 1 and _each_alone(words, catalogue, market) else [" ".join(words)]
    return tuple(dict.fromkeys(name for name in found if name))


def read(name: str, catalogue: Catalogue, market: str) -> Reading:
    """Find out who is meant."""
    if len(name) > LONGEST_NAME or is_link(name) or not any(char.isalnum() for char in name):
        return Reading(name, REFUSED)
    company = catalogue.resolve(name, market)
    if company is not None:
        return Reading(name, SURE, (company,))
    if twice := _named_twice(name, catalogue, market):
        return twice
    found = catalogue.lookup(name, market, MOST_CHOICES)
    named = _companies(one for one in found if one.how == "name")
    home = _companies(one for one in found if one.how == "ticker" and at_home(one.matched, market))
    if len(home) == 1 and not named:
        return Reading(name, SURE, home)
    exact = tuple(dict.fromkeys((*named, *home)))
    if exact:
        return Reading(name, DOUBT if len(exact) == 1 else CHOICE, exact)
    if abroad := _companies(one for one in found if one.how == "ticker" and not name.islower()):
        return Reading(name, CHOICE, abroad)
    return Reading(name, NEAR, _companies(found)) if found else Reading(name, PLAIN)


def as_named(name: str, catalogue: Catalogue, market: str) -> str:
    """`中華電` of `2412 中華電`; any other name as it is."""
    twice = _named_twice(name, catalogue, market)
    return twice.text if twice else name


def is_link(name: str) -> bool:
    """Whether a name is the address of a page or feed."""
    return "://" in name


def room(tx: Tx, settings: Settings, chat: str, role: str) -> int | None:
    """How many more watches fit into the chat; None for any number (admins)."""
    if role in CHIEFS or settings.telegram is None:
        return None
    return max(0, settings.telegram.quotas.watches - len(tx.chats.watches(chat)))


def put_on(tx: Tx, chat: str, watch: Watch, now: datetime) -> None:
    """Put a watch on in a chat, switched on; one of the same id is replaced."""
    tx.chats.add_watch(chat, watch, now)
    tx.wishes.drop_rule(Rule(chat, chat_key(chat), watch.id, OFF))


def take_off(tx: Tx, chat: str, watch_id: str) -> bool:
    """Remove a watch that was made in the chat, with what the chat wished of it."""
    for rule in tx.wishes.rules():
        if (rule.chat, rule.watchlist, rule.watch) == (chat, chat_key(chat), watch_id):
            tx.wishes.drop_rule(rule)
    return tx.chats.remove_watch(chat, watch_id)


def switch(tx: Tx, chat: str, watchlist: str, watch: str, on: bool) -> bool:
    """Switch a watch of a file, or of the chat, on or off in this chat; False where it was so."""
    rule = Rule(chat, watchlist, watch, OFF)
    return tx.wishes.drop_rule(rule) if on else tx.wishes.add_rule(rule)


def own_watch(tx: Tx, chat: str, watch_id: str) -> Watch | None:
    """A watch made in the chat, by its id."""
    return next((row.watch for row in tx.chats.watches(chat) if row.watch.id == watch_id), None)


@dataclass(frozen=True, slots=True)
class Here:
    """What is watched in a chat and on, by company and by everything it is called."""

    companies: frozenset[str]
    names: frozenset[str]

    def has(self, watch: Watch) -> bool:
        """Whether the same is watched already."""
        return watch.company in self.companies if watch.company else watch_id(watch.label) in self.names


def here(directory: Directory, chat: str) -> Here:
    """What is watched in a chat by now."""
    on = [one.watch for one in directory.watching(chat) if one.on]
    names = (name for watch in on for name in called(watch))
    return Here(frozenset(watch.company for watch in on if watch.company), frozenset(names))


def there(directory: Directory, chat: str, watch: Watch) -> Watching | None:
    """What watches the same in this chat already: the same company, id or name; one that is on goes first."""
    found = [
        one
        for one in directory.watching(chat)
        if (watch.company and one.watch.company == watch.company) or watch_id(watch.label) in called(one.watch)
    ]
    return min(found, key=lambda one: (not one.on, one.locked), default=None)


def find(directory: Directory, chat: str, name: str) -> list[Watching]:
    """Every watch of this chat that goes by this name, those made in the chat first; else by this code without its
    market, else by a name of its company that is off."""
    wanted = watch_id(name)
    watches = directory.watching(chat)
    found = (
        [one for one in watches if wanted in called(one.watch)]
        or [one for one in watches if wanted in map(watch_id, bare_codes(one.watch))]
        or [one for one in watches if wanted in map(watch_id, one.watch.unsafe)]
    )
    return sorted(found, key=lambda one: one.locked)


def near(directory: Directory, chat: str, name: str) -> list[str]:
    """What is watched here and comes near this name."""
    labels = [one.watch.label for one in directory.watching(chat)]
    return nearest(name, labels)


def called(watch: Watch) -> set[str]:
    """Everything a person may call a watch, as ids."""
    return {watch.id, *(watch_id(text) for text in (watch.label, *watch.names, *watch.aliases, *watch.tickers))}


def _companies(found: Iterable[Candidate]) -> tuple[Company, ...]:
    return tuple(dict.fromkeys(one.company for one in found))


def _narrow(word: str) -> str:
    """A word of full-width letters and digits in usual ones; any other as it is."""
    plain = unicodedata.normalize("NFKC", word)
    return plain if plain.isascii() else word


def _each_alone(words: list[str], catalogue: Catalogue | None, market: str) -> bool:
    """Whether each word is a stock code or a company without doubt, and all of them together are no company's name.
    Codes of letters alone count only where the market is a US one."""
    if all(map(_is_code, words)):
        return True
    if catalogue is None or not all(
        _is_code(word) or catalogue.resolve(word, market) or _is_us_code(word, catalogue, market) for word in words
    ):
        return False
    whole = " ".join(words)
    if _named_twice(whole, catalogue, market):
        return False
    named = (one.how == "name" for one in catalogue.lookup(whole, market, 1))
    return catalogue.resolve(whole, market) is None and not any(named)


def _named_twice(name: str, catalogue: Catalogue, market: str) -> Reading | None:
    """`2412 中華電`, `Apple (AAPL)`, `鴻海（Foxconn）`: a name with a code or another name of its company beside it.
    It is read as that name, which may still mean other things too."""
    if len(name) > LONGEST_NAME:
        return None
    plain = unicodedata.normalize("NFKC", name)
    behind = _BEHIND.fullmatch(plain)
    first, _blank, others = plain.partition(" ")
    before, _blank, last = plain.rpartition(" ")
    for text, code in ((behind[1], behind[2]) if behind else ("", ""), (others, first), (before, last)):
        beside = {one.company.id for one in catalogue.lookup(code, market, MOST_CHOICES) if one.how in _EXACT}
        named = (one for one in catalogue.lookup(text, market, MOST_CHOICES) if one.how == "name") if beside else ()
        both = _companies(one for one in named if one.company.id in beside)
        if len(both) == 1:
            return Reading(text, SURE if catalogue.resolve(text, market) == both[0] else DOUBT, both)
    return None


def _is_code(word: str) -> bool:
    return bool(_CODE.fullmatch(word) or (canonical(word) and not word.isalpha()))


def _is_us_code(word: str, catalogue: Catalogue, market: str) -> bool:
    return market == "US" and bool(_US_CODE.fullmatch(word)) and catalogue.by_ticker(word) is not None


def speak(tx: Tx, chat: str, language: str) -> None:
    """Remember what a person's Telegram app speaks: their private chat reads in it where nobody says otherwise."""
    if tx.chats.settings(chat).get(APP_LANGUAGE) != language:
        tx.chats.set(chat, APP_LANGUAGE, language)
