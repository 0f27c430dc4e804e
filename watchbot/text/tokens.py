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
# Bytes are looked up far faster than characters.
_SPACES = bytes(point if chr(point).isalnum() else 32 for point in range(128)) + bytes([32]) * 128
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
# Up to so many kinds of signs beyond ASCII are made spaces kind by kind.
_FEW = 8
_BEGINNING = 1000


def split(text: str) -> list[str]:
    """The tokens of a folded text, in order."""
    if text.isascii() or (text := _without_signs(text)).isascii():
        return text.encode("ascii").translate(_SPACES).decode("ascii").split()
    tokens: list[str] = []
    for run in _RUN.findall(text):
        if run[0] < _FIRST_SINGLE or not _SINGLE_CHAR.match(run):
            tokens.append(run)
        else:
            tokens.extend(run)
    return tokens


def _without_signs(text: str) -> str:
    """Text that is ASCII but for a few signs (the euro sign, a bullet) without those; any other text as it is."""
    first = _BEYOND_ASCII.search(text)
    if first is None or _RUN.match(first[0]) or is_motley(text):
        return text
    kinds = set(_BEYOND_ASCII.findall(text))
    if len(kinds) > _FEW or any(map(_RUN.match, kinds)):
        return text
    for sign in kinds:
        text = text.replace(sign, " ")
    return text


def is_motley(text: str, most: int = _FEW) -> bool:
    """Whether a text already begins with many characters beyond ASCII, or more than `most` kinds: the rest need not be
    looked through to find that going kind by kind does not pay."""
    beyond = _BEYOND_ASCII.findall(text[:_BEGINNING])
    return len(beyond) > _BEGINNING // 2 or len(set(beyond)) > most


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
    plane = "".join(map(chr, range(0x10000)))
    runs = [run for run in _RUN.findall(plane) if not is_single(run[0])]
    return re.compile(f"[{''.join(f'{run[0]}-{run[-1]}' for run in runs)}]+")


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
