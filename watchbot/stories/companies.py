"""Companies in a text: every way of naming one becomes one token, so that 鴻海, Foxconn and Hon Hai are the same word.

A small trie over folded tokens, the longest name first. It knows no tickers and no spelling guesses: a doubtful
company would keep apart, or join, what it should not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from watchbot.text import words
from watchbot.text.fold import Folded, fold
from watchbot.text.tokens import is_single, split, starts


@dataclass(slots=True)
class _Node:
    """One step of the trie. `owner` is the company whose name ends here; `capital` asks for a capital letter."""

    next: dict[str, "_Node"] = field(default_factory=dict)
    owner: str = ""
    capital: bool = False
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A folded text in tokens, and where the companies stand: (first token, token after the last, company)."""

    folded: Folded
    tokens: list[str]
    places: list[int]
    found: tuple[tuple[int, int, str], ...]

    @property
    def companies(self) -> frozenset[str]:
        """The ids of the companies in it."""
        return frozenset(company for _, _, company in self.found)


class CompanyTagger:
    """Finds companies by their names. `known` gives pairs of an id and its names; a name's first owner keeps it."""

    def __init__(self, known: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        """Enter all names."""
        self._root = _Node()
        self._words = words.load()
        for company, names in known:
            self.add(company, names)

    def add(self, company: str, names: Iterable[str]) -> str:
        """Enter a company. Where one of its names is known already, all go to that owner; gives the id that holds."""
        forms = [(name, split(fold(name).text)) for name in names]
        owner = next((held for _, tokens in forms if (held := self._owner(tokens))), company)
        for name, tokens in forms:
            self._enter(owner, name, tokens)
        return owner

    def tag(self, text: str) -> Tagged:
        """The text with its companies."""
        folded = fold(text)
        tokens = split(folded.text)
        places = starts(folded.text, tokens)
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(tokens):
            end, company = self._longest(folded, tokens, places, at)
            if company:
                found.append((at, end, company))
            at = max(end, at + 1)
        return Tagged(folded, tokens, places, tuple(found))

    def _owner(self, tokens: list[str]) -> str:
        node: _Node | None = self._root
        for token in tokens:
            node = node.next.get(token) if node else None
        return node.owner if node else ""

    def _enter(self, company: str, name: str, tokens: list[str]) -> None:
        if not tokens or len("".join(tokens)) < 2 or (tokens[0].isdigit() and len(tokens) == 1):
            return
        node = self._root
        for token in tokens:
            node = node.next.setdefault(token, _Node())
        if node.owner:
            return
        node.owner = company
        plain = "".join(tokens)
        if plain.isascii():
            node.capital = any(char.isupper() for char in name)
            if len(tokens) == 1 and len(plain) <= 5 and name.isupper() and (len(plain) <= 3 or plain in self._words):
                node.exact = fold(name).cased

    def _longest(self, folded: Folded, tokens: list[str], places: list[int], at: int) -> tuple[int, str]:
        """The longest name that begins at a token: where it ends and whose it is."""
        node: _Node | None = self._root.next.get(tokens[at])
        end, company, place = at, "", at
        while node is not None:
            if node.owner and _stands(folded, tokens, places, at, place, node):
                end, company = place + 1, node.owner
            place += 1
            if place >= len(tokens) or not _near(
                folded.text, places[place - 1] + len(tokens[place - 1]), places[place]
            ):
                break
            node = node.next.get(tokens[place])
        return end, company


def _stands(folded: Folded, tokens: list[str], places: list[int], first: int, last: int, node: _Node) -> bool:
    """Whether the name stands here as a name: with its capital, an acronym as it is written."""
    start, end = places[first], places[last] + len(tokens[last])
    written = folded.cased[start:end]
    if node.exact:
        return written == node.exact
    if node.capital and not any(char.isupper() for char in written):
        return False
    katakana = "\u30a1" <= written[0] <= "\u30fc"
    return not (katakana and first and is_single(tokens[first - 1]) and "\u30a1" <= tokens[first - 1] <= "\u30fc")


def _near(text: str, end: int, start: int) -> bool:
    """Whether two tokens may belong to one name: only spaces, hyphens or dots stand between them."""
    return start - end <= 3 and not text[end:start].strip(" -.&'·,")
