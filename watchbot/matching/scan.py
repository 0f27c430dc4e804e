"""One field of an item, folded and cut into tokens; everything else about it is worked out at the first hit."""

import re
from bisect import bisect_left, bisect_right

from watchbot.matching import masks
from watchbot.matching.suffixes import PREFIX_TOKENS, SUFFIX_TOKENS
from watchbot.text import wordcut
from watchbot.text.fold import Folded, fold
from watchbot.text.tokens import is_cjk, split, starts

_AROUND_SUFFIX = re.compile(r"[\s,.&·(/-]{0,6}")
_IN_BRACKETS = re.compile(r"[\s.)]{0,3}[(\[]\s?([^()\[\]\n]{1,40})[)\]]")
_HASHTAG = re.compile(r"#([^\W_]{2,40})(?![^\W_])")
# A sentence ends at a mark before white space, at a Chinese or Japanese full stop, or with its line.
_SENTENCE = re.compile(r"[.!?]['\")]*(?=\s)|[。！？]|\n")
_ABBREVIATION = re.compile(r"(?:\b[a-z]|\b(?:mr|mrs|ms|dr|st|inc|corp|co|ltd|no|vs|jr|u\.s|u\.k))\.$")
_SUFFIXES: dict[str, list[tuple[str, ...]]] = {}
for _form in SUFFIX_TOKENS:
    _SUFFIXES.setdefault(_form[0], []).append(_form)
_LONGEST_WORD = 8


class Scan:
    """One field: `folded`, `tokens`, and where each token starts."""

    __slots__ = ("_by_token", "_cuts", "_masks", "_sentence", "_starts", "field", "folded", "tokens")

    def __init__(self, field: str, text: str) -> None:
        """Fold and split; nothing more."""
        self.field = field
        self.folded: Folded = fold(text)
        self.tokens: list[str] = split(self.folded.text)
        self._starts: list[int] | None = None
        self._masks: list[tuple[int, int]] | None = None
        self._cuts: tuple[list[int], list[int]] | None = None
        self._by_token: dict[str, list[int]] | None = None
        self._sentence = -1

    @property
    def starts(self) -> list[int]:
        """Where each token starts in the folded text."""
        if self._starts is None:
            self._starts = starts(self.folded.text)
        return self._starts

    def end(self, place: int) -> int:
        """Where the token at `place` ends in the folded text."""
        return self.starts[place] + len(self.tokens[place])

    def gap(self, place: int) -> str:
        """What stands between the token at `place` and the next."""
        return self.folded.text[self.end(place) : self.starts[place + 1]]

    def masked(self, start: int, end: int) -> bool:
        """Whether this piece of folded text touches an address, e-mail address or @handle."""
        if self._masks is None:
            self._masks = masks.regions(self.folded.cased)
        if not self._masks:
            return False
        at = bisect_right(self._masks, (start, end))
        before = at > 0 and self._masks[at - 1][1] > start
        return before or (at < len(self._masks) and self._masks[at][0] < end)

    def cuts_across(self, start: int, end: int) -> bool:
        """Whether a Chinese word that is more than this piece begins before it or overlaps its end."""
        if self._cuts is None:
            words = wordcut.cut(self.folded.text)
            self._cuts = [word[0] for word in words], [word[1] for word in words]
        begins, ends = self._cuts
        at = bisect_right(begins, start) - 1
        if at < 0 or begins[at] != start:
            return True
        if ends[at] >= end:
            return False
        # The word at the start is part of the piece; the last word must end with it.
        last = bisect_left(ends, end)
        return last >= len(ends) or ends[last] != end

    def places(self, tokens: tuple[str, ...]) -> list[int]:
        """Every place where these tokens stand in a row."""
        if self._by_token is None:
            self._by_token = {}
            for place, token in enumerate(self.tokens):
                self._by_token.setdefault(token, []).append(place)
        found = self._by_token.get(tokens[0], [])
        size = len(tokens)
        if size == 1:
            return found
        return [place for place in found if tuple(self.tokens[place : place + size]) == tokens]

    def after_suffix(self, last: int) -> int:
        """The token place after the legal suffix that follows token place `last` (exclusive end); `last` if none."""
        if last >= len(self.tokens):
            return last
        for form in _SUFFIXES.get(self.tokens[last], ()):
            size = len(form)
            if tuple(self.tokens[last : last + size]) == form and all(
                _AROUND_SUFFIX.fullmatch(self.gap(place)) for place in range(last - 1, last + size - 1)
            ):
                return last + size
        return last

    def before_prefix(self, first: int) -> int:
        """The token place of the legal form that stands right before `first`; `first` if none."""
        for form in PREFIX_TOKENS:
            size = len(form)
            if size <= first and tuple(self.tokens[first - size : first]) == form and len(self.gap(first - 1)) < 2:
                return first - size
        return first

    def bracket_after(self, end: int) -> tuple[str, int]:
        """What stands in brackets right after folded place `end`, and where; ("", end) if nothing does."""
        found = _IN_BRACKETS.match(self.folded.cased, end)
        return (found.group(1), found.start(1)) if found else ("", end)

    def hashtags(self) -> list[tuple[str, int, int]]:
        """Words of hashtags in lower case with their place in the folded text, the # included."""
        if "#" not in self.folded.text:
            return []
        return [(found.group(1), found.start(), found.end()) for found in _HASHTAG.finditer(self.folded.text)]

    def first_sentence(self) -> int:
        """Where the first sentence ends, in the folded text."""
        if self._sentence < 0:
            self._sentence = len(self.folded.text)
            begin = len(self.folded.text) - len(self.folded.text.lstrip())
            for found in _SENTENCE.finditer(self.folded.text, begin):
                head = self.folded.text[max(begin, found.end() - 6) : found.end()]
                if not _ABBREVIATION.search(head):
                    self._sentence = found.end()
                    break
        return self._sentence

    def letter_spaced(self, first: int, last: int) -> bool:
        """Whether CJK tokens first..last (exclusive) stand apart from their neighbours as they do from each other."""
        before = first == 0 or bool(self.gap(first - 1)) or not is_cjk(self.tokens[first - 1])
        after = last >= len(self.tokens) or bool(self.gap(last - 1)) or not is_cjk(self.tokens[last])
        return before and after
