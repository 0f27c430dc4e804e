"""The Cutter port: every document is cut in a worker process that can be killed.

    cut -> a worker that is free, or the one for what takes long -> question, answer, both within a deadline
        -> items or one InputError

A dropped page is as much a stranger's as a feed is: both go to the worker, whose hang costs the event loop nothing.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from typing_extensions import override

import watchbot
from watchbot.model.errors import InputError, WorkerError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.ports.cutter import Cutter
from watchbot.ports.threads import in_thread
from watchbot.sources import frames

SECONDS = 10.0
START_SECONDS = 20.0
GRACE_SECONDS = 1.0
LONG_SECONDS = 1.0
LARGE_DOCUMENT = 256 * 1024
# An answer longer than this is read beside the event loop, item by item: 20 MB would hold it up for a tenth second.
LARGE_ANSWER = 200_000


class _Worker:
    """One worker process, started at its first question and again after it ended."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._process: asyncio.subprocess.Process | None = None

    async def ask(self, question: Iterable[bytes | memoryview], seconds: float) -> bytes:
        """The answer to a question. Raises InputError; the process is gone then, and also where it said its last.

        Raises WorkerError where there is no process at all.
        """
        goes_on = hangs = False
        process = await self._running()
        try:
            async with asyncio.timeout(seconds):
                answer = await self._talk(process, question)
            goes_on = answer[:1] == frames.MORE
        except TimeoutError:
            hangs = True
            raise InputError(f"it took longer than {seconds:.0f} s to read and was left out") from None
        finally:
            if not goes_on:
                await self.stop(hangs)
        return answer[1:]

    async def stop(self, hangs: bool = False) -> None:
        """End the process, within a moment; at once where it is known to hang."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            # Most are about to end, or end when stdin does. To kill one in that moment confuses asyncio's books.
            if process.stdin:
                process.stdin.close()
            async with asyncio.timeout(0 if hangs else GRACE_SECONDS):
                await process.wait()
        except TimeoutError:
            pass
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        await process.wait()

    async def _running(self) -> asyncio.subprocess.Process:
        """The process, started where there is none."""
        if self._process is None or self._process.returncode is not None:
            await self.stop()
            try:
                self._process = await self._started()
                async with asyncio.timeout(START_SECONDS):
                    if await self._read(self._process) != frames.READY:
                        raise InputError("it does not say that it is ready")
            except (OSError, InputError, TimeoutError):
                await self.stop(hangs=True)
                raise WorkerError("the reading process cannot be started; is there memory left?") from None
        return self._process

    @staticmethod
    async def _started() -> asyncio.subprocess.Process:
        """A new process. It gets no file of ours and no secret of our environment."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-X",
            "utf8",
            "-m",
            "watchbot.sources.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(_search_path()), "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
            limit=frames.PIECE,
        )

    async def _talk(self, process: asyncio.subprocess.Process, question: Iterable[bytes | memoryview]) -> bytes:
        """Send the question, read the answer."""
        if process.stdin is None:
            raise InputError("the reading process has no pipes")
        with contextlib.suppress(ConnectionError):
            for piece in question:
                process.stdin.write(piece)
                await process.stdin.drain()
        return await self._read(process)

    @staticmethod
    async def _read(process: asyncio.subprocess.Process) -> bytes:
        """One frame of the process. That it died is told as what nearly always killed it."""
        if process.stdout is None:
            raise InputError("the reading process has no pipes")
        try:
            size = int.from_bytes(await process.stdout.readexactly(frames.LENGTH_BYTES), "big")
            if size > frames.LARGEST:
                raise InputError("it became too much text to be read")
            return await process.stdout.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise InputError("it needed too much memory or broke the reading process, and was left out") from None


class DocumentCutter(Cutter):
    """Cuts feeds and dropped files, `workers` at a time, and one more of those that take long.

    What is large, or comes from a source whose last document took long, has a worker of its own, which starts with the
    first of its kind: nobody else waits for it.
    """

    def __init__(self, workers: int = 1, seconds: float = SECONDS) -> None:
        """`seconds` is what one document may take."""
        self._seconds = seconds
        self._workers = [_Worker() for _number in range(workers + 1)]
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()
        for worker in self._workers[:-1]:
            self._free.put_nowait(worker)
        self._patient: asyncio.Queue[_Worker] = asyncio.Queue()
        self._patient.put_nowait(self._workers[-1])
        self._slow: set[str] = set()

    @override
    async def cut(self, document: RawDocument) -> CutDocument:
        """The items of one document. Raises InputError in one line."""
        takes_long = len(document.body) > LARGE_DOCUMENT or document.source in self._slow
        lane = self._patient if takes_long else self._free
        worker = await lane.get()
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            answer = await worker.ask(frames.asked(document), self._seconds)
        finally:
            (self._slow.add if clock() - begun > LONG_SECONDS else self._slow.discard)(document.source)
            lane.put_nowait(worker)
        try:
            return await in_thread(frames.answer, answer) if len(answer) > LARGE_ANSWER else frames.answer(answer)
        except ValueError:
            raise InputError("the reading process gave no sensible answer") from None

    @override
    async def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            await worker.stop()


def _search_path() -> list[str]:
    """Where the worker finds watchbot and its libraries: where we did."""
    here = str(Path(watchbot.__file__).resolve().parent.parent)
    return [here, *(path for path in sys.path if path and path != here)]
