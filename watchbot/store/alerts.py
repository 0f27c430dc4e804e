"""What was decided to be told, every reason why or why not, and the told-keys."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from watchbot.message.codec import dump, load
from watchbot.model.alert import Card
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, Decision, WatchRhythm
from watchbot.store.statements import Bulk, chunks, fit, upsert
from watchbot.store.tables import alerts, decisions, deliveries, items, storable, to_micros, told, watch_silences

_DECISIONS = Bulk(
    decisions,
    ("item", "chat", "watchlist", "watch", "reason", "at"),
    "(item, chat, watchlist, watch) DO UPDATE SET reason = excluded.reason, at = excluded.at",
)
_TOLD = Bulk(told, ("chat", "key", "at"), "(chat, key) DO UPDATE SET at = excluded.at")


class SqlAlerts:
    """Implements the Alerts port."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this transaction."""
        self._connection = connection

    def add(
        self, chat: str, story: int, round_: int, item: int, reason: Reason, card: Card, at: datetime
    ) -> int | None:
        """Store an alert; None where UNIQUE(chat, story, round) says it exists."""
        values = {
            "chat": chat,
            "story": story,
            "round": round_,
            "item": item,
            "reason": reason.value,
            "card": dump(card),
            "decided_at": at,
        }
        new = upsert(self._connection, alerts).on_conflict_do_nothing(index_elements=["chat", "story", "round"])
        if self._connection.execute(new, values).rowcount <= 0:
            return None
        place = (alerts.c.chat == chat, alerts.c.story == story, alerts.c.round == round_)
        return int(self._connection.execute(select(alerts.c.id).where(*place)).scalar_one())

    def of_story(self, story: int) -> list[AlertRow]:
        """All alerts of a story."""
        return self._rows(select(alerts).where(alerts.c.story == story).order_by(alerts.c.id))

    def get(self, alert_id: int) -> AlertRow | None:
        """One alert."""
        return next(iter(self._rows(select(alerts).where(alerts.c.id == alert_id))), None)

    def by_message(self, chat: str, message_id: int) -> AlertRow | None:
        """The alert that became this message."""
        sent = select(deliveries.c.alert).where(
            deliveries.c.chat == chat, deliveries.c.message_id == message_id, deliveries.c.alert.is_not(None)
        )
        query = select(alerts).where(alerts.c.id.in_(sent)).order_by(alerts.c.id.desc()).limit(1)
        return next(iter(self._rows(query)), None)

    def set_card(self, alert_id: int, card: Card) -> None:
        """Replace what an alert shows."""
        self._connection.execute(update(alerts).where(alerts.c.id == alert_id).values(card=dump(card)))

    def decide(self, decision: Decision) -> None:
        """Store why an item was or was not told."""
        self.decide_many([decision])

    def decide_many(self, found: Sequence[Decision]) -> None:
        """Store why items were or were not told (the latest reason of a chat, item, watchlist and watch wins)."""
        rows = [
            (
                decision.item,
                storable(decision.chat),
                storable(decision.watchlist),
                storable(decision.watch),
                decision.reason.value,
                to_micros(decision.at),
            )
            for decision in found
        ]
        _DECISIONS.write(self._connection, rows)

    def decisions(self, item_id: int) -> list[Decision]:
        """All decisions about an item, by chat, watchlist and watch."""
        query = select(decisions).where(decisions.c.item == item_id)
        rows = self._connection.execute(query)
        found = [Decision(row.chat, row.item, row.watchlist, row.watch, Reason(row.reason), row.at) for row in rows]
        return sorted(found, key=lambda one: (one.chat, one.watchlist, one.watch))

    def last(self, limit: int) -> list[AlertRow]:
        """The newest alerts, newest first."""
        return self._rows(select(alerts).order_by(alerts.c.id.desc()).limit(limit))

    def latest(self, chat: str, limit: int, watch: str = "") -> list[AlertRow]:
        """The newest first alerts of a chat, newest first, one a story; with `watch` (a label) only that watch's."""
        query = select(alerts).where(alerts.c.chat == chat, alerts.c.round == 0).order_by(alerts.c.id.desc())
        if not watch:
            return self._rows(query.limit(limit))
        label = json.dumps(storable(watch), ensure_ascii=False)  # as it stands in the card; then looked at exactly
        rows = self._connection.execute(query.where(alerts.c.card.contains(label, autoescape=True)))
        return list(islice((one for one in map(_record, rows) if storable(watch) in one.card.watches), limit))

    def told(self, chat: str, keys: Sequence[str]) -> bool:
        """Whether something under one of these keys was told to the chat."""
        for part in chunks([fit(key) for key in keys]):
            query = select(told.c.key).where(told.c.chat == chat, told.c.key.in_(part)).limit(1)
            if self._connection.execute(query).first() is not None:
                return True
        return False

    def tell(self, chat: str, keys: Sequence[str], at: datetime) -> None:
        """Remember that this was told to the chat; a key told again keeps its latest time."""
        rows = [(storable(chat), key, to_micros(at)) for key in dict.fromkeys(map(fit, keys))]
        _TOLD.write(self._connection, rows)

    def recent(self, chat: str, source_id: int, since: datetime, most: int) -> int:
        """How many alerts, counted up to `most`, a chat got of a source's items since then."""
        mine = (alerts.c.chat == chat, alerts.c.decided_at >= since, items.c.source_id == source_id)
        found = select(alerts.c.id).join(items, items.c.id == alerts.c.item).where(*mine).limit(most).subquery()
        return self._connection.execute(select(func.count()).select_from(found)).scalar_one()

    def rhythms(self, since: datetime) -> list[WatchRhythm]:
        """How often every watch fired since then, the baseline left out."""
        fired = (decisions.c.at >= since, decisions.c.reason != Reason.BASELINE.value)
        names = (decisions.c.watchlist, decisions.c.watch)
        found = select(
            *names,
            func.count(decisions.c.item.distinct()).label("fired"),
            func.min(decisions.c.at).label("first_at"),
            func.max(decisions.c.at).label("last_at"),
        )
        rows = self._connection.execute(found.where(*fired).group_by(*names))
        told = {(row.watchlist, row.watch): row.last_at for row in self._connection.execute(select(watch_silences))}
        return [
            WatchRhythm(
                row.watchlist, row.watch, row.fired, row.first_at, row.last_at, told.get((row.watchlist, row.watch))
            )
            for row in rows
        ]

    def note_silence(self, watchlist: str, watch: str, last_at: datetime) -> bool:
        """Remember that it was told that a watch has been silent since then; False where that was known."""
        new = upsert(self._connection, watch_silences)
        again = new.on_conflict_do_update(
            index_elements=["watchlist", "watch"],
            set_={"last_at": new.excluded.last_at},
            where=watch_silences.c.last_at != new.excluded.last_at,
        )
        values = {"watchlist": watchlist, "watch": watch, "last_at": last_at}
        return self._connection.execute(again, values).rowcount > 0

    def count_told(self) -> int:
        """How many stories were told to somebody."""
        return self._connection.execute(select(func.count(alerts.c.story.distinct()))).scalar_one()

    def _rows(self, query: Any) -> list[AlertRow]:
        return [_record(row) for row in self._connection.execute(query)]


def _record(row: Row[Any]) -> AlertRow:
    """A row as the pipeline sees it."""
    return AlertRow(
        row.id, row.chat, row.story, row.round, row.item, Reason(row.reason), load(row.card), row.decided_at
    )
