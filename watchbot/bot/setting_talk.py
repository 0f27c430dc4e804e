"""/settings, /quiet and /digest: alone they show, with an argument they change; mutes stand in mute_talk.py.

/quiet 22:30-06:45 -> preferences.read -> change -> the setting in words, with the time there and buttons
"""

from dataclasses import replace

from watchbot.bot import mute_talk
from watchbot.bot.guard import changing
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import settings as words
from watchbot.message.words import known, say
from watchbot.model.errors import InputError
from watchbot.model.panel import Panel
from watchbot.model.preferences import Preferences
from watchbot.pipeline import holding, preferences
from watchbot.pipeline.zones import UnknownZone

PANEL = "settings"
HOLDS = ("digest", "quiet", "cap")


def settings(talk: Talk) -> Answer:
    """Everything, one setting, or a change: `/settings`, `/settings updates`, `/settings updates off`."""
    word, _, text = talk.argument.partition(" ")
    if not word:
        return _overview(talk)
    key = preferences.key_of(word.rstrip(":=："))
    if key is None:
        return Answer(words.unknown(talk.language, word, preferences.nearest_key(word)))
    return _set(talk, key, text.strip())


def quiet(talk: Talk) -> Answer:
    """When nothing is to ring."""
    return _set(talk, "quiet_hours", talk.argument)


def digest(talk: Talk) -> Answer:
    """At once, or gathered at certain times."""
    return _set(talk, "digest_at", talk.argument)


@changing
def press(talk: Talk, pressed: Press) -> Reaction:
    """A setting is opened, changed, or what it holds back is shown."""
    match pressed.verb:
        case "show" if pressed.argument in HOLDS:
            shown = holding.show_held(talk.tx, talk.tools.directory, talk.chat, pressed.argument, talk.now)
            return Reaction(say(talk.language, "settings_shown" if shown else "settings_nothing_held"))
        case "open" if pressed.argument in words.TOPICS:
            return Reaction(edit=_topic(talk, pressed.argument))
        case "set":
            return _press_set(talk, *pressed.argument.partition("=")[::2])
        case _:
            return Reaction(edit=_overview(talk))


def _press_set(talk: Talk, key: str, value: str) -> Reaction:
    """Take what a button stands for, and show it."""
    try:
        read = preferences.read(key, value)
    except (InputError, KeyError):
        return Reaction(say(talk.language, "press_unknown"))
    talk, prefs = _changed(talk, key, read)
    return Reaction(words.toast(talk.language, key, prefs), edit=_topic(talk, key, prefs))


def _set(talk: Talk, key: str, text: str) -> Answer:
    """Change a setting where something is said, and show it."""
    if not text:
        return _topic(talk, key)
    try:
        value = preferences.read(key, text)
    except UnknownZone as error:
        return Answer(words.wrong_zone(talk.language, str(error), error.near))
    except InputError as error:
        return Answer(words.wrong(talk.language, key, str(error)))
    talk, prefs = _changed(talk, key, value)
    return _topic(talk, key, prefs)


def _changed(talk: Talk, key: str, value: str) -> tuple[Talk, Preferences]:
    """Store it; the talk goes on in the language that holds then."""
    preferences.change(talk.tx, talk.tools.directory, talk.chat, key, value, talk.now)
    prefs = _look(talk)
    if key == "language":
        talk = replace(talk, language=known(prefs.value("language")))
    return talk, prefs


def _look(talk: Talk) -> Preferences:
    return preferences.look(talk.tx, talk.tools.directory, talk.chat, talk.now)


def _overview(talk: Talk) -> Answer:
    return Answer(words.overview(talk.language, _look(talk)), words.overview_rows(talk.language), Panel(PANEL))


def _topic(talk: Talk, key: str, prefs: Preferences | None = None) -> Answer:
    prefs = prefs or _look(talk)
    html = words.topic(talk.language, key, prefs)
    return Answer(html, words.topic_rows(talk.language, key, prefs), Panel(PANEL))


COMMANDS: dict[str, Command] = {
    "settings": Command(settings),
    "quiet": Command(quiet),
    "digest": Command(digest),
    **mute_talk.COMMANDS,
}
PANELS: dict[str, PressCase] = {PANEL: press, **mute_talk.PANELS}
CHORES: dict[str, ChoreCase] = {}
