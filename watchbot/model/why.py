"""Why an alert came, and why something did not: the facts for one chat, as pipeline/whying.py finds them."""

from dataclasses import dataclass
from datetime import datetime

from watchbot.model.item import Item
from watchbot.model.match import Match, NearMiss
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, ItemSource


@dataclass(frozen=True, slots=True)
class Fate:
    """Where an alert is. `out`: it was told, at `at`; else it waits until then. `how`: alert (as a message of its own),
    or what it is or was kept for: digest, quiet, cap, mute; others: as part of another message."""

    how: str
    at: datetime
    out: bool


@dataclass(frozen=True, slots=True)
class Fired:
    """A watch that an item fires in this chat: `locked` where it stands in a file; `key` is its watchlist's there,
    `watchlist` that one's name or ""."""

    label: str
    key: str
    watchlist: str
    locked: bool
    match: Match


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a story, as this chat may see it. `number` is its place from 1; `verdict`, `score`, `threshold`,
    `because` and `terms` say why it stands there ("" and () for the one that opened it)."""

    number: int
    item: int
    headline: str
    source: str
    url: str
    at: datetime
    verdict: str = ""
    score: float = 0.0
    threshold: float = 0.0
    because: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyAlert:
    """All that is known of why an alert came. `item` is None where its text is gone (retention), `sent` where it is
    no message of its own yet; `fate`: where it is, None while it is on its way; `later`: the follow-ups that were no
    message of their own here."""

    alert: AlertRow
    item: Item | None
    seen: datetime | None
    sent: datetime | None
    fired: tuple[Fired, ...]
    sources: tuple[ItemSource, ...]
    parts: tuple[Part, ...]
    later: tuple[Part, ...]
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A stored decision about a known item in this chat."""

    label: str
    reason: Reason
    at: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A watch's term that stood there and yet did not fire, and the rule that stopped it."""

    label: str
    miss: NearMiss


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a text or a link did not come. `link` is "" for a text; `seen` None where nothing brought it.

    `decided` are stored decisions, `told` the chat's alert of its story and `fate` where that is. `fired` is what
    matches now, `missed` what nearly does, `now` what would become of it. `would` names the sources of the link's site.
    """

    title: str
    link: str = ""
    source: str = ""
    seen: datetime | None = None
    decided: tuple[Decided, ...] = ()
    told: AlertRow | None = None
    fate: Fate | None = None
    fired: tuple[Fired, ...] = ()
    missed: tuple[Missed, ...] = ()
    now: Reason | None = None
    would: tuple[str, ...] = ()
