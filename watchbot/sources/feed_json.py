"""JSON Feed 1 and 1.1. Every field may be missing or of the wrong kind."""

import json
from typing import Any

from watchbot.model.errors import InputError
from watchbot.sources.entries import MOST_ITEMS, Entry, Feed, address_of, first_of, line_of, text_of, tidy

_MOST_BRACKETS = 500_000
_READER = json.JSONDecoder(strict=False)


def read_json(text: str, url: str) -> Feed:
    """The feed. Raises InputError for JSON that is none."""
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        raise InputError("this is no feed: it has far too many brackets")
    try:
        data, _end = _READER.raw_decode(text)  # what a host wrote behind it is no reason to lose it
    except (ValueError, RecursionError):
        raise InputError("this is no feed: it begins like JSON but is not") from None
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise InputError("this is no feed: JSON without a list of items")
    if "jsonfeed" not in str(data.get("version", "")) and "title" not in data:
        raise InputError("this is no feed: JSON, but no JSON Feed")
    home = _text(data.get("home_page_url"))
    entries = [one for one in data["items"] if isinstance(one, dict)]
    return Feed(
        title=line_of(_text(data.get("title"))),
        lang=_text(data.get("language")),
        base=address_of(home, url) or url,
        entries=[_entry(one, address_of(home, url) or url) for one in entries[:MOST_ITEMS]],
        total=len(entries),
    )


def _entry(data: dict[str, Any], base: str) -> Entry:
    """One item."""
    texts = [
        text_of(_text(data.get("content_html"))),
        tidy(_text(data.get("content_text"))),
        tidy(_text(data.get("summary"))),
    ]
    return Entry(
        id=_text(data.get("id")),
        title=line_of(_text(data.get("title"))),
        texts=[text for text in texts if text],
        link=first_of(address_of(_text(data.get(name)), base) for name in ("url", "external_url", "id")),
        dates=[text for name in ("date_published", "date_modified") if (text := _text(data.get(name)))],
        lang=_text(data.get("language")),
    )


def _text(value: object) -> str:
    """A string as it is, a number in digits, anything else as nothing."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == value // 1 and abs(value) < 1e15 else str(value)
    return str(value)[:1_000_000] if isinstance(value, str | int) else ""
