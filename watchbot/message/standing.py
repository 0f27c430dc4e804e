"""/status in words a person understands: this chat's own, and below it the bot's for whoever runs it.

ChatStanding -> chat_lines; BotStanding -> bot_lines, dead_rows -> Telegram HTML and buttons
"""

from datetime import datetime

from watchbot.message.errors import said
from watchbot.message.parts import escape, foreign
from watchbot.message.times import clock
from watchbot.message.words import count, number_in, say, together
from watchbot.model.alert import State
from watchbot.model.panel import Button, Rows
from watchbot.model.standing import HOLDS, Ailing, BotStanding, ChatStanding

MOST_SHOWN = 5
ALONE = "local"  # the name of the only node of a SQLite database
_COLUMNS = 90
_NAME_COLUMNS = 40
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_QUEUED = (State.PENDING, State.SENDING, State.UNCERTAIN, State.HELD, State.WAITING, State.PARKED, State.DEAD)


def chat_lines(language: str, standing: ChatStanding, timezone: str, now: datetime) -> str:
    """How this chat is served."""
    watching = say(language, "standing_watches", watches=count(language, "watch", standing.watches))
    if standing.off:
        watching += say(language, "standing_off", number=number_in(language, standing.off))
    lines = [say(language, "standing_title"), watching if standing.watches else say(language, "standing_no_watches")]
    lines += _sources(language, standing, timezone, now)
    lines.append(say(language, "standing_today", alerts=count(language, "told_alert", standing.today)))
    lines += _held(language, standing)
    lines.append(_last(language, standing, timezone, now))
    lines.append(_sending(language, standing, timezone, now))
    return "\n".join(lines)


def bot_lines(language: str, standing: BotStanding, timezone: str, now: datetime) -> str:
    """How the whole bot fares: no text of any message."""
    lines = [
        say(language, "standing_bot_title"),
        _node(language, standing.holder),
        _outbox(language, standing, now),
        say(
            language,
            "standing_counts",
            people=count(language, "person", standing.people),
            mutes=count(language, "mute", standing.mutes),
            chores=count(language, "chore", standing.chores),
        ),
    ]
    if standing.aside:
        aside = count(language, "set_aside", standing.aside)
        lines.append(say(language, "standing_aside", aside=aside, last=_short(standing.aside_last)))
    lines += _parked(language, standing)
    if standing.dead:
        lines.append(say(language, "standing_dead_title"))
    for row in standing.dead[:MOST_SHOWN]:
        at = clock(row.created_at, language, timezone, now)
        place = _chat(standing, row.chat)
        lines.append(say(language, "standing_dead", id=row.id, time=at, chat=place, error=_error(language, row.error)))
    return "\n".join(lines)


def dead_rows(language: str, standing: BotStanding) -> Rows:
    """[Try again] for each given-up message, and for all of them."""
    buttons = [
        Button(say(language, "standing_retry", id=row.id), f"retry:{row.id}") for row in standing.dead[:MOST_SHOWN]
    ]
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    if buttons and standing.outbox.get(State.DEAD, 0) > 1:
        rows.append((Button(say(language, "standing_retry_all"), "retry:all"),))
    return tuple(rows)


def lasting(language: str, seconds: float) -> str:
    """A length of time: `4 s`, `3 min`, `2.5 h`, `3 days`."""
    if seconds < _MINUTE:
        return say(language, "standing_seconds", number=number_in(language, round(seconds)))
    if seconds < _HOUR:
        return say(language, "standing_minutes", number=number_in(language, round(seconds / _MINUTE)))
    if seconds < 2 * _DAY:
        return say(language, "standing_hours", number=number_in(language, round(seconds / _HOUR, 1)))
    return count(language, "day", round(seconds / _DAY))


def _sources(language: str, standing: ChatStanding, timezone: str, now: datetime) -> list[str]:
    """How many serve this chat, and which of them fail."""
    total = count(language, "source", standing.sources)
    if not standing.sources:
        return [say(language, "standing_no_sources")]
    if not standing.ailing:
        return [say(language, "standing_sources_well", sources=total)]
    ill = number_in(language, len(standing.ailing))
    lines = [say(language, "standing_sources_ill", sources=total, number=ill)]
    lines += [_ailing(language, one, timezone, now) for one in standing.ailing[:MOST_SHOWN]]
    if len(standing.ailing) > MOST_SHOWN:
        lines.append(f"+{len(standing.ailing) - MOST_SHOWN}")
    return lines


def _ailing(language: str, one: Ailing, timezone: str, now: datetime) -> str:
    if one.gone:
        return say(language, "standing_gone", name=_name(one.name))
    since = clock(one.since or now, language, timezone, now)
    return say(language, "standing_ailing", name=_name(one.name), time=since, error=_error(language, one.error))


def _held(language: str, standing: ChatStanding) -> list[str]:
    """What is kept back, by the reason."""
    parts = [
        say(language, f"standing_held_{hold}", alerts=count(language, "told_alert", standing.held[hold]))
        for hold in HOLDS
        if standing.held.get(hold)
    ]
    return [say(language, "standing_held", parts=together(language, parts))] if parts else []


def _last(language: str, standing: ChatStanding, timezone: str, now: datetime) -> str:
    last = standing.last
    if last is None:
        return say(language, "standing_no_alert")
    at, headline = clock(last.at, language, timezone, now), foreign(last.headline, _COLUMNS)
    if last.delay is None:
        return say(language, "standing_last_unsent", time=at, headline=headline)
    return say(language, "standing_last", time=at, headline=headline, delay=lasting(language, last.delay))


def _sending(language: str, standing: ChatStanding, timezone: str, now: datetime) -> str:
    if standing.trouble:
        return say(language, "standing_trouble", trouble=_error(language, standing.trouble))
    if standing.paused is not None and standing.paused > now:
        return say(language, "standing_paused", time=clock(standing.paused, language, timezone, now))
    return say(language, "standing_sending")


def _node(language: str, holder: str) -> str:
    """Who talks to Telegram; a node on a database of its own has no name worth telling."""
    if not holder:
        return say(language, "standing_no_node")
    return say(language, "standing_connected" if holder == ALONE else "standing_node", node=_name(holder))


def _outbox(language: str, standing: BotStanding, now: datetime) -> str:
    """What is on its way, by state."""
    parts = [
        say(language, f"standing_state_{state.value}", number=number_in(language, standing.outbox[state]))
        for state in _QUEUED
        if standing.outbox.get(state)
    ]
    if not parts:
        return say(language, "standing_outbox_empty")
    line = say(language, "standing_outbox", parts=together(language, parts))
    if standing.oldest is None:
        return line
    waited = lasting(language, max(0.0, (now - standing.oldest).total_seconds()))
    return line + say(language, "standing_oldest", time=waited)


def _parked(language: str, standing: BotStanding) -> list[str]:
    """Chats that cannot be written to."""
    shown = list(standing.parked.items())[:MOST_SHOWN]
    lines = [
        say(language, "standing_parked", chat=_chat(standing, chat), why=_error(language, why)) for chat, why in shown
    ]
    return [*lines, f"+{len(standing.parked) - MOST_SHOWN}"] if len(standing.parked) > MOST_SHOWN else lines


def _chat(standing: BotStanding, chat: str) -> str:
    """A chat by its name and id."""
    name = standing.names.get(chat, "")
    return f"{_name(name)} (<code>{escape(chat)}</code>)" if name else f"<code>{escape(chat)}</code>"


def _name(text: str) -> str:
    return foreign(text, _NAME_COLUMNS)


def _short(text: str) -> str:
    return foreign(text, _COLUMNS)


def _error(language: str, text: str) -> str:
    """What went wrong, in the language."""
    return _short(said(language, text))
