"""A loopback HTTP server for tests, run in its own thread so that sync and async tests can use it alike.

    start() -> thread with an event loop -> aiohttp's low-level server -> handle(request)

Everything a test reads is guarded by `changed`, a condition that is notified whenever something happened, so
that tests wait for events and never sleep. In an async test, wrap a waiting call: `await asyncio.to_thread(...)`.
"""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

T = TypeVar("T")

HOST = "127.0.0.1"
_BODY_LIMIT = 64 * 1024 * 1024


class LoopbackServer:
    """Starts, stops, refuses connections on demand, and lets tests wait for what happened."""

    def __init__(self) -> None:
        """Prepare the server; it binds its port at once so that the address is known before it starts."""
        self.changed = threading.Condition()
        self.bugs: list[BaseException] = []
        self._socket = _bound_socket(0)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closing: asyncio.Event | None = None
        self._listener: asyncio.Server | None = None
        self._http: web.Server | None = None

    @classmethod
    def in_thread(cls) -> Self:
        """The same server, named for what a synchronous test wants: `with Server.in_thread() as server`."""
        return cls()

    def __enter__(self) -> Self:
        """Start for a synchronous test."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; a mistake inside the fake itself fails the test that used it."""
        self.stop()
        if error is None and self.bugs:
            raise AssertionError(f"the fake server itself failed: {self.bugs[0]!r}") from self.bugs[0]

    async def __aenter__(self) -> Self:
        """Start for an async test."""
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop without blocking the test's own loop."""
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    def start(self) -> None:
        """Start the thread and listen."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name=type(self).__name__, daemon=True)
        self._thread.start()
        assert ready.wait(10), "the server thread did not start"
        self.up()

    def stop(self) -> None:
        """Close every connection and end the thread; safe to call twice."""
        if self._thread is None or self._loop is None or self._closing is None:
            return
        self.down()
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the server thread did not stop"
        self._thread = None
        self._socket.close()

    def up(self) -> None:
        """Listen (again) on the same port."""
        self.submit(self._open())

    def down(self) -> None:
        """Cut every connection and refuse new ones; the port stays reserved for `up`."""
        self.submit(self._shut())

    def submit(self, work: Coroutine[object, object, T]) -> T:
        """Run a coroutine on the server's loop from another thread and wait for it."""
        assert self._loop is not None, "start the server first"
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def call_on_loop(self, function: Callable[[], object]) -> None:
        """Let the server's loop call a function soon, from whatever thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function)

    def notify(self) -> None:
        """Wake every waiting test."""
        with self.changed:
            self.changed.notify_all()

    def wait_for(self, predicate: Callable[[], T], timeout: float = 30.0, what: str = "") -> T:
        """Wait until the predicate is true and return its value; fail with what happened instead.

        It is asked again on every change, and ten times a second for what changes elsewhere (a file, a process).
        """
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                if result := predicate():
                    return result
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise AssertionError(f"not within {timeout:g} s: {what or 'the condition'}\n{self.story()}")
                self.changed.wait(min(remaining, 0.1))

    def story(self) -> str:
        """What happened so far, for the message of a failed wait."""
        return ""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        raise NotImplementedError

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self.handle(request)
        except ConnectionError:
            return web.Response(status=500)  # the client has gone: nobody reads this
        except Exception as error:
            with self.changed:
                self.bugs.append(error)
                self.changed.notify_all()
            return web.Response(status=500, text=f"the fake failed: {error!r}")

    def _run(self, ready: threading.Event) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            runner.run(self._wait_until_closed(ready))

    async def _wait_until_closed(self, ready: threading.Event) -> None:
        self._closing = asyncio.Event()
        ready.set()
        await self._closing.wait()

    async def _open(self) -> None:
        if self._listener is not None:
            return
        self._http = web.Server(self._answer, request_factory=_request, access_log=None)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._http, sock=self._socket)

    async def _shut(self) -> None:
        if self._listener is None or self._http is None:
            return
        self._listener.close()
        self._listener = None
        self._socket = _bound_socket(self.port)  # bound but not listening: refused, and nobody else gets the port
        await self._http.shutdown(0.01)
        self._http = None


def drop(request: web.BaseRequest) -> web.Response:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)  # never written


def _bound_socket(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HOST, port))
    return sock


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: object,
    task: "asyncio.Task[None]",
) -> web.BaseRequest:
    assert isinstance(protocol, BaseProtocol)
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=_BODY_LIMIT)  # type: ignore[arg-type]
