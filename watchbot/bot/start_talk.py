"""/start: this chat's id, an invitation's code, and the first companies to watch.

code -> claim -> let in | role -> companies most in the news as buttons -> watched, with stories from what is stored
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from watchbot.bot import watch_talk
from watchbot.bot.guard import changing
from watchbot.bot.paging import in_rows
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import replies, welcome
from watchbot.message.roundup import claimed
from watchbot.message.watching import company_button
from watchbot.model.panel import Button, Panel
from watchbot.pipeline import commands, watching
from watchbot.pipeline.drafts import Draft
from watchbot.pipeline.welcoming import popular

OFFERS_A_ROW = 2
_CODE = re.compile(r"[A-Za-z0-9_-]+")  # what a link may bring along; anything else was typed behind the command


def start(talk: Talk) -> Answer | tuple[Answer, ...]:
    """Show the chat's id; with a code, let the person in."""
    code = talk.argument.split()[0] if talk.argument else ""
    code = code if _CODE.fullmatch(code) else ""
    # No invitation gives more to whom the configuration calls an admin, and theirs stays good for somebody else.
    if code and talk.private and talk.role != "owner" and talk.user not in talk.tools.settings.admins:
        return _claim(talk, code)
    if not talk.role:
        owned = talk.tools.directory.owner() is not None
        return Answer(welcome.stranger(talk.language, talk.chat, talk.user, owned, talk.private))
    return greeting(talk)


def greeting(talk: Talk) -> Answer:
    """To somebody who was let in."""
    offered: list[str] = []
    if talk.may_change and not talk.tx.chats.watches(talk.chat):
        market = watching.market_of(talk.timezone)
        found = popular(talk.tx, talk.tools.directory, talk.tools.catalogue, talk.chat, market)
        offered = [company.id for company in found]
    return _greeting(talk, offered)


def _greeting(talk: Talk, offered: Sequence[str], taken: Sequence[int] = ()) -> Answer:
    """The greeting with a button for each company that is offered; those at the places in `taken` are no more."""
    buttons = []
    for place, identity in enumerate(offered):
        company = talk.tools.catalogue.by_id(identity)
        if company is not None and place not in taken:
            buttons.append(Button(company_button(company.display(talk.language), ()), f"watch:{place}"))
    rows = in_rows(buttons, OFFERS_A_ROW)
    watches = sum(one.on for one in talk.tools.directory.watching(talk.chat))
    html = welcome.welcome(talk.language, talk.chat, watches, talk.private, bool(rows))
    state = {"offered": list(offered), "taken": list(taken)}
    return Answer(html, rows, Panel("start", state, talk.user) if rows else None)


def _claim(talk: Talk, code: str) -> Answer | tuple[Answer, ...]:
    """Use an invitation."""
    directory = talk.tools.directory
    brought = commands.claim(talk.tx, directory, code, talk.user, talk.now, talk.language)
    if brought is None:
        return Answer(replies.invite_wrong(talk.language))
    directory.refresh(talk.tx)
    let_in = replace(talk, role=brought, may_change=True)
    if brought == talk.role:
        return greeting(let_in)
    said = claimed(talk.language, talk.chat) if brought == "owner" else welcome.let_in(talk.language, brought)
    return Answer(said), greeting(let_in)


def _pressed(talk: Talk, press: Press) -> Reaction:
    """Watch a company that was offered; the others stay on offer, each with its own number: a second press on the same
    button must not take the next one."""
    offered, taken, place = press.state["offered"], press.state["taken"], int(press.argument)
    if place in taken:
        return Reaction(edit=_greeting(talk, offered, taken))
    identity = offered[place]
    company = talk.tools.catalogue.by_id(identity)
    answer = watch_talk.company(talk, Draft(company.display(talk.language) if company else identity, identity))
    talk.tools.directory.refresh(talk.tx)
    return Reaction(edit=_greeting(talk, offered, [*taken, place]), answers=(answer,))


COMMANDS: dict[str, Command] = {"start": Command(start, needs="anyone")}
PANELS: dict[str, PressCase] = {"start": changing(_pressed)}
CHORES: dict[str, ChoreCase] = {}
