"""What comes in: a raw document and the items cut from it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawDocument:
    """Bytes as fetched or dropped. `source` is the source's name; `name` the file name, `url` the final address.
    `known` are the marks of the entries that this feed brought before."""

    source: str
    body: bytes
    media_type: str
    fetched_at: datetime
    url: str = ""
    name: str = ""
    known: bytes = b""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news (Atom: entry), plain text as a reader would see it.

    `id` is the feed's own id where it has one, else a hash; `published` is aware or None; `document` names the
    dropped file and `line` (from 1) the place in it, "" and 0 for feeds. `lang` is the feed's own claim or "".
    """

    id: str
    title: str
    body: str
    url: str = ""
    published: datetime | None = None
    source: str = ""
    lang: str = ""
    document: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class CutDocument:
    """What one document became: the items in document order, and what the feed says of itself.

    `ttl` is the feed's own wish for the polling interval in seconds, 0 for none. `skipped` tells in words what was
    left out and why (an item over the cap, an entry without any text). In `skip_hours` (UTC) and `skip_days`
    (0 = Monday) it does not want to be asked. `same` entries were left out because the feed brought them before;
    `marks` are those of all its entries.
    """

    items: tuple[Item, ...]
    title: str = ""
    ttl: float = 0.0
    skipped: tuple[str, ...] = ()
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    same: int = 0
    marks: bytes = b""
