"""How much a term says: rare terms much, everyday terms little (TF-IDF with a prior).

At its start a stream has counted nothing, so every term begins with a guess of how often it stands in the news:
seldom for a word no dictionary knows (a name), more often for a dictionary word, often for an everyday one.
"""

from collections.abc import Mapping
from math import log, sqrt

from watchbot.stories.lexicon import Lexicon, load
from watchbot.text import words

PRIOR_ITEMS = 5000.0
_WEAK, _IDEA, _KNOWN, _COMPANY, _BEGINNING, _PAIR, _NUMBER, _NAME = (
    0.03,
    0.008,
    0.002,
    0.003,
    0.002,
    0.0008,
    0.002,
    0.0003,
)


def vector(terms: Mapping[str, float], counts: Mapping[str, int], items: int) -> dict[str, float]:
    """The terms as a vector of length 1; `counts` says in how many of the `items` seen so far each of them stood."""
    lexicon = load()
    raw = {term: worth * rarity(term, counts.get(term, 0), items, lexicon) for term, worth in terms.items()}
    return unit(raw)


def rarity(term: str, count: int, items: int, lexicon: Lexicon) -> float:
    """The logarithm of how seldom a term is."""
    seen = count + PRIOR_ITEMS * _prior(term, lexicon)
    return max(0.1, log((items + PRIOR_ITEMS) / (seen + 0.5)))


def unit(raw: Mapping[str, float]) -> dict[str, float]:
    """The same direction with length 1; nothing stays nothing."""
    length = sqrt(sum(worth * worth for worth in raw.values()))
    return {term: worth / length for term, worth in raw.items()} if length else {}


def _prior(term: str, lexicon: Lexicon) -> float:
    """In which part of all items a term is expected."""
    if term in lexicon.weak:
        return _WEAK
    if term[0] == "~":
        return _IDEA
    if term[0] == "@":
        return _COMPANY
    if term[-1] == "*":
        return _BEGINNING
    if not term.isascii():
        return _PAIR
    if term[0].isdigit():
        return _WEAK if len(term) <= 2 or (len(term) == 4 and term.startswith("20")) else _NUMBER
    known = words.load()
    return _KNOWN if term in known or term + "e" in known or term[:-1] + "y" in known else _NAME
