"""The part of the database port that is about sources: what is configured, when each is due, how it fares."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from watchbot.model.records import PollFailure, PollResult, SourceRow, SourceSpec


class Sources(Protocol):
    """Feeds and folders, their rhythm and health."""

    def sync(self, specs: Sequence[SourceSpec], now: datetime) -> dict[str, SourceRow]:
        """Make the configured sources (chat == "") be exactly these: new ones are due at once, gone ones are
        switched off but kept, and one keeps its history when its name or its address changes, not both.
        Gives the rows by name."""
        ...

    def active(self) -> list[SourceRow]:
        """All sources that are switched on, by name."""
        ...

    def get(self, source_id: int) -> SourceRow | None:
        """One source, also a switched-off one."""
        ...

    def claim_due(self, now: datetime, holder: str, seconds: float, limit: int) -> list[SourceRow]:
        """Claim feeds that are due for `seconds`, longest due first; no other node gets them meanwhile."""
        ...

    def add(self, spec: SourceSpec, now: datetime) -> tuple[SourceRow, bool]:
        """Add one source beside the configured ones, due at once; gives it, and whether it is new: it was not
        active at this address before."""
        ...

    def remove(self, source_id: int) -> None:
        """Switch a source off; what it brought stays."""
        ...

    def revive(self, source_id: int, now: datetime) -> None:
        """Ask a source again at once, also one that had said that it was gone for good."""
        ...

    def polled(self, source_id: int, result: PollResult) -> None:
        """Record a poll with success, end the baseline, forget the outage, release the claim."""
        ...

    def polled_many(self, results: Sequence[tuple[int, PollResult]]) -> None:
        """The same for many sources at once."""
        ...

    def failed(self, source_id: int, failure: PollFailure) -> int:
        """Record a failed poll, release the claim; gives the failures in a row."""
        ...

    def spread(self, now: datetime, overdue_since: datetime) -> int:
        """Feeds that fell due before `overdue_since` while nobody polled begin one after the other, within five
        minutes; gives how many."""
        ...

    def hasten(self, since: datetime, now: datetime, seconds: float) -> int:
        """Feeds that fail since `since` or later are asked within `seconds`; gives how many."""
        ...

    def noteworthy(self, failing_before: datetime, quiet_before: datetime) -> list[SourceRow]:
        """Active sources of which something untold may have to be told: failing since then or longer, well again
        after an outage that was told, moved, gone, or without a new item since `quiet_before`."""
        ...

    def ailing(self) -> list[tuple[str, bool]]:
        """Names of active sources that fail or are gone, and whether they are gone, the longest failing first."""
        ...

    def note(self, source_id: int, **told: bool | datetime | None) -> None:
        """Remember what was told of a source: outage_since, moved_told, gone_told, quiet_told."""
        ...

    def extend(self, holder: str, until: datetime) -> None:
        """Make every claim of this holder last until then."""
        ...

    def release(self, holder: str) -> None:
        """Give back every claim of this holder (at a stop)."""
        ...
