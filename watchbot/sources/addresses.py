"""Which network addresses may be asked: public ones, and those named in `fetch.allow_private`.

A name says nothing; the guard looks at the very address a socket is about to connect to, for every connection.
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from yarl import URL

_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")
_ISATAP = (0x00005EFE, 0x02005EFE)
# Public by their number, but not by what answers there: clouds' own agents, relays for 6to4, protocol assignments and
# documentation that older Pythons do not know of.
_NOT_FOR_US = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
# Names that never are of the public internet (RFC 6761, 6762, 8375, and ICANN for `internal`).
_PRIVATE_NAMES = frozenset({"localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp"})
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The host:port pairs that may be private."""

    pairs: frozenset[tuple[str, int]]

    @classmethod
    def read(cls, texts: Iterable[str]) -> "Exceptions":
        """From entries such as `127.0.0.1:9000`, `[::1]:9000`, `feeds.lan:80`."""
        urls = [URL(f"http://{text.strip()}") for text in texts]
        return cls(
            frozenset((host_key(url.raw_host), url.explicit_port) for url in urls if url.raw_host and url.explicit_port)
        )

    def allow(self, host: str, port: int) -> bool:
        """Whether this pair is named."""
        return (host_key(host), port) in self.pairs


@lru_cache(maxsize=4096)
def host_key(host: str) -> str:
    """A host in the one form in which hosts are compared."""
    name = host.lower().strip("[]").rstrip(".")
    address = parsed(name)
    return str(address) if address else name


def parsed(text: str) -> Address | None:
    """The address a text stands for, None for a name."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def meant(host: str) -> Address | None:
    """The address that a host stands for in whatever spelling (2130706433, 0x7f.1, 127.1), None for a name."""
    bare = host.rstrip(".")
    address = parsed(bare)
    if address is None and bare[-1:].isalnum() and bare.rpartition(".")[2][:1].isdigit():
        try:
            return ipaddress.IPv4Address(socket.inet_aton(bare))
        except OSError:
            return None
    return address


def is_private_name(host: str) -> bool:
    """Whether a name can only be one of a private network; what the others resolve to is seen at the connection."""
    labels = host_key(host).split(".")
    return labels[-1] in _PRIVATE_NAMES or labels[-2:] == ["home", "arpa"] or len(labels) == 1


def is_public(text: str) -> bool:
    """Whether an address is one of the public internet, with all that it may carry inside it."""
    address = parsed(text)
    if address is None:
        return False
    inner = embedded(address)
    return (_is_carrier(address) or _is_global(address)) and all(_is_global(one) for one in inner)


def _is_global(address: Address) -> bool:
    """Global, and not one of the corners that `is_global` lets through."""
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    if any(address in network for network in _NOT_FOR_US):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _is_carrier(address: Address) -> bool:
    """Whether an address is nothing but a wrapping of an IPv4 one, which alone decides."""
    if isinstance(address, ipaddress.IPv4Address):
        return False
    return bool(address.ipv4_mapped or address.sixtofour) or address in _NAT64 or address in _TRANSLATED


def embedded(address: Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries and that a router or the kernel may unwrap."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    number = int(address)
    found: list[ipaddress.IPv4Address] = []
    if address.ipv4_mapped:
        found.append(address.ipv4_mapped)
    if address.sixtofour:
        found.append(address.sixtofour)
    if address.teredo:
        found.extend(address.teredo)
    lowest = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in _NAT64 or address in _TRANSLATED:
        found.append(lowest)
    if address in _COMPATIBLE and number > 1:
        found.append(lowest)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        found.append(lowest)
    return found
