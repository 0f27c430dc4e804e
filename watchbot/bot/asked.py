"""What an update asks, apart from Telegram's own types: pure, so that it can be tested by a table."""

import re
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

# Also as an input method for Chinese writes it: with a full-width slash, blank, colon, or a quoted name right behind.
COMMAND = r"[/／]([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?"
_COMMAND = re.compile(COMMAND + r"(?:[\s:：]+|$|(?=[「『（《]))")
ANONYMOUS = 1087968824  # stands for an administrator of a group who hides behind it


@dataclass(frozen=True, slots=True)
class SentFile:
    """A document that was sent, not downloaded yet. `size` in bytes, 0 where Telegram does not say."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One message to the bot. `chat` is the chat key, `command` lower case without the slash, "" for plain text.

    `language` is what the person's Telegram app speaks: en or zh-TW (any zh); `reply_to` the message it answers.
    `kind` and `title` are the chat's; `text` is the whole message, `html` the same with its hidden links; `forwarded`:
    it was written elsewhere. `chat_admin`: Telegram says that the person is an administrator of this group.
    `reply_text`, `reply_html` and `reply_file` are what stands in the message that it answers.
    """

    chat: str
    user: int
    private: bool
    command: str
    argument: str
    language: str
    reply_to: int | None = None
    message_id: int = 0
    kind: str = "private"
    title: str = ""
    name: str = ""
    text: str = ""
    html: str = ""
    forwarded: bool = False
    file: SentFile | None = None
    chat_admin: bool = False
    reply_text: str = ""
    reply_html: str = ""
    reply_file: SentFile | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed. `token` and `data` are what stood behind it; `query` is what to answer; `channel`: it
    stands in a channel, where everybody reads what a press brings."""

    chat: str
    user: int
    private: bool
    language: str
    query: str
    token: str
    data: str
    message_id: int = 0
    chat_admin: bool = False
    channel: bool = False


def asked(update: Update, username: str) -> Asked | None:
    """Read an update; None where it is not a message of a person, or of a channel's post, to this bot."""
    message = update.message or update.channel_post
    if message is None or (message.from_user is not None and message.from_user.is_bot and not _anonymous(message)):
        return None
    if message.from_user is None and update.channel_post is None:
        return None
    text = message.text or message.caption or ""
    found = _COMMAND.match(text)
    if found and (found[2] or username).lower() != username.lower():
        return None
    person = message.from_user
    answered = message.reply_to_message if _answered(message) else None
    return Asked(
        chat=chat_key(message),
        user=person.id if person else 0,
        private=message.chat.type == ChatType.PRIVATE,
        command=found[1].lower() if found else "",
        argument=text[found.end() :].strip() if found else text.strip(),
        language=language_of(person.language_code if person else ""),
        reply_to=_answered(message),
        message_id=message.message_id,
        kind=message.chat.type,
        title=message.chat.title or "",
        name=person.full_name if person else "",
        text=text,
        html=_html(message),
        forwarded=message.forward_origin is not None,
        file=_file(message),
        chat_admin=_anonymous(message),
        reply_text=(answered.text or answered.caption or "") if answered else "",
        reply_html=_html(answered) if answered else "",
        reply_file=_file(answered) if answered else None,
    )


def pressed(update: Update) -> Pressed | None:
    """Read an update; None where it is no pressed button of a message."""
    query = update.callback_query
    if query is None:
        return None
    token, _, data = (query.data or "").partition(":")
    message = query.message if isinstance(query.message, Message) else None
    return Pressed(
        chat=chat_key(message) if message else _bare_chat(query),
        user=query.from_user.id,
        private=query.message is not None and query.message.chat.type == ChatType.PRIVATE,
        language=language_of(query.from_user.language_code),
        query=query.id,
        token=token,
        data=data,
        message_id=query.message.message_id if query.message else 0,
        channel=query.message is not None and query.message.chat.type == ChatType.CHANNEL,
    )


def chat_key(message: Message) -> str:
    """`1001`, or `-100200/7` inside a forum topic."""
    if message.is_topic_message and message.message_thread_id:
        return f"{message.chat.id}/{message.message_thread_id}"
    return str(message.chat.id)


def language_of(code: str | None) -> str:
    """The language of a Telegram app as the bot speaks it."""
    return "zh-TW" if (code or "").lower().startswith("zh") else "en"


def _answered(message: Message) -> int | None:
    """The message that this one answers; in a topic every message seems to answer the one that opened it."""
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created is not None:
        return None
    return answered.message_id


def _html(message: Message) -> str:
    """What a message says, with its hidden links."""
    return (message.text_html if message.text else message.caption_html) or ""


def _anonymous(message: Message) -> bool:
    return message.from_user is not None and message.from_user.id == ANONYMOUS


def _bare_chat(query: CallbackQuery) -> str:
    """A message too old to be shown tells its chat only."""
    return str(query.message.chat.id) if query.message else ""


def _file(message: Message) -> SentFile | None:
    found = message.document
    if found is None:
        return None
    return SentFile(found.file_id, found.file_name or "", found.mime_type or "", found.file_size or 0)
