"""The daemon's configuration as frozen values: what `watchbot.config.load` makes of the files.

Secrets are left out of every repr. Durations are seconds; None stands for `off`.
"""

from dataclasses import dataclass, field
from pathlib import Path

from watchbot.model.errors import Problem
from watchbot.model.outline import Outline
from watchbot.model.watch import Watchlist


@dataclass(frozen=True, slots=True)
class Quotas:
    """What one user who is not an admin may have and do."""

    watches: int = 500
    feeds: int = 50
    per_minute: int = 20


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The connection to Telegram. An empty token = not connected; `proxy` is "" or an address."""

    token: str = field(default="", repr=False)
    token_file: Path | None = None
    api_url: str = "https://api.telegram.org"
    proxy: str = field(default="", repr=False)
    access: str = "closed"
    admins: tuple[int, ...] = ()
    quotas: Quotas = Quotas()


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where neither chat nor watchlist says otherwise. `timezone` is always a known zone."""

    timezone: str = "UTC"
    language: str = "en"
    quiet_hours: tuple[str, ...] = ()
    digest_at: tuple[str, ...] = ("08:30",)


@dataclass(frozen=True, slots=True)
class NamedChat:
    """A chat of the section `chats:`. What is "" , () or None was not said there.

    `quiet_hours` of ("off",) is an explicit none. `max_per_hour` of 0 is an explicit `off`.
    """

    name: str
    id: str
    language: str = ""
    timezone: str = ""
    quiet_hours: tuple[str, ...] = ()
    digest_at: tuple[str, ...] = ()
    deliver: str | None = None
    mentions: str | None = None
    updates: str | None = None
    max_per_hour: int | None = None


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where news comes from. `kind` is feed, folder, search or opml.

    `address` is a URL (for search with `{query}` in it) or an absolute path. `every` None = a rhythm of its own;
    `max_age` None = off. With `title_from_feed` the name is the address until the feed has told its title.
    `outlines` are the feeds of an OPML file; `line` and `column` are its place in the configuration.
    """

    kind: str
    name: str
    address: str
    every: float | None = None
    max_age: float | None = 48 * 3600.0
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxy: str = field(default="", repr=False)
    title_from_feed: bool = False
    outlines: tuple[Outline, ...] = field(default=(), repr=False)
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How pages are asked for. `allow_private` holds exact host:port exceptions, lower case."""

    user_agent: str
    allow_private: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where health, metrics and the status page are served."""

    host: str = "127.0.0.1"
    port: int = 8765
    hosts: tuple[str, ...] = ()
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long items, matched items and told-keys are kept, in seconds; None = for ever."""

    unmatched: float | None = 30 * 86400.0
    matched: float | None = 400 * 86400.0
    told: float | None = 400 * 86400.0


@dataclass(frozen=True, slots=True)
class LogSettings:
    """level: debug, info, warning or error; format: auto, text or json."""

    level: str = "info"
    format: str = "auto"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the daemon is told by its files and the environment.

    `database` is a URL, SQLite paths in it absolute. `notes` name keys that were accepted but are not yet active;
    `warnings` are doubts that do not stop the program.
    """

    path: Path
    database: str = field(repr=False)
    fetch: FetchSettings
    telegram: TelegramSettings | None = None
    defaults: Defaults = Defaults()
    chats: tuple[NamedChat, ...] = ()
    sources: tuple[SourceSettings, ...] = ()
    catalogue: tuple[Path, ...] = ()
    http: HttpSettings | None = None
    retention: Retention = Retention()
    log: LogSettings = LogSettings()
    watchlists: tuple[Watchlist, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def connected(self) -> bool:
        """Whether a Telegram token was given."""
        return self.telegram is not None and bool(self.telegram.token)

    @property
    def admins(self) -> tuple[int, ...]:
        """The admins that the configuration names, the owner first."""
        return self.telegram.admins if self.telegram else ()
