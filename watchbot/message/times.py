"""Times as people in the chat's zone read them."""

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from watchbot.message.words import known, locale_of

_DAY = {"en": "EEE d MMM HH:mm", "zh-TW": "M月d日（EEEEE）HH:mm"}
_DATE = {"en": "EEE d MMM y HH:mm", "zh-TW": "y年M月d日（EEEEE）HH:mm"}


def clock(at: datetime, language: str, timezone: str, now: datetime | None = None, full: bool = False) -> str:
    """`08:12` on the day of `now`, else with its date; the year only where it is another one. `full`: all of it."""
    zone = zone_of(timezone)
    local = at.astimezone(zone)
    today = now.astimezone(zone) if now is not None else None
    if today is not None and today.date() == local.date() and not full:
        return f"{local:%H:%M}"
    other_year = full or (today is not None and today.year != local.year)
    pattern = (_DATE if other_year else _DAY)[known(language)]
    return format_datetime(local, pattern, tzinfo=local.tzinfo, locale=locale_of(language))


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone by its IANA name; UTC where there is none of the name, so that a wrong name stops no alert."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
