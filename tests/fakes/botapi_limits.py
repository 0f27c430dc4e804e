"""Telegram's flood limits: 30 messages a second over all chats, about one a second a chat, 20 a minute a group.

A call over a limit gets 429 with retry_after; until that is over, every further call of its scope is refused and
written down as a breach of kind `pause`.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.botapi_records import ApiError, Breach

METERED = frozenset(
    {
        "sendmessage",
        "senddocument",
        "editmessagetext",
        "editmessagereplymarkup",
        "editmessagecaption",
        "forwardmessage",
        "copymessage",
    }
)


@dataclass
class Limits:
    """The numbers; set `enabled = False` to have none. Pauses asked for by a fault hold even then."""

    enabled: bool = True
    overall: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20
    group_window: float = 60.0
    now: Callable[[], float] = time.monotonic
    breaches: list[Breach] = field(default_factory=list)
    _all: deque[float] = field(default_factory=deque)
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _tokens: dict[int, tuple[float, float]] = field(default_factory=dict)
    _pauses: dict[int | None, float] = field(default_factory=dict)

    def pause(self, chat_id: int | None, seconds: float) -> None:
        """Refuse a chat (None: everything) for a time."""
        self._pauses[chat_id] = max(self._pauses.get(chat_id, 0.0), self.now() + seconds)

    def check(self, method: str, chat_id: int | None, group: bool) -> None:
        """Count one call of a metered method, or raise the 429."""
        now = self.now()
        waiting = max(self._pauses.get(None, 0.0), self._pauses.get(chat_id, 0.0)) - now
        if waiting > 0:
            self._refuse("pause", method, chat_id, math.ceil(waiting))
        if not self.enabled:
            return
        _expire(self._all, now - 1.0)
        if len(self._all) >= self.overall:
            self._start_pause("overall", method, chat_id, 1.0 - (now - self._all[0]))
        if chat_id is not None:
            self._check_chat(method, chat_id, group, now)
        self._all.append(now)

    def _check_chat(self, method: str, chat_id: int, group: bool, now: float) -> None:
        tokens, since = self._tokens.get(chat_id, (float(self.chat_burst), now))
        tokens = min(float(self.chat_burst), tokens + (now - since) * self.chat_per_second)
        if tokens < 1.0:
            self._start_pause("chat", method, chat_id, (1.0 - tokens) / self.chat_per_second)
        if group:
            window = self._groups.setdefault(chat_id, deque())
            _expire(window, now - self.group_window)
            if len(window) >= self.group_per_minute:
                self._start_pause("group", method, chat_id, self.group_window - (now - window[0]))
            window.append(now)
        self._tokens[chat_id] = (tokens - 1.0, now)

    def _start_pause(self, kind: str, method: str, chat_id: int | None, needed: float) -> None:
        seconds = max(1, math.ceil(needed))
        self.pause(None if kind == "overall" else chat_id, seconds)
        self._refuse(kind, method, chat_id, seconds)

    def _refuse(self, kind: str, method: str, chat_id: int | None, seconds: int) -> None:
        self.breaches.append(Breach(kind, method, chat_id, self.now()))
        raise too_many(seconds)


def too_many(seconds: int) -> ApiError:
    """Telegram's 429."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": max(1, seconds)})


def _expire(window: deque[float], before: float) -> None:
    while window and window[0] <= before:
        window.popleft()
