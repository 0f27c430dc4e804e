"""Rows that the store hands out: what the pipeline and the commands read and write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watchbot.model.alert import Card
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.watch import Watch


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as configured. `kind` is feed or folder; `every` seconds or None for a rhythm of its own.

    `chat` is "" for everyone's source, else the chat key that alone is served by it. `family` is the name of the
    search or OPML file it came from, `folder` its folder in an OPML file, "" for none. `added`: by a command, not by
    the configuration.
    """

    name: str
    kind: str
    address: str
    every: float | None = None
    max_age: float | None = 172800.0
    chat: str = ""
    title_from_feed: bool = False
    family: str = ""
    folder: str = ""
    added: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether watchbot looks for news there: not for what people send."""
        return self.kind in ("feed", "folder")

    def serves(self, chat: str) -> bool:
        """Whether this chat may hear of it: everyone's sources, and its own."""
        return self.chat in ("", chat)

    @property
    def shown(self) -> str:
        """What alerts call it. A feed of a search names a company, which may be watched in another chat: the search's
        own name is shown."""
        return self.family if self.family and self.name.startswith(f"{self.family}: ") else self.name


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A stored source. Validators are opaque bytes as received, None where the server gave none.

    `checked_at` is the last poll, `ok_at` the last one with success, `failures` those in a row since then,
    `error` the last one in words ("" while well), `failing_since` when the outage began. `location` is where a
    permanent redirect led for good, `moved_to` where one leads that was seen `moved_times` times in a row. `gone`: it
    said that it is gone for good and is not asked any more. `ttl`, `skip_hours` and `skip_days` are the feed's own
    wishes; `gap` the median of seconds between its items, None where not known yet; `newest_at` when its newest item
    came; `marks` those of the entries it brought last, `dates` their newest in seconds since 1970. What was told of it
    is in `outage_since` (of the outage that was told), `moved_told`, `gone_told`, `quiet_told`.
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
    location: str = ""
    moved_to: str = ""
    moved_times: int = 0
    gone: bool = False
    ttl: float = 0.0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    gap: float | None = None
    newest_at: datetime | None = None
    outage_since: datetime | None = None
    moved_told: bool = False
    gone_told: bool = False
    quiet_told: bool = False
    marks: bytes = b""
    dates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What a feed document says of the feed: its title and wishes, the median gap of its items (None: not to be seen
    from it), when its newest item came out, the marks of its entries and the newest of their dates."""

    title: str = ""
    ttl: float = 0.0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    gap: float | None = None
    newest_at: datetime | None = None
    marks: bytes = b""
    dates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a successful poll leaves behind, committed together with its items. Without a document no `facts`."""

    now: datetime
    next_at: datetime
    etag: bytes | None = None
    last_modified: bytes | None = None
    body_hash: str = ""
    facts: FeedFacts | None = None
    location: str = ""
    moved_to: str = ""
    moved_times: int = 0


@dataclass(frozen=True, slots=True)
class PollFailure:
    """What a failed poll leaves behind. `gone`: it is not to be asked again. `location` is where it is asked next;
    `found`: that is the feed of the web page whose address was given, which is no move to be told of."""

    now: datetime
    next_at: datetime
    error: str
    gone: bool = False
    location: str = ""
    found: bool = False


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
class NewItem:
    """An item to be stored under a reserved row id."""

    id: int
    item: Item
    source_id: int
    keys: tuple[str, ...]
    seen_at: datetime
    baseline: bool


@dataclass(frozen=True, slots=True)
class ItemSource:
    """One source that carried an item, in order of arrival. `chat` is "" or the chat whose own source it is."""

    source_id: int
    name: str
    url: str
    title: str
    at: datetime
    chat: str = ""

    def serves(self, chat: str) -> bool:
        """Whether this chat may hear of it: everyone's sources, and its own."""
        return self.chat in ("", chat)


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
class WatchRhythm:
    """How often a watch fired lately. `told_at`: the last time it fired when its silence was told, None for never."""

    watchlist: str
    watch: str
    fired: int
    first_at: datetime
    last_at: datetime
    told_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class Mute:
    """Silence in one chat. `kind` is watch, list, source, story or all; `target` its key: "watchlist key/watch id", a
    watchlist's key, a source's shown name, a story id, "". `label` is what people call it; `until` None = until
    unmuted. `user` muted it."""

    id: int
    chat: str
    kind: str
    target: str
    label: str
    until: datetime | None
    at: datetime
    user: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """What one chat wants of a watch that stands in a file: `kind` is off, exclude, context, deliver, mentions,
    updates, priority or level; `value` a word of it ("" for off). A kind that takes several words has a row each.

    `source` is about no watch ("" and ""): what the source of this shown name brings comes in the digest only."""

    chat: str
    watchlist: str
    watch: str
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """A chat that switched on a watchlist of a file; `watchlist` is its name."""

    chat: str
    watchlist: str
    user: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NewChore:
    """Work that a message asked for and that takes long (asking the web): done after the message was confirmed, once,
    whatever dies. `reply` is the delivery that said "one moment", to be changed into the result; None for none."""

    kind: str
    chat: str
    user: int
    payload: Mapping[str, Any]
    reply: int | None = None


@dataclass(frozen=True, slots=True)
class Chore:
    """A stored chore. `attempts` counts tries begun, this one included."""

    id: int
    asked: NewChore
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """What is known of a chat by itself: `kind` is private, group, supergroup or channel; `moved_to` its new key."""

    chat: str
    kind: str = ""
    title: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in."""

    user: int
    role: str
    since: datetime
    name: str = ""
