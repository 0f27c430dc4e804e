"""Feeds of a chat: what a found one would have brought, adding it for the chat or for everyone, removing, listing.

found feed -> what would have fired here -> add_feed -> a source of that chat alone (or everyone's) -> polled when due
stored sources -> heard: those that this chat may know of, and how each fares
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from watchbot.model.item import Item
from watchbot.model.outline import Outline
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.settings import Quotas, Settings
from watchbot.pipeline.access import CHIEFS
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.feedlist import holds_secret
from watchbot.pipeline.polling import is_quiet
from watchbot.pipeline.subscriptions import free_name
from watchbot.ports.store import Tx

MOST_IMPORTED = 1000


class Health(Enum):
    """How a source fares, in one word; the texts are in message/feeds.py."""

    NEW = "new"
    WELL = "well"
    FAILING = "failing"
    GONE = "gone"
    QUIET = "quiet"
    FOLDER = "folder"


class Became(Enum):
    """What became of the wish to add a feed."""

    ADDED = "added"
    THERE = "there"
    FULL = "full"
    KEYED = "keyed"


@dataclass(frozen=True, slots=True)
class Fired:
    """An item of a feed that is not added yet, and the watches of the chat that would have fired."""

    title: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Added:
    """One feed that somebody wished for. `name` is what it is called, `limit` how many a chat may have."""

    became: Became
    name: str
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of feeds: how many of it were added, were there, did not fit, or hold a secret."""

    added: int
    there: int
    full: int
    keyed: int
    limit: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A source as one chat sees it. A search is one, whatever it is asked: `feeds` counts what stands behind it, and
    `row` is the one that fares worst. `own`: it serves this chat only."""

    row: SourceRow
    name: str
    health: Health
    own: bool
    removable: bool
    feeds: int = 1


def would_fire(directory: Directory, chat: str, items: Iterable[Item], source: SourceSpec | None = None) -> list[Fired]:
    """What these items would have told the chat. Without a source, every watch of the chat hears them."""
    spec = source or SourceSpec("", "feed", "", chat=chat)
    found = []
    for item in items:
        labels = [
            directory.label(match.watchlist, match.watch)
            for match in directory.match(item)
            if chat in directory.targets_of(match.watchlist, match.watch)
            and directory.hears(directory.watchlist(match.watchlist), spec, match.watch)
        ]
        if labels:
            found.append(Fired(item.title or item.body, tuple(dict.fromkeys(labels))))
    return found


def add_feed(
    tx: Tx, settings: Settings, chat: str, role: str, feed: Outline, now: datetime, everyone: bool = False
) -> Added:
    """Add one feed for the chat, or with `everyone` (an admin's right) for all; then the chat's own one of the same
    address is let go."""
    wish = _Wishing(tx, settings, chat, role, everyone and role in CHIEFS, now)
    return wish.add(feed)


def import_list(tx: Tx, settings: Settings, chat: str, role: str, feeds: Sequence[Outline], now: datetime) -> Imported:
    """Add the feeds of a list for this chat, as many as it may have."""
    wish = _Wishing(tx, settings, chat, role, False, now)
    became = [wish.add(feed).became for feed in feeds[:MOST_IMPORTED]]
    return Imported(
        became.count(Became.ADDED),
        became.count(Became.THERE),
        became.count(Became.FULL) + len(feeds[MOST_IMPORTED:]),
        became.count(Became.KEYED),
        _limit(settings),
    )


def standing(tx: Tx, chat: str, address: str) -> SourceRow | None:
    """The feed of this address that the chat has already, its own or everyone's; None where it is gone, too."""
    rows = (row for row in tx.sources.active() if row.spec.kind == "feed" and row.spec.serves(chat) and not row.gone)
    return next((row for row in rows if address in (row.spec.address, row.location)), None)


class _Wishing:
    """Adding one feed or many: what is there is looked up once."""

    def __init__(self, tx: Tx, settings: Settings, chat: str, role: str, everyone: bool, now: datetime) -> None:
        """A chat knows everyone's sources and its own; another chat's must not show, not even by a taken name."""
        self._tx, self._now = tx, now
        self._chat = "" if everyone else chat
        rows = [row for row in tx.sources.active() if row.spec.serves(chat)]
        self._own = [row for row in rows if row.spec.chat == chat and row.spec.kind == "feed"]
        self._rows = [row for row in rows if row.spec.kind == "feed" and row.spec.serves(self._chat)]
        self._names = {row.spec.name for row in rows}
        self._limit = _limit(settings)
        self._room = MOST_IMPORTED if role in CHIEFS else self._limit - len(self._own)

    def add(self, feed: Outline) -> Added:
        """One feed; it is polled as soon as the daemon looks for what is due."""
        if holds_secret(feed.xml_url):
            return Added(Became.KEYED, feed.title)
        there = next((row for row in self._rows if feed.xml_url in (row.spec.address, row.location)), None)
        if there is not None and not there.gone:
            return Added(Became.THERE, there.spec.shown)
        if self._room <= 0:
            return Added(Became.FULL, feed.title or feed.xml_url, self._limit)
        before = [row for row in self._own if row.spec.address == feed.xml_url]
        freed = {row.spec.name for row in before}
        name = free_name(feed.title or feed.xml_url, self._names - freed)
        spec = SourceSpec(
            name, "feed", feed.xml_url, chat=self._chat, title_from_feed=not feed.title, folder=feed.folder, added=True
        )
        row, _new = self._tx.sources.add(spec, self._now)
        for own in before if not self._chat else ():
            self._tx.sources.remove(own.id)
        self._names.add(name)
        self._rows.append(replace(row, spec=spec))
        self._room -= 1
        return Added(Became.ADDED, name)


def remove_feed(tx: Tx, chat: str, role: str, source: int) -> SourceRow | None:
    """Switch a feed off that this chat, or an admin, added; None where it is not theirs to remove."""
    row = tx.sources.get(source)
    if row is None or not may_remove(row.spec, chat, role):
        return None
    tx.sources.remove(source)
    return row


def may_remove(spec: SourceSpec, chat: str, role: str) -> bool:
    """Whether people of this chat with this role may take a source away: their own, and an admin everyone's too,
    unless it stands in the configuration."""
    if spec.kind != "feed" or not spec.added or not spec.serves(chat):
        return False
    return bool(role) and (spec.chat == chat or role in CHIEFS)


def heard(tx: Tx, directory: Directory, chat: str, role: str, now: datetime) -> list[Heard]:
    """The sources that this chat hears, its own first, then by name. A chat without any watch hears all of
    everyone's."""
    lists = [one for one in directory.watchlists.values() if chat in directory.targets(one)]
    found: dict[tuple[str, str], Heard] = {}
    for row in tx.sources.active():
        spec = row.spec
        if not spec.serves(chat) or not spec.is_asked:
            continue
        if lists and not spec.chat and not any(directory.hears(one, spec) for one in lists):
            continue
        one = Heard(row, spec.shown, health(row, now), bool(spec.chat), may_remove(spec, chat, role))
        place = (spec.chat, spec.shown if spec.shown != spec.name else f"{spec.name}\n{row.id}")
        found[place] = _worse(found[place], one) if place in found else one
    return sorted(found.values(), key=lambda one: (not one.own, one.name.casefold(), one.row.id))


def health(row: SourceRow, now: datetime) -> Health:
    """How a source fares."""
    if row.spec.kind == "folder":
        return Health.FOLDER
    if row.gone:
        return Health.GONE
    if row.error:
        return Health.FAILING
    if row.ok_at is None:
        return Health.NEW
    return Health.QUIET if is_quiet(row, now) else Health.WELL


_BY_TROUBLE = (Health.WELL, Health.QUIET, Health.NEW, Health.FAILING, Health.GONE, Health.FOLDER)


def _worse(one: Heard, other: Heard) -> Heard:
    """Two feeds of one search as one source."""
    worse = max(one, other, key=lambda heard: _BY_TROUBLE.index(heard.health))
    return replace(worse, feeds=one.feeds + 1)


def _limit(settings: Settings) -> int:
    """How many feeds a chat may have."""
    return (settings.telegram.quotas if settings.telegram else Quotas()).feeds
