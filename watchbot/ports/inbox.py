"""The port to a folder of dropped files."""

import os
import stat
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
        return read_file(self.path, max(self.size, 1))


def read_file(path: Path, most: int) -> bytes:
    """At most so many bytes of a plain file; a link, a pipe or a device is never opened. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, "only plain files are read", str(path))
        return file.read(most)


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
