"""Quiet hours and digest times as people type them, in the form that the configuration keeps.

"22:30-06:45", "mon-fri 22-7; sat-sun", "週末" -> quiet_entries -> ("mon-fri 22:00-07:00", "sat-sun")
"8:20, 6pm", "平日 08:30、週日 20:00"            -> digest_entries -> ("mon-fri 08:30", "sun 20:00")
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import takewhile

from watchbot.model.errors import InputError
from watchbot.model.schedule import DAYS, digest_time, quiet_rule

MOST = 14
_SHOWN = 40
_EVERY_DAY = "mon-sun"
_CHINESE_DAYS = "一二三四五六日"
_DAY_WORDS = {
    "every day": _EVERY_DAY,
    "everyday": _EVERY_DAY,
    "daily": _EVERY_DAY,
    "每日": _EVERY_DAY,
    "weekdays": "mon-fri",
    "workdays": "mon-fri",
    "平日": "mon-fri",
    "工作日": "mon-fri",
    "weekends": "sat-sun",
    "weekend": "sat-sun",
    "週末": "sat-sun",
}
_LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = r"(?:週|星期|禮拜)"
_WEEK_RANGE = re.compile(rf"{_WEEK}([{_CHINESE_DAYS}])-{_WEEK}?([{_CHINESE_DAYS}])")
_WEEK_DAYS = re.compile(rf"{_WEEK}([{_CHINESE_DAYS}]+)")
_TO = re.compile(r"\s*(?:[-~–—−〜至到]|\bto\b|\buntil\b)\s*")
_HALF_DAY = re.compile(r"(上午|早上|凌晨|下午|傍晚|晚上)\s*(\d{1,2})(:\d{2})?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?(am|pm)?")
_DAYS_ONLY = re.compile(r"[a-z]{3}(?:-[a-z]{3})?")

_Clock = Callable[[str], str]


def quiet_entries(text: str) -> tuple[str, ...]:
    """Entries of quiet_hours; an InputError carries the piece that is none."""
    return _entries(text, _span, whole_days=True)


def digest_entries(text: str) -> tuple[str, ...]:
    """Entries of digest_at; an InputError carries the piece that is none."""
    return _entries(text, _minute, whole_days=False)


def _entries(text: str, clock: _Clock, whole_days: bool) -> tuple[str, ...]:
    """All entries in the order written, each once."""
    found = [entry for part in _parts(_plain(text), whole_days) for entry in _of_part(part, clock, whole_days)]
    if not found or len(found) > MOST:
        raise InputError(text.strip()[:_SHOWN])
    return tuple(dict.fromkeys(found))


def _of_part(words: list[str], clock: _Clock, whole_days: bool) -> Iterator[str]:
    """Days hold for all times behind them: `mon-fri 08:30 18:00`."""
    days: list[str] = []
    timed = False
    for word in _days_first(words):
        if _is_days(word):
            days, timed = ([word] if timed else [*days, word]), False
            continue
        yield _checked(f"{_joined(days)} {clock(word)}".strip(), word, whole_days)
        timed = True
    if days and not timed:
        yield _checked(_joined(days) or _EVERY_DAY, " ".join(words), whole_days)


def _days_first(words: list[str]) -> list[str]:
    """`22-7 mon-fri` as `mon-fri 22-7`: days that nothing follows belong to the times before them."""
    times = list(takewhile(lambda word: not _is_days(word), words))
    days = words[len(times) :]
    return [*days, *times] if all(map(_is_days, days)) else words


def _checked(entry: str, written: str, whole_days: bool) -> str:
    """The entry, where the configuration would take it too."""
    try:
        (quiet_rule if whole_days else digest_time)(entry)
    except InputError as error:
        raise InputError(written[:_SHOWN]) from error
    return entry


def _parts(text: str, whole_days: bool) -> Iterator[list[str]]:
    """What belongs together. A comma after days joins further days, `sat, sun 20:00`; else it separates."""
    for chunk in re.split(r"[;\n]", text):
        part: list[str] = []
        for words in (piece.split() for piece in re.split(r"[,、]", chunk)):
            if not words:
                continue
            if part and not (all(map(_is_days, part)) and (_is_days(words[0]) or not whole_days)):
                yield part
                part = []
            part += words
        if part:
            yield part


def _plain(text: str) -> str:
    """Lower case, days in three letters, times with a colon, ranges with a bare hyphen."""
    text = unicodedata.normalize("NFKC", text).lower().replace("周", "週").replace("天", "日")
    for word, days in _DAY_WORDS.items():
        text = text.replace(word, f" {days} ")
    for word, short in zip(_LONG_DAYS, DAYS, strict=True):
        text = text.replace(word, short)
    text = re.sub(r"[點时時]半", ":30", text)
    text = re.sub(r"[點时時](?=\d)", ":", text).replace("分", "")
    text = re.sub(r"[點时時]整?", ":00", text)
    text = _HALF_DAY.sub(_half_day, text)
    text = _TO.sub("-", re.sub(r"(\d)\s+(am|pm)\b", r"\1\2", text))
    text = _WEEK_RANGE.sub(lambda found: f" {_day(found[1])}-{_day(found[2])} ", text)
    return _WEEK_DAYS.sub(lambda found: f" {' '.join(map(_day, found[1]))} ", text)


def _half_day(found: re.Match[str]) -> str:
    """`晚上10:30` as 10:30pm; twelve at night is midnight."""
    morning = found[1] in ("上午", "早上", "凌晨") or (found[1] == "晚上" and found[2] == "12")
    return f"{found[2]}{found[3] or ''}{'am' if morning else 'pm'}"


def _day(chinese: str) -> str:
    return DAYS[_CHINESE_DAYS.index(chinese)]


def _is_days(word: str) -> bool:
    """Whether a word is `mon` or `mon-fri`."""
    return _DAYS_ONLY.fullmatch(word) is not None and all(day in DAYS for day in word.split("-"))


def _joined(days: list[str]) -> str:
    """Days as the configuration joins them; every day needs no word."""
    return "" if _EVERY_DAY in days else ",".join(days)


def _span(word: str) -> str:
    """`22-7`, `10pm-6:45am` as `22:00-06:45`."""
    start, dash, end = word.partition("-")
    return f"{_minute(start)}-{_minute(end)}" if dash else word


def _minute(word: str) -> str:
    """`8`, `0820`, `8.20`, `8pm` as `08:20`; what is no time stays as it is, to be refused."""
    found = _CLOCK.fullmatch(word)
    if not found:
        return word
    hour = int(found[1])
    if found[3]:
        if not 1 <= hour <= 12:
            return word
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return f"{hour:02d}:{found[2] or '00'}"
