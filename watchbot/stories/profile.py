"""A story's picture grows with every item: the newest counts most, and nothing grows without end."""

from collections.abc import Mapping
from datetime import datetime

from watchbot.stories.shelf import Profile
from watchbot.stories.verdict import Rules


def grown(
    profile: Profile, vector: Mapping[str, float], companies: frozenset[str], source: str, document: str, at: datetime, rules: Rules
) -> Profile:
    """The picture with one more item (changed in place)."""
    part = 1.0 / min(profile.size + 1, rules.fade)
    centre = {term: worth * (1.0 - part) for term, worth in profile.centre.items()}
    for term, worth in vector.items():
        centre[term] = centre.get(term, 0.0) + part * worth
    profile.centre = _largest(centre, rules.centre_terms)
    profile.size += 1
    profile.last_at = max(profile.last_at, at)
    for company in sorted(companies):
        profile.companies[company] = profile.companies.get(company, 0) + 1
    if len(profile.companies) > rules.sources:
        profile.companies = dict(sorted(profile.companies.items(), key=lambda pair: -pair[1])[: rules.sources])
    if source and source not in profile.sources:
        profile.sources = [*profile.sources, source][-rules.sources :]
    if document and document not in profile.documents:
        profile.documents = [*profile.documents, document][-rules.sources :]
    return profile


def core_companies(profile: Profile) -> frozenset[str]:
    """The companies that the story is about: named in at least a quarter of its items."""
    return frozenset(company for company, count in profile.companies.items() if count * 4 >= profile.size)


def _largest(terms: Mapping[str, float], most: int) -> dict[str, float]:
    """The weightiest terms, rounded so that a stored picture equals one in memory."""
    kept = sorted(terms.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {term: round(worth, 4) for term, worth in kept}
