"""Presses with care: who may press what changes something, and numbers that a button of ours may not have said."""

from functools import wraps

from watchbot.bot.talk import Press, PressCase, Reaction, Talk
from watchbot.message.words import say


def number_of(text: str) -> int:
    """The number that a button says; 0 for anything else, since a press may say what no button of ours does."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def changing(case: PressCase) -> PressCase:
    """The same case for those only who may change things in this chat."""

    @wraps(case)
    def guarded(talk: Talk, press: Press) -> Reaction:
        if not talk.may_change:
            return Reaction(say(talk.language, "press_not_yours"))
        return case(talk, press)

    return guarded
