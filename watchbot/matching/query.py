r"""The query language: text in, a checked tree out that is evaluated over the places where its terms were found.

    query   = both ("OR" both)*
    both    = factor (["AND"] "NOT" factor | "AND" factor)*        AND binds tighter than OR; A NOT B needs no AND
    factor  = "NOT" factor | operand ("NEAR/n" operand)*           same field, either order, at most n words between
    operand = word | "phrase" | "(" query ")" | ("title:" | "body:" | "company:") operand

Operators are upper case. A phrase may hold anything but a quotation mark. Two terms side by side are an error: AND or
quotes were meant. NEAR takes terms or `(a OR b)`. A query that is true of text without any of its terms (only NOT, or
OR with NOT on a side) is refused. lark parses without recursion; length and depth are bounded before it sees the text.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from watchbot.matching.querytree import And, Hit, Near, Node, Not, Or, QueryTerm, Term, cheapest, normal, terms_of
from watchbot.model.errors import InputError
from watchbot.text.nearest import nearest

if TYPE_CHECKING:
    from lark import Lark, Token

__all__ = ["Hit", "Query", "QueryError", "QueryTerm", "parse"]

MAX_LENGTH = 10_000
MAX_DEPTH = 40
MAX_NEAR = 50
FIELDS = ("title", "body", "company")
_GRAMMAR = r"""
start: either
either: both (_OR both)*
both: factor (_AND factor | without)*
without: NOT factor
factor: NOT factor -> negated
      | operand (NEAR operand)* -> near
operand: WORD -> word
       | PHRASE -> phrase
       | FIELD operand -> inside
       | _OPEN either _CLOSE -> group
_OPEN: "("
_CLOSE: ")"
_AND.2: /AND(?![^\s()"])/
_OR.2: /OR(?![^\s()"])/
NOT.2: /NOT(?![^\s()"])/
NEAR.2: /NEAR\/\d+(?![^\s()"])/
FIELD.2: /(?:title|body|company):/
PHRASE: /"[^"]*"/
WORD: /[^\s()"]+/
%ignore /\s+/
"""
# What people type for the marks of the language where their keyboard offers others.
_MARKS = str.maketrans({"（": "(", "）": ")", "“": '"', "”": '"', "„": '"', "＂": '"', "：": ":", "\u3000": " "})
_PIECE = re.compile(r'"[^"]*"?|[()]|[^\s()"]+')
_SIGNS = {"&&": "AND", "&": "AND", "+": "AND", "||": "OR", "|": "OR", "!": "NOT", "-": "NOT", "~": "NEAR/5"}


class QueryError(InputError):
    """A query that cannot be read. `column` counts from 1, `reason` is one line; str() adds the query and a caret."""

    def __init__(self, reason: str, text: str, position: int) -> None:
        """`position` counts from 0 in `text`."""
        self.reason = reason
        self.column = position + 1
        super().__init__(f"column {self.column}: {reason}\n{_caret(text, position)}")


class Query:
    """One query that parsed. Immutable; the terms are in the order of the text, each once."""

    __slots__ = ("_required", "_root", "_terms", "text")

    def __init__(self, text: str, root: Node, required: tuple[QueryTerm, ...]) -> None:
        """Made by `parse`; `root` is in normal form."""
        self.text = text
        self._root = root
        self._required = required
        self._terms = tuple(dict.fromkeys(terms_of(root)))

    @property
    def terms(self) -> tuple[QueryTerm, ...]:
        """Every term that must be looked for, those behind NOT included."""
        return self._terms

    def wanted(self) -> tuple[QueryTerm, ...]:
        """Every term that can make the query true, each once: none that stands behind NOT."""
        return tuple(dict.fromkeys(terms_of(self._root, negated=False)))

    def required(self) -> tuple[QueryTerm, ...]:
        """The cheapest terms of which at least one stands in any text that the query is true of."""
        return self._required

    def evaluate(self, hits: Callable[[QueryTerm], Sequence[Hit]]) -> tuple[Hit, ...] | None:
        """None where the query is false, else the hits that made it true, in order; never what NOT found."""
        found = self._root.evaluate(hits)
        if found is None:
            return None
        return tuple(
            sorted(dict.fromkeys(found), key=lambda hit: (hit.field != "title", hit.field, hit.start, hit.end))
        )


def parse(text: str) -> Query:
    """Read a query; QueryError says where it is wrong and what to write instead."""
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query is longer than {MAX_LENGTH} characters: split it into several watches", text, MAX_LENGTH
        )
    plain = text if '"' in text else text.translate(_MARKS)
    if not plain.strip():
        raise QueryError('the query is empty: write at least one term, as in "AI server" AND Quanta', text, 0)
    _check_brackets(plain)
    root = _tree(plain)
    normalised, loose = normal(root), _first_not(root)
    required = cheapest(normalised)
    if required is None:
        raise QueryError(
            "this query is true of nearly every item: join NOT with AND to a term that must stand there", text, loose
        )
    return Query(text, normalised, required)


def _tree(plain: str) -> Node:
    """The tree as lark builds it, its errors put into words."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken, VisitError

    try:
        return cast("Node", _parser().parse(plain))
    except UnexpectedToken as error:
        at = len(plain.rstrip()) if error.token.type == "$END" else cast("int", error.token.start_pos)
        reason, at = _misplaced(plain, at)
        raise QueryError(reason, plain, at) from None
    except UnexpectedCharacters as error:
        raise QueryError("this quotation mark is never closed", plain, cast("int", error.pos_in_stream)) from None
    except UnexpectedEOF:
        raise QueryError("the query ends too early", plain, len(plain)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, _Slip):
            raise QueryError(error.orig_exc.reason, plain, error.orig_exc.position) from None
        raise
    except _Slip as slip:
        raise QueryError(slip.reason, plain, slip.position) from None


@cache
def _parser() -> "Lark":
    """The parser, built at the first query: lark costs more than all else that a light command loads."""
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())


class _Slip(Exception):
    """A mistake found while building: its reason and position."""

    def __init__(self, reason: str, position: int) -> None:
        """`position` counts from 0."""
        super().__init__(reason)
        self.reason = reason
        self.position = position


class _Builder:
    """What lark calls for each rule, from the leaves up; no method calls another rule's."""

    def start(self, children: list[Node]) -> Node:
        """The whole."""
        return children[0]

    group = start

    def either(self, children: list[Node]) -> Node:
        """Sides of OR."""
        return children[0] if len(children) == 1 else Or(tuple(children))

    def both(self, children: list[Node]) -> Node:
        """Sides of AND and NOT."""
        return children[0] if len(children) == 1 else And(tuple(children))

    def negated(self, children: list[Any]) -> Node:
        """NOT before a factor; two of them lift each other."""
        sign, side = children
        return side.side if isinstance(side, Not) else Not(side, cast("int", sign.start_pos))

    without = negated

    def near(self, children: list[Any]) -> Node:
        """Operands with NEAR between them; one operand alone is itself."""
        if len(children) == 1:
            return cast("Node", children[0])
        parts: list[tuple[Term, ...]] = []
        gaps: list[int] = []
        for place, child in enumerate(children):
            if place % 2:
                gaps.append(_gap(child))
                continue
            sides = child.sides if isinstance(child, Or) else (child,)
            terms = tuple(side for side in sides if isinstance(side, Term))
            if len(terms) < len(sides):
                sign = children[max(1, place - 1)]
                raise _Slip("NEAR stands between words, phrases or (a OR b), nothing else", sign.start_pos)
            parts.append(terms)
        return Near(tuple(parts), tuple(gaps))

    def word(self, children: "list[Token]") -> Node:
        """A bare word."""
        token = children[0]
        reason = _bad_word(str(token))
        if reason:
            raise _Slip(reason, cast("int", token.start_pos))
        return Term(QueryTerm(str(token), "", False))

    def phrase(self, children: "list[Token]") -> Node:
        """Words in quotes."""
        token = children[0]
        inner = " ".join(str(token)[1:-1].split())
        if not any(c.isalnum() for c in inner):
            raise _Slip("these quotes hold no letter or digit", cast("int", token.start_pos))
        return Term(QueryTerm(inner, "", False))

    def inside(self, children: list[Any]) -> Node:
        """A field before a term or a group: it goes to every term."""
        field, side = children
        try:
            return cast("Node", side.within(str(field)[:-1]))
        except ValueError as error:
            raise _Slip(str(error), cast("int", field.start_pos)) from None


def _gap(token: "Token") -> int:
    """The n of NEAR/n."""
    digits = str(token)[5:]
    if len(digits) > 3 or int(digits) > MAX_NEAR:
        raise _Slip(f"NEAR/n takes 0 to {MAX_NEAR} words", cast("int", token.start_pos))
    return int(digits)


def _first_not(root: Node) -> int:
    """Where the first NOT stands, for the error that names it."""
    waiting: list[Node] = [root]
    places: list[int] = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, Not):
            places.append(node.position)
            waiting.append(node.side)
        elif isinstance(node, And | Or):
            waiting.extend(node.sides)
    return min(places, default=0)


def _check_brackets(plain: str) -> None:
    """Brackets must pair and not nest too deep; told here, where the open one is still known."""
    opened: list[int] = []
    for piece in _PIECE.finditer(plain):
        if piece[0] == "(":
            opened.append(piece.start())
            if len(opened) > MAX_DEPTH:
                raise QueryError(f"brackets nest deeper than {MAX_DEPTH}: take some away", plain, piece.start())
        elif piece[0] == ")":
            if not opened:
                raise QueryError("this bracket closes nothing: take it away or open one before", plain, piece.start())
            opened.pop()
        elif piece[0].startswith('"') and (len(piece[0]) < 2 or not piece[0].endswith('"')):
            raise QueryError("this quotation mark is never closed", plain, piece.start())
    if opened:
        raise QueryError("this bracket is never closed", plain, opened[-1])


def _bad_word(word: str) -> str:
    """Why a bare word cannot stand where it does; "" where it can."""
    operator = re.fullmatch(r"(?i)and|or|not|near(?:/?\d*)", word)
    if operator:
        if word[:4].lower() == "near":
            return f'NEAR needs capitals and a number: write NEAR/5, or "{word}" in quotes to look for the word'
        right = word.upper()
        return f'operators are upper case: write {right}, or "{word}" in quotes to look for the word'
    sign = next((sign for sign in _SIGNS if word.startswith(sign)), "")
    if sign and not word[len(sign) :][:1].isspace() and (len(word) == len(sign) or sign in "-!+~"):
        return f"{sign} is no operator here: write {_SIGNS[sign]}, or quotes around what holds it"
    if "*" in word or word.endswith("?"):
        return "there are no wildcards: words match whole, in any case; put a sign that belongs to a name in quotes"
    field = re.match(r"[A-Za-z]+:", word)
    if field and field[0][:-1] not in FIELDS:
        close = nearest(field[0][:-1], FIELDS, 1)
        meant = f"did you mean {close[0]}: ?" if close else "the fields are title: body: company:"
        return f'unknown field {field[0]} ({meant}); or put it in quotes: "{word[:40]}"'
    return "" if any(c.isalnum() for c in word) else f"{word[:20]} holds no letter or digit: put words there"


def _misplaced(plain: str, at: int) -> tuple[str, int]:
    """Why the piece that starts at `at` cannot stand there, and where the mistake is: there or in the piece before."""
    piece = _PIECE.match(plain, at)
    word = piece[0] if piece else ""
    before = list(_PIECE.finditer(plain, 0, at))
    last = before[-1][0] if before else ""
    if last.endswith(":") and last.rstrip(":").rpartition(":")[2] in FIELDS:
        return f"{last[-20:]} needs a term right after it", at
    if last in ("", "("):
        return "a term is missing " + (f"before {word[:30]}" if word not in ("", ")") else "here"), at
    if last in ("AND", "OR", "NOT") or re.fullmatch(r"NEAR/\d+", last):
        return f"a term is missing after {last}", at
    if re.fullmatch(r"NEAR/\d+", word):
        return "NEAR stands between two terms: put the rest in brackets", at
    for blamed, place in ((last, before[-1].start()), (word, at)):
        bad = (
            "" if blamed.startswith(('"', "(", ")")) else _bad_word(blamed.removeprefix("title:").removeprefix("body:"))
        )
        if bad and not blamed.startswith("company:"):
            return bad, place
    if word.startswith(('"', "(")) or last.startswith('"') or last == ")":
        return f"an operator is missing: write AND or OR between {last[:30]} and {word[:30]}", at
    both = f"{last[:30]} {word[:30]}"
    return f'an operator is missing: write {last[:30]} AND {word[:30]}, or quotes for a phrase: "{both}"', at


def _caret(text: str, position: int) -> str:
    """The query (a window of it) on one line and a caret under the position; wide characters take two columns."""
    flat = "".join(" " if c.isspace() or not c.isprintable() else c for c in text)
    start = max(0, position - 50)
    head = flat[start:position]
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in head)
    return f"  {head}{flat[position : position + 30]}\n  {' ' * width}^"
