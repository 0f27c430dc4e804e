"""How near an item is to a story, between 0 and 1."""

from collections.abc import Mapping
from math import sqrt

from watchbot.stories.shelf import Profile


def nearness(vector: Mapping[str, float], profile: Profile) -> float:
    """The cosine between an item and the middle of a story."""
    length = sqrt(sum(worth * worth for worth in profile.centre.values()))
    if not length:
        return 0.0
    return sum(worth * profile.centre[term] for term, worth in vector.items() if term in profile.centre) / length


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
