"""The watches of one watchlist: short and full forms become `Watch`, each with an id of its own."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from watchbot.catalogue.keys import key as name_key
from watchbot.config.companies import Companies, candidates, describe, expand, is_unsafe
from watchbot.config.kinds import BAD, Reading
from watchbot.config.nodes import MapNode, Node, ScalarNode, shown
from watchbot.config.tables import WATCH, WATCH_ENTRY
from watchbot.model.watch import Case, Options, Priority, Watch

_FINDS = ("name", "company", "aliases", "tickers", "keywords", "query")
_GLUED = re.compile(rf"({'|'.join(key.name for key in WATCH.keys)}):\S")
_NOT_WORD = re.compile(r"[\W_]+")
_ID_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Short:
    """A short form and the watch it became, for `check -v`."""

    file: str
    line: int
    column: int
    text: str
    watch: Watch


# Gives the chats below a node's `chats:`, telling those that cannot be reached.
ChatReader = Callable[[Node], tuple[str, ...]]


def _no_chats(_node: Node) -> tuple[str, ...]:
    """Nobody but the watchlist's chats."""
    return ()


class WatchBuilder:
    """Builds the watches of one watchlist, in order."""

    def __init__(
        self,
        at: Reading,
        companies: Companies | None,
        priority: str = "normal",
        warn: bool = True,
        chats: ChatReader = _no_chats,
    ) -> None:
        """`companies` None = no catalogue: all names are plain. `priority` is the watchlist's.

        `warn` False = do not ask the catalogue what it thinks of plain names, where nobody would read it. `chats`
        checks the chats of a watch.
        """
        self.at = at
        self.chats = chats
        self.companies = companies
        self.priority = priority
        self.adviser = companies if warn else None
        self.shorts: list[Short] = []
        self._taken: dict[str, int] = {}
        self._labels: dict[str, int] = {}

    def build(self, nodes: list[Node]) -> tuple[Watch, ...]:
        """All watches that are right; the others are told."""
        drafts: list[tuple[Node, dict[str, Any]]] = []
        for node in nodes:
            self.at.key = "watches"
            value = WATCH_ENTRY.read(node, self.at)
            if value is BAD:
                continue
            draft = self._short(node, value) if isinstance(value, str) else self._full(node, value)
            if draft is not None:
                self._claim(node, draft)
                drafts.append((node, draft))
        counters: dict[str, int] = {}
        return tuple(self._finish(node, draft, counters) for node, draft in drafts)

    def _claim(self, node: Node, draft: dict[str, Any]) -> None:
        """Keep a written id to one watch; tell what is watched twice."""
        written = draft.get("id", "")
        if written:
            if written in self._taken:
                place = node.at("id") if isinstance(node, MapNode) else node
                self.at.wrong(place, f"this id is taken by the watch in line {self._taken[written]}")
            self._taken.setdefault(written, node.line)
        elif draft["label"] in self._labels:
            first = self._labels[draft["label"]]
            self.at.doubt(node, f"this is watched in this watchlist already, in line {first}")
        self._labels.setdefault(draft["label"], node.line)

    def _finish(self, node: Node, draft: dict[str, Any], counters: dict[str, int]) -> Watch:
        """Give the watch its id: the written one, else one made of its name, numbered where it is taken."""
        typed = draft.pop("typed")
        if not draft.get("id"):
            base = made = slug(typed)
            while made in self._taken:
                counters[base] = counters.get(base, 1) + 1
                made = f"{base}-{counters[base]}"
            self._taken[made] = node.line
            draft["id"] = made
        watch = Watch(**draft, line=node.line)
        if isinstance(node, ScalarNode):
            self.shorts.append(Short(self.at.file, node.line, node.column, node.text, watch))
        return watch

    def _short(self, node: Node, text: str) -> dict[str, Any] | None:
        """`company:` where the catalogue knows it without doubt, else `name:`."""
        glued = _GLUED.match(text)
        if glued:
            self.at.wrong(node, f"a key needs a space after its colon: `{glued[1]}: ...`")
            return None
        draft: dict[str, Any] = {"typed": text, "label": text, "names": (text,), "priority": Priority(self.priority)}
        company = self.companies.resolve(text) if self.companies else None
        if company is not None:
            found = expand(company, text)
            self._warn_unsafe(node, text)
            draft.update(label=found.names[0] if text in found.names else company.name, company=company.id)
            draft.update(names=found.names, tickers=found.tickers, unsafe=found.unsafe)
        return draft

    def _full(self, node: Node, values: dict[str, Any]) -> dict[str, Any] | None:
        """A watch with keys."""
        assert isinstance(node, MapNode)
        if not any(values.get(key) or (key in node and key not in values) for key in _FINDS):
            if all(key in WATCH.by_name for key in node.pairs):
                self.at.wrong(node, f"a watch needs at least one of {', '.join(_FINDS)}")
            return None
        draft: dict[str, Any] = {key: values[key] for key in ("id", "deliver", "mentions", "updates") if key in values}
        for key in ("aliases", "keywords", "exclude", "context", "tickers"):
            draft[key] = tuple(dict.fromkeys(values.get(key, ())))
        draft["priority"] = Priority(values.get("priority", self.priority))
        draft["options"] = _options(values.get("options", {}))
        if "chats" in values:
            draft["chats"] = self._chats(node.at("chats"))
        if "query" in values:
            self._query(node, values["query"])
            draft["query"] = values["query"]
        self._name(node, values, draft)
        return draft

    def _chats(self, place: Node) -> tuple[str, ...]:
        """Who is told of this watch instead of the watchlist's chats."""
        found = self.chats(place)
        if not found:
            self.at.doubt(place, "chats: is empty: the watchlist's chats are told of this watch")
        return found

    def _name(self, node: MapNode, values: dict[str, Any], draft: dict[str, Any]) -> None:
        """What the watch is called, and the names that come of `name:` and `company:`."""
        name, typed = values.get("name", ""), values.get("company", "")
        others = (*draft["aliases"], *draft["keywords"], *draft["tickers"], draft.get("query", ""), "watch")
        draft["typed"] = draft["label"] = name or typed or next(text for text in others if text)
        draft["names"] = (name,) if name else ()
        if typed:
            self._company(node, values, draft)
        elif "without" in node and "company" not in node:
            self.at.wrong(node.at("without"), "without: takes names away from a `company:`, and there is none here")
        if name and not typed:
            self._warn_known(node.at("name"), name)
        for alias, place in zip(values.get("aliases", ()), getattr(node.at("aliases"), "items", ()), strict=False):
            self._warn_unsafe(place, alias)

    def _company(self, node: MapNode, values: dict[str, Any], draft: dict[str, Any]) -> None:
        """The names and tickers of `company:`, less `without:`."""
        typed, without = values["company"], values.get("without", ())
        place = node.at("company")
        if self.companies is None:
            kept = [text for text in dict.fromkeys((*draft["names"], typed)) if text not in without]
            draft["names"] = tuple(kept)
        else:
            company = self.companies.resolve(typed)
            if company is None:
                self._unknown_company(place, typed)
                return
            found = expand(company, typed, without)
            draft["names"] = tuple(dict.fromkeys((*draft["names"], *found.names)))
            draft["tickers"] = tuple(dict.fromkeys((*found.tickers, *draft["tickers"])))
            draft["company"] = company.id
            own = {name_key(text) for text in (*draft["names"], *draft["aliases"])}
            draft["unsafe"] = tuple(text for text in found.unsafe if name_key(text) not in own)
            if "name" not in values and typed not in found.names:
                draft["label"] = company.name
            for text in found.strangers:
                self.at.doubt(node.at("without"), f"without: not a name of {describe(company)}: {text}")
            self._warn_unsafe(place, typed)
        finds = (draft["names"], draft["aliases"], draft["tickers"], draft["keywords"], draft.get("query"))
        if not any(finds):
            self.at.wrong(node.at("without"), "without: leaves nothing to look for")

    def _unknown_company(self, place: Node, typed: str) -> None:
        """An error that lists who could be meant."""
        assert self.companies is not None
        assert isinstance(place, ScalarNode)
        could_be = candidates(self.companies, typed)
        help_ = f"it could be {could_be}; " if could_be else ""
        self.at.wrong(
            place, f"company: {shown(place)} is not clear to the catalogue: {help_}`name:` makes it a plain name"
        )

    def _warn_unsafe(self, node: Node, typed: str) -> None:
        """A name the catalogue would not match unasked."""
        company = self.adviser.resolve(typed) if self.adviser else None
        if company is not None and is_unsafe(company, typed):
            self.at.doubt(
                node, f"{_as_written(node)} is an unsafe name of {describe(company)}: it has other meanings too"
            )

    def _warn_known(self, node: Node, typed: str) -> None:
        """A plain name that the catalogue knows more of."""
        company = self.adviser.resolve(typed) if self.adviser else None
        if company is None:
            return
        self.at.doubt(node, f"the catalogue knows {describe(company)}: with `company:` all its names are found")
        self._warn_unsafe(node, typed)

    def _query(self, node: MapNode, text: str) -> None:
        """Check the query's grammar; tell a mistake at its own column where that is possible."""
        from watchbot.matching.query import QueryError, parse

        try:
            parse(text)
        except QueryError as error:
            place = node.at("query")
            assert isinstance(place, ScalarNode)
            offset = _offset(place, error.column)
            message = error.reason if place.text is place.raw else "the query is not right"
            where = f" (column {error.column} of the query)" if offset is None and error.column else ""
            self.at.report.wrong(self.at.file, place.line, place.column + (offset or 0), f"query: {message}{where}")


def _offset(place: ScalarNode, column: int) -> int | None:
    """How far right of the value's beginning a column of the query lies, where the file writes it as it is."""
    if place.text is not place.raw or place.width != len(place.raw) + 2 * place.quoted:
        return None
    return column - 1 + place.quoted + len(place.raw) - len(place.raw.lstrip())


def _as_written(node: Node) -> str:
    """The text of a node as the file has it."""
    return shown(node) if isinstance(node, ScalarNode) else "this"


def _options(values: dict[str, Any]) -> Options:
    """The switches of a watch."""
    return Options(
        fuzzy=values.get("fuzzy", True),
        case=Case(values.get("case", "smart")),
        urls=values.get("urls", False),
        main_only=values.get("level", "any") == "main",
    )


def slug(text: str) -> str:
    """An id made of a name: lower case, words joined by hyphens, letters of any script kept."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORD.sub("-", folded).strip("-")[:_ID_LENGTH].strip("-") or "watch"
