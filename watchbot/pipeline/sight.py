"""What of a stored item one chat may know: the sources that serve it, never another chat's own."""

from watchbot.model.records import ItemSource
from watchbot.ports.store import Tx


def sources_in_sight(tx: Tx, item: int, chat: str) -> list[ItemSource]:
    """The sources that carried an item and serve this chat, the first one first."""
    return [source for source in tx.items.sources(item) if source.serves(chat)]
