"""What a chat found when it looked something up, as pipeline/finding.py gives it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a page: a headline, where it leads, who brought it and when. `labels` are the watches it is about,
    `told`: it came as an alert (`alert` is its id, 0 for none)."""

    headline: str
    url: str
    source: str
    at: datetime
    labels: tuple[str, ...] = ()
    alert: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found, from `offset` on; `more`: older ones follow."""

    found: tuple[Found, ...]
    offset: int
    more: bool
