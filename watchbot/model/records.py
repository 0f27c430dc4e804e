"""Rows that the store hands out: what the pipeline and the commands read and write."""

from dataclasses import dataclass
from datetime import datetime

from watchbot.model.alert import Card
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.watch import Watch


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as configured. `kind` is feed or folder; `every` seconds or None for a rhythm of its own.

    `chat` is "" for everyone's source, else the chat key that alone is served by it.
    """

    name: str
    kind: str
    address: str
    every: float | None = None
    max_age: float | None = 172800.0
    chat: str = ""
    title_from_feed: bool = False


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A stored source. Validators are opaque bytes as received, None where the server gave none.

    `checked_at` is the last poll, `ok_at` the last one with success, `failures` those in a row since then,
    `error` the last one in words ("" while well), `failing_since` when the outage began.
    """

    id: int
    spec: SourceSpec
    next_at: datetime
    baseline_done: bool
    etag: bytes | None = None
    last_modified: bytes | None = None
    body_hash: str = ""
    checked_at: datetime | None = None
    ok_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a successful poll leaves behind, committed together with its items."""

    now: datetime
    next_at: datetime
    etag: bytes | None = None
    last_modified: bytes | None = None
    body_hash: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with its row id, the id of its first source, when it was first seen and its story if it has one."""

    id: int
    source_id: int
    item: Item
    seen_at: datetime
    baseline: bool
    story: int | None = None


@dataclass(frozen=True, slots=True)
class ItemSource:
    """One source that carried an item, in order of arrival."""

    source_id: int
    name: str
    url: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A decided alert. `round` is 0 for the first one of a story in a chat."""

    id: int
    chat: str
    story: int
    round: int
    item: int
    reason: Reason
    card: Card
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Why an item that matched was, or was not, told to a chat."""

    chat: str
    item: int
    watchlist: str
    watch: str
    reason: Reason
    at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """What a person said about two items (title, body, url, source each): `same` event or not."""

    one: dict[str, str]
    other: dict[str, str]
    same: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ChatWatch:
    """A watch made in a chat."""

    chat: str
    watch: Watch
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do something alone until `seconds` after it was taken. `term` grows with every new holder."""

    name: str
    holder: str
    term: int
    seconds: float
