"""Feeds and folders: what is configured, when each is due, how it fares."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, literal, or_, select, update

from watchbot.model.records import PollResult, SourceRow, SourceSpec
from watchbot.store.statements import lock_row
from watchbot.store.tables import Moment, sources


class SqlSources:
    """Implements the Sources port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def sync(self, specs: Sequence[SourceSpec], now: datetime) -> dict[str, SourceRow]:
        """Make the configured sources be exactly these; gives the rows by their configured name.

        A source is found again by name and address, then by address, then by name (only while it is switched on:
        an old name with a new address is a new source). A new address drops the validators, which belonged to the
        old one.
        """
        lock_row(self._connection, "sources")
        query = select(sources).where(sources.c.chat == "").order_by(sources.c.active.desc(), sources.c.id)
        left = list(self._connection.execute(query))
        found = _pair(specs, left)
        kept = {row.id for row in found.values()}
        gone = [row.id for row in left if row.active and row.id not in kept]
        if gone:
            self._connection.execute(update(sources).where(sources.c.id.in_(gone)).values(active=False))
        rows = {}
        for number, spec in enumerate(specs):
            row = found.get(number)
            source_id = self._add(spec, now) if row is None else self._keep(row, spec, now)
            rows[spec.name] = self._one(source_id)
        return rows

    def active(self) -> list[SourceRow]:
        """All sources that are switched on, by name."""
        rows = self._connection.execute(select(sources).where(sources.c.active))
        return sorted((_record(row) for row in rows), key=lambda row: (row.spec.name, row.id))

    def get(self, source_id: int) -> SourceRow | None:
        """One source, also a switched-off one."""
        row = self._connection.execute(select(sources).where(sources.c.id == source_id)).one_or_none()
        return None if row is None else _record(row)

    def claim_due(self, now: datetime, holder: str, seconds: float, limit: int) -> list[SourceRow]:
        """Claim feeds that are due, longest due first; a claim that ran out may be taken by anyone."""
        free = or_(sources.c.claimed_until.is_(None), sources.c.claimed_until <= now)
        query = (
            select(sources)
            .where(sources.c.active, sources.c.kind == "feed", sources.c.next_at <= now, free)
            .order_by(sources.c.next_at, sources.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = [_record(row) for row in self._connection.execute(query)]
        if rows:
            until = now + timedelta(seconds=seconds)
            taken = update(sources).where(sources.c.id.in_([row.id for row in rows]))
            self._connection.execute(taken.values(claimed_by=holder, claimed_until=until))
        return rows

    def polled(self, source_id: int, result: PollResult) -> None:
        """Record a poll with success, end the baseline, forget the outage, release the claim."""
        changes: dict[str, Any] = {
            "next_at": result.next_at,
            "etag": result.etag,
            "last_modified": result.last_modified,
            "body_hash": result.body_hash,
            "checked_at": result.now,
            "ok_at": result.now,
            "baseline_done": True,
            "failures": 0,
            "failing_since": None,
            "error": "",
            **_FREE,
        }
        if result.title:
            changes["title"] = result.title
        self._connection.execute(update(sources).where(sources.c.id == source_id).values(**changes))

    def failed(self, source_id: int, now: datetime, next_at: datetime, error: str) -> int:
        """Record a failed poll, release the claim; gives the failures in a row."""
        since = func.coalesce(sources.c.failing_since, literal(now, Moment))
        changed = update(sources).where(sources.c.id == source_id)
        self._connection.execute(
            changed.values(
                checked_at=now,
                next_at=next_at,
                error=error[:500],
                failures=sources.c.failures + 1,
                failing_since=since,
                **_FREE,
            )
        )
        return self._connection.execute(select(sources.c.failures).where(sources.c.id == source_id)).scalar() or 0

    def extend(self, holder: str, until: datetime) -> None:
        """Make every claim of this holder last until then."""
        mine = update(sources).where(sources.c.claimed_by == holder)
        self._connection.execute(mine.values(claimed_until=until))

    def release(self, holder: str) -> None:
        """Give back every claim of this holder."""
        self._connection.execute(update(sources).where(sources.c.claimed_by == holder).values(**_FREE))

    def _one(self, source_id: int) -> SourceRow:
        return _record(self._connection.execute(select(sources).where(sources.c.id == source_id)).one())

    def _add(self, spec: SourceSpec, now: datetime) -> int:
        new = {
            **_configured(spec),
            "title": "",
            "chat": spec.chat,
            "active": True,
            "baseline_done": False,
            "next_at": now,
            "body_hash": "",
            "failures": 0,
            "error": "",
            **_FREE,
        }
        key = self._connection.execute(insert(sources).values(**new)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _keep(self, row: Row[Any], spec: SourceSpec, now: datetime) -> int:
        changes = {name: value for name, value in _configured(spec).items() if getattr(row, name) != value}
        if "address" in changes:
            changes |= {"etag": None, "last_modified": None, "body_hash": "", "title": "", "next_at": now}
        if not row.active:
            changes |= {"active": True, "next_at": now}
        elif "every" in changes and spec.every is not None and "next_at" not in changes:
            changes["next_at"] = min(row.next_at, now + timedelta(seconds=spec.every))
        if changes:
            self._connection.execute(update(sources).where(sources.c.id == row.id).values(**changes))
        return int(row.id)


_FREE: dict[str, Any] = {"claimed_by": "", "claimed_until": None}


def _configured(spec: SourceSpec) -> dict[str, Any]:
    """The columns that the configuration decides."""
    return {
        "name": spec.name,
        "kind": spec.kind,
        "address": spec.address,
        "every": spec.every,
        "max_age": spec.max_age,
        "title_from_feed": spec.title_from_feed,
    }


def _pair(specs: Sequence[SourceSpec], rows: Sequence[Row[Any]]) -> dict[int, Row[Any]]:
    """Find the stored row of each spec (by its place in `specs`), the surest kinship first."""
    found: dict[int, Row[Any]] = {}
    taken: set[int] = set()
    kinships = (
        lambda spec, row: (spec.name, spec.address) == (row.name, row.address),
        lambda spec, row: spec.address == row.address,
        lambda spec, row: spec.name == row.name and row.active,
    )
    for akin in kinships:
        for number, spec in enumerate(specs):
            if number in found:
                continue
            fits = (row for row in rows if row.id not in taken and row.kind == spec.kind and akin(spec, row))
            row = next(fits, None)
            if row is not None:
                found[number] = row
                taken.add(row.id)
    return found


def _record(row: Row[Any]) -> SourceRow:
    """A row as the pipeline sees it; a source named by its feed carries the feed's title once that is known."""
    name = row.title if row.title_from_feed and row.title else row.name
    spec = SourceSpec(name, row.kind, row.address, row.every, row.max_age, row.chat, row.title_from_feed)
    return SourceRow(
        id=row.id,
        spec=spec,
        next_at=row.next_at,
        baseline_done=row.baseline_done,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        checked_at=row.checked_at,
        ok_at=row.ok_at,
        failing_since=row.failing_since,
        failures=row.failures,
        error=row.error,
    )
