"""/help, /invite and the list of people with its buttons.

/invite [user|admin] [24h] -> a one-time link        /invite list -> people -> make admin, remove -> sure? -> done
"""

import secrets

from watchbot.bot.paging import page_of
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import access as words
from watchbot.message import replies
from watchbot.model.panel import Button, Panel, Rows
from watchbot.pipeline import access
from watchbot.pipeline.access import Member
from watchbot.pipeline.commands import hash_code

PANEL = "people"
PAGE = 6


def _help(talk: Talk) -> Answer:
    """What this person can do, or one command with examples."""
    topic = talk.argument.removeprefix("/").split("@")[0].split(maxsplit=1)
    if not talk.role or not topic:
        return Answer(replies.help(talk.language, talk.role))
    return Answer(replies.explain(talk.language, topic[0].lower()))


def _invite(talk: Talk) -> Answer:
    """A link, or everybody who was let in."""
    if not talk.private:
        return Answer(words.invite_in_private(talk.language, talk.tools.username))
    if talk.argument.strip().lower() == "list":
        return _people(talk, 0)
    wanted = access.invitation(talk.argument)
    if wanted.wrong:
        return Answer(words.invite_usage(talk.language, wanted.wrong))
    if not access.may_invite(talk.role, wanted.role):
        return Answer(words.only_owner_invites(talk.language))
    telegram = talk.tools.settings.telegram
    seed, until = secrets.token_urlsafe(16), talk.now + wanted.lasts
    talk.tx.chats.invite(hash_code(access.code_of(seed, telegram.token if telegram else "")), wanted.role, until)
    link = f"https://t.me/{talk.tools.username}?start={access.placeholder(seed)}"
    return Answer(words.invitation(talk.language, wanted.role, link, until, talk.timezone, talk.now))


def _people(talk: Talk, wanted: int) -> Answer:
    """One page of the list, with a button for everything that this person may do."""
    everybody = access.members(talk.tx, talk.tools.settings)
    page = page_of(wanted, len(everybody), PAGE)
    shown = everybody[page.start : page.end]
    lines = [words.person(talk.language, one.name, one.user, one.role, one.fixed) for one in shown]
    turns = page.turns(words.button(talk.language, "earlier"), words.button(talk.language, "later"))
    rows = [*(_buttons(talk, one) for one in shown), turns]
    html = words.people(talk.language, lines, page.number, page.pages)
    return Answer(html, tuple(row for row in rows if row), Panel(PANEL, {"page": page.number}, talk.user))


def _buttons(talk: Talk, one: Member) -> tuple[Button, ...]:
    """What may be done to one person."""
    return tuple(
        Button(words.button(talk.language, verb, one.name, one.user), f"{verb}:{one.user}")
        for verb in ("admin", "user", "remove")
        if _may(talk, verb, one)
    )


def _may(talk: Talk, verb: str, one: Member) -> bool:
    """Whether this person may do that to that one."""
    if verb == "remove":
        return access.may_remove(talk.role, one)
    return access.may_promote(talk.role, one) and one.role != verb


def _press(talk: Talk, press: Press) -> Reaction:
    """Turn a page, ask whether it is meant, do it."""
    if talk.role not in access.CHIEFS:  # an admin no more: the list is not theirs to read either
        return Reaction(replies.admins_only(talk.language))
    page = int(press.state.get("page", 0))
    if press.verb == "page" and press.argument.isdecimal():
        return Reaction(edit=_people(talk, int(press.argument)))
    verb, _, user = (press.verb, "", press.argument) if press.verb != "yes" else press.argument.partition(":")
    one = access.member(talk.tx, talk.tools.settings, int(user)) if user.isdecimal() else None
    if press.verb == "no" or one is None or verb not in ("admin", "user", "remove"):
        return Reaction(edit=_people(talk, page))
    if not _may(talk, verb, one):
        return Reaction(replies.admins_only(talk.language), edit=_people(talk, page))
    if press.verb != "yes":
        return Reaction(edit=_ask(talk, verb, one, page))
    toast = words.done(talk.language, verb, one.name, one.user)
    if verb == "remove":
        access.remove(talk.tx, one.user, talk.now)
        return Reaction(toast, edit=_people(talk, page))
    talk.tx.chats.set_role(one.user, verb, talk.now)
    return Reaction(toast, edit=_people(talk, page), answers=(_tell(talk, one.user, verb),))


def _ask(talk: Talk, verb: str, one: Member, page: int) -> Answer:
    """Is it meant?"""
    rows: Rows = (
        (
            Button(words.button(talk.language, "yes"), f"yes:{verb}:{one.user}"),
            Button(words.button(talk.language, "no"), "no"),
        ),
    )
    html = words.sure(talk.language, verb, one.name, one.user)
    return Answer(html, rows, Panel(PANEL, {"page": page}, talk.user))


def _tell(talk: Talk, user: int, role: str) -> Answer:
    """Whoever has a new role hears of it."""
    language = talk.tx.chats.settings(str(user)).get("language", "") or talk.tools.directory.view(str(user)).language
    return Answer(words.new_role(language, role), chat=str(user), silent=True)


COMMANDS: dict[str, Command] = {"help": Command(_help, "anyone"), "invite": Command(_invite, "admin")}
PANELS: dict[str, PressCase] = {PANEL: _press}
CHORES: dict[str, ChoreCase] = {}
