"""Telegram as a sender: one delivery -> one Bot API call -> its outcome.

chat key -> chat id and topic; card, HTML or file -> text, buttons, document; errors -> outcome.py

Where Telegram refuses a call for its buttons it is made once more without them: the words matter more.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot
from typing_extensions import override

from watchbot.delivery.outcome import about_buttons, classify
from watchbot.message import codec
from watchbot.message.html import alert_html, repeat_mark
from watchbot.message.keyboard import CAPTION_LIMIT, is_address, load_file, pressed
from watchbot.message.parts import LIMIT, length, plain
from watchbot.model.alert import Act, Delivery, Form, Outcome, Result
from watchbot.model.panel import Button
from watchbot.ports.sender import Sender

CALL_SECONDS = 120.0  # beyond every timeout of the client: a call that hangs anyway must not hold its place for ever
_GENERAL = 1  # the topic General is written to without naming it
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a chat key leads."""

    chat: int | str
    topic: int | None = None


class TelegramSender(Sender):
    """Sends and edits messages; never raises for what Telegram or the network does."""

    def __init__(self, bot: ExtBot[Any], call_seconds: float = CALL_SECONDS) -> None:
        """`bot` is initialised by whoever starts the application; its rate limiter counts these calls."""
        self._bot = bot
        self._call_seconds = call_seconds

    @override
    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send or edit one message."""
        target = target_of(delivery.chat)
        if target is None:
            return Outcome(Result.UNREACHABLE, error=f"{delivery.chat!r} is no Telegram chat")
        try:
            call = self._edit if delivery.act is Act.EDIT else self._send
            async with asyncio.timeout(self._call_seconds):
                try:
                    return await call(delivery, target, markup_of(delivery))
                except BadRequest as error:
                    if not delivery.rows or not about_buttons(error):
                        raise
                    return await call(delivery, target, None)
        except (TelegramError, TimeoutError, OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
            return classify(error)

    async def _send(self, delivery: Delivery, target: Target, markup: InlineKeyboardMarkup | None) -> Outcome:
        """A new message, or a file."""
        if delivery.form is Form.FILE:
            return await self._send_file(delivery, target, markup)
        message = await self._bot.send_message(
            chat_id=target.chat,
            message_thread_id=target.topic,
            text=text_of(delivery),
            parse_mode=_mode(delivery),
            link_preview_options=_NO_PREVIEW,
            disable_notification=delivery.silent,
            reply_parameters=_reply(delivery),
            reply_markup=markup,
            rate_limit_args=self._rank(delivery),
        )
        return _sent(message, target)

    async def _send_file(self, delivery: Delivery, target: Target, markup: InlineKeyboardMarkup | None) -> Outcome:
        """A file with its caption."""
        file = load_file(delivery.body)
        message = await self._bot.send_document(
            chat_id=target.chat,
            message_thread_id=target.topic,
            document=InputFile(file.body, filename=file.name),
            caption=text_of(delivery) or None,
            parse_mode=_mode(delivery),
            disable_notification=delivery.silent,
            reply_parameters=_reply(delivery),
            reply_markup=markup,
            rate_limit_args=self._rank(delivery),
        )
        return _sent(message, target)

    async def _edit(self, delivery: Delivery, target: Target, markup: InlineKeyboardMarkup | None) -> Outcome:
        """Change a message that was sent before: its text (of a file the caption) and its buttons; without any, those
        it has go."""
        if delivery.message_id is None:
            return Outcome(Result.NO_MESSAGE, error="the message to edit was never sent")
        text, mode = text_of(delivery), _mode(delivery)
        where: dict[str, Any] = {"chat_id": target.chat, "message_id": delivery.message_id}
        where["rate_limit_args"] = self._rank(delivery)
        if delivery.form is Form.FILE:
            await self._bot.edit_message_caption(**where, caption=text, parse_mode=mode, reply_markup=markup)
        else:
            await self._bot.edit_message_text(
                **where, text=text, parse_mode=mode, link_preview_options=_NO_PREVIEW, reply_markup=markup
            )
        return Outcome(Result.SENT, message_id=delivery.message_id)

    def _rank(self, delivery: Delivery) -> int | None:
        """How urgent the limiter is to take the call; a bot without a limiter will not hear of it."""
        return delivery.rank.value if self._bot.rate_limiter else None


def markup_of(delivery: Delivery) -> InlineKeyboardMarkup | None:
    """The buttons of a delivery as Telegram takes them; None for none."""
    rows = [[_button(delivery.token, button) for button in row] for row in delivery.rows if row]
    return InlineKeyboardMarkup(rows) if rows else None


def target_of(chat: str) -> Target | None:
    """`1001`, `-100200/7`, `@channel`; None for anything else."""
    if chat.startswith("@") and len(chat) > 1:
        return Target(chat)
    name, slash, topic = chat.partition("/")
    if not _whole(name) or (slash and not topic.isdecimal()):
        return None
    number = int(topic) if slash else None
    return Target(int(name), None if number == _GENERAL else number)


def _sent(message: Message, target: Target) -> Outcome:
    """It arrived; where it went to a name, with the chat's own id, which everything said there carries."""
    named = isinstance(target.chat, str)
    return Outcome(Result.SENT, message_id=message.message_id, chat=str(message.chat.id) if named else "")


def text_of(delivery: Delivery) -> str:
    """What a delivery says: HTML, or plain text where the HTML was refused. An edit is never marked as a repeat."""
    repeat = delivery.repeat and delivery.act is Act.SEND
    limit = CAPTION_LIMIT if delivery.form is Form.FILE else LIMIT
    if delivery.form is Form.CARD:
        html = alert_html(codec.load(delivery.body), repeat, delivery.created_at)
    else:
        html = load_file(delivery.body).caption if delivery.form is Form.FILE else delivery.body
        html = _marked(html, limit) if repeat else html
    return plain(html, limit) if delivery.plain else html


def _marked(html: str, limit: int) -> str:
    """A reply or round-up with the mark of a possible repeat, where there is room for it."""
    marked = f"{html}\n<i>{repeat_mark(html)}</i>".lstrip()
    return marked if length(marked) <= limit else html


def _mode(delivery: Delivery) -> ParseMode | None:
    """How Telegram is to read the text."""
    return None if delivery.plain else ParseMode.HTML


def _reply(delivery: Delivery) -> ReplyParameters | None:
    """The message that is answered, if it is still there."""
    if delivery.reply_to is None:
        return None
    return ReplyParameters(delivery.reply_to, allow_sending_without_reply=True)


def _button(token: str, button: Button) -> InlineKeyboardButton:
    """One button."""
    if is_address(button):
        return InlineKeyboardButton(button.text, url=button.data)
    return InlineKeyboardButton(button.text, callback_data=pressed(token, button))


def _whole(text: str) -> bool:
    """Whether this is a whole number."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal()
