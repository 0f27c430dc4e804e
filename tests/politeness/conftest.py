"""A stage for every script: two servers, a database, one process."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.feedserver import FeedServer
from tests.politeness.day import DATABASE, Day
from watchbot.store.migrate import upgrade


@pytest.fixture(scope="session")
def empty_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema, to be copied."""
    folder = tmp_path_factory.mktemp("politeness")
    upgrade(DATABASE.format(folder))
    return folder / "day.db"


@pytest.fixture
async def day(tmp_path: Path, empty_day: Path) -> AsyncIterator[Day]:
    """It is Friday, eight o'clock."""
    shutil.copy(empty_day, tmp_path / "day.db")
    async with FeedServer() as web, FeedServer() as elsewhere:
        day = Day(tmp_path, web, elsewhere)
        day.node()
        yield day
        await day.end()
