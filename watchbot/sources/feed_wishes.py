"""How often and when a publisher wants to be asked: ttl, skipHours, skipDays, and the syndication module's period."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_TTL = 86_400.0
_PERIODS = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HEAD = 50_000
_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_SIMPLE = re.compile(
    r"<(?:\w{1,20}:)?(ttl|updatePeriod|updateFrequency|hour|day)\s*>\s*([^<>]{1,30}?)\s*<", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """`ttl` in seconds, 0 for none; hours in UTC; days with Monday as 0."""

    ttl: float = 0.0
    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


def wishes(minutes: str, period: str, frequency: str, hours: Iterable[str], days: Iterable[str]) -> Wishes:
    """The wishes as the feed words them. What is no number, no period and no day says nothing."""
    times = max(1.0, _number(frequency))
    ttl = max(_number(minutes) * 60.0, _PERIODS.get(period.strip().lower(), 0.0) / times)
    numbers = [int(hour) for one in hours if (hour := one.strip()).isascii() and hour.isdigit() and len(hour) < 3]
    names = [one.strip().lower() for one in days]
    return Wishes(
        min(ttl, LONGEST_TTL),
        frozenset(number % 24 for number in numbers if number <= 24),
        frozenset(_DAYS.index(name) for name in names if name in _DAYS),
    )


def wishes_in(text: str) -> Wishes:
    """The wishes in the head of a document that is too broken for more than a look at its tags."""
    head = text[:_HEAD]
    if first := _ENTRY.search(head):
        head = head[: first.start()]
    found: dict[str, list[str]] = {}
    for name, value in _SIMPLE.findall(head):
        found.setdefault(name.lower(), []).append(value)
    ttl, period, frequency = (
        next(iter(found.get(name, ())), "") for name in ("ttl", "updateperiod", "updatefrequency")
    )
    return wishes(ttl, period, frequency, found.get("hour", ()), found.get("day", ()))


def _number(text: str) -> float:
    """A plain number, 0 for anything else."""
    text = text.strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0.0
