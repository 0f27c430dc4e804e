"""/list as Telegram HTML: what is watched in a chat and how, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchbot.message.times import clock
from watchbot.message.watching import bold, shown
from watchbot.message.words import count, listed, number_in, say

_NAMES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One watch: what it is called and goes by, whether it is on, and what this chat wants of it: pairs of a kind
    (exclude, context, deliver, mentions, updates, priority, level) and a value."""

    label: str
    names: tuple[str, ...]
    on: bool
    wishes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The watches of one watchlist that stand on a page. `locked`: of a file; `name` "" for a nameless one."""

    name: str
    locked: bool
    lines: tuple[Line, ...]


def listing(language: str, groups: Sequence[Group], total: int, page: int, pages: int) -> str:
    """One page; `page` counts from 0."""
    if not total:
        return say(language, "listing_empty")
    head = say(language, "listing_title", total=count(language, "watch", total))
    if pages > 1:
        head += say(language, "listing_page", page=number_in(language, page + 1), pages=number_in(language, pages))
    out = [head]
    for group in groups:
        name = shown(group.name) if group.name else say(language, "listing_nameless")
        out.append("")
        out.append(say(language, "listing_file", name=name) if group.locked else say(language, "listing_own"))
        out += [_line(language, line) for line in group.lines]
    return "\n".join(out)


def mutes(language: str, timezone: str, now: datetime, muted: Sequence[tuple[str, datetime | None]]) -> str:
    """What is silent here: labels ("" for everything), each with its end (None: until unmuted)."""
    parts = []
    for label, until in muted:
        name = shown(label) if label else say(language, "listing_everything")
        if until is None:
            parts.append(say(language, "listing_mute_open", name=name))
        else:
            parts.append(say(language, "listing_mute_until", name=name, until=clock(until, language, timezone, now)))
    return say(language, "listing_mutes", names=listed(language, parts))


def sources(language: str, names: Sequence[str]) -> str:
    """Sources whose news comes in the digest only."""
    return say(language, "listing_sources", names=listed(language, [shown(name) for name in names]))


def lists(language: str, names: Sequence[str]) -> str:
    """Watchlists that this chat may switch on."""
    return say(language, "listing_lists", names=listed(language, [bold(name) for name in names]))


def _line(language: str, line: Line) -> str:
    """`• Foxconn – Hon Hai, 鴻海 · without “Apple Hospitality”`."""
    label = bold(line.label) if line.on else say(language, "listing_off", label=shown(line.label))
    names = [shown(name) for name in line.names[:_NAMES_SHOWN]]
    if len(line.names) > _NAMES_SHOWN:
        names.append(f"+{len(line.names) - _NAMES_SHOWN}")
    told = f"• {label}" + (f" – {listed(language, names)}" if names else "")
    wishes = [_wish(language, kind, value) for kind, value in line.wishes]
    return "\n   ".join([told, " · ".join(wishes)] if wishes else [told])


def _wish(language: str, kind: str, value: str) -> str:
    """What this chat wants otherwise, in words."""
    if kind in ("exclude", "context"):
        return say(language, f"listing_{kind}", value=shown(value))
    return say(language, f"listing_{kind}_{value}")
