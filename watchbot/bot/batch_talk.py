"""Many names at once: one answer that says what is on, what needs a choice and what is unknown, with buttons.

names, or a file -> a Reading each -> on (up to ten) or waiting for one press | choices, paged | plain names
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from watchbot.bot.asked import SentFile
from watchbot.bot.guard import changing
from watchbot.bot.paging import page_of
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk, Tools
from watchbot.message import watching as words
from watchbot.message.errors import said
from watchbot.message.parts import escape
from watchbot.message.words import count, number_in, say
from watchbot.model.errors import WatchbotError
from watchbot.model.panel import Button, Panel
from watchbot.model.records import Chore, NewChore
from watchbot.pipeline import drafts, watching
from watchbot.pipeline.commands import watch_id
from watchbot.pipeline.name_lists import MOST_NAMES, names_of_file
from watchbot.pipeline.watching import Reading
from watchbot.ports.threads import in_thread

AT_ONCE = 10
CHOICES_A_PAGE = 4
COMPANIES_A_CHOICE = 3
State = dict[str, Any]


def example(talk: Talk) -> str:
    """A company to name as an example."""
    return "鴻海" if talk.language == "zh-TW" else "Foxconn"


def limit(talk: Talk) -> int:
    """How many watches a user's chat may have."""
    telegram = talk.tools.settings.telegram
    return telegram.quotas.watches if telegram else 0


def many(talk: Talk, names: Sequence[str]) -> Answer:
    """The one answer to many names."""
    market = watching.market_of(talk.timezone)
    return sorted_out(talk, [watching.read(name, talk.tools.catalogue, market) for name in names[:MOST_NAMES]], names)


def sorted_out(talk: Talk, readings: Sequence[Reading], names: Sequence[str]) -> Answer:
    """Put on what is clear where that is little; ask for the rest. `names` are all that were given."""
    state: State = {name: [] for name in ("on", "waiting", "had", "choices", "unknown", "refused", "too_many")}
    state |= {"page": 0, "left": list(names[MOST_NAMES:])}
    there = watching.here(talk.tools.directory, talk.chat)
    # One company may be named several times: by its code, its name, another name.
    once: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        who = reading.company.id if reading.company else watch_id(reading.text)
        once.setdefault((reading.kind, who), reading)
    for reading in once.values():
        _sort_in(talk, state, reading, there)
    if len(state["waiting"]) <= AT_ONCE:
        _put_on(talk, state, state.pop("waiting"))
        state["waiting"] = []
    return _show(talk, state)


def read_later(talk: Talk, file: SentFile) -> Answer:
    """A file of names is fetched after this message."""
    payload = {"file": asdict(file), "market": watching.market_of(talk.timezone)}
    chore = NewChore("names", talk.chat, talk.user, payload)
    return Answer(say(talk.language, "watching_file_reading", name=words.shown(file.name)), chore=chore)


async def _prepare(tools: Tools, chore: Chore) -> tuple[list[Reading], tuple[str, ...]]:
    """Fetch the file and look its names up."""
    file, market = SentFile(**chore.asked.payload["file"]), chore.asked.payload["market"]
    body = await tools.download(file)

    def read() -> tuple[list[Reading], tuple[str, ...]]:
        names = names_of_file(file.name, body, tools.catalogue, market)
        return [watching.read(name, tools.catalogue, market) for name in names[:MOST_NAMES]], names

    return await in_thread(read)


def _finish(talk: Talk, chore: Chore, found: Any) -> Answer:
    """Say what became of the names in the file."""
    name = words.shown(chore.asked.payload["file"]["name"])
    if isinstance(found, WatchbotError):
        error = escape(said(talk.language, str(found)))
        return Answer(say(talk.language, "watching_file_wrong", name=name, error=error))
    if not talk.may_change:
        return Answer(say(talk.language, "admins_only"))
    readings, names = found
    if not names:
        return Answer(say(talk.language, "watching_file_empty", name=name))
    return sorted_out(talk, readings, names)


def _sort_in(talk: Talk, state: State, reading: Reading, there: watching.Here) -> None:
    """Put one name where it belongs."""
    company = reading.company
    wanted = drafts.new(reading.text, company, talk.language)
    if reading.kind == watching.REFUSED:
        state["refused"].append(reading.text)
    elif reading.kind in (watching.SURE, watching.DOUBT, watching.PLAIN) and there.has(wanted):
        state["had"].append(wanted.label)
    elif company is not None and reading.kind == watching.SURE:
        state["waiting"].append([reading.text, company.id])
    elif reading.kind == watching.PLAIN:
        state["unknown"].append(reading.text)
    else:
        identities = [one.id for one in reading.companies[:COMPANIES_A_CHOICE]]
        state["choices"].append([reading.text, identities, len(state["choices"])])


def _put_on(talk: Talk, state: State, wanted: Iterable[Sequence[str]]) -> None:
    """Put on pairs of typed name and company id ("" for a plain name), as many as there is room for."""
    room = watching.room(talk.tx, talk.tools.settings, talk.chat, talk.role)
    own = {row.watch.id for row in talk.tx.chats.watches(talk.chat)}
    for typed, identity in wanted:
        watch = drafts.new(typed, talk.tools.catalogue.by_id(identity), talk.language)
        if watch.id in own:
            continue
        if room is not None and room <= 0:
            state["too_many"].append(watch.label)
            continue
        watching.put_on(talk.tx, talk.chat, watch, talk.now)
        own.add(watch.id)
        state["on"].append(watch.label)
        room = None if room is None else room - 1


def _show(talk: Talk, state: State) -> Answer:
    """The answer by now."""
    language = talk.language
    by_id = talk.tools.catalogue.by_id
    waiting = [drafts.new(typed, by_id(identity), language).label for typed, identity in state["waiting"]]
    found = words.Batch(
        on=tuple(state["on"]),
        waiting=tuple(waiting),
        had=tuple(state["had"]),
        choices=tuple(typed for typed, _companies, _number in state["choices"]),
        unknown=tuple(state["unknown"]),
        refused=tuple(state["refused"]),
        too_many=tuple(state["too_many"]),
        left=tuple(state["left"]),
        limit=limit(talk),
    )
    rows: list[tuple[Button, ...]] = []
    if waiting:
        number = number_in(language, len(waiting))
        rows.append((Button(say(language, "watching_b_all", number=number), "all"),))
    rows += _choices(talk, state)
    if state["unknown"]:
        rows.append((Button(count(language, "watching_plain", len(state["unknown"])), "plain"),))
    panel = Panel("batch", state, talk.user) if rows else None
    return Answer(words.batch(language, found), tuple(rows), panel)


def _choices(talk: Talk, state: Mapping[str, Any]) -> list[tuple[Button, ...]]:
    """One page of what needs a choice: a row for each company that could be meant."""
    choices = state["choices"]
    page = page_of(state["page"], len(choices), CHOICES_A_PAGE)
    rows: list[tuple[Button, ...]] = []
    for place in range(page.start, page.end):
        typed, identities, number = choices[place]
        for nth, identity in enumerate(identities):
            company = talk.tools.catalogue.by_id(identity)
            if company is not None:
                label = words.company_button(company.display(talk.language), company.tickers)
                rows.append((Button(f"{words.short(typed)} → {label}", f"pick:{number}.{nth}"),))
    return [*rows, turns] if (turns := page.turns()) else rows


def _pressed(talk: Talk, press: Press) -> Reaction:
    """All safe ones, all plain ones, one choice, or another page."""
    state = {name: list(value) if isinstance(value, list) else value for name, value in press.state.items()}
    if press.verb == "all":
        _put_on(talk, state, state["waiting"])
        state["waiting"] = []
    elif press.verb == "plain":
        _put_on(talk, state, [(name, "") for name in state["unknown"]])
        state["unknown"] = []
    elif press.verb == "page":
        state["page"] = max(0, int(press.argument))
    else:
        number, _dot, nth = press.argument.partition(".")
        picked = next((one for one in state["choices"] if one[2] == int(number)), None)
        if picked is None:
            return Reaction(say(talk.language, "press_unknown"))
        state["choices"].remove(picked)
        _put_on(talk, state, [(picked[0], picked[1][int(nth)])])
    return Reaction(edit=_show(talk, state))


COMMANDS: dict[str, Command] = {}
PANELS: dict[str, PressCase] = {"batch": changing(_pressed)}
CHORES: dict[str, ChoreCase] = {"names": ChoreCase(_prepare, _finish)}
