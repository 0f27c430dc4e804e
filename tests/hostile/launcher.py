"""The daemon's own entry point for the hostile end-to-end test: `launcher.py REPORT watchbot-arguments...`

    names  -> the traps of servers.NAMES, every other name of .example is this machine, nothing else is looked up
    waits  -> an answer may take 8 s instead of 30
    loop   -> its longest turn is measured, and at the end written to REPORT with the most memory ever held

Nothing else of the daemon is touched.
"""

import asyncio
import json
import resource
import socket
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.hostile.servers import NAMES, PUBLIC
from tests.hostile.turns import LoopTurns
from watchbot.cli import run
from watchbot.sources import guard, resolver
from watchbot.sources.fetch import Fetcher

SECONDS = 8.0
_asked: Counter[str] = Counter()
_turns: list[LoopTurns] = []
_is_public = guard.is_public
_new_loop = asyncio.events.new_event_loop


def look_up(host: str, _port: int, _family: int) -> list[tuple[int, str]]:
    """What a name is this time."""
    name = host.rstrip(".").lower()
    if name in NAMES:
        answers = NAMES[name]
        _asked[name] += 1
        found = answers[min(_asked[name], len(answers)) - 1]
    elif name.endswith(".example"):
        found = ("127.0.0.1",)
    else:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [(socket.AF_INET6 if ":" in one else socket.AF_INET, one) for one in found]


def watched_loop() -> asyncio.AbstractEventLoop:
    """A new event loop with a clock around each turn but the first, in which the daemon is put together."""
    loop = _new_loop()
    _turns.append(LoopTurns(loop, skip=1))
    return loop


def main() -> int:
    """Run watchbot, then write the report."""
    report, *arguments = sys.argv[1:]
    resolver._look_up = look_up
    guard.is_public = lambda text: text == PUBLIC or _is_public(text)
    Fetcher.__init__.__defaults__ = (SECONDS, None)
    asyncio.events.new_event_loop = watched_loop
    code = run(arguments)
    memory = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    measured = {
        "longest_turn": max(one.longest for one in _turns),
        "turns": sum(one.count for one in _turns),
        "memory_mb": int(memory.split()[1]) // 1024,
        "worker_memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    Path(report).write_text(json.dumps(measured))
    return code


if __name__ == "__main__":
    sys.exit(main())
