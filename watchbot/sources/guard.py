"""What must not be asked: ports that are not the web, and private addresses that nobody named.

    check(url)  before a request: what can be told from the address as it is written
    socket()    the last moment before every connection: the very address that is about to be connected to

Neither a redirect, nor a name that resolves to 127.0.0.1, nor one that resolves differently the second time gets
through. `fetch.allow_private` is the only exception, as exact host:port pairs.
"""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from yarl import URL

from watchbot.model.errors import FetchError
from watchbot.sources.addresses import Exceptions, host_key, is_private_name, is_public, meant, parsed

# Ports of services that are not the web and that a forged request could talk to.
_PORT_NUMBERS = """
    0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123
    135 137 139 143 161 179 389 427 445 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 873 989
    990 993 995 1433 1521 1719 1720 1723 2049 2375 2376 2379 3306 3389 3659 4045 4190 5060 5061 5432 5672 6000 6379
    6566 6665 6666 6667 6668 6669 6679 6697 9200 9300 10080 10250 11211 27017
"""
_OTHER_PORTS = frozenset(map(int, _PORT_NUMBERS.split()))

_RECEIVED_AT_ONCE = 64 * 1024
_LONGEST_NAME = 254


@dataclass(slots=True)
class Aim:
    """Whom connections are for: a socket factory itself sees only addresses. `refused` is what was wrong with one."""

    host: str
    port: int
    refused: str = ""


_AIM: ContextVar[Aim] = ContextVar("aim")


class Guard:
    """Keeps requests on the public web."""

    def __init__(self, allow_private: tuple[str, ...]) -> None:
        """`allow_private` holds the host:port exceptions to the ban on private addresses."""
        self._exceptions = Exceptions.read(allow_private)

    def check(self, url: URL, named_elsewhere: bool = False) -> None:
        """Refuse what can be told from the address as it is written. Raises FetchError.

        `named_elsewhere`: a proxy looks the name up, so names that can only be private are refused here.
        """
        host, port = url.raw_host or "", url.port or 0
        if self._exceptions.allow(host, port):
            return
        if port in _OTHER_PORTS:
            raise FetchError(f"port {port} is not one of the web")
        address = meant(host)
        if address is None:
            _check_name(host, port, named_elsewhere)
        elif parsed(host.rstrip(".")) is None:
            kind = "" if is_public(str(address)) else "private "
            raise FetchError(f"{host} is another spelling of the {kind}address {address}; such spellings are not asked")
        elif not is_public(str(address)):
            raise FetchError(_private(str(address), str(address), port))

    @contextmanager
    def aim(self, url: URL) -> Iterator[Aim]:
        """Connections made inside are for this address."""
        aim = Aim(url.raw_host or "", url.port or 0)
        token = _AIM.set(aim)
        try:
            yield aim
        finally:
            _AIM.reset(token)

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that may be asked, made right before each connection."""
        family, kind, protocol, _name, address = info
        aim = _AIM.get()
        if not is_public(str(address[0])) and not self._exceptions.allow(aim.host, aim.port):
            aim.refused = _private(str(address[0]), aim.host, aim.port)
            raise OSError(errno.EACCES, aim.refused)
        made = socket.socket(family, kind, protocol)
        # Little is read at once: a server that sends nothing but tiny chunks must not hold the event loop up.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED_AT_ONCE)
        return made


def _check_name(host: str, port: int, named_elsewhere: bool) -> None:
    """Refuse a name that needs no lookup to be refused. Raises FetchError."""
    last = host_key(host).rpartition(".")[2]
    if last == "localhost" or (named_elsewhere and is_private_name(host)):
        raise FetchError(_private(host, host, port))
    if last.isdigit() or len(host) > _LONGEST_NAME:
        raise FetchError("this is no address that can be asked")


def _private(address: str, host: str, port: int) -> str:
    """The refusal of a private address."""
    via = "" if address == host else f" ({address})"
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"{place}{via} is a private address; name {place} in fetch.allow_private if that is meant"
