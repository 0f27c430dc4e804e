"""What the couriers' tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from watchbot.store import open_store
from watchbot.store.engine import SqlStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A fresh database."""
    opened = open_store(f"sqlite:///{tmp_path / 'courier.db'}")
    yield opened
    opened.close()
