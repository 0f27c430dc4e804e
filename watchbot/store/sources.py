"""Feeds and folders: what is configured, added by a command, or sent to a chat."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from watchbot.model.records import SourceRow, SourceSpec
from watchbot.store.polls import FREE, SqlPolls, record
from watchbot.store.statements import lock_row
from watchbot.store.tables import sources

_FORGET = {"etag": None, "last_modified": None, "body_hash": "", "marks": None, "dates": ""}
_WELL_AGAIN = {"failures": 0, "failing_since": None, "error": ""}
_NOTHING_TOLD = {"outage_since": None, "moved_told": False, "gone_told": False, "quiet_told": False}


class SqlSources(SqlPolls):
    """Implements the Sources port."""

    def sync(self, specs: Sequence[SourceSpec], now: datetime) -> dict[str, SourceRow]:
        """Make the configured sources be exactly these; gives the rows by their configured name.

        A source is found again by name and address, then by address, then by name (only while it is switched on:
        an old name with a new address is a new source). A new address drops the validators, which belonged to the
        old one. A source that a command added stays, and becomes a configured one where the configuration names it.
        """
        lock_row(self._connection, "sources")
        query = select(sources).where(sources.c.chat == "").order_by(sources.c.active.desc(), sources.c.id)
        left = list(self._connection.execute(query))
        found = _pair(specs, left)
        kept = {row.id for row in found.values()}
        gone = [row.id for row in left if row.active and not row.added and row.id not in kept]
        if gone:
            off = update(sources).where(sources.c.id.in_(gone)).values(active=False, **_NOTHING_TOLD)
            self._connection.execute(off)
        ids = {}
        for number, spec in enumerate(specs):
            row = found.get(number)
            ids[spec.name] = self._add(spec, now) if row is None else self._keep(row, spec, now)
        rows = {row.id: row for row in self.active()}
        return {name: rows[source_id] for name, source_id in ids.items()}

    def active(self) -> list[SourceRow]:
        """All sources that are switched on, by name."""
        rows = self._connection.execute(select(sources).where(sources.c.active))
        return sorted((record(row) for row in rows), key=lambda row: (row.spec.name, row.id))

    def get(self, source_id: int) -> SourceRow | None:
        """One source, also a switched-off one."""
        row = self._connection.execute(select(sources).where(sources.c.id == source_id)).one_or_none()
        return None if row is None else record(row)

    def add(self, spec: SourceSpec, now: datetime) -> tuple[SourceRow, bool]:
        """Add one source beside the configured ones; gives it, and whether it is new: not active at this address."""
        lock_row(self._connection, "sources")
        place = (sources.c.chat == spec.chat, sources.c.kind == spec.kind, sources.c.address == spec.address)
        query = select(sources).where(*place).order_by(sources.c.active.desc(), sources.c.id).limit(1)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            source_id = self._add(spec, now)
        elif not row.active or row.gone:
            source_id = self._keep(row, spec, now)
        else:
            return record(row), False
        found = self.get(source_id)
        assert found is not None
        return found, True

    def remove(self, source_id: int) -> None:
        """Switch a source off; what it brought stays."""
        off = update(sources).where(sources.c.id == source_id)
        self._connection.execute(off.values(active=False, **_NOTHING_TOLD, **FREE))

    def revive(self, source_id: int, now: datetime) -> None:
        """Ask a source again at once, also one that had said that it was gone for good."""
        changed = update(sources).where(sources.c.id == source_id)
        self._connection.execute(changed.values(gone=False, **_WELL_AGAIN, **_NOTHING_TOLD, next_at=now))

    def _add(self, spec: SourceSpec, now: datetime) -> int:
        new = {
            **_configured(spec),
            **_FORGET,
            **_NOTHING_TOLD,
            **FREE,
            "title": "",
            "chat": spec.chat,
            "active": True,
            "baseline_done": False,
            "next_at": now,
            "failures": 0,
            "error": "",
        }
        key = self._connection.execute(insert(sources).values(**new)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _keep(self, row: Row[Any], spec: SourceSpec, now: datetime) -> int:
        changes = {name: value for name, value in _configured(spec).items() if getattr(row, name) != value}
        if "address" in changes:
            moved = {"location": "", "moved_to": "", "moved_times": 0, "gone": False}
            changes |= {**_FORGET, **_WELL_AGAIN, **_NOTHING_TOLD, **moved, "title": "", "next_at": now}
        if not row.active:
            changes |= {"active": True, "gone": False, "next_at": now, **_WELL_AGAIN, **_NOTHING_TOLD}
        elif "every" in changes and spec.every is not None and "next_at" not in changes:
            changes["next_at"] = min(row.next_at, now + timedelta(seconds=spec.every))
        if row.gone and spec.added:
            changes |= {"gone": False, "next_at": now, **_WELL_AGAIN, **_NOTHING_TOLD}
        if changes:
            self._connection.execute(update(sources).where(sources.c.id == row.id).values(**changes))
        return int(row.id)


def _configured(spec: SourceSpec) -> dict[str, Any]:
    """The columns that the configuration decides."""
    return {
        "name": spec.name,
        "kind": spec.kind,
        "address": spec.address,
        "every": spec.every,
        "max_age": spec.max_age,
        "title_from_feed": spec.title_from_feed,
        "family": spec.family,
        "folder": spec.folder,
        "added": spec.added,
    }


def _pair(specs: Sequence[SourceSpec], rows: Sequence[Row[Any]]) -> dict[int, Row[Any]]:
    """Find the stored row of each spec (by its place in `specs`), the surest kinship first."""
    found: dict[int, Row[Any]] = {}
    taken: set[int] = set()
    kinships = (
        (lambda spec: (spec.name, spec.address), lambda row: (row.name, row.address)),
        (lambda spec: spec.address, lambda row: row.address),
        (lambda spec: spec.name, lambda row: row.name if row.active and not row.added else None),
    )
    for of_spec, of_row in kinships:
        kin: dict[Any, list[Row[Any]]] = {}
        for row in rows:
            if row.id not in taken and of_row(row) is not None:
                kin.setdefault((row.kind, of_row(row)), []).append(row)
        for number, spec in enumerate(specs):
            fits = kin.get((spec.kind, of_spec(spec)))
            if number not in found and fits:
                found[number] = row = fits.pop(0)
                taken.add(row.id)
    return found
