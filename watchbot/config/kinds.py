"""What a value may be. Each kind reads a node and describes itself as JSON Schema: one source of truth for both.

`read` gives the value, or BAD after telling what is wrong. Text stays as written; numbers and switches are
recognised only where the key wants them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from watchbot.config.nodes import ListNode, MapNode, Node, ScalarNode, shown
from watchbot.config.report import Report
from watchbot.model.errors import InputError
from watchbot.model.schedule import seconds


class _Bad:
    """The type of BAD."""


BAD: Final = _Bad()
_ENVIRONMENT = {"type": "string", "pattern": r"\$\{"}


@dataclass(slots=True)
class Reading:
    """The file that is being read: where relative paths begin, where mistakes go, which key is being read."""

    file: str
    folder: Path
    report: Report
    key: str = ""

    def wrong(self, node: Node, message: str) -> _Bad:
        """Tell a mistake at a node; a broken node was told before."""
        if not (isinstance(node, ScalarNode) and node.broken):
            self.report.wrong(self.file, node.line, node.column, message)
        return BAD

    def doubt(self, node: Node, message: str) -> None:
        """Tell a doubt at a node."""
        self.report.doubt(self.file, node.line, node.column, message)


class Kind(Protocol):
    """One kind of value."""

    def read(self, node: Node, at: Reading) -> Any:
        """The value, or BAD."""
        ...

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""
        ...


def scalar(node: Node, at: Reading, wanted: str) -> ScalarNode | None:
    """The node if it is a usable piece of text; else tell that `wanted` belongs here."""
    if not isinstance(node, ScalarNode):
        what = "a list" if isinstance(node, ListNode) else "a mapping"
        at.wrong(node, f"{at.key}: must be {wanted}, not {what}")
        return None
    return None if node.broken else node


@dataclass(frozen=True, slots=True)
class Text:
    """A text, as written. `form` turns it into a value or raises InputError; `empty` may be nothing.

    What is `secret` is never quoted in a message.
    """

    form: Callable[[str], Any] | None = None
    empty: bool = False
    secret: bool = False
    about: str = "a text"
    extra: dict[str, Any] = field(default_factory=dict)

    def read(self, node: Node, at: Reading) -> Any:
        """The text, or what `form` makes of it."""
        found = scalar(node, at, self.about)
        if found is None:
            return BAD
        text = found.text.strip()
        if not text:
            return (
                ""
                if self.empty
                else at.wrong(node, f"{at.key}: is empty; give {self.about} or leave it out{_hint(found)}")
            )
        if self.form is None:
            return text
        try:
            return self.form(text)
        except InputError as error:
            if self.secret:
                return at.wrong(node, f"{at.key}: {error}")
            if found.text is not found.raw:
                return at.wrong(node, f"{at.key}: what {shown(found)} stands for is not {self.about} of the right form")
            return at.wrong(node, f"{at.key}: {shown(found)} is not right: {error}")

    def schema(self) -> dict[str, Any]:
        """YAML tools read 0050 and NO as other types; watchbot takes them as text."""
        return {"type": ["string", "number", "boolean"], **self.extra}


def _hint(node: ScalarNode) -> str:
    """Where nothing stands unquoted, a # may have made a comment of it."""
    return " (text that begins with # goes in quotes)" if node.plain and not node.raw else ""


@dataclass(frozen=True, slots=True, init=False)
class Choice:
    """One of some words."""

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        """The words that may be written."""
        object.__setattr__(self, "words", words)

    def read(self, node: Node, at: Reading) -> Any:
        """The word."""
        wanted = "one of " + ", ".join(self.words)
        found = scalar(node, at, wanted)
        if found is None:
            return BAD
        if found.text in self.words:
            return found.text
        return at.wrong(node, f"{at.key}: must be {wanted}{_not(found)}")

    def schema(self) -> dict[str, Any]:
        """An enum; `off` reads as false in YAML 1.1 tools."""
        words: list[Any] = list(self.words)
        return {"enum": [*words, False] if "off" in words else words}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def read(self, node: Node, at: Reading) -> Any:
        """The switch."""
        found = scalar(node, at, "true or false")
        if found is None:
            return BAD
        if found.text in ("true", "false") and not _stiff(found):
            return found.text == "true"
        return at.wrong(node, f"{at.key}: must be true or false{_not(found)}")

    def schema(self) -> dict[str, Any]:
        """A boolean, or a variable."""
        return {"anyOf": [{"type": "boolean"}, _ENVIRONMENT]}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; with `off` also the word off, which gives None."""

    least: int = 1
    most: int = 10**15
    off: bool = False

    def read(self, node: Node, at: Reading) -> Any:
        """The number."""
        wanted = f"a whole number from {self.least}" + (" or off" if self.off else "")
        found = scalar(node, at, wanted)
        if found is None:
            return BAD
        if self.off and found.text == "off":
            return None
        text = found.text
        if (
            text.isascii()
            and text.isdigit()
            and len(text) <= 16
            and not _stiff(found)
            and self.least <= int(text) <= self.most
        ):
            return int(text)
        return at.wrong(node, f"{at.key}: must be {wanted}{_not(found)}")

    def schema(self) -> dict[str, Any]:
        """An integer, a variable, or off."""
        number: dict[str, Any] = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, _ENVIRONMENT, *([{"enum": ["off", False]}] if self.off else [])]}


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds, written 90s 10m 8h 30d; with `off` also the word off, which gives None."""

    least: float = 0.0
    off: bool = False

    def read(self, node: Node, at: Reading) -> Any:
        """The seconds."""
        wanted = "a duration (90s, 10m, 8h, 30d)" + (" or off" if self.off else "")
        found = scalar(node, at, wanted)
        if found is None:
            return BAD
        if self.off and found.text == "off":
            return None
        try:
            value = seconds(found.text)
        except InputError:
            return at.wrong(node, f"{at.key}: must be {wanted}{_not(found)}")
        if value < self.least:
            return at.wrong(node, f"{at.key}: must be at least {self.least:g}s")
        return value

    def schema(self) -> dict[str, Any]:
        """A text of a certain form."""
        text = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?[smhd])+$|\$\{"}
        return {"anyOf": [text, {"enum": ["off", False]}]} if self.off else text


def _stiff(node: ScalarNode) -> bool:
    """Quoted by hand, so meant as text (a variable may have needed its quotes)."""
    return node.quoted and node.text is node.raw


def _not(node: ScalarNode) -> str:
    """What stands there instead."""
    if node.empty:
        return ", and nothing stands here"
    return f", not {shown(node)}" + (" in quotes" if _stiff(node) else "")


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, as a tuple; with `single` one entry may stand without brackets. What is wrong in it is left out."""

    kind: Kind
    single: bool = False

    def read(self, node: Node, at: Reading) -> Any:
        """The good entries."""
        if isinstance(node, ListNode):
            values = (self.kind.read(item, at) for item in node.items)
            return tuple(value for value in values if value is not BAD)
        if isinstance(node, ScalarNode) and node.broken:
            return BAD
        if isinstance(node, ScalarNode) and node.empty:
            return ()
        if self.single and isinstance(node, ScalarNode):
            value = self.kind.read(node, at) if node.text.strip() else ""
            return BAD if value is BAD else (value,) if value else ()
        hint = (
            f": [{node.raw}]" if isinstance(node, ScalarNode) and len(node.raw) < 40 and node.text is node.raw else ""
        )
        return at.wrong(node, f"{at.key}: must be a list{hint}")

    def schema(self) -> dict[str, Any]:
        """An array, or its one entry."""
        array: dict[str, Any] = {"type": ["array", "null"], "items": self.kind.schema()}
        return {"anyOf": [array, self.kind.schema()]} if self.single else array


@dataclass(frozen=True, slots=True)
class Entries:
    """A list whose entries are read later, one by one, by whoever builds them: the value is the list of nodes."""

    kind: Kind

    def read(self, node: Node, at: Reading) -> Any:
        """The nodes."""
        if isinstance(node, ListNode):
            return node.items
        if isinstance(node, ScalarNode) and node.empty and not node.broken:
            return []
        return at.wrong(node, f"{at.key}: must be a list (each entry on a line of its own, after '- ')")

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": ["array", "null"], "items": self.kind.schema()}


@dataclass(frozen=True, slots=True)
class MapOf:
    """Names of the user's own choice, each with a value: a dict of name -> value. `form` checks a name."""

    kind: Kind
    form: Callable[[str], Any]

    def read(self, node: Node, at: Reading) -> Any:
        """The good pairs."""
        if isinstance(node, ScalarNode) and node.empty and not node.broken:
            return {}
        if not isinstance(node, MapNode):
            return at.wrong(node, f"{at.key}: must be names with a value each")
        values: dict[str, Any] = {}
        for name, (key, value) in node.pairs.items():
            try:
                self.form(name)
            except InputError as error:
                at.wrong(key, f"{shown(key)} is no name for this place: {error}")
            read = self.kind.read(value, at)
            if read is not BAD:
                values[name] = read
        return values

    def schema(self) -> dict[str, Any]:
        """An object of any keys."""
        return {"type": ["object", "null"], "additionalProperties": self.kind.schema()}


@dataclass(frozen=True, slots=True)
class Either:
    """A short form (one scalar) or the full one (a mapping)."""

    short: Kind
    full: Kind

    def read(self, node: Node, at: Reading) -> Any:
        """What the one or the other makes of it."""
        return (self.short if isinstance(node, ScalarNode) else self.full).read(node, at)

    def schema(self) -> dict[str, Any]:
        """One of both."""
        return {"anyOf": [self.short.schema(), self.full.schema()]}
