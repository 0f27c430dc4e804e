"""Looking into a story, and taking an item out of it that does not belong there.

reply to an alert -> its story -> items with why each stands there -> split: a story of its own, told to who missed it
"""

from dataclasses import dataclass
from datetime import datetime

from watchbot.model.records import StoredItem
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.sight import sources_in_sight
from watchbot.pipeline.telling import Arrival, Telling
from watchbot.ports.store import Tx
from watchbot.stories.keys import identity_keys


@dataclass(frozen=True, slots=True)
class Member:
    """One item of a story. `because` is "" for the one that opened it."""

    number: int
    headline: str
    source: str
    because: str


def members(tx: Tx, story: int) -> list[Member]:
    """The items of a story in order of arrival, numbered from 1."""
    found = []
    for number, stored in enumerate(_items(tx, story), start=1):
        why = tx.shelf.why(stored.id) or {}
        because = f"{why['because']} ({why['score']:.2f} of {why['threshold']:.2f})" if why.get("threshold") else ""
        found.append(Member(number, stored.item.title or stored.item.body[:90], stored.item.source, because))
    return found


def split(tx: Tx, directory: Directory, story: int, number: int, now: datetime, chat: str = "") -> str | None:
    """Take item `number` (from 2) out of the story; gives its headline, None where there is no such item. With `chat`
    those count only that this chat may see.

    Chats whose message had swallowed it are told of it now; the two items are remembered as a labelled pair.
    """
    items = [one for one in _items(tx, story) if not chat or sources_in_sight(tx, one.id, chat)]
    if not 2 <= number <= len(items):
        return None
    first, gone = items[0], items[number - 1]
    source = tx.sources.get(gone.source_id)
    if source is None:
        return None
    tx.stories.add_pair(first.item, gone.item, same=False, at=now)
    alerts = tx.alerts.of_story(story)
    told = {alert.chat for alert in alerts if alert.item == gone.id}
    chats = frozenset(alert.chat for alert in alerts) - told
    keys = identity_keys(gone.source_id, gone.item)
    telling = Telling(tx, directory, now)
    telling.split(Arrival(gone.id, gone.item, keys, source, now, None, baseline=False, known=True), chats)
    telling.finish()
    return gone.item.title or gone.item.body[:90]


def _items(tx: Tx, story: int) -> list[StoredItem]:
    return [stored for item in tx.stories.items(story) if (stored := tx.items.get(item))]
