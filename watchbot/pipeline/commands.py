"""Use cases behind the bot and the command line: who may do what, and watches made in a chat.

parsed command -> role -> use case(tx) -> a plain result that bot/ puts into words
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from watchbot.catalogue import Company
from watchbot.catalogue.keys import key
from watchbot.message.codec import load
from watchbot.message.roundup import unclaimed
from watchbot.model.alert import Form, NewDelivery, Rank, State
from watchbot.model.settings import Settings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import OWNER, Directory, chat_key
from watchbot.ports.store import Tx

Resolve = Callable[[str], Company | None]
LONGEST_NAME = 80
_SEPARATORS = re.compile(r"[\n,、;，；]+")


@dataclass(frozen=True, slots=True)
class Added:
    """What /watch did: `on` were added, `had` stood there already, `refused` are no names, each with the reason."""

    on: tuple[str, ...]
    had: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def role_of(tx: Tx, settings: Settings, user: int) -> str:
    """`owner`, `admin`, `user` or "" for a stranger. The configuration's admins need no invitation."""
    if settings.telegram and user in settings.telegram.admins:
        return "owner" if user == settings.telegram.admins[0] else "admin"
    return tx.chats.role(user)


def may_command(role: str) -> bool:
    """Whether this role may use the bot's commands."""
    return role in ("owner", "admin", "user")


def names_in(text: str) -> tuple[str, ...]:
    """The names of a /watch argument: one a line, or separated by a comma, 、 or ;"""
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))


def watch_id(name: str) -> str:
    """A stable id made from a name: letters and digits of any script, lower case, joined by hyphens."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "-".join(re.findall(r"\w+", folded)) or hashlib.sha256(name.encode()).hexdigest()[:12]


def chat_watch(name: str, resolve: Resolve) -> Watch:
    """The watch that a name typed in a chat becomes: the catalogue's company where it is without doubt."""
    company = resolve(name)
    if company is None:
        return Watch(id=watch_id(name), label=name, names=(name,))
    names = tuple(dict.fromkeys((name, *company.safe_names())))
    if name in company.tickers:
        names = company.safe_names()
    typed = key(name)
    unsafe = tuple(entry.text for entry in company.names if not entry.safe and key(entry.text) != typed)
    return Watch(
        id=company.id, label=company.name, names=names, tickers=company.tickers, company=company.id, unsafe=unsafe
    )


def add_watches(tx: Tx, chat: str, text: str, resolve: Resolve, now: datetime) -> Added:
    """Switch on a watch for every name in `text`."""
    have = {row.watch.id for row in tx.chats.watches(chat)}
    added: list[str] = []
    had: list[str] = []
    refused: list[tuple[str, str]] = []
    for name in names_in(text):
        if len(name) > LONGEST_NAME or not any(char.isalnum() for char in name):
            refused.append((name, f"a name has letters or digits, and at most {LONGEST_NAME} of them"))
            continue
        watch = chat_watch(name, resolve)
        if watch.id in have:
            had.append(watch.label)
            continue
        tx.chats.add_watch(chat, watch, now)
        have.add(watch.id)
        added.append(watch.label)
    return Added(tuple(added), tuple(had), tuple(refused))


def remove_watch(tx: Tx, chat: str, name: str) -> str | None:
    """Switch off a watch made in this chat, found by its label, id or one of its names; gives its label."""
    wanted = watch_id(name)
    for row in tx.chats.watches(chat):
        if wanted in _ids(row.watch):
            tx.chats.remove_watch(chat, row.watch.id)
            return row.watch.label
    return None


def file_watchlists(directory: Directory, chat: str) -> list[Watchlist]:
    """The watchlists of files that tell a chat."""
    own = chat_key(chat)
    return [entry for entry in directory.watchlists.values() if entry.key != own and chat in directory.targets(entry)]


def locked_watch(directory: Directory, chat: str, name: str) -> str | None:
    """The label of a file's watch of this name that reaches the chat, None where there is none."""
    wanted = watch_id(name)
    for watchlist in file_watchlists(directory, chat):
        for watch in watchlist.watches:
            if wanted in _ids(watch):
                return watch.label
    return None


def _ids(watch: Watch) -> set[str]:
    """Everything a person may call a watch, as ids."""
    return {watch.id, *(watch_id(text) for text in (watch.label, *watch.names, *watch.aliases, *watch.tickers))}


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
    """Use an invitation: gives the role it brought, None where it is unknown, used or expired.

    `language` is what the person reads; it becomes that of their private chat, whose id is theirs.
    """
    role = tx.chats.redeem(hash_code(code), user, now)
    if role and language:
        tx.chats.set(str(user), "language", language)
    if role == "owner":
        directory.refresh(tx)
        hand_over(tx, directory, now)
    return role


def hand_over(tx: Tx, directory: Directory, now: datetime) -> int:
    """Give the owner what waited for them as one round-up of at most five stories; gives how many waited."""
    owner = directory.owner()
    if owner is None:
        return 0
    chat = str(owner)
    waiting = tx.outbox.waiting(OWNER)
    cards = [load(row.body) for row in waiting if row.form is Form.CARD]
    tx.outbox.move_waiting(OWNER, State.FOLDED, now)
    tx.outbox.rekey(OWNER, chat)
    if cards:
        view = directory.view(chat)
        for part, body in enumerate(unclaimed(cards, view.language)):
            tx.outbox.queue(NewDelivery(chat, body, Form.HTML, part=part, rank=Rank.ALERT), now)
    return len(cards)
