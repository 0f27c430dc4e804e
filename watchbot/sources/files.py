"""File names and work folders of the inbox: what is ignored, what can be printed, which name is free, who is dead."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from watchbot.model.errors import InputError

_IGNORED_ENDINGS = ("~", ".part", ".tmp", ".crdownload", ".download", ".swp")
_IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini"})
# What every file system takes as a name, in bytes; a number and an ending still have to fit behind it.
_LONGEST_NAME = 255
_LONGEST_ENDING = 40


def is_ignored(name: str) -> bool:
    """Whether a name is that of a hidden, unfinished or system file."""
    low = name.lower()
    if low in _IGNORED_NAMES or low.startswith((".", "~$")) or low.endswith(_IGNORED_ENDINGS):
        return True
    return len(low) > 1 and low.startswith("#") and low.endswith("#")


def printable(name: str) -> str:
    """A file name without what no database or terminal takes: broken bytes, line ends, control characters."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in text)


def cut_name(name: str, most: int) -> str:
    """The beginning of a file name in at most so many bytes, no character broken."""
    data = os.fsencode(name)
    while len(data) > most:
        name = name[:-1]
        data = os.fsencode(name)
    return name


def free(folder: Path, name: str) -> Path:
    """A path that does not exist: `a.txt`, `a-2.txt` ... It stays free while the folder's lock is held."""
    stem, ending = os.path.splitext(name)
    if len(os.fsencode(ending)) > _LONGEST_ENDING:
        stem, ending = name, ""
    for number in range(1, 100_000):
        more = ending if number == 1 else f"-{number}{ending}"
        path = folder / (cut_name(stem, _LONGEST_NAME - len(os.fsencode(more))) + more)
        if not os.path.lexists(path):
            return path
    raise InputError(f"{folder} holds too many files named {printable(name)}")


@contextlib.contextmanager
def held(lock: Path) -> Iterator[None]:
    """Hold a lock, and wait for it. It goes with its holder, however that one ends."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def is_dead(lock: Path) -> Iterator[bool]:
    """Whether nobody holds a lock; while asked, we do."""
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield True
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


def files_of(owner: Path) -> list[Path]:
    """The files of a work folder, each in the corner of its claim."""
    try:
        return [place for corner in sorted(owner.iterdir()) if corner.is_dir() for place in sorted(corner.iterdir())]
    except OSError:
        return []


def remove_empty(owner: Path) -> None:
    """Remove a work folder whose files are gone."""
    with contextlib.suppress(OSError):
        for corner in owner.iterdir():
            corner.rmdir()
        owner.rmdir()
