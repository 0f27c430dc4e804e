"""How things stand, put together for /status and `watchbot status`: one chat's own, and the whole bot's for admins.

tx, directory, chat -> ChatStanding: nothing of another chat | tx -> BotStanding: counts, errors, chats, never content
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time

from watchbot.message.times import zone_of
from watchbot.model.alert import State
from watchbot.model.records import SourceRow
from watchbot.model.settings import Settings
from watchbot.model.standing import Ailing, BotStanding, ChatStanding, LastAlert
from watchbot.pipeline.commands import telegram_health
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.setaside import set_aside_count, set_aside_last
from watchbot.ports.store import Tx

DEAD_SHOWN = 10
EVERY_CHAT = "*"
_EVER = datetime.max.replace(tzinfo=UTC)


def chat_standing(tx: Tx, directory: Directory, chat: str, timezone: str, now: datetime) -> ChatStanding:
    """How this chat is served."""
    watching = directory.watching(chat)
    rows = serving(directory, tx.sources.active(), chat)
    pauses = tx.outbox.pauses(now)
    until = max((pauses[key] for key in (chat, EVERY_CHAT) if key in pauses), default=None)
    return ChatStanding(
        watches=sum(one.on for one in watching),
        off=sum(not one.on for one in watching),
        sources=len(rows),
        ailing=tuple(_ailing(row) for row in rows if row.failures or row.gone),
        today=tx.outbox.recent_alerts(chat, _midnight(now, timezone)),
        held=Counter(row.hold.partition(":")[0] for row in tx.outbox.held(chat)),
        last=_last(tx, chat),
        paused=until,
        trouble=telegram_health(tx, bot_key(directory.settings)),
    )


def bot_standing(tx: Tx, settings: Settings, now: datetime) -> BotStanding:
    """How the whole bot fares."""
    key = bot_key(settings)
    dead = tuple(tx.outbox.dead(DEAD_SHOWN))
    parked = tx.chats.parked()
    return BotStanding(
        outbox=tx.outbox.counts(),
        oldest=tx.outbox.oldest_due(now),
        parked=parked,
        dead=dead,
        names=_names(tx, [*parked, *(row.chat for row in dead)]),
        aside=set_aside_count(tx, key),
        aside_last=set_aside_last(tx, key),
        people=len({*settings.admins, *(person.user for person in tx.chats.everyone())}),
        chores=tx.chores.waiting(),
        holder=tx.machine.holder(f"telegram:{key}") if key else "",
        mutes=sum(mute.until is None or mute.until > now for mute in tx.wishes.mutes()),
    )


def held_by_chat(tx: Tx) -> dict[tuple[str, str], int]:
    """How many messages are kept back, by chat and hold."""
    return {(chat, hold): len(tx.outbox.held(chat, hold)) for chat, hold in tx.outbox.held_due(_EVER)}


def serving(directory: Directory, rows: Iterable[SourceRow], chat: str) -> list[SourceRow]:
    """The sources that are asked and whose news may be told in a chat: none that serves another one, and not what
    people send, which no /feeds lists."""
    lists = {one.watchlist.key: one.watchlist for one in directory.watching(chat)}.values()
    return [
        row
        for row in rows
        if row.spec.is_asked
        and row.spec.serves(chat)
        and any(directory.hears(watchlist, row.spec) for watchlist in lists)
    ]


def retry_all(tx: Tx, now: datetime, limit: int = 1000) -> int:
    """Try every given-up message once more; gives how many."""
    return sum(tx.outbox.retry(row.id, now) for row in tx.outbox.dead(limit))


def bot_key(settings: Settings) -> str:
    """What names the bot in the database: the number before the secret of its token; "" where it is not connected."""
    return settings.telegram.token.partition(":")[0] if settings.telegram else ""


def _ailing(row: SourceRow) -> Ailing:
    return Ailing(row.spec.shown, row.error, row.failing_since, row.gone)


def _midnight(now: datetime, timezone: str) -> datetime:
    """When today began in the chat's zone."""
    zone = zone_of(timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


def _last(tx: Tx, chat: str) -> LastAlert | None:
    """The newest alert, and how long its sending took."""
    newest = tx.alerts.latest(chat, 1)
    if not newest:
        return None
    alert = newest[0]
    panel = tx.outbox.panel_of(alert.id)
    row = tx.outbox.get(panel.delivery) if panel else None
    sent = row.next_at if row is not None and row.state is State.SENT else None  # a sent row keeps when that was
    delay = max(0.0, (sent - alert.decided_at).total_seconds()) if sent else None
    return LastAlert(alert.card.headline.text or alert.card.teaser.text, sent or alert.decided_at, delay)


def _names(tx: Tx, chats: Iterable[str]) -> dict[str, str]:
    """What these chats are called, where that is known."""
    found = {chat: tx.chats.info(chat) for chat in dict.fromkeys(chats)}
    return {chat: info.title for chat, info in found.items() if info is not None and info.title}
