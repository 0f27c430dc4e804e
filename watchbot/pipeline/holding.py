"""What was held back and whose time has come: digests, round-ups after quiet hours and caps, what a mute kept.

held rows due -> by chat and hold -> one message of all of them (one alone after quiet hours: the alert itself)
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from watchbot.message import digest
from watchbot.message.card import joined
from watchbot.message.codec import load
from watchbot.message.digest import Story
from watchbot.model.alert import Card, Delivery, Form, NewDelivery, Rank, State
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow
from watchbot.model.watch import Level, Priority
from watchbot.pipeline import muting
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.manner import Manner
from watchbot.pipeline.policy import CAP, DIGEST, FAR, MUTE, QUIET, News, Tell, Way, Wish, is_unwanted, quiet_end, way
from watchbot.pipeline.ruled import origin_of
from watchbot.pipeline.ways import gathered
from watchbot.ports.store import Store, Tx

_LOOK_AGAIN = timedelta(days=1)
_LATE = timedelta(seconds=60)  # longer than messages wait where nothing is wrong
_FOLLOWS = (Reason.RELATED, Reason.AFTER_SILENCE)  # has a line of its own below its story
_LOOKED_AT = 50  # rows whose watches say how a message of many is written and whether it rings


def release(store: Store, directory: Directory, now: datetime) -> int:
    """Queue what is due, one transaction for what one chat waits for; gives how many held messages that were. Looks
    first, and writes only where something is due. Trouble in one chat is raised when the others have theirs."""
    with store.read() as tx:
        due = tx.outbox.held_due(now)
    released, trouble = 0, None
    for chat, hold in due:
        try:
            with store.write() as tx:
                directory.refresh(tx)
                released += _release(tx, directory, chat, hold, now)
        except Exception as error:  # noqa: BLE001 - supervisor: no chat keeps another one waiting
            trouble = error
    if trouble is not None:
        raise trouble
    return released


def put_off(store: Store, directory: Directory, now: datetime) -> int:
    """What could not be sent before it became night waits for the morning: an outage that ends at 3 a.m. wakes nobody.
    Digests and round-ups make no sound then. Gives how many messages that were; writes only where it is night."""
    with store.read() as tx:
        if not any(_nights(directory, chat, now) for chat in {row.chat for row in tx.outbox.late(now - _LATE)}):
            return 0
    with store.write() as tx:
        directory.refresh(tx)
        rows = tx.outbox.late(now - _LATE)
        nights = {chat: _nights(directory, chat, now) for chat in {row.chat for row in rows}}
        return sum(_put_off(tx, directory, row, nights[row.chat], now) for row in rows)


def show_held(tx: Tx, directory: Directory, chat: str, hold: str, now: datetime) -> int:
    """Queue what is held back for one thing (a mute: `mute:<id>`) as a round-up now; gives how many stories it has."""
    told = _readable(tx, tx.outbox.held(chat, hold), now)
    stories, manner = _stories(tx, told), _manners(tx, directory, chat, [row for row, _card in told[:1]])[0]
    label = next((mute.label for mute in directory.mutes(chat) if hold == f"{MUTE}{mute.id}"), "")
    _send(tx, chat, _message(hold, stories, manner, now, label), Rank.REPLY, silent=False, now=now)
    tx.outbox.settle([row.id for row, _card in told], State.FOLDED, now)
    return len(stories)


def reschedule(tx: Tx, directory: Directory, chat: str, now: datetime) -> None:
    """After a chat changed its digest, quiet hours or zone: what waits for them gets its new time, now where there is
    nothing left to wait for. What is due already is not put off."""
    directory.refresh(tx)
    times: dict[datetime, list[int]] = {}
    for row in tx.outbox.held(chat):
        if row.hold in (DIGEST, QUIET) and row.next_at > now:
            times.setdefault(_new_time(tx, directory, row, now), []).append(row.id)
    for at, ids in times.items():
        tx.outbox.postpone(ids, at)


def reschedule_all(tx: Tx, directory: Directory, now: datetime) -> None:
    """The same for every chat, after the configuration changed."""
    for chat in dict.fromkeys(chat for chat, hold in tx.outbox.held_due(FAR) if hold in (DIGEST, QUIET)):
        reschedule(tx, directory, chat, now)


def _release(tx: Tx, directory: Directory, chat: str, hold: str, now: datetime) -> int:
    """One chat's rows that wait for one thing."""
    if hold.startswith(MUTE):  # the mute ended: it is shown to who asks for it, never of its own accord
        tx.outbox.hold_until(chat, hold, FAR)
        return 0
    if directory.is_gone(chat):  # kept for whoever is invited again
        tx.outbox.hold_until(chat, hold, now + _LOOK_AGAIN)
        return 0
    due = _heard(tx, [row for row in tx.outbox.held(chat, hold) if row.next_at <= now], now)
    told = _readable(tx, due, now)
    rows = [row for row, _card in told]
    if not rows:
        return 0
    ids = [row.id for row in rows]
    manners = _manners(tx, directory, chat, rows[:_LOOKED_AT])
    ends = [quiet_end(one, now) for one in manners]
    if hold != DIGEST and all(ends) and any(row.created_at > now - _LOOK_AGAIN for row in rows):
        tx.outbox.postpone(ids, min(end for end in ends if end))  # it became night meanwhile, or is night again
        return 0
    silent = hold == CAP or all(ends) or all(row.silent for row in rows)
    if hold != DIGEST and len(rows) == 1 and silent == rows[0].silent:
        tx.outbox.settle(ids, State.PENDING, now)
        return 1
    _send(tx, chat, _message(hold, _stories(tx, told), manners[0], now), Rank.DIGEST, silent, now)
    tx.outbox.settle(ids, State.FOLDED, now)
    return len(rows)


def _nights(directory: Directory, chat: str, now: datetime) -> list[datetime | None]:
    """When the quiet hours that reign in a chat end, by each of its manners; [] where none do."""
    watching = directory.watching(chat)
    manners = {directory.manner(chat, one.watchlist, one.watch) for one in watching} or {directory.manner(chat)}
    ends = [quiet_end(manner, now) for manner in manners]
    return ends if any(ends) else []


def _put_off(tx: Tx, directory: Directory, row: Delivery, nights: Sequence[datetime | None], now: datetime) -> bool:
    """Hold one alert back, where all that it is about is quiet; what is none, or may have arrived, goes silently."""
    alert = _alert(tx, row) if nights else None
    if alert is not None and row.form is Form.CARD and not row.repeat:
        found = _way_now(tx, directory, alert, now)
        if found.hold == QUIET and found.until is not None:
            tx.outbox.hold_back([row.id], QUIET, found.until)
            return True
    elif nights and all(nights) and not row.silent:
        tx.outbox.hush([row.id])
    return False


def _heard(tx: Tx, rows: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """The rows that nothing mutes by now. The others go to what mutes them; a mute of everything that ends by itself
    only puts them off: they were to come of their own accord."""
    mutes = muting.active(tx, rows[0].chat, now) if rows else []
    heard = []
    for row in rows:
        alert = _alert(tx, row) if mutes else None
        mute = muting.over(tx, mutes, alert, now) if alert is not None else None
        if mute is None:
            heard.append(row)
        elif mute.kind == "all" and mute.until is not None:
            tx.outbox.postpone([row.id], mute.until)
        else:
            tx.outbox.hold_back([row.id], muting.hold_of(mute.id), mute.until or FAR)
    return heard


def _readable(tx: Tx, rows: Sequence[Delivery], now: datetime) -> list[tuple[Delivery, Card]]:
    """Held rows with what they show. One that is no readable card goes out by itself: what is refused there is told
    and can be tried again."""
    found: list[tuple[Delivery, Card]] = []
    odd: list[int] = []
    for row in rows:
        try:
            found.append((row, load(row.body)))
        except (ValueError, TypeError, KeyError):
            odd.append(row.id)
    tx.outbox.settle(odd, State.PENDING, now)
    return found


def _message(hold: str, stories: Sequence[Story], manner: Manner, now: datetime, label: str = "") -> list[str]:
    """What was held back for one thing, in words."""
    stories = [story.read_in(manner.language, manner.timezone) for story in stories]
    if hold == DIGEST:
        return digest.digest(stories, manner.language, manner.timezone, now)
    if hold == CAP:
        return digest.after_cap(stories, manner.language, now)
    if hold.startswith(MUTE):
        return digest.after_mute(stories, manner.language, now, label)
    return digest.after_quiet(stories, manner.language, now)


def _send(tx: Tx, chat: str, parts: Sequence[str], rank: Rank, silent: bool, now: datetime) -> None:
    """Queue the parts of one message; only the first one makes a sound."""
    for part, body in enumerate(parts):
        quiet = silent or part > 0
        tx.outbox.queue(NewDelivery(chat, body, Form.HTML, part=part, rank=rank, silent=quiet), now)


def _stories(tx: Tx, told: Sequence[tuple[Delivery, Card]]) -> list[Story]:
    """Held rows by story, each with what followed it. A correction stands by itself."""
    stories: dict[tuple[int, int], Story] = {}
    for row, card in told:
        alert = _alert(tx, row)
        corrects = alert is not None and alert.reason is Reason.CORRECTION
        place = (0, row.id) if alert is None or corrects else (1, alert.story)
        before = stories.get(place)
        if before is None:
            stories[place] = Story(card)
        elif alert is not None and alert.reason in _FOLLOWS:
            stories[place] = Story(before.card, (*before.later, card))
        else:
            stories[place] = Story(joined(before.card, card), before.later)
    return list(stories.values())


def _alert(tx: Tx, row: Delivery) -> AlertRow | None:
    return tx.alerts.get(row.alert) if row.alert is not None else None


def _manners(tx: Tx, directory: Directory, chat: str, rows: Sequence[Delivery]) -> list[Manner]:
    """How the watches behind held rows tell the chat, each manner once; at least one."""
    alerts = [alert for row in rows if (alert := _alert(tx, row))]
    found = [wish.manner for alert in alerts for wish in _wishes(tx, directory, alert)]
    return list(dict.fromkeys(found)) or [directory.manner(chat)]


def _new_time(tx: Tx, directory: Directory, row: Delivery, now: datetime) -> datetime:
    """When a held row is due by the settings of now. What was to be left out by now, or of whose watches none is here
    any more, keeps its time."""
    alert = _alert(tx, row)
    if alert is None:
        return now
    found = _way_now(tx, directory, alert, now)
    if found.tell is Tell.HOLD and found.until is not None:
        return found.until
    return now if found.tell is Tell.NOW and _wishes(tx, directory, alert) else row.next_at


def _way_now(tx: Tx, directory: Directory, alert: AlertRow, now: datetime) -> Way:
    """How an alert would be told by the settings of now; in general, where none of its watches is here any more."""
    wishes = _wishes(tx, directory, alert) or [Wish(directory.manner(alert.chat), Priority.NORMAL)]
    return way(News(alert.reason, alert.card.why.level, alert.card.old), wishes, now)


def _wishes(tx: Tx, directory: Directory, alert: AlertRow) -> list[Wish]:
    """What the watches ask for that an alert was made of, as far as they still reach its chat and want such news."""
    fired, levels = muting.fired_by(tx, alert), _levels(tx, directory, alert)
    source = alert.card.reports[0].source if alert.card.reports else ""
    wishes = []
    for one in directory.watching(alert.chat):
        watch = one.watchlist.key, one.watch.id
        if watch in fired:
            manner = directory.manner(alert.chat, one.watchlist, one.watch)
            wish = Wish(manner, one.watch.priority, levels.get(watch, alert.card.why.level))
            wishes.append(gathered(directory, alert.chat, source, wish))
    return [wish for wish in wishes if not is_unwanted(wish)] or wishes


def _levels(tx: Tx, directory: Directory, alert: AlertRow) -> dict[tuple[str, str], Level]:
    """How the item of an alert speaks of each watch, by watchlist key and watch."""
    stored = tx.items.get(alert.item)
    matches = directory.match(stored.item) if stored is not None else []
    return {(origin_of(match.watchlist), match.watch): match.level for match in matches}
