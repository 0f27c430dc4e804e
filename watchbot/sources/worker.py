"""The process that reads what strangers wrote: `python -m watchbot.sources.worker`, started by cutter.py.

    "ready" on stdout; question on stdin -> cut -> answer on stdout, one at a time, until stdin ends

It holds nothing: no database, no socket, no secret in its environment. It limits its own memory; its time is limited
by whoever asks, who kills it and starts another. It goes of its own accord once it has grown or has read enough.
"""

import contextlib
import os
import re
import resource
import signal
import sys
from pathlib import Path

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.cut import cut
from watchbot.sources.frames import LAST, MORE, READY, answered, framed, question, read_frame

MEMORY = 640 * 1024 * 1024
# What a feed may take of it: the largest honest one needs a third. A dropped PDF or table may need more.
FEED_MEMORY = 224 * 1024 * 1024
GROWN = 100 * 1024 * 1024
MOST_DOCUMENTS = 2000
# ru_maxrss counts kilobytes on Linux and bytes on macOS.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> int:
    """Answer questions until there are no more."""
    _shut_in()
    inlet, outlet = sys.stdin.buffer, sys.stdout.buffer
    outlet.write(framed(READY))
    outlet.flush()
    for left in reversed(range(MOST_DOCUMENTS)):
        head, body = read_frame(inlet), read_frame(inlet)
        if head is None or body is None:
            return 0
        answer = answered(_cut(question(head, body)))
        last = not left or _most_memory() > GROWN
        outlet.write(framed((LAST if last else MORE) + answer))
        outlet.flush()
        if last:
            break
    return 0


def _most_memory() -> int:
    """The most bytes this process ever held. Not `ru_maxrss` on Linux: there it begins with the parent's peak."""
    with contextlib.suppress(OSError):
        told = re.search(rb"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_bytes())
        if told:
            return int(told[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def _cut(document: RawDocument) -> CutDocument | InputError:
    """The items, or why there are none."""
    _allow(MEMORY if document.name else FEED_MEMORY)
    try:
        return cut(document)
    except InputError as error:
        return error
    except MemoryError:
        return InputError("it needs too much memory to be read")
    except Exception as error:  # noqa: BLE001 - the supervisor of one document: no input ends the work of the rest
        return InputError(f"it cannot be read ({type(error).__name__})")


def _allow(memory: int) -> None:
    """How many bytes of its own this process may hold from now on."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _shut_in() -> None:
    """Set the limits; Ctrl-C is for the daemon, which ends us by closing stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (value, value))
    with contextlib.suppress(OSError):
        os.nice(5)


if __name__ == "__main__":
    sys.exit(main())
