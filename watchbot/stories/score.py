"""How near an item is to a story, between 0 and 1."""

from collections.abc import Mapping
from math import sqrt

from watchbot.stories.shelf import Profile


def nearness(vector: Mapping[str, float], profile: Profile, nearest: float) -> float:
    """Part nearness to the middle of the story, part to the nearest of its latest items; `nearest` is that part."""
    middle = cosine(vector, profile.centre)
    one = max((dot(vector, item) for item in profile.recent), default=middle)
    return (1.0 - nearest) * middle + nearest * max(one, middle)


def cosine(vector: Mapping[str, float], centre: Mapping[str, float]) -> float:
    """The cosine between a vector of length 1 and any other."""
    length = sqrt(sum(worth * worth for worth in centre.values()))
    return dot(vector, centre) / length if length else 0.0


def dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The sum over what both hold."""
    if len(one) > len(other):
        one, other = other, one
    return sum(worth * other[term] for term, worth in one.items() if term in other)


def shared(vector: Mapping[str, float], profile: Profile, most: int = 6) -> tuple[str, ...]:
    """The terms that an item has in common with a story, the weightiest first."""
    both = [(worth * profile.centre[term], term) for term, worth in vector.items() if term in profile.centre]
    return tuple(term for _, term in sorted(both, key=lambda pair: (-pair[0], pair[1]))[:most])
