"""/unwatch and /alias: watches of the chat end, or go by other names. Those of files can be switched off here only."""

import re
from typing import Any

from watchbot.bot.batch_talk import example, limit
from watchbot.bot.guard import changing
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import watching as words
from watchbot.message.words import say
from watchbot.model.panel import Button, Panel
from watchbot.model.watch import Watch
from watchbot.pipeline import drafts, standing_watches, trying, watching
from watchbot.pipeline.commands import LONGEST_NAME
from watchbot.pipeline.directory import Watching

_SIGN = re.compile(r"(?:^|\s)([+\-＋－−])\s*")
_TIGHT = re.compile(r"([+\-＋－−])\s*")  # `Foxconn+FII`; only where no watch is called so
_MINUS = "-－−"


def unwatch(talk: Talk) -> Answer:
    """/unwatch NAME, several at once."""
    directory = talk.tools.directory
    catalogue, market = talk.tools.catalogue, watching.market_of(talk.timezone)
    names = watching.names_in(talk.argument, catalogue, market)
    if watching.find(directory, talk.chat, talk.argument):
        names = (talk.argument,)  # a watch whose name is of several companies' names
    if not names:
        own = [one for one in directory.watching(talk.chat) if one.on]
        return Answer(words.watch_usage(talk.language, "unwatch", own[-1].watch.label if own else example(talk)))
    gone: list[str] = []
    locked: list[Watching] = []
    lines: list[str] = []
    for name in names:
        found = watching.find(directory, talk.chat, name)
        found = found or watching.find(directory, talk.chat, watching.as_named(name, catalogue, market))
        gone += [one.watch.label for one in found if not one.locked and _take_off(talk, one)]
        locked += [one for one in found if one.locked and one.on and one not in locked]
        off = [one for one in found if one.locked and not one.on]
        lines += [words.switched(talk.language, one.watch.label, on=False) for one in off]
        if not found:
            lines.append(words.unknown(talk.language, name, watching.near(directory, talk.chat, name)))
    if gone:
        lines.insert(0, words.removed(talk.language, gone))
    state = {"locked": [[one.watchlist.key, one.watch.id, talk.label(one)] for one in locked]}
    return _locked(talk, lines, state)


def alias(talk: Talk) -> Answer:
    """/alias NAME lists; /alias NAME + TEXT adds a name, - TEXT takes one away."""
    name, changes = changes_in(talk.argument)
    if not name:
        return Answer(words.watch_usage(talk.language, "alias", example(talk)))
    found = watching.find(talk.tools.directory, talk.chat, name)
    if not found and (tight := changes_in(talk.argument, _TIGHT))[0]:
        found = watching.find(talk.tools.directory, talk.chat, tight[0])
        name, changes = tight if found else (name, changes)
    if not found:
        near = watching.near(talk.tools.directory, talk.chat, name)
        html = words.unknown(talk.language, name, near)
        if " " in name and not changes:  # the sign was forgotten, perhaps
            html += f"\n{words.watch_usage(talk.language, 'alias', example(talk))}"
        return Answer(html)
    one = found[0]
    long = [text for _plus, text in changes if len(text) > LONGEST_NAME or not any(char.isalnum() for char in text)]
    if long:
        return Answer(words.refused(talk.language, long[0], LONGEST_NAME))
    if one.locked:
        return _beside(talk, one, changes)
    if not changes:
        return Answer(
            words.aliases(talk.language, one.watch.label, _terms(talk, one.watch), _off(talk, one.watch), False)
        )
    return _change(talk, one.watch, changes)


def changes_in(argument: str, sign: re.Pattern[str] = _SIGN) -> tuple[str, list[tuple[bool, str]]]:
    """The watch that is meant, and what is added (True) or taken away: `Foxconn + TPC, ABC - Hai`."""
    name, *rest = sign.split(argument)
    changes = [
        (plus not in _MINUS, text)
        for plus, texts in zip(rest[::2], rest[1::2], strict=True)
        for text in watching.names_in(texts)
    ]
    return " ".join(name.split()), changes


def _change(talk: Talk, watch: Watch, changes: list[tuple[bool, str]]) -> Answer:
    """Change the names of a watch of the chat."""
    known = talk.tools.catalogue.by_id(watch.company)
    added: list[str] = []
    gone: list[str] = []
    lines: list[str] = []
    for plus, text in changes:
        if plus == has(watch, text):
            lines.append(words.alias_none(talk.language, watch.label, [text], plus))
            continue
        changed = (
            drafts.with_alias(watch, known, text, talk.language)
            if plus
            else drafts.without(watch, known, text, talk.language)
        )
        if changed is None:
            lines.append(words.alias_kept(talk.language, watch.label, [text]))
            continue
        watch = changed
        (added if plus else gone).append(text)
    if added or gone:
        talk.tx.chats.add_watch(talk.chat, watch, talk.now)
        seen = trying.window(talk.tx, watch, talk.chat, talk.now)
        found = trying.tried(seen, watch, talk.tools.catalogue.names_of)
        reader = words.Reader(talk.language, talk.timezone, talk.now)
        lines.append(words.alias_changed(reader, watch.label, added, gone, found))
    return Answer("\n".join(lines))


def has(watch: Watch, text: str) -> bool:
    """Whether a watch looks for this name, ticker or keyword."""
    wanted = text.casefold()
    return drafts.is_on(watch, text) or wanted in {term.casefold() for term in (*watch.tickers, *watch.keywords)}


def _beside(talk: Talk, one: Watching, changes: list[tuple[bool, str]]) -> Answer:
    """A watch of a file is changed there; a watch of the chat beside it may go by other names."""
    label = talk.label(one)
    html = words.aliases(talk.language, label, _terms(talk, one.watch), _off(talk, one.watch), locked=True)
    state = {"label": label, "company": one.watch.company, "changes": changes}
    button = Button(say(talk.language, "watching_b_beside", name=words.short(label)), "beside")
    return Answer(html, ((button,),), Panel("alias", state, talk.user))


def _pressed_beside(talk: Talk, press: Press) -> Reaction:
    """Put on a watch of the chat beside the file's, with the names that were asked for."""
    if watching.room(talk.tx, talk.tools.settings, talk.chat, talk.role) == 0:
        return Reaction(edit=Answer(words.too_many(talk.language, [press.state["label"]], limit(talk))))
    known = talk.tools.catalogue.by_id(press.state["company"])
    watch = drafts.new(press.state["label"], known, talk.language)
    own = watching.own_watch(talk.tx, talk.chat, watch.id)
    if own is None:
        watching.put_on(talk.tx, talk.chat, watch, talk.now)
    changes = [(bool(plus), str(text)) for plus, text in press.state["changes"]]
    html = words.switched(talk.language, watch.label, on=True)
    edit = _change(talk, own or watch, changes) if changes else Answer(html)
    return Reaction(say(talk.language, "watching_t_on"), edit=edit)


def _locked(talk: Talk, lines: list[str], state: dict[str, Any]) -> Answer:
    """What is said, and a button for each watch of a file that is still on: `None` stands for one that is off."""
    still = [(place, one[2]) for place, one in enumerate(state["locked"]) if one]
    if still:
        lines = [*lines, words.locked(talk.language, [label for _place, label in still])]
    rows = tuple(
        (Button(say(talk.language, "watching_b_off_here", name=words.short(label)), f"off:{place}"),)
        for place, label in still
    )
    return Answer("\n".join(lines), rows, Panel("unwatch", state, talk.user) if rows else None)


def _pressed_off(talk: Talk, press: Press) -> Reaction:
    """Switch a file's watch off in this chat; a second press on the same button does not reach the next one."""
    locked, place = list(press.state["locked"]), int(press.argument)
    if locked[place] is None:
        return Reaction(say(talk.language, "press_unknown"))
    watchlist, watch, label = locked[place]
    locked[place] = None
    watching.switch(talk.tx, talk.chat, watchlist, watch, on=False)
    return Reaction(edit=_locked(talk, [words.switched(talk.language, label, on=False)], {"locked": locked}))


def _take_off(talk: Talk, one: Watching) -> bool:
    return watching.take_off(talk.tx, talk.chat, one.watch.id)


def _off(talk: Talk, watch: Watch) -> tuple[str, ...]:
    return drafts.doubtful_off(watch, talk.tools.catalogue.by_id(watch.company))


def _terms(talk: Talk, watch: Watch) -> tuple[str, ...]:
    return standing_watches.terms(watch, talk.tools.catalogue.by_id(watch.company), talk.language)


COMMANDS: dict[str, Command] = {"unwatch": Command(unwatch), "alias": Command(alias)}
PANELS: dict[str, PressCase] = {"unwatch": changing(_pressed_off), "alias": changing(_pressed_beside)}
CHORES: dict[str, ChoreCase] = {}
