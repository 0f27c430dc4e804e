"""Dates as feeds write them: RFC 822, ISO 8601, and whatever else people type, the cheap ways first.

    digits since 1970 -> ISO 8601 -> day month year -> month day year -> year month day (also 年月日) -> dateutil
    -> a date line as pages have it

A form that fits decides: what it makes of impossible numbers is no date, not a reason to try the next.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from watchbot.sources.date_words import HALVES, MONTHS, ZONES
from watchbot.text.datelines import date_line

LONGEST = 100
_EARLIEST, _LATEST = 1970, 2200
_EPOCH = re.compile(r"\d{9,10}(?:\.\d{1,9})?|\d{12,13}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)")
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})")
_ZONE = (
    r"\(?(?P<zone>(?:GMT|UTC|Z)?\s?[+-]\s?\d{1,2}(?::?\d\d)?|[A-Z][a-z]+/[A-Za-z_]+|[A-Za-z]{1,5})?\)?"
    r"(?:\s*\([^()]*\))?"
)
_HALF = "|".join(re.escape(word) for word in sorted(HALVES, key=len, reverse=True))
_CLOCK = (
    rf"(?:(?P<early>{_HALF})\s*)?(?P<hour>\d{{1,2}})\s*[:.hH時时点點시]\s*(?:(?P<minute>\d{{1,2}})?\s*[:.分분]?\s*"
    rf"(?:(?P<second>\d{{1,2}})(?:[.,]\d+)?\s*[秒초]?)?)?(?:\s*(?P<late>[AaPp]\.?[Mm]\.?))?"
)
_REST = rf"(?:[\sT,:-]*(?:(?:at|um|à|a las|alle|kl\.?|om)\s+)?{_CLOCK})?\s*{_ZONE}\s*\.?"
_WEEKDAY = r"(?:[^\W\d]+\.?\s*,?\s+)?"
_MAIL = re.compile(
    r"(?:[^\W\d]+\.?\s*,?\s*)?(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?[\s/-]+(?:de\s+|of\s+)?(?P<month>[^\W\d]{3,12})\.?,?"
    rf"[\s/-]+(?:de\s+)?(?P<year>\d{{4}}|\d\d)(?:\s*(?:г|р)\.?)?{_REST}"
)
_AMERICAN = re.compile(
    rf"{_WEEKDAY}(?P<month>[^\W\d]{{3,12}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_REST}"
)
_CTIME = re.compile(
    rf"{_WEEKDAY}(?P<month>[^\W\d]{{3,12}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+{_ZONE}\s*(?P<year>\d{{4}})"
)
_YEAR_FIRST = re.compile(
    r"(?:(?P<era>(?:中華)?民國|民国|令和)\s*)?(?P<year>\d{4}|1\d\d|\d{1,2}(?=\s*年))\s*[年년/.-]\s*(?P<month>\d{1,2})"
    r"(?:\s*[月월/.-]\s*(?P<day>\d{1,2})\s*[日號号일.]?)?"
    r"\s*(?:[(（]?(?:星期|週|周|礼拜|禮拜)?[月火水木金土日一二三四五六월화수목금토일](?:曜日?|요일)?[)）]?\s*(?=\d|$|[上下中午凌早晚傍오]))?"
    + _REST
)
_YEAR_NAME = re.compile(rf"(?P<year>\d{{4}})[\s./-]+(?P<month>[^\W\d]{{3,12}})\.?[\s./-]+(?P<day>\d{{1,2}})\.?{_REST}")
_NUMBERS = re.compile(rf"(?P<a>\d{{1,2}})[/.-](?P<b>\d{{1,2}})[/.-](?P<year>\d{{4}}|\d\d){_REST}")
_LOOSE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{8}|[a-z]{3}[^a-z]*\d\d?\D+\d\d|\d\d?\D+[a-z]{3}[a-z]*\D+\d\d", re.IGNORECASE
)
_OFFSET = re.compile(r"(?:GMT|UTC|Z)?\s?([+-])\s?(\d{1,2}):?(\d\d)?", re.IGNORECASE)
_TAIPEI = timezone(timedelta(hours=8))


def parse_date(text: str, near: datetime) -> datetime | None:
    """The moment in UTC, None where the text names none. Without a zone UTC is meant; `near` lends a missing year."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    found = _read(text, near)
    if found is None:
        return None
    try:
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _EARLIEST <= moment.year <= _LATEST else None


def _read(text: str, near: datetime) -> datetime | None:
    """The moment by the first form that fits."""
    if _ISO.match(text):
        if found := _iso(text) or _iso(_LOST_PLUS.sub("+", text)):
            return found
    elif match := _MAIL.fullmatch(text):
        if month := MONTHS.get(match["month"].lower()):
            return _made(match, _full_year(match["year"]), month, int(match["day"]))
    elif _EPOCH.fullmatch(text):
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, UTC)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    if ordinal := _ORDINAL.fullmatch(text):
        return _ordinal(int(ordinal[1]), int(ordinal[2]))
    for form in (_american, _year_first, _numbers):
        if decided := form(text, near):
            return decided[0]
    return _iso(text) or _loose(text, near) or date_line(text, near)


def _american(text: str, _near: datetime) -> list[datetime | None]:
    """`Nov 5, 2026 10:00 AM`, `Thu Nov 5 10:00:00 2026`, `2026. november 5.`; empty where it is another form."""
    match = _AMERICAN.fullmatch(text) or _CTIME.fullmatch(text) or _YEAR_NAME.fullmatch(text)
    month = MONTHS.get(match["month"].lower()) if match else None
    return [_made(match, int(match["year"]), month, int(match["day"]))] if match and month else []


def _year_first(text: str, _near: datetime) -> list[datetime | None]:
    """`2026/11/5 下午 3:20`, `2026年11月5日（木）`, `115/11/05 17:30`: a year of three digits is Taiwan's own."""
    match = _YEAR_FIRST.fullmatch(text)
    if not match:
        return []
    year, era = int(match["year"]), match["era"] or ""
    if era == "令和":
        return [_made(match, year + 2018, int(match["month"]), int(match["day"] or 1))]
    if year < 200 and (era or year > 99):
        found = _made(match, year + 1911, int(match["month"]), int(match["day"] or 1))
        return [found.replace(tzinfo=_TAIPEI)] if found and not found.tzinfo else [found]
    return [_made(match, _full_year(match["year"]), int(match["month"]), int(match["day"] or 1))]


def _numbers(text: str, near: datetime) -> list[datetime | None]:
    """`11/25/2026` or `25.11.2026`: where both orders give a day, the one that does not lie ahead."""
    match = _NUMBERS.fullmatch(text)
    if not match:
        return []
    first, second, year = int(match["a"]), int(match["b"]), _full_year(match["year"])
    if len(match["year"]) == 2 and "-" in text[:3]:
        return [_made(match, _full_year(match["a"]), second, int(match["year"]))]
    orders = [(first, second), (second, first)] if "." not in match[0][:6] else [(second, first)]
    days = [day for month, number in orders if (day := _made(match, year, month, number))]
    past = [day for day in days if day.replace(tzinfo=day.tzinfo or UTC) <= near]
    return [next(iter(past or days), None)]


def _ordinal(year: int, day: int) -> datetime | None:
    """The day of a year, counted from its first."""
    try:
        found = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)
    except (ValueError, OverflowError):
        return None
    return found if day and found.year == year else None


def _full_year(digits: str) -> int:
    """A year of two digits as mail means it."""
    year = int(digits)
    return year + (2000 if year < 69 else 1900) if len(digits) == 2 else year


def _made(match: re.Match[str], year: int, month: int, day: int) -> datetime | None:
    """The parts put together; None for the 30th of February. 24:00 is the next day's midnight, 23:59:60 is :59."""
    half = (match["late"] or match["early"] or "").lower()
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if half in HALVES and hour <= 12:
        added, noon = HALVES[half]
        hour = noon if hour == 12 else hour + added
    over = timedelta(days=1) if hour == 24 and not minute and not second else timedelta()
    try:
        second = 59 if second == 60 else second
        return datetime(year, month, day, 0 if over else hour, minute, second, tzinfo=_zone(match["zone"] or "")) + over
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> tzinfo | None:
    """A zone by its offset or its name; None for one we do not know."""
    if not text:
        return None
    if offset := _OFFSET.fullmatch(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes)) if minutes < 1440 else None
    if "/" in text:
        return _of_place(text)
    seconds = ZONES.get(text.upper())
    return UTC if seconds == 0 else None if seconds is None else timezone(timedelta(seconds=seconds))


def _of_place(name: str) -> tzinfo | None:
    """A zone by the name of its place; None where there is no such place."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def _named_zone(name: str, seconds: int | None) -> tzinfo | None:
    """The zone that dateutil found; it warns of those it does not know, we take UTC."""
    return _zone(name) if seconds is None else timezone(timedelta(seconds=seconds))


def _iso(text: str) -> datetime | None:
    """ISO 8601 in the shapes that Python knows and we do not."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _loose(text: str, near: datetime) -> datetime | None:
    """Anything that names a year; a text that does not is no date to rely on."""
    if not _LOOSE.search(text):
        return None
    from dateutil import parser

    default = near.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    try:
        return parser.parse(text, default=default, tzinfos=_named_zone)
    except (ValueError, ArithmeticError, TypeError, AttributeError, LookupError, RecursionError):
        return None
