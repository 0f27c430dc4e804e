"""What a chat sends to the bot, taken in as news: a pasted page, a forwarded message, a document.

text or file, cut by the Cutter as a dropped file is -> a source of that chat alone -> ingest; never old, no baseline
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from watchbot.model.item import CutDocument, Item
from watchbot.model.reason import Reason, leading
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.ingest import DroppedFile, Incoming, Ingest, Taken
from watchbot.ports.store import Tx
from watchbot.stories.keys import identity_keys

KIND = "sent"
NAME = "sent here"
EVERYONE = ""  # the chat of a source that serves all


@dataclass(frozen=True, slots=True)
class Came:
    """What came of something that was sent. `reasons` counts its items by why they were told or not in the chat that
    sent it; `untold` is the headline of the first one that was not."""

    reasons: Counter[Reason]
    untold: str = ""


def spec_of(chat: str, name: str = NAME) -> SourceSpec:
    """The source of what one chat sends; of what an admin sends for everyone where `chat` is ""."""
    return SourceSpec(name, KIND, f"chat:{chat}", max_age=None, chat=chat, added=True)


def take_sent(
    tx: Tx, ingest: Ingest, spec: SourceSpec, cut: CutDocument, body: bytes, name: str, now: datetime
) -> tuple[SourceRow, Taken]:
    """Take in what was sent: `body` as it came, `cut` into items. It serves the watches of the source's chat alone
    (`spec_of`), and the same bytes again do nothing there."""
    digest = hashlib.sha256(f"{spec.chat}\n".encode() + body).hexdigest()
    source, _new = tx.sources.add(spec, now)
    return source, ingest.take_in(tx, [Incoming(source, cut, file=DroppedFile(digest, name))])[0]


def came_of(tx: Tx, directory: Directory, chat: str, source: SourceRow, items: Iterable[Item], since: datetime) -> Came:
    """What the chat that sent it was told of it, and why not. What was told before `since` is not told again."""
    reasons: Counter[Reason] = Counter()
    untold = ""
    for item in items:
        reason = _reason(tx, chat, source, item, since) if directory.match(item) else Reason.NO_MATCH
        reasons[reason] += 1
        if not (reason.tells or reason.holds or untold):
            untold = item.title or item.body
    return Came(reasons, untold)


def _reason(tx: Tx, chat: str, source: SourceRow, item: Item, since: datetime) -> Reason:
    """The stored reason, that of the watch which brings it soonest."""
    known = tx.items.known(identity_keys(source.id, item))
    said = [one for row in set(known.values()) for one in tx.alerts.decisions(row) if one.chat == chat]
    if telling := [one for one in said if one.reason.tells]:
        return next((one.reason for one in telling if one.at >= since), Reason.ALREADY_TOLD)
    return leading([one.reason for one in said]) if said else Reason.NO_MATCH
