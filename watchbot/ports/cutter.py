"""The port that turns documents into items."""

from typing import Protocol

from watchbot.model.item import CutDocument, RawDocument


class Cutter(Protocol):
    """Cuts one document. Raises InputError where nothing can be made of it."""

    async def cut(self, document: RawDocument) -> CutDocument:
        """Give the items of one document in document order."""
        ...

    async def close(self) -> None:
        """End what runs in the background."""
        ...
