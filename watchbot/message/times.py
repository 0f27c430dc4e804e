"""Times as people in the chat's zone read them."""

from datetime import datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from watchbot.message.words import known

_DAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh-TW": tuple("一二三四五六日")}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock(at: datetime, language: str, timezone: str, now: datetime | None = None, full: bool = False) -> str:
    """`08:12` on the day of `now`, else with its date; the year only where it is another one. `full`: all of it."""
    zone = zone_of(timezone)
    local = at.astimezone(zone)
    today = now.astimezone(zone) if now is not None else None
    time = f"{local:%H:%M}"
    if today is not None and today.date() == local.date() and not full:
        return time
    other_year = full or (today is not None and today.year != local.year)
    day = _DAYS[known(language)][local.weekday()]
    if known(language) == "zh-TW":
        year = f"{local.year}年" if other_year else ""
        return f"{year}{local.month}月{local.day}日（{day}）{time}"
    year = f" {local.year}" if other_year else ""
    return f"{day} {local.day} {_MONTHS[local.month - 1]}{year} {time}"


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """The zone by its IANA name; UTC where there is none of the name, so that a wrong name stops no alert."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
