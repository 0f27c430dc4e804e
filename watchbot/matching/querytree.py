"""The tree of a parsed query: normal form, evaluation over found places, and the terms that any hit needs.

In normal form NOT stands only right above a term or a NEAR. Depth is bounded by the parser, so plain recursion is safe.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from watchbot.text import words


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One thing to look for: a word, a phrase or (`company`) all names of a company. `field` "" means both."""

    text: str
    field: str
    company: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a term was found: code points start..end of the field, words first..last of it (both counted)."""

    field: str
    start: int
    end: int
    first_word: int
    last_word: int
    term: str


Lookup = Callable[[QueryTerm], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Term:
    """A leaf."""

    term: QueryTerm

    def within(self, field: str) -> "Term":
        """The term limited to a field, or made a company; ValueError where it is one already."""
        if field == "company":
            if self.term.company:
                raise ValueError("company: stands twice before one term")
            return Term(replace(self.term, company=True))
        if self.term.field:
            raise ValueError(f"{field}: and {self.term.field}: before one term: one field is enough")
        return Term(replace(self.term, field=field))

    def evaluate(self, hits: Lookup) -> Sequence[Hit] | None:
        """Its places, None where there are none."""
        return hits(self.term) or None


@dataclass(frozen=True, slots=True)
class Near:
    """Operands in a chain, each a choice of terms; gaps[i] is between operands i and i + 1."""

    parts: tuple[tuple[Term, ...], ...]
    gaps: tuple[int, ...]

    def within(self, field: str) -> "Near":
        """The field goes to every term."""
        return Near(tuple(tuple(term.within(field) for term in part) for part in self.parts), self.gaps)

    def evaluate(self, hits: Lookup) -> Sequence[Hit] | None:
        """The places that stand near enough all along the chain."""
        kept: list[Sequence[Hit]] = []
        for part in self.parts:
            found: Sequence[Hit] = [hit for term in part for hit in hits(term.term)]
            if kept:
                found = _close(found, kept[-1], self.gaps[len(kept) - 1])
            if not found:
                return None
            kept.append(found)
        for place in range(len(kept) - 2, -1, -1):
            kept[place] = _close(kept[place], kept[place + 1], self.gaps[place])
        return [hit for found in kept for hit in found]


@dataclass(frozen=True, slots=True)
class Not:
    """True where the side is not. `position` is where it stands in the text."""

    side: "Node"
    position: int

    def within(self, field: str) -> "Not":
        """The field goes to every term."""
        return Not(self.side.within(field), self.position)

    def evaluate(self, hits: Lookup) -> Sequence[Hit] | None:
        """No places, but true."""
        return () if self.side.evaluate(hits) is None else None


@dataclass(frozen=True, slots=True)
class And:
    """True where all sides are."""

    sides: "tuple[Node, ...]"

    def within(self, field: str) -> "And":
        """The field goes to every term."""
        return And(tuple(side.within(field) for side in self.sides))

    def evaluate(self, hits: Lookup) -> Sequence[Hit] | None:
        """The places of all sides."""
        out: list[Hit] = []
        for side in self.sides:
            found = side.evaluate(hits)
            if found is None:
                return None
            out.extend(found)
        return out


@dataclass(frozen=True, slots=True)
class Or:
    """True where any side is."""

    sides: "tuple[Node, ...]"

    def within(self, field: str) -> "Or":
        """The field goes to every term."""
        return Or(tuple(side.within(field) for side in self.sides))

    def evaluate(self, hits: Lookup) -> Sequence[Hit] | None:
        """The places of every side that is true."""
        results = [found for side in self.sides if (found := side.evaluate(hits)) is not None]
        return [hit for found in results for hit in found] if results else None


Node = Term | Near | Not | And | Or


def normal(node: Node, negative: bool = False) -> Node:
    """The same query with NOT pushed down to the leaves, positive sides first, sides of one kind joined."""
    match node:
        case Not():
            return normal(node.side, not negative)
        case Term() | Near():
            return Not(node, 0) if negative else node
        case And() | Or():
            kind = And if isinstance(node, And) is not negative else Or
            sides: list[Node] = []
            for side in node.sides:
                done = normal(side, negative)
                sides.extend(done.sides if isinstance(done, kind) else (done,))
            sides.sort(key=lambda side: isinstance(side, Not))
            return kind(tuple(dict.fromkeys(sides)))


def terms_of(node: Node, negated: bool = True) -> Iterable[QueryTerm]:
    """All terms below a node, those behind NOT included unless `negated` is False (in normal form)."""
    match node:
        case Term():
            yield node.term
        case Near():
            for part in node.parts:
                yield from (term.term for term in part)
        case Not():
            if negated:
                yield from terms_of(node.side)
        case And() | Or():
            for side in node.sides:
                yield from terms_of(side, negated)


def cheapest(node: Node) -> tuple[QueryTerm, ...] | None:
    """The rarest terms of which one must stand in any text the node is true of; None if it is true without any."""
    match node:
        case Term():
            return (node.term,)
        case Near():
            return min((tuple(term.term for term in part) for part in node.parts), key=_cost)
        case Not():
            return None
        case And():
            sets = [found for side in node.sides if (found := cheapest(side)) is not None]
            return min(sets, key=_cost) if sets else None
        case Or():
            union: dict[QueryTerm, None] = {}
            for side in node.sides:
                found = cheapest(side)
                if found is None:
                    return None
                union.update(dict.fromkeys(found))
            return tuple(union)


def _cost(terms: Iterable[QueryTerm]) -> float:
    """How often one of the terms may be expected to stand in a text; only the order matters."""
    return sum(map(_common, terms))


def _common(term: QueryTerm) -> float:
    """Long terms are rare, phrases rarer, dictionary words common; a CJK character says as much as three letters."""
    if term.company:
        # Several names, each of them rare.
        size, factor = 8, 3.0
    else:
        size, factor = sum(3 if ord(c) > 0x2E7F else 1 for c in term.text if c.isalnum()), 1.0
        # A word of the language is as common as half its length suggests: semiconductor against Foxconn.
        size = size // 2 if term.text.lower() in words.load() else size
    return factor * (0.5 if term.field == "title" else 1.0) / 2.0 ** min(size, 24)


def _close(here: Sequence[Hit], there: Sequence[Hit], gap: int) -> list[Hit]:
    """Those of `here` with one of `there` in the same field, apart from it, at most `gap` words between."""
    firsts: dict[str, list[int]] = {}
    lasts: dict[str, list[int]] = {}
    for hit in there:
        firsts.setdefault(hit.field, []).append(hit.first_word)
        lasts.setdefault(hit.field, []).append(hit.last_word)
    for places in (*firsts.values(), *lasts.values()):
        places.sort()
    out = []
    for hit in here:
        after, before = firsts.get(hit.field, []), lasts.get(hit.field, [])
        if _any_in(after, hit.last_word + 1, gap) or _any_in(before, hit.first_word - 1 - gap, gap):
            out.append(hit)
    return out


def _any_in(places: list[int], low: int, width: int) -> bool:
    """Whether one of the sorted numbers lies in low..low+width."""
    at = bisect_left(places, low)
    return at < len(places) and places[at] <= low + width
