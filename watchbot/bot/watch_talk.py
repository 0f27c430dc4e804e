"""/watch: a name becomes a watch, tried on the stored news before it is put on.

name -> Reading -> sure: on at once, unless it would be loud | doubt: asked first | choice, near: buttons | plain: on
"""

from collections.abc import Sequence
from dataclasses import replace

from watchbot.bot import batch_talk
from watchbot.bot.guard import changing
from watchbot.bot.paging import in_rows
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.catalogue import Company
from watchbot.message import watching as words
from watchbot.message.words import say
from watchbot.model.panel import Button, Panel, Rows
from watchbot.model.watch import Watch
from watchbot.pipeline import drafts, trying, watching
from watchbot.pipeline.commands import LONGEST_NAME
from watchbot.pipeline.drafts import Draft

TOGGLES_A_ROW = 2


def watch(talk: Talk) -> Answer:
    """/watch NAME, many names, or a file of them."""
    if talk.asked and talk.asked.file:
        return batch_talk.read_later(talk, talk.asked.file)
    names = watching.names_in(talk.argument, talk.tools.catalogue, watching.market_of(talk.timezone))
    if not names:
        return Answer(words.watch_usage(talk.language, "watch", batch_talk.example(talk)))
    return one(talk, names[0]) if len(names) == 1 else batch_talk.many(talk, names)


def one(talk: Talk, name: str) -> Answer:
    """Watch one name, or ask what it means. What a button elsewhere offers ends here too."""
    reading = watching.read(name, talk.tools.catalogue, watching.market_of(talk.timezone))
    if reading.kind == watching.REFUSED:
        return Answer(words.refused(talk.language, name, LONGEST_NAME, watching.is_link(name)))
    if reading.kind == watching.CHOICE:
        return _which(talk, reading)
    if reading.kind == watching.NEAR:
        return _as_typed(talk, reading)
    return company(talk, Draft(reading.text, reading.company.id if reading.company else ""))


def company(talk: Talk, draft: Draft) -> Answer:
    """Put a draft on, or say why not yet."""
    known = talk.tools.catalogue.by_id(draft.company)
    wanted = drafts.watch_of(draft, known, talk.language)
    had = watching.there(talk.tools.directory, talk.chat, wanted)
    if had is not None:
        label = talk.tools.directory.label(had.watchlist.key, had.watch.id, talk.language)
        if had.on:
            off = draft.typed if drafts.is_off(had.watch, draft.typed) else ""
            return Answer(words.had(talk.language, label, had.locked, off))
        watching.switch(talk.tx, talk.chat, had.watchlist.key, had.watch.id, on=True)
        return Answer(words.switched(talk.language, label, on=True))
    if watching.room(talk.tx, talk.tools.settings, talk.chat, talk.role) == 0:
        return Answer(words.too_many(talk.language, [wanted.label], batch_talk.limit(talk)))
    return _ask(talk, draft, known) or put_on(talk, wanted, known)


def put_on(talk: Talk, wanted: Watch, known: Company | None) -> Answer:
    """Put a watch on and show what it would have told."""
    first = not talk.tx.chats.watches(talk.chat)
    watching.put_on(talk.tx, talk.chat, wanted, talk.now)
    return _on(talk, wanted, known, trying.MOST_SAMPLES if first else 1)


def reader(talk: Talk) -> words.Reader:
    """Who reads the answer."""
    return words.Reader(talk.language, talk.timezone, talk.now)


def _on(talk: Talk, wanted: Watch, known: Company | None, samples: int) -> Answer:
    """What a watch that is on looks for and would have told, with buttons."""
    seen, found = _tried(talk, wanted)
    names = talk.tools.catalogue.names_of
    terms = drafts.spoken(wanted, known, talk.language)
    html = words.watch_on(reader(talk), wanted, terms, drafts.doubtful_off(wanted, known), found, samples)
    row = [Button(say(talk.language, "watching_b_undo"), "undo")]
    if wanted.options.main_only:
        row.insert(0, Button(say(talk.language, "watching_b_not_strict"), "strict"))
    elif trying.stricter(seen, wanted, None, found, names) is not None:
        row.insert(0, Button(say(talk.language, "watching_b_strict"), "strict"))
    state = {"id": wanted.id, "company": known.id if known else "", "samples": samples}
    return Answer(html, (*_toggles(talk, wanted, known), tuple(row)), Panel("watched", state, talk.user))


def _ask(talk: Talk, draft: Draft, known: Company | None, always: bool = False) -> Answer | None:
    """The question before a loud or doubtful watch is put on; None where it is neither."""
    wanted = drafts.watch_of(draft, known, talk.language)
    seen, found = _tried(talk, wanted)
    why = trying.loud(found, wanted, known)
    if why is None and not always:
        return None
    why = why or words.Loud("", 0)
    quieter = trying.stricter(seen, wanted, why, found, talk.tools.catalogue.names_of)
    strict = (quieter.kind, quieter.name, quieter.tried) if quieter else None
    terms = drafts.spoken(wanted, known, talk.language)
    html = words.ask_first(reader(talk), wanted, terms, found, why, strict)
    row = [Button(say(talk.language, "watching_b_keep"), "keep")]
    if quieter is not None:
        row.append(Button(say(talk.language, "watching_b_strict"), "strict"))
    row.append(Button(say(talk.language, "watching_b_cancel"), "cancel"))
    state = draft.state() | {"strict": [quieter.kind, quieter.name] if quieter else []}
    return Answer(html, (*_toggles(talk, wanted, known), tuple(row)), Panel("watch", state, talk.user))


def _which(talk: Talk, reading: watching.Reading) -> Answer:
    """Who could be meant, a button each."""
    as_it_is = say(talk.language, "watching_b_as_it_is", name=words.short(reading.text))
    rows = (*_candidates(talk, reading, "pick"), (Button(as_it_is, "plain"),))
    state = {"typed": reading.text, "companies": [one.id for one in reading.companies]}
    return Answer(words.which(talk.language, reading.text), rows, Panel("which", state, talk.user))


def _as_typed(talk: Talk, reading: watching.Reading) -> Answer:
    """A name that nobody has: looked for as it was typed, beside the companies that were perhaps meant."""
    on = company(talk, Draft(reading.text))
    if on.panel is None or on.panel.kind != "watched":
        return on
    state = {**on.panel.state, "near": [one.id for one in reading.companies]}
    html = f"{on.html}\n{say(talk.language, 'watching_near')}"
    return replace(
        on, html=html, rows=(*_candidates(talk, reading, "instead"), *on.rows), panel=replace(on.panel, state=state)
    )


def _candidates(talk: Talk, reading: watching.Reading, verb: str) -> Rows:
    """A button for each company."""
    return tuple(
        (Button(words.company_button(one.display(talk.language), one.tickers), f"{verb}:{place}"),)
        for place, one in enumerate(reading.companies)
    )


def _pressed_which(talk: Talk, press: Press) -> Reaction:
    """A company was chosen, or the name as it is."""
    companies: Sequence[str] = press.state["companies"]
    chosen = companies[int(press.argument)] if press.verb == "pick" else ""
    return Reaction(edit=company(talk, Draft(press.state["typed"], chosen)))


def _pressed_draft(talk: Talk, press: Press) -> Reaction:
    """A watch that is not on yet: switch a name, put it on as it is or strict, leave it."""
    draft = drafts.draft_of(press.state)
    known = talk.tools.catalogue.by_id(draft.company)
    wanted = drafts.watch_of(draft, known, talk.language)
    if press.verb == "cancel":
        return Reaction(edit=Answer(words.cancelled(talk.language, wanted.label)))
    if press.verb == "flip":
        text = drafts.toggles(wanted, known, talk.language)[int(press.argument)].text
        if drafts.flip(wanted, known, text, talk.language) is None:
            return Reaction(say(talk.language, "watching_t_last"))
        return Reaction(edit=_ask(talk, drafts.flipped(draft, text), known, always=True))
    if watching.room(talk.tx, talk.tools.settings, talk.chat, talk.role) == 0:
        return Reaction(edit=Answer(words.too_many(talk.language, [wanted.label], batch_talk.limit(talk))))
    if press.verb == "strict" and press.state["strict"]:
        kind, name = press.state["strict"]
        wanted = drafts.stricter(wanted, known, kind, name, talk.language)
    return Reaction(say(talk.language, "watching_t_on"), edit=put_on(talk, wanted, known))


def _pressed_watched(talk: Talk, press: Press) -> Reaction:
    """A watch that is on: switch a name, strict or not, undo."""
    wanted = watching.own_watch(talk.tx, talk.chat, press.state["id"])
    known = talk.tools.catalogue.by_id(press.state["company"])
    if wanted is None:
        return Reaction(say(talk.language, "watching_t_gone"))
    if press.verb == "undo":
        watching.take_off(talk.tx, talk.chat, wanted.id)
        return Reaction(edit=Answer(words.undone(talk.language, wanted.label)))
    if press.verb == "instead":
        watching.take_off(talk.tx, talk.chat, wanted.id)
        talk.tools.directory.refresh(talk.tx)
        return Reaction(edit=company(talk, Draft(wanted.label, press.state["near"][int(press.argument)])))
    changed: Watch | None = drafts.main_only(wanted, not wanted.options.main_only)
    if press.verb == "flip":
        text = drafts.toggles(wanted, known, talk.language)[int(press.argument)].text
        changed = drafts.flip(wanted, known, text, talk.language)
    if changed is None:
        return Reaction(say(talk.language, "watching_t_last"))
    talk.tx.chats.add_watch(talk.chat, changed, talk.now)
    return Reaction(edit=_on(talk, changed, known, press.state["samples"]))


def _tried(talk: Talk, wanted: Watch) -> tuple[trying.Window, words.Tried]:
    """What is stored that it may find, and what it would have told."""
    seen = trying.window(talk.tx, wanted, talk.chat, talk.now)
    return seen, trying.tried(seen, wanted, talk.tools.catalogue.names_of)


def _toggles(talk: Talk, wanted: Watch, known: Company | None) -> Rows:
    """The names of a company as buttons, two a row."""
    names = drafts.toggles(wanted, known, talk.language)
    if len(names) < 2 and all(one.safe for one in names):
        return ()
    buttons = [Button(words.toggle_button(one.text, one.on), f"flip:{place}") for place, one in enumerate(names)]
    return in_rows(buttons, TOGGLES_A_ROW)


COMMANDS: dict[str, Command] = {"watch": Command(watch)}
PANELS: dict[str, PressCase] = {
    "which": changing(_pressed_which),
    "watch": changing(_pressed_draft),
    "watched": changing(_pressed_watched),
}
CHORES: dict[str, ChoreCase] = {}
