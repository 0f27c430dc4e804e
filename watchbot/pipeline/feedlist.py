"""Use cases behind `watchbot sources`: find, add, remove, import and export feeds. No network here.

a feed that was found -> add; outlines of an OPML file -> import_feeds; stored sources -> exported
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from watchbot.model.errors import UsageError
from watchbot.model.outline import Outline
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.settings import Settings
from watchbot.pipeline.subscriptions import Access, free_name
from watchbot.ports.store import Store
from watchbot.text.nearest import nearest
from watchbot.text.secrets import without_secrets

BATCH = 100
_MARK = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of feeds. `refused` in words, one each."""

    added: int
    there: int
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """The feeds for a list, and how many were left out because of a password or key, or because a search made them."""

    outlines: tuple[Outline, ...]
    secret: int
    searched: int


def holds_secret(address: str) -> bool:
    """Whether an address holds what no database may keep."""
    return without_secrets(address) != address


def find(rows: Sequence[SourceRow], text: str) -> list[SourceRow]:
    """The sources that are called so, have this address, or came of the search or OPML file of this name."""
    kept = without_secrets(text)
    ways: tuple[Callable[[SourceRow], bool], ...] = (
        lambda row: text == row.spec.name,
        lambda row: row.spec.kind == "feed" and kept in (row.spec.address, row.location),
        lambda row: row.spec.family == text,
        lambda row: text.casefold() == row.spec.name.casefold(),
    )
    for has in ways:
        if found := [row for row in rows if has(row)]:
            return found
    return []


def known(rows: Sequence[SourceRow], specs: Iterable[SourceSpec], address: str) -> str:
    """The name under which an address is asked already, or will be at the next start; "" for a new one."""
    for row in rows:
        if address in (row.spec.address, row.location) and not row.spec.chat and not row.gone:
            return row.spec.name
    return next((spec.name for spec in specs if spec.address == address), "")


def unknown(rows: Sequence[SourceRow], text: str) -> UsageError:
    """What to say of a source that nobody knows."""
    near = nearest(text[:60], sorted({row.spec.name for row in rows}), 1)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    return UsageError(f"no source is called {text[:100]!r}{meant} (`watchbot sources list` shows all)")


def add(store: Store, spec: SourceSpec, now: datetime) -> tuple[SourceRow, bool]:
    """Add one feed; gives it, and whether it is new. A name that is taken is numbered."""
    with store.write() as tx:
        taken = {row.spec.name for row in tx.sources.active() if row.spec.address != spec.address}
        return tx.sources.add(_named(spec, taken), now)


def remove(store: Store, settings: Settings, text: str) -> SourceRow:
    """Take away a feed that a command added. One of the configuration is taken out where it stands."""
    with store.write() as tx:
        rows = tx.sources.active()
        found = [row for row in find(rows, text) if row.spec.added] or find(rows, text)
        if not found:
            raise unknown(rows, text)
        if not found[0].spec.added:
            raise UsageError(f"{found[0].spec.name} {_stands(settings, found[0].spec)}")
        if len(found) > 1:
            raise UsageError(f"{len(found)} sources are called {text!r}; name the one by its address")
        tx.sources.remove(found[0].id)
    return found[0]


def import_feeds(
    store: Store, outlines: Sequence[Outline], now: datetime, progress: Callable[[int], None] | None = None
) -> Imported:
    """Add the feeds of a list with their folders, a hundred a transaction, so that a daemon beside it goes on.

    `progress` is told how many were looked at so far.
    """
    fine = [outline for outline in outlines if not holds_secret(outline.xml_url)]
    refused = [
        f"{outline.title or without_secrets(outline.xml_url)}: its address holds a password or key"
        for outline in outlines
        if holds_secret(outline.xml_url)
    ]
    added = done = 0
    waiting = iter(fine)
    with store.read() as tx:
        taken = {row.spec.name for row in tx.sources.active()}
    while batch := list(islice(waiting, BATCH)):
        with store.write() as tx:
            for outline in batch:
                row, new = tx.sources.add(_named(_spec(outline), taken), now)
                added += new
                taken |= {row.spec.name} if new else set()
        done += len(batch)
        if progress:
            progress(done)
    return Imported(added, len(fine) - added, tuple(refused))


def exported(rows: Sequence[SourceRow], settings: Settings, secrets: Collection[str]) -> Exported:
    """Everyone's feeds for a list. `secrets` are the stored addresses of feeds whose whole address is a secret."""
    searches = {source.name for source in settings.sources if source.kind == "search"}
    feeds = [row for row in rows if row.spec.kind == "feed" and not row.spec.chat]
    own = [row for row in feeds if row.spec.family not in searches]
    open_ones = [row for row in own if row.spec.address not in secrets and not _is_struck(row.spec.address)]
    outlines = tuple(
        Outline("" if row.spec.name == row.spec.address else row.spec.name, _address(row), folder=row.spec.folder)
        for row in open_ones
    )
    return Exported(outlines, len(own) - len(open_ones), len(feeds) - len(own))


def masked(secrets: dict[str, Access]) -> set[str]:
    """The stored addresses behind which a whole one with a password or key is asked."""
    return {address for address, access in secrets.items() if access.url != address}


def _spec(outline: Outline) -> SourceSpec:
    """A feed of a list as a source."""
    return SourceSpec(
        name=outline.title or outline.xml_url,
        kind="feed",
        address=outline.xml_url,
        title_from_feed=not outline.title,
        folder=outline.folder,
        added=True,
    )


def _named(spec: SourceSpec, taken: Collection[str]) -> SourceSpec:
    """The source with a name of its own."""
    return replace(spec, name=free_name(spec.name, taken))


def _stands(settings: Settings, spec: SourceSpec) -> str:
    """Where a configured source stands, and what to do there."""
    for source in settings.sources:
        if spec.family == source.name and source.kind in ("opml", "search"):
            what = f"the OPML file {source.address}" if source.kind == "opml" else f"the search {source.name}"
            return f"comes of {what} ({settings.path}:{source.line}); take it out there"
        if without_secrets(source.address) == spec.address or source.name == spec.name:
            return f"is configured in {settings.path}:{source.line}; take it out there"
    return f"is configured in {settings.path}; a running daemon still uses what it read from there"


def _address(row: SourceRow) -> str:
    """Where a feed is asked: where it moved for good, unless that holds a secret."""
    return row.location if row.location and not holds_secret(row.location) else row.spec.address


def _is_struck(address: str) -> bool:
    """Whether a stored address is what was left of one with a secret: its mark stands at the end."""
    parts = urlsplit(address)
    return _MARK.fullmatch(parts.fragment) is not None or "=***" in parts.query
