"""Who sent an update, read with care from what Telegram wrote: the update may be one that nothing else can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from watchbot.bot.asked import language_of


@dataclass(frozen=True, slots=True)
class Sender:
    """Chat key ("" where it cannot be seen), user id (0 where not), language of their app; the id of a pressed button's
    query ("" for a message)."""

    chat: str = ""
    user: int = 0
    language: str = "en"
    query: str = ""


def sender(raw: Mapping[str, Any]) -> Sender:
    """Read an update as Telegram wrote it."""
    press = _part(raw, "callback_query")
    message = _part(raw, "message") or _part(raw, "channel_post") or _part(press, "message")
    person = _part(press, "from") if press else _part(message, "from")
    chat, thread = _number(_part(message, "chat").get("id")), _number(message.get("message_thread_id"))
    code, query = person.get("language_code"), press.get("id")
    return Sender(
        chat="" if not chat else f"{chat}/{thread}" if thread and message.get("is_topic_message") else str(chat),
        user=_number(person.get("id")),
        language=language_of(code if isinstance(code, str) else ""),
        query=query if isinstance(query, str) else "",
    )


def _part(whole: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A part where there is one of the right kind, else an empty one."""
    found = whole.get(name)
    return found if isinstance(found, Mapping) else {}


def _number(value: object) -> int:
    """An id, 0 where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
