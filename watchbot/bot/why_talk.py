"""Why: the button's answer, /why and /story. Whoever may read a chat may ask; only who may change it splits a story.

alert -> whying.why -> words, buttons (sources, story, split, follow-ups) | text or link -> whying.why_not -> words
"""

import re

from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import replies
from watchbot.message import why as words
from watchbot.message.words import say
from watchbot.model.panel import Panel
from watchbot.model.records import AlertRow
from watchbot.model.why import WhyAlert
from watchbot.pipeline import splitting, whying

_SPLIT = re.compile(r"(?P<id>\S+ )?split(?: (?P<number>\S+))?", re.IGNORECASE)
_VIEWS = {"sources": words.sources, "why": words.explained}


def why(talk: Talk) -> Answer:
    """/why: as a reply to an alert, with an id, with a text or a link."""
    argument = talk.argument
    alert = _replied(talk)
    if alert is None and whying.is_id(argument):
        alert = whying.alert_of(talk.tx, talk.chat, argument)
        if alert is None:
            return Answer(words.no_alert(talk.language, argument))
    if alert is not None:
        return explanation(talk, alert)
    if not argument:
        return _no_alert(talk, words.usage(talk.language))
    found = whying.why_not(talk.tx, talk.tools.directory, talk.chat, argument, talk.now)
    return Answer(words.not_told(talk.language, talk.timezone, talk.now, found))


def story(talk: Talk) -> Answer:
    """/story: as a reply to an alert or with an id: its items; `split N` takes one out."""
    split = _SPLIT.fullmatch(" ".join(talk.argument.split()))
    name = (split["id"] or "").strip() if split else talk.argument
    alert = _replied(talk) or (whying.alert_of(talk.tx, talk.chat, name) if name else None)
    if alert is None:
        return _no_alert(talk, words.story_ask(talk.language))
    if split is None:
        parts = whying.parts(talk.tx, alert.story, talk.chat)
        return Answer(words.story_told(talk.language, talk.timezone, talk.now, tuple(parts)))
    if not talk.may_change:
        return Answer(replies.admins_only(talk.language))
    number = split["number"] or ""
    headline = _split(talk, alert, number)
    if headline is None:
        return Answer(words.story_no_such(talk.language, number or "?"))
    return Answer(words.story_done(talk.language, headline))


def explanation(talk: Talk, alert: AlertRow, reply_to: int | None = None) -> Answer:
    """The silent answer that says why an alert came."""
    facts = whying.why(talk.tx, talk.tools.directory, alert)
    return _view(talk, facts, "why", reply_to or talk.tx.outbox.message_id(alert.id))


def splitter(talk: Talk, alert: AlertRow, reply_to: int | None = None) -> Answer:
    """The answer that asks which item of the story is another event."""
    return _view(talk, whying.why(talk.tx, talk.tools.directory, alert), "split", reply_to)


def _press(talk: Talk, press: Press) -> Reaction:
    """A button below an explanation: another view of it, or a split."""
    alert = talk.tx.alerts.get(int(press.state["alert"]))
    if alert is None or alert.chat != talk.chat:
        return Reaction(say(talk.language, "why_alert_gone"))
    if press.verb == "split" and not talk.may_change:
        return Reaction(say(talk.language, "admins_only"))
    if press.verb == "split" and press.argument:
        return _press_split(talk, alert, press.argument)
    facts = whying.why(talk.tx, talk.tools.directory, alert)
    return Reaction(edit=_view(talk, facts, press.verb))


def _press_split(talk: Talk, alert: AlertRow, number: str) -> Reaction:
    """Take one item out; one that is out already is only said to be."""
    headline = _split(talk, alert, number)
    facts = whying.why(talk.tx, talk.tools.directory, alert)
    edit = _view(talk, facts, "story")
    if headline is None:
        return Reaction(say(talk.language, "why_split_gone"), edit=edit)
    return Reaction(edit=edit, answers=(Answer(words.story_done(talk.language, headline), silent=True),))


def _split(talk: Talk, alert: AlertRow, number: str) -> str | None:
    """Split an item off that this chat can see; gives its headline."""
    if not number.isdecimal() or len(number) > 6:
        return None
    part = next((one for one in whying.parts(talk.tx, alert.story, talk.chat) if one.number == int(number)), None)
    if part is None:
        return None
    done = splitting.split(talk.tx, talk.tools.directory, alert.story, part.number, talk.now, talk.chat)
    return part.headline if done is not None else None


def _view(talk: Talk, facts: WhyAlert, view: str, reply_to: int | None = None) -> Answer:
    """One view of an explanation, with the buttons that lead to the others."""
    language, timezone, now = talk.language, talk.timezone, talk.now
    if view == "story":
        html = words.story(language, timezone, now, facts.parts)
    elif view == "split":
        html = words.split_ask(language, timezone, now, facts.parts)
    elif view == "later":
        html = words.follow_ups(language, timezone, now, facts.later)
    else:
        html = _VIEWS.get(view, words.explained)(language, timezone, now, facts)
    rows = words.rows(language, view, facts, talk.may_change)
    return Answer(html, rows, Panel("why", {"alert": facts.alert.id}), reply_to=reply_to, silent=True)


def _replied(talk: Talk) -> AlertRow | None:
    """The alert that this message answers."""
    message = talk.asked.reply_to if talk.asked else None
    return talk.tx.alerts.by_message(talk.chat, message) if message else None


def _no_alert(talk: Talk, usage: str) -> Answer:
    """How to ask; to what answers a message of many (a roll-up, a digest), where each of them has its number."""
    message = talk.asked.reply_to if talk.asked else None
    if message and talk.tx.outbox.by_message(talk.chat, message) is not None:
        return Answer(words.no_single(talk.language))
    return Answer(usage)


COMMANDS: dict[str, Command] = {"why": Command(why, "read"), "story": Command(story, "read")}
PANELS: dict[str, PressCase] = {"why": _press}
CHORES: dict[str, ChoreCase] = {}
