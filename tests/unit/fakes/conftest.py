"""A fake Bot API server and the real python-telegram-bot client, connected."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.fakes.botapi import BotApiServer


@pytest.fixture(autouse=True)
def new_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns, with every 429, that retry_after becomes a timedelta; take that already."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def api() -> AsyncIterator[BotApiServer]:
    """A running server without flood limits; the tests of the limits switch them on."""
    async with BotApiServer() as server:
        server.limits.enabled = False
        yield server


@pytest.fixture
async def bot(api: BotApiServer) -> AsyncIterator[Bot]:
    """The real client, with a second of patience."""
    request = HTTPXRequest(connection_pool_size=8, read_timeout=1, write_timeout=1, connect_timeout=1, pool_timeout=1)
    updates = HTTPXRequest(read_timeout=1)
    client = Bot(
        api.token,
        base_url=f"{api.url}/bot",
        base_file_url=f"{api.url}/file/bot",
        request=request,
        get_updates_request=updates,
    )
    async with client:
        yield client
