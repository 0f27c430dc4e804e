"""YAML as it stands in the file: text stays text, every piece knows its place, nothing can blow up.

Read from the event stream with a depth limit, a size cap and no aliases, because plain loading turns NO into False,
swallows duplicate keys and can be made to eat all memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from watchbot.model.errors import ConfigError, Problem

if TYPE_CHECKING:
    import yaml

LARGEST = 5_000_000
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of the file: a text, a list or a mapping (`pairs`), with its place counted from 1."""

    line: int
    column: int
    text: str | None = None
    items: tuple["Node", ...] | None = None
    pairs: tuple[tuple["Node", "Node"], ...] | None = None

    def what(self) -> str:
        """What kind of piece it is, for an error message."""
        if self.text is not None:
            return "a text"
        return "a list" if self.items is not None else "a mapping"


def read(file: str, data: bytes) -> Node | None:
    """The document of a file, None where it is empty. Raises ConfigError with the place of the first mistake."""
    import yaml

    if len(data) > LARGEST:
        raise ConfigError([Problem(file, 0, 0, f"larger than {LARGEST:,} bytes")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem(file, line, 0, "not UTF-8")]) from error
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        return _document(file, events)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise ConfigError([Problem(file, line, column, f"not YAML: {error.problem or error.context}")]) from error
    except yaml.YAMLError as error:
        raise ConfigError([Problem(file, 0, 0, f"not YAML: {str(error).splitlines()[0]}")]) from error


def _document(file: str, events: "Iterator[yaml.Event]") -> Node | None:
    """The one document of a stream."""
    import yaml

    found: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if found is not None:
                raise _mistake(file, event, "a second document; one file holds one")
            found = _node(file, next(events), events, 0)
    if found is not None and found.text == "":
        return None
    return found


def _node(file: str, event: "yaml.Event", events: "Iterator[yaml.Event]", depth: int) -> Node:
    """The piece that begins with this event."""
    import yaml

    line, column = _place(event)
    if isinstance(event, yaml.AliasEvent):
        raise _mistake(file, event, "aliases (*name) are not taken here; write the value out")
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, column, text=event.value)
    if depth >= DEEPEST:
        raise _mistake(file, event, "nested too deeply")
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_node(file, inner, events, depth + 1))
        return Node(line, column, items=tuple(items))
    pairs: list[tuple[Node, Node]] = []
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        name = _node(file, inner, events, depth + 1)
        if name.text is None:
            raise _mistake(file, inner, "a key must be a text")
        pairs.append((name, _node(file, next(events), events, depth + 1)))
    return Node(line, column, pairs=tuple(pairs))


def _place(event: "yaml.Event") -> tuple[int, int]:
    """Line and column of an event, from 1; 0 where the parser gives none."""
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)


def _mistake(file: str, event: "yaml.Event", message: str) -> ConfigError:
    """An error at the place of an event."""
    return ConfigError([Problem(file, *_place(event), message)])
