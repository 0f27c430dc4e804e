"""A card as JSON and back: how the outbox and the alerts keep what was decided to be shown."""

import json
from datetime import datetime
from typing import Any

from watchbot.model.alert import Card, Marked, Report, Why
from watchbot.model.watch import Kind, Level


def dump(card: Card) -> str:
    """One line of JSON. Keys may be added later, none may change: stored rows outlive programs."""
    body: dict[str, Any] = {
        "watches": list(card.watches),
        "headline": _dump_marked(card.headline),
        "url": card.url,
        "place": card.place,
        "teaser": _dump_marked(card.teaser),
        "why": {
            "level": card.why.level.value,
            "term": card.why.term,
            "field": card.why.field,
            "kind": card.why.kind.value,
        },
        "reports": [
            {"source": one.source, "title": one.title, "url": one.url, "at": one.at.isoformat()} for one in card.reports
        ],
        "language": card.language,
        "timezone": card.timezone,
    }
    if card.old:
        body["old"] = True
    if card.later:
        body["later"] = card.later
    if card.compact:
        body["compact"] = True
    line = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return line.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair could not be stored


def load(text: str) -> Card:
    """The card that `dump` wrote; ValueError where the text is none."""
    try:
        body = json.loads(text)
        return _load(body)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a card: {error!r}") from error


def _load(body: Any) -> Card:
    """Build the card; unknown keys are those of a newer program and are ignored."""
    why = body["why"]
    reports = (
        Report(one["source"], one["title"], one["url"], datetime.fromisoformat(one["at"])) for one in body["reports"]
    )
    return Card(
        watches=tuple(body["watches"]),
        headline=_load_marked(body["headline"]),
        url=body["url"],
        place=body["place"],
        teaser=_load_marked(body["teaser"]),
        why=Why(Level(why["level"]), why["term"], why["field"], Kind(why["kind"])),
        reports=tuple(reports),
        language=body["language"],
        timezone=body["timezone"],
        old=bool(body.get("old")),
        later=int(body.get("later", 0)),
        compact=bool(body.get("compact")),
    )


def _dump_marked(marked: Marked) -> dict[str, Any]:
    """Text and its marks."""
    return {"text": marked.text, "marks": [list(mark) for mark in marked.marks]}


def _load_marked(body: Any) -> Marked:
    """The other way."""
    return Marked(body["text"], tuple((int(start), int(end)) for start, end in body["marks"]))
