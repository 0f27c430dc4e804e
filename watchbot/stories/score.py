"""How near an item is to a story, between 0 and 1."""

from collections.abc import Mapping
from math import sqrt

from watchbot.stories.shelf import Profile
from watchbot.stories.terms import is_neutral


def nearness(vector: Mapping[str, float], centre: Mapping[str, float]) -> float:
    """The cosine between an item and the middle of a story."""
    lengths = _length(vector) * _length(centre)
    return sum(worth * centre[term] for term, worth in vector.items() if term in centre) / lengths if lengths else 0.0


def neutral(terms: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """What of some terms can be compared across languages; words only where the other side has them too."""
    return {term: worth for term, worth in terms.items() if is_neutral(term) or (term in other and term.isascii())}


def _length(terms: Mapping[str, float]) -> float:
    return sqrt(sum(worth * worth for worth in terms.values()))


def breadth(vector: Mapping[str, float], centre: Mapping[str, float]) -> float:
    """On how many terms the nearness rests, each by its share: 1 where it is one alone."""
    shares: dict[str, float] = {}
    for term, worth in vector.items():
        if term in centre:
            root = term[:4].rstrip("*") if term.isascii() and term[0].isalpha() else term
            shares[root] = shares.get(root, 0.0) + worth * centre[term]
    total = sum(shares.values())
    return total * total / sum(share * share for share in shares.values()) if total else 1.0


def shared(vector: Mapping[str, float], profile: Profile, most: int = 6) -> tuple[str, ...]:
    """The terms that an item has in common with a story, the weightiest first."""
    both = [(worth * profile.centre[term], term) for term, worth in vector.items() if term in profile.centre]
    return tuple(term for _, term in sorted(both, key=lambda pair: (-pair[0], pair[1]))[:most])
