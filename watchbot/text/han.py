"""Traditional and Japanese character forms folded to simplified ones, one to one, so that offsets stay as they are.

Characters only, never phrases: a phrase converter knows more, but it changes lengths.
"""

from functools import cache
from importlib.resources import files


@cache
def load() -> dict[int, int]:
    """Code point to code point, for `str.translate`. No right side is itself a left side."""
    text = files("watchbot.text").joinpath("data", "han.txt").read_text(encoding="utf-8")
    return {ord(pair[0]): ord(pair[1]) for pair in text.split()}
