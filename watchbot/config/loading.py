"""From the path of watchbot.yaml to Settings: every file is read to its end, then all mistakes are raised at once.

path -> read_node -> DAEMON.read -> sources, chats -> watchlists (here or in files) -> Settings
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os.path import exists, isfile
from pathlib import Path
from typing import Any

from watchbot import __version__
from watchbot.config import forms
from watchbot.config.companies import Companies, CompanySource
from watchbot.config.environment import Environment, host_zone
from watchbot.config.kinds import BAD, Reading
from watchbot.config.nodes import MapNode, Node, ScalarNode
from watchbot.config.reading import read_node, read_sent
from watchbot.config.report import Report
from watchbot.config.source_list import ListReader, absolute, build_sources, database, shown_path
from watchbot.config.tables import DAEMON, LEVELS, PATH
from watchbot.config.watches import Short
from watchbot.config.watchlists import Scope, build_all, build_file
from watchbot.model.errors import ConfigError, InputError
from watchbot.model.settings import (
    Defaults,
    FetchSettings,
    HttpSettings,
    LogSettings,
    NamedChat,
    Quotas,
    Retention,
    Settings,
    TelegramSettings,
)
from watchbot.model.watch import Watchlist

_DEFAULT_DATABASE = "sqlite:///watchbot.db"
_DEFAULT_WATCHLIST = "watchlist.yaml"
_MAX_TOKEN = 4096


@dataclass(slots=True)
class Examined:
    """What reading the configuration gave: `settings` None where there are problems in `report`."""

    settings: Settings | None
    report: Report
    shorts: list[Short]


def load(
    path: Path,
    environ: Mapping[str, str] | None = None,
    companies: CompanySource = None,
    need_token: bool = True,
    read_list: ListReader = None,
) -> Settings:
    """The settings, or ConfigError with every mistake of all files.

    `environ` None = the real environment. `companies` is a catalogue or `catalogue.load` itself; None = all names are
    plain. `need_token` False = chats of Telegram are no mistake where there is no token. `read_list` reads OPML files.
    """
    examined = examine(path, environ, companies, need_token, read_list)
    examined.report.raise_problems()
    assert examined.settings is not None
    return examined.settings


def load_watchlists(
    path: Path, companies: CompanySource = None, environ: Mapping[str, str] | None = None
) -> tuple[Watchlist, ...]:
    """The watchlists of one file by itself, for `match`: any well-formed chat and source is fine."""
    report = Report()
    environment = Environment(environ, (path.parent,), report)
    found: list[Watchlist] = []
    with _collector_paused():
        root = read_node(path, str(path), environment, report)
        if root is not None:
            at = Reading(str(path), _folder(path), report)
            found = build_file(root, at, Scope(_companies(companies, (), report), warn=False), path.name)
    report.raise_problems()
    return tuple(found)


def read_watchlists(body: bytes, name: str, companies: CompanySource = None) -> tuple[Watchlist, ...]:
    """The watchlists of a file that somebody sent, `name` being what errors call it. No variable of the environment is
    filled in: a stranger to this machine wrote the file."""
    report = Report()
    found: list[Watchlist] = []
    with _collector_paused():
        root = read_sent(body, name, Environment({}, (), report), report)
        if root is not None:
            scope = Scope(_companies(companies, (), report), warn=False)
            found = build_file(root, Reading(name, Path(), report), scope, name)
    report.raise_problems()
    return tuple(found)


def examine(
    path: Path,
    environ: Mapping[str, str] | None = None,
    companies: CompanySource = None,
    need_token: bool = True,
    read_list: ListReader = None,
) -> Examined:
    """Read everything and raise nothing."""
    with _collector_paused():
        return _examine(path, environ, companies, need_token, read_list)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for reference cycles while millions of nodes are made that have none: it halves the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _examine(
    path: Path,
    environ: Mapping[str, str] | None,
    companies: CompanySource,
    need_token: bool,
    read_list: ListReader,
) -> Examined:
    """Read watchbot.yaml and all it names."""
    report = Report()
    environment = Environment(environ, (path.parent,), report)
    at = Reading(str(path), _folder(path), report)
    root = read_node(path, at.file, environment, report)
    if root is None:
        return Examined(None, report, [])
    values = DAEMON.read(root, at)
    if not isinstance(root, MapNode) or not isinstance(values, dict):
        return Examined(None, report, [])
    builder = _Builder(path, root, values, at, environment, read_list)
    scope = Scope(_companies(companies, builder.catalogue(), report))
    settings = builder.settings(scope, environ, need_token)
    return Examined(None if report.problems else settings, report, scope.shorts)


def _folder(path: Path) -> Path:
    """Where the file's relative paths begin."""
    return path.parent.resolve()


def _companies(source: CompanySource, own: tuple[Path, ...], report: Report) -> Companies | None:
    """The catalogue with the user's own companies; what is wrong in their files joins the other problems."""
    if source is None or not callable(source):
        return source
    try:
        return source(own)
    except ConfigError as error:
        for problem in error.problems:
            report.wrong(problem.file, problem.line, problem.column, problem.message)
        return None


def _chat(name: str, given: dict[str, Any]) -> NamedChat:
    """A chat with a name. What was not said stays "", () or None; `off` is kept as something that was said."""
    off = {}
    if "quiet_hours" in given:
        off["quiet_hours"] = given["quiet_hours"] or ("off",)
    if "max_per_hour" in given:
        off["max_per_hour"] = given["max_per_hour"] or 0
    return NamedChat(**{"name": name, "id": "", **given, **off})


class _Builder:
    """Builds Settings from the checked values of watchbot.yaml."""

    def __init__(
        self,
        path: Path,
        root: MapNode,
        values: dict[str, Any],
        at: Reading,
        environment: Environment,
        read_list: ListReader,
    ) -> None:
        """The main file and what was read from it."""
        self.path = path
        self.root = root
        self.values = values
        self.at = at
        self.environment = environment
        self.read_list = read_list

    def settings(self, scope: Scope, environ: Mapping[str, str] | None, need_token: bool) -> Settings:
        """All of it; what is wrong goes to the report."""
        telegram = self._telegram()
        chats = tuple(_chat(name, given) for name, given in self.values.get("chats", {}).items())
        scope.chats = {chat.name: chat.id for chat in chats}
        scope.sources = build_sources(self.values.get("sources", []), self.at, self.read_list)
        # A telegram section that is itself wrong may hold a token: do not complain of every chat as well.
        known_empty = not (telegram and telegram.token) and not self._token_broken()
        scope.connected = not (need_token and known_empty)
        watchlists = self._watchlists(scope)
        fetch = self.values.get("fetch", {})
        return Settings(
            path=self.path,
            database=self._database(),
            telegram=telegram,
            defaults=self._defaults(environ),
            chats=chats,
            sources=scope.sources,
            catalogue=self.catalogue(),
            fetch=FetchSettings(fetch.get("user_agent", f"watchbot/{__version__}"), fetch.get("allow_private", ())),
            http=self._http(),
            retention=Retention(**self.values.get("retention", {})),
            log=self._log(),
            watchlists=watchlists,
            notes=self.at.report.notes,
            warnings=self.at.report.warnings,
        )

    def _node(self, section: str, key: str) -> Node:
        """Where to point for a key of a section."""
        found = self.root.at(section)
        return found.at(key) if isinstance(found, MapNode) else found

    def _database(self) -> str:
        """The database's address."""
        try:
            return database(self.values.get("database", _DEFAULT_DATABASE), self.at.folder)
        except InputError as error:
            self.at.wrong(self.root.at("database"), f"database: {error}")
            return ""

    def _defaults(self, environ: Mapping[str, str] | None) -> Defaults:
        """What holds where nothing else is said."""
        given = self.values.get("defaults", {})
        return Defaults(
            timezone=given.get("timezone") or host_zone(environ),
            language=given.get("language", "en"),
            quiet_hours=tuple(text for text in given.get("quiet_hours", ()) if text != "off"),
            digest_at=given.get("digest_at") or ("08:30",),
        )

    def _http(self) -> HttpSettings | None:
        """Where health is served; None without the section."""
        if "http" not in self.values:
            return None
        given = self.values["http"]
        host, port = given.get("listen", ("127.0.0.1", 8765))
        return HttpSettings(host, port, given.get("hosts", ()), given.get("token", ""))

    def _log(self) -> LogSettings:
        """The level of the environment goes before the file's."""
        given = self.values.get("log", {})
        level = self.environment.get("WATCHBOT_LOG_LEVEL") or given.get("level", "info")
        if level.lower() not in LEVELS:
            self.at.report.wrong("WATCHBOT_LOG_LEVEL", 0, 0, f"must be one of {', '.join(LEVELS)}")
        return LogSettings(level.lower(), given.get("format", "auto"))

    def _token_broken(self) -> bool:
        """Whether a token was written that could not be read."""
        if "telegram" not in self.values:
            return "telegram" in self.root
        section, given = self.root.at("telegram"), self.values["telegram"]
        if not isinstance(section, MapNode):
            return False
        return any(key in section and (key not in given or given[key]) for key in ("token", "token_file"))

    def _telegram(self) -> TelegramSettings | None:
        """The connection; None without the section."""
        if "telegram" not in self.values:
            return None
        given = self.values["telegram"]
        token, file = given.get("token", ""), given.get("token_file", "")
        path = absolute(file, self.at.folder) if file else None
        if token and path:
            self.at.wrong(self._node("telegram", "token_file"), "token_file: there is a token beside it; keep one")
        elif path:
            token = self._read_token(path)
        return TelegramSettings(
            token=token,
            token_file=path,
            api_url=given.get("api_url", TelegramSettings().api_url),
            proxy=given.get("proxy", ""),
            access=given.get("access", "closed"),
            admins=tuple(dict.fromkeys(given.get("admins", ()))),
            quotas=Quotas(**given.get("quotas", {})),
        )

    def _read_token(self, path: Path) -> str:
        """The token in a file of its own."""
        place = self._node("telegram", "token_file")
        try:
            with path.open("rb") as stream:
                text = stream.read(_MAX_TOKEN).decode("utf-8-sig").strip()
            if not text:
                raise InputError("the file is empty")
            return forms.token(text)
        except FileNotFoundError:
            self.at.wrong(place, "token_file: there is no such file")
        except OSError as error:
            self.at.wrong(place, f"token_file: cannot be read: {error.strerror}")
        except (UnicodeDecodeError, InputError):
            self.at.wrong(place, "token_file: must hold the token, in one word")
        return ""

    def catalogue(self) -> tuple[Path, ...]:
        """The user's own companies; the files must be there (their content is the catalogue's to check)."""
        found = []
        self.at.key = "catalogue"
        for node in self.values.get("catalogue", []):
            text = PATH.read(node, self.at)
            if text is BAD:
                continue
            path = absolute(text, self.at.folder)
            if isfile(path):
                found.append(path)
            else:
                self.at.wrong(node, "catalogue: there is no such file")
        return tuple(found)

    def _watchlists(self, scope: Scope) -> tuple[Watchlist, ...]:
        """All watchlists, of files and of this file, in order."""
        if "watchlists" not in self.root:
            path = self.path.parent / _DEFAULT_WATCHLIST
            return tuple(self._file(_DEFAULT_WATCHLIST, path, scope)) if exists(path) else ()
        found: list[Watchlist] = []
        written: list[Node] = []
        files: dict[Path, int] = {}
        for node in self.values.get("watchlists", []):
            if not isinstance(node, ScalarNode):
                written.append(node)
                continue
            self.at.key = "watchlists"
            text = PATH.read(node, self.at)
            if text is BAD:
                continue
            path = absolute(text, self.at.folder)
            if path in files:
                self.at.wrong(node, f"watchlists: this file stands in line {files[path]} already")
            elif not exists(path):
                self.at.wrong(node, "watchlists: there is no such file")
            else:
                files[path] = node.line
                found += self._file(text, shown_path(text, self.path.parent), scope)
        return (*found, *build_all(written, self.at, scope, self.path.name))

    def _file(self, label: str, path: Path, scope: Scope) -> list[Watchlist]:
        """The watchlists of one file."""
        at = Reading(str(path), _folder(path), self.at.report)
        root = read_node(path, at.file, self.environment.beside(path.parent), at.report)
        return [] if root is None else build_file(root, at, scope, label)
