"""Where terms may begin in scripts without spaces, told from the text itself, so that only there it is cut into tokens.

A term begins with a character that some term begins with, and goes on as one of them does. Chinese text has as many
tokens as characters, and nearly none of them matters: the windows around the places that do are all that is split.
"""

import re

from watchbot.matching.terms import Entry
from watchbot.text.tokens import is_single

# What is split before a place where a term may begin, and after the end of the longest term.
BEFORE = 6
BEYOND = 14
# A lexicon with longer terms has every text split.
LONGEST = 120
# So many places of one beginning are looked at in one field.
PER_HEAD = 200
# What may stand between two characters of a name.
_GAPS = frozenset(" \n\t-_\u00b7")
# So many different second characters, and nearly every character is one: asking for them saves nothing.
MOST_SECONDS = 400


class Heads:
    """The beginnings of all terms; those of removed terms stay, they cost little."""

    __slots__ = ("_chars", "_lone", "_pairs", "_pattern", "_seconds", "single", "word")

    def __init__(self) -> None:
        """No terms."""
        self._chars: set[str] = set()
        self._pairs: set[str] = set()
        self._lone: set[str] = set()
        self._seconds: set[str] = set(_GAPS)
        self._pattern: re.Pattern[str] | None = None
        # How far the longest term reaches that begins with such a character, and with a word.
        self.single = 2 * BEYOND
        self.word = 2 * BEYOND

    def add(self, entry: Entry) -> None:
        """Know the beginning of one more term."""
        tokens = entry.tokens
        first, reach = tokens[0], len(entry.base) + len(tokens) + BEYOND
        if first.isascii() or not is_single(first):
            self.word = max(self.word, reach)
            return
        self.single = max(self.single, reach)
        if first not in self._chars:
            self._chars.add(first)
            self._pattern = None
        if len(tokens) > 1 and is_single(tokens[1]) and not (entry.signs and any(entry.signs.gaps[:1])):
            self._pairs.add(first + tokens[1])
            followed, char = self._seconds, tokens[1]
        else:
            followed, char = self._lone, first
        if char not in followed:
            if len(self._seconds) <= MOST_SECONDS:
                self._pattern = None
            followed.add(char)

    def _compiled(self) -> re.Pattern[str]:
        """The characters that a term begins with where it may go on, as far as one character tells."""
        pattern = _class(self._chars)
        if len(self._seconds) <= MOST_SECONDS:
            # The class of first characters stays in front: a pattern that begins with one skips what is not in it.
            alone = f"|(?<={_class(self._lone)})" if self._lone else ""
            pattern += f"(?:(?={_class(self._seconds)}){alone})"
        return re.compile(pattern)

    def find(self, text: str) -> list[int]:
        """The places of a folded text where a term may begin."""
        if not self._chars:
            return []
        if self._pattern is None:
            self._pattern = self._compiled()
        pairs, lone = self._pairs, self._lone
        found, counts = [], dict[str, int]()
        for hit in self._pattern.finditer(text):
            at = hit.start()
            head = text[at : at + 2]
            if head in pairs or head[1:] in _GAPS or head[:1] in lone:
                count = counts.get(head, 0)
                if count < PER_HEAD:
                    counts[head] = count + 1
                    found.append(at)
        return found


def _class(chars: set[str]) -> str:
    """The characters as a class of a pattern."""
    return f"[{''.join(map(re.escape, sorted(chars)))}]"


def windows(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What to split: around each (place, how far a term may reach from there), in order, without halves of words."""
    size = len(text)
    merged: list[tuple[int, int]] = []
    for place, reach in places:
        first, last = max(0, place - BEFORE), min(size, place + reach)
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return [_trimmed(text, first, last) for first, last in merged]


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    """A window without a part of a word at its edges."""
    while first < last and first > 0 and _inside(text, first):
        first += 1
    while first < last < len(text) and _inside(text, last):
        last -= 1
    return first, last


def _inside(text: str, at: int) -> bool:
    """Whether one word of a spaced script goes on over this place."""
    left, right = text[at - 1], text[at]
    if "\u3400" <= left <= "\u9fff" or "\u3400" <= right <= "\u9fff":
        return False
    return left.isalnum() and right.isalnum() and not is_single(left) and not is_single(right)
