"""What comes as several stories at once, and the operating notices the bot sends of its own accord."""

from collections.abc import Sequence
from datetime import datetime

from watchbot.message import lines
from watchbot.message.errors import said
from watchbot.message.html import headline_html
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import FULL, escape, foreign, length, split
from watchbot.message.times import clock
from watchbot.message.words import count, say
from watchbot.model.alert import Card

_ERROR_COLUMNS = 200
MOST_MARKS = 90  # Telegram shows the first 100 entities of a message only


def roundup(title: str, cards: Sequence[Card], language: str, limit_stories: int = 5) -> list[str]:
    """The newest stories under one title, a line each, as parts of Telegram HTML ([] without any story)."""
    if not cards:
        return []
    newest = sorted(cards, key=lambda card: card.reports[0].at.timestamp() if card.reports else 0.0, reverse=True)
    shown = newest[:limit_stories]
    total = count(language, "story", len(cards))
    key = "roundup_part" if len(shown) < len(cards) else "roundup_whole"
    head = say(language, key, title=escape(title), shown=len(shown), total=total)
    return in_parts([f"<b>{head}</b>", *(f"• {story_line(card)}" for card in shown)])


def in_parts(rows: Sequence[str]) -> list[str]:
    """Lines of HTML as messages: none is too long for Telegram or has more entities than it shows."""
    parts: list[list[str]] = []
    room = marks = 0
    for row in rows:
        long, marked = length(row) + 1, row.count("</")
        if not parts or long > room or marked > marks:
            parts.append([])
            room, marks = FULL, MOST_MARKS
        parts[-1].append(row)
        room, marks = room - long, marks - marked
    return [piece for part in parts for piece in split("\n".join(part))]


def story_line(card: Card, now: datetime | None = None) -> str:
    """Names, linked headline, source and time; `now` leaves out the date of today's news."""
    source = lines.source(card, now)
    return f"{headline_html(card)} – {escape(source)}" if source else headline_html(card)


def unclaimed(cards: Sequence[Card], language: str) -> list[str]:
    """What waited for the owner, once there is one: at most five stories."""
    return roundup(say(language, "roundup_unclaimed"), cards, language)


def page(document: str, cards: Sequence[Card]) -> list[str]:
    """Many blocks of one page about one watch: every headline."""
    title = f"{cards[0].watches[0]} · {shorten(clean(document), 60)}"
    return roundup(title, cards, cards[0].language, limit_stories=len(cards))


def flood(source: str, cards: Sequence[Card]) -> list[str]:
    """Many items of one feed at once: every headline."""
    return roundup(_plain_name(source), cards, cards[0].language, limit_stories=len(cards))


def source_down(language: str, name: str, error: str, since: datetime, timezone: str) -> str:
    """A source has been out for long enough to say so."""
    shown = _error(language, error)
    return say(language, "source_down", name=_name(name), error=shown, since=_since(since, language, timezone))


def source_up(language: str, name: str, since: datetime, timezone: str) -> str:
    """The source is back."""
    return say(language, "source_up", name=_name(name), since=_since(since, language, timezone))


def claimed(language: str, chat: str) -> str:
    """To whoever just became the owner."""
    return say(language, "claimed", chat=escape(clean(chat)))


def invited(language: str, role: str) -> str:
    """To whoever just used an invitation for admin or user."""
    return say(language, "invited", role=say(language, f"role_{role}"))


def chat_parked(language: str, chat: str, error: str) -> str:
    """To the owner: a chat cannot be written to."""
    return say(language, "chat_parked", chat=escape(clean(chat)), error=_error(language, error))


def config_changed(language: str, change: str) -> str:
    """To the owner: an edited configuration was taken over (`+2 -1 ~3`)."""
    return say(language, "config_changed", change=escape(clean(change)))


def config_broken(language: str, problem: str) -> str:
    """To the owner: an edited configuration is wrong."""
    return say(language, "config_broken", problem=_error(language, problem))


def update_set_aside(language: str, error: str) -> str:
    """To the owner: a message could not be handled after several tries."""
    return say(language, "updates_paused", error=_error(language, error))


def _error(language: str, error: str) -> str:
    """What went wrong, in the language and short enough for a notice."""
    return foreign(said(language, error), _ERROR_COLUMNS)


def _plain_name(name: str) -> str:
    """A source's name, short enough for a line."""
    return shorten(clean(name), lines.SOURCE_COLUMNS)


def _name(name: str) -> str:
    """A source's name for a notice."""
    return escape(_plain_name(name))


def _since(since: datetime, language: str, timezone: str) -> str:
    """When an outage began."""
    return clock(since, language, timezone)
