"""The port through which feeds are asked for."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to ask for. Validators are sent back as the opaque bytes they came as."""

    url: str
    etag: bytes | None = None
    last_modified: bytes | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    proxy: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body. `url` is the final address; `moved_to` the new one where every hop was permanent, else "";
    `max_age` is the seconds for which the server calls the answer fresh, 0 for nothing said."""

    body: bytes
    media_type: str
    url: str
    etag: bytes | None = None
    last_modified: bytes | None = None
    moved_to: str = ""
    max_age: float = 0.0


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed."""


class SourceFetcher(Protocol):
    """Asks for one feed. Raises FetchError in words without secrets."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """Fetch once, within the limits on size, time and addresses."""
        ...

    async def close(self) -> None:
        """End what runs in the background."""
        ...
