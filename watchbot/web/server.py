"""The small HTTP server behind `http.listen`."""

import logging
from collections.abc import Callable

from aiohttp import web

log = logging.getLogger(__name__)

Report = Callable[[], tuple[bool, list[str]]]


class WebServer:
    """Serves health. A taken port is told once and the alerts go on."""

    def __init__(self, host: str, port: int, report: Report) -> None:
        """`report` gives whether the node is ready, and the lines that say so."""
        self._host = host
        self._port = port
        self._report = report
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen; gives "" or, in words, why not."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        for path in ("/", "/metrics"):
            app.router.add_get(path, _later)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            return f"cannot listen on {self._host}:{self._port} ({error.strerror}); change http.listen"
        self._runner = runner
        return ""

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        ready, lines = self._report()
        return web.Response(text="\n".join(lines) + "\n", status=200 if ready else 503)


async def _later(_request: web.Request) -> web.Response:
    return web.Response(text="not built yet: the status page and metrics come in a later version\n", status=501)
