"""What a chat may look up: its newest stories, and the stored items that hold some words. Never another chat's.

/latest -> told stories and stored matches, newest first -> a page | /search -> Search.find -> a page
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from watchbot.model.found import Found, Page
from watchbot.model.records import StoredItem
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.muting import find_target, shown_label
from watchbot.pipeline.ruled import origin_of
from watchbot.pipeline.sight import sources_in_sight
from watchbot.ports.store import Tx

PAGE = 5
_LOOKED_THROUGH = 400  # alerts and stored items that one look goes through at most
_HEADLINE_LENGTH = 120
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def watch_label(directory: Directory, chat: str, name: str) -> str | None:
    """What this chat's alerts call the watch that goes by this name; None where there is none."""
    target = find_target(directory, (), chat, name)
    return target.label if target is not None and target.kind == "watch" else None


def labels(directory: Directory, chat: str) -> list[str]:
    """What is watched in a chat, for "did you mean"."""
    return list(dict.fromkeys(shown_label(directory, chat, one) for one in directory.watching(chat)))


def latest(tx: Tx, directory: Directory, chat: str, label: str = "", offset: int = 0) -> Page:
    """The newest stories of a chat, told ones and those that were only stored (baseline, before the watch was made);
    of one watch where `label` is given."""
    need = offset + PAGE + 1
    told = tx.alerts.latest(chat, min(need, _LOOKED_THROUGH), label)
    found = [
        Found(
            row.card.headline.text,
            row.card.url,
            row.card.reports[0].source if row.card.reports else "",
            row.card.reports[0].at if row.card.reports else row.decided_at,
            row.card.watches,
            row.id,
        )
        for row in told
    ]
    stories = {row.story for row in told}
    found += _stored(tx, directory, chat, label, stories, need)
    found.sort(key=lambda one: one.at, reverse=True)
    return _page(found, offset)


def search(tx: Tx, chat: str, words: str, offset: int = 0) -> Page:
    """The newest stored items that hold all these words."""
    rows = tx.search.find(words, chat, PAGE + 1, offset)
    found = [_of_item(tx, chat, row) for row in rows]
    return Page(tuple(one for one in found[:PAGE] if one is not None), offset, len(rows) > PAGE)


def _stored(tx: Tx, directory: Directory, chat: str, label: str, stories: set[int], need: int) -> Iterable[Found]:
    """Stored items that match the chat's watches and belong to no told story, the newest ones."""
    watching = {
        (one.watchlist.key, one.watch.id): one
        for one in directory.watching(chat)
        if one.on and label in ("", shown_label(directory, chat, one))
    }
    if not watching:
        return []
    terms = [term for one in watching.values() for term in one.watch.terms]
    rows = tx.search.candidates(terms, chat, _EVER, _LOOKED_THROUGH)
    out: list[Found] = []
    for row in rows:
        if len(out) >= need:
            break
        if row.story in stories:
            continue
        matched = [watching[key] for key in _keys(directory, chat, row) if key in watching]
        if not matched or _is_told(tx, chat, row):
            continue
        about = tuple(dict.fromkeys(shown_label(directory, chat, one) for one in matched))
        if (line := _of_item(tx, chat, row, about)) is not None:
            out.append(line)
            if row.story is not None:
                stories.add(row.story)
    return out


def _is_told(tx: Tx, chat: str, row: StoredItem) -> bool:
    """Whether the chat has an alert of the item's story."""
    return row.story is not None and any(alert.chat == chat for alert in tx.alerts.of_story(row.story))


def _keys(directory: Directory, chat: str, row: StoredItem) -> list[tuple[str, str]]:
    """The watches of this chat that an item fires."""
    return [
        (origin_of(match.watchlist), match.watch)
        for match in directory.match(row.item)
        if chat in directory.targets_of(match.watchlist, match.watch)
    ]


def _of_item(tx: Tx, chat: str, row: StoredItem, about: tuple[str, ...] = ()) -> Found | None:
    """A stored item as this chat may see it; None where only another chat's source brought it."""
    sources = sources_in_sight(tx, row.id, chat)
    if not sources:
        return None
    first, item = sources[0], row.item
    own = first.source_id == row.source_id
    headline = (item.title or item.body[:_HEADLINE_LENGTH]) if own else first.title
    return Found(headline, item.url if own else first.url, first.name, item.published or row.seen_at, about)


def _page(found: Sequence[Found], offset: int) -> Page:
    return Page(tuple(found[offset : offset + PAGE]), offset, len(found) > offset + PAGE)
