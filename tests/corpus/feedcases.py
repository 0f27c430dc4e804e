"""The cases of tests/corpus/feeds: what a file says, the bytes it stands for, and how many fields a reader got right.

A case is a header (`key: value` lines), `=====`, and the document. Keys: `what` it shows; `url` ("-" for none) and
`type` as fetched; `write` the encoding of the bytes (UTF-8 where left out), `bom: yes` a mark before them,
`escapes: yes` that \\xNN in the document is that byte; `alone` why feedparser finds another number of entries;
`title`, `lang`, `ttl`, `hours`, `days` of the feed; `count`, and one `item` in JSON for each. An item's `has` are
texts that its body contains, all other fields are compared whole. A feed that was read wrongly becomes one more file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser

from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.html import html_line, html_text

NOW = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)
FOLDER = Path(__file__).parent / "feeds"
_BOMS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\0\0"}
_HEX = re.compile(rb"\\x([0-9a-f]{2})")
_HOME = "https://site.example/feed.xml"


@dataclass
class Case:
    """One file."""

    name: str
    head: dict[str, str]
    items: list[dict[str, Any]]
    body: bytes

    @property
    def document(self) -> RawDocument:
        """The document as it would be fetched."""
        url = self.head.get("url", _HOME)
        return RawDocument("Wire", self.body, self.head.get("type", ""), NOW, url="" if url == "-" else url)


@dataclass
class Score:
    """How many fields are right, and those that are not, in words."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, expected: object, found: object) -> None:
        """Count one field."""
        if expected == found:
            self.right += 1
        else:
            self.wrong.append(f"{name}: {found!r} instead of {expected!r}")


def cases() -> list[Case]:
    """All cases in the order of their names."""
    return [_case(path) for path in sorted(FOLDER.glob("*.feed"))]


def _case(path: Path) -> Case:
    with path.open(encoding="utf-8", newline="") as file:
        header, _line, text = file.read().partition("=====\n")
    pairs = [line.partition(":")[::2] for line in header.splitlines()]
    head = {key: value.strip() for key, value in pairs if key != "item"}
    items = [json.loads(value) for key, value in pairs if key == "item"]
    encoding = head.get("write", "utf-8")
    body = (_BOMS[encoding] if "bom" in head else b"") + text.encode(encoding)
    if "escapes" in head:
        body = _HEX.sub(lambda found: bytes([int(found[1], 16)]), body)
    return Case(path.name.removesuffix(".feed"), head, items, body)


def score(case: Case, found: CutDocument) -> Score:
    """Our reading against what the case expects."""
    result = Score()
    result.add("count", int(case.head["count"]), len(found.items))
    result.add("title", case.head["title"], found.title)
    if "ttl" in case.head:
        result.add("ttl", float(case.head["ttl"]), found.ttl)
    for key, value in (("hours", found.skip_hours), ("days", found.skip_days)):
        if key in case.head:
            result.add(key, {int(number) for number in case.head[key].split()}, set(value))
    for number, expected in enumerate(case.items):
        item = found.items[number] if number < len(found.items) else None
        given = (
            {name: getattr(item, name) for name in ("id", "title", "url", "published", "body", "lang")} if item else {}
        )
        _score_item(result, f"item {number}", expected, given)
    return result


def _score_item(result: Score, where: str, expected: dict[str, Any], given: dict[str, Any]) -> None:
    for name, value in expected.items():
        if name == "has":
            body = " ".join((given.get("body") or "").split())
            for text in value:
                result.add(f"{where} body", True, text in body or (text, body)[1])
        elif name == "published":
            moment = datetime.fromisoformat(value) if value else None
            result.add(f"{where} {name}", moment, given.get(name, "no item"))
        else:
            result.add(f"{where} {name}", value, given.get(name))


def bare_feedparser(case: Case) -> tuple[Score, int]:
    """What feedparser alone makes of the same bytes, its HTML turned to text as ours is; and how many entries."""
    headers = {"content-location": case.document.url}
    if case.document.media_type:
        headers["content-type"] = case.document.media_type
    try:
        parsed = feedparser.parse(BytesIO(case.body), response_headers=headers)
    except Exception:  # it raises many kinds of error; each of them is a feed it did not read
        parsed = feedparser.FeedParserDict(feed={}, entries=[])
    result = Score()
    result.add("count", int(case.head["count"]), len(parsed.entries))
    result.add("title", case.head["title"], html_line(parsed.feed.get("title", "")))
    for number, expected in enumerate(case.items):
        entry = parsed.entries[number] if number < len(parsed.entries) else None
        given = dict(_plain(entry, parsed.feed)) if entry is not None else {}
        _score_item(result, f"item {number}", expected, given)
    return result, len(parsed.entries)


def _plain(entry: Any, feed: Any) -> Iterator[tuple[str, Any]]:
    yield "id", entry.get("id", "")
    yield "title", html_line(entry.get("title", ""))
    yield "url", entry.get("link", "")
    moment = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    yield "published", datetime(*moment[:5], min(moment[5], 59), tzinfo=UTC) if moment and moment[0] > 0 else None
    texts = [one.get("value", "") for one in entry.get("content", ())] + [entry.get("summary", "")]
    yield "body", max((html_text(text) for text in texts), key=len)
    detail = entry.get("title_detail") or {}
    yield "lang", detail.get("language") or entry.get("language") or feed.get("language", "")
