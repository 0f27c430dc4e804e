"""The verdict on an item, and the thresholds that make it.

    below low = a story of its own (new) · low..high = it follows a story (related) · above high = the same news (same)

Thresholds were tuned on the project's own labelled streams (tests/corpus/stories).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from watchbot.stories.terms import Script


class Verdict(Enum):
    """What becomes of an item. NEW: a loud alert; SAME: folded into the sent message; RELATED: a quiet follow-up;
    DUPLICATE: nothing."""

    NEW = "new"
    SAME = "same"
    RELATED = "related"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an item stands and why. `threshold` is what `score` had to reach; `loud_again` is `correction`,
    `silence` or ""."""

    verdict: Verdict
    story: int
    score: float
    because: str
    threshold: float = 0.0
    terms: tuple[str, ...] = ()
    loud_again: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A low and a high threshold, and on how many terms the nearness must rest at least (see score.breadth)."""

    low: float
    high: float
    breadth: float = 1.3


@dataclass(frozen=True, slots=True)
class Rules:
    """All numbers of placing in one place.

    While fewer than `warm` items were seen nothing is known of which words are common: any two headlines of one
    company look alike. So `cold` is added to the high threshold, less with every item: rather a quiet follow-up too
    many than a story swallowed.
    """

    window: timedelta = timedelta(hours=72)
    silence: timedelta = timedelta(hours=24)
    latin_title: Pair = Pair(0.27, 0.41, 1.3)
    cjk_title: Pair = Pair(0.20, 0.36, 1.5)
    latin_text: Pair = Pair(0.24, 0.40, 2.4)
    cjk_text: Pair = Pair(0.24, 0.40, 2.4)
    across: Pair = Pair(0.45, 0.65, 2.5)
    document: Pair = Pair(0.22, 2.0, 2.4)
    same_source: float = 0.05
    warm: int = 40
    cold: float = 0.40
    column: float = 0.12
    asked: int = 10
    posted: int = 14
    postings: int = 60
    candidates: int = 24
    centre_terms: int = 60
    fade: int = 12
    names: int = 40

    def pair(self, script: Script, titled: bool) -> Pair:
        """The thresholds for a kind of text."""
        if script is Script.CJK:
            return self.cjk_title if titled else self.cjk_text
        return self.latin_title if titled else self.latin_text
