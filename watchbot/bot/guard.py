"""Who may press what changes something: as with commands."""

from functools import wraps

from watchbot.bot.talk import Press, PressCase, Reaction, Talk
from watchbot.message.words import say


def changing(case: PressCase) -> PressCase:
    """The same case for those only who may change things in this chat."""

    @wraps(case)
    def guarded(talk: Talk, press: Press) -> Reaction:
        if not talk.may_change:
            return Reaction(say(talk.language, "press_not_yours"))
        return case(talk, press)

    return guarded
