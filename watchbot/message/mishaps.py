"""What went wrong with chats and messages, told once: nobody can be written to in silence."""

from collections.abc import Sequence
from dataclasses import dataclass

from watchbot.message.errors import said
from watchbot.message.parts import escape, foreign, split
from watchbot.message.roundup import chat_parked
from watchbot.message.words import count, say

CHATS = 20
_TITLE_COLUMNS = 60
_ERROR_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Mishap:
    """One thing to be told. `kind` is parked (`text` is the error), moved or topic (`text` is the new key), or dead
    (`text` is the last error, `number` how many messages); `title` is what people call the chat, "" where unknown."""

    kind: str
    chat: str
    text: str
    title: str = ""
    number: int = 1


def mishaps(found: Sequence[Mishap], language: str) -> list[str]:
    """All of it as parts of Telegram HTML, the worst first; [] for nothing."""
    dead = [one for one in found if one.kind == "dead"]
    paragraphs = [_parked(one, language) for one in found if one.kind == "parked"]
    paragraphs += [_dead(dead, language)] if dead else []
    paragraphs += [_moved(one, language) for one in found if one.kind in ("moved", "topic")]
    return split("\n\n".join(paragraphs)) if paragraphs else []


def _parked(one: Mishap, language: str) -> str:
    """A chat that cannot be written to."""
    told = chat_parked(language, one.chat, one.text)
    return f"{told}\n{say(language, 'mishap_title', title=_title(one))}" if one.title else told


def _moved(one: Mishap, language: str) -> str:
    """A chat with a new key."""
    key = "mishap_moved" if one.kind == "moved" else "mishap_topic"
    told = say(language, key, old=escape(one.chat), new=escape(one.text))
    return f"{told}\n{say(language, 'mishap_title', title=_title(one))}" if one.title else told


def _dead(dead: Sequence[Mishap], language: str) -> str:
    """Messages that were given up, a line a chat."""
    total = count(language, "given_up", sum(one.number for one in dead))
    out = [say(language, "mishap_dead", total=total)]
    for one in dead[:CHATS]:
        error = foreign(said(language, one.text), _ERROR_COLUMNS)
        out.append(say(language, "mishap_dead_chat", chat=escape(one.chat), number=one.number, error=error))
    if len(dead) > CHATS:
        out.append(say(language, "more", number=len(dead) - CHATS))
    return "\n".join(out)


def _title(one: Mishap) -> str:
    """What people call the chat."""
    return foreign(one.title, _TITLE_COLUMNS)
