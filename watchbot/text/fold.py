"""Folding: every way of writing a name becomes one, and every place in the folded text maps back to the original.

    markup and odd characters -> replaced one run at a time, each replacement kept as a step of the offset map
    all other characters      -> one to one: accents off, full width, simplified Han, plain quotes and hyphens
    lower case                -> `text`; the same text before it is `cased`

White space and hyphen runs stay: they separate tokens, however long they are. Folded text holds no `<`, and after a
replacement no `;`, so that folding it again changes nothing.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from html import unescape

from watchbot.text import han
from watchbot.text.tokens import is_motley

_BLOCK = (
    "address|article|aside|blockquote|body|caption|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|"
    "form|head|header|hr|html|legend|li|main|menu|nav|ol|option|p|pre|section|select|summary|table|tbody|td|"
    "tfoot|th|thead|title|tr|ul"
)
_INLINE = (
    "abbr|acronym|audio|base|bdi|bdo|big|b|button|a|canvas|cite|code|col|colgroup|data|datalist|del|dfn|embed|em|font|"
    "i|iframe|img|input|ins|kbd|label|link|map|mark|meta|meter|noscript|object|output|param|picture|progress|q|rp|rt|"
    "ruby|samp|script|slot|small|source|span|strike|strong|style|sub|sup|svg|s|template|textarea|time|track|tt|u|var|"
    "video|wbr"
)
_TAGS = dict.fromkeys(_INLINE.split("|"), "") | dict.fromkeys(_BLOCK.split("|"), "\n\n")
_TAGS |= dict.fromkeys(("img", "input", "button", "iframe", "object", "video", "audio", "rt", "rp", "select"), " ")
_TAGS |= {f"h{level}": "\n\n" for level in range(1, 7)} | {"br": "\n", "!": "", "?": ""}
_TAG = r"<(?:/?[A-Za-z][A-Za-z0-9]{0,15}(?:[\s/][^<>]*+)?|[!?][^<>]*+)>"
_ENTITY = (
    r"(?:(?:amp|#0{0,4}38|#[xX]0{0,4}26);){0,8}"
    r"(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_MARKUP = rf"{_TAG}|[&＆]{_ENTITY}"
_CODE = re.compile(r"<(script|style)(?:\s[^<>]*+)?>", re.IGNORECASE)
_CODE_END = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("script", "style")}
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*|[!?])")
# Accents written apart, variation selectors: they belong to the character before them.
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
_GONE = "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_VOICED = "\u3099\u309a\uff9e\uff9f"
# Where characters live that become several when folded; the rest of Unicode is never asked.
_CHANGING = ((0x80, 0x2E80), (0x3000, 0x3400), (0xFB00, 0x10000))
# Beyond the first plane one wide range each: many small ones would be tried one after the other for every character.
_ENCLOSED = "\U0001f100-\U0001f2ff"
_BEYOND = "\U00010000-\U0010ffff"
# Where else characters live that become one other when folded, beside the Han table.
_ALSO_CHANGING = ((0x2E80, 0x3000), (0xA640, 0xAB70), (0xD800, 0xE000), (0xF900, 0xFB00))
_ALONE = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u30a0", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u00b4\uff07\u02bb\u055a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02", '"'),
    **dict.fromkeys("\u2028\u0085\u000b\u000c\r", "\n"),
    **dict.fromkeys("\u00b7\u2022\u2027\u30fb\uff65\u22c5", "\u00b7"),
    **{
        "\u2029": "\n\n",
        "<": "|",
        ";": ",",
        "`": "'",
        "ς": "σ",
        "\u3000": " ",
        "\u309b": " ",
        "\u309c": " ",
        "\u2800": " ",
    },
    **{"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H", "ı": "i"},
    **{"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "TH"},
    **{"\u2122": " ", "\u00ae": " ", "\u2120": " ", "\u00a9": " "},
}
# Up to so many kinds of changing characters are replaced kind by kind, which is faster than asking for each character.
_FEW = 24
_KEPT = 32
# What stands for more characters than this (whole phrases in one) stays: it is no name, and would swell the text.
_LONGEST = 6
_WIDE = 1.7  # bytes a character
_MARK_AT = re.compile(f"[{_MARKS}]")
_DROPPED = re.compile(f"[{_MARKS}{_GONE}]+")


@lru_cache(maxsize=1 << 15)
def _expand(char: str) -> str:
    """What one character becomes, its case kept: none, one or several characters."""
    known = _ALONE.get(char)
    if known is not None:
        return known
    if "\uac00" <= char <= "\ud7a3" or char.isascii():
        return char
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if _DROPPED.match(char) or char in _VOICED:
        return ""
    kana = "\u3040" <= char <= "\u30ff" or "\uff66" <= char <= "\uff9d"
    plain = unicodedata.normalize("NFKC" if kana else "NFKD", char)
    if not kana:
        plain = "".join(c for c in plain if not _MARK_AT.match(c)) or char
    if plain != char and len(plain) <= _LONGEST:
        return "".join(map(_expand, plain))
    simple = han.load().get(ord(char))
    return chr(simple) if simple is not None else char


class _Table(dict[int, int]):
    """The one-to-one part of folding for `str.translate`, filled as characters are met."""

    def __missing__(self, point: int) -> int:
        plain = _expand(chr(point))
        result = ord(plain) if len(plain) == 1 else point
        if point < 0x30000:
            self[point] = result
        return result


@cache
def _table() -> _Table:
    return _Table()


def _class(points: list[int]) -> str:
    """The inside of a character class that holds these code points, given in order."""
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\U{a:08x}-\\U{b:08x}" if a != b else f"\\U{a:08x}" for a, b in ranges)


@cache
def _odd() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Everything that does not fold one to one (markup, dropped characters, ligatures, kana with a mark apart).

    First a plain class that tells fast whether there is any, then the full pattern.
    """
    odd = _class([p for first, last in _CHANGING for p in range(first, last) if len(_expand(chr(p))) != 1])
    odd += _ENCLOSED
    gone = _MARKS + _GONE
    kana = rf"[\u3046-\u30ff\uff66-\uff9d][{gone}]{{0,8}}[{_VOICED}]"
    full = rf"{_MARKUP}|{kana}|[{gone}{_VOICED}]{{1,{_KEPT}}}|[{odd}]"
    return re.compile(rf"[&＆<{gone}{_VOICED}{odd}]"), re.compile(full)


@cache
def _changing() -> re.Pattern[str]:
    """Every character that folds to one other."""
    ranges = (*_CHANGING, *_ALSO_CHANGING)
    points = {
        p
        for first, last in ranges
        for p in range(first, last)
        if len(plain := _expand(chr(p))) == 1 and plain != chr(p)
    }
    points.update(point for point in han.load() if point < 0x10000)
    return re.compile(f"[{_class(sorted(points))}{_BEYOND}]")


_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
# Each side begins with one plain character: such a pattern skips everything else at once.
_ASCII_ODD = re.compile(rf"{_TAG}|&{_ENTITY}")


@lru_cache(maxsize=1 << 15)
def _kind(char: str) -> str:
    """What stands for a character beyond ASCII by itself; "" where its neighbours count too."""
    if _odd()[0].match(char) is None:
        return chr(_table()[ord(char)])
    several = _expand(char)
    return several if len(several) > 1 else ""


@cache
def _lists() -> tuple[list[int], list[int]]:
    """The same for the first plane as lists, which `str.translate` is faster with than with a mapping.

    In the second one everything that does not fold one to one, and whatever may begin markup, is 0.
    """
    plain = list(range(0x10000))
    for point, simple in han.load().items():
        if point < 0x10000:
            plain[point] = simple
    flagged = plain.copy()
    for first, last in ((0, 0x80), *_CHANGING, *_ALSO_CHANGING):
        for point in range(first, last):
            folded = _expand(chr(point))
            plain[point] = flagged[point] = ord(folded) if len(folded) == 1 else point
            if len(folded) != 1:
                flagged[point] = 0
    flagged_too = re.compile(f"[&＆<{_MARKS}{_GONE}{_VOICED}]")
    for point in range(0x10000):
        if flagged_too.match(chr(point)):
            flagged[point] = 0
    return plain, flagged


class Folded:
    """A folded text. `text` is in lower case, `cased` the same before; places map back to the original."""

    __slots__ = ("_after", "_before", "_ends", "_pattern", "_source", "_starts", "cased", "original", "text", "wide")

    def __init__(
        self,
        original: str,
        cased: str,
        text: str,
        pattern: re.Pattern[str] | None = None,
        source: str = "",
        wide: bool = False,
    ) -> None:
        """`pattern` found the runs that were replaced in `source`, or the original; without one nothing moved.

        `wide`: most characters are of scripts without spaces.
        """
        self._source = source
        self.wide = wide or (pattern is not None and _is_wide(text))
        self.original = original
        self.cased = cased
        self.text = text
        self._pattern = pattern
        self._starts: Sequence[int] = ()  # of each replacement, in the folded text
        self._ends: Sequence[int] = ()
        self._before: Sequence[int] = ()  # of each replaced run, in the original
        self._after: Sequence[int] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original code points of folded text[start:end]; accents written apart go with their letter."""
        if self._pattern is not None:
            self._map(self._pattern)
        if not self._starts:
            return start, end
        first = self._start(start)
        if end <= start:
            return first, first
        last = self._end(end)
        while last < len(self.original) and _MARK_AT.match(self.original, last):
            last += 1
        return first, max(first, last)

    def _map(self, pattern: re.Pattern[str]) -> None:
        """Work out the replacements again, this time their places: only texts with a hit need them."""
        self._pattern = None
        starts, ends, befores, afters = list[int](), list[int](), list[int](), list[int]()
        shift = 0
        for found in pattern.finditer(self._source or self.original):
            before, after = found.span()
            size = len(_plain(found))
            starts.append(before + shift)
            befores.append(before)
            afters.append(after)
            shift += size - (after - before)
            ends.append(after + shift)
        self._starts, self._ends, self._before, self._after = starts, ends, befores, afters

    def _start(self, place: int) -> int:
        step = bisect_right(self._starts, place) - 1
        if step < 0:
            return place
        over = place - self._ends[step]
        return self._after[step] + over if over >= 0 else self._before[step]

    def _end(self, place: int) -> int:
        step = bisect_right(self._starts, place - 1) - 1
        if step < 0:
            return place
        over = place - self._ends[step]
        return self._after[step] + max(over, 0)


def fold(text: str) -> Folded:
    """The text in the one form in which terms and news meet. Takes any string, in time linear in its length."""
    if text.isascii():
        if "<" not in text and ("&" not in text or ";" not in text):
            return Folded(text, text, text.lower())
        return _replace(text, _ASCII_ODD)
    if _is_wide(text):
        cased = text.translate(_lists()[1])
        if "\0" not in cased:
            return Folded(text, cased, _lower(cased), wide=True)
    elif "<" not in text and ("&" not in text or ";" not in text):
        changed = _kind_by_kind(text)
        if changed is not None:
            return changed
    quick, full = _odd()
    if quick.search(text) is None:
        cased = _one_to_one(text)
        return Folded(text, cased, _lower(cased))
    return _replace(text, full)


def _kind_by_kind(text: str) -> Folded | None:
    """A text in which few kinds of characters stand beyond ASCII, folded one kind at a time; None where that fails."""
    if is_motley(text, _FEW):
        return None
    kinds = set(_BEYOND_ASCII.findall(text))
    if len(kinds) > _FEW:
        return None
    cased, moved = text, False
    for char in kinds:
        plain = _kind(char)
        if not plain:
            return None
        if plain != char:
            cased = cased.replace(char, plain)
            moved = moved or len(plain) > 1
    if _is_wide(cased):
        return None
    if ";" in cased:
        cased = cased.replace(";", ",")
    return Folded(text, cased, _lower(cased), _odd()[1] if moved else None)


def _is_wide(text: str) -> bool:
    """Whether most characters are of the first plane and beyond Latin: so many change that all are looked up."""
    size = len(text)
    if text.isascii() or len(text.encode("utf-8", "replace")) < _WIDE * size:
        return False
    return len(text.encode("utf-16-le", "replace")) == 2 * size


def _lower(cased: str) -> str:
    """Lower case, the Greek final sigma like any other."""
    lower = cased.lower()
    return lower.replace("ς", "σ") if "ς" in lower else lower


def _replace(text: str, pattern: re.Pattern[str]) -> Folded:
    """Replace every run that does not fold one to one."""
    source = _without_code(text) if "</" in text and _CODE.search(text) else text
    cased = _one_to_one(pattern.sub(_plain, source))
    return Folded(text, cased, _lower(cased), pattern, source)


def _without_code(text: str) -> str:
    """Scripts and style sheets are no text: what stands in them becomes line ends, as many, so that all places stay.

    One that is never closed stays: a reader who writes about "<script>" wrote text.
    """
    closing = {name: [found.start() for found in _CODE_END[name].finditer(text)] for name in _CODE_END}
    pieces, done, at = [], 0, 0
    while (found := _CODE.search(text, at)) is not None:
        begin = at = found.end()
        ends = closing[found[1].lower()]
        place = bisect_right(ends, begin - 1)
        if place == len(ends):
            continue
        pieces += [text[done:begin], "\n" * (ends[place] - begin)]
        done = at = ends[place]
    pieces.append(text[done:])
    return "".join(pieces)


def _plain(found: re.Match[str]) -> str:
    """What stands for one run."""
    run = found[0]
    return _replacement(run) if len(run) <= _KEPT else _replace_run(run)


def _replace_run(run: str) -> str:
    """What stands for a tag, an entity, or characters that do not fold one to one."""
    first = run[0]
    if first == "<":
        name = _TAG_NAME.match(run)
        return _TAGS.get(name[1].lower(), run) if name else run
    if first in "&＆" and len(run) > 1:
        plain = unescape("&" + run.rstrip(";").rpartition(";")[2].lstrip("&＆") + ";")
        return run if len(plain) > 2 and plain.endswith(";") else "".join(map(_expand, plain))
    if len(run) > 1:
        run = unicodedata.normalize("NFKC", _DROPPED.sub("", run))
    return "".join(map(_expand, run))


# Runs come again and again; long ones are not kept, lest a page fill the memory.
_replacement = lru_cache(maxsize=4096)(_replace_run)


def _one_to_one(text: str) -> str:
    """All characters that fold to exactly one. A text with few kinds of them is replaced kind by kind: faster."""
    if ";" in text:
        text = text.replace(";", ",")
    if "<" in text:
        text = text.replace("<", "|")
    if text.isascii():
        return text
    if _is_wide(text):
        return text.translate(_lists()[0])
    kinds = set(_changing().findall(text))
    table = _table()
    if len(kinds) > _FEW:
        return text.translate(table)
    for char in kinds:
        text = text.replace(char, chr(table[ord(char)]))
    return text
