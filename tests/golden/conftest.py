"""Messages and conversations as readable text files: `make golden` writes them anew."""

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from typing_extensions import override


class Page(SingleFileSnapshotExtension):
    """One readable text file for each message or conversation."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    @override
    def serialize(self, data: object, **_options: object) -> str:
        """The text as it is."""
        return f"{data}\n"


@pytest.fixture
def golden(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares with, or writes, a text file."""
    return snapshot.use_extension(Page)
