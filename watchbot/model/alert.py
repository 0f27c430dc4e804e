"""What goes out: a card (the content of an alert), deliveries of it, and what became of a delivery."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from watchbot.model.panel import Panel, Rows
from watchbot.model.watch import Kind, Level


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marked ranges (code points, in order, not overlapping)."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The one-line reason of an alert: how the item speaks of the watch, by which term, in which field."""

    level: Level
    term: str
    field: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Report:
    """One source's report of the story. `at` is aware: published, else seen."""

    source: str
    title: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """All that one alert shows. `place` is "file, line n" for a dropped page, else "".

    `language` is en or zh-TW, `timezone` an IANA name. `reports` holds the first report first. `old`: it was old news
    when it came, and says so by its full date. `later` counts the follow-ups that came as no message of their own.
    `compact`: only the first line and that of the source.
    """

    watches: tuple[str, ...]
    headline: Marked
    url: str
    place: str
    teaser: Marked
    why: Why
    reports: tuple[Report, ...]
    language: str
    timezone: str
    old: bool = False
    later: int = 0
    compact: bool = False


class State(Enum):
    """Where a delivery is; the lawful moves are drawn in docs/states.md and made by pipeline/deliver.py."""

    WAITING = "waiting"  # its chat is not known yet (owner before the claim, no token)
    HELD = "held"  # kept back until next_at for the reason in `hold`: digest, quiet hours, cap, a mute
    PENDING = "pending"  # to be sent at next_at
    SENDING = "sending"  # committed before the call; found again after a death
    UNCERTAIN = "uncertain"  # the answer was lost: once more at next_at, marked
    SENT = "sent"
    PARKED = "parked"  # the chat cannot be reached (blocked, kicked); kept
    DEAD = "dead"  # given up after every way failed; visible and retryable
    FOLDED = "folded"  # its content went out inside another message


class Form(Enum):
    """CARD: body is a Card as JSON; HTML: body is one part of Telegram HTML; FILE: body is a FileBody as JSON."""

    CARD = "card"
    HTML = "html"
    FILE = "file"


class Act(Enum):
    """What a delivery asks of the sender."""

    SEND = "send"
    EDIT = "edit"


class Rank(Enum):
    """Order in the outbox, the smallest first."""

    REPLY = 0
    URGENT = 10
    ALERT = 20
    EDIT = 30
    DIGEST = 40


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to be queued. `chat` is a chat key; `alert` the alert's row id or None for replies and notices.

    `rows` are its buttons and `panel` what answers them. `hold` says why a row in `held` is kept back: `digest`,
    `quiet`, `cap` or `mute:<id>`.
    """

    chat: str
    body: str
    form: Form
    alert: int | None = None
    act: Act = Act.SEND
    part: int = 0
    rank: Rank = Rank.ALERT
    silent: bool = False
    reply_to: int | None = None
    state: State = State.PENDING
    rows: Rows = ()
    panel: Panel | None = None
    hold: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One outbox row as the courier sees it. `message_id` is the message to edit, or what a send became.

    `repeat` says that an earlier try may have arrived; `attempts` counts calls made, this one included. `token` stands
    before the data of every button in `rows`. `finished_at` is when it was sent, given up or folded.
    """

    id: int
    chat: str
    body: str
    form: Form
    act: Act
    part: int
    rank: Rank
    silent: bool
    state: State
    attempts: int
    next_at: datetime
    created_at: datetime
    alert: int | None = None
    reply_to: int | None = None
    message_id: int | None = None
    repeat: bool = False
    plain: bool = False
    error: str = ""
    rows: Rows = ()
    token: str = ""
    hold: str = ""
    finished_at: datetime | None = None


class Result(Enum):
    """The classes of what a send call came to (see findings on Telegram; delivery/outcome.py classifies)."""

    SENT = "sent"
    NOT_SENT = "not_sent"  # surely not delivered: retry for ever
    UNCERTAIN = "uncertain"  # may have arrived
    PAUSED = "paused"  # 429: `seconds` to wait
    MIGRATED = "migrated"  # `chat` is the new key
    UNREACHABLE = "unreachable"  # blocked, kicked, chat gone
    BAD_TEXT = "bad_text"  # once more as plain text
    NO_THREAD = "no_thread"  # topic gone: General
    NO_MESSAGE = "no_message"  # message to edit or to reply to is gone
    REFUSED = "refused"  # the token is not accepted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a send call came to. `message_id` where sent; `seconds` of a pause; `chat` is the new key after a
    migration, or the id of a chat that was written to by its @name."""

    result: Result
    message_id: int | None = None
    seconds: float = 0.0
    chat: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """The lawful next step of a delivery: made by the pure pipeline/deliver.py, carried out by the store.

    `pause_chat`/`pause_all` are seconds during which that chat / every chat is left alone.
    """

    state: State
    next_at: datetime
    message_id: int | None = None
    error: str = ""
    plain: bool = False
    repeat: bool = False
    drop_reply: bool = False
    pause_chat: float = 0.0
    pause_all: float = 0.0
    park_chat: bool = False
    new_chat: str = ""
