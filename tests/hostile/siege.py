"""A daemon under siege: every hostile feed, server, address and file around five honest feeds.

with Siege(folder) as siege:
    siege.begin()       # servers, configuration, daemon
    siege.hold_out()    # until all that is hostile was asked or read; `slowest`: how long honest news ever took
    siege.end()         # what the sources say, then SIGTERM; afterwards `report`, `sources`, `ready`
"""

import asyncio
import json
import os
import shutil
import socket
import sys
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from typing_extensions import override

from tests.e2e.house import House
from tests.fakes.feedserver import FeedServer
from tests.fakes.rawserver import Canary, RawServer
from tests.fakes.serving import LoopbackServer
from tests.hostile.case import Document
from tests.hostile.feeds import FEEDS
from tests.hostile.files import FILES, INTRUDERS, written
from tests.hostile.servers import BEHAVIOURS, LURES

GOOD = 5
SECRET, KEY = "hush-nobody-may-read-this", "HOSTILE_TEST_KEY"
AGAIN = ("new ids at every poll", "a thousand new entries at every poll", "random bytes", "titles that drive a screen")
WATCHLIST = """
watchlists:
  - name: desk
    chats: [console]
    max_per_hour: off
    watches: [Taipower, {name: Foxconn, aliases: [Hon Hai]}]
"""
# Every headline of another event, so that each is told as a story of its own.
HEADLINES = """
Taipower asks households to save electricity
Engineers of Taipower climb Jade Mountain
Court in Hualien fines Taipower over felled cypress
Taipower hires four hundred apprentices
Retired Taipower director publishes memoirs
Typhoon leaves villages dark, says Taipower
Taipower buys gas from Qatar until 2040
Divers inspect undersea cables for Taipower
Baseball team of Taipower wins spring cup
Taipower opens museum inside old substation
Smart meters by Taipower reach Kinmen
Legislators question Taipower about debts
Drone hits pylon of Taipower near Changhua
Fishermen settle with Taipower on compensation
Nuclear waste leaves Taipower yard on Orchid Island
Hydrogen turbine tested by Taipower at Hsinta
Solar farms sue Taipower over late payments
Vietnamese delegation studies Taipower grid
Taipower paints bird silhouettes on windmills
Unions at Taipower vote for strike
Ratings agency confirms grade of Taipower
Hackers send false bills in Taipower's name
Taipower lends pumps to flooded orchards
Reservoirs full again, reports Taipower
Schoolchildren design calendar for Taipower
Taipower auctions copper from scrapped transformers
Astronomers thank Taipower for darker streets
Taipower chairman resigns after audit
Beekeepers rent meadows below Taipower lines
Taipower trains dogs to find leaking oil
Earthquake drill at Taipower reactor
Chess grandmaster visits Taipower laboratory
Taipower renames its Taichung harbour berth
Ferry loses anchor on Taipower cable
Poet wins Taipower essay contest
""".strip().splitlines()


class Documents(LoopbackServer):
    """Serves the hostile documents by number; each is made when it is asked for."""

    def __init__(self, canary: str) -> None:
        super().__init__()
        self.canary = canary
        self.asked: set[int] = set()

    @override
    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if not request.path[1:].isdigit():
            return web.Response(status=404)  # where a page's feed may be is guessed
        number = int(request.path[1:])
        case: Document = FEEDS[number]
        body = await asyncio.to_thread(case.body, self.canary)
        self.asked.add(number)
        return web.Response(body=body, headers={"Content-Type": case.media_type})


class SixCanary(Canary):
    """A port on the other loopback address; where there is none, nobody can connect to it either."""

    def __init__(self, port: int) -> None:
        try:
            self._listener = socket.create_server(("::1", port), family=socket.AF_INET6)
        except OSError:
            self._listener = socket.socket()
        self.port = port


class Siege(House):
    """The house, and all that is around it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.report: dict[str, float] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.status = ""
        self.ready = 0
        self.exit_code = -1
        self.known = self.slowest = 0.0
        self.untouched = False
        self._measured = root / "measured.json"
        self._stack = ExitStack()
        self._headlines = iter(HEADLINES)
        self._lines: list[str] = []
        self._allowed: list[str] = []
        self._environ[KEY] = SECRET

    def __enter__(self) -> Self:
        """Open the servers."""
        enter = self._stack.enter_context
        self._canaries = [enter(Canary()), enter(Canary())]
        self._canaries += [enter(SixCanary(one.port)) for one in self._canaries]
        self.good = enter(FeedServer())
        self.bounce = enter(FeedServer())
        self.documents = enter(Documents(f"http://127.0.0.1:{self._canaries[0].port}"))
        self.servers = [enter(RawServer(one.script)) for one in BEHAVIOURS]
        return self

    def __exit__(self, *_exception: type[BaseException] | BaseException | TracebackType | None) -> None:
        """End everything; what was dropped is large and goes at once."""
        self.close()
        self._stack.close()
        shutil.rmtree(self.inbox, ignore_errors=True)

    @override
    def command(self, *arguments: str) -> list[str]:
        usual = super().command(*arguments)
        if arguments[0] != "run":
            return usual
        launcher = Path(__file__).parent / "launcher.py"
        return [sys.executable, str(launcher), str(self._measured), *usual[3:]]

    def begin(self) -> None:
        """Write the configuration, place what lies there before the start, start the daemon."""
        straight, bounced = (one.port for one in self._canaries[:2])
        for number in range(GOOD):
            self.good.feed(f"/{number}.xml", ["An old headline about nothing"])
            self._source(f"good {number}", f"good{number}.example", self.good.port, f"/{number}.xml", "1s")
        for number, case in enumerate(FEEDS):
            every = "2s" if case.name in AGAIN else "1h"
            self._source(case.name, f"document{number}.example", self.documents.port, f"/{number}", every)
        for number, (one, server) in enumerate(zip(BEHAVIOURS, self.servers, strict=True)):
            more = f', headers: {{X-Key: "${{{KEY}}}"}}'
            self._source(one.name, f"server{number}.example", server.port, "/feed", "1h", more)
        for number, lure in enumerate(LURES):
            self._lines.append(_line(lure.name, lure.address.replace("%d", str(straight)), "1h"))
            self.bounce.redirect(f"/{number}", lure.address.replace("%d", str(bounced)))
            self._source(f"{lure.name} by a redirect", f"bounce{number}.example", self.bounce.port, f"/{number}", "1h")
        self._write()
        for intruder in INTRUDERS:
            intruder.place(self.inbox)
        self.start()

    def drop_files(self) -> None:
        """Put every hostile file into the inbox."""
        canary = f"http://127.0.0.1:{self._canaries[0].port}"
        for case in FILES:
            written(self.inbox / case.file, case.body(canary))

    def hold_out(self) -> None:
        """News in the honest feeds from the first poll to the last hostile file."""
        begun = time.monotonic()
        for number in range(GOOD):
            self.good.wait_for_request(f"/{number}.xml", 2, timeout=60)  # then the first poll, the baseline, is stored
        self.known = time.monotonic() - begun
        self.publish()
        self.drop_files()
        for _round in range(4):
            self.publish()
        self.documents.wait_for(self.over, 120, "all that is hostile to be asked or read")
        self.publish()

    def publish(self) -> float:
        """One headline in each honest feed; gives how many seconds the slowest took to be told."""
        begun = time.monotonic()
        told = [next(self._headlines) for _number in range(GOOD)]
        for number, headline in enumerate(told):
            self.good.add_item(f"/{number}.xml", headline)
        for headline in told:
            self.expects(headline, timeout=30)
        self.slowest = max(self.slowest, taken := time.monotonic() - begun)
        return taken

    def over(self) -> bool:
        """Whether every hostile document and server was asked, and every file is read or refused."""
        waiting = [path for path in self.inbox.iterdir() if path.is_file() and not path.name.startswith(".")]
        asked = len(self.documents.asked) == len(FEEDS) and all(server.connections for server in self.servers)
        return asked and not waiting and not self._claimed()

    def _listed(self) -> bool:
        """Read the list of sources; whether each feed of it has an answer or an error."""
        listed = self.run("sources", "list", "--json")
        self.sources = {row["name"]: row for row in map(json.loads, listed.stdout.splitlines())}
        return all(row["checked_at"] for row in self.sources.values() if row["kind"] == "feed")

    def _claimed(self) -> list[str]:
        """The files that the daemon has claimed and not yet archived."""
        walk = os.walk(self.inbox / ".work")  # which takes no harm from folders that vanish meanwhile
        return [name for _folder, _folders, names in walk for name in names if not name.endswith(".lock")]

    def end(self) -> None:
        """Ask what the daemon says of itself once the last answer has come or is given up, then stop it."""
        self.documents.wait_for(self._listed, 60, "every source to have been asked")
        self.status = self.run("status").stdout
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self._web}/readyz", timeout=10) as answer:
            self.ready = answer.status
        self.untouched = all(canary.untouched for canary in self._canaries)
        self.exit_code = self.stop()
        self.report = json.loads(self._measured.read_text())

    def _source(self, name: str, host: str, port: int, path: str, every: str, more: str = "") -> None:
        self._lines.append(_line(name, f"http://{host}:{port}{path}", every, more))
        self._allowed.append(f"{host}:{port}")

    def _write(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._web = free.getsockname()[1]
        lines = [
            "database: sqlite:///var/watchbot.db",
            f"fetch: {{allow_private: {json.dumps(self._allowed)}}}",
            "defaults: {timezone: Asia/Taipei, language: en}",
            f'http: {{listen: "127.0.0.1:{self._web}"}}',
            "watchlists: [watchlist.yaml]",
            "sources:",
            f"  - {{name: Inbox, folder: {self.inbox}}}",
            *self._lines,
        ]
        self.config.write_text("\n".join(lines), encoding="utf-8")
        (self.root / "watchlist.yaml").write_text(WATCHLIST, encoding="utf-8")


def _line(name: str, address: str, every: str, more: str = "") -> str:
    """A source of the configuration."""
    return f"  - {{name: {json.dumps(name)}, feed: {json.dumps(address)}, every: {every}{more}}}"


def notes_of(inbox: Path, file: str) -> str:
    """What the note beside a refused file says; "" where it was read."""
    note = inbox / "failed" / f"{file}.note.txt"
    return note.read_text() if note.exists() else ""
