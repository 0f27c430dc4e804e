"""What people watch: a watchlist holds watches, a watch holds terms."""

from dataclasses import dataclass, field
from enum import Enum


class Case(Enum):
    """How the case of a term counts. SMART: see matching/case.py; ANY: never; EXACT: as typed."""

    SMART = "smart"
    ANY = "any"
    EXACT = "exact"


class Level(Enum):
    """MAIN: the item is about the company. MENTION: it is only named."""

    MAIN = "main"
    MENTION = "mention"


class Priority(Enum):
    """HIGH rings through quiet hours, digests and caps; LOW never makes a sound."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Kind(Enum):
    """What a term is, and so by which rules it matches. FUZZY and QUERY are kinds of spans only."""

    NAME = "name"
    ALIAS = "alias"
    TICKER = "ticker"
    KEYWORD = "keyword"
    FUZZY = "fuzzy"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Options:
    """Switches of one watch. `main_only` is the contract's `level: main`; `urls` matches inside addresses too."""

    fuzzy: bool = True
    case: Case = Case.SMART
    urls: bool = False
    main_only: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """One company or subject. All terms are as the user typed them (or as the catalogue writes them).

    `names` are the name itself and, for a catalogue company, its safe names; `aliases` what the user added;
    `tickers` canonical (2317.TW, AAPL) or EXCHANGE:CODE; `company` the catalogue id or "". `label` is what alerts
    call the watch. `unsafe` are names of the catalogue company that are off: no longer name is cut down to one of them.
    Settings left None are taken from the watchlist. `line` is where it stands in its file, 0 if none. `chats`, where
    there are any, are told instead of the watchlist's.
    """

    id: str
    label: str
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    query: str = ""
    company: str = ""
    options: Options = Options()
    priority: Priority = Priority.NORMAL
    deliver: str | None = None
    mentions: str | None = None
    updates: str | None = None
    line: int = 0
    unsafe: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """What stands in the news where it fires, a query apart."""
        return (*self.names, *self.aliases, *self.tickers, *self.keywords)


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A named list of watches for some chats. `key` is unique in the running program (file and place, or chat).

    `chats` are chat keys as written (`console`, `owner`, "-100200/7", "@channel" or a name from `chats:`);
    `sources` source names, None for all it may see; `quiet_hours` and `digest_at` as written.
    """

    key: str
    name: str
    watches: tuple[Watch, ...]
    chats: tuple[str, ...] = ("console", "owner")
    sources: tuple[str, ...] | None = None
    deliver: str = "instant"
    digest_at: tuple[str, ...] = ()
    timezone: str = ""
    quiet_hours: tuple[str, ...] = ()
    language: str = ""
    max_per_hour: int | None = 30
    updates: str = "silent"
    mentions: str = "silent"
    join: str = "off"
    origin: str = field(default="", compare=False)
