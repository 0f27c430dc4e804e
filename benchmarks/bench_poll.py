"""CPU and memory of polling: watchbot and lemon24/reader in turns, on the same feeds of one loopback server.

    python -m benchmarks.bench_poll                              1,000 feeds, three rounds with fresh databases
    python -m benchmarks.bench_poll --feeds 5000 --rounds 1      what `make bench-poll` runs (about ten minutes)
    python -m benchmarks.bench_poll --feeds 1000 --profile       ours alone, with the functions that cost most

    cold: nothing known, all answers 200 | 304: nothing new | one new: one new item on top of every feed

Ours is all of the daemon's road from socket to queued alert (fetch, worker process, match, place, store); reader has
no matching and no stories. CPU is that of the process and of all its children; the server's counts for neither. What
each side stored and was answered is checked, so that a figure cannot come from work left out.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.poll_child import Cost
from benchmarks.poll_news import WATCHED, watched_companies
from benchmarks.poll_server import ITEMS

PORTS = 50
SMALL = 1000
PHASES = ("cold", "304", "one new")
AIMS = {"cold": 10, "304": 8, "one new": 10}
MOST_MEMORY = 180


class Child:
    """A process that runs one phase after the other."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start it."""
        command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, phase: str) -> Cost:
        """One phase and its cost."""
        assert self._process.stdin
        self._process.stdin.write(f"{phase}\n")
        self._process.stdin.flush()
        return Cost(**json.loads(self.line()))

    def line(self) -> str:
        """The next line it says."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a child of the benchmark ended with code {self._process.wait()}")
        return line

    def stop(self) -> None:
        """Close its stdin and wait."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)


class Web:
    """The feed server."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Start it; it invents its feeds first."""
        switches = [f"--{name}" for name in ("gzip", "close", "light") if getattr(options, name)]
        self.child = Child("poll_server", "--feeds", str(options.feeds), "--ports", str(PORTS), *switches)
        self.ports: list[int] = json.loads(self.child.line())

    def addresses(self, count: int) -> list[str]:
        """The first feeds."""
        return [f"http://127.0.0.1:{self.ports[number % PORTS]}/{number}.xml" for number in range(count)]

    def ask(self, what: str) -> dict[str, object]:
        """One of the server's controls."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[0]}/__{what}") as answer:
            found: dict[str, object] = json.loads(answer.read())
            return found


@dataclass(slots=True)
class Side:
    """One of the two, for the time of a round; `costs` holds its phases."""

    name: str
    child: Child
    feeds: int
    costs: dict[str, Cost] = field(default_factory=dict)

    def poll(self, phase: str, web: Web) -> None:
        """Poll every feed once, and check that all of it was done."""
        web.ask("counts")
        cost = self.costs[phase] = self.child.run(phase)
        answers = web.ask("counts")
        status = "304" if phase == "304" else "200"
        answers.pop("connections", None)
        assert answers == {status: self.feeds}, f"{self.name}, {phase}: the server answered {answers}"
        stored = self.child.run("count").said
        expected = self.feeds * (ITEMS + (phase == "one new"))
        assert stored["items"] == expected, f"{self.name}, {phase}: {stored} are stored, not {expected} items"
        assert not stored.get("failed"), f"{self.name}, {phase}: {stored['failed']} feeds failed"
        cost.said = stored


def configure(folder: Path, web: Web, feeds: int) -> None:
    """Write watchbot.yaml, its watchlist and the list of addresses."""
    addresses = web.addresses(feeds)
    allowed = json.dumps([f"127.0.0.1:{port}" for port in web.ports])
    sources = "\n".join(f"  - {{name: Paper {n}, feed: '{address}'}}" for n, address in enumerate(addresses))
    watches = "\n".join(f"      - company: {json.dumps(one.name)}" for one in watched_companies())
    (folder / "addresses.json").write_text(json.dumps(addresses))
    (folder / "watchlist.yaml").write_text(
        f"watchlists:\n  - name: bench\n    chats: [console]\n    watches:\n{watches}\n", encoding="utf-8"
    )
    (folder / "watchbot.yaml").write_text(
        f"database: sqlite:///watchbot.db\nfetch: {{allow_private: {allowed}}}\nlog: {{level: warning}}\n"
        f"sources:\n{sources}\nwatchlists: [watchlist.yaml]\n"
    )


@contextmanager
def side(name: str, options: argparse.Namespace, web: Web, feeds: int) -> Iterator[Side]:
    """A side with a fresh database, its feeds entered."""
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder), web, feeds)
        if name == "ours":
            child = Child("poll_ours", "--folder", folder, *(["--profile"] if options.profile else []))
        else:
            child = Child("poll_peer", "--folder", folder, "--workers", str(options.reader_workers))
        found = Side(name, child, feeds)
        try:
            found.costs["start"] = child.run("start")
            yield found
        finally:
            child.stop()


def one_round(options: argparse.Namespace, web: Web, names: tuple[str, ...], feeds: int) -> dict[str, Side]:
    """All phases of one round, the sides in turns."""
    with ExitStack() as stack:
        sides = {name: stack.enter_context(side(name, options, web, feeds)) for name in names}
        fresh = 0
        for phase in PHASES:
            if phase == "one new":
                told = web.ask("advance")["watched"]
                assert isinstance(told, list)
                fresh = sum(told[:feeds])
            for one in sides.values():
                one.poll(phase, web)
                print(f"  {one.name}, {phase}: {_each(one, phase):.2f} ms a feed", file=sys.stderr, flush=True)
        if ours := sides.get("ours"):
            _check_alerts(ours, fresh)
            ours.costs["deliver"] = ours.child.run("deliver")
            if options.profile:
                ours.child.run("cut")
    return sides


def _check_alerts(ours: Side, watched: int) -> None:
    """What named a watched company among the new items was decided on, and most of it was told."""
    before, after = ours.costs["304"].said, ours.costs["one new"].said
    decided = int(str(after["decided"])) - int(str(before["decided"]))
    told = int(str(after["alerts"])) - int(str(before["alerts"]))
    assert decided >= watched, f"{watched} new items name a watched company, {decided} were decided on"
    assert told >= watched / 2, f"{watched} new items name a watched company, {told} alerts were queued"


def _each(one: Side, phase: str) -> float:
    """CPU milliseconds a feed."""
    return 1000 * one.costs[phase].cpu / one.feeds


def table(rounds: list[dict[str, Side]]) -> None:
    """The ratios, each figure the median of the rounds."""
    both = all("reader" in sides for sides in rounds)
    print(
        "\nCPU ms a feed   ours (daemon + worker)" + ("    reader   ratio   aim      " if both else "") + "   seconds"
    )
    for phase in PHASES:
        ours = [sides["ours"] for sides in rounds]
        own = statistics.median(1000 * one.costs[phase].own / one.feeds for one in ours)
        workers = statistics.median(1000 * one.costs[phase].workers / one.feeds for one in ours)
        line = f"{phase:<14} {statistics.median(_each(one, phase) for one in ours):6.2f} ({own:6.2f} + {workers:6.2f})"
        walls = [statistics.median(one.costs[phase].wall for one in ours)]
        if both:
            theirs = [sides["reader"] for sides in rounds]
            ratio = statistics.median(
                _each(one, phase) / _each(mine, phase) for one, mine in zip(theirs, ours, strict=True)
            )
            kept = "kept" if ratio >= AIMS[phase] else "missed"
            peer = statistics.median(_each(one, phase) for one in theirs)
            line += f"   {peer:7.2f}   {ratio:5.1f}   {AIMS[phase]:>2} {kept:<6}"
            walls.append(statistics.median(one.costs[phase].wall for one in theirs))
        print(f"{line}   {' / '.join(f'{wall:.1f}' for wall in walls)}")
    last = rounds[-1]["ours"]
    start, deliver = last.costs["start"], last.costs["deliver"]
    sent = int(str(deliver.said["sent"]))
    print(f"beside it, ours: start {start.cpu:.1f} s of CPU; {sent} alerts printed in {deliver.cpu:.2f} s of CPU")


def memory(sides: list[Side]) -> None:
    """What we hold after each phase, for each number of feeds."""
    print(f"\nours, MB after each phase (aim: at most {MOST_MEMORY}, flat): daemon + worker = all; the daemon's most")
    for one in sides:
        cells = []
        for phase in ("start", *PHASES):
            cost = one.costs[phase]
            cells.append(f"{phase} {cost.own_memory:.0f}+{cost.memory - cost.own_memory:.0f}={cost.memory:.0f}")
        print(f"{one.feeds:>6} feeds   {'   '.join(cells)}   most {one.costs[PHASES[-1]].most:.0f}")


def _options() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--feeds", type=int, default=SMALL)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--gzip", action="store_true", help="the server packs what it sends")
    arguments.add_argument("--light", action="store_true", help="only teasers, no feed with whole articles")
    arguments.add_argument("--close", action="store_true", help="a new connection for every request")
    arguments.add_argument("--reader-workers", type=int, default=1, help="threads of reader's update_feeds")
    arguments.add_argument("--ours-only", action="store_true")
    arguments.add_argument("--profile", action="store_true", help="ours alone, one round, the costly functions")
    return arguments.parse_args()


def main() -> None:
    """Run and print the tables."""
    options = _options()
    alone = options.ours_only or options.profile
    web = Web(options)
    try:
        print(f"{options.feeds:,} feeds of {ITEMS} items on {PORTS} ports, {WATCHED} watched companies", flush=True)
        small = []
        if options.feeds > SMALL and not options.profile:
            small.append(one_round(options, web, ("ours",), SMALL)["ours"])
        rounds = []
        for number in range(1 if options.profile else options.rounds):
            names = ("ours", "reader") if number % 2 == 0 else ("reader", "ours")
            rounds.append(one_round(options, web, ("ours",) if alone else names, options.feeds))
        table(rounds)
        memory([*small, rounds[-1]["ours"]])
    finally:
        web.child.stop()


if __name__ == "__main__":
    main()
