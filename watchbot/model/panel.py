"""A message with buttons: what stands on them, what a press says, and what the code behind them remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_DATA = 44  # bytes: Telegram takes 64, the token and its colon need 17, three are left over


@dataclass(frozen=True, slots=True)
class Button:
    """One button. `data` is what a press says, a verb or `verb:argument` of at most 44 bytes; or a web address."""

    text: str
    data: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands behind the buttons of a message.

    `kind` names the code that answers presses, `state` is its memory (JSON), `user` the only person who may press, 0
    for everybody whom that code lets.
    """

    kind: str
    state: Mapping[str, Any] = field(default_factory=dict)
    user: int = 0


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A stored panel: the delivery it hangs on, its chat, message (None while unsent) and alert (None for replies).
    `repeat`: the message may stand in the chat twice."""

    delivery: int
    chat: str
    message_id: int | None
    alert: int | None
    panel: Panel
    rows: Rows = ()
    repeat: bool = False
