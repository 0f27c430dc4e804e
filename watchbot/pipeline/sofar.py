"""What a chat has of a story so far: its alerts, and where their messages are.

alerts of the story in the chat + their sends + what leaves just now -> SoFar -> what grows, what waits, what was heard
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from watchbot.message.card import joined
from watchbot.model.alert import Card, Delivery, State
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, Mute
from watchbot.pipeline.leaving import Leaver
from watchbot.pipeline.policy import CAP, DIGEST, MUTE, QUIET, Tell, Way

_HELD_FOR = {DIGEST: Reason.DIGEST_DUE, QUIET: Reason.QUIET_HOURS, CAP: Reason.CAPPED}


@dataclass(frozen=True, slots=True)
class SoFar:
    """The alerts of one story in one chat, oldest first, with the rows that send them and those that leave just now."""

    alerts: Sequence[AlertRow]
    sends: Mapping[int, Delivery]
    leaving: Callable[[int], Leaver | None]

    @property
    def root(self) -> AlertRow | None:
        """The alert whose message names further sources and is answered by follow-ups: the first one that is, or will
        be, a message of its own, and lies in no mute where there is another one; the very first where all of them came
        inside others."""
        own = [alert for alert in self.alerts if alert.reason is not Reason.RELATED and self._is_message(alert)]
        heard = (alert for alert in own if not ((way := self.waits(alert)) and way.hold.startswith(MUTE)))
        return next(chain(heard, own, self.alerts), None)

    def message_id(self, alert: AlertRow) -> int | None:
        """The message that an alert became."""
        send = self.sends.get(alert.id)
        return send.message_id if send else None

    def waits(self, alert: AlertRow) -> Way | None:
        """How an alert is held back, None where it is not."""
        leaver = self.leaving(alert.id)
        if leaver is not None:
            return leaver.way if leaver.way.tell is Tell.HOLD and not leaver.folded else None
        send = self.sends.get(alert.id)
        if send is None or send.state is not State.HELD:
            return None
        return Way(Tell.HOLD, True, send.hold, send.next_at, _HELD_FOR.get(send.hold, Reason.MUTED))

    def root_waits(self) -> Way | None:
        """How the story's first message is held back for a time (a mute is none), None where it is not."""
        found = self.waits(self.root) if self.root else None
        return found if found is not None and not found.hold.startswith(MUTE) else None

    def is_unheard(self, mutes: Sequence[Mute], known: bool) -> bool:
        """Whether all that the chat has of the story lies in mutes, which do not silence what comes now: their time is
        over, or they are about another source. An item that is `known` was kept back itself, and counts as new only
        where it was kept back for the source that brought it."""
        kinds = {f"{MUTE}{mute.id}": mute.kind for mute in mutes}
        holds = [way.hold if (way := self.waits(alert)) else "" for alert in self.alerts]
        return bool(holds) and all(
            hold.startswith(MUTE) and (not known or kinds.get(hold) == "source") for hold in holds
        )

    def taken_over(self, card: Card) -> tuple[Card, list[int]]:
        """What is told now with all that waited for a digest, the end of quiet hours or of a cap, and the rows of the
        outbox that have nothing left to say."""
        rows = []
        for alert in self.alerts:
            way = self.waits(alert)
            if way is None or way.hold.startswith(MUTE):
                continue
            leaver = self.leaving(alert.id)
            card = joined(card, leaver.card if leaver else alert.card)
            if leaver is not None:
                leaver.folded = True
            else:
                rows.append(self.sends[alert.id].id)
        return card, rows

    def _is_message(self, alert: AlertRow) -> bool:
        leaver = self.leaving(alert.id)
        if leaver is not None:
            return not leaver.folded
        send = self.sends.get(alert.id)
        return send is not None and send.state is not State.FOLDED
