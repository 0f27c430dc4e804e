"""Whatever stands in an address, a Location or a packed body: a result or one FetchError, nothing else."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.model.errors import FetchError
from watchbot.sources.addresses import is_public, meant
from watchbot.sources.guard import Guard
from watchbot.sources.proxies import checked_proxy
from watchbot.sources.unpack import LARGEST, unpacker
from watchbot.sources.urls import checked_url, next_url

HERE = checked_url("https://reader:word@feeds.example:8443/a/b?c=d")
MARKS = st.sampled_from([*"/\\:@?#[]%.0x127 \t\r\n\0", "http:", "https://", "127.0.0.1", "::1", "localhost", "。", "é"])
ADDRESSES = st.lists(MARKS | st.text(max_size=3), max_size=12).map("".join)
HEADERS = st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@given(ADDRESSES | ADDRESSES.map(lambda text: f"http://{text}"))
def test_any_address(text: str) -> None:
    with contextlib.suppress(FetchError):
        url = checked_url(text)
        Guard(()).check(url, named_elsewhere=True)
        address = meant(url.raw_host or "")
        assert address is None or is_public(str(address))
    with contextlib.suppress(FetchError):
        assert checked_proxy(text).scheme in ("http", "https")


@given(HEADERS | ADDRESSES)
def test_any_location(location: str) -> None:
    try:
        url = next_url(HERE, location)
    except FetchError as error:
        failed = str(error)
        assert len(failed.splitlines()) == 1
        return
    assert url.scheme == "https"
    assert url.raw_user is None
    assert url.raw_password is None
    assert str(url).isascii()
    assert str(url).isprintable()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "br, gzip"])
@given(data=st.lists(st.binary(min_size=1), max_size=5))
def test_any_packed_body(encoding: str, data: list[bytes]) -> None:
    unpack = unpacker(encoding)
    assert unpack is not None
    with contextlib.suppress(FetchError):
        assert sum(len(piece) for one in data for piece in unpack.pieces(one)) <= LARGEST


@given(HEADERS)
def test_any_encoding(name: str) -> None:
    with contextlib.suppress(FetchError):
        unpacker(name)
