"""Fixtures of the end-to-end tests: a house, a Bot API server and a feed server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A daemon's folder; whatever runs in it is ended."""
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A Bot API server."""
    with BotApiServer.in_thread() as server:
        yield server


@pytest.fixture
def feeds() -> Iterator[FeedServer]:
    """A feed server."""
    with FeedServer.in_thread() as server:
        yield server
