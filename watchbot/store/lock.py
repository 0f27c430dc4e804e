"""The daemon's lock beside a SQLite file. PostgreSQL needs none: there leases share the work among nodes."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from watchbot.model.errors import HeldError, StoreError
from watchbot.store import address as addresses


class Held:
    """The lock while it is held; also a context manager. It ends with the process, however that ends."""

    def __init__(self, descriptor: int | None) -> None:
        """None stands for a database that needs no lock."""
        self._descriptor = descriptor
        self._process = os.getpid()

    def close(self) -> None:
        """Give the lock back. In a forked child this does nothing to the parent's lock."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> "Held":
        """Nothing more to do."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back."""
        self.close()


def hold(url: str) -> Held:
    """Hold `<database file>.lock`, or HeldError that names the process which does. Children do not inherit it."""
    address = addresses.parse(url)
    if addresses.kind(address) != addresses.SQLITE:
        return Held(None)
    file = addresses.sqlite_file(address)
    descriptor = _open(file.with_name(file.name + ".lock"))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        who = f" (process {owner})" if owner else ""
        raise HeldError(f"{file}: another watchbot{who} holds this database; stop it first") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    held = Held(descriptor)
    os.register_at_fork(after_in_child=held.close)  # a child that forks without exec must not keep it either
    return held


def _open(file: Path) -> int:
    """The lock file, made where it is missing and never deleted: deleting one is a race."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{file}: the lock cannot be made: {error.strerror}") from error
