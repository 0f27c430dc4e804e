"""`status`, `stories` and `invite`: they look at the database beside a running daemon."""

import secrets
from argparse import Namespace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from watchbot.cli.context import dump, opened, read_settings, seconds
from watchbot.cli.sources import source_json
from watchbot.model.errors import UsageError, WatchbotError

if TYPE_CHECKING:
    from watchbot.model.settings import Settings
    from watchbot.ports.store import Tx

_COUNTED = (
    ("mutes", "mutes"),
    ("chores", "chores waiting"),
    ("set_aside", "messages that could not be handled"),
)


def stories(options: Namespace) -> int:
    """Write the labelled pairs as JSON Lines."""
    settings = read_settings(options)
    with opened(settings) as store, store.read() as tx:
        for pair in tx.stories.pairs():
            print(dump({"one": pair.one, "other": pair.other, "same": pair.same, "at": pair.at}))
    return 0


def status(options: Namespace) -> int:
    """Say what is connected, polled, sent and waiting."""
    settings = read_settings(options)
    with opened(settings) as store, store.read() as tx:
        facts = _facts(tx, settings)
    if options.json:
        print(dump(facts))
        return 0
    print(f"telegram: {facts['telegram']}")
    for source in facts["sources"]:
        print(f"source:   {source['name']}: {source['state']}")
    print(f"items:    {facts['items']} stored, {facts['told']} stories told")
    boxes = ", ".join(f"{count} {state}" for state, count in sorted(facts["outbox"].items())) or "empty"
    delay = f"; the oldest due has waited {facts['oldest_due_seconds']:.0f} s" if facts["oldest_due_seconds"] else ""
    print(f"outbox:   {boxes}{delay}")
    for chat, why in facts["parked"].items():
        print(f"parked:   {chat}: {why}")
    for row in facts["held"]:
        print(f"held:     {row['chat']}: {row['count']} for {row['hold']}")
    for row in facts["dead"]:
        print(f"dead:     #{row['id']} {row['at']} {row['chat']}: {row['error']}")
    if waiting := [f"{facts[name]} {words}" for name, words in _COUNTED if facts[name]]:
        print(f"chats:    {', '.join(waiting)}")
    for alert in facts["last_alerts"]:
        print(f"alert:    {alert['at']} {alert['chat']}: {', '.join(alert['watches'])} - {alert['headline']}")
    return 0


def _facts(tx: "Tx", settings: "Settings") -> dict[str, Any]:
    from watchbot.clock import SystemClock

    now = SystemClock().now()
    oldest = tx.outbox.oldest_due(now)
    return {
        "telegram": _telegram_state(tx, settings),
        "sources": [source_json(row) for row in tx.sources.active()],
        "items": tx.items.count(),
        "told": tx.alerts.count_told(),
        "outbox": {state.value: count for state, count in tx.outbox.counts().items() if count},
        "oldest_due_seconds": (now - oldest).total_seconds() if oldest else 0.0,
        **_waiting(tx, settings, now),
        "last_alerts": [
            {
                "at": row.decided_at.isoformat(timespec="seconds"),
                "chat": row.chat,
                "watches": list(row.card.watches),
                "headline": row.card.headline.text,
                "reason": row.reason.value,
            }
            for row in tx.alerts.last(5)
        ],
    }


def _waiting(tx: "Tx", settings: "Settings", now: datetime) -> dict[str, Any]:
    """What is kept back, parked, given up or still to be done."""
    from watchbot.pipeline.standing import bot_standing, held_by_chat

    standing = bot_standing(tx, settings, now)
    return {
        "parked": dict(standing.parked),
        "held": [{"chat": chat, "hold": hold, "count": count} for (chat, hold), count in held_by_chat(tx).items()],
        "dead": [
            {"id": row.id, "at": row.created_at.isoformat(timespec="seconds"), "chat": row.chat, "error": row.error}
            for row in standing.dead
        ],
        "mutes": standing.mutes,
        "chores": standing.chores,
        "set_aside": standing.aside,
    }


def _telegram_state(tx: "Tx", settings: "Settings") -> str:
    if not settings.connected or settings.telegram is None:
        return "not connected (no token); alerts go to the terminal, those for `owner` wait"
    from watchbot.pipeline.commands import telegram_health

    bot_key = settings.telegram.token.partition(":")[0]
    holder = tx.machine.holder(f"telegram:{bot_key}")
    trouble = telegram_health(tx, bot_key)
    who = (
        ""
        if settings.telegram.admins or tx.chats.owner()
        else "; nobody owns the bot yet (watchbot invite --role owner)"
    )
    running = f"poller and courier run on {holder}" if holder else "token given, but no daemon runs"
    return running + (f"; {trouble}" if trouble else "") + who


def invite(options: Namespace) -> int:
    """Print a one-time link that makes a person owner, admin or user."""
    settings = read_settings(options)
    if not settings.connected:
        raise UsageError("telegram is not connected: put the bot's token in telegram.token first")
    from watchbot.clock import SystemClock
    from watchbot.pipeline.commands import hash_code

    code = secrets.token_urlsafe(24)
    lasts = timedelta(seconds=seconds(options.expires))
    with opened(settings) as store, store.write() as tx:
        taken = bool(settings.telegram and settings.telegram.admins) or tx.chats.owner() is not None
        if options.role == "owner" and taken:
            raise WatchbotError("the bot has an owner already; `--role admin` invites a second one")
        tx.chats.invite(hash_code(code), options.role, SystemClock().now() + lasts)
    print(f"https://t.me/{_username(settings)}?start={code}")
    return 0


def _username(settings: "Settings") -> str:
    """The bot's own name, asked from Telegram."""
    from watchbot import wiring

    return wiring.bot_username(settings)
