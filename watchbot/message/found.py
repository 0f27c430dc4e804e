"""Answers to /latest and /search: a page of headlines with their sources, times and links, and its buttons."""

from collections.abc import Sequence
from datetime import datetime

from watchbot.message.html import is_link
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import escape, foreign
from watchbot.message.times import clock
from watchbot.message.words import listed, say
from watchbot.model.found import Found, Page
from watchbot.model.panel import Button, Rows

NAME_COLUMNS, TITLE_COLUMNS = 60, 120


def latest(language: str, timezone: str, now: datetime, page: Page, label: str = "") -> str:
    """The newest stories of a chat, or of one watch."""
    name = _shown(label)
    if not page.found:
        if page.offset:
            return say(language, "found_end")
        return say(language, "found_latest_none_of" if label else "found_latest_none", name=name)
    title = say(language, "found_latest_of" if label else "found_latest", name=name)
    return "\n".join([title, *(_line(language, timezone, now, one) for one in page.found)])


def unknown(language: str, name: str, nearest: Sequence[str]) -> str:
    """To a name that is not watched in this chat."""
    near = listed(language, [f"<b>{_shown(one)}</b>" for one in nearest])
    return say(language, "found_unknown_near" if nearest else "found_unknown", name=_shown(name), nearest=near)


def search(language: str, timezone: str, now: datetime, page: Page, words: str) -> str:
    """Stored items that hold the words."""
    shown = _shown(words)
    if not page.found:
        return say(language, "found_end") if page.offset else say(language, "found_search_none", words=shown)
    title = say(language, "found_search", words=shown)
    return "\n".join([title, *(_line(language, timezone, now, one) for one in page.found)])


def search_usage(language: str) -> str:
    """To /search alone."""
    return say(language, "found_search_usage")


def rows(language: str, page: Page, size: int) -> Rows:
    """To newer and older ones."""
    row = []
    if page.offset:
        row.append(Button(say(language, "found_newer"), f"page:{max(0, page.offset - size)}"))
    if page.more:
        row.append(Button(say(language, "found_older"), f"page:{page.offset + size}"))
    return (tuple(row),) if row else ()


def _line(language: str, timezone: str, now: datetime, one: Found) -> str:
    """One story: its watches, its linked headline; below it source, time, and how to ask why it was told."""
    headline = escape(shorten(clean(one.headline) or clean(one.url), TITLE_COLUMNS))
    told = f'<a href="{escape(one.url)}">{headline}</a>' if is_link(one.url) else f"<b>{headline}</b>"
    names = escape(listed(language, [shorten(clean(label), NAME_COLUMNS) for label in one.labels[:2]]))
    first = f"• {names} · {told}" if names else f"• {told}"
    below = [_shown(one.source), clock(one.at, language, timezone, now)]
    below += [say(language, "found_told", id=one.alert)] if one.alert else []
    return f"{first}\n   {' · '.join(part for part in below if part)}"


def _shown(text: str) -> str:
    return foreign(text, NAME_COLUMNS)
