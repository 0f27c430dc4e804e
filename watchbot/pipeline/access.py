"""Who is let in: invitations made in a chat, the list of people, a role given or taken away.

"/invite admin 24h" -> Invitation -> code (only its hash is kept) -> claim (commands.py) -> a person with a role

The answer that shows the link waits in the outbox like any other, with a seed in the code's place. The code is made of
the seed and the bot's token, so whoever reads the database cannot make it; `fill_in` puts it in at the moment of the
call.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchbot.model.errors import InputError
from watchbot.model.schedule import seconds
from watchbot.model.settings import Settings
from watchbot.ports.store import Tx

REMOVED = "removed"  # the settings of this chat key name everybody who was removed: user id -> when
CHIEFS = ("owner", "admin")
LASTS = timedelta(hours=24)
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=30)
TIMED = ("digest", "quiet", "cap")  # what is held back until a time, not until somebody asks for it
_INVITED = ("user", "admin")
_SEED = re.compile(r"seed-([A-Za-z0-9_-]{22})-seed")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person wants to give: a role, for how long the link is good. `wrong` is the word that is neither."""

    role: str = "user"
    lasts: timedelta = LASTS
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who was let in. `fixed`: by the configuration, so nothing in a chat changes it."""

    user: int
    role: str
    name: str
    fixed: bool = False


def invitation(text: str) -> Invitation:
    """Read `admin 24h`, `24h`, `user` or nothing; the words may come in any order."""
    role, lasts = "user", LASTS
    for word in text.lower().split():
        if word in _INVITED:
            role = word
            continue
        try:
            lasts = timedelta(seconds=seconds(word))
        except InputError:
            return Invitation(wrong=word)
        if not SHORTEST <= lasts <= LONGEST:
            return Invitation(wrong=word)
    return Invitation(role, lasts)


def code_of(seed: str, token: str) -> str:
    """The code of an invitation: 32 characters that only a holder of the bot's token can make of its seed."""
    return urlsafe_b64encode(hmac.digest(token.encode(), f"invitation {seed}".encode(), "sha256")).decode()[:32]


def placeholder(seed: str) -> str:
    """What stands in a message until it is sent; `seed` has 22 characters of base64."""
    return f"seed-{seed}-seed"


def fill_in(text: str, token: str) -> str:
    """A message with the codes in their places."""
    return _SEED.sub(lambda found: code_of(found[1], token), text) if "-seed" in text else text


def may_invite(role: str, invited: str) -> bool:
    """Only the owner makes admins."""
    return role == "owner" or (role == "admin" and invited == "user")


def beside_admins(role: str, settings: Settings) -> str:
    """A role of the database as it counts beside the configuration: where that names admins, the owner is its first,
    and whoever had claimed the bot before is an admin, whom the owner may remove."""
    return "admin" if role == "owner" and settings.admins else role


def in_charge(tx: Tx, settings: Settings, owner: int | None) -> list[str]:
    """The private chats of the owner and the admins; none where Telegram is not connected: the log says it then."""
    if not settings.connected:
        return []
    known = [user for role in CHIEFS for user in tx.chats.people(role)]
    people = [*([owner] if owner is not None else []), *settings.admins, *known]
    return [str(user) for user in dict.fromkeys(people)]


def members(tx: Tx, settings: Settings) -> list[Member]:
    """Everybody who was let in by name, the owner first; those of the configuration before the others."""
    known = {one.user: one for one in tx.chats.everyone()}
    fixed = []
    for place, user in enumerate(settings.admins):
        name = known[user].name if user in known else ""
        fixed.append(Member(user, "admin" if place else "owner", name or _title(tx, user), fixed=True))
    others = [
        Member(one.user, beside_admins(one.role, settings), one.name or _title(tx, one.user)) for one in known.values()
    ]
    return [*fixed, *(one for one in others if one.user not in settings.admins)]


def member(tx: Tx, settings: Settings, user: int) -> Member | None:
    """One of them."""
    return next((one for one in members(tx, settings) if one.user == user), None)


def may_remove(role: str, one: Member) -> bool:
    """The owner removes anybody but the owner, an admin only users; what the configuration says stays."""
    return not one.fixed and one.role != "owner" and (role == "owner" or (role == "admin" and one.role == "user"))


def may_promote(role: str, one: Member) -> bool:
    """Only the owner makes an admin of a user, or a user of an admin."""
    return role == "owner" and not one.fixed and one.role != "owner"


def remove(tx: Tx, user: int, now: datetime) -> None:
    """Let somebody in no more: no command of theirs is followed, and the watches of their private chat fall silent.

    Nothing of theirs is deleted: whoever is invited again finds the watches as they were, and gets what waited for them
    by then. Watchlists of files that they switched on are switched off; one that a file sends to their chat is the
    file's matter.
    """
    tx.outbox.park_rows(str(user))
    tx.chats.set_role(user, "", now)
    tx.chats.set(REMOVED, str(user), now.isoformat(timespec="seconds"))
    for join in tx.wishes.joins():
        if join.chat == str(user):
            tx.wishes.leave(join.chat, join.watchlist)


def removed(tx: Tx) -> frozenset[str]:
    """The private chats of everybody who was removed."""
    return frozenset(tx.chats.settings(REMOVED))


def let_in_again(tx: Tx, user: int, now: datetime) -> None:
    """Whoever was removed and invited again hears from the old watches, and what waited meanwhile."""
    chat = str(user)
    if chat not in removed(tx):
        return
    tx.chats.set(REMOVED, chat, "")
    tx.chats.unpark(chat, now)
    for hold in {row.hold for row in tx.outbox.held(chat) if row.hold in TIMED}:
        tx.outbox.hold_until(chat, hold, now)


def _title(tx: Tx, user: int) -> str:
    """What a private chat is called: the person's name, "" where they never wrote."""
    info = tx.chats.info(str(user))
    return info.title if info else ""
