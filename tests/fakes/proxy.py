"""An http proxy on loopback: plain requests in absolute form, CONNECT for TLS, with or without a login.

with ProxyServer(login="me:secret") as proxy:
    proxy.url, proxy.lines        # "GET http://..." and "CONNECT host:port ..." as they came
"""

import base64
import socket
import ssl
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from tests.fakes.rawserver import RawServer


class ProxyServer(RawServer):
    """Does what a proxy does, for the hosts it can reach: those on loopback."""

    def __init__(self, login: str = "", refuses: bytes = b"", tls: ssl.SSLContext | None = None) -> None:
        """`login` is `user:password`; `refuses` is the answer that every request gets instead of service."""
        super().__init__(self._answer, tls)
        self._login = base64.b64encode(login.encode()).decode() if login else ""
        self._refuses = refuses

    def __enter__(self) -> Self:
        """Take connections."""
        super().__enter__()
        return self

    @property
    def lines(self) -> list[str]:
        """The request lines so far."""
        return [head.split(b"\r\n", 1)[0].decode() for head in self.heads]

    def headers_of(self, number: int) -> dict[str, str]:
        """The headers of one request, names in lower case."""
        lines = self.heads[number].decode().split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return {name.lower(): value.strip() for name, _colon, value in pairs}

    def _answer(self, line: socket.socket) -> None:
        method, target, _version = self.lines[-1].split(" ")
        if self._login and f"Basic {self._login}" != self.headers_of(-1).get("proxy-authorization"):
            line.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        elif self._refuses:
            line.sendall(self._refuses)
        elif method == "CONNECT":
            host, _colon, port = target.rpartition(":")
            with socket.create_connection((host, int(port)), 5) as there:
                line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _both_ways(line, there)
        else:
            self._forward(line, target)

    def _forward(self, line: socket.socket, target: str) -> None:
        parts = urlsplit(target)
        headers = self.headers_of(-1)
        headers.pop("proxy-authorization", None)
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection((parts.hostname or "", parts.port or 80), 5) as there:
            there.sendall(f"GET {parts.path or '/'} HTTP/1.1\r\nConnection: close\r\n{told}\r\n".encode())
            while piece := there.recv(65536):
                line.sendall(piece)
        line.shutdown(socket.SHUT_RDWR)


def _both_ways(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on until either side has finished."""
    back = threading.Thread(target=_pass_on, args=(other, one), daemon=True)
    back.start()
    _pass_on(one, other)
    back.join(10)


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
