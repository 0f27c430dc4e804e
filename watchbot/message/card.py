"""An item and its matches -> the card of an alert.

matches -sorted by strength-> watch names, why | title or first sentence -> headline | body -> teaser
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from watchbot.message.marked import (
    ELLIPSIS,
    merge,
    piece,
    shorten,
    shorten_marked,
    squeeze,
    word_end,
    word_start,
)
from watchbot.message.sentences import sentences
from watchbot.message.words import say
from watchbot.model.alert import Card, Marked, Report, Why
from watchbot.model.item import Item
from watchbot.model.match import Match, Span
from watchbot.model.panel import Button, Rows
from watchbot.model.watch import Kind

HEADLINE_COLUMNS = 90
TITLE_COLUMNS = 300
TEASER_LENGTH = 400
_AROUND = 3000  # how far from the match sentences are looked for; a body may be a whole book
_FIELDS = {"title": 0, "body": 1, "url": 2}


def build(
    item: Item,
    matches: Sequence[tuple[str, Match]],
    reports: tuple[Report, ...],
    seen: datetime,
    language: str,
    timezone: str,
    compact: bool = False,
) -> Card:
    """The card of an item for one chat. `matches` (at least one) come with the label of their watch."""
    ranked = sorted(matches, key=lambda pair: -pair[1].score)
    spans = [span for _label, match in ranked for span in match.spans]
    headline = _headline(item, spans)
    told = reports or (Report(item.source, headline.text, item.url, item.published or seen),)
    place = f"{item.document}, line {item.line}" if item.document and item.line else item.document
    return Card(
        watches=tuple(dict.fromkeys(label for label, _match in ranked)),
        headline=headline,
        url=item.url or told[0].url,
        place=place,
        teaser=_teaser(item.body, spans, headline.text),
        why=_why(ranked[0][1]),
        reports=told,
        language=language,
        timezone=timezone,
        compact=compact,
    )


def buttons(language: str) -> Rows:
    """The row of three below every alert."""
    return (tuple(Button(say(language, f"button_{verb}"), verb) for verb in ("why", "mute", "down")),)


def joined(first: Card, later: Card) -> Card:
    """One card for two of a story: the first one, with the watches and the reports of the other."""
    known = {(report.source, report.title) for report in first.reports}
    fresh = tuple(report for report in later.reports if (report.source, report.title) not in known)
    watches = tuple(dict.fromkeys((*first.watches, *later.watches)))
    return replace(first, watches=watches, reports=(*first.reports, *fresh), later=first.later + later.later)


def headline_text(item: Item) -> str:
    """What an item is called: its title, else its first sentence, else where it stands."""
    return _headline(item, ()).text


def _why(match: Match) -> Why:
    """The reason in one line: by a sure term rather than by a guess, in the headline rather than in the text."""
    if not match.spans:
        return Why(match.level, "", "", Kind.NAME)
    best = min(match.spans, key=lambda span: (span.kind is Kind.FUZZY, _FIELDS.get(span.field, 3), span.start))
    return Why(match.level, best.term or best.text, best.field, best.kind)


def _headline(item: Item, spans: Sequence[Span]) -> Marked:
    """The title with its matched words, else the first sentence of the text."""
    title = squeeze(Marked(item.title, _marks(spans, "title", len(item.title))))
    if title.text:
        return shorten_marked(title, TITLE_COLUMNS)
    opening = item.body[:_AROUND]
    found = sentences(opening)
    if found:
        body = Marked(opening, _marks(spans, "body", len(opening)))
        return shorten_marked(squeeze(piece(body, *found[0])), HEADLINE_COLUMNS)
    return Marked(shorten(item.url or item.document or item.source, HEADLINE_COLUMNS))


def _teaser(body: str, spans: Sequence[Span], headline: str) -> Marked:
    """The sentences around the first match, marked; empty where they say only what the headline says."""
    marked = Marked(body, _marks(spans, "body", len(body)))
    first = next(((s.start, s.end) for s in spans if s.field == "body" and s.start < len(body)), (0, 0))
    left = max(0, first[0] - _AROUND)
    view = piece(marked, left, first[1] + _AROUND)
    around = (first[0] - left, first[1] - left)
    bounds = _bounds(view.text, headline)
    said = _key(headline)
    fresh = [_key(view.text[start:end]) not in said for start, end in bounds]
    anchor = _anchor(bounds, fresh, around[0])
    if anchor is None:
        return Marked("")
    run = _grow(bounds, fresh, anchor)
    start, end = bounds[run[0]][0], bounds[run[1]][1]
    if end - start > TEASER_LENGTH:
        return _window(view, start, end, around)
    return squeeze(piece(view, start, end))


def _bounds(text: str, headline: str) -> list[tuple[int, int]]:
    """The sentences; a headline that opens the text without a stop is one by itself."""
    lead = len(text) - len(text.lstrip())
    if headline and text.startswith(headline, lead):
        rest = lead + len(headline)
        if not text[rest : rest + 1].strip():
            return [(lead, rest)] + [(start + rest, end + rest) for start, end in sentences(text[rest:])]
    return sentences(text)


def _anchor(bounds: Sequence[tuple[int, int]], fresh: Sequence[bool], at: int) -> int | None:
    """The sentence of the match, else the nearest one that says more than the headline, rather after than before."""
    here = next((index for index, (_start, end) in enumerate(bounds) if at < end), len(bounds) - 1)
    after = (index for index in range(max(here, 0), len(bounds)) if fresh[index])
    before = (index for index in range(here - 1, -1, -1) if fresh[index])
    return next(after, next(before, None))


def _grow(bounds: Sequence[tuple[int, int]], fresh: Sequence[bool], anchor: int) -> tuple[int, int]:
    """First and last sentence of the quote: the one before for its sense, then what follows, while there is room."""
    first = last = anchor
    open_left = open_right = True
    while open_left or open_right:
        if open_left := open_left and first > 0 and fresh[first - 1]:
            open_left = bounds[last][1] - bounds[first - 1][0] <= TEASER_LENGTH
            first -= open_left
        if open_right := open_right and last + 1 < len(bounds) and fresh[last + 1]:
            open_right = bounds[last + 1][1] - bounds[first][0] <= TEASER_LENGTH
            last += open_right
    return first, last


def _window(view: Marked, start: int, end: int, around: tuple[int, int]) -> Marked:
    """A cut out of one very long sentence, with the match in it."""
    room = TEASER_LENGTH - 2
    left = start
    if around[1] - start > room:
        left = word_start(view.text, min(max(start, around[0] - room // 3), around[0]))
    right = min(end, left + room)
    if right < end:
        right = left + word_end(view.text[left : right + 1], right - left)
    quote = squeeze(piece(view, left, right))
    head = ELLIPSIS if left > start else ""
    tail = ELLIPSIS if right < end else ""
    return Marked(head + quote.text + tail, tuple((a + len(head), b + len(head)) for a, b in quote.marks))


def _marks(spans: Sequence[Span], field: str, length: int) -> tuple[tuple[int, int], ...]:
    """The matched ranges of one field."""
    return merge((span.start, min(span.end, length)) for span in spans if span.field == field and span.start < length)


def _key(text: str) -> str:
    """Letters and digits only, so that punctuation and case make no difference."""
    return "".join(char for char in text.casefold() if char.isalnum())
