"""The port to a folder of dropped files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Claimed:
    """A dropped file that is this process's to read. `name` is what the user called it."""

    path: Path
    name: str
    sha256: str
    modified: datetime
    size: int


class Inbox(Protocol):
    """Claims dropped files whole and archives them. Synchronous; called in a worker thread."""

    def look(self) -> list[Claimed]:
        """Claim the files that have stopped changing."""
        ...

    def settled(self) -> bool:
        """Whether no file is still waiting to stop changing."""
        ...

    def done(self, claimed: Claimed) -> Path:
        """Archive a file that was read; gives where it is now."""
        ...

    def failed(self, claimed: Claimed, note: str) -> Path:
        """Put a file aside with a note that says why; gives where it is now."""
        ...
