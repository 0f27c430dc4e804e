"""The port through which feeds are asked for."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What to ask for. Validators are sent back as the opaque bytes they came as; `headers` and a login in the address
    go to the address's own host only. `proxy` is the address of an http proxy, with its login, or "".

    Only few large bodies are held at once: the place that one needs is given back when `hold` closes, and as soon as
    it is fetched where there is none.
    """

    url: str
    etag: bytes | None = None
    last_modified: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str = field(default="", repr=False)
    hold: AsyncExitStack | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body. `url` is the final address, without a login; `moved_to` the new one where every hop was permanent, else
    "", with the login where it stayed on the source's own host; `max_age` is the seconds for which the server calls the
    answer fresh, 0 for nothing said."""

    body: bytes
    media_type: str
    url: str
    etag: bytes | None = None
    last_modified: bytes | None = None
    moved_to: str = ""
    max_age: float = 0.0


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing new since the validators that were sent. New ones replace them where the server gave some."""

    etag: bytes | None = None
    last_modified: bytes | None = None
    moved_to: str = ""
    max_age: float = 0.0


class SourceFetcher(Protocol):
    """Asks for one feed. Raises FetchError in words without secrets."""

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """Fetch once, within the limits on size, time and addresses."""
        ...

    async def close(self) -> None:
        """End what runs in the background."""
        ...
