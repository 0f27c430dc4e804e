"""How things stand: for one chat, and for whoever runs the bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from watchbot.model.alert import Delivery, State

HOLDS = ("digest", "quiet", "cap", "mute")


@dataclass(frozen=True, slots=True)
class Ailing:
    """A source that fails. `since` is when that began, None where not known; `gone`: it is not asked any more."""

    name: str
    error: str
    since: datetime | None
    gone: bool


@dataclass(frozen=True, slots=True)
class LastAlert:
    """The newest alert of a chat. `delay` are the seconds from the arrival of its news to its sending, None while it is
    not sent."""

    headline: str
    at: datetime
    delay: float | None


@dataclass(frozen=True, slots=True)
class ChatStanding:
    """How one chat is served. `paused` is until when Telegram asked for a rest, None for now; `trouble` what is wrong
    with the connection, "" while well; `held` counts what is kept back by digest, quiet, cap and mute."""

    watches: int
    off: int
    sources: int
    ailing: tuple[Ailing, ...]
    today: int
    held: Mapping[str, int] = field(default_factory=dict)
    last: LastAlert | None = None
    paused: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class BotStanding:
    """How the bot as a whole fares. `holder` is the node that talks to Telegram, "" for none; `parked` chat and why;
    `names` what chats are called; `dead` the newest given-up messages; `aside` counts updates that could not be
    handled, `aside_last` says which was the last."""

    outbox: Mapping[State, int]
    oldest: datetime | None
    parked: Mapping[str, str]
    dead: tuple[Delivery, ...]
    names: Mapping[str, str]
    aside: int
    people: int
    chores: int
    holder: str
    aside_last: str = ""
    mutes: int = 0
