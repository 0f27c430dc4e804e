"""Messages with buttons: found by the token that their buttons carry, by their alert, or by the message itself."""

from typing import Any

from sqlalchemy import Connection, Row, select, text, update

from watchbot.model.alert import Act, Delivery
from watchbot.model.panel import Panel, PanelRow
from watchbot.store import claims, delivery_rows
from watchbot.store.codec import dump_panel, load_panel, load_rows
from watchbot.store.tables import deliveries


def by_token(connection: Connection, token: str) -> PanelRow | None:
    """The message whose buttons carry this token."""
    if not token:
        return None
    known = text("deliveries.token <> ''")  # as the partial index says it
    query = select(deliveries).where(known, deliveries.c.token == token, deliveries.c.act == Act.SEND.value)
    return _panel(connection.execute(query.order_by(deliveries.c.id).limit(1)).one_or_none())


def of_alert(connection: Connection, alert_id: int) -> PanelRow | None:
    """The message of an alert, where something answers its buttons."""
    return _panel(delivery_rows.send_of(connection, alert_id))


def set_panel(connection: Connection, delivery_id: int, panel: Panel) -> None:
    """Replace what stands behind the buttons of a message."""
    changed = update(deliveries).where(deliveries.c.id == delivery_id)
    connection.execute(changed.values(panel=dump_panel(panel)))


def by_message(connection: Connection, chat: str, message_id: int) -> Delivery | None:
    """The send that became this message."""
    query = select(deliveries).where(
        deliveries.c.chat == chat, deliveries.c.message_id == message_id, deliveries.c.act == Act.SEND.value
    )
    row = connection.execute(query.order_by(deliveries.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else claims.record(row)


def _panel(row: Row[Any] | None) -> PanelRow | None:
    panel = None if row is None else load_panel(row.panel)
    if row is None or panel is None:
        return None
    return PanelRow(row.id, row.chat, row.message_id, row.alert, panel, load_rows(row.rows), row.repeat)
