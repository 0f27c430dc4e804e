"""How people write durations, quiet hours and digest times, and what that means.

Durations: `90s`, `10m`, `8h`, `30d`, also `1h30m`. Quiet hours: `22:00-07:00`, `sat-sun`, `mon-fri 22:00-07:00`.
Digest times: `08:30`, `mon-fri 08:30`, `sat,sun 20:00`. Every mistake is an InputError that says what is expected.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from watchbot.model.errors import InputError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
DAY_MINUTES = 24 * 60
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)([smhd])")
_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,6})?[smhd])+")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_LONGEST = 36500 * 86400.0
_AHEAD = 9  # days looked ahead: every weekday comes at least once


@dataclass(frozen=True, slots=True)
class QuietRule:
    """Silence on some days (0 = Monday) from `start` to `end`, minutes after midnight.

    Where `end` is not after `start` the rule ends on the next day; `days` are the days it begins on. A whole day
    is 0 to 1440.
    """

    days: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DigestTime:
    """A digest at `minute` after midnight on some days (0 = Monday)."""

    days: frozenset[int]
    minute: int


def seconds(text: str) -> float:
    """A duration in seconds."""
    if not _DURATION.fullmatch(text):
        raise InputError("a duration is a number and its unit: 90s, 10m, 8h, 30d")
    total = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
    if total > _LONGEST:
        raise InputError("a duration is at most 36500d")
    return total


def quiet_rule(text: str) -> QuietRule:
    """One entry of quiet hours."""
    words = text.split()
    if len(words) == 1:
        return _clock_rule(EVERY_DAY, words[0]) if ":" in words[0] else QuietRule(_days(words[0]), 0, DAY_MINUTES)
    if len(words) == 2:
        return _clock_rule(_days(words[0]), words[1])
    raise InputError("quiet hours are written 22:00-07:00, sat-sun or mon-fri 22:00-07:00")


def quiet_rules(texts: Iterable[str]) -> tuple[QuietRule, ...]:
    """All entries; `off` and an empty text stand for no quiet hours."""
    return tuple(quiet_rule(text) for text in texts if text.strip() not in ("", "off"))


def digest_time(text: str) -> DigestTime:
    """One entry of digest_at."""
    words = text.split()
    if len(words) not in (1, 2):
        raise InputError("a digest time is written 08:30 or mon-fri 08:30")
    days = EVERY_DAY if len(words) == 1 else _days(words[0])
    minute = _minute(words[-1])
    if minute == DAY_MINUTES:
        raise InputError("midnight is written 00:00")
    return DigestTime(days, minute)


def digest_times(texts: Iterable[str]) -> tuple[DigestTime, ...]:
    """All entries of digest_at."""
    return tuple(digest_time(text) for text in texts)


def next_digest(times: Iterable[DigestTime], after: datetime, zone: tzinfo) -> datetime | None:
    """The first digest after a moment, in UTC; None without any. An hour that a clock change leaves out or repeats
    has its digest once."""
    today = after.astimezone(zone).date()
    moments = (
        _moment(day, one.minute, zone)
        for one in times
        for day in (today + timedelta(days=step) for step in range(-1, _AHEAD))
        if day.weekday() in one.days
    )
    return min((moment for moment in moments if moment > after), default=None)


def quiet_until(rules: Sequence[QuietRule], at: datetime, zone: tzinfo) -> datetime | None:
    """When the silence that reigns at a moment ends, in UTC; None where none does. Rules that overlap or follow each
    other are one silence; one that never ends is looked at again after a week."""
    if not rules:
        return None
    today = at.astimezone(zone).date()
    days = [today + timedelta(days=step) for step in range(-2, _AHEAD)]
    spans = sorted(
        (_moment(day, rule.start, zone), _last(day, rule.end + (rule.end <= rule.start) * DAY_MINUTES, zone))
        for rule in rules
        for day in days
        if day.weekday() in rule.days
    )
    end = at
    for start, stop in spans:
        if start <= end < stop:
            end = stop
    return end.astimezone(UTC) if end > at else None


def _moment(day: date, minute: int, zone: tzinfo) -> datetime:
    """So many minutes after midnight by the clock on the wall, in UTC."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    return wall.astimezone(UTC)


def _last(day: date, minute: int, zone: tzinfo) -> datetime:
    """The same; where the clock shows it twice that night, the second time."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    return max(wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC))


def _clock_rule(days: frozenset[int], text: str) -> QuietRule:
    """`22:00-07:00` on the given days."""
    start, dash, end = text.partition("-")
    if not dash:
        raise InputError("quiet hours need a beginning and an end: 22:00-07:00")
    rule = QuietRule(days, _minute(start), _minute(end))
    if rule.start == DAY_MINUTES:
        raise InputError("midnight as a beginning is written 00:00")
    if rule.start == rule.end:
        raise InputError("quiet hours that end where they begin mean nothing; a whole day is written as its name, sat")
    return rule


def _minute(text: str) -> int:
    """Minutes after midnight of `08:30`; `24:00` is the end of the day."""
    found = _CLOCK.fullmatch(text)
    if not found:
        raise InputError("a time is written with 24 hours and two digits of minutes: 08:30")
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise InputError("a time lies between 00:00 and 24:00")
    return hour * 60 + minute


def _days(text: str) -> frozenset[int]:
    """`mon`, `mon-fri`, `sat,sun`, `fri-mon` (over the week's end)."""
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = part.partition("-")
        start = _day(first)
        end = _day(last) if dash else start
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def _day(text: str) -> int:
    """0 for Monday."""
    if text not in DAYS:
        raise InputError("days are written mon tue wed thu fri sat sun, joined by - or ,")
    return DAYS.index(text)
