"""Where terms may begin in scripts without spaces, told from the text itself, so that only there it is cut into tokens.

A term begins with a character that some term begins with, and goes on as one of them does. Chinese text has as many
tokens as characters, and nearly none of them matters: the windows around the places that do are all that is split.
"""

import re

from watchbot.matching.terms import Entry
from watchbot.text.tokens import is_single, spaced_words

# What is split before and after a place where a term may begin. A lexicon with longer terms has every text split.
BEFORE = 16
AFTER = 48
# So many places of one beginning are looked at in one field.
PER_HEAD = 200
# What may stand between two characters of a name.
_GAPS = frozenset(" \n\t-_\u00b7")


class Heads:
    """The beginnings of all terms; those of removed terms stay, they cost little."""

    __slots__ = ("_chars", "_lone", "_pairs", "_pattern", "long")

    def __init__(self) -> None:
        """No terms."""
        self._chars: set[str] = set()
        self._pairs: set[str] = set()
        self._lone: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.long = False  # whether a term does not fit the windows

    def add(self, entry: Entry) -> None:
        """Know the beginning of one more term."""
        tokens = entry.tokens
        if len(tokens) > AFTER // 4 and sum(map(len, tokens)) + len(tokens) > AFTER - BEFORE:
            self.long = True
        first = tokens[0]
        if first.isascii() or not is_single(first):
            return
        if first not in self._chars:
            self._chars.add(first)
            self._pattern = None
        if len(tokens) > 1 and is_single(tokens[1]) and not (entry.signs and any(entry.signs.gaps[:1])):
            self._pairs.add(first + tokens[1])
        else:
            self._lone.add(first)

    def find(self, text: str) -> list[int]:
        """The places of a folded text where a term may begin."""
        if not self._chars:
            return []
        if self._pattern is None:
            self._pattern = re.compile(f"[{''.join(map(re.escape, sorted(self._chars)))}]")
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


def windows(text: str, places: list[int]) -> list[tuple[int, int]]:
    """What to split around the places, in order; no word of a spaced script is cut in two."""
    out: list[tuple[int, int]] = []
    size, end, begin = len(text), -1, 0
    for place in places:
        if place + AFTER <= end + AFTER // 2:
            continue
        first, last = max(0, place - BEFORE), min(size, place + AFTER)
        if first > end and end >= 0:
            out.append((begin, _right(text, end)))
            end = -1
        if end < 0:
            begin = _left(text, first)
        end = last
    if end >= 0:
        out.append((begin, _right(text, end)))
    return out
