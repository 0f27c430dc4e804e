"""A sender that keeps what it was given, and says what a test wants it to say. Held by the same suite as the others."""

import asyncio
from collections import deque
from dataclasses import dataclass

from typing_extensions import override

from watchbot.delivery.telegram import text_of
from watchbot.message.keyboard import load_file
from watchbot.message.parts import visible
from watchbot.model.alert import Act, Delivery, Form, Outcome, Result
from watchbot.ports.sender import Sender


@dataclass(frozen=True)
class Shown:
    """One message as it was taken."""

    chat: str
    text: str
    delivery: Delivery


class FakeSender(Sender):
    """Takes everything, unless told otherwise by `script`, by `answers` for a chat, or by a closed `gate`."""

    def __init__(self) -> None:
        """Well and open."""
        self.shown: list[Shown] = []
        self.calls: list[Delivery] = []
        self.script: deque[Outcome | Exception] = deque()
        self.answers: dict[str, Outcome] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.in_flight = 0
        self.most_in_flight = 0

    @override
    async def deliver(self, delivery: Delivery) -> Outcome:
        """Take one message."""
        self.calls.append(delivery)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.gate.wait()
        finally:
            self.in_flight -= 1
        if self.script:
            said = self.script.popleft()
            if isinstance(said, Exception):
                raise said
            if said.result is not Result.SENT:
                return said
        if delivery.chat in self.answers:
            return self.answers[delivery.chat]
        try:
            text = text_of(delivery)
            name = load_file(delivery.body).name if delivery.form is Form.FILE else ""
        except ValueError as error:
            return Outcome(Result.BAD_TEXT, error=str(error))
        if delivery.act is Act.EDIT and delivery.message_id is None:
            return Outcome(Result.NO_MESSAGE)
        told = text if delivery.plain else visible(text)
        self.shown.append(Shown(delivery.chat, f"{name}\n{told}" if name else told, delivery))
        return Outcome(Result.SENT, message_id=delivery.message_id or len(self.shown))

    def texts(self, chat: str = "") -> list[str]:
        """What a chat (or every chat) was shown."""
        return [one.text for one in self.shown if not chat or one.chat == chat]
