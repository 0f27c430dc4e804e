"""What a chat sends to the bot, taken in as news: a pasted page, a forwarded message, a document.

text or file, cut by the Cutter as a dropped file is -> a source of that chat alone -> ingest; never old, no baseline
"""

import hashlib
from datetime import datetime

from watchbot.model.item import CutDocument
from watchbot.model.records import SourceSpec
from watchbot.pipeline.ingest import DroppedFile, Incoming, Ingest, Taken
from watchbot.ports.store import Store

KIND = "sent"
NAME = "sent here"


def spec_of(chat: str) -> SourceSpec:
    """The source of what one chat sends."""
    return SourceSpec(NAME, KIND, f"chat:{chat}", max_age=None, chat=chat, added=True)


def take_sent(
    store: Store, ingest: Ingest, chat: str, cut: CutDocument, body: bytes, name: str, now: datetime
) -> Taken:
    """Take in what `chat` sent: `body` as it came, `cut` into items. It serves this chat's watches alone, and the same
    bytes again do nothing there."""
    digest = hashlib.sha256(f"{chat}\n".encode() + body).hexdigest()
    with store.write() as tx:
        source, _new = tx.sources.add(spec_of(chat), now)
        return ingest.take_in(tx, [Incoming(source, cut, file=DroppedFile(digest, name))])[0]
