"""What leaves when a document is through: single alerts, roll-ups of many, and what is kept back for later.

held -> (five blocks of one watch, or a flood of one source: one roll-up) -> cap and sound of the chat -> queue
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchbot.message.codec import dump
from watchbot.message.roundup import flood, page
from watchbot.model.alert import Card, Form, NewDelivery, State
from watchbot.model.records import SourceRow
from watchbot.pipeline.directory import OWNER
from watchbot.pipeline.policy import Counters, Tell, Way, limited
from watchbot.pipeline.ways import counters, is_limited
from watchbot.ports.store import Tx

ROLL_UP_FROM = 5
FLOOD, FLOOD_WINDOW = 20, timedelta(minutes=1)


@dataclass(slots=True)
class Leaver:
    """A message on its way out. `item` is what it tells; `first` the story's first alert in the chat where it is a
    follow-up, else None; `urgent` and `cap`: see policy. `folded`: what it says is in a later message of the story."""

    delivery: NewDelivery
    alert: int
    item: int
    card: Card
    document: str
    source: SourceRow
    way: Way
    urgent: bool
    cap: int | None
    first: int | None = None
    folded: bool = False


class Leaving:
    """The messages of one document, inside one transaction."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        """Nothing waits yet."""
        self._tx = tx
        self._now = now
        self._waiting: list[Leaver] = []
        self._seen: dict[str, Counters] = {}
        self._capped: dict[int, Way] = {}

    def add(self, leaver: Leaver) -> None:
        """One more message."""
        self._waiting.append(leaver)

    def find(self, alert: int) -> Leaver | None:
        """The message of an alert that has not left yet."""
        return next((one for one in self._waiting if one.alert == alert), None)

    def finish(self) -> dict[tuple[str, int], Way]:
        """Queue everything; gives what the cap of its chat kept back, by chat and item."""
        held: dict[tuple[str, int], Way] = {}
        for one in self._waiting:
            if one.folded:
                self._tx.outbox.queue(replace(one.delivery, body=dump(one.card), state=State.FOLDED), self._now)
        for group in self._groups():
            if self._is_one_message(group) and not self._is_capped(group):
                self._roll_up(group)
                continue
            for one in group:
                way = self._limited(one)
                if way is not one.way and way.tell is Tell.HOLD:
                    held[one.delivery.chat, one.item] = way
                self._queue(one, way)
        self._waiting.clear()
        return held

    def _groups(self) -> Iterable[list[Leaver]]:
        """What could be one message: of one chat, page and watch, or of one chat and feed. What is kept back goes by
        itself: it becomes part of another message later."""
        groups: dict[tuple[str, str, str, int, int], list[Leaver]] = {}
        for number, one in enumerate(one for one in self._waiting if not one.folded):
            watch = one.card.watches[0] if one.document else ""
            alone = number if one.way.tell is Tell.HOLD else -1
            groups.setdefault((one.delivery.chat, one.document, watch, one.source.id, alone), []).append(one)
        return groups.values()

    def _is_one_message(self, group: list[Leaver]) -> bool:
        first = group[0]
        if first.delivery.chat == OWNER or first.way.tell is Tell.HOLD:
            return False
        return len(group) >= ROLL_UP_FROM if first.document else self._is_flood(first)

    def _is_flood(self, one: Leaver) -> bool:
        """Whether this is part of more than twenty alerts that one source brings one chat within a minute."""
        return self._tx.alerts.recent(one.delivery.chat, one.source.id, self._now - FLOOD_WINDOW, FLOOD + 1) > FLOOD

    def _is_capped(self, group: list[Leaver]) -> bool:
        """Whether a roll-up would be one message too many."""
        return all(self._limited_now(one).tell is Tell.HOLD for one in group)

    def _limited(self, one: Leaver) -> Way:
        """The way of one alert after all that came before it; it counts from here on."""
        if one.first in self._capped:  # a follow-up is never ahead of what it answers
            return self._capped[one.first]
        if one.first is not None and one.way.silent:  # a quiet reply is neither counted nor capped
            return one.way
        way = self._limited_now(one)
        if way.tell is Tell.HOLD:
            self._capped[one.alert] = way
        else:
            self._count(one.delivery.chat)
        return way

    def _count(self, chat: str) -> None:
        """One more message of this document to a chat."""
        if is_limited(chat):
            seen = self._counters(chat)
            self._seen[chat] = Counters(seen.in_hour + 1, seen.in_ten_minutes + 1)

    def _limited_now(self, one: Leaver) -> Way:
        if one.way.tell is not Tell.NOW or not is_limited(one.delivery.chat):
            return one.way
        return limited(one.way, one.urgent, one.cap, self._counters(one.delivery.chat), self._now)

    def _counters(self, chat: str) -> Counters:
        if chat not in self._seen:
            self._seen[chat] = counters(self._tx, chat, self._now)
        return self._seen[chat]

    def _queue(self, one: Leaver, way: Way) -> None:
        delivery = replace(one.delivery, body=dump(one.card), silent=way.silent)
        if way.tell is Tell.HOLD:
            delivery = replace(delivery, state=State.HELD, hold=way.hold)
        self._tx.outbox.queue(delivery, self._now, way.until)

    def _roll_up(self, group: list[Leaver]) -> None:
        """One message for many blocks of one page, or for a flood of one feed; it has no buttons."""
        first, cards = group[0], [one.card for one in group]
        bodies = page(first.document, cards) if first.document else flood(first.source.spec.shown, cards)
        rank = min((one.delivery.rank for one in group), key=lambda rank: rank.value)
        silent = all(self._limited_now(one).silent for one in group)
        self._count(first.delivery.chat)
        plain = replace(first.delivery, form=Form.HTML, alert=None, rows=(), panel=None, reply_to=None)
        for part, body in enumerate(bodies):
            quiet = silent or part > 0  # it rings once
            self._tx.outbox.queue(replace(plain, body=body, part=part, rank=rank, silent=quiet), self._now)
