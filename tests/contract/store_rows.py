"""Short ways to the rows that the store's tests need."""

from datetime import UTC, datetime, timedelta

from watchbot.model.alert import Act, Card, Form, Marked, Move, NewDelivery, Rank, Report, State, Why
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.watch import Kind, Level
from watchbot.ports.store import Tx

NOW = datetime(2025, 3, 9, 7, 30, 15, 123456, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def feed(name: str = "Wire", address: str = "", **settings: object) -> SourceSpec:
    """A configured feed."""
    return SourceSpec(name, "feed", address or f"https://{name.lower()}.example/rss", **settings)  # type: ignore[arg-type]


def news(guid: str = "g1", title: str = "Foxconn opens a plant", **settings: object) -> Item:
    """An item."""
    return Item(guid, title, "The body.", **settings)  # type: ignore[arg-type]


def card(headline: str = "Foxconn opens a plant") -> Card:
    """A card."""
    return Card(
        ("Foxconn",),
        Marked(headline, ((0, 3),)),
        "https://wire.example/1",
        "",
        Marked("Foxconn said 鴻海.", ((13, 15),)),
        Why(Level.MAIN, "Foxconn", "title", Kind.NAME),
        (Report("Wire", headline, "https://wire.example/1", NOW),),
        "zh-TW",
        "Asia/Taipei",
    )


def source(tx: Tx, name: str = "Wire") -> SourceRow:
    """A feed beside those that are configured already."""
    specs = {row.spec.name: row.spec for row in tx.sources.active()} | {name: feed(name)}
    return tx.sources.sync(list(specs.values()), NOW)[name]


def stored(tx: Tx, guid: str = "g1") -> int:
    """An item of the feed Wire."""
    return tx.items.add(news(guid), source(tx).id, [f"g:{guid}"], NOW, False)


def alert(tx: Tx, chat: str = "7", guid: str = "g1", headline: str = "Foxconn opens a plant") -> int:
    """An alert of a new item in a story of its own."""
    item = stored(tx, guid)
    made = tx.alerts.add(chat, tx.stories.open(item, NOW), 0, item, Reason.FIRST_REPORT, card(headline), NOW)
    assert made is not None
    return made


def message(chat: str = "7", body: str = "text", rank: Rank = Rank.ALERT, **settings: object) -> NewDelivery:
    """A message to be queued."""
    return NewDelivery(chat, body, Form.HTML, rank=rank, **settings)  # type: ignore[arg-type]


def edit(alert_id: int, chat: str = "7") -> NewDelivery:
    """An edit that somebody queues by hand."""
    return NewDelivery(chat, "edit", Form.HTML, alert=alert_id, act=Act.EDIT, rank=Rank.EDIT)


def sent(message_id: int | None = 100, when: datetime = NOW) -> Move:
    """The move after a success."""
    return Move(State.SENT, when, message_id=message_id)


def retry(seconds: float, error: str = "not sent") -> Move:
    """The move after a send that surely did not arrive."""
    return Move(State.PENDING, at(seconds), error=error)
