"""How fast the far side may be called, as the courier needs to know it before it claims.

A row that is claimed and then waits for its turn would count as perhaps sent if the process died meanwhile; so what
cannot be called now is not claimed, and an urgent row that comes meanwhile is claimed first.
"""

from collections.abc import Iterable
from typing import Protocol

from typing_extensions import override

_NO_LIMIT = 1_000_000


class Pace(Protocol):
    """What a limiter says of the next moment. Chats go by the name of the whole chat, without a topic."""

    def room(self) -> int:
        """How many calls may begin about now."""
        ...

    def busy(self) -> set[str]:
        """Chats that may not be called now."""
        ...

    def free_in(self) -> float:
        """Seconds until there is room and some busy chat is free again."""
        ...

    def remember(self, chat: str, ago: float) -> None:
        """A chat was called so many seconds ago, before this limiter began."""
        ...

    def pause(self, chat: str, seconds: float) -> None:
        """Let a chat (or "*": every chat) alone for a time."""
        ...


class NoPace(Pace):
    """No limit: the terminal takes as much as comes."""

    @override
    def room(self) -> int:
        """Any number."""
        return _NO_LIMIT

    @override
    def busy(self) -> set[str]:
        """None."""
        return set()

    @override
    def free_in(self) -> float:
        """Nothing is waited for."""
        return float(_NO_LIMIT)

    @override
    def remember(self, chat: str, ago: float) -> None:
        """Nothing to remember."""

    @override
    def pause(self, chat: str, seconds: float) -> None:
        """Nobody is left alone."""


class Served:
    """The chat keys (topics apart) that were served lately, to tell which of them wait for a busy chat."""

    def __init__(self) -> None:
        """Nobody was served yet."""
        self._keys: dict[str, str] = {}

    def add(self, key: str) -> None:
        """This key is served now."""
        self._keys[key] = whole(key)

    def waiting(self, busy: Iterable[str]) -> list[str]:
        """Keys whose chat is busy; the others are forgotten."""
        names = set(busy)
        self._keys = {key: name for key, name in self._keys.items() if name in names}
        return [*self._keys]


def whole(key: str) -> str:
    """The chat that a key leads to, without its topic."""
    return key.partition("/")[0]
