"""What is told of sources and watches themselves, each thing once: outages and their end, moves, farewells, silences.

stored health -> happenings -> by reader (owner and admins; a chat's own source or watch: that chat) -> one message each
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watchbot.message.notices import Happening, Reader, notice
from watchbot.model.alert import Form, NewDelivery, Rank
from watchbot.model.records import SourceRow, WatchRhythm
from watchbot.pipeline.access import in_charge
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.polling import QUIET_AT_LEAST, is_quiet, quiet_after
from watchbot.ports.store import Store, Tx

OUTAGE = timedelta(minutes=30)
RHYTHM_DAYS = timedelta(days=90)
FEWEST_FIRED = 8  # a watch that fired less often has no rhythm to be missed


@dataclass(slots=True)
class _Told:
    """Happenings by the chat that alone reads them; "" is for the owner and the admins."""

    by_chat: dict[str, list[Happening]] = field(default_factory=dict)

    def add(self, chat: str, happening: Happening) -> None:
        """One thing for one reader."""
        self.by_chat.setdefault(chat, []).append(happening)


def tell_sources(store: Store, directory: Directory, now: datetime) -> list[Happening]:
    """Queue what is to be told of sources; gives all of it for the log. Looks first, and writes only where needed."""
    with store.read() as tx:
        if not _of_sources(tx, now):
            return []
    with store.write() as tx:
        directory.refresh(tx)
        told = _Told()
        for row, happening in _of_sources(tx, now):
            told.add(row.spec.chat, happening)
            _note(tx, row, happening)
        _queue(tx, directory, told, now)
    return [one for happenings in told.by_chat.values() for one in happenings]


def tell_watches(store: Store, directory: Directory, now: datetime) -> list[Happening]:
    """Queue which watches, that usually fire, are unusually quiet; gives them for the log."""
    with store.read() as tx:
        quiet = [one for one in tx.alerts.rhythms(now - RHYTHM_DAYS) if _is_silent(one, now)]
    found = [one for one in quiet if directory.watch(one.watchlist, one.watch)]
    if not found:
        return []
    with store.write() as tx:
        directory.refresh(tx)
        told = _Told()
        for one in found:
            chat = one.watchlist.removeprefix("chat:") if one.watchlist.startswith("chat:") else ""
            if tx.alerts.note_silence(one.watchlist, one.watch, one.last_at):
                told.add(chat, Happening("watch_quiet", directory.label(one.watchlist, one.watch), one.last_at))
        _queue(tx, directory, told, now)
    return [one for happenings in told.by_chat.values() for one in happenings]


def _of_sources(tx: Tx, now: datetime) -> list[tuple[SourceRow, Happening]]:
    """Everything that is to be told of sources now."""
    rows = tx.sources.noteworthy(now - OUTAGE, now - timedelta(seconds=QUIET_AT_LEAST))
    return [(row, happening) for row in rows for happening in _happenings(row, now)]


def _happenings(row: SourceRow, now: datetime) -> Iterable[Happening]:
    """What is to be told of one source."""
    name = row.spec.name
    if row.gone:
        if not row.gone_told:
            yield Happening("gone", name, row.failing_since or now)
    elif row.failing_since is None and row.outage_since is not None:
        yield Happening("up", name, row.outage_since)
    elif row.failing_since is not None and row.outage_since is None and row.failing_since <= now - OUTAGE:
        yield Happening("down", name, row.failing_since, row.error)
    if row.location and not row.moved_told:
        yield Happening("moved", name, now, row.location)
    if is_quiet(row, now) and not row.quiet_told and row.newest_at is not None:
        yield Happening("quiet", name, row.newest_at)


def _note(tx: Tx, row: SourceRow, happening: Happening) -> None:
    """Remember that it was told."""
    match happening.kind:
        case "down":
            tx.sources.note(row.id, outage_since=happening.since)
        case "up":
            tx.sources.note(row.id, outage_since=None)
        case "gone":
            tx.sources.note(row.id, gone_told=True)
        case "moved":
            tx.sources.note(row.id, moved_told=True)
        case _:
            tx.sources.note(row.id, quiet_told=True)


def _is_silent(rhythm: WatchRhythm, now: datetime) -> bool:
    """Whether a watch fires usually, but has not for unusually long, and that was not told yet.

    "Usually" is for at least as long as the silence: one busy day is no rhythm.
    """
    if rhythm.fired < FEWEST_FIRED or rhythm.told_at == rhythm.last_at:
        return False
    fired_for = rhythm.last_at - rhythm.first_at
    unusual = quiet_after(fired_for.total_seconds() / (rhythm.fired - 1))
    return fired_for >= unusual and now - rhythm.last_at > unusual


def _queue(tx: Tx, directory: Directory, told: _Told, now: datetime) -> None:
    """One silent message for every reader."""
    for chat, happenings in told.by_chat.items():
        for reader in _readers(tx, directory, chat):
            view = directory.view(reader)
            parts = notice(happenings, Reader(view.language, view.timezone, now))
            for part, body in enumerate(parts):
                tx.outbox.queue(NewDelivery(reader, body, Form.HTML, part=part, rank=Rank.DIGEST, silent=True), now)


def _readers(tx: Tx, directory: Directory, chat: str) -> list[str]:
    """The chat (unless it is of somebody who was removed), else the private chats of the owner and the admins; nobody
    where Telegram is not connected: the log says it then."""
    if chat and directory.settings.connected:
        return [] if directory.is_gone(chat) else [chat]
    return in_charge(tx, directory.settings, directory.owner())
