"""A story's picture grows with every item: the newest counts most, and nothing grows without end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from watchbot.model.item import Item
from watchbot.stories.corrections import is_correction
from watchbot.stories.shelf import ItemKey, Profile
from watchbot.stories.terms import Words
from watchbot.stories.verdict import Rules


@dataclass(frozen=True, slots=True)
class Arrival:
    """An item on its way to its place. `document` names its page together with its source, "" where it has none.

    `events` are named in it, and with `back` it speaks of one named before: only looked for in blocks of a page.
    `chat` is the one whose own item it is, "" for everyone's.
    """

    item: Item
    key: ItemKey
    source: str
    document: str
    at: datetime
    words: Words
    vector: dict[str, float]
    companies: frozenset[str]
    column: bool
    events: frozenset[str] = frozenset()
    back: bool = False
    chat: str = ""


def grown(profile: Profile, arrival: Arrival, rules: Rules) -> Profile:
    """The picture with one more item; the given one stays as it is."""
    part = 1.0 / min(profile.size + 1, rules.fade)
    centre = {term: worth * (1.0 - part) for term, worth in profile.centre.items()}
    for term, worth in arrival.vector.items():
        centre[term] = centre.get(term, 0.0) + part * worth
    companies = dict(profile.companies)
    for company in sorted(arrival.companies):
        companies[company] = companies.get(company, 0) + 1
    if len(companies) > rules.names:
        companies = dict(sorted(companies.items(), key=lambda pair: -pair[1])[: rules.names])
    return replace(
        profile,
        centre=_largest(centre, rules.centre_terms),
        size=profile.size + 1,
        last_at=max(profile.last_at, arrival.at),
        companies=companies,
        sources=_with(profile.sources, [arrival.source], rules.names),
        documents=_with(profile.documents, [arrival.document], rules.names),
        scripts=_with(profile.scripts, [arrival.words.script.value], rules.names),
        events=_with(profile.events, sorted(arrival.events), rules.names),
        corrected=profile.corrected or is_correction(arrival.item.title, arrival.item.body),
    )


def core_companies(profile: Profile) -> frozenset[str]:
    """The companies that the story is about: named in at least a quarter of its items."""
    return frozenset(company for company, count in profile.companies.items() if count * 4 >= profile.size)


def _with(names: list[str], more: list[str], most: int) -> list[str]:
    """The names with those that are new, the oldest dropped."""
    return [*names, *(name for name in more if name and name not in names)][-most:]


def _largest(terms: Mapping[str, float], most: int) -> dict[str, float]:
    """The weightiest terms, rounded so that a stored picture equals one in memory."""
    kept = sorted(terms.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return {term: round(worth, 4) for term, worth in kept}
