"""What an update asks, apart from Telegram's own types: pure, so that it can be tested by a table."""

import re
from dataclasses import dataclass

from telegram import Message, Update

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """One message to the bot. `chat` is the chat key, `command` lower case without the slash, "" for plain text.

    `language` is what the person's Telegram app speaks: en or zh-TW (any zh); `reply_to` the message it answers.
    """

    chat: str
    user: int
    private: bool
    command: str
    argument: str
    language: str
    reply_to: int | None = None


def asked(update: Update, username: str) -> Asked | None:
    """Read an update; None where it is not a message of a person to this bot."""
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    text = message.text or message.caption or ""
    found = _COMMAND.match(text)
    if found and (found[2] or username).lower() != username.lower():
        return None
    return Asked(
        chat=chat_key(message),
        user=message.from_user.id,
        private=message.chat.type == "private",
        command=found[1].lower() if found else "",
        argument=text[found.end() :].strip() if found else text.strip(),
        language="zh-TW" if (message.from_user.language_code or "").lower().startswith("zh") else "en",
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
    )


def chat_key(message: Message) -> str:
    """`1001`, or `-100200/7` inside a forum topic."""
    if message.is_topic_message and message.message_thread_id:
        return f"{message.chat.id}/{message.message_thread_id}"
    return str(message.chat.id)
