"""A card as plain lines, one function a line: what Telegram HTML and the terminal share.

names · headline / teaser / why / source, time, +n more
"""

from datetime import datetime

from watchbot.message.marked import clean, shorten
from watchbot.message.times import clock
from watchbot.message.words import count, say
from watchbot.model.alert import Card, Report
from watchbot.model.watch import Kind

NAME_COLUMNS = 40
SOURCE_COLUMNS = 50
PLACE_COLUMNS = 80
TERM_COLUMNS = 60
_SHOWN_NAMES = 2
_KINDS = {Kind.TICKER: "term_ticker", Kind.KEYWORD: "term_keyword", Kind.QUERY: "term_query"}
_OPENERS = "\"'“”‘’「『《【〈([{（［ #$"


def names(card: Card) -> list[str]:
    """The watch names before the headline: two, then +n; not the one that the headline begins with."""
    labels = [label for label in map(clean, card.watches) if label]
    left = [label for label in labels if not begins_with(card.headline.text, label)]
    shown = [shorten(label, NAME_COLUMNS) for label in left[:_SHOWN_NAMES]]
    if len(left) > _SHOWN_NAMES:
        shown[-1] += f" +{len(left) - _SHOWN_NAMES}"
    return shown


def begins_with(headline: str, label: str) -> bool:
    """Whether a headline begins with this name, as a whole word."""
    text, name = headline.lstrip(_OPENERS).casefold(), label.casefold()
    if not name or not text.startswith(name):
        return False
    after = text[len(name) : len(name) + 1]
    return not (after.isascii() and after.isalnum() and name[-1].isascii())


def why(card: Card) -> str:
    """Main subject or mention, the term, the field, and whether it is a guess."""
    reason = card.why
    level = say(card.language, f"level_{reason.level.value}")
    if not reason.term:
        return level
    field = reason.field if reason.field in ("title", "body", "url") else ""
    return say(
        card.language,
        "why_line",
        level=level,
        term=say(card.language, _KINDS.get(reason.kind, "term_name"), term=shorten(clean(reason.term), TERM_COLUMNS)),
        field=say(card.language, f"field_{field}"),
        guess=say(card.language, "guess") if reason.kind is Kind.FUZZY else "",
    )


def place(card: Card) -> str:
    """File and line of a dropped page in the card's language, "" for what has an address only."""
    document, comma, line = card.place.rpartition(", line ")
    if not comma or not line.isdecimal():
        return shorten(clean(card.place), PLACE_COLUMNS)
    return say(card.language, "place", document=shorten(clean(document), PLACE_COLUMNS), line=line)


def source(card: Card, now: datetime | None = None) -> str:
    """Who reported first and when, how many more, and how many follow-ups came as no message of their own."""
    if not card.reports:
        return ""
    first = card.reports[0]
    parts = [source_name(first), clock(first.at, card.language, card.timezone, now, card.old)]
    if len(card.reports) > 1:
        parts.append(say(card.language, "more", number=len(card.reports) - 1))
    if card.later:
        parts.append(count(card.language, "follow_up", card.later))
    return " · ".join(part for part in parts if part)


def source_name(report: Report) -> str:
    """A source's name, short enough for a line."""
    return shorten(clean(report.source), SOURCE_COLUMNS)
