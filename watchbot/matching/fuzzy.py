"""Spelling guesses for Latin names: one edit, only where nothing else explains the word.

A token counts only if it is no dictionary word and no token of any known name. Candidates come from a deletion
dictionary: two words one edit apart become equal by deleting at most one letter of each. Which letters to delete is
narrowed first: an edit leaves either the first or the last letters of a word alone. Cost: one set operation a field,
then a few probes an unknown token, whatever the number of names.

Names of one word need seven letters. In names of several words exactly one may be wrong, of five letters or more.
Names of three words and more also stand a wrong word at a greater distance where it begins alike and all the others
are exact ("Genius Electric Optical" for "Genius Electronic Optical").
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from watchbot.matching.suffixes import SUFFIX_TOKENS
from watchbot.text.nearest import distance
from watchbot.text.words import names

SINGLE = 7
PART = 5
LONGEST = 8
# Letters that a wrong word must share with the right one from the start, and letters the exact others must have.
PREFIX = 5
REST = 10
# A field with more unknown words than this, and more than a quarter of all, is not English: no guesses there.
STRANGE = 12
# Names that share the same two exact words at the same distance: more of them are not looked through.
CROWD = 16
# After so many guesses in one field no more are looked for.
MOST_HITS = 256

_Key = TypeVar("_Key", bound=Hashable)
_Shape = TypeVar("_Shape", int, tuple[int, int])
_LEGAL = frozenset(token for tokens in SUFFIX_TOKENS for token in tokens)


@dataclass(frozen=True, slots=True)
class FuzzyHit:
    """One guess: tokens start..end (end exclusive) of the field look like `term` of the owner, `score` below 1."""

    owner: Hashable
    start: int
    end: int
    term: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Hole:
    """A name of which the word at `place` may differ; it is found from the word at `anchor` and `key`."""

    name: tuple[str, ...]
    place: int
    anchor: int
    key: tuple[str, int, str]

    def fits(self, there: tuple[str, ...]) -> bool:
        """Whether these tokens are the name but for that word, and that word is alike."""
        if len(there) != len(self.name) or not _alike(there[self.place], self.name[self.place]):
            return False
        return all(a == b for at, (a, b) in enumerate(zip(there, self.name, strict=True)) if at != self.place)


class FuzzyIndex:
    """Names of all owners, searched at once. `known` are further words that are never typos (other companies)."""

    def __init__(self, words: frozenset[str], known: frozenset[str] | None = None) -> None:
        """`words` is the dictionary; `known` left out: first names, surnames and places. Both are lower case."""
        self._words = words
        self._known = names() if known is None else known
        self._names: dict[tuple[str, ...], tuple[Hashable, ...]] = {}
        # How many names hold a token, and how many are looked for by misspellings of it.
        self._tokens: dict[str, int] = {}
        self._wanted: dict[str, int] = {}
        self._deletes: dict[str, str | tuple[str, ...]] = {}
        self._starts: set[str] = set()
        self._ends: set[str] = set()
        # Of several words: (the side of the neighbour, neighbour, token) -> {(place in the name, length of the name):
        # how many names}. The neighbour keeps this short for tokens that a thousand names share.
        self._shapes: dict[tuple[int, str, str], Counter[tuple[int, int]]] = {}
        # Of three words and more: anchor -> {where the second exact word stands from it: how many names}, and
        # (anchor, where, second word) -> names.
        self._anchors: dict[str, Counter[int]] = {}
        self._pairs: dict[tuple[str, int, str], tuple[_Hole, ...]] = {}

    def add(self, owner: Hashable, tokens: tuple[str, ...]) -> None:
        """Let the owner be found by misspellings of this name. Every name counts as known, also one too short."""
        owners = self._names.get(tokens, ())
        if owner in owners or not tokens:
            return
        self._names[tokens] = (*owners, owner)
        if owners:
            return
        for token in tokens:
            self._tokens[token] = self._tokens.get(token, 0) + 1
        for place, token in _eligible(tokens):
            self._wanted[token] = self._wanted.get(token, 0) + 1
            if self._wanted[token] == 1:
                self._index(token)
            if len(tokens) > 1:
                self._shapes.setdefault(_beside(tokens, place), Counter())[place, len(tokens)] += 1
        for hole in _holes(tokens, self._words):
            there = self._pairs.get(hole.key, ())
            if len(there) < CROWD:
                self._pairs[hole.key] = (*there, hole)
                self._anchors.setdefault(hole.key[0], Counter())[hole.key[1]] += 1

    def remove(self, owner: Hashable, tokens: tuple[str, ...]) -> None:
        """Undo one `add`; unknown pairs are ignored."""
        owners = self._names.get(tokens, ())
        if owner not in owners:
            return
        rest = tuple(one for one in owners if one != owner)
        if rest:
            self._names[tokens] = rest
            return
        del self._names[tokens]
        for place, token in _eligible(tokens):
            if _fewer(self._wanted, token):
                self._unindex(token)
            if len(tokens) > 1:
                _lower(self._shapes, _beside(tokens, place), (place, len(tokens)))
        for hole in _holes(tokens, self._words):
            there = self._pairs.get(hole.key, ())
            if hole in there:
                self._pairs[hole.key] = tuple(one for one in there if one != hole)
                _lower(self._anchors, hole.key[0], hole.key[1])
                if len(there) == 1:
                    del self._pairs[hole.key]
        for token in tokens:
            _fewer(self._tokens, token)

    def find(self, tokens: Sequence[str]) -> list[FuzzyHit]:
        """The guesses in one field, in order. Tokens that are masked or not Latin are given as ""."""
        if not self._names:
            return []
        present = set(tokens)
        # One set at a time: with several arguments `difference` walks through all of the later ones.
        unknown = (present - self._words) - self._known
        strange = {t for t in unknown if len(t) >= PART and t not in self._tokens and correctable(t)}
        hits: dict[tuple[int, int, tuple[str, ...]], FuzzyHit] = {}
        if strange and not (len(strange) > STRANGE and 4 * len(strange) > len(present)):
            guesses = {token: found for token in strange if (found := self._candidates(token))}
            if guesses:
                for place, token in enumerate(tokens):
                    if token in guesses:
                        for name in guesses[token]:
                            self._around(tokens, place, name, hits)
                        if len(hits) > MOST_HITS:
                            break
        anchors = self._anchors.keys() & present
        if anchors:
            self._by_anchor(tokens, anchors, hits)
        return sorted(hits.values(), key=lambda hit: (hit.start, hit.end))

    # -- one word, one edit

    def _index(self, token: str) -> None:
        """Enter a token under itself and everything one deletion makes of it."""
        for key in _deletions(token):
            there = self._deletes.get(key)
            if there is None:
                self._deletes[key] = token
            else:
                self._deletes[key] = (there, token) if isinstance(there, str) else (*there, token)
        for half in _halves(token):
            self._starts.add(token[:half])
            self._ends.add(token[-half:])

    def _unindex(self, token: str) -> None:
        """Undo `_index`; the sets of beginnings and ends stay, they only save time."""
        for key in _deletions(token):
            there = self._deletes[key]
            rest = () if isinstance(there, str) else tuple(one for one in there if one != token)
            if not rest:
                del self._deletes[key]
            else:
                self._deletes[key] = rest[0] if len(rest) == 1 else rest

    def _candidates(self, token: str) -> list[str]:
        """Tokens of names one edit away."""
        size = len(token)
        half = (size - 1) // 2
        first, last = size, 0
        if token[:half] in self._starts:
            first, last = half, size
        if token[-half:] in self._ends:
            first, last = 0, max(last, size - half)
        if first >= last:
            return []
        found: set[str] = set()
        deletes = self._deletes
        for at in range(first, last + 1):
            # The last round asks for the token as it is.
            key = token[:at] + token[at + 1 :] if at < last else token
            if key in deletes:
                there = deletes[key]
                found.update((there,) if isinstance(there, str) else there)
        return [name for name in sorted(found) if distance(token, name, 1) == 1]

    def _around(
        self, tokens: Sequence[str], place: int, right: str, hits: dict[tuple[int, int, tuple[str, ...]], FuzzyHit]
    ) -> None:
        """Names that hold `right` where the field has a misspelling of it at `place`."""
        if len(right) >= SINGLE and (right,) in self._names:
            self._note(hits, place, (right,))
        shapes: list[tuple[int, int]] = []
        if place:
            shapes += self._shapes.get((-1, tokens[place - 1], right), ())
        if place + 1 < len(tokens):
            shapes += self._shapes.get((1, tokens[place + 1], right), ())
        for at, size in shapes:
            start = place - at
            if start < 0 or start + size > len(tokens):
                continue
            name = (*tokens[start:place], right, *tokens[place + 1 : start + size])
            if name in self._names:
                self._note(hits, start, name)

    def _note(self, hits: dict[tuple[int, int, tuple[str, ...]], FuzzyHit], start: int, name: tuple[str, ...]) -> None:
        """One hit for every owner of the name."""
        letters = sum(map(len, name))
        for number, owner in enumerate(self._names[name]):
            hit = FuzzyHit(owner, start, start + len(name), name, round(1 - 1 / letters, 3))
            hits.setdefault((start, number, name), hit)

    # -- long names, one word quite different

    def _by_anchor(
        self, tokens: Sequence[str], anchors: set[str], hits: dict[tuple[int, int, tuple[str, ...]], FuzzyHit]
    ) -> None:
        """Names of three words and more of which all but one are exact and that one begins alike."""
        for place, token in enumerate(tokens):
            if token not in anchors:
                continue
            for offset in self._anchors[token]:
                other = place + offset
                if not 0 <= other < len(tokens):
                    continue
                for hole in self._pairs.get((token, offset, tokens[other]), ()):
                    start = place - hole.anchor
                    if len(hits) > MOST_HITS:
                        return
                    if start >= 0 and hole.fits(tuple(tokens[start : start + len(hole.name)])):
                        self._note(hits, start, hole.name)


def correctable(token: str) -> bool:
    """Whether one token can be misspelt at all: Latin letters only, long enough."""
    return len(token) >= PART and token.isascii() and token.isalpha()


def _eligible(tokens: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """The places of a name where an edit is looked for."""
    if len(tokens) > LONGEST:
        return
    least = SINGLE if len(tokens) == 1 else PART
    for place, token in enumerate(tokens):
        if len(token) >= least and correctable(token) and token not in _LEGAL:
            yield place, token


def _beside(tokens: tuple[str, ...], place: int) -> tuple[int, str, str]:
    """The token before the place, or for the first one the token after it, with the token itself."""
    side = -1 if place else 1
    return (side, tokens[place + side], tokens[place])


def _holes(tokens: tuple[str, ...], words: frozenset[str]) -> Iterator[_Hole]:
    """The places that may differ, for names with three telling words or more."""
    if not 3 <= len(tokens) <= LONGEST:
        return
    telling = [place for place, token in enumerate(tokens) if token not in _LEGAL and len(token) > 2]
    for place in telling:
        others = [other for other in telling if other != place]
        if len(others) < 2 or len(tokens[place]) < PREFIX or not correctable(tokens[place]):
            continue
        if sum(len(tokens[other]) for other in others) >= REST:
            # The rarest word to start from: no dictionary word if there is one, else the longest.
            others.sort(key=lambda other: (tokens[other] not in words, len(tokens[other])), reverse=True)
            anchor, second = others[:2]
            key = (tokens[anchor], second - anchor, tokens[second])
            yield _Hole(tokens, place, anchor, key)


def _alike(there: str, right: str) -> bool:
    """Whether two words begin alike and are of one making: electric, electronic."""
    shared = 0
    for one, other in zip(there, right, strict=False):
        if one != other:
            break
        shared += 1
    return there != right and shared >= PREFIX and 2 * shared >= max(len(there), len(right))


def _deletions(token: str) -> set[str]:
    """The token and everything one deletion makes of it."""
    return {token, *(token[:at] + token[at + 1 :] for at in range(len(token)))}


def _halves(token: str) -> set[int]:
    """How many letters at either end stay, for misspellings one shorter, as long, or one longer."""
    return {(len(token) + more - 1) // 2 for more in (-1, 0, 1)}


def _fewer(counts: dict[str, int], token: str) -> bool:
    """Take one from a count; whether it was the last."""
    counts[token] -= 1
    if counts[token]:
        return False
    del counts[token]
    return True


def _lower(counts: dict[_Key, Counter[_Shape]], token: _Key, shape: _Shape) -> None:
    """Take one from a count, and the empty counts away."""
    counter = counts[token]
    counter[shape] -= 1
    if not counter[shape]:
        del counter[shape]
    if not counter:
        del counts[token]
