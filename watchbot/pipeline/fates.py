"""What became of an alert: told by itself, or inside another message, or it waits still."""

from watchbot.model.alert import State
from watchbot.model.records import AlertRow
from watchbot.model.why import Fate
from watchbot.ports.store import Tx


def fate_of(tx: Tx, alert: AlertRow) -> Fate | None:
    """Where an alert is; None where it is on its way."""
    send = tx.outbox.sends([alert.id]).get(alert.id)
    if send is None:  # part of a roll-up from the beginning
        return Fate("others", alert.decided_at, out=True)
    held = send.hold.partition(":")[0]
    match send.state:
        case State.SENT:
            return Fate("alert", send.finished_at or send.next_at, out=True)
        case State.FOLDED:
            return Fate(held or "others", send.finished_at or send.next_at, out=True)
        case State.HELD:
            return Fate(held, send.next_at, out=False)
        case _:
            return None
