"""The port to a folder of dropped files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claimed:
    """A file that is ours alone until `done` or `failed`. `name` is what it was called, safe to print."""

    path: Path
    name: str
    sha256: str
    modified: datetime
    size: int

    def read(self) -> bytes:
        """The file's bytes."""
        return self.path.read_bytes()


class Inbox(Protocol):
    """Claims dropped files whole and archives them. Synchronous; called in a worker thread."""

    def look(self) -> list[Claimed]:
        """Claim the files that have stopped changing."""
        ...

    def settled(self) -> bool:
        """Whether no file is still waiting to stop changing."""
        ...

    def take_notes(self) -> list[str]:
        """What was refused or looks wrong since the last time, a line each."""
        ...

    def done(self, claimed: Claimed) -> Path:
        """Archive a file that was read; gives where it is now."""
        ...

    def failed(self, claimed: Claimed, note: str) -> Path:
        """Put a file aside with a note that says why; gives where it is now."""
        ...

    def close(self) -> None:
        """Give back what was claimed and not yet read."""
        ...
