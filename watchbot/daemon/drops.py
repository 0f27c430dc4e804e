"""Takes in dropped files: look -> claim -> cut -> ingest (with the file's hash) -> archive.

A death after the commit and before the archive is harmless: the left-over is claimed again, its hash is known.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from watchbot.model.errors import InputError, WatchbotError
from watchbot.model.item import RawDocument
from watchbot.model.records import SourceRow
from watchbot.pipeline.ingest import DroppedFile, Ingest, Taken
from watchbot.ports.cutter import Cutter
from watchbot.ports.inbox import Claimed, Inbox
from watchbot.ports.threads import in_thread

log = logging.getLogger(__name__)


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
    ) -> None:
        """`told` is called after every file that was read or refused; `zone` is where dates without a year are read."""
        self._source = source
        self._inbox = inbox
        self._cutter = cutter
        self._ingest = ingest
        self._told = told
        self._zone = zone
        self._busy = asyncio.Lock()
        self._lost = False

    async def tick(self) -> None:
        """Look once and take in what has settled. A look under way is not doubled."""
        if self._busy.locked():
            return
        async with self._busy:
            try:
                claimed = await in_thread(self._inbox.look)
            except (InputError, OSError) as error:
                if not self._lost:
                    log.error("%s: %s", self._source.spec.name, error)
                self._lost = True
                return
            self._lost = False
            for note in self._inbox.take_notes():
                log.warning("%s", note)
            for file in claimed:
                self._told(await self._take(file))

    async def settled(self) -> bool:
        """Whether no file is still being written."""
        return not self._busy.locked() and await in_thread(self._inbox.settled)

    async def close(self) -> None:
        """Wait for the file under way, then give back what was not read."""
        async with self._busy:
            await in_thread(self._inbox.close)

    async def _take(self, file: Claimed) -> Read:
        """Read one file; whatever is wrong with it goes into the note beside it."""
        try:
            taken = await self._read(file)
        except (WatchbotError, OSError) as error:
            return await self._refuse(file, str(error))
        except Exception as error:
            log.exception("%s failed unexpectedly", file.name)
            return await self._refuse(file, f"unexpected {type(error).__name__}")
        return Read(file.name, await in_thread(self._inbox.done, file), taken)

    async def _read(self, file: Claimed) -> Taken:
        body = await in_thread(file.read)
        document = RawDocument(self._source.spec.name, body, "", file.modified.astimezone(self._zone), name=file.name)
        cut = await self._cutter.cut(document)
        for line in cut.skipped:
            log.warning("%s: %s", file.name, line)
        return await in_thread(self._ingest.take, self._source, cut, None, DroppedFile(file.sha256, file.name))

    async def _refuse(self, file: Claimed, note: str) -> Read:
        log.warning("%s: %s", file.name, note)
        return Read(file.name, await in_thread(self._inbox.failed, file, note), None, note)
