"""A backlog as one round-up: the first stories as lines, every further headline in an expandable quote.

cards -> head, five lines, "+14 more stories", quote -> as many messages as it takes; nothing is dropped
"""

from collections.abc import Sequence

from watchbot.message import lines
from watchbot.message.html import headline_html
from watchbot.message.parts import FULL, escape, length
from watchbot.message.words import count, say
from watchbot.model.alert import Card

SHOWN = 5
MOST_LINES = 84  # Telegram shows the first 100 entities only: a link a line, the head and the quotes leave some over
MOST_BYTES = 9000  # as it is written, addresses included
_OPEN, _CLOSE = "<blockquote expandable>", "</blockquote>"


def backlog(cards: Sequence[Card], language: str) -> list[str]:
    """Everything that waited, oldest first, as parts of Telegram HTML; [] without any story."""
    if not cards:
        return []
    head = say(language, "backlog_head", total=count(language, "story", len(cards)))
    first = [f"<b>{escape(head)}</b>", *(f"• {_told(card)}" for card in cards[:SHOWN])]
    rest = [headline_html(card) for card in cards[SHOWN:]]
    if not rest:
        return [_message(first, [])]
    first.append(escape(count(language, "more_story", len(rest))))
    messages: list[str] = []
    quoted: list[str] = []
    for line in rest:
        if quoted and not _fits(first, [*quoted, line]):
            messages.append(_message(first, quoted))
            first, quoted = [], []
        quoted.append(line)
    return [*messages, _message(first, quoted)]


def _told(card: Card) -> str:
    """Names, linked headline, source and time."""
    source = lines.source(card)
    return f"{headline_html(card)} – {escape(source)}" if source else headline_html(card)


def _fits(first: list[str], quoted: list[str]) -> bool:
    """Whether this is still one message."""
    html = _message(first, quoted)
    few = len(first) + len(quoted) <= MOST_LINES
    return few and length(html) <= FULL and len(html.encode("utf-8", "replace")) <= MOST_BYTES


def _message(first: list[str], quoted: list[str]) -> str:
    """Plain lines, then the quoted ones."""
    quote = [f"{_OPEN}{chr(10).join(quoted)}{_CLOSE}"] if quoted else []
    return "\n".join([*first, *quote])
