"""Telegram's limits, kept on our side: sends, edits and replies are counted together.

    call -> waits its turn (all chats, this chat, this group) -> Telegram -> 429? remembered for whoever waits

A wait that would be long is not waited for: the call ends with `Paused`, and the row goes back to the outbox, so that
other chats go on meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter
from typing_extensions import override

from watchbot.delivery.outcome import Paused, seconds_of
from watchbot.ports.clock import Clock

JSON = dict[str, Any]
Wait = Callable[[float], Awaitable[None]]
PER_SECOND = 27.0  # of the 30 allowed: calls that wait in the network arrive closer together than they left
CHAT_GAP = 1.05
GROUP_CALLS = 20
GROUP_WINDOW = 60.5
PATIENCE = 2.5
LONGEST_OWN_PAUSE = 59.0  # a pause of 60 s would silence every chat
_MOST_CHATS = 2000
_FREE_SENDS = frozenset({"sendChatAction"})
_METERED = ("send", "edit", "forward", "copy")


@dataclass(slots=True)
class _Chat:
    """What was called for one chat: when the next call may be, and when the last ones of a group were."""

    free_at: float = 0.0
    paused_until: float = 0.0
    calls: deque[float] = field(default_factory=deque)


class Limiter(BaseRateLimiter[int]):
    """One for each bot token. Time and waiting come from outside."""

    def __init__(self, clock: Clock, wait: Wait = asyncio.sleep) -> None:
        """`wait` sleeps for so many seconds of the clock's monotonic time."""
        self._clock = clock
        self._wait = wait
        self._free_at = 0.0
        self._paused_until = 0.0
        self._chats: dict[str, _Chat] = {}

    @override
    async def initialize(self) -> None:
        """Nothing to open."""

    @override
    async def shutdown(self) -> None:
        """Nothing to close."""

    @override
    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | JSON | list[JSON]]],
        args: Any,
        kwargs: JSON,
        endpoint: str,
        data: JSON,
        rate_limit_args: int | None,
    ) -> bool | JSON | list[JSON]:
        """Wait for the call's turn and make it; a 429 holds back the calls that wait behind it."""
        if not metered(endpoint):
            return await callback(*args, **kwargs)
        name = str(data.get("chat_id", ""))
        await self.turn(name)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._hit(name, seconds_of(error))
            raise
        finally:
            self._answered(name)

    def _hit(self, chat: str, seconds: float) -> None:
        """A 429: this chat waits; every chat does where the pause is long or a second chat is hit."""
        now = self._clock.monotonic()
        others = any(state.paused_until > now for name, state in self._chats.items() if name != chat)
        self.pause(chat, seconds)
        if others or seconds > LONGEST_OWN_PAUSE:
            self.pause("*", seconds)

    def pause(self, chat: str, seconds: float) -> None:
        """Let a chat (or "*": every chat) alone for a time."""
        until = self._clock.monotonic() + seconds
        if chat == "*":
            self._paused_until = max(self._paused_until, until)
        else:
            state = self._state(chat)
            state.paused_until = max(state.paused_until, until)

    async def turn(self, chat: str) -> None:
        """Wait until this chat may be called; Paused where that would take long."""
        state = self._state(chat)
        self._refuse_if_paused(state)
        at = self._earliest(state, chat)
        waiting = at - self._clock.monotonic()
        if waiting > PATIENCE:
            raise Paused(min(waiting, LONGEST_OWN_PAUSE), own=True)
        self._free_at = max(self._free_at, at) + 1.0 / PER_SECOND
        state.free_at = at + CHAT_GAP
        if _group(chat):
            state.calls.append(at)
        if waiting > 0:
            await self._wait(waiting)
            self._refuse_if_paused(state)

    def _earliest(self, state: _Chat, chat: str) -> float:
        """When all limits allow the next call to this chat."""
        at = max(self._clock.monotonic(), self._free_at, state.free_at)
        if _group(chat):
            while state.calls and state.calls[0] <= at - GROUP_WINDOW:
                state.calls.popleft()
            if len(state.calls) >= GROUP_CALLS:
                at = max(at, state.calls[-GROUP_CALLS] + GROUP_WINDOW)
        return at

    def _refuse_if_paused(self, state: _Chat) -> None:
        """No call inside a pause, also not by those that were waiting when it began."""
        left = max(self._paused_until, state.paused_until) - self._clock.monotonic()
        if left > 0:
            raise Paused(min(left, LONGEST_OWN_PAUSE), own=True)

    def _answered(self, chat: str) -> None:
        """Count from the answer on: when the call reached Telegram is not known, but it was not later."""
        now = self._clock.monotonic()
        state = self._state(chat)
        state.free_at = max(state.free_at, now + CHAT_GAP - 0.25)
        if state.calls:
            state.calls[-1] = max(state.calls[-1], now)

    def _state(self, chat: str) -> _Chat:
        """What is known of a chat; the ones that are long free are forgotten."""
        found = self._chats.get(chat)
        if found is None:
            if len(self._chats) >= _MOST_CHATS:
                self._forget()
            found = self._chats[chat] = _Chat()
        return found

    def _forget(self) -> None:
        """Drop chats that were not called within a group's window."""
        now = self._clock.monotonic()
        for name, state in list(self._chats.items()):
            if max(state.free_at, state.paused_until) + GROUP_WINDOW < now:
                del self._chats[name]


def metered(endpoint: str) -> bool:
    """Whether a method counts against the limits: everything that puts or changes a message."""
    return endpoint.startswith(_METERED) and endpoint not in _FREE_SENDS


def _group(chat: str) -> bool:
    """Groups and channels have negative ids or names."""
    return chat.startswith(("-", "@"))
