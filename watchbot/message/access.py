"""Invitations, people and their roles in words, with the buttons under them."""

from collections.abc import Sequence
from datetime import datetime

from watchbot.message.marked import clean, shorten
from watchbot.message.parts import escape, foreign
from watchbot.message.times import clock
from watchbot.message.words import say

_NAME_COLUMNS = 40
_BUTTON_COLUMNS = 16


def anonymous(language: str) -> str:
    """To an administrator who writes in the group's name."""
    return say(language, "access_anonymous")


def invitation(language: str, role: str, link: str, until: datetime, timezone: str, now: datetime) -> str:
    """A fresh one-time link."""
    good = clock(until, language, timezone, now)
    return say(language, "access_invitation", role=say(language, f"role_{role}"), link=escape(link), until=good)


def invite_usage(language: str, wrong: str) -> str:
    """To /invite with a word that is no role and no time."""
    return say(language, "access_invite_usage", wrong=_shown(wrong))


def only_owner_invites(language: str) -> str:
    """To an admin who wants to make an admin."""
    return say(language, "access_only_owner")


def invite_in_private(language: str, username: str) -> str:
    """To /invite in a group, where everybody would read the link."""
    return say(language, "access_in_private", link=escape(f"https://t.me/{username}"))


def people(language: str, lines: Sequence[str], page: int, pages: int) -> str:
    """Everybody who was let in."""
    out = [say(language, "access_people"), *lines]
    if pages > 1:
        out.append(say(language, "access_page", page=page + 1, pages=pages))
    return "\n".join(out)


def person(language: str, name: str, user: int, role: str, fixed: bool) -> str:
    """A line of that list."""
    key = "access_person_fixed" if fixed else "access_person"
    return say(language, key, name=_shown(name or str(user)), user=user, role=say(language, f"role_{role}"))


def sure(language: str, verb: str, name: str, user: int) -> str:
    """The question before something is done to a person; `verb` is remove, admin or user."""
    return say(language, f"access_sure_{verb}", name=_shown(name or str(user)), user=user)


def done(language: str, verb: str, name: str, user: int) -> str:
    """What was done, as plain text of a toast."""
    return say(language, f"access_done_{verb}", name=shorten(clean(name or str(user)), _NAME_COLUMNS))


def button(language: str, verb: str, name: str = "", user: int = 0) -> str:
    """What stands on a button: remove, admin, user, yes, no, earlier or later."""
    return say(language, f"access_button_{verb}", name=shorten(clean(name or str(user)), _BUTTON_COLUMNS))


def new_role(language: str, role: str) -> str:
    """To a person whose role was changed."""
    return say(language, "access_new_role", role=say(language, f"role_{role}"))


def _shown(name: str) -> str:
    """What a person wrote, safe inside HTML."""
    return foreign(name, _NAME_COLUMNS)
