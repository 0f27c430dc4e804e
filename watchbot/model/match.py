"""What the matcher says: which watch matched an item, where, and how surely."""

from dataclasses import dataclass

from watchbot.model.watch import Kind, Level


@dataclass(frozen=True, slots=True)
class Span:
    """A matched piece of one field. `start` and `end` are code points of the field as given.

    `text` is what stands there, `term` the watch's own term that found it.
    """

    field: str
    start: int
    end: int
    text: str
    term: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Match:
    """One watch matched one item. `watchlist` is the watchlist's key, `watch` the watch's id.

    `score` is 0..1: 1 for an exact name in the headline, less for a mention or a spelling guess.
    """

    watchlist: str
    watch: str
    score: float
    level: Level
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A term that stood in the item and yet did not fire, and the rule that stopped it, in words."""

    watchlist: str
    watch: str
    span: Span
    because: str
