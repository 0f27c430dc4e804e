"""The port through which deliveries leave: Telegram, the terminal, or a fake in tests."""

from typing import Protocol

from watchbot.model.alert import Delivery, Outcome


class Sender(Protocol):
    """Carries out one delivery and says what it came to. Never raises for what the far side does."""

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Send or edit one message."""
        ...
