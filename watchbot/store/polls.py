"""How the sources fare: which are due, what a poll left behind, what is to be told of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    update,
)

from watchbot.model.records import FeedFacts, PollFailure, PollResult, SourceRow, SourceSpec
from watchbot.store.statements import lock_row, on_postgresql
from watchbot.store.tables import Moment, sources, storable, to_micros

FREE: dict[str, Any] = {"claimed_by": "", "claimed_until": None}
SPREAD_SECONDS = 300.0
A_SOURCE_SECONDS = 0.25
_SECOND = 1_000_000  # times are kept in microseconds
_STEPS = 1009
_OF_A_PLACE = {  # what belongs to where it was asked, and what it becomes where that changes
    "etag": (sources.c.etag, null()),
    "last_modified": (sources.c.last_modified, null()),
    "body_hash": (sources.c.body_hash, ""),
}
# Every poll ends in one of these two, so they go to the driver as they are; `?` becomes the driver's own mark.
_UNCHANGED = (
    "UPDATE sources SET next_at = ?, etag = ?, last_modified = ?, body_hash = ?, checked_at = ?, ok_at = ?, "
    "moved_told = CASE WHEN location = ? THEN moved_told ELSE FALSE END, location = ?, moved_to = ?, moved_times = ?, "
    "baseline_done = TRUE, failures = 0, failing_since = NULL, error = '', claimed_by = '', claimed_until = NULL"
)
_READ = (
    f"{_UNCHANGED}, title = CASE WHEN CAST(? AS TEXT) <> '' THEN ? ELSE title END, ttl = ?, skip_hours = ?, "
    "skip_days = ?, gap = COALESCE(?, gap), newest_at = COALESCE(?, newest_at), "
    "marks = ?, dates = ?, quiet_told = CASE WHEN CAST(? AS BIGINT) IS NULL THEN quiet_told ELSE FALSE END"
)


class SqlPolls:
    """The polling half of the Sources port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def claim_due(self, now: datetime, holder: str, seconds: float, limit: int) -> list[SourceRow]:
        """Claim feeds that are due, longest due first; a claim that ran out may be taken by anyone."""
        query = (
            select(sources)
            .where(sources.c.active, ~sources.c.gone, sources.c.kind == "feed", sources.c.next_at <= now, _free(now))
            .order_by(sources.c.next_at, sources.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = [record(row) for row in self._connection.execute(query)]
        if rows:
            taken = update(sources).where(sources.c.id.in_([row.id for row in rows]))
            until = now + timedelta(seconds=seconds)
            self._connection.execute(taken.values(claimed_by=holder, claimed_until=until))
        return rows

    def polled(self, source_id: int, result: PollResult) -> None:
        """Record a poll with success, end the baseline, forget the outage, release the claim."""
        self.polled_many([(source_id, result)])

    def polled_many(self, results: Sequence[tuple[int, PollResult]]) -> None:
        """The same for many at once."""
        unchanged = [(*_well(result), source_id) for source_id, result in results if result.facts is None]
        read = [
            (*_well(result), *_said(facts), source_id)
            for source_id, result in results
            if (facts := result.facts) is not None
        ]
        for statement, rows in ((_UNCHANGED, unchanged), (_READ, read)):
            if rows:
                sql = f"{statement} WHERE id = ?"
                if on_postgresql(self._connection):
                    sql = sql.replace("?", "%s")
                self._connection.exec_driver_sql(sql, rows)

    def failed(self, source_id: int, failure: PollFailure) -> int:
        """Record a failed poll, release the claim; gives the failures in a row."""
        since = func.coalesce(sources.c.failing_since, literal(failure.now, Moment))
        there = sources.c.location == failure.location
        changed = update(sources).where(sources.c.id == source_id)
        of_place: dict[str, Any] = {
            name: case((there, column), else_=other) for name, (column, other) in _OF_A_PLACE.items()
        }
        if failure.found:
            of_place["moved_told"] = True
        self._connection.execute(
            changed.values(
                checked_at=failure.now,
                next_at=failure.next_at,
                error=failure.error[:500],
                failures=sources.c.failures + 1,
                failing_since=since,
                gone=failure.gone,
                location=failure.location,
                **of_place,
                moved_to="",
                moved_times=0,
                **FREE,
            )
        )
        return self._connection.execute(select(sources.c.failures).where(sources.c.id == source_id)).scalar() or 0

    def extend(self, holder: str, until: datetime) -> None:
        """Make every claim of this holder last until then."""
        mine = update(sources).where(sources.c.claimed_by == holder)
        self._connection.execute(mine.values(claimed_until=until))

    def release(self, holder: str) -> None:
        """Give back every claim of this holder."""
        self._connection.execute(update(sources).where(sources.c.claimed_by == holder).values(**FREE))

    def spread(self, now: datetime, overdue_since: datetime) -> int:
        """Feeds that fell due before `overdue_since` while nobody polled begin one after the other, not all at once."""
        late = and_(
            sources.c.active,
            ~sources.c.gone,
            sources.c.kind == "feed",
            sources.c.checked_at.is_not(None),
            sources.c.next_at < overdue_since,
            _free(now),
        )
        count = self._connection.execute(select(func.count()).select_from(sources).where(late)).scalar_one()
        longest = min(SPREAD_SECONDS, count * A_SOURCE_SECONDS)
        own = func.coalesce(sources.c.every, longest)
        seconds = case((own < longest, own), else_=longest)
        step = (sources.c.id * 617) % _STEPS  # neighbours in the list are often feeds of one host
        due = _after(now, seconds * step * (_SECOND / _STEPS))
        self._connection.execute(update(sources).where(late).values(next_at=due))
        return count

    def hasten(self, since: datetime, now: datetime, seconds: float) -> int:
        """Feeds that fail since `since` or later are asked within `seconds`: the network, not they, was at fault."""
        failing = and_(
            sources.c.active,
            ~sources.c.gone,
            sources.c.failing_since >= since,
            sources.c.next_at > now,
            _free(now),
        )
        step = (sources.c.id * 617) % _STEPS
        soon = _after(now, step * (seconds * _SECOND / _STEPS))
        sooner = case((sources.c.next_at < soon, sources.c.next_at), else_=soon)
        return self._connection.execute(update(sources).where(failing).values(next_at=sooner)).rowcount

    def noteworthy(self, failing_before: datetime, quiet_before: datetime) -> list[SourceRow]:
        """Sources of which something may have to be told: an outage, its end, a move, a farewell, a silence."""
        if not self._connection.get_execution_options().get("postgresql_readonly"):
            lock_row(self._connection, "sources")  # two nodes must not both tell it
        well = and_(sources.c.failing_since.is_(None), ~sources.c.gone)
        news = or_(
            and_(sources.c.failing_since <= failing_before, sources.c.outage_since.is_(None), ~sources.c.gone),
            and_(sources.c.outage_since.is_not(None), well),
            and_(sources.c.location != "", ~sources.c.moved_told),
            and_(sources.c.gone, ~sources.c.gone_told),
            and_(well, sources.c.newest_at <= quiet_before, sources.c.gap.is_not(None), ~sources.c.quiet_told),
        )
        rows = self._connection.execute(select(sources).where(sources.c.active, news).order_by(sources.c.id))
        return [record(row) for row in rows]

    def ailing(self) -> list[tuple[str, bool]]:
        """Names of active sources that fail or are gone, and whether they are gone, the longest failing first."""
        ill = or_(sources.c.failing_since.is_not(None), sources.c.gone)
        query = select(sources).where(sources.c.active, sources.c.chat == "", ill).order_by(sources.c.failing_since)
        return [(row.spec.name, row.gone) for row in map(record, self._connection.execute(query))]

    def note(self, source_id: int, **told: bool | datetime | None) -> None:
        """Remember what was told of a source: outage_since, moved_told, gone_told, quiet_told."""
        self._connection.execute(update(sources).where(sources.c.id == source_id).values(**told))


def _free(now: datetime) -> Any:
    """Nobody polls the source right now."""
    return or_(sources.c.claimed_until.is_(None), sources.c.claimed_until <= now)


def _after(moment: datetime, micros: Any) -> Any:
    """A time so many microseconds later, reckoned by the database."""
    return literal(to_micros(moment), BigInteger) + cast(micros, BigInteger)


def _well(result: PollResult) -> tuple[Any, ...]:
    """A result in the order of `_UNCHANGED`."""
    now, place = to_micros(result.now), storable(result.location)
    return (
        to_micros(result.next_at),
        result.etag,
        result.last_modified,
        result.body_hash,
        now,
        now,
        place,
        place,
        storable(result.moved_to),
        result.moved_times,
    )


def _said(facts: FeedFacts) -> tuple[Any, ...]:
    """What a feed said of itself in the order of `_READ`."""
    title, newest = storable(facts.title), facts.newest_at and to_micros(facts.newest_at)
    return (
        title,
        title,
        facts.ttl,
        _bits(facts.skip_hours),
        _bits(facts.skip_days),
        facts.gap,
        newest,
        facts.marks or None,
        " ".join(map(str, facts.dates)),
        newest,
    )


def _bits(numbers: Collection[int]) -> int:
    """A set of small numbers as one."""
    return sum(1 << number for number in numbers)


def _numbers(bits: int) -> frozenset[int]:
    """The set of small numbers in one."""
    return frozenset(number for number in range(24) if bits >> number & 1) if bits else frozenset()


def spec_of(row: Row[Any]) -> SourceSpec:
    """A source as configured; one named by its feed carries the feed's title once that is known."""
    return SourceSpec(
        name=row.title if row.title_from_feed and row.title else row.name,
        kind=row.kind,
        address=row.address,
        every=row.every,
        max_age=row.max_age,
        chat=row.chat,
        title_from_feed=row.title_from_feed,
        family=row.family,
        folder=row.folder,
        added=row.added,
    )


def record(row: Row[Any]) -> SourceRow:
    """A row as the pipeline sees it."""
    return SourceRow(
        id=row.id,
        spec=spec_of(row),
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
        location=row.location,
        moved_to=row.moved_to,
        moved_times=row.moved_times,
        gone=row.gone,
        ttl=row.ttl,
        skip_hours=_numbers(row.skip_hours),
        skip_days=_numbers(row.skip_days),
        gap=row.gap,
        newest_at=row.newest_at,
        outage_since=row.outage_since,
        moved_told=row.moved_told,
        gone_told=row.gone_told,
        quiet_told=row.quiet_told,
        marks=row.marks or b"",
        dates=tuple(map(int, row.dates.split())) if row.dates else (),
    )
