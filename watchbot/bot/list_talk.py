"""/list: every watch that reaches a chat, page by page, with buttons that switch it on and off here."""

from watchbot.bot.guard import changing
from watchbot.bot.paging import in_rows, page_of
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import listing
from watchbot.message.watching import short, toggle_button
from watchbot.message.words import say
from watchbot.model.panel import Button, Panel, Rows
from watchbot.model.records import Rule
from watchbot.pipeline import standing_watches, watching
from watchbot.pipeline.commands import role_of
from watchbot.pipeline.directory import Watching
from watchbot.pipeline.ruled import SOURCE

A_PAGE = 8
BUTTONS_A_ROW = 2


def show(talk: Talk) -> Answer:
    """/list."""
    return page(talk, 0)


def page(talk: Talk, number: int) -> Answer:
    """One page of what is watched here, with its buttons for those who may change it."""
    found = talk.tools.directory.watching(talk.chat)
    turned = page_of(number, len(found), A_PAGE)
    here = found[turned.start : turned.end]
    html = listing.listing(talk.language, _groups(talk, here), len(found), turned.number, turned.pages)
    muted = standing_watches.mutes(talk.tools.directory, talk.chat, talk.now)
    if muted:
        html += "\n\n" + listing.mutes(talk.language, talk.timezone, talk.now, muted)
    gathered = sorted(talk.tools.directory.digest_sources(talk.chat))
    if gathered:
        html += "\n\n" + listing.sources(talk.language, gathered)
    lists = _joinable(talk) if talk.role else []
    away = [name for name, joined in lists if not joined]
    if away:
        html += "\n\n" + listing.lists(talk.language, away)
    if not talk.may_change:
        return Answer(html)
    rows = [*_switches(talk, here), *_lists(talk, lists), *_sources(talk, gathered), turned.turns()]
    shown = [[one.watchlist.key, one.watch.id] for one in here]
    state = {"page": turned.number, "shown": shown, "lists": [name for name, _joined in lists], "sources": gathered}
    panel = Panel("list", state) if any(rows) else None
    return Answer(html, tuple(row for row in rows if row), panel)


def _groups(talk: Talk, here: list[Watching]) -> list[listing.Group]:
    """The watches of a page below the watchlists they stand in."""
    groups: dict[str, tuple[Watching, list[listing.Line]]] = {}
    for one in here:
        label = talk.label(one)
        known = talk.tools.catalogue.by_id(one.watch.company)
        terms = standing_watches.terms(one.watch, known, talk.language)
        names = tuple(name for name in terms if name != label)
        wishes = standing_watches.wishes(talk.tools.directory, talk.chat, one)
        line = listing.Line(label, names, one.on, wishes)
        groups.setdefault(one.watchlist.key, (one, []))[1].append(line)
    return [listing.Group(one.watchlist.name, one.locked, tuple(lines)) for one, lines in groups.values()]


def _switches(talk: Talk, here: list[Watching]) -> Rows:
    buttons = [Button(toggle_button(talk.label(one), one.on), f"flip:{place}") for place, one in enumerate(here)]
    return in_rows(buttons, BUTTONS_A_ROW)


def _lists(talk: Talk, lists: list[tuple[str, bool]]) -> list[tuple[Button, ...]]:
    """A button for each watchlist that may be switched on, or off again."""
    return [
        (Button(say(talk.language, "listing_b_leave" if joined else "listing_b_join", name=short(name)), f"join:{at}"),)
        for at, (name, joined) in enumerate(lists)
    ]


def _sources(talk: Talk, names: list[str]) -> list[tuple[Button, ...]]:
    """A button for each source that comes in the digest only: as its watches say again."""
    return [
        (Button(say(talk.language, "listing_b_source", name=short(name)), f"source:{at}"),)
        for at, name in enumerate(names)
    ]


def _pressed(talk: Talk, press: Press) -> Reaction:
    """Another page, a watch on or off, a watchlist on or off."""
    number = int(press.state["page"])
    toast = ""
    if press.verb == "page":
        number = int(press.argument)
    elif press.verb == "source":
        name = press.state.get("sources", [])[int(press.argument)]
        talk.tx.wishes.drop_rule(Rule(talk.chat, "", "", SOURCE, name))
    elif press.verb == "join":
        _join(talk, press.state["lists"][int(press.argument)])
    else:
        toast = _flip(talk, *press.state["shown"][int(press.argument)])
    talk.tools.directory.refresh(talk.tx)
    return Reaction(toast, edit=page(talk, number))


def _flip(talk: Talk, watchlist: str, watch: str) -> str:
    """Switch one watch; gives what is said where it is gone."""
    found = [
        one
        for one in talk.tools.directory.watching(talk.chat)
        if (one.watchlist.key, one.watch.id) == (watchlist, watch)
    ]
    if not found:
        return say(talk.language, "listing_t_gone")
    watching.switch(talk.tx, talk.chat, watchlist, watch, on=not found[0].on)
    return ""


def _joinable(talk: Talk) -> list[tuple[str, bool]]:
    """The watchlists that this person may switch on here, and whether they are on."""
    invited = bool(role_of(talk.tx, talk.tools.settings, talk.user, here=False))
    return standing_watches.joinable(talk.tools.directory, talk.chat, invited)


def _join(talk: Talk, name: str) -> None:
    """Switch a watchlist on for this chat, or off again; only one that lets chats do so."""
    lists = dict(_joinable(talk))
    if name not in lists or not talk.role:
        return
    if lists[name]:
        talk.tx.wishes.leave(talk.chat, name)
    else:
        talk.tx.wishes.join(talk.chat, name, talk.user, talk.now)


COMMANDS: dict[str, Command] = {"list": Command(show, needs="read")}
PANELS: dict[str, PressCase] = {"list": changing(_pressed)}
CHORES: dict[str, ChoreCase] = {}
