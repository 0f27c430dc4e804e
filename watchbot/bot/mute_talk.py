"""/mute and /unmute, alone a list with buttons."""

from dataclasses import replace

from watchbot.bot.guard import changing, number_of
from watchbot.bot.talk import Answer, Command, Press, PressCase, Reaction, Talk
from watchbot.message import mute_list
from watchbot.message.words import say
from watchbot.model.errors import InputError
from watchbot.model.panel import Panel
from watchbot.pipeline import holding, mute_words, muting, preferences
from watchbot.pipeline.muting import Ended

PANEL = "mutes"


def mute(talk: Talk) -> Answer:
    """Silence a watch, a watchlist, a source or everything."""
    if not talk.argument:
        return _list(talk)
    sources = talk.tx.sources.active()
    wish = mute_words.asked(talk.tools.directory, sources, talk.chat, talk.argument)
    if wish.target is None:
        return _unknown(talk, "mute", wish.near)
    if wish.odd:
        return Answer(mute_list.how_long(talk.language, wish.odd, wish.target.label))
    if wish.length == "off":
        return unmute(talk)
    zone = preferences.timezone(talk.tx, talk.tools.directory, talk.chat)
    try:
        until = muting.until(wish.length, talk.now, zone)
    except (InputError, OverflowError):
        return Answer(mute_list.how_long(talk.language, wish.length, wish.target.label))
    begun = muting.begin(talk.tx, talk.chat, wish.target, until, talk.user, talk.now)
    held = sum(muting.held(talk.tx, talk.chat, one.id) for one in mute_words.same(talk.tx, talk.chat, begun.id))
    html = mute_list.begun(talk.language, begun, zone, talk.now)
    return Answer(html, mute_list.rows(talk.language, [(begun, held)]), Panel(PANEL))


def unmute(talk: Talk) -> Answer:
    """Let it be heard again, and offer what was held back."""
    if not talk.argument:
        return _list(talk)
    sources = talk.tx.sources.active()
    wish = mute_words.asked(talk.tools.directory, sources, talk.chat, talk.argument)
    mutes = muting.active(talk.tx, talk.chat, talk.now)
    found = mute_words.muted_as(mutes, wish.target, talk.argument)
    if not found and wish.target is None:
        return _unknown(talk, "unmute", wish.near)
    if not found:
        assert wish.target is not None
        html = mute_list.not_muted(talk.language, wish.target.label)
        return _list(talk, f"{html}\n\n" if mutes else f"{html} ")
    answer = offer(talk, muting.end(talk.tx, found, talk.now))
    rest = muting.active(talk.tx, talk.chat, talk.now)
    if rest and wish.target is not None and wish.target.kind == "all":  # what was muted by itself stays so
        answer = replace(answer, html=f"{answer.html}\n{mute_list.still(talk.language, rest)}")
    return answer


@changing
def press(talk: Talk, pressed: Press) -> Reaction:
    """[Unmute] or [Show 12]; below an answer to /unmute the panel remembers whose."""
    mutes = mute_words.same(talk.tx, talk.chat, number_of(pressed.argument)) if pressed.argument else []
    if pressed.verb == "show":
        return _show(talk, [mute.id for mute in mutes] or list(pressed.state.get("mutes", ())))
    found = [one for one in muting.active(talk.tx, talk.chat, talk.now) if one in mutes]
    if not found:
        return Reaction(say(talk.language, "setmute_gone"), edit=_list(talk))
    answer = offer(talk, muting.end(talk.tx, found, talk.now))
    return Reaction(edit=_list(talk), answers=(answer,))


def _show(talk: Talk, mutes: list[int]) -> Reaction:
    """What these held back, as a round-up."""
    directory = talk.tools.directory
    shown = sum(holding.show_held(talk.tx, directory, talk.chat, muting.hold_of(one), talk.now) for one in mutes)
    return Reaction(say(talk.language, "settings_shown" if shown else "settings_nothing_held"))


def offer(talk: Talk, ended: Ended) -> Answer:
    """What is heard again, and a button that tells what was held back."""
    row = mute_list.show_button(talk.language, ended.held)
    panel = Panel(PANEL, {"mutes": [one.id for one in ended.mutes]}) if row else None
    return Answer(mute_list.ended(talk.language, ended.mutes, ended.held), (row,) if row else (), panel)


def _list(talk: Talk, first: str = "") -> Answer:
    """What is muted here."""
    mutes = mute_words.with_held(talk.tx, talk.chat, talk.now)
    example = mute_words.example(talk.tools.directory, talk.tx.sources.active(), talk.chat)
    zone = preferences.timezone(talk.tx, talk.tools.directory, talk.chat)
    html = mute_list.listing(talk.language, mutes, zone, talk.now, example)
    return Answer(first + html, mute_list.rows(talk.language, mutes), Panel(PANEL))


def _unknown(talk: Talk, command: str, near: tuple[str, ...]) -> Answer:
    """Did you mean."""
    example = mute_words.example(talk.tools.directory, talk.tx.sources.active(), talk.chat)
    return Answer(mute_list.unknown(talk.language, talk.argument, near, command, example))


COMMANDS: dict[str, Command] = {"mute": Command(mute), "unmute": Command(unmute)}
PANELS: dict[str, PressCase] = {PANEL: press}
