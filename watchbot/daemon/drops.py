"""Takes in dropped files: look -> claim -> cut -> ingest (with the file's hash) -> archive.

A death after the commit and before the archive is harmless: the left-over is claimed again, its hash is known.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from watchbot.model.errors import InputError, WatchbotError, WorkerError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.records import SourceRow
from watchbot.pipeline.ingest import DroppedFile, Ingest, Taken
from watchbot.ports.clock import Clock
from watchbot.ports.cutter import Cutter
from watchbot.ports.inbox import Claimed, Inbox
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)

LONGEST_WAIT = 60.0
MOST_WAITING = 50


@dataclass(frozen=True, slots=True)
class Read:
    """One dropped file, where it lies now, and what came of it (`taken` None where it was refused)."""

    name: str
    archived: Path
    taken: Taken | None
    note: str = ""


class Drops:
    """One folder's side of the daemon."""

    def __init__(
        self,
        source: SourceRow,
        inbox: Inbox,
        cutter: Cutter,
        ingest: Ingest,
        told: Callable[[Read], None],
        zone: tzinfo,
        clock: Clock,
    ) -> None:
        """`told` is called after every file that was read or refused; `zone` is where dates without a year are read."""
        self._source = source
        self._inbox = inbox
        self._cutter = cutter
        self._ingest = ingest
        self._told = told
        self._zone = zone
        self._clock = clock
        self._later: dict[Claimed, float] = {}
        self._tries: dict[Claimed, int] = {}
        self._busy = asyncio.Lock()
        self._lost = False
        self._closing = False

    async def tick(self) -> None:
        """Look and take in what has settled, a backlog to its end. A look under way is not doubled."""
        if self._busy.locked():
            return
        async with self._busy:
            while files := [*self._again(), *await self._look()]:
                for file in files:
                    if self._closing:
                        return
                    if read := await self._take(file):
                        self._told(read)

    async def settled(self) -> bool:
        """Whether no file is still being written."""
        return not self._busy.locked() and await in_thread(self._inbox.settled)

    async def close(self) -> None:
        """Wait for the file under way, then give back what was not read."""
        self._closing = True
        async with self._busy:
            await in_thread(self._inbox.close)

    def _again(self) -> list[Claimed]:
        """Files that the database would not take, when their time has come."""
        now = self._clock.monotonic()
        due = [file for file, at in self._later.items() if at <= now]
        for file in due:
            del self._later[file]
        return due

    async def _look(self) -> list[Claimed]:
        """What is ready now; nothing while many files wait for a database in trouble."""
        if len(self._later) >= MOST_WAITING or self._closing:
            return []
        try:
            claimed = await in_thread(self._inbox.look)
        except (InputError, OSError) as error:
            if not self._lost:
                log.error("%s: %s", self._source.spec.name, error)
            self._lost = True
            return []
        self._lost = False
        for note in self._inbox.take_notes():
            log.warning("%s", note)
        return claimed

    async def _take(self, file: Claimed) -> Read | None:
        """Read one file. What is wrong with it goes into the note beside it; None where it must wait.

        A database in trouble is no fault of the file's: it stays ours and is tried again.
        """
        try:
            cut = await self._cut(file)
        except WorkerError as error:
            self._keep(file, str(error))
            return None
        except (WatchbotError, OSError) as error:
            return await self._refuse(file, str(error))
        except Exception as error:
            log.exception("%s failed unexpectedly", file.name)
            return await self._refuse(file, f"unexpected {type(error).__name__}")
        try:
            taken = await in_thread(self._ingest.take, self._source, cut, None, DroppedFile(file.sha256, file.name))
        except Exception as error:  # noqa: BLE001 - supervisor: no file may be lost to a database in trouble
            self._keep(file, f"it cannot be stored yet ({type(error).__name__})")
            return None
        self._tries.pop(file, None)
        return Read(file.name, await self._archived(file, taken), taken)

    def _keep(self, file: Claimed, why: str) -> None:
        """The trouble is none of the file's: it stays ours and is tried again."""
        self._tries[file] = tries = self._tries.get(file, 0) + 1
        self._later[file] = self._clock.monotonic() + min(2.0**tries, LONGEST_WAIT)
        if tries == 1:
            log.error("%s: %s; it is kept and tried again", file.name, why)

    async def _cut(self, file: Claimed) -> CutDocument:
        body = await in_thread(file.read)
        written = file.modified.astimezone(self._zone)
        cut = await self._cutter.cut(RawDocument(self._source.spec.name, body, "", written, name=file.name))
        for line in cut.skipped:
            log.warning("%s: %s", file.name, line)
        return cut

    async def _archived(self, file: Claimed, taken: Taken) -> Path:
        """Where the file lies now; one that cannot be archived stays in the work folder and is known by its hash."""
        try:
            return await in_thread(self._inbox.done, file)
        except OSError as error:
            log.error("%s was read (%d told) but cannot be archived: %s", file.name, taken.told_items, error)
            return file.path

    async def _refuse(self, file: Claimed, note: str) -> Read:
        log.warning("%s: %s", file.name, note)
        try:
            return Read(file.name, await in_thread(self._inbox.failed, file, note), None, note)
        except OSError as error:
            log.error("%s cannot be put aside: %s", file.name, error)
            return Read(file.name, file.path, None, note)
