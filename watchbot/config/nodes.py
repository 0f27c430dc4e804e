"""A YAML document as nodes that know their place, built from the event stream without recursion.

Limits hold while the events come, so a hostile document costs no more than its bytes: nesting, number of nodes,
and what aliases repeat. Duplicate keys, tags and odd keys are told and left out; the rest of the file is still read.
"""

from collections.abc import Callable
from typing import Any

import yaml

from watchbot.config.report import Report

MAX_DEPTH = 40
MAX_NODES = 4_000_000
MAX_REPEATED = 100_000
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
# libyaml's words, where they help nobody -> what to do about it
_WORDS = {
    "found a tab character that violates indentation": "a tab cannot indent here; use spaces",
    "mapping values are not allowed in this context": "a ':' is not expected here (check the indentation; "
    "a text that holds ': ' goes in quotes)",
    "did not find expected key": "this is neither a new key nor part of the text before it "
    "(check the indentation and the quotes)",
    "did not find expected '-' indicator": "an entry of this list must begin with '- ' (check the indentation)",
    "could not find expected ':'": "a key needs ': ' and a value after it",
    "found unexpected ':'": "a ':' has no place here; a space goes behind the colon of a key, text goes in quotes",
    "found unexpected end of stream": "the file ends inside a quoted text",
    "found invalid Unicode character escape code": "this is no valid character escape",
}


class ScalarNode:
    """A piece of text. `raw` is what the file says, `text` the same with the environment filled in.

    `plain` = written without quotes; `width` = columns it takes in the file, where it ends in its first line.
    `broken` = already told of; nobody should complain of it again.
    """

    __slots__ = ("broken", "column", "line", "plain", "quoted", "raw", "text", "width")

    def __init__(self, raw: str, line: int, column: int, style: str | None, width: int = 0) -> None:
        """`style` is YAML's own: "" or None plain, otherwise the quote, `|` or `>`."""
        self.raw = raw
        self.text = raw
        self.line = line
        self.column = column
        self.plain = not style
        self.quoted = style in ("'", '"')
        self.width = width
        self.broken = False

    @property
    def empty(self) -> bool:
        """Nothing was written: `key:` alone, or null."""
        return self.plain and self.raw in ("", "~", "null")


class ListNode:
    """A list."""

    __slots__ = ("column", "items", "line")

    def __init__(self, line: int, column: int) -> None:
        """An empty list at a place."""
        self.items: list[Node] = []
        self.line = line
        self.column = column


class MapNode:
    """Keys and values, each key once."""

    __slots__ = ("column", "line", "pairs")

    def __init__(self, line: int, column: int) -> None:
        """An empty mapping at a place."""
        self.pairs: dict[str, tuple[ScalarNode, Node]] = {}
        self.line = line
        self.column = column

    def __contains__(self, key: str) -> bool:
        """Whether the key was written, with whatever value."""
        return key in self.pairs

    def at(self, key: str) -> "Node":
        """Where to point for a key: its value, or the mapping where the key is missing."""
        pair = self.pairs.get(key)
        return pair[1] if pair else self


Node = ScalarNode | ListNode | MapNode
Expand = Callable[[ScalarNode], None]


class _Stop(Exception):
    """The rest of the document cannot be read; the reason is already told."""


class _Open:
    """A list or mapping that is still being read: the key that waits for its value, the anchor, the count before."""

    __slots__ = ("anchor", "count", "key", "node", "skip")

    def __init__(self, node: ListNode | MapNode, anchor: str | None, count: int) -> None:
        """Start with nothing waiting."""
        self.node = node
        self.key: ScalarNode | None = None
        self.skip = False
        self.anchor = anchor
        self.count = count


class _Builder:
    """Takes events, gives the root node."""

    def __init__(self, file: str, report: Report, expand: Expand, json: bool) -> None:
        """`expand` fills the environment into a scalar; in a JSON document null means left out."""
        self.file = file
        self.report = report
        self.expand = expand
        self.json = json
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node | None, int]] = {}
        self.count = 0
        self.repeated = 0
        self.documents = 0

    def fail(self, mark: Any, message: str) -> None:
        """Tell and give up on the document."""
        self.wrong(mark, message)
        raise _Stop

    def wrong(self, mark: Any, message: str) -> None:
        """Tell at a mark of the parser."""
        self.report.wrong(self.file, mark.line + 1, mark.column + 1, message)

    def scalar(self, event: Any) -> None:
        """A text: a key, a value or an entry."""
        self._tag(event)
        mark = event.start_mark
        width = event.end_mark.column - mark.column
        node = ScalarNode(event.value, mark.line + 1, mark.column + 1, event.style, width)
        self._count(mark)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, 1)
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.node) is MapNode and top.key is None and not top.skip:
            self._key(top, node)
            return
        if "${" in node.raw:
            self.expand(node)
        self._put(node)

    def start(self, event: Any, node: ListNode | MapNode) -> None:
        """A list or mapping begins."""
        self._tag(event)
        self._count(event.start_mark)
        if len(self.stack) >= MAX_DEPTH:
            self.fail(event.start_mark, f"nested deeper than {MAX_DEPTH} levels")
        if event.anchor is not None:
            self.anchors[event.anchor] = (None, 0)
        self.stack.append(_Open(node, event.anchor, self.count))

    def end(self) -> None:
        """A list or mapping is complete."""
        done = self.stack.pop()
        if done.anchor is not None:
            self.anchors[done.anchor] = (done.node, self.count - done.count + 1)
        self._put(done.node)

    def alias(self, event: Any) -> None:
        """The same node once more, as long as the repeats stay few."""
        node, size = self.anchors.get(event.anchor, (None, -1))
        if node is None:
            if size < 0:
                self.fail(
                    event.start_mark, f"no anchor &{event.anchor} before this (text that begins with * goes in quotes)"
                )
            self.fail(event.start_mark, f"*{event.anchor} stands inside what it names")
            return
        self.repeated += size
        self.count += size
        if self.repeated > MAX_REPEATED:
            self.fail(event.start_mark, f"aliases repeat more than {MAX_REPEATED} values")
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.node) is MapNode and top.key is None and not top.skip:
            self._key(top, node)
            return
        self._put(node)

    def document(self, event: Any) -> None:
        """Only one document a file."""
        self.documents += 1
        if self.documents > 1:
            self.fail(event.start_mark, "a second document (---) begins here; one file holds one document")

    def _count(self, mark: Any) -> None:
        """Keep the number of nodes in bounds."""
        self.count += 1
        if self.count > MAX_NODES:
            self.fail(mark, f"more than {MAX_NODES} values in one file")

    def _tag(self, event: Any) -> None:
        """Tags are YAML's way to ask for types or code; nothing here needs one."""
        if event.tag is not None and event.tag not in _PLAIN_TAGS and event.tag != "!":
            self.wrong(event.start_mark, "a tag has no place here (text that begins with ! goes in quotes)")

    def _key(self, top: _Open, key: Node) -> None:
        """Remember the key whose value comes next."""
        assert isinstance(top.node, MapNode)
        if not isinstance(key, ScalarNode):
            self.report.wrong(self.file, key.line, key.column, "a key must be a word")
        elif key.raw == "<<" and key.plain:
            self.report.wrong(self.file, key.line, key.column, "merging with << is not supported; write the keys out")
        elif key.raw in top.node.pairs:
            first = top.node.pairs[key.raw][0].line
            self.report.wrong(
                self.file, key.line, key.column, f"the key {shown(key)} stands here twice (first in line {first})"
            )
        else:
            top.key = key
            return
        top.skip = True

    def _put(self, node: Node) -> None:
        """Give a complete node to whom it belongs."""
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if type(top.node) is ListNode:
            top.node.items.append(node)
            return
        assert isinstance(top.node, MapNode)
        if top.skip:
            top.skip = False
        elif top.key is None:
            self._key(top, node)
        else:
            if not (self.json and type(node) is ScalarNode and node.plain and node.raw == "null"):
                top.node.pairs[top.key.raw] = (top.key, node)
            top.key = None


def shown(node: ScalarNode) -> str:
    """The text as the file writes it, short and on one line, for a message; never a value of the environment."""
    text = node.raw if len(node.raw) <= 60 else node.raw[:57] + "..."
    return "`" + "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text) + "`"


def build(text: str, file: str, report: Report, expand: Expand) -> Node | None:
    """The document's root node; None where it is empty or cannot be read (then the report says why)."""
    json = text.lstrip()[:1] in ("{", "[")
    builder = _Builder(file, report, expand, json)
    try:
        _feed(builder, yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, -1)
        report.wrong(file, line + 1, column + 1, _explain(error, text, line, column))
        return None
    except yaml.YAMLError:
        report.wrong(file, 0, 0, "this is not YAML")
        return None
    return builder.root


def _feed(builder: _Builder, events: Any) -> None:
    """Hand every event to its place."""
    for event in events:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            builder.scalar(event)
        elif kind is yaml.MappingStartEvent:
            builder.start(event, MapNode(event.start_mark.line + 1, event.start_mark.column + 1))
        elif kind is yaml.SequenceStartEvent:
            builder.start(event, ListNode(event.start_mark.line + 1, event.start_mark.column + 1))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            builder.end()
        elif kind is yaml.AliasEvent:
            builder.alias(event)
        elif kind is yaml.DocumentStartEvent:
            builder.document(event)


def _explain(error: yaml.MarkedYAMLError, text: str, line: int, column: int) -> str:
    """The parser's complaint in words that say what to do."""
    problem = error.problem or "this is not YAML"
    lines = text.split("\n", line + 1)
    written = lines[line] if line < len(lines) else ""
    char = written[column : column + 1]
    if problem == "found character that cannot start any token":
        if char == "\t":
            return "a tab cannot indent here; use spaces"
        return f"a text that begins with {char} goes in quotes"
    if problem.startswith("did not find expected ','"):
        hint = '; "${NAME}" needs quotes inside [ ] and { }' if "${" in written else ""
        return f"a list or mapping in brackets is not closed here, or a comma is missing{hint}"
    if problem == "did not find expected key" and _after_quote(written, column):
        return "text goes on after the closing quote; put the whole in single quotes: 'a \"b\" c'"
    return _WORDS.get(problem, problem)


def _after_quote(written: str, column: int) -> bool:
    """Whether a quoted text has just ended before the place."""
    return written[:column].rstrip()[-1:] in ("'", '"')
