"""`watchbot group`: items in order of arrival, a story decision each; the daemon's own code on a shelf in memory.

item -> identity (seen before?) -> placer -> decision
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from watchbot.catalogue.companies import Company
from watchbot.matching.matcher import Matcher
from watchbot.model.item import Item
from watchbot.model.watch import Watchlist
from watchbot.pipeline.naming import Naming
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.keys import identity_keys
from watchbot.stories.memory import MemoryShelf
from watchbot.stories.placer import Placer
from watchbot.stories.recurring import is_column
from watchbot.stories.verdict import Placement, Verdict

_START = datetime(2000, 1, 1, tzinfo=UTC)
MOST_KEYS = 500_000


class Grouper:
    """Groups a stream. Memory is bounded: what is older than the window is forgotten."""

    def __init__(self, tagger: CompanyTagger, entities: Callable[[Item], frozenset[str]] | None = None) -> None:
        """`entities` gives the companies that the watchlist's own rules find in an item."""
        self._placer = Placer(MemoryShelf(), tagger)
        self._entities = entities
        self._sources: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._now = _START
        self._number = 0

    def take(self, item: Item) -> dict[str, object]:
        """Decide one item; gives the contract's `group` shape."""
        at = self._time(item)
        source = self._sources.setdefault(item.source, len(self._sources))
        keys = [key for key in identity_keys(source, item) if not (key.startswith("t:") and is_column(item.title))]
        known = next((self._keys[key] for key in keys if key in self._keys), None)
        if known is not None:
            self._know(keys, known)
            return decision(
                item, Placement(Verdict.DUPLICATE, known, 1.0, "the same item: its id, address or exact words")
            )
        self._number += 1
        found = self._entities(item) if self._entities else frozenset()
        placed = self._placer.place(item, self._number, item.source, at, found)
        self._know(keys, placed.story)
        return decision(item, placed)

    def _time(self, item: Item) -> datetime:
        """When the item was published, else the time of the one before."""
        if item.published is not None:
            aware = item.published if item.published.tzinfo else item.published.replace(tzinfo=UTC)
            self._now = aware.astimezone(UTC)
        return self._now

    def _know(self, keys: Iterable[str], story: int) -> None:
        for key in keys:
            self._keys.setdefault(key, story)
        while len(self._keys) > MOST_KEYS:
            del self._keys[next(iter(self._keys))]


def decision(item: Item, placed: Placement) -> dict[str, object]:
    """A placement in the contract's `group` shape."""
    return {
        "item": item.id,
        "story": placed.story,
        "verdict": placed.verdict.value,
        "score": placed.score,
        "because": placed.because,
        "threshold": placed.threshold,
        "loud_again": placed.loud_again,
    }


def build(
    companies: Iterable[Company], watchlists: Iterable[Watchlist] = (), matcher: Matcher | None = None
) -> Grouper:
    """A grouper that knows the catalogue's safe names and, with its matcher, what the watchlists call companies."""
    naming = Naming(companies)
    for watchlist in watchlists:
        naming.add(watchlist)
    if matcher is None:
        return Grouper(naming.tagger)
    return Grouper(naming.tagger, lambda item: naming.companies_in(matcher.match(item)))
