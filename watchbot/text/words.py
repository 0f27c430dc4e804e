"""The English words watchbot knows: what is a word is no typo, and a name made of words only needs its capitals."""

import gzip
from functools import cache
from importlib.resources import files


@cache
def load() -> frozenset[str]:
    """Lower-case words, inflected forms included, without accents. Names are not among them."""
    return _read("words.txt.gz")


@cache
def names() -> frozenset[str]:
    """First names, surnames and places in lower case (phillips, taichung): no typos of Philips or of anybody."""
    return _read("names.txt.gz")


def _read(name: str) -> frozenset[str]:
    """One list of the package's own data."""
    data = files("watchbot.text").joinpath("data", name).read_bytes()
    return frozenset(gzip.decompress(data).decode("ascii").split("\n"))
