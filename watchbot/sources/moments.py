"""Dates as people and programs write them into tables: the file's own zone where they name none."""

import re
from datetime import UTC, datetime

from watchbot.sources.dates import parse_date
from watchbot.text.datelines import date_line

LONGEST = 100
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?")
_ZONED = re.compile(r"\d\s*(?:z|utc|gmt|[+-]\d\d:?\d\d|[ce][sed]*t|[pm][sd]t|jst|kst|hkt)\)?$", re.IGNORECASE)
_ROC_DIGITS = re.compile(r"(1[01]\d)(\d\d)(\d\d)")
_CLOCK_DIGITS = re.compile(r"(\d\d)(\d\d)(\d\d)")


def moment_of(text: str, written: datetime) -> datetime | None:
    """The moment in UTC that a cell names, None where it names none; `written` is the time of the file."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    if found := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if found := _ROC_DIGITS.fullmatch(text):
        text = f"{int(found[1]) + 1911}-{found[2]}-{found[3]}"
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=written.tzinfo)
        return moment.astimezone(UTC) if 1970 <= moment.year <= 2200 else None
    except (ValueError, OverflowError):
        pass
    own = None if _ZONED.search(text) else date_line(text, written)
    return own.astimezone(UTC) if own else parse_date(text, written)


def with_clock(day: str, clock: str) -> str:
    """A day and the clock of the cell beside it as one text."""
    found = _CLOCK_DIGITS.fullmatch(clock.strip())
    clock = f"{found[1]}:{found[2]}:{found[3]}" if found else clock.strip()
    return f"{day.strip()} {clock}" if re.match(r"\D*\d{1,2}[:：時时点點]", clock) and ":" not in day else day
