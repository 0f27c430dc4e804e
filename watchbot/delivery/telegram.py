"""Telegram as a sender: one delivery -> one Bot API call -> its outcome.

chat key -> chat id and topic; card -> HTML (or plain text); errors -> outcome.py
"""

import asyncio
from dataclasses import dataclass

import telegram
from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError
from typing_extensions import override

from watchbot.delivery.outcome import classify
from watchbot.message import codec
from watchbot.message.html import alert_html
from watchbot.message.parts import LIMIT, length, plain
from watchbot.message.words import say
from watchbot.model.alert import Act, Delivery, Form, Outcome, Result
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

    def __init__(self, bot: telegram.Bot, call_seconds: float = CALL_SECONDS) -> None:
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
            text = text_of(delivery)
            async with asyncio.timeout(self._call_seconds):
                if delivery.act is Act.EDIT:
                    return await self._edit(delivery, target, text)
                return await self._send(delivery, target, text)
        except (TelegramError, TimeoutError, OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
            return classify(error)

    async def _send(self, delivery: Delivery, target: Target, text: str) -> Outcome:
        """A new message. Buttons come with a later version: `reply_markup` is their place."""
        reply = None
        if delivery.reply_to is not None:
            reply = ReplyParameters(delivery.reply_to, allow_sending_without_reply=True)
        message = await self._bot.send_message(
            chat_id=target.chat,
            message_thread_id=target.topic,
            text=text,
            parse_mode=None if delivery.plain else ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            disable_notification=delivery.silent,
            reply_parameters=reply,
            reply_markup=None,
        )
        return Outcome(Result.SENT, message_id=message.message_id)

    async def _edit(self, delivery: Delivery, target: Target, text: str) -> Outcome:
        """Change a message that was sent before."""
        if delivery.message_id is None:
            return Outcome(Result.NO_MESSAGE, error="the message to edit was never sent")
        await self._bot.edit_message_text(
            chat_id=target.chat,
            message_id=delivery.message_id,
            text=text,
            parse_mode=None if delivery.plain else ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=None,
        )
        return Outcome(Result.SENT, message_id=delivery.message_id)


def target_of(chat: str) -> Target | None:
    """`1001`, `-100200/7`, `@channel`; None for anything else."""
    if chat.startswith("@") and len(chat) > 1:
        return Target(chat)
    name, slash, topic = chat.partition("/")
    if not _whole(name) or (slash and not topic.isdecimal()):
        return None
    number = int(topic) if slash else None
    return Target(int(name), None if number == _GENERAL else number)


def text_of(delivery: Delivery) -> str:
    """What a delivery says: HTML, or plain text where the HTML was refused. An edit is never marked as a repeat."""
    repeat = delivery.repeat and delivery.act is Act.SEND
    if delivery.form is Form.CARD:
        html = alert_html(codec.load(delivery.body), repeat, delivery.created_at)
    else:
        html = _marked(delivery.body) if repeat else delivery.body
    return plain(html) if delivery.plain else html


def _marked(html: str) -> str:
    """A reply or round-up with the mark of a possible repeat, where there is room for it."""
    mark = f"\n<i>({say('en', 'repeat')})</i>"
    return html + mark if length(html + mark) <= LIMIT else html


def _whole(text: str) -> bool:
    """Whether this is a whole number."""
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal()
