"""The sources of watchbot.yaml and the database's address: texts to absolute paths and addresses."""

from collections.abc import Callable
from dataclasses import replace
from os.path import exists, isdir, isfile, normpath
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from watchbot.config.kinds import BAD, Reading
from watchbot.config.nodes import MapNode, Node
from watchbot.config.tables import SOURCE_ENTRY
from watchbot.model.errors import InputError
from watchbot.model.outline import FeedList, Outline
from watchbot.model.settings import SourceSettings
from watchbot.text.secrets import without_secrets

_KINDS = ("feed", "folder", "search", "opml")
_PATHS = ("folder", "opml")
_MAX_AGE = 48 * 3600.0
_LARGEST_OPML = 6_000_000
_REFUSED_SHOWN = 5
# What reads an OPML file's bytes, or raises InputError; None: the feeds in it are not looked at.
ListReader = Callable[[bytes], FeedList] | None
_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")


def build_sources(nodes: list[Node], at: Reading, read_list: ListReader = None) -> tuple[SourceSettings, ...]:
    """All sources that are right; names and folders are used once. `read_list` reads OPML files."""
    found: list[SourceSettings] = []
    names: dict[str, int] = {}
    addresses: dict[str, int] = {}
    for node in nodes:
        at.key = "sources"
        value = SOURCE_ENTRY.read(node, at)
        if value is BAD:
            continue
        source = _short(value) if isinstance(value, str) else _full(node, value, at)
        if source is None:
            continue
        place = node.at("name") if isinstance(node, MapNode) else node
        if source.name in names:
            at.wrong(place, f"a source of this name stands in line {names[source.name]} already")
            continue
        if source.address in addresses:
            _same_address(source, place, addresses[source.address], at)
        names[source.name] = addresses[source.address] = node.line
        if source.kind == "opml" and isinstance(node, MapNode) and read_list is not None:
            source = replace(source, outlines=_outlines(Path(source.address), node.at("opml"), at, read_list))
        found.append(replace(source, line=node.line, column=node.column))
    return tuple(found)


def _same_address(source: SourceSettings, place: Node, first: int, at: Reading) -> None:
    """A folder can have one owner only; a feed asked twice is only odd."""
    if source.kind in _PATHS:
        at.wrong(place, f"the source in line {first} reads the same {source.kind}")
    else:
        at.doubt(place, f"the source in line {first} has the same address")


def _short(address: str) -> SourceSettings:
    """A feed's address alone: the feed's title will be its name."""
    return SourceSettings(kind="feed", name=without_secrets(address), address=address, title_from_feed=True)


def _full(node: Node, values: dict[str, Any], at: Reading) -> SourceSettings | None:
    """A source with keys."""
    assert isinstance(node, MapNode)
    written = [kind for kind in _KINDS if kind in node]
    if len(written) != 1:
        also = f", not {' and '.join(written)}" if written else ""
        at.wrong(node, f"a source needs one of {', '.join(_KINDS)}{also}")
        return None
    kind = written[0]
    if kind not in values:
        return None
    address = values[kind]
    if kind in _PATHS:
        path = absolute(address, at.folder)
        _check_path(kind, path, node.at(kind), at)
        address = str(path)
        _useless(kind, node, at)
    if kind == "search" and "name" not in node:
        at.wrong(node, "a search needs `name`")
        return None
    return SourceSettings(
        kind=kind,
        name=values.get("name") or (Path(address).name if kind in _PATHS else without_secrets(address)),
        address=address,
        every=values.get("every"),
        max_age=None if kind == "folder" else values.get("max_age", _MAX_AGE),
        headers=tuple(values.get("headers", {}).items()),
        proxy=values.get("proxy", ""),
        title_from_feed=kind == "feed" and "name" not in values,
    )


def _useless(kind: str, node: MapNode, at: Reading) -> None:
    """Keys of the network on a folder."""
    if kind == "folder":
        for key in ("max_age", "headers", "proxy"):
            if key in node:
                at.doubt(node.pairs[key][0], f"{key} has no effect on a folder")


def _check_path(kind: str, path: Path, place: Node, at: Reading) -> None:
    """A folder may come into being later; a file of feeds must be there."""
    if kind == "folder" and exists(path) and not isdir(path):
        at.wrong(place, "folder: this is a file")
    elif kind == "opml" and not isfile(path):
        at.wrong(place, "opml: there is no such file")


def _outlines(path: Path, place: Node, at: Reading, read_list: Callable[[bytes], FeedList]) -> tuple[Outline, ...]:
    """The feeds of an OPML file; what is wrong with it is told at its place in the configuration."""
    try:
        with path.open("rb") as stream:
            found = read_list(stream.read(_LARGEST_OPML))
    except FileNotFoundError:
        return ()  # told already
    except OSError as error:
        at.wrong(place, f"opml: cannot be read: {error.strerror}")
        return ()
    except InputError as error:
        at.wrong(place, f"opml: {path.name}: {error}")
        return ()
    for refused in found.refused[:_REFUSED_SHOWN]:
        at.doubt(place, f"opml: {path.name}: left out: {refused}")
    if (more := len(found.refused) - _REFUSED_SHOWN) > 0:
        at.doubt(place, f"opml: {path.name}: {more} more are left out")
    if not found.outlines:
        at.doubt(place, f"opml: {path.name} holds no feeds")
    return found.outlines


def absolute(text: str, folder: Path) -> Path:
    """A path as an absolute one; relative ones begin at the file's folder, `~/` at the user's home."""
    path = folder / _at_home(text)
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def shown_path(text: str, folder: Path) -> Path:
    """A path as messages show it: beside the file as that was given, so that an editor finds it."""
    return Path(normpath(folder / _at_home(text)))


def _at_home(text: str) -> Path:
    """`~/x` below the user's home, where there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def database(text: str, folder: Path) -> str:
    """The database's address with an absolute SQLite path or PostgreSQL's one spelling. Never repeats the text."""
    if not text.isprintable():
        raise InputError("an address is one line")
    scheme, sep, rest = text.partition("://")
    if sep and scheme in ("sqlite", "sqlite+pysqlite"):
        return _sqlite(rest, folder)
    if sep and scheme in _POSTGRES:
        try:
            urlsplit(text).port  # noqa: B018 - asking is the check
        except ValueError:
            raise InputError("this is not a valid address") from None
        if any(char.isspace() for char in text):
            raise InputError("an address holds no spaces")
        return f"postgresql+psycopg://{rest}"
    raise InputError("must be sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME")


def _sqlite(rest: str, folder: Path) -> str:
    """`/../var/x.db` beside the file as an absolute address."""
    path, mark, query = rest.partition("?")
    if not path.startswith("/"):
        raise InputError("a SQLite address has three slashes: sqlite:///PATH")
    name = path[1:]
    if name in ("", ":memory:"):
        raise InputError("must name a file: a database in memory would forget what was told")
    target = absolute(name, folder)
    if isdir(target):
        raise InputError("this is a folder; name a file in it")
    if "?" in str(target):
        raise InputError("the path of a SQLite file cannot hold a question mark")
    return f"sqlite:///{target}{mark}{query}"
