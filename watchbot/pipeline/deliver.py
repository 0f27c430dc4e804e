"""What becomes of a delivery after a call: the lawful moves of docs/states.md. Pure.

delivery (sending) + outcome + now -> Move
"""

from dataclasses import replace
from datetime import datetime, timedelta

from watchbot.model.alert import Act, Delivery, Move, Outcome, Result, State

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0  # as long as between two probes of a line that is down: who waits longer comes late after it
UNCERTAIN_WAIT = 20.0
UNCERTAIN_TRIES = 5
LONGEST_UNCERTAIN_WAIT = 600.0
UNCERTAIN_FOR = timedelta(days=1)
REFUSED_PAUSE = 60.0
PAUSE_FOR_ALL = 60.0
TRIES_AFTER_A_BUG = 5
OWN_LIMIT = "own limit"  # the error of a pause that our own limiter asked for: nothing was called


def after(delivery: Delivery, outcome: Outcome, now: datetime, jitter: float, flood: bool = False) -> Move:
    """The next step. `jitter` is 0..1 and spreads retries; `flood` says that another chat is paused as well."""
    again = _again(delivery, outcome, now)
    match outcome.result:
        case Result.SENT:
            arrived = outcome.message_id or delivery.message_id
            return Move(State.SENT, now, message_id=arrived, new_chat=outcome.chat)
        case Result.NOT_SENT:
            return replace(again, next_at=_later(now, backoff(delivery.attempts, jitter)))
        case Result.UNCERTAIN:
            return _uncertain(again, delivery, now, jitter)
        case Result.PAUSED:
            return _paused(again, outcome, now, flood)
        case Result.MIGRATED:
            return _rekeyed(again, delivery, outcome.chat)
        case Result.NO_THREAD:
            return _rekeyed(again, delivery, delivery.chat.partition("/")[0])
        case Result.UNREACHABLE:
            return replace(again, state=State.PARKED, park_chat=True)
        case Result.BAD_TEXT:
            return replace(again, plain=True, state=State.DEAD if delivery.plain else State.PENDING)
        case Result.NO_MESSAGE:
            return _no_message(again, delivery)
        case Result.REFUSED:
            return replace(again, next_at=_later(now, REFUSED_PAUSE), pause_all=REFUSED_PAUSE)


def after_bug(delivery: Delivery, error: str, now: datetime) -> Move:
    """The sender itself broke: nobody knows whether the call was made; after a few tries the row is given up."""
    again = _again(delivery, Outcome(Result.UNCERTAIN, error=error), now)
    if delivery.attempts >= TRIES_AFTER_A_BUG:
        return replace(again, state=State.DEAD)
    return replace(again, state=State.UNCERTAIN, next_at=_later(now, UNCERTAIN_WAIT), repeat=_marked(delivery))


def backoff(attempts: int, jitter: float) -> float:
    """Seconds before a further try: 1, 2, 4 ... up to a minute, up to a quarter more by jitter."""
    wait = min(FIRST_WAIT * 2.0 ** min(max(attempts - 1, 0), 16), LONGEST_WAIT)
    return wait * (1.0 + jitter / 4.0)


def _again(delivery: Delivery, outcome: Outcome, now: datetime) -> Move:
    """The same message once more at once; what is known of earlier tries is kept."""
    return Move(
        State.PENDING,
        now,
        message_id=delivery.message_id,
        error=outcome.error or outcome.result.value,
        plain=delivery.plain,
        repeat=delivery.repeat,
    )


def _uncertain(again: Move, delivery: Delivery, now: datetime, jitter: float) -> Move:
    """It may have arrived: once more in 20 s, marked. While answers stay lost the waits grow, and after a day of
    them the row is given up: a message that arrives every time would be told again and again."""
    if delivery.attempts >= UNCERTAIN_TRIES and now - delivery.created_at >= UNCERTAIN_FOR:
        return replace(again, state=State.DEAD)
    doubled = UNCERTAIN_WAIT * 2.0 ** min(max(delivery.attempts - UNCERTAIN_TRIES, 0), 16)
    wait = min(doubled, LONGEST_UNCERTAIN_WAIT) * (1.0 + jitter / 10.0)
    return replace(again, state=State.UNCERTAIN, next_at=_later(now, wait), repeat=_marked(delivery))


def _marked(delivery: Delivery) -> bool:
    """Whether a further try must say that it is one: an edit may be made twice without harm."""
    return delivery.repeat or delivery.act is Act.SEND


def _paused(again: Move, outcome: Outcome, now: datetime, flood: bool) -> Move:
    """Leave the chat alone for as long as was asked, and every chat where the pause is long or not the only one."""
    seconds = max(outcome.seconds, 0.0)
    everyone = seconds if flood or seconds >= PAUSE_FOR_ALL else 0.0
    return replace(again, next_at=_later(now, seconds), pause_chat=seconds, pause_all=everyone)


def _rekeyed(again: Move, delivery: Delivery, chat: str) -> Move:
    """The same message to the chat's new key; where there is none the chat cannot be reached."""
    if not chat or chat == delivery.chat:
        return replace(again, state=State.PARKED, park_chat=True)
    return replace(again, new_chat=chat)


def _no_message(again: Move, delivery: Delivery) -> Move:
    """An edit of a deleted message has nothing left to do; a reply goes out without what it answered."""
    if delivery.act is Act.EDIT:
        return replace(again, state=State.FOLDED)
    if delivery.reply_to is not None:
        return replace(again, drop_reply=True)
    return replace(again, plain=True, state=State.DEAD if delivery.plain else State.PENDING)


def _later(now: datetime, seconds: float) -> datetime:
    """A time from now."""
    return now + timedelta(seconds=seconds)
