"""The inbox: files that people and programs drop.

    look: scan -> unchanged for two seconds -> renamed into .work/<owner>/ (ours alone) -> Claimed
    done / failed: -> done/YYYY-MM-DD/ or failed/ with a note

The intake SHALL take each file exactly once, whatever dies in between and however many daemons look into the folder:
the rename is the claim, and a flock that dies with its owner tells whose left-overs may be taken up. It SHALL never
read a file that is still being written, follow a link, or write over anything.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import stat
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from typing_extensions import override

from watchbot.model.errors import InputError
from watchbot.ports.clock import Clock
from watchbot.ports.inbox import Claimed, Inbox, read_file
from watchbot.sources.files import cut_name, files_of, free, held, is_dead, is_ignored, printable, remove_empty

LARGEST = 20 * 1024 * 1024
STABLE_SECONDS = 2.0
EMPTY_SECONDS = 10.0
MOST_AT_ONCE = 50
_LONGEST_NOTED = 240
_NO_FILE = "only files are read, no links, pipes or devices; drop the file itself"


@dataclass(slots=True)
class _Seen:
    """How a file looked, and since when (monotonic) it has looked so."""

    size: int
    mtime: int
    since: float


class Folder(Inbox):
    """One inbox as one owner sees it. Synchronous; use one instance from one thread at a time."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Create the inbox and the owner's corner of its work folder. Raises InputError where that cannot be."""
        self.path = path
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._noted: set[str] = set()
        self._notes: list[str] = []
        self._first = True
        self._ready: deque[tuple[str, _Seen]] = deque()
        self._claims = 0
        try:
            self._work = path / ".work"
            self._work.mkdir(parents=True, exist_ok=True)
            self._owner, self._lock = self._enter()
        except OSError as error:
            raise InputError(f"the folder {path} cannot be used: {error.strerror}") from None

    @override
    def look(self) -> list[Claimed]:
        """Claim what is ready, left-overs of dead owners first. Raises InputError where the folder is gone."""
        try:
            claimed = self._left_over()
            if not self._ready:
                self._scan()
        except OSError as error:
            raise InputError(f"the folder {self.path} cannot be read: {error.strerror}") from None
        while self._ready and len(claimed) < MOST_AT_ONCE:
            name, seen = self._ready.popleft()
            if one := self._claim(name, seen):
                claimed.append(one)
        return claimed

    def _scan(self) -> None:
        """See what lies in the inbox and what of it is ready. Thousands of files are claimed from one scan."""
        now = self._clock.monotonic()
        found: dict[str, _Seen] = {}
        with os.scandir(self.path) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if seen := self._examined(entry, now):
                    if self._is_ready(seen, now):
                        self._ready.append((entry.name, seen))
                    else:
                        found[entry.name] = seen
        self._seen = found
        self._first = False

    @override
    def settled(self) -> bool:
        """Whether the last look left no file behind that is still being written or waits for its turn."""
        return not (self._first or self._seen or self._ready)

    @override
    def take_notes(self) -> list[str]:
        """What was ignored or refused since the last call, a line each, for the log."""
        notes, self._notes = self._notes, []
        return notes

    @override
    def done(self, claimed: Claimed) -> Path:
        """Archive a file that was read; gives where it lies now. One that grew meanwhile goes back to be read again."""
        if back := self._grown(claimed):
            return back
        day = self._clock.now().astimezone().strftime("%Y-%m-%d")
        return self._archive(claimed.path, self.path / "done" / day)

    @override
    def failed(self, claimed: Claimed, note: str) -> Path:
        """Put a file that could not be read aside, with the reason beside it; gives where it lies now."""
        if back := self._grown(claimed):
            return back
        place = self._archive(claimed.path, self.path / "failed")
        self._write_note(place, note)
        return place

    @override
    def close(self) -> None:
        """Give up the owner's corner; what was claimed and not finished is the next owner's."""
        with contextlib.suppress(OSError):
            self._owner.rmdir()
            self._lock_path(self._owner).unlink(missing_ok=True)
        lock, self._lock = self._lock, -1
        if lock >= 0:  # a number that was given back may be somebody else's by now
            os.close(lock)

    def _enter(self) -> tuple[Path, int]:
        """A work folder of our own. Its lock is held before it exists, so that nobody takes us for dead."""
        owner = self._work / f"{os.getpid()}-{secrets.token_hex(6)}"
        lock = os.open(self._lock_path(owner), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        owner.mkdir()
        return owner, lock

    @staticmethod
    def _lock_path(owner: Path) -> Path:
        """The lock of a work folder stands beside it."""
        return owner.with_name(owner.name + ".lock")

    def _examined(self, entry: "os.DirEntry[str]", now: float) -> _Seen | None:
        """How an entry of the inbox looks now; None where it is not to be taken."""
        if is_ignored(entry.name) or entry.name in ("done", "failed"):
            return None
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            return None
        if stat.S_ISLNK(status.st_mode):
            self._refuse(entry.name, "a link is not followed; drop the file itself")
            return None
        if not stat.S_ISREG(status.st_mode):
            what = "folders inside the inbox are" if entry.is_dir(follow_symlinks=False) else "this is no file and"
            self._note_once(entry.name, f"{what} not read")
            return None
        before = self._seen.get(entry.name)
        if before and (before.size, before.mtime) == (status.st_size, status.st_mtime_ns):
            return before
        return _Seen(status.st_size, status.st_mtime_ns, now)

    def _is_ready(self, seen: _Seen, now: float) -> bool:
        """Whether nobody writes to the file any more. What lay there before we came need not wait again."""
        wanted = STABLE_SECONDS if seen.size else EMPTY_SECONDS
        if self._first and self._clock.now().timestamp() - seen.mtime / 1e9 >= wanted:
            return True
        return now - seen.since >= wanted

    def _claim(self, name: str, seen: _Seen) -> Claimed | None:
        """Make a file ours by renaming it; None where another owner was quicker or it is refused."""
        corner = self._corner()
        place = corner / name
        try:
            os.rename(self.path / name, place)
        except FileNotFoundError:
            corner.rmdir()
            return None
        except OSError as error:
            corner.rmdir()
            self._note_once(name, f"cannot be moved: {error.strerror}")
            return None
        return self._taken(place, seen)

    def _corner(self) -> Path:
        """An empty folder for one claim, so that the file keeps its name."""
        self._claims += 1
        corner = self._owner / str(self._claims)
        corner.mkdir(parents=True)
        return corner

    def _taken(self, place: Path, seen: _Seen | None) -> Claimed | None:
        """A file in our work folder as a claim; None where it is refused or goes back because it was written to."""
        name = printable(place.name)
        try:
            status = place.lstat()
            if not stat.S_ISREG(status.st_mode):
                self._put_aside(place, _NO_FILE)
                return None
            if seen and (seen.size, seen.mtime) != (status.st_size, status.st_mtime_ns) and self._give_back(place):
                return None
            if status.st_size > LARGEST:
                self._put_aside(place, f"{name} is larger than {LARGEST // 1024 // 1024} MB")
                return None
            digest = hashlib.sha256(read_file(place, LARGEST)).hexdigest()
        except OSError as error:
            self._put_aside(place, f"{name} cannot be read: {error.strerror}")
            return None
        return Claimed(place, name, digest, _moment(status.st_mtime), status.st_size)

    def _give_back(self, place: Path) -> bool:
        """Return a file that was still being written to, unless its name was taken again meanwhile."""
        try:
            os.link(place, self.path / place.name)
        except OSError:
            return False
        status = place.lstat()
        self._seen[place.name] = _Seen(status.st_size, status.st_mtime_ns, self._clock.monotonic())
        place.unlink()
        place.parent.rmdir()
        return True

    def _grown(self, claimed: Claimed) -> Path | None:
        """Where a file lies that somebody still wrote to after it was claimed, None for all others."""
        status = claimed.path.lstat()
        if (status.st_size, _moment(status.st_mtime)) == (claimed.size, claimed.modified):
            return None
        if not self._give_back(claimed.path):
            return None
        self._notes.append(f"{claimed.name}: was written to while it was read; it is read again")
        return self.path / claimed.path.name

    def _left_over(self) -> list[Claimed]:
        """What owners that are dead by now had claimed and not finished."""
        claimed: list[Claimed] = []
        for owner in sorted(self._work.iterdir()):
            if owner == self._owner or owner.suffix == ".lock" or not owner.is_dir():
                continue
            with is_dead(self._lock_path(owner)) as dead:
                if dead:
                    claimed.extend(one for place in files_of(owner) if (one := self._take_up(place)))
                    remove_empty(owner)
                    self._lock_path(owner).unlink(missing_ok=True)
        return claimed

    def _take_up(self, place: Path) -> Claimed | None:
        """Move one left-over file into our own work folder."""
        corner = self._corner()
        try:
            os.rename(place, corner / place.name)
        except OSError:
            corner.rmdir()
            return None
        return self._taken(corner / place.name, None)

    def _archive(self, place: Path, into: Path) -> Path:
        """Move a file below the inbox under a name of its own, in one step, so that a death leaves no empty file."""
        into.mkdir(parents=True, exist_ok=True)
        with held(self._lock_path(self._work)):
            target = free(into, place.name)
            os.replace(place, target)
        if place.parent.parent == self._owner:
            with contextlib.suppress(OSError):
                place.parent.rmdir()
        return target

    def _put_aside(self, place: Path, why: str) -> None:
        """Refuse a file that is ours, and say so."""
        self._notes.append(f"{printable(place.name)}: {why}")
        with contextlib.suppress(OSError):
            self._write_note(self._archive(place, self.path / "failed"), why)

    def _refuse(self, name: str, why: str) -> None:
        """Refuse an entry of the inbox itself."""
        place = self._corner() / name
        try:
            os.rename(self.path / name, place)
        except OSError:
            place.parent.rmdir()
            return
        self._put_aside(place, why)

    def _write_note(self, place: Path, why: str) -> None:
        """The reason, in a text file beside the file."""
        with held(self._lock_path(self._work)):
            note = free(place.parent, f"{cut_name(place.name, _LONGEST_NOTED)}.note.txt")
            note.write_text(f"{printable(place.name)}: {why}\n", encoding="utf-8", errors="replace")

    def _note_once(self, name: str, why: str) -> None:
        """Say a thing about a name once only."""
        if name not in self._noted:
            self._noted.add(name)
            self._notes.append(f"{printable(name)}: {why}")


def _moment(mtime: float) -> datetime:
    """The time of a file in the zone of this machine."""
    return datetime.fromtimestamp(max(0.0, mtime), UTC).astimezone()
