"""/status: how this chat is served; in private also how the bot fares, for whoever runs it, with [Try again]."""

from watchbot.bot.guard import number_of
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import replies
from watchbot.message import standing as words
from watchbot.message.words import count, say
from watchbot.model.panel import Panel
from watchbot.pipeline import preferences, standing
from watchbot.pipeline.access import CHIEFS

PANEL = "status"


def status(talk: Talk) -> Answer:
    """How things stand."""
    zone = preferences.timezone(talk.tx, talk.tools.directory, talk.chat)
    found = standing.chat_standing(talk.tx, talk.tools.directory, talk.chat, zone, talk.now)
    html = words.chat_lines(talk.language, found, zone, talk.now)
    if not _runs_it(talk):
        return Answer(html)
    whole = standing.bot_standing(talk.tx, talk.tools.settings, talk.now)
    html += "\n\n" + words.bot_lines(talk.language, whole, zone, talk.now)
    rows = words.dead_rows(talk.language, whole)
    return Answer(html, rows, Panel(PANEL, user=talk.user) if rows else None)


def press(talk: Talk, pressed: Press) -> Reaction:
    """Try given-up messages once more."""
    if not _runs_it(talk):
        return Reaction(replies.admins_only(talk.language))
    if pressed.argument == "all":
        tried = standing.retry_all(talk.tx, talk.now)
    else:
        number = number_of(pressed.argument)
        tried = int(talk.tx.outbox.retry(number, talk.now))
    if not tried:
        return Reaction(say(talk.language, "standing_nothing_dead"), edit=status(talk))
    again = say(talk.language, "standing_tried", messages=count(talk.language, "dead_message", tried))
    return Reaction(again, edit=status(talk))


def _runs_it(talk: Talk) -> bool:
    """Whether the reader is owner or admin and nobody else reads it."""
    return talk.private and talk.role in CHIEFS


COMMANDS: dict[str, Command] = {"status": Command(status, needs="read")}
PANELS: dict[str, PressCase] = {PANEL: press}
CHORES: dict[str, ChoreCase] = {}
