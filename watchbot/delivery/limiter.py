"""Telegram's limits, kept on our side: sends, edits and replies are counted together.

    call -> its chat's turn (1/s, a group 20/min) -> the line of all chats, by rank -> Telegram
         -> 429? remembered for whoever waits

A call that waits for its own chat holds up no other. In the line an answer goes before an alert that came earlier. A
wait that would be long is not waited for: the call ends with `Paused`, and the row goes back to the outbox, so that
other chats go on meanwhile.
"""

import asyncio
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter
from typing_extensions import override

from watchbot.delivery.outcome import Paused, seconds_of
from watchbot.ports.clock import Clock

JSON = dict[str, Any]
Wait = Callable[[float], Awaitable[None]]
PER_SECOND = 27.0  # of the 30 allowed: calls that wait in the network arrive closer together than they left
IN_A_SECOND = 29  # that may have reached Telegram within one second, this call included
CATCH_UP = 0.2  # what was lost to a slow moment is made up for
HANGS = 3.0  # a call without an answer for so long will not arrive together with the next ones
AHEAD = 0.25  # so far ahead the courier claims
SOON = 0.03
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
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Limiter(BaseRateLimiter[int]):
    """One for each bot token. Time and waiting come from outside."""

    def __init__(self, clock: Clock, wait: Wait = asyncio.sleep) -> None:
        """`wait` sleeps for so many seconds of the clock's monotonic time."""
        self._clock = clock
        self._wait = wait
        self._free_at = clock.monotonic() + 1.0  # what was called just before a restart has a second to itself
        self._line: list[tuple[int, int]] = []  # rank and number of the calls that wait for the line to move
        self._numbers = count()
        self._flying: dict[int, float] = {}  # calls without an answer yet, and when they began
        self._landed: deque[float] = deque()  # when calls of the last second had reached Telegram at the latest
        self._quickest = 0.1
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
        """Wait for the call's turn and make it; a 429 holds back the calls that wait behind it.

        `rate_limit_args` is the rank of the call, the smallest first; without it a call is as urgent as an answer.
        """
        if not metered(endpoint):
            return await callback(*args, **kwargs)
        name = str(data.get("chat_id", ""))
        number = await self.turn(name, rate_limit_args or 0)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._hit(name, seconds_of(error))
            raise
        finally:
            self._answered(name, number)

    def room(self) -> int:
        """How many calls may begin about now."""
        now = self._clock.monotonic()
        ahead = now + AHEAD - max(self._free_at, now)
        return max(0, int(ahead * PER_SECOND) - len(self._line))

    def busy(self) -> set[str]:
        """Chats that may not be called now: served within the last second, a full group, or left alone."""
        soon = self._clock.monotonic() + SOON
        return {name for name, state in self._chats.items() if self._next(state, name) > soon}

    def free_in(self) -> float:
        """Seconds until there is room and some busy chat is free again."""
        now = self._clock.monotonic()
        soon = [at for name, state in self._chats.items() if (at := self._next(state, name)) > now + SOON]
        line = self._free_at + (1 + len(self._line)) / PER_SECOND - AHEAD
        return max(line, min(soon, default=line)) - now

    def remember(self, chat: str, ago: float) -> None:
        """A chat was called so many seconds ago, before this limiter began."""
        state = self._state(chat)
        at = self._clock.monotonic() - ago
        state.free_at = max(state.free_at, at + CHAT_GAP)
        if _group(chat):
            insort(state.calls, at)

    def _next(self, state: _Chat, chat: str) -> float:
        """When a chat may be called next."""
        return max(self._earliest(state, chat), state.paused_until)

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

    async def turn(self, chat: str, rank: int = 0) -> int:
        """Wait until this chat may be called; gives the call's number. Paused where that would take long."""
        state = self._state(chat)
        if state.waiting * CHAT_GAP > PATIENCE:
            raise Paused(state.waiting * CHAT_GAP, own=True)
        state.waiting += 1
        try:
            async with state.turn:  # two topics of one group are one chat
                return await self._turn(state, chat, rank)
        finally:
            state.waiting -= 1

    async def _turn(self, state: _Chat, chat: str, rank: int) -> int:
        """The chat's own limits, then the line of all chats."""
        self._refuse_if_paused(state)
        waiting = self._earliest(state, chat) - self._clock.monotonic()
        if waiting > PATIENCE:
            raise Paused(min(waiting, LONGEST_OWN_PAUSE), own=True)
        if waiting > 0:
            await self._wait(waiting)
            self._refuse_if_paused(state)
        number = await self._stand_in_line(state, rank)
        state.free_at = self._clock.monotonic() + CHAT_GAP
        if _group(chat):
            state.calls.append(self._clock.monotonic())
        return number

    async def _stand_in_line(self, state: _Chat, rank: int) -> int:
        """Wait for the first place of all chats' line and take it."""
        ticket = (rank, next(self._numbers))
        insort(self._line, ticket)
        try:
            while (left := self._place(ticket) - self._clock.monotonic()) > 0:
                if left > PATIENCE:
                    raise Paused(left, own=True)
                await self._wait(left)
                self._refuse_if_paused(state)
            now = self._clock.monotonic()
            self._free_at = max(self._free_at, now - CATCH_UP) + 1.0 / PER_SECOND
            self._flying[ticket[1]] = now
            return ticket[1]
        finally:
            self._line.remove(ticket)

    def _place(self, ticket: tuple[int, int]) -> float:
        """When this ticket's time comes, as the line stands now."""
        before = bisect_left(self._line, ticket)
        return max(self._free_at + before / PER_SECOND, self._below_the_limit(before))

    def _below_the_limit(self, before: int) -> float:
        """When a call, with so many before it, is within the limit however late the others reached Telegram.

        A call arrives after it began and before its answer. So where no more than 28 others are under way or were
        answered within the last second, no second at Telegram sees more than 29.
        """
        now = self._clock.monotonic()
        while self._landed and self._landed[0] <= now - 1.0:
            self._landed.popleft()
        self._flying = {number: at for number, at in self._flying.items() if at > now - HANGS}
        over = len(self._flying) + len(self._landed) + before + 1 - IN_A_SECOND
        if over <= 0:
            return 0.0
        return self._landed[over - 1] + 1.0 if over <= len(self._landed) else now + 1.0 / PER_SECOND

    def _earliest(self, state: _Chat, chat: str) -> float:
        """When all limits allow the next call to this chat."""
        at = max(self._clock.monotonic(), state.free_at)
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

    def _answered(self, chat: str, number: int) -> None:
        """Count from the answer on: when the call reached Telegram is not known, but it was not later. An answer's own
        way back takes about half of what the quickest call took."""
        now = self._clock.monotonic()
        began = self._flying.pop(number, now)
        self._quickest = min(self._quickest * 1.01, max(now - began, 0.0))
        insort(self._landed, max(began, now - self._quickest / 2))
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
            if not state.waiting and max(state.free_at, state.paused_until) + GROUP_WINDOW < now:
                del self._chats[name]


def metered(endpoint: str) -> bool:
    """Whether a method counts against the limits: everything that puts or changes a message."""
    return endpoint.startswith(_METERED) and endpoint not in _FREE_SENDS


def _group(chat: str) -> bool:
    """Groups and channels have negative ids or names."""
    return chat.startswith(("-", "@"))
