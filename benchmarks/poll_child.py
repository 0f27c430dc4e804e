"""What both sides of bench_poll share: a child process that does as told, line by line, and how its cost is read.

stdin: a phase's name a line -> the phase is run -> stdout: {"cpu", "own", "workers", "wall", "memory" ...} a line
"""

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

_TICK = os.sysconf("SC_CLK_TCK")
_MEGA = 1024 * 1024


@dataclass(slots=True)
class Cost:
    """What a phase cost: CPU seconds in all, of this process, of its children; seconds; MB after it.

    `memory` is the sum of what this process and its children hold; `most` the most this process alone ever held.
    """

    cpu: float
    own: float
    workers: float
    wall: float
    memory: float = 0.0
    own_memory: float = 0.0
    most: float = 0.0
    said: dict[str, object] = field(default_factory=dict)


class Meter:
    """Reads the clocks at its making; `cost` tells what was spent since."""

    def __init__(self) -> None:
        """Start."""
        gc.collect()
        self._wall, self._own, self._workers = time.perf_counter(), time.process_time(), _children_seconds()

    def cost(self) -> Cost:
        """What was spent, and the memory now."""
        own, workers = time.process_time() - self._own, _children_seconds() - self._workers
        found = Cost(own + workers, own, workers, time.perf_counter() - self._wall)
        own_memory, most = memory(os.getpid())
        found.own_memory, found.most = own_memory, most
        found.memory = own_memory + sum(memory(child)[0] for child in children())
        return found


def children(of: int | None = None) -> list[int]:
    """All living processes below one."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, look = [], [of or os.getpid()]
    while look:
        below = parents.get(look.pop(), [])
        found += below
        look += below
    return found


def memory(process: int) -> tuple[float, float]:
    """MB that a process holds now, and the most it ever held."""
    held = {"VmRSS": 0.0, "VmHWM": 0.0}
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in held:
                held[name] = int(value.split()[0]) * 1024 / _MEGA
    except OSError:  # it has ended
        pass
    return held["VmRSS"], held["VmHWM"]


def _children_seconds() -> float:
    """CPU of children that have ended (and were waited for) and of those that live."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    alive = 0.0
    for child in children():
        if fields := _stat(child):
            alive += sum(map(int, fields[11:15])) / _TICK
    return ended.ru_utime + ended.ru_stime + alive


def _stat(process: int) -> list[str]:
    """The fields of /proc/N/stat after the name, [] where it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def report(stream: TextIO, cost: Cost) -> None:
    """One answer."""
    stream.write(json.dumps(asdict(cost)) + "\n")
    stream.flush()


def own_stdout() -> TextIO:
    """The real stdout for answers; what anybody prints from now on goes nowhere."""
    real = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for the life of the process
    return real


def orders() -> Iterator[str]:
    """The phases as they are asked for."""
    for line in sys.stdin:
        yield line.strip()


def obey(work: Callable[[str], dict[str, object]]) -> None:
    """Run every phase that is asked for with `work` and answer with its cost."""
    answers = own_stdout()
    for phase in orders():
        meter = Meter()
        said = work(phase)
        cost = meter.cost()
        cost.said = said
        report(answers, cost)
