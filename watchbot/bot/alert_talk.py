"""The buttons of an alert: Why, Mute, 👎 - what they open, what they change, and how each is undone.

[Why] [Mute] [👎] -> a silent answer | [1 h] ... in the same place | [Wrong company] ... -> offers that are kept
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from watchbot.bot import mute_talk, why_talk
from watchbot.bot.guard import changing
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import complaint as words
from watchbot.message.card import buttons
from watchbot.message.words import say
from watchbot.model.offer import COMPLAINTS, DUPLICATE, WRONG, Offer
from watchbot.model.panel import Panel, Rows
from watchbot.model.records import AlertRow, Mute
from watchbot.pipeline import complaints, muting, whying
from watchbot.pipeline.muting import Ended

SAID_AGAIN = timedelta(minutes=1)
_LENGTHS = ("1h", "8h", "today")


def _press(talk: Talk, press: Press) -> Reaction:
    """A button of an alert."""
    alert = talk.tx.alerts.get(int(press.state["alert"]))
    if alert is None or alert.chat != talk.chat:
        return Reaction(say(talk.language, "why_alert_gone"))
    if press.verb == "why":
        return _why(talk, press, alert)
    if not talk.may_change:
        return Reaction(say(talk.language, "admins_only"))
    match press.verb:
        case "mute":
            return _swap(press, words.mute_menu(alert.card.language))
        case "down":
            return _swap(press, words.down_menu(alert.card.language))
        case "m":
            return _mute(talk, press, alert, press.argument)
        case "d" if press.argument in COMPLAINTS:
            return _complain(talk, press, alert, press.argument)
        case "unmute":
            return _unmute(talk, press, alert)
        case "back":
            return _swap(press, _row(talk, press, alert))
        case _:
            return Reaction(say(talk.language, "press_unknown"))


def _why(talk: Talk, press: Press, alert: AlertRow) -> Reaction:
    """The explanation as a silent reply; within a minute it is only pointed at."""
    said = press.state.get("why_at")
    if said and talk.now - datetime.fromisoformat(said) < SAID_AGAIN:
        return Reaction(say(talk.language, "why_shown"))
    _remember(talk, press, {"why_at": talk.now.isoformat()})
    return Reaction(answers=(why_talk.explanation(talk, alert, press.row.message_id),))


# --- mute ---


def _mute(talk: Talk, press: Press, alert: AlertRow, what: str) -> Reaction:
    """Begin a mute of the alert's watches, or of its story, and show how it ends."""
    if what == "story":
        targets = [muting.of_story(alert)]
    elif what == "watch" or what in _LENGTHS:
        targets = muting.of_alert(talk.tx, talk.tools.directory, alert)
    else:
        return Reaction(say(talk.language, "press_unknown"))
    if not targets:
        return _swap(press, _row(talk, press, alert), say(talk.language, "mute_toast_gone"))
    until = muting.until(what, talk.now, talk.timezone) if what in _LENGTHS else None
    mutes = [muting.begin(talk.tx, talk.chat, target, until, talk.user, talk.now) for target in targets]
    names = [say(talk.language, "mute_story")] if what == "story" else [target.label for target in targets]
    toast = words.mute_toast(talk.language, talk.timezone, names, until, talk.now)
    rows = words.muted_row(alert.card.language, talk.timezone, until, talk.now)
    ids = sorted({*press.state.get("mutes", ()), *(mute.id for mute in mutes)})
    return _swap(press, rows, toast, {"mutes": ids})


def _unmute(talk: Talk, press: Press, alert: AlertRow) -> Reaction:
    """End what this alert's button muted; offer what that held back."""
    ids = set(press.state.get("mutes", ()))  # one whose time is over may hold something back still
    ended = muting.end(
        talk.tx, [one for one in talk.tx.wishes.mutes() if one.chat == talk.chat and one.id in ids], talk.now
    )
    reaction = _swap(press, buttons(alert.card.language), say(talk.language, "mute_toast_ended"), {"mutes": []})
    return replace(reaction, answers=_held(talk, ended, press.row.message_id))


def _held(talk: Talk, ended: Ended, reply_to: int | None) -> tuple[Answer, ...]:
    """The offer of what mutes held back, nothing where they held nothing."""
    if not ended.held:
        return ()
    return (replace(mute_talk.offer(talk, ended), reply_to=reply_to, silent=True),)


def _mutes(talk: Talk, press: Press) -> list[Mute]:
    """What this alert's button muted and is muted still."""
    ids = set(press.state.get("mutes", ()))
    return [mute for mute in muting.active(talk.tx, talk.chat, talk.now) if mute.id in ids]


def _row(talk: Talk, press: Press, alert: AlertRow) -> Rows:
    """The three buttons, as they stand while nothing is opened."""
    mutes = _mutes(talk, press)
    if not mutes:
        return buttons(alert.card.language)
    ends = [mute.until for mute in mutes if mute.until is not None]
    until = max(ends) if len(ends) == len(mutes) else None
    return words.muted_row(alert.card.language, talk.timezone, until, talk.now)


# --- 👎 ---


def _complain(talk: Talk, press: Press, alert: AlertRow, complaint: str) -> Reaction:
    """A silent reply with what can be done; the alert gets its three buttons back."""
    offers = complaints.offers(talk.tx, talk.tools.directory, alert, complaint)
    state = {"alert": alert.id, "complaint": complaint, "offers": [complaints.dump(offer) for offer in offers]}
    answer = replace(_offers(talk, state), reply_to=press.row.message_id)
    return replace(_swap(press, _row(talk, press, alert)), answers=(answer,))


@changing
def _press_offer(talk: Talk, press: Press) -> Reaction:
    """An offer is kept, undone, or the story is opened to be split."""
    if press.verb == "split":
        alert = talk.tx.alerts.get(int(press.state["alert"]))
        if alert is None or alert.chat != talk.chat:
            return Reaction(say(talk.language, "why_alert_gone"))
        return Reaction(answers=(why_talk.splitter(talk, alert, press.row.message_id),))
    offers = [complaints.load(one) for one in press.state["offers"]]
    pressed = offers[int(press.argument)].shown
    changed = {place: _change(talk, press.verb, one) for place, one in enumerate(offers) if one.shown == pressed}
    for place, (offer, _ended) in changed.items():
        offers[place] = offer or offers[place]
    if not any(offer for offer, _ended in changed.values()):
        return Reaction(say(talk.language, "down_watch_gone"))
    toast = say(talk.language, "down_undone") if press.verb == "undo" else ""
    mutes = tuple(mute for _offer, one in changed.values() for mute in one.mutes)
    ended = Ended(mutes, sum(one.held for _offer, one in changed.values()))
    edit = _offers(talk, {**press.state, "offers": [complaints.dump(one) for one in offers]})
    return Reaction(toast, edit=edit, answers=_held(talk, ended, press.row.message_id))


def _change(talk: Talk, verb: str, offer: Offer) -> tuple[Offer | None, Ended]:
    """Keep or undo one offer; None where its watch is gone. Also gives what that ended."""
    if verb == "undo":
        return complaints.undo(talk.tx, talk.chat, offer, talk.now)
    if not complaints.stands(talk.tools.directory, talk.chat, offer):
        return None, Ended()
    return complaints.keep(talk.tx, talk.chat, talk.user, offer, talk.now), Ended()


def _offers(talk: Talk, state: Mapping[str, Any]) -> Answer:
    """The message with the offers as they stand."""
    offers = [complaints.load(one) for one in state["offers"]]
    split = state["complaint"] in (WRONG, DUPLICATE) and _has_swallowed(talk, int(state["alert"]))
    html = words.asked(talk.language, state["complaint"], offers, split)
    return Answer(html, words.offer_rows(talk.language, offers, split), Panel("complaint", state), silent=True)


def _has_swallowed(talk: Talk, alert: int) -> bool:
    """Whether something else was folded into the alert's story."""
    row = talk.tx.alerts.get(alert)
    return row is not None and any(part.number > 1 for part in whying.parts(talk.tx, row.story, talk.chat))


def _swap(press: Press, rows: Rows, toast: str = "", state: Mapping[str, Any] | None = None) -> Reaction:
    """Other buttons below the same alert."""
    panel = Panel("alert", {**press.state, **(state or {})}, press.row.panel.user)
    return Reaction(toast, edit=Answer("", rows, panel))


def _remember(talk: Talk, press: Press, state: Mapping[str, Any]) -> None:
    """Keep something behind the buttons without changing them."""
    panel = Panel("alert", {**press.state, **state}, press.row.panel.user)
    talk.tx.outbox.set_panel(press.row.delivery, panel)


COMMANDS: dict[str, Command] = {}
PANELS: dict[str, PressCase] = {"alert": _press, "complaint": _press_offer}
CHORES: dict[str, ChoreCase] = {}
