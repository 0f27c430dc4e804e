"""What the matcher needs beside the watchlists: the dictionary. Loaded once, at the first matcher."""

from dataclasses import dataclass
from functools import cache

from watchbot.text import words


@dataclass(frozen=True, slots=True)
class Resources:
    """The English words that decide smart case, suffixes and typos."""

    words: frozenset[str]


@cache
def load() -> Resources:
    """The package's own data."""
    return Resources(words.load())
