"""Servers on loopback that do with a connection whatever a test says: no HTTP library stands between.

    with RawServer(lambda line: line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        server.url, server.heads, server.connections      # what was asked, over how many connections
    with Canary() as canary:
        ...
        assert canary.untouched       # nobody connected

A script is called with the connection once a request's head was read. It may send for ever: when the client or the
server ends the connection, sending fails, and that is its end.
"""

import select
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
CERTIFICATE = Path(__file__).parent / "tls" / "loopback.pem"

Script = Callable[[socket.socket], None]


def server_tls() -> ssl.SSLContext:
    """The TLS side of a server on loopback, with a certificate that nobody trusts of himself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_tls() -> ssl.SSLContext:
    """The TLS side of a client that trusts the certificate of `server_tls`."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


class RawServer:
    """Runs a script for each connection, each in a thread of its own."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        """Listen at once; connections are taken once the server is entered."""
        self.heads: list[bytes] = []
        self.connections = 0
        self.mistakes: list[Exception] = []
        self._script = script
        self._tls = tls
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._stopping = False

    def __enter__(self) -> Self:
        """Take connections."""
        self._run(self._accept)
        return self

    def __exit__(self, *_exception: object) -> None:
        """Cut every connection and wait for every thread."""
        self._stopping = True
        with suppress(OSError):
            socket.create_connection((HOST, self.port), 5).close()  # wakes the thread that accepts
        with self._lock:
            for line in self._open:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive(), "a connection's thread did not end"
        self._listener.close()
        assert not self.mistakes, self.mistakes

    def _run(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping:
            line, _address = self._listener.accept()
            self.connections += 1
            with self._lock:
                self._open.add(line)
            if self._stopping:
                line.close()
                return
            self._run(self._serve, line)

    def _serve(self, line: socket.socket) -> None:
        plain = line
        try:
            if self._tls:
                line = self._tls.wrap_socket(line, server_side=True)
            while head := read_head(line):
                self.heads.append(head)
                self._script(line)
        except OSError:
            pass  # the client has gone, or the test is over
        except Exception as error:
            self.mistakes.append(error)
        finally:
            with self._lock:
                self._open.discard(plain)
                line.close()


def read_head(line: socket.socket) -> bytes:
    """A request's head; what came so far where the client ends before, b"" for nothing."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = line.recv(4096)
        if not piece:
            return b""
        head += piece
    return head


class Canary:
    """A port that nobody may connect to."""

    def __init__(self) -> None:
        """Listen; nobody takes what comes in."""
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        """Nothing more to do."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Free the port."""
        self._listener.close()

    @property
    def untouched(self) -> bool:
        """Whether nobody connected so far."""
        return not select.select([self._listener], [], [], 0)[0]
