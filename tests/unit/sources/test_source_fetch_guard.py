"""No private address is ever connected to: every spelling, every way to resolve, every redirect.

A canary listens on loopback; it must never see a connection. `127.0.0.9`, where nothing listens, stands in for a
public machine that is down where a test says so.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

from tests.fakes.feedserver import FeedServer
from tests.fakes.rawserver import Canary
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError
from watchbot.ports.fetcher import Fetched, FetchRequest
from watchbot.sources import guard
from watchbot.sources.addresses import Exceptions, is_private_name, is_public, meant
from watchbot.sources.fetch import Fetcher

DOWN = "127.0.0.9"


class Names(AbstractResolver):
    """A resolver that answers each lookup with the next list of addresses."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append((host, port))
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        kinds = {True: socket.AF_INET6, False: socket.AF_INET}
        return [
            ResolveResult(hostname=host, host=one, port=port, family=kinds[":" in one], proto=0, flags=0)
            for one in found
        ]

    @override
    async def close(self) -> None:
        pass


@pytest.fixture
def canary() -> Iterator[Canary]:
    with Canary() as canary:
        yield canary
        assert canary.untouched


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


async def refusal(fetcher: Fetcher, url: str, **more: str) -> str:
    try:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(FetchRequest(url, **more))  # type: ignore[arg-type]
    finally:
        await fetcher.close()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def plain(*allowed: str, names: Names | None = None) -> Fetcher:
    return Fetcher("watchbot/1.0", allowed, SystemClock(), seconds=5, resolver=names)


SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "127.00.00.01", "0177.0.0.1", "0177.1", "0x7f.0.0.1", "0x7F000001", "0x7f.1",
    "2130706433", "017700000001", "127.0.0.1.", "127.1.", "１２７.０.０.１", "127。0。0。1",
    "１２７．０．０．１", "①②⑦.0.0.1",
    "localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ", "news.localhost", "public.example@127.0.0.1",
    "public.example:80@127.0.0.1", "8.8.8.8@localhost", "127.0.0.1%2f@127.0.0.1",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b:1::127.0.0.1]", "[2002:7f00:1::]", "[2001:0:7f00:1::1]",
    "[2606:4700::5efe:7f00:1]", "[fe80::1%25lo]", "[::1%25lo]", "[::]", "0.0.0.0", "0", "0x0", "127.127.127.127",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
async def test_every_spelling_of_this_machine(canary: Canary, host: str) -> None:
    words = await refusal(plain(), f"http://{host}:{canary.port}/latest/meta-data")
    assert "private" in words


@pytest.mark.parametrize("host", SPELLINGS)
async def test_a_redirect_to_every_spelling(server: FeedServer, canary: Canary, host: str) -> None:
    url = server.redirect("/feed", f"http://{host}:{canary.port}/secret", 301)
    words = await refusal(plain(f"127.0.0.1:{server.port}"), url)
    assert words.startswith(f"{url}: ")
    assert any(word in words for word in ("private", "no address"))


@pytest.mark.parametrize(
    "host",
    ["%31%32%37.0.0.1", "127.0.0.1%00", "127.0.0.1%20", "exa mple", "127.0.0.1\\@8.8.8.8", "[v1.x]", "[127.0.0.1]",
     "127.0.0.1\u00ad", "256.256.256.256", "1.2.3.4.5", "[::1", "::1", "xn--", "127.0.0.1,8.8.8.8"],
)  # fmt: skip
async def test_hosts_that_are_none(canary: Canary, host: str) -> None:
    await refusal(plain(), f"http://{host}:{canary.port}/")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.20.30.40", "172.31.255.254", "192.168.1.1", "169.254.169.254", "100.100.100.200",
     "168.63.129.16", "192.0.0.192", "0.0.0.0", "::1", "fd00:ec2::254", "fe80::a9fe:a9fe", "::ffff:169.254.169.254",
     "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"],
)  # fmt: skip
async def test_a_name_that_resolves_to_it(canary: Canary, address: str) -> None:
    words = await refusal(plain(names=Names([address])), f"http://feeds.example:{canary.port}/")
    assert f"feeds.example:{canary.port} ({address}) is a private address" in words


async def test_a_name_that_resolves_differently_the_second_time(
    server: FeedServer, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda text: text == "127.0.0.1")
    names = Names(["127.0.0.1"], ["::ffff:127.0.0.1"])
    server.redirect("/feed", f"http://feeds.example:{canary.port}/secret")
    words = await refusal(plain(names=names), f"http://feeds.example:{server.port}/feed")
    assert "(::ffff:127.0.0.1) is a private address" in words
    assert len(names.asked) == 2
    assert len(server.requests) == 1


async def test_a_new_connection_is_looked_at_anew(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, False])
    monkeypatch.setattr(guard, "is_public", lambda text: next(answers))
    url = f"http://feeds.example:{server.port}/a"
    server.raw("/a", b"news", headers={"Connection": "close"})
    fetcher = plain(names=Names(["127.0.0.1"]))
    assert isinstance(await fetcher.fetch(FetchRequest(url)), Fetched)
    assert "private address" in await refusal(fetcher, url)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "addresses",
    [[DOWN, "127.0.0.1"], ["127.0.0.1", DOWN], [DOWN, "::1", "127.0.0.1"], ["::ffff:127.0.0.1", DOWN, "10.0.0.1"]],
)
async def test_several_addresses_are_each_looked_at(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda text: text == DOWN or is_public(text))
    words = await refusal(plain(names=Names(addresses)), f"http://feeds.example:{canary.port}/")
    assert "is a private address" in words


async def test_a_public_address_beside_a_private_one_is_used(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda text: text == "127.0.0.1")
    server.raw("/a", b"news")
    fetcher = plain(names=Names(["::ffff:127.0.0.1", "127.0.0.1"]))
    answer = await fetcher.fetch(FetchRequest(f"http://feeds.example:{server.port}/a"))
    await fetcher.close()
    assert isinstance(answer, Fetched)
    assert answer.body == b"news"


async def test_the_exceptions_are_exact(server: FeedServer, canary: Canary) -> None:
    allowed = (f"127.0.0.1:{server.port}", f"feeds.lan:{server.port}", "feeds.lan:80", "127.0.0.1:443")
    server.redirect("/port", f"http://127.0.0.1:{canary.port}/")
    assert "private address" in await refusal(plain(*allowed), server.url_of("/port"))
    server.redirect("/name", f"http://feeds.lan:{canary.port}/")
    names = Names(["127.0.0.1"])
    words = await refusal(plain(*allowed, names=names), f"http://feeds.lan:{server.port}/name")
    assert f"feeds.lan:{canary.port} (127.0.0.1) is a private address; name feeds.lan:{canary.port} in" in words
    assert [request.path for request in server.requests] == ["/port", "/name"]


async def test_a_name_may_be_listed_in_any_script(server: FeedServer) -> None:
    server.raw("/a", b"news")
    fetcher = plain(f"新聞.example:{server.port}", names=Names(["127.0.0.1"]))
    assert isinstance(await fetcher.fetch(FetchRequest(f"http://新聞.EXAMPLE.:{server.port}/a")), Fetched)
    await fetcher.close()


@pytest.mark.parametrize("port", [22, 25, 6379, 5432, 9200, 11211, 2375, 6667, 0])
async def test_ports_of_other_services(server: FeedServer, port: int) -> None:
    assert f"port {port} is not one of the web" in await refusal(plain(), f"http://news.example:{port}/")
    server.redirect("/a", f"http://news.example:{port}/")
    words = await refusal(plain(f"127.0.0.1:{server.port}"), server.url_of("/a"))
    assert f"port {port} is not one of the web" in words


async def test_lookups_that_hang_leave_the_common_threads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from watchbot.sources import resolver

    go_on, hanging = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))

    def hangs(*_arguments: object) -> list[tuple[int, str]]:
        loop.call_soon_threadsafe(hanging.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
        return []

    monkeypatch.setattr(resolver, "_look_up", hangs)
    fetcher = plain()
    hosts = [f"http://feed{number}.example/" for number in range(40)]
    waiting = [asyncio.create_task(fetcher.fetch(FetchRequest(url))) for url in hosts]
    await hanging.wait()
    assert await asyncio.wait_for(asyncio.to_thread(lambda: "the database"), 10) == "the database"
    go_on.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(one) for one in results} == {FetchError}
    await fetcher.close()


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.1", "127.0.0.1"), ("0x7f.1", "127.0.0.1"), ("8.8.8.8.", "8.8.8.8"), ("134744072", "8.8.8.8"),
     ("010.8.8.8", "8.8.8.8"), ("::1", "::1"), ("3com.example", None), ("163.com", None), ("example.1a", None),
     ("deadbeef", None), ("", None), ("example.com", None), ("1.2.3.4.5", None)],
)  # fmt: skip
def test_what_a_host_means(host: str, address: str | None) -> None:
    assert (str(meant(host)) if meant(host) else None) == address


async def test_another_spelling_of_a_public_address_is_not_asked() -> None:
    assert "another spelling of the address 8.8.8.8" in await refusal(plain(), "http://134744072/")


@pytest.mark.parametrize(
    "name", ["localhost", "a.localhost.", "metadata.google.internal", "nas.local", "router", "x.home.arpa", "db.lan"]
)
def test_names_of_private_networks(name: str) -> None:
    assert is_private_name(name)


@pytest.mark.parametrize("name", ["example.com", "local.example", "home.example.arpa", "internal.example.com."])
def test_names_of_the_public_network(name: str) -> None:
    assert not is_private_name(name)


def test_nothing_is_excepted_by_an_entry_without_a_port() -> None:
    assert Exceptions.read(["127.0.0.1", "feeds.lan"]).pairs == frozenset()
