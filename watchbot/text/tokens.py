"""Tokens of folded text: a word of a spaced script is one, a character of an unspaced script (Han, kana, Hangul) is one.

What lies between two tokens is a gap; which gaps a name may cross is for the matching rules to say.
"""

import re
from itertools import accumulate

# Scripts written without spaces, or (Hangul) with particles glued on; their characters are tokens of their own.
_SINGLE = (
    "\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17e9\u2e80-\u2fd5\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[^\W_{_SINGLE}]+|[{_SINGLE}]")
_ASCII_TOKEN = re.compile("[a-z0-9]+")
_SINGLE_CHAR = re.compile(f"[{_SINGLE}]")
_HAN_OR_KANA = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_SPACES = {point: " " for point in range(128) if not chr(point).isalnum()}


def split(text: str) -> list[str]:
    """The tokens of a folded text, in order."""
    if text.isascii():
        return text.translate(_SPACES).split()
    return _TOKEN.findall(text)


def starts(text: str) -> list[int]:
    """Where each token of `split(text)` begins."""
    if not text.isascii():
        return [found.start() for found in _TOKEN.finditer(text)]
    # Splitting at every single space leaves empty pieces, so that lengths and counts add up to places.
    pieces = text.translate(_SPACES).split(" ")
    ends = accumulate(map(len, pieces))
    return [end + count - len(piece) for count, (piece, end) in enumerate(zip(pieces, ends, strict=True)) if piece]


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
