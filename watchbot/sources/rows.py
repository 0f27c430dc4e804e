"""Rows of news to items: JSON in the shapes that programs write, JSON Lines, and what tables (table.py) hold.

JSON: a list, or an object that holds one somewhere -> an object = one item by the names of its keys (columns.py)
JSON Lines: an object a line; a line that is none is named and the rest goes on
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.sources import columns as of
from watchbot.sources.entries import LONGEST_BODY, LONGEST_ID, LONGEST_TITLE, address_of, text_of, title_of
from watchbot.sources.moments import moment_of, with_clock
from watchbot.text.lines import clean, columns, ends_sentence
from watchbot.text.segment import block_id

MOST_ROWS = 5000
MOST_NAMED = 20
_LISTS = """items articles news entries posts stories results data docs records rows list hits children response feed
value content result payload"""
_WRAPPERS = ("_source", "article", "node", "attributes", "fields", "data", "item", "story", "post", "doc")
_INNER = ("rendered", "value", "text", "#text", "_", "content", "html", "name", "href", "url")
_LIST_KEY = re.compile(r"\"[^\"\\]{1,60}\"\s*:\s*\[")
_SPACE = re.compile(r"[\s,]*")
_DEEPEST = 4
_LINE_ENDINGS = (".jsonl", ".ndjson")


@dataclass(slots=True)
class Row:
    """What one row says, before it is an item. `about` are other columns that name companies, `raw` keeps the id."""

    line: int
    title: str = ""
    bodies: list[str] = field(default_factory=list)
    url: str = ""
    date: str = ""
    clock: str = ""
    id: str = ""
    lang: str = ""
    source: str = ""
    about: list[str] = field(default_factory=list)
    raw: bool = False


def rows_cut(rows: list[Row], document: RawDocument, skipped: list[str]) -> CutDocument:
    """The items of rows. Raises InputError where no row holds any text."""
    items: dict[str, Item] = {}
    empty = twice = long = 0
    for row in rows[:MOST_ROWS]:
        item = _item(row, document)
        if item is None:
            empty += 1
            continue
        twice += item.id in items
        long += len(item.body) == LONGEST_BODY
        items.setdefault(item.id, item)
    if not items:
        why = f" ({skipped[0]})" if skipped else ""
        raise InputError(f"{document.name or 'the file'} holds no rows with a headline or a text{why}")
    told = [(empty, "rows without any text"), (twice, "rows stand there twice")]
    told += [
        (len(rows) - MOST_ROWS, f"rows after the first {MOST_ROWS}"),
        (long, f"texts cut after {LONGEST_BODY} characters"),
    ]
    return CutDocument(tuple(items.values()), "", 0.0, (*skipped, *(f"{n} {what}" for n, what in told if n > 0)))


def _item(row: Row, document: RawDocument) -> Item | None:
    """One row as an item, None where it holds nothing to read."""
    title = title_of(row.title)[:LONGEST_TITLE]
    body = max((text_of(text) for text in row.bodies), key=len, default="").strip()
    if body == title:
        body = ""
    if not any(mark.isalpha() for mark in title + body):
        return None
    about = [text for text in map(title_of, row.about) if text.rpartition(": ")[2] not in f"{title}\n{body}"]
    body = "\n".join(part for part in (body, *about) if part)[:LONGEST_BODY]
    own = clean(row.id).strip()[:LONGEST_ID]
    # A bare number is the row's place in some table; in the next file the same number is another piece of news.
    lasting = own and (row.raw or (len(own) >= 8 and not own.isdigit()))
    day = with_clock(row.date, row.clock) if row.date else row.clock
    return Item(
        id=own if lasting else block_id(f"{row.url}\n{title}\n{body}"),
        title=title,
        body=body,
        url=address_of(row.url.strip(), document.url),
        published=moment_of(day, document.fetched_at),
        source=title_of(row.source)[:100] or document.source,
        lang=row.lang.strip()[:35],
        document=document.name,
        line=row.line,
    )


def json_feed(text: str) -> bool:
    """Whether a JSON document says that it is a JSON Feed."""
    if "jsonfeed.org" not in text:
        return False
    try:
        data = json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and "jsonfeed.org" in str(data.get("version", ""))


def read_json_rows(document: RawDocument, text: str) -> CutDocument:
    """The items of a JSON or JSON Lines file."""
    text = text.lstrip("\ufeff")
    skipped: list[str] = []
    try:
        rows = list(_whole(json.loads(text, strict=False), text, document.name.lower().endswith(_LINE_ENDINGS)))
    except (ValueError, RecursionError) as error:
        rows = list(_lines(text, skipped)) or list(_salvaged(text, skipped))
        if not rows:
            where = f" (line {error.lineno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
            raise InputError(f"{document.name} is no JSON that can be read{where}") from None
    return rows_cut(rows, document, skipped)


def _whole(data: Any, text: str, raw: bool) -> Iterator[Row]:
    """The rows of a document that is JSON from end to end; `raw` says that it may be JSON Lines of one line."""
    values = data if isinstance(data, list) else _list_in(data, _DEEPEST)
    if values is None:
        if isinstance(data, dict):
            yield _row(data, 1, raw)
        return
    lines = _places(text, values)
    for place, value in enumerate(values):
        yield _row(value, lines[place] if lines else 0)


def _list_in(data: Any, depth: int) -> list[Any] | None:
    """The list of news inside an object: under a usual name, else the only list of objects there is."""
    if not isinstance(data, dict) or not depth:
        return None
    for name in _LISTS.split():
        value = data.get(name)
        if isinstance(value, list) and value and isinstance(value[0], dict | str):
            return value
        if isinstance(value, dict) and (found := _list_in(value, depth - 1)):
            return found
    if any(of.role_of(name) in (of.TITLE, of.BODY) and isinstance(value, str) for name, value in data.items()):
        return None
    lists = [value for value in data.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    return lists[0] if len(lists) == 1 else None


def _places(text: str, values: list[Any]) -> list[int]:
    """The line of each value in the document; empty where the list was not found again."""
    starts = [0] if text.lstrip().startswith("[") else [found.end() - 1 for found in _LIST_KEY.finditer(text)]
    for start in starts[:50]:
        found = list(_walked(text, text.index("[", start), len(values)))
        if [value for value, _line in found] == values:
            return [line for _value, line in found]
    return []


def _walked(text: str, start: int, most: int) -> Iterator[tuple[Any, int]]:
    """The values of the list that begins at `start`, each with its line, as far as it is JSON."""
    decoder = json.JSONDecoder(strict=False)
    line, counted, position = 1, 0, start + 1
    for _number in range(most):
        found = _SPACE.match(text, position)
        position = found.end() if found else position
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        line += text.count("\n", counted, position)
        counted = position
        yield value, line
        position = end


def _salvaged(text: str, skipped: list[str]) -> Iterator[Row]:
    """The rows of a list that breaks off."""
    start = text.find("[")
    line = 0
    for value, line in _walked(text, start, MOST_ROWS) if start >= 0 else ():
        yield _row(value, line)
    if line:
        skipped.append(f"what follows the entry of line {line} is no JSON")


def _lines(text: str, skipped: list[str]) -> Iterator[Row]:
    """The rows of JSON Lines. Nothing where not one line is an object."""
    good: list[Row] = []
    bad: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, strict=False)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and len(good) <= MOST_ROWS:
            good.append(_row(value, number, raw=True))
        elif not isinstance(value, dict):
            bad.append(number)
    if good:
        skipped.extend(f"line {number} is no JSON object" for number in bad[:MOST_NAMED])
        if len(bad) > MOST_NAMED:
            skipped.append(f"{len(bad) - MOST_NAMED} more lines are no JSON objects")
        yield from good


def _row(value: Any, line: int, raw: bool = False) -> Row:
    """One JSON value as a row: an object by its keys, a text as it is."""
    if isinstance(value, str):
        short = columns(value) <= 160 and not ends_sentence(value)
        return Row(line, title=value) if short else Row(line, bodies=[value])
    if not isinstance(value, dict):
        return Row(line)
    value = _unwrapped(value)
    row = Row(line, raw=raw)
    for name in sorted(map(str, value), key=of.rank_of):
        role, text = of.role_of(name), _text(value.get(name))
        if not text:
            continue
        if role == of.BODY:
            row.bodies.append(text)
        elif role == of.ABOUT:
            row.about.append(f"{name}: {text}")
        elif role and not getattr(row, role):
            setattr(row, role, text)
    return row


def _unwrapped(value: dict[str, Any]) -> dict[str, Any]:
    """The object inside an object that says nothing itself."""
    if any(of.role_of(str(name)) in (of.TITLE, of.BODY) and _text(inner) for name, inner in value.items()):
        return value
    return next((inner for name in _WRAPPERS if isinstance(inner := value.get(name), dict)), value)


def _text(value: Any, depth: int = 3) -> str:
    """A value as text: strings, numbers, and the text inside small objects and lists."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict) and depth:
        return next((text for name in _INNER if (text := _text(value.get(name), depth - 1))), "")
    if isinstance(value, list) and depth:
        texts = [text for one in value[:200] if (text := _text(one, depth - 1))]
        return ("\n" if any(len(text) > 60 for text in texts) else ", ").join(texts)
    return ""
