"""One field of an item, folded and cut into tokens; everything else about it is worked out at the first hit."""

import re
from bisect import bisect_left, bisect_right

from watchbot.matching import masks
from watchbot.matching.heads import windows
from watchbot.matching.suffixes import PREFIX_TOKENS, SUFFIX_TOKENS
from watchbot.text import words
from watchbot.text.fold import Folded, fold
from watchbot.text.tokens import is_cjk, is_single, split, split_part

_AROUND_SUFFIX = re.compile(r"[\s,.&·(/-]{0,6}")
# Folding leaves `|` of `<`, of either width.
_IN_BRACKETS = re.compile(r"[\s.)]{0,3}[(\[【〔「|]\s?([^()\[\]【】〔〕「」|>\n]{1,40})[)\]】〕」>]")
_BROKEN = re.compile(r"(?<![^\W_])([A-Za-z]*[a-z])-\n[ \t]{0,8}([a-z]+)(?![^\W_])")
_HASHTAG = re.compile(r"#([^\W_]{2,40})(?![^\W_])")
# A sentence ends at a mark before white space, at a Chinese or Japanese full stop, or with its line.
_SENTENCE = re.compile(r"[.!?。！？\n]")
_GOES_ON = re.compile(r"['\")]*[^\s'\")]")
_ABBREVIATION = re.compile(r"(?:\b[a-z]|\b(?:mr|mrs|ms|dr|st|inc|corp|co|ltd|no|vs|jr|u\.s|u\.k))\.$")
_SUFFIXES: dict[str, list[tuple[str, ...]]] = {}
for _form in SUFFIX_TOKENS:
    _SUFFIXES.setdefault(_form[0], []).append(_form)
# So many tokens of a field are found one by one; whoever asks for more gets all places up to there.
_SINGLY = 8
_TRIES = 8
# A field is cut only in places from so many characters on.
_SHORT = 64


class Scan:
    """One field: `folded` and its `tokens`."""

    __slots__ = (
        "_broken",
        "_by_token",
        "_first",
        "_looks",
        "_masks",
        "_narrow",
        "_present",
        "_sentence",
        "_starts",
        "_tokens",
        "field",
        "folded",
    )

    def __init__(self, field: str, text: str) -> None:
        """Fold; nothing more."""
        self.field = field
        self.folded: Folded = fold(text)
        self._tokens: list[str] | None = None
        self._narrow = False
        self._starts: list[int] = []  # of the first tokens, as far as anyone asked
        self._first: dict[int, int] = {}  # of single tokens, found directly
        self._masks: list[tuple[int, int]] | None = None
        self._by_token: dict[str, list[int]] = {}
        self._present: frozenset[str] | None = None
        self._sentence = -1
        self._looks = 0
        self._broken: dict[int, int] = {}  # places of words that a line's end breaks: how much longer they are there

    @property
    def tokens(self) -> list[str]:
        """The tokens: all of them, or those near the places that `narrow` was given."""
        if self._tokens is None:
            self._split()
        return self._tokens or []

    def _split(self) -> None:
        """Cut the whole field."""
        self._tokens = split(self.folded.text)
        if "-\n" in self.folded.text:
            self._mend(self._tokens)

    def crowded(self) -> bool:
        """Whether the field is long and mostly of scripts without spaces: it has more tokens than can matter."""
        return self.folded.wide and len(self.folded.text) >= _SHORT and "-\n" not in self.folded.text

    def narrow(self, places: list[tuple[int, int]]) -> list[int]:
        """Cut only around (place, reach) in the folded text; gives the token places that stand there.

        `places`, later, looks through the whole field all the same.
        """
        text, tokens, starts = self.folded.text, list[str](), list[int]()
        for first, last in windows(text, places):
            split_part(text, first, last, tokens, starts)
        self._tokens, self._starts, self._narrow = tokens, starts, True
        found = [bisect_left(starts, place) for place, _reach in places]
        return [
            at for at, (place, _reach) in zip(found, places, strict=True) if at < len(starts) and starts[at] == place
        ]

    def _mend(self, all_tokens: list[str]) -> None:
        """Join the words that a hyphen breaks at the end of a line: "Fox-\\nconn". A second half of its own stays."""
        text = self.folded.cased
        known = words.load()
        breaks = {found.start(): found for found in _BROKEN.finditer(text) if found[2] not in known}
        if not breaks:
            return
        at, tokens, joined = 0, list[str](), None
        for token in all_tokens:
            at = self.folded.text.index(token, at)
            if joined is not None and at == joined.start(2):
                tokens[-1] += token
                self._broken[len(tokens) - 1] = joined.start(2) - joined.end(1)
            else:
                tokens.append(token)
                self._starts.append(at)
            joined = breaks.get(at)
            at += len(token)
        self._tokens = tokens

    def start(self, place: int) -> int:
        """Where the token at `place` starts in the folded text."""
        starts = self._starts
        if place < len(starts):
            return starts[place]
        first = self._first.get(place)
        if first is not None:
            return first
        text, token = self.folded.text, self.tokens[place]
        before = self._first.get(place - 1)
        if before is not None:
            at = self._first[place] = text.index(token, before + len(self.tokens[place - 1]))
            return at
        if len(self._first) < _SINGLY:
            at = self._nth(token, self.tokens[:place].count(token))
            if at >= 0:
                self._first[place] = at
                return at
        # Only separators stand between tokens, so that each search ends at once.
        at = starts[-1] + len(self.tokens[len(starts) - 1]) if starts else 0
        for token in self.tokens[len(starts) : place + 1]:
            at = text.index(token, at)
            starts.append(at)
            at += len(token)
        return starts[place]

    def _nth(self, token: str, number: int) -> int:
        """Where the token stands as a whole for the n-th time (from 0); -1 where looking on would take too long."""
        text, at = self.folded.text, -1
        single, size = token[0] >= "\u0e01" and is_single(token[0]), len(token)
        for _ in range(_TRIES):
            at = text.find(token, at + 1)
            if single or (_open(text[at - 1 : at]) and _open(text[at + size : at + size + 1])):
                if number == 0:
                    return at
                number -= 1
        return -1

    def end(self, place: int) -> int:
        """Where the token at `place` ends in the folded text."""
        end = self.start(place) + len(self.tokens[place])
        return end + self._broken.get(place, 0) if self._broken else end

    def gap(self, place: int) -> str:
        """What stands between the token at `place` and the next."""
        return self.folded.text[self.end(place) : self.start(place + 1)]

    def masked(self, start: int, end: int) -> bool:
        """Whether this piece of folded text touches an address, e-mail address or @handle."""
        return self.region(start, end) is not None

    def region(self, start: int, end: int) -> tuple[int, int] | None:
        """The address that this piece of folded text touches."""
        if self._masks is None:
            if self._looks < _SINGLY and not self._suspect(start, end):
                return None
            self._masks = masks.regions(self.folded.cased)
        if not self._masks:
            return None
        at = bisect_right(self._masks, (start, end))
        if at > 0 and self._masks[at - 1][1] > start:
            return self._masks[at - 1]
        return self._masks[at] if at < len(self._masks) and self._masks[at][0] < end else None

    def _suspect(self, start: int, end: int) -> bool:
        """Whether what stands around this piece up to the next white space could be an address."""
        self._looks += 1
        text = self.folded.text
        left = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
        right = text.find(" ", end)
        around = text[left : right if right >= 0 else len(text)]
        return "@" in around or "/" in around or "." in around[:-1]

    def present(self) -> frozenset[str]:
        """All tokens of the field, each once; from here on the whole field is cut."""
        if self._present is None:
            if self._narrow:
                self._narrow, self._starts, self._first = False, [], {}
                self._split()
            self._present = frozenset(self.tokens)
        return self._present

    def places(self, tokens: tuple[str, ...]) -> list[int]:
        """Every place where these tokens stand in a row."""
        if tokens[0] not in self.present():
            return []
        found = self._by_token.get(tokens[0])
        if found is None:
            found = self._by_token[tokens[0]] = self._all(tokens[0])
        size = len(tokens)
        if size == 1:
            return found
        return [place for place in found if tuple(self.tokens[place : place + size]) == tokens]

    def _all(self, token: str) -> list[int]:
        """Every place of one token that stands there."""
        found, tokens, at = list[int](), self.tokens, -1
        for _ in range(tokens.count(token)):
            at = tokens.index(token, at + 1)
            found.append(at)
        return found

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

    def in_first_sentence(self, place: int) -> bool:
        """Whether a place of the folded text lies in its first sentence."""
        if self._sentence < 0 and _SENTENCE.search(self.folded.text, 0, place) is None:
            return True
        return place < self._first_sentence()

    def _first_sentence(self) -> int:
        """Where the first sentence ends, in the folded text."""
        if self._sentence < 0:
            self._sentence = len(self.folded.text)
            begin = len(self.folded.text) - len(self.folded.text.lstrip())
            for found in _SENTENCE.finditer(self.folded.text, begin):
                mark, end = found.group(), found.end()
                if mark in ".!?":
                    if _GOES_ON.match(self.folded.text, end):
                        continue
                    if mark == "." and _ABBREVIATION.search(self.folded.text[max(begin, end - 6) : end]):
                        continue
                self._sentence = end
                break
        return self._sentence

    def letter_spaced(self, first: int, last: int) -> bool:
        """Whether CJK tokens first..last (exclusive) stand apart from their neighbours as they do from each other."""
        before = first == 0 or bool(self.gap(first - 1)) or not is_cjk(self.tokens[first - 1])
        after = last >= len(self.tokens) or bool(self.gap(last - 1)) or not is_cjk(self.tokens[last])
        return before and after


def _open(char: str) -> bool:
    """Whether a token may end beside this character (or beside the end of the text)."""
    return not char.isalnum() or (char >= "\u0e01" and is_single(char))
