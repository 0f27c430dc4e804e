"""What the daemon and its worker process say to each other: frames of JSON lines, never pickles.

The worker reads what strangers wrote; should one of them ever take it over, its answers are still only data.
An answer is one line for the document and one for each handful of items, so that nobody has to read a large one in one
go.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO

from watchbot.model.errors import InputError, RefusedFile
from watchbot.model.item import CutDocument, Item, RawDocument

LENGTH_BYTES = 8
READY = b"ready"
# The first byte of an answer: whether the worker goes on, or ends itself because it has read enough.
MORE, LAST = b"+", b"!"
LARGEST = 128 * 1024 * 1024
PIECE = 256 * 1024
HANDFUL = 64 * 1024
_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def framed(data: bytes) -> bytes:
    """The bytes behind their length."""
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame of a blocking stream, None at its end."""
    length = stream.read(LENGTH_BYTES)
    if len(length) < LENGTH_BYTES:
        return None
    size = int.from_bytes(length, "big")
    data = stream.read(size)
    return data if len(data) == size else None


def asked(document: RawDocument) -> Iterator[bytes | memoryview]:
    """A document as the two frames of a question, in pieces that a pipe takes without a copy of the whole."""
    head = [
        document.source,
        document.media_type,
        document.fetched_at.isoformat(),
        document.url,
        document.name,
        document.known.hex(),
    ]
    body = document.body
    start = framed(json.dumps(head).encode("ascii")) + len(body).to_bytes(LENGTH_BYTES, "big")
    if len(body) <= PIECE:
        yield start + body
        return
    yield start
    view = memoryview(body)
    for position in range(0, len(body), PIECE):
        yield view[position : position + PIECE]


def question(head: bytes, body: bytes) -> RawDocument:
    """The document of a question."""
    source, media_type, fetched_at, url, name, known = json.loads(head)
    return RawDocument(source, body, media_type, datetime.fromisoformat(fetched_at), url, name, bytes.fromhex(known))


def answered(result: CutDocument | InputError) -> bytes:
    """An answer. What UTF-8 cannot hold (lone surrogates) is replaced."""
    if isinstance(result, InputError):
        lines = [_WRITE({"error": str(result), "refused": isinstance(result, RefusedFile)})]
    else:
        head = {"title": result.title, "ttl": result.ttl, "skipped": result.skipped}
        head |= {"hours": sorted(result.skip_hours), "days": sorted(result.skip_days)}
        head |= {"same": result.same, "marks": result.marks.hex()}
        lines = [_WRITE(head), *map(_WRITE, _handfuls(result.items))]
    return "\n".join(lines).encode("utf-8", "replace")


def answer(data: bytes) -> CutDocument:
    """The result in an answer. Raises the InputError it holds, and ValueError for a frame that is no answer."""
    head, *lines = data.split(b"\n")
    try:
        found = json.loads(head)
        if "error" in found:
            raise (RefusedFile if found["refused"] else InputError)(str(found["error"]))
        items = tuple([_item(*one) for line in lines for one in json.loads(line)])
        hours, days = (frozenset(map(int, found[name])) for name in ("hours", "days"))
        skipped = tuple(map(str, found["skipped"]))
        same, marks = int(found["same"]), bytes.fromhex(found["marks"])
        return CutDocument(items, str(found["title"]), float(found["ttl"]), skipped, hours, days, same, marks)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _handfuls(items: Iterable[Item]) -> Iterator[list[list[str | int | None]]]:
    """The items, as many at a time as make a line of sensible length."""
    handful: list[list[str | int | None]] = []
    size = 0
    for item in items:
        handful.append(_item_list(item))
        size += len(item.body) + len(item.title) + 200
        if size > HANDFUL:
            yield handful
            handful, size = [], 0
    if handful:
        yield handful


def _item_list(item: Item) -> list[str | int | None]:
    """An item in the order of its fields."""
    published = item.published.isoformat() if item.published else None
    return [item.id, item.title, item.body, item.url, published, item.source, item.lang, item.document, item.line]


def _item(
    id: Any, title: Any, body: Any, url: Any, published: Any, source: Any, lang: Any, document: Any, line: Any
) -> Item:
    """The item of such a list."""
    moment = datetime.fromisoformat(published) if published else None
    return Item(str(id), str(title), str(body), str(url), moment, str(source), str(lang), str(document), int(line))
