"""Looking names up in threads of their own, so that lookups that hang never hold up the database's threads."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

_THREADS = 16


class Resolver(AbstractResolver):
    """The system's own resolver behind the interface that connections use."""

    def __init__(self) -> None:
        """No thread starts before the first lookup."""
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolve")

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises OSError."""
        found = await asyncio.get_running_loop().run_in_executor(self._pool, _look_up, host, port, family)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no address")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)
            for kind, address in found
        ]

    @override
    async def close(self) -> None:
        """Start no further lookup; one that hangs is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: int) -> list[tuple[int, str]]:
    """Each address once, with its family."""
    infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys((int(kind), str(address[0])) for kind, _type, _proto, _name, address in infos))
