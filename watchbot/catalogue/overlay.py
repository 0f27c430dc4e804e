"""Hand-kept company files (the built-in overlay and users' own): from YAML to entries that know their lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from watchbot.catalogue.companies import LANGUAGES, Company, CompanyName, NameKind
from watchbot.catalogue.keys import key, language_of
from watchbot.catalogue.reading import Node, read
from watchbot.model.errors import ConfigError, Problem

KEYS = ("id", "names", "former", "trade", "unsafe", "safe", "tickers", "kind")


@dataclass(frozen=True, slots=True)
class Placed:
    """A text of the file with its place; names carry their language and kind."""

    text: str
    line: int
    column: int
    lang: str = ""
    kind: NameKind = "name"


@dataclass(slots=True)
class Entry:
    """One company as it stands in a file, not yet checked for sense."""

    file: str
    id: Placed
    names: list[Placed] = field(default_factory=list)
    unsafe: list[Placed] = field(default_factory=list)
    safe: list[Placed] = field(default_factory=list)
    tickers: list[Placed] = field(default_factory=list)
    kind: Placed = field(default_factory=lambda: Placed("company", 0, 0))

    def problem(self, at: Placed, message: str) -> Problem:
        """A problem at one of this entry's texts."""
        return Problem(self.file, at.line, at.column, message)

    def unsafe_keys(self) -> set[str]:
        """Keys of the names that were marked unsafe; one spelling stands for all."""
        return {key(name.text) for name in self.unsafe}

    def company(self) -> Company:
        """The entry as the catalogue hands it out."""
        unsafe = self.unsafe_keys()
        names = tuple(
            CompanyName(name.text, name.lang, key(name.text) not in unsafe, name.kind)
            for name in dict.fromkeys(self.names)
        )
        english = [name.text for name in names if name.lang == "en" and name.kind == "name"]
        display = english[0] if english else names[0].text
        tickers = tuple(dict.fromkeys(ticker.text for ticker in self.tickers))
        return Company(self.id.text, display, names, tickers, self.kind.text)


def read_files(paths: Iterable[Path]) -> tuple[list[Entry], list[Problem]]:
    """All entries of some files, and what is wrong with the files' form."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            root = read(str(path), path.read_bytes())
        except ConfigError as error:
            problems += error.problems
            continue
        except OSError as error:
            problems.append(Problem(str(path), 0, 0, f"cannot be read: {error.strerror}"))
            continue
        entries += _entries(str(path), root, problems)
    return entries, problems


def _entries(file: str, root: Node | None, problems: list[Problem]) -> list[Entry]:
    """The entries below `companies:`."""
    if root is None:
        return []
    if root.pairs is None:
        problems.append(Problem(file, root.line, root.column, "expected `companies:` with a list below it"))
        return []
    out: list[Entry] = []
    for name, value in _unique(file, root, ("companies",), problems):
        if value.items is None:
            problems.append(Problem(file, value.line, value.column, f"`{name}` must be a list, not {value.what()}"))
            continue
        found = (_entry(file, item, problems) for item in value.items)
        out += [entry for entry in found if entry is not None]
    return out


def _entry(file: str, node: Node, problems: list[Problem]) -> Entry | None:
    """One company; None where it cannot even be told which one it is."""
    if node.pairs is None:
        problems.append(Problem(file, node.line, node.column, f"a company must be a mapping, not {node.what()}"))
        return None
    values = dict(_unique(file, node, KEYS, problems))
    identity = _text(file, values.get("id"), problems)
    if identity is None:
        if "id" not in values:
            problems.append(Problem(file, node.line, node.column, "a company without `id`"))
        return None
    entry = Entry(file, identity)
    if "names" in values:
        entry.names += _names(file, values["names"], problems)
    entry.names += _untold(file, values.get("former"), "former", problems)
    entry.names += _untold(file, values.get("trade"), "trade", problems)
    entry.unsafe = _texts(file, values.get("unsafe"), problems)
    entry.safe = _texts(file, values.get("safe"), problems)
    entry.tickers = _texts(file, values.get("tickers"), problems)
    if "kind" in values and (kind := _text(file, values["kind"], problems)) is not None:
        entry.kind = kind
    if not entry.names:
        problems.append(entry.problem(identity, f"{identity.text} has no names"))
        return None
    return entry


def _names(file: str, node: Node, problems: list[Problem]) -> list[Placed]:
    """The names below their languages."""
    if node.pairs is None:
        problems.append(Problem(file, node.line, node.column, "`names` must be a mapping of languages to lists"))
        return []
    out: list[Placed] = []
    for language, value in _unique(file, node, LANGUAGES, problems):
        out += [Placed(name.text, name.line, name.column, language) for name in _texts(file, value, problems)]
    return out


def _untold(file: str, node: Node | None, kind: NameKind, problems: list[Problem]) -> list[Placed]:
    """Former and trade names, whose language is told by their script."""
    names = _texts(file, node, problems)
    return [Placed(name.text, name.line, name.column, language_of(name.text), kind) for name in names]


def _unique(file: str, node: Node, known: tuple[str, ...], problems: list[Problem]) -> list[tuple[str, Node]]:
    """The known keys of a mapping, each once; others are problems, with the key that was meant."""
    seen: dict[str, Node] = {}
    for name, value in node.pairs or ():
        text = name.text or ""
        if text in seen:
            problems.append(Problem(file, name.line, name.column, f"`{text}` stands here twice"))
        elif text not in known:
            problems.append(Problem(file, name.line, name.column, f"unknown key `{text}`{_meant(text, known)}"))
        else:
            seen[text] = value
    return list(seen.items())


def _meant(text: str, known: tuple[str, ...]) -> str:
    """The key that was likely meant, as the end of a message."""
    from watchbot.text.nearest import nearest

    close = nearest(text, known, 1)
    return f"; did you mean `{close[0]}`?" if close else f"; known are {', '.join(known)}"


def _texts(file: str, node: Node | None, problems: list[Problem]) -> list[Placed]:
    """The texts of a list; a single text is taken as a list of one."""
    if node is None:
        return []
    if node.text is not None:
        node = Node(node.line, node.column, items=(node,) if node.text else ())
    if node.items is None:
        problems.append(Problem(file, node.line, node.column, f"expected a list, not {node.what()}"))
        return []
    return [text for item in node.items if (text := _text(file, item, problems)) is not None]


def _text(file: str, node: Node | None, problems: list[Problem]) -> Placed | None:
    """One text that is not empty."""
    if node is None:
        return None
    if node.text is None or not node.text.strip():
        what = "an empty text" if node.text is not None else node.what()
        problems.append(Problem(file, node.line, node.column, f"expected a text, not {what}"))
        return None
    return Placed(node.text.strip(), node.line, node.column)
