"""The part of the database port that is about deliveries: queued, held, claimed, changed, finished."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from watchbot.model.alert import Card, Delivery, Form, Move, NewDelivery, Rank, State
from watchbot.model.panel import Panel, PanelRow, Rows


class Outbox(Protocol):
    """Deliveries: queued, claimed for sending, finished."""

    def queue(self, delivery: NewDelivery, now: datetime, next_at: datetime | None = None) -> int:
        """Add a row, due at `next_at` or now."""
        ...

    def queue_edit(
        self,
        alert_id: int,
        card: Card,
        now: datetime,
        next_at: datetime,
        rows: Rows | None = None,
        rank: Rank = Rank.EDIT,
    ) -> int | None:
        """Make the sent message of an alert show `card`: an unsent send or edit of it is replaced in place
        (gives None), else an edit is queued, due at `next_at`. `rows` are its new buttons, None for those it has; a
        waiting edit becomes as urgent and as soon due as the more urgent of both."""
        ...

    def change(self, delivery_id: int, body: str, form: Form, rows: Rows, now: datetime) -> None:
        """Make the message that a delivery became say something else, with these buttons: where it is unsent in
        place, else by an edit of rank REPLY, due now. Several at once become one."""
        ...

    def get(self, delivery_id: int) -> Delivery | None:
        """One row."""
        ...

    def by_message(self, chat: str, message_id: int) -> Delivery | None:
        """The send that became this message."""
        ...

    def panel(self, token: str) -> PanelRow | None:
        """The message whose buttons carry this token."""
        ...

    def panel_of(self, alert_id: int) -> PanelRow | None:
        """The message of an alert, where it has buttons."""
        ...

    def set_panel(self, delivery_id: int, panel: Panel) -> None:
        """Replace what stands behind the buttons of a message."""
        ...

    def recent_alerts(self, chat: str, since: datetime) -> int:
        """How many alerts went out, or are about to, in a chat since then as messages of their own (held ones,
        silent follow-ups and edits left out); a roll-up of many counts as one."""
        ...

    def held_due(self, now: datetime) -> list[tuple[str, str]]:
        """Chat and hold of held rows whose time has come, each once."""
        ...

    def held(self, chat: str, hold: str = "") -> list[Delivery]:
        """Held rows of a chat, of one hold or of all, oldest first."""
        ...

    def hold_until(self, chat: str, hold: str, next_at: datetime) -> int:
        """Give held rows another time; gives how many."""
        ...

    def postpone(self, ids: Sequence[int], next_at: datetime) -> None:
        """Give these rows another time, those of them that are still held."""
        ...

    def hold_back(self, ids: Sequence[int], hold: str, next_at: datetime) -> None:
        """Keep these rows back for another reason until then, those of them that are held or still to be sent."""
        ...

    def late(self, before: datetime) -> list[Delivery]:
        """Alerts, digests and round-ups of normal rank that were queued before then and surely not sent yet, but are
        to be, oldest first. The terminal takes as much as comes."""
        ...

    def hush(self, ids: Sequence[int]) -> None:
        """These rows make no sound, those of them that are still to be sent."""
        ...

    def settle(self, ids: Sequence[int], state: State, now: datetime) -> None:
        """Give unsent rows another state: FOLDED (their content is in another message) or PENDING (due now)."""
        ...

    def backlogs(self, now: datetime, least: int, waiting_since: datetime) -> list[str]:
        """Chats in which at least so many alerts of normal rank are due and were never tried, the oldest of them
        queued before `waiting_since`."""
        ...

    def backlog(self, chat: str, now: datetime) -> list[Delivery]:
        """Those alerts of one chat, oldest first: cards to be sent, untried, due, neither urgent nor on their way."""
        ...

    def dead(self, limit: int) -> list[Delivery]:
        """The newest rows that were given up."""
        ...

    def has_untold_dead(self) -> bool:
        """Whether there are given-up rows of which nobody was told."""
        ...

    def untold_dead(self) -> list[Delivery]:
        """Given-up rows of which nobody was told; calling it counts as telling."""
        ...

    def retry(self, delivery_id: int, now: datetime) -> bool:
        """Try a given-up row once more; False where it is none."""
        ...

    def sends(self, alert_ids: Sequence[int]) -> dict[int, Delivery]:
        """By alert: the row that sends it, or did, whose content went out inside another message only where there is
        no other. One that was part of a roll-up from the beginning has none."""
        ...

    def message_id(self, alert_id: int) -> int | None:
        """The message that an alert became; None where it is not sent yet."""
        ...

    def claim(
        self, now: datetime, holder: str, seconds: float, limit: int, chats: str, without: Collection[str] = ()
    ) -> list[Delivery]:
        """Mark rows `sending` (committed by the caller's transaction before any call) and give them.

        `chats` is "console" (only that chat) or "telegram" (every other one). At most one row a chat, none for
        a chat that has one in `sending`, is paused or parked; by rank, then oldest. `attempts` counts this try.
        A row in `uncertain` whose time has come is claimed with `repeat` set. Chat keys in `without` are passed over.
        """
        ...

    def finish(self, delivery_id: int, move: Move, now: datetime) -> None:
        """Carry out a move: state, next_at, message id, pauses, parking, migration (re-keys everything of the chat).

        An edit whose send is not yet sent waits; a sent send gives its message_id to the alert's edits.
        """
        ...

    def recover(self, now: datetime) -> int:
        """Rows left in `sending` by a dead holder (claim ran out) become `uncertain`, due 20 s later."""
        ...

    def take_over(self, holder: str, now: datetime) -> int:
        """Like recover, but at once for all rows of `holder` itself (a restart under the same name)."""
        ...

    def next_due(self, now: datetime, chats: str) -> datetime | None:
        """When the next row could be claimed; None where nothing is queued."""
        ...

    def sent_since(self, since: datetime) -> list[tuple[str, datetime]]:
        """Chat and time of every message sent (or given up) since then, oldest first, once for each call it may have
        taken."""
        ...

    def tried(self) -> list[str]:
        """The chat of every row that was called for and is still to be sent, once for each call within the last
        minute that it may have taken."""
        ...

    def counts(self) -> dict[State, int]:
        """Rows by state."""
        ...

    def waiting(self, chat: str) -> list[Delivery]:
        """Rows of a chat in `waiting`, oldest first."""
        ...

    def move_waiting(self, chat: str, state: State, now: datetime) -> int:
        """Give all `waiting` rows of a chat another state."""
        ...

    def rekey(self, old: str, new: str) -> None:
        """Move everything of one chat key to another (migration, owner claim), told-keys included."""
        ...

    def park_rows(self, chat: str) -> int:
        """Keep what is queued for a chat until chats.unpark; later rows are not touched. Gives how many."""
        ...

    def replied(self, chats: Sequence[str], since: datetime, before: datetime) -> bool:
        """Whether an answer was queued for one of these chat keys since then, and before that."""
        ...

    def pauses(self, now: datetime) -> dict[str, datetime]:
        """Chats that are left alone for now and until when; "*" is every chat."""
        ...

    def oldest_due(self, now: datetime) -> datetime | None:
        """When the oldest unsent due row was queued."""
        ...
