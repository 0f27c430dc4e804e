"""Tokens of folded text: a word of a spaced script, or a character of an unspaced one (Han, kana, Hangul).

What lies between two tokens is a gap; which gaps a name may cross is for the matching rules to say.
"""

import re
from functools import cache

# Scripts written without spaces, or (Hangul) with particles glued on; their characters are tokens of their own.
_SINGLE = (
    "\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17e9\u2e80-\u2fd5\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# Words, and runs of single characters; a run is cut by `extend`, which is faster than a match a character.
_RUN = re.compile(rf"[^\W_{_SINGLE}]+|[{_SINGLE}]+")
_FIRST_SINGLE = "\u0e01"
_SINGLE_CHAR = re.compile(f"[{_SINGLE}]")
_HAN_OR_KANA = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_SPACES = {point: " " for point in range(128) if not chr(point).isalnum()}


def split(text: str) -> list[str]:
    """The tokens of a folded text, in order."""
    if text.isascii():
        return text.translate(_SPACES).split()
    tokens: list[str] = []
    for run in _RUN.findall(text):
        if run[0] < _FIRST_SINGLE or not _SINGLE_CHAR.match(run):
            tokens.append(run)
        else:
            tokens.extend(run)
    return tokens


def split_part(text: str, first: int, last: int, tokens: list[str], places: list[int]) -> None:
    """Add the tokens of text[first:last], and where each begins in the text."""
    for found in _RUN.finditer(text, first, last):
        run, at = found[0], found.start()
        if run[0] < _FIRST_SINGLE or not _SINGLE_CHAR.match(run):
            tokens.append(run)
            places.append(at)
        else:
            tokens.extend(run)
            places.extend(range(at, at + len(run)))


def words(text: str) -> list[tuple[str, int]]:
    """The words of spaced scripts in a folded text, each with its place."""
    return [(found[0], found.start()) for found in _word().finditer(text)]


@cache
def _word() -> re.Pattern[str]:
    """A word of a spaced script of the first plane, spelt out as one class: three times as fast as by properties."""
    letters = [chr(point) for point in range(0x10000) if chr(point).isalnum() and not is_single(chr(point))]
    ranges: list[list[str]] = []
    for char in letters:
        if ranges and ord(ranges[-1][1]) == ord(char) - 1:
            ranges[-1][1] = char
        else:
            ranges.append([char, char])
    return re.compile(f"[{''.join(f'{first}-{last}' for first, last in ranges)}]+")


def starts(text: str, tokens: list[str]) -> list[int]:
    """Where each token of a folded text begins. Only separators stand between them: each search ends at once."""
    places, at = [], 0
    for token in tokens:
        at = text.index(token, at)
        places.append(at)
        at += len(token)
    return places


def is_single(char: str) -> bool:
    """Whether this is a character of an unspaced script, a token of its own."""
    return _SINGLE_CHAR.match(char) is not None


def is_cjk(char: str) -> bool:
    """Whether this is a Han character or kana."""
    return _HAN_OR_KANA.match(char) is not None


def is_katakana(char: str) -> bool:
    """Whether this is katakana or its long-vowel mark."""
    return _KATAKANA.match(char) is not None


def is_hangul(char: str) -> bool:
    """Whether this is a Korean character."""
    return _HANGUL.match(char) is not None
