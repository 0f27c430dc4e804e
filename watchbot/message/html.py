"""A card as Telegram HTML: at most five lines before opening, all of it escaped, always short enough for one message.

watch names · linked headline / teaser / why / source, time, +n more / the others' headlines
"""

from datetime import datetime
from urllib.parse import urlsplit

from watchbot.message import lines
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import LIMIT, escape, foreign, length, plain, split, visible
from watchbot.message.words import LANGUAGES, say
from watchbot.model.alert import Card, Marked, Report

__all__ = ["alert_html", "escape", "headline_html", "length", "plain", "split", "visible"]

HEADLINE_COLUMNS = 300
OTHER_COLUMNS = 120
MOST_OTHERS = 12
MOST_MARKS = 50  # Telegram shows the first 100 entities only; the others' headlines need some of them
LONGEST_URL = 2000
_SLACK = 200


def alert_html(card: Card, repeat: bool = False, now: datetime | None = None) -> str:
    """The whole alert. `repeat` says that it may have arrived before; `now` leaves out the date of today's news."""
    if card.compact:
        return "\n".join(line for line in (_first_line(card), _source_line(card, repeat, now)) if line)
    out = [_first_line(card)]
    if card.teaser.text:
        out.append(f"<blockquote expandable>{_underlined(card.teaser)}</blockquote>")
    out.append(escape(lines.why(card)))
    out.append(_source_line(card, repeat, now))
    others = _others(card, LIMIT - _SLACK - length("\n".join(out)))
    if others:
        out.append(f"<blockquote expandable>{others}</blockquote>")
    return "\n".join(line for line in out if line)


def headline_html(card: Card) -> str:
    """Watch names and linked headline: an alert in one line."""
    return _first_line(card)


def is_link(url: str) -> bool:
    """Whether Telegram would make this address a link."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(host)
        and len(url) <= LONGEST_URL
        and url == clean(url)
        and " " not in url
    )


def linked(shown: str, url: str) -> str:
    """Words, as HTML, that lead to an address where that can be a link."""
    return f'<a href="{escape(url)}">{shown}</a>' if is_link(url) else shown


def _first_line(card: Card) -> str:
    """Who and what: this is what a locked phone shows."""
    headline = foreign(card.headline.text, HEADLINE_COLUMNS)
    names = escape(say(card.language, "comma").join(lines.names(card)))
    if is_link(card.url):
        told = f'<a href="{escape(card.url)}">{headline}</a>'
    else:
        place = escape(lines.place(card))
        told = f"<b>{headline}</b>" + (f" ({place})" if place else "")
    return f"{names} · {told}" if names else told


def _underlined(marked: Marked) -> str:
    """The teaser with its matched words underlined."""
    out: list[str] = []
    position = 0
    for start, end in marked.marks[:MOST_MARKS]:
        out.append(escape(marked.text[position:start]))
        out.append(f"<u>{escape(marked.text[start:end])}</u>")
        position = end
    out.append(escape(marked.text[position:]))
    return "".join(out)


def repeat_mark(words: str) -> str:
    """What says below a finished message that it may have arrived before. In which language that was written is not
    known any more: where it holds a Chinese character, or nothing at all, both are said."""
    languages = LANGUAGES if not words or any("\u4e00" <= char <= "\u9fff" for char in words) else LANGUAGES[:1]
    return f"({' · '.join(say(language, 'repeat') for language in languages)})"


def _source_line(card: Card, repeat: bool, now: datetime | None) -> str:
    """Source, time, +n more; the mark of a possible repeat; file and line where the headline is a link."""
    parts = [escape(lines.source(card, now))]
    if is_link(card.url) and card.place:
        parts.append(escape(lines.place(card)))
    if repeat:
        parts.append(f"<i>{escape(say(card.language, 'repeat'))}</i>")
    return " · ".join(part for part in parts if part)


def _others(card: Card, room: int) -> str:
    """The other reports, one a line, as many as there is room for."""
    out: list[str] = []
    others = card.reports[1:]
    for report in others[:MOST_OTHERS]:
        line = _other(report)
        if length("\n".join([*out, line])) > room:
            break
        out.append(line)
    if out and len(out) < len(others):
        out.append(escape(say(card.language, "more", number=len(others) - len(out))))
    return "\n".join(out)


def _other(report: Report) -> str:
    """One further report: source and headline."""
    title = escape(shorten(clean(report.title) or clean(report.url), OTHER_COLUMNS))
    told = linked(title, report.url)
    return f"{escape(lines.source_name(report))} · {told}" if report.source else told
