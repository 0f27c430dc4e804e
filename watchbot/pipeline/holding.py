"""What was held back and whose time has come: digests, round-ups after quiet hours and caps, what a mute kept.

held rows due -> by chat and hold -> one message of all of them (one alone after quiet hours: the alert itself)
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from watchbot.message import digest
from watchbot.message.codec import load
from watchbot.model.alert import Card, Delivery, Form, NewDelivery, Rank, State
from watchbot.model.records import AlertRow
from watchbot.model.watch import Priority
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.manner import Manner
from watchbot.pipeline.policy import CAP, DIGEST, FAR, MUTE, QUIET, News, Tell, Wish, quiet_end, way
from watchbot.ports.store import Store, Tx

_LOOKED_AT = 50  # rows whose watches say how a message of many is written and whether it rings


def release(store: Store, directory: Directory, now: datetime) -> int:
    """Queue what is due, in one transaction; gives how many held messages that were. Looks first, and writes only where
    something is due."""
    with store.read() as tx:
        if not tx.outbox.held_due(now):
            return 0
    with store.write() as tx:
        directory.refresh(tx)
        return sum(_release(tx, directory, chat, hold, now) for chat, hold in tx.outbox.held_due(now))


def show_held(tx: Tx, directory: Directory, chat: str, hold: str, now: datetime) -> int:
    """Queue what is held back for one thing (a mute: `mute:<id>`) as a round-up now; gives how many stories it has."""
    rows = tx.outbox.held(chat, hold)
    cards, manner = _stories(tx, rows), _manners(tx, directory, chat, rows[:1])[0]
    label = next((mute.label for mute in directory.mutes(chat) if hold == f"{MUTE}{mute.id}"), "")
    _send(tx, chat, _message(hold, cards, manner, now, label), Rank.REPLY, silent=False, now=now)
    tx.outbox.settle([row.id for row in rows], State.FOLDED, now)
    return len(cards)


def reschedule(tx: Tx, directory: Directory, chat: str, now: datetime) -> None:
    """After a chat changed its digest, quiet hours or zone: what waits for them gets its new time, now where there is
    nothing left to wait for."""
    directory.refresh(tx)
    for hold in (DIGEST, QUIET):
        rows = tx.outbox.held(chat, hold)
        if rows:
            tx.outbox.hold_until(chat, hold, min(_new_time(tx, directory, row, now) for row in rows))


def _release(tx: Tx, directory: Directory, chat: str, hold: str, now: datetime) -> int:
    """One chat's rows that wait for one thing."""
    if hold.startswith(MUTE):  # the mute ended: it is shown to who asks for it, never of its own accord
        tx.outbox.hold_until(chat, hold, FAR)
        return 0
    rows = [row for row in tx.outbox.held(chat, hold) if row.next_at <= now]
    ids = [row.id for row in rows]
    if hold != DIGEST and len(rows) == 1:
        tx.outbox.settle(ids, State.PENDING, now)
        return 1
    manners, cards = _manners(tx, directory, chat, rows[:_LOOKED_AT]), _stories(tx, rows)
    manner = manners[0]
    quiet = all(quiet_end(one, now) for one in manners) or all(row.silent for row in rows)
    _send(tx, chat, _message(hold, cards, manner, now), Rank.DIGEST, hold == CAP or quiet, now)
    tx.outbox.settle(ids, State.FOLDED, now)
    return len(rows)


def _message(hold: str, cards: Sequence[Card], manner: Manner, now: datetime, label: str = "") -> list[str]:
    """What was held back for one thing, in words."""
    if hold == DIGEST:
        return digest.digest(cards, manner.language, manner.timezone, now)
    if hold == CAP:
        return digest.after_cap(cards, manner.language, now)
    if hold.startswith(MUTE):
        return digest.after_mute(cards, manner.language, now, label)
    return digest.after_quiet(cards, manner.language, now)


def _send(tx: Tx, chat: str, parts: Sequence[str], rank: Rank, silent: bool, now: datetime) -> None:
    """Queue the parts of one message; only the first one makes a sound."""
    for part, body in enumerate(parts):
        quiet = silent or part > 0
        tx.outbox.queue(NewDelivery(chat, body, Form.HTML, part=part, rank=rank, silent=quiet), now)


def _stories(tx: Tx, rows: Sequence[Delivery]) -> list[Card]:
    """The cards of held rows, one a story: what followed is named on the first one."""
    stories: dict[int, Card] = {}
    loose: list[Card] = []
    for row in rows:
        if row.form is not Form.CARD:
            continue
        card, alert = load(row.body), _alert(tx, row)
        if alert is None:
            loose.append(card)
        elif alert.story not in stories:
            stories[alert.story] = card
        else:
            stories[alert.story] = _joined(stories[alert.story], card)
    return [*stories.values(), *loose]


def _joined(first: Card, later: Card) -> Card:
    """One line for two messages of a story."""
    known = {(report.source, report.title) for report in first.reports}
    fresh = tuple(report for report in later.reports if (report.source, report.title) not in known)
    watches = tuple(dict.fromkeys((*first.watches, *later.watches)))
    return replace(first, watches=watches, reports=(*first.reports, *fresh), later=first.later + later.later)


def _alert(tx: Tx, row: Delivery) -> AlertRow | None:
    return tx.alerts.get(row.alert) if row.alert is not None else None


def _manners(tx: Tx, directory: Directory, chat: str, rows: Sequence[Delivery]) -> list[Manner]:
    """How the watches behind held rows tell the chat, each manner once; at least one."""
    alerts = [alert for row in rows if (alert := _alert(tx, row))]
    found = [wish.manner for alert in alerts for wish in _wishes(tx, directory, alert)]
    return list(dict.fromkeys(found)) or [directory.manner(chat)]


def _new_time(tx: Tx, directory: Directory, row: Delivery, now: datetime) -> datetime:
    """When a held row is due by the settings of now."""
    alert = _alert(tx, row)
    if alert is None:
        return now
    found = way(News(alert.reason, alert.card.why.level, alert.card.old), _wishes(tx, directory, alert), now)
    return found.until if found.tell is Tell.HOLD and found.until is not None else now


def _wishes(tx: Tx, directory: Directory, alert: AlertRow) -> list[Wish]:
    """What the watches ask for that an alert was made of, as far as they still reach its chat."""
    fired = {(one.watchlist, one.watch) for one in tx.alerts.decisions(alert.item) if one.chat == alert.chat}
    wishes = [
        Wish(directory.manner(alert.chat, one.watchlist, one.watch), one.watch.priority)
        for one in directory.watching(alert.chat)
        if (one.watchlist.key, one.watch.id) in fired
    ]
    return wishes or [Wish(directory.manner(alert.chat), Priority.NORMAL)]
