"""Use cases behind the bot and the command line: who may do what, invitations, what waited for the owner.

parsed command -> role -> use case(tx) -> a plain result that bot/ puts into words
"""

import hashlib
import re
import unicodedata
from dataclasses import replace
from datetime import datetime

from watchbot.catalogue.tickers import split
from watchbot.message.codec import load
from watchbot.message.roundup import unclaimed
from watchbot.model.alert import Form, NewDelivery, Rank, State
from watchbot.model.settings import Settings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.access import beside_admins, let_in_again, removed
from watchbot.pipeline.directory import OWNER, Directory, chat_key
from watchbot.pipeline.manner import APP_LANGUAGE
from watchbot.ports.store import Tx

LONGEST_NAME = 80


def role_of(tx: Tx, settings: Settings, user: int, here: bool = True) -> str:
    """`owner`, `admin`, `user` or "" for a stranger. The configuration's admins need no invitation, and the first of
    them is the owner: whoever had claimed the bot before is an admin like others then.

    Where access is open everybody is a user who was not removed: in private, and in a group those whom Telegram calls
    its administrators (`here` says whether that holds).
    """
    telegram = settings.telegram
    if telegram and user in telegram.admins:
        return "owner" if user == telegram.admins[0] else "admin"
    role = beside_admins(tx.chats.role(user), settings)
    if role or telegram is None or telegram.access != "open" or not here or not user:
        return role
    return "" if str(user) in removed(tx) else "user"


def watch_id(name: str) -> str:
    """A stable id made from a name: letters and digits of any script, lower case, joined by hyphens."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "-".join(re.findall(r"\w+", folded)) or hashlib.sha256(name.encode()).hexdigest()[:12]


def bare_codes(watch: Watch) -> tuple[str, ...]:
    """The stock codes of a watch without their markets, as people type them."""
    return tuple(split(ticker.rpartition(":")[2])[0] for ticker in watch.tickers)


def file_watchlists(directory: Directory, chat: str) -> list[Watchlist]:
    """The watchlists of files that tell a chat."""
    own = chat_key(chat)
    return [entry for entry in directory.watchlists.values() if entry.key != own and chat in directory.targets(entry)]


def hash_code(code: str) -> str:
    """What the database keeps of an invitation code."""
    return hashlib.sha256(code.encode()).hexdigest()


def note_telegram(tx: Tx, bot_key: str, words: str) -> None:
    """Keep what is wrong with the connection ("" while well) where `status` finds it."""
    tx.chats.set(f"telegram:{bot_key}", "health", words)


def telegram_health(tx: Tx, bot_key: str) -> str:
    """What is wrong with the connection, "" where nothing is known to be."""
    return tx.chats.settings(f"telegram:{bot_key}").get("health", "")


def claim(tx: Tx, directory: Directory, code: str, user: int, now: datetime, language: str = "") -> str | None:
    """Use an invitation: gives the role that the person has by it, None where it is unknown, used or expired.

    `language` is what the person reads; it becomes that of their private chat, whose id is theirs.
    """
    role = tx.chats.redeem(hash_code(code), user, now)
    if role:
        let_in_again(tx, user, now)
    if role and language:
        tx.chats.set(str(user), APP_LANGUAGE, language)
    if role == "owner":
        directory.refresh(tx)
        hand_over(tx, directory, now)
    return beside_admins(role, directory.settings) if role else None


def hand_over(tx: Tx, directory: Directory, now: datetime) -> int:
    """Give the owner what waited for them as one round-up of at most five stories; gives how many waited."""
    owner = directory.owner()
    if owner is None:
        return 0
    chat = str(owner)
    view = directory.view(chat)
    waiting = tx.outbox.waiting(OWNER)
    cards = [
        replace(load(row.body), language=view.language, timezone=view.timezone)
        for row in waiting
        if row.form is Form.CARD
    ]
    tx.outbox.move_waiting(OWNER, State.FOLDED, now)
    tx.outbox.rekey(OWNER, chat)
    if cards:
        for part, body in enumerate(unclaimed(cards, view.language)):
            tx.outbox.queue(NewDelivery(chat, body, Form.HTML, part=part, rank=Rank.ALERT), now)
    return len(cards)
