"""What the daemon and its worker process say to each other: frames of JSON, never pickles.

The worker reads what strangers wrote; should one of them ever take it over, its answers are still only data.
"""

import json
from datetime import datetime
from typing import Any, BinaryIO

from watchbot.model.errors import InputError, RefusedFile
from watchbot.model.item import CutDocument, Item, RawDocument

LENGTH_BYTES = 8
READY = b"ready"
# The first byte of an answer: whether the worker goes on, or ends itself because it has read enough.
MORE, LAST = b"+", b"!"
LARGEST = 256 * 1024 * 1024


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


def asked(document: RawDocument) -> bytes:
    """A document as the two frames of a question."""
    head = [document.source, document.media_type, document.fetched_at.isoformat(), document.url, document.name]
    return framed(json.dumps(head).encode("ascii")) + framed(document.body)


def question(head: bytes, body: bytes) -> RawDocument:
    """The document of a question."""
    source, media_type, fetched_at, url, name = json.loads(head)
    return RawDocument(source, body, media_type, datetime.fromisoformat(fetched_at), url, name)


def answered(result: CutDocument | InputError) -> bytes:
    """An answer. What JSON cannot hold (lone surrogates) is replaced before."""
    if isinstance(result, InputError):
        data: Any = {"error": str(result), "refused": isinstance(result, RefusedFile)}
    else:
        items = [_item_list(item) for item in result.items]
        data = {"items": items, "title": result.title, "ttl": result.ttl, "skipped": result.skipped}
    return json.dumps(data).encode("ascii")


def answer(data: bytes) -> CutDocument:
    """The result in an answer. Raises the InputError it holds, and ValueError for a frame that is no answer."""
    try:
        found = json.loads(data)
        if "error" in found:
            raise (RefusedFile if found["refused"] else InputError)(str(found["error"]))
        items = tuple(_item(*one) for one in found["items"])
        return CutDocument(items, str(found["title"]), float(found["ttl"]), tuple(map(str, found["skipped"])))
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _item_list(item: Item) -> list[str | int | None]:
    """An item in the order of its fields."""
    published = item.published.isoformat() if item.published else None
    return [item.id, item.title, item.body, item.url, published, item.source, item.lang, item.document, item.line]


def _item(
    id: str, title: str, body: str, url: str, published: str | None, source: str, lang: str, document: str, line: int
) -> Item:
    """The item of such a list."""
    moment = datetime.fromisoformat(published) if published else None
    return Item(str(id), str(title), str(body), str(url), moment, str(source), str(lang), str(document), int(line))
