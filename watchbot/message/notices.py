"""Operating notices: what happened to sources and watches, one message for all that happened at once.

Outage -> source_down ... | many of a kind -> one line with their names
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchbot.message.parts import foreign, split
from watchbot.message.roundup import source_down, source_up
from watchbot.message.times import clock
from watchbot.message.words import count, listed, say

APART = 3  # so many of one kind are told one by one
NAMES = 20
_NAME_COLUMNS = 50


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing to be told. `kind` is down, up, moved, gone, quiet or watch_quiet; `since` is when it began, `text` the
    error or the new address."""

    kind: str
    name: str
    since: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads it: language and zone of the chat, and the time now."""

    language: str
    timezone: str
    now: datetime


def notice(happenings: Sequence[Happening], reader: Reader) -> list[str]:
    """All of it as parts of Telegram HTML, the worst first."""
    paragraphs: list[str] = []
    for kind in ("gone", "down", "quiet", "watch_quiet", "moved", "up"):
        of_kind = [one for one in happenings if one.kind == kind]
        if len(of_kind) > APART:
            paragraphs.append(_together(kind, of_kind, reader))
        else:
            paragraphs.extend(_WORDS[kind](one, reader) for one in of_kind)
    return split("\n\n".join(paragraphs)) if paragraphs else []


def _together(kind: str, happenings: Sequence[Happening], reader: Reader) -> str:
    """Many of one kind in one line."""
    names = [_name(one) for one in happenings[:NAMES]]
    if len(happenings) > NAMES:
        names.append(say(reader.language, "more", number=len(happenings) - NAMES))
    noun = "watch" if kind == "watch_quiet" else "source"
    total = count(reader.language, noun, len(happenings))
    return say(reader.language, f"many_{kind}", total=total, names=listed(reader.language, names))


def _down(one: Happening, reader: Reader) -> str:
    return source_down(reader.language, one.name, one.text, one.since, reader.timezone)


def _up(one: Happening, reader: Reader) -> str:
    return source_up(reader.language, one.name, one.since, reader.timezone)


def _gone(one: Happening, reader: Reader) -> str:
    return say(reader.language, "source_gone", name=_name(one))


def _moved(one: Happening, reader: Reader) -> str:
    return say(reader.language, "source_moved", name=_name(one), address=foreign(one.text, 200))


def _quiet(one: Happening, reader: Reader) -> str:
    return say(reader.language, f"{'watch' if one.kind == 'watch_quiet' else 'source'}_quiet", **_silence(one, reader))


def _silence(one: Happening, reader: Reader) -> dict[str, str]:
    """The name, since when, and for how many days nothing came."""
    days = max(1, (reader.now - one.since) // timedelta(days=1))
    since = clock(one.since, reader.language, reader.timezone)
    return {"name": _name(one), "since": since, "days": count(reader.language, "day", days)}


def _name(one: Happening) -> str:
    return foreign(one.name, _NAME_COLUMNS)


_WORDS: dict[str, Callable[[Happening, Reader], str]] = {
    "gone": _gone,
    "down": _down,
    "quiet": _quiet,
    "watch_quiet": _quiet,
    "moved": _moved,
    "up": _up,
}
