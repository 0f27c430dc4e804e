"""Texts with marked ranges: cleaned, cut and measured so that the marks stay on their words."""

import unicodedata
from collections.abc import Iterable

from watchbot.model.alert import Marked

ELLIPSIS = "…"
# Embedding and override controls: a headline must not turn the rest of a message around.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def columns(text: str) -> int:
    """Width on a terminal: CJK counts two, combining marks nothing."""
    return sum(_width(char) for char in text)


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def squeeze(marked: Marked) -> Marked:
    """White space runs become one space, ends are stripped, what cannot be shown is dropped; marks move along."""
    out: list[str] = []
    where: list[int] = []
    space = False
    for char in marked.text:
        if char.isspace():
            space = bool(out)
        elif shown(char):
            if space:
                out.append(" ")
                space = False
            where.append(len(out))
            out.append(char)
            continue
        where.append(len(out) + (1 if space else 0))
    where.append(len(out))
    text = "".join(out)
    moved = ((min(where[start], len(text)), min(where[end], len(text))) for start, end in marked.marks)
    return Marked(text, merge((start, end - (text[start:end].endswith(" "))) for start, end in moved))


def shown(char: str) -> bool:
    """Whether a character may stand in a message (no controls, no lone surrogates, no direction overrides)."""
    return char not in _BIDI and unicodedata.category(char) not in ("Cc", "Cs")


def clean(text: str) -> str:
    """One line of text without what cannot be shown."""
    return squeeze(Marked(text)).text


def piece(marked: Marked, start: int, end: int) -> Marked:
    """The text from start to end, with the marks that lie in it."""
    inside = ((max(a, start) - start, min(b, end) - start) for a, b in marked.marks if a < end and b > start)
    return Marked(marked.text[start:end], merge(inside))


def merge(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges in order, overlapping ones joined, empty ones dropped."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if end <= start:
            continue
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def shorten(text: str, limit: int) -> str:
    """At most `limit` columns (and UTF-16 units), cut between words where possible and ended with an ellipsis."""
    return shorten_marked(Marked(text), limit).text


def shorten_marked(marked: Marked, limit: int) -> Marked:
    """Like shorten, with the marks that remain."""
    end = _fitting(marked.text, limit)
    if end == len(marked.text):
        return marked
    end = word_end(marked.text, _fitting(marked.text, limit - 1))
    cut = piece(marked, 0, end)
    return Marked(cut.text + ELLIPSIS, cut.marks)


def word_end(text: str, end: int) -> int:
    """The last place at or before `end` where a cut breaks no word; `end` itself where that would lose a third."""
    if end >= len(text):
        return len(text)
    place = end
    while place > 0 and _joined(text[place - 1], text[place]):
        place -= 1
    if place < end * 2 // 3:
        place = end
        while place > 0 and unicodedata.combining(text[place]):
            place -= 1
    return len(text[:place].rstrip())


def word_start(text: str, start: int) -> int:
    """The first place at or after `start` where a word begins."""
    place = start
    while 0 < place < len(text) and _joined(text[place - 1], text[place]):
        place += 1
    return place


def _joined(left: str, right: str) -> bool:
    """Whether a cut between two characters would break a word."""
    if unicodedata.combining(right) or right in "\u200d\ufe0f" or left == "\u200d":
        return True
    return not left.isspace() and not right.isspace() and _width(left) < 2 and _width(right) < 2


def _fitting(text: str, limit: int) -> int:
    """How many characters from the beginning fit."""
    wide = long = 0
    for index, char in enumerate(text):
        wide += _width(char)
        long += 2 if char > "\uffff" else 1
        if max(wide, long) > limit:
            return index
    return len(text)


def _width(char: str) -> int:
    """Columns of one character."""
    if char < "\u0300":
        return 1
    if unicodedata.combining(char) or char in "\u200b\u200c\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
