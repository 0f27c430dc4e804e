"""Hostile JSON feeds, and feeds that are hostile only over several polls."""

import json
from itertools import count

from tests.hostile.case import GOOD_TITLE, Document, item, rss

MB = 1024 * 1024
JSON = "application/feed+json"
VERSION = '"version": "https://jsonfeed.org/version/1.1", "title": "Wire"'
GOOD_ROW = json.dumps({"id": "good-1", "title": GOOD_TITLE, "url": "https://news.example/good-1"})
_TURN = count()


def feed(*rows: str, more: str = "") -> bytes:
    """A JSON feed with the good item and these."""
    return f'{{{VERSION}, {more} "items": [{", ".join([GOOD_ROW, *rows])}]}}'.encode()


def row(**fields: object) -> str:
    """An item."""
    return json.dumps({"id": "x", "title": "x"} | fields)


def screens() -> bytes:
    """Every field drives a screen."""
    marks = "\x1b]8;;http://x.example\x07click\x1b]8;;\x07\x9b31m\u202e\x00\n\r\u2028INFO ready"
    return feed(
        *(
            row(**({"id": f"s{n}"} | {name: f"Foxconn {n} {marks}"}))
            for n, name in enumerate(
                ["title", "content_text", "content_html", "summary", "url", "id", "date_published", "language"]
            )
        )
    )


def new_ids() -> bytes:
    """The same stories under new ids at every poll."""
    turn = next(_TURN)
    entries = [item(title=b"Harvest report %d" % n, id=b"turn-%d-%d" % (turn, n)) for n in range(30)]
    return rss(*entries)


def growing() -> bytes:
    """A thousand new entries at every poll."""
    turn = next(_TURN)
    return rss(*(item(title=b"Notice %d of turn %d" % (n, turn), id=b"g%d-%d" % (turn, n)) for n in range(1000)))


JSONS = (
    Document(
        "JSON nested in lists",
        "depth",
        lambda: b"[" * 100_000 + b"]" * 100_000,
        "begins like JSON but is not",
        media_type=JSON,
    ),
    Document(
        "JSON nested in objects",
        "depth",
        lambda: b'{"items":' * 100_000 + b"1" + b"}" * 100_000,
        "begins like JSON but is not",
        media_type=JSON,
    ),
    Document(
        "JSON nested below an item",
        "depth",
        lambda: feed('{"id": ' + "[" * 60_000 + "]" * 60_000 + "}"),
        "begins like JSON but is not",
        media_type=JSON,
    ),
    Document(
        "a number of a million digits",
        "time",
        lambda: feed('{"id": ' + "9" * MB + "}"),
        "begins like JSON but is not",
        media_type=JSON,
    ),
    Document(
        "a number of four thousand digits",
        "time",
        lambda: feed('{"title": "x", "id": ' + "9" * 4000 + "}"),
        media_type=JSON,
    ),
    Document(
        "numbers that are none",
        "types",
        lambda: feed('{"id": NaN, "title": -Infinity, "date_published": 1e999}'),
        media_type=JSON,
    ),
    Document("a million items", "numbers", lambda: feed(*["{}"] * 900_000), "far too many brackets", media_type=JSON),
    Document(
        "eighty thousand full items",
        "numbers",
        lambda: feed(*(row(id=n, title=f"No {n}") for n in range(80_000))),
        media_type=JSON,
    ),
    Document("a string of nine megabytes", "memory", lambda: feed(row(content_text="x" * 9 * MB)), media_type=JSON),
    Document(
        "nine megabytes of escapes",
        "memory",
        lambda: feed('{"title": "' + "\\u0041" * 1_500_000 + '"}'),
        media_type=JSON,
    ),
    Document(
        "lone surrogates",
        "encodings",
        lambda: feed('{"id": "\\ud800", "title": "Taipower \\ud83d \\udc00 \\udfff rates"}'),
        media_type=JSON,
    ),
    Document("screens in JSON", "the terminal", screens, media_type=JSON),
    Document(
        "fields of the wrong kind",
        "types",
        lambda: feed(
            *(
                row(**{name: value})
                for name in ("id", "title", "url", "content_html", "date_published", "language")
                for value in ([1], {"a": 1}, None, True, -1, 1e300, "", [[]])
            )
        ),
        media_type=JSON,
    ),
    Document(
        "items that are no objects", "types", lambda: feed("1", "null", "[]", '"x"', "true", "{}"), media_type=JSON
    ),
    Document(
        "items that are no list",
        "types",
        lambda: f'{{{VERSION}, "items": {{"0": {GOOD_ROW}}}}}'.encode(),
        "no feed",
        JSON,
    ),
    Document(
        "a key a hundred thousand times", "types", lambda: feed(more='"title": "again", ' * 100_000), media_type=JSON
    ),
    Document(
        "a key for everything",
        "memory",
        lambda: feed(more="".join(f'"k{n}": {n}, ' for n in range(400_000))),
        media_type=JSON,
    ),
    Document(
        "JSON that never ends",
        "time",
        lambda: feed()[:-2] + b', {"title": "' + b"\\" * 4 * MB,
        "begins like JSON but is not",
        media_type=JSON,
    ),
    Document(
        "the keys of Python's own objects",
        "types",
        lambda: feed('{"__class__": "x", "__proto__": {"a": 1}, "constructor": 1, "title": "{0.__class__}"}'),
        media_type=JSON,
    ),
    Document("HTML nested in JSON", "HTML", lambda: feed(row(content_html="<div>" * 100_000)), media_type=JSON),
    Document(
        "dates of no time",
        "dates",
        lambda: feed(
            *(
                row(id=f"d{n}", title=f"Day {n}", date_published=one)
                for n, one in enumerate(["99999-01-01", -1, 1e30, "9" * 119, "(((((", "0001-01-01T00:00:00+23:59"])
            )
        ),
        media_type=JSON,
    ),
    Document("new ids at every poll", "ids", new_ids, ""),
    Document("a thousand new entries at every poll", "numbers", growing, ""),
)
