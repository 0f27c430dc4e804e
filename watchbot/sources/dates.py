"""Dates as feeds write them: RFC 822, ISO 8601, and whatever else people type, the cheap ways first."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from watchbot.text.datelines import date_line

LONGEST = 100
_ISO = re.compile(r"\d{4}-\d\d")
_YEARLY = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{8}|[a-z]{3}[^a-z]*\d\d?\D+\d\d|\d\d?\D+[a-z]{3}[a-z]*\D+\d\d", re.IGNORECASE
)
_EARLIEST, _LATEST = 1970, 2200
_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 3600, "CET": 3600, "CEST": 7200, "EET": 7200, "EEST": 10800,
    "MSK": 10800, "IST": 19800, "HKT": 28800, "SGT": 28800, "TST": 28800, "CST": -21600, "JST": 32400, "KST": 32400,
    "AEST": 36000, "AEDT": 39600, "NZST": 43200, "EST": -18000, "EDT": -14400, "CDT": -18000, "MST": -25200,
    "MDT": -21600, "PST": -28800, "PDT": -25200, "AKST": -32400, "HST": -36000,
}  # fmt: skip


def parse_date(text: str, near: datetime) -> datetime | None:
    """The moment in UTC, None where the text names none. Without a zone UTC is meant; `near` lends a missing year."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    found = _iso(text) if _ISO.match(text) else _mail(text)
    found = found or _iso(text) or _loose(text, near) or date_line(text, near)
    if found is None:
        return None
    try:
        moment = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _EARLIEST <= moment.year <= _LATEST else None


def _iso(text: str) -> datetime | None:
    """ISO 8601 as Python reads it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    """RFC 822 and its kin."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _loose(text: str, near: datetime) -> datetime | None:
    """Anything that names a year; a text that does not is no date to rely on."""
    if not _YEARLY.search(text):
        return None
    from dateutil import parser

    default = near.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    try:
        return parser.parse(text, default=default, tzinfos=_ZONES)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError, RecursionError):
        return None
