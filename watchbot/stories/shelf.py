"""The shelf: where stories stand while they are young enough to grow. In memory or in the database, all the same.

The placer reads a handful of rows an item, however many stories there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

ItemKey = int | str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a story looks like. `centre` is the mean of its items' terms, old ones fading; `companies`
    counts in how many items each was named; `events` are those that blocks
    of one page named; `corrected` says that a correction is among them. `chat` is the one whose own items alone it is
    made of, "" where it is everyone's."""

    story: int
    opened_at: datetime
    last_at: datetime
    size: int = 0
    centre: dict[str, float] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    corrected: bool = False
    chat: str = ""


@dataclass(frozen=True, slots=True)
class TitleOnShelf:
    """A headline told before: whose it was, and its whole text."""

    story: int
    item: ItemKey
    source: str
    text: str
    at: datetime


class Shelf(Protocol):
    """All that the placer needs to remember. Calls of one `place` belong into one transaction, one at a time."""

    def items(self) -> int:
        """How many items were counted."""
        ...

    def counts(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many items each term stood; unknown terms may be left out."""
        ...

    def count(self, terms: Sequence[str]) -> None:
        """One more item with these terms. From time to time all counts are halved, so that old news fades."""
        ...

    def stories_with(self, terms: Sequence[str], since: datetime, limit: int) -> dict[str, list[int]]:
        """For each term at most `limit` stories that got it at or after `since`, the latest first."""
        ...

    def stories_of(self, document: str) -> list[int]:
        """The stories that hold blocks of a document."""
        ...

    def profiles(self, stories: Sequence[int]) -> dict[int, Profile]:
        """What these stories look like."""
        ...

    def open(self, item: ItemKey, at: datetime) -> int:
        """Begin a story with an item."""
        ...

    def join(self, story: int, item: ItemKey) -> None:
        """The item belongs to the story."""
        ...

    def save(self, profile: Profile, terms: Sequence[str], at: datetime) -> None:
        """Keep what a story looks like, and find it by these terms from now on."""
        ...

    def title(self, key: str, since: datetime) -> TitleOnShelf | None:
        """Who had this headline last, at or after `since`."""
        ...

    def add_title(self, key: str, title: TitleOnShelf) -> None:
        """Remember a headline."""
        ...

    def note(self, item: ItemKey, why: Mapping[str, object], at: datetime) -> None:
        """Remember why an item stands where it stands."""
        ...

    def why(self, item: ItemKey) -> dict[str, object] | None:
        """Why an item stands where it stands, None where it was never placed."""
        ...
