"""What /start says: who the bot is, this chat's id, and the next step of whoever asks."""

from watchbot.message.marked import clean
from watchbot.message.parts import escape
from watchbot.message.words import count, say


def welcome(language: str, chat: str, watches: int, private: bool, offers: bool) -> str:
    """To somebody who was let in. `watches` is how many there are here, `offers` whether buttons stand below."""
    out = _head(language, chat)
    if watches:
        out.append(say(language, "welcome_has", total=count(language, "watch", watches)))
    if not private:
        out.append(say(language, "welcome_group"))
    if offers:
        out.append(say(language, "welcome_offer"))
    elif not watches:
        out.append(say(language, "welcome_next"))
    return "\n".join(out)


def stranger(language: str, chat: str, user: int, claimed: bool, private: bool) -> str:
    """To somebody who was not let in; `claimed` says whether the bot has an owner."""
    out = _head(language, chat)
    if private and claimed:
        out.append(say(language, "welcome_stranger", user=user))
    elif not claimed:
        out.append(say(language, "welcome_unclaimed"))
    return "\n".join(out)


def let_in(language: str, role: str) -> str:
    """To whoever just used an invitation."""
    return say(language, "welcome_let_in", role=say(language, f"role_{role}"))


def _head(language: str, chat: str) -> list[str]:
    return [say(language, "welcome_hello"), say(language, "welcome_id", chat=escape(clean(chat)))]
