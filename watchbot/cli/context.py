"""What several commands need: the configuration's path, settings, an opened store, JSON lines."""

import json
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchbot.model.errors import UsageError
from watchbot.model.item import Item
from watchbot.model.match import Match

if TYPE_CHECKING:
    from watchbot.model.settings import Settings
    from watchbot.store import SqlStore


def config_path(options: Namespace) -> Path:
    """`--config`, else $WATCHBOT_CONFIG, else config/watchbot.yaml. A missing file names the mend."""
    from watchbot.config.environment import config_path as default

    path = Path(options.config) if options.config else default()
    if not path.exists():
        raise UsageError(f"{path}: no such file; `watchbot init config` writes one, --config FILE names another")
    return path


def read_settings(options: Namespace, need_token: bool = False) -> "Settings":
    """The whole configuration. Only `run` needs a token where chats of Telegram are named."""
    from watchbot import wiring

    return wiring.settings(config_path(options), need_token)


@contextmanager
def opened(settings: "Settings") -> Iterator["SqlStore"]:
    """The database, which must exist already."""
    from watchbot import wiring

    store = wiring.store(settings, create=False)
    try:
        yield store
    finally:
        store.close()


def seconds(text: str) -> float:
    """A duration given on the command line, in seconds."""
    from watchbot.model.errors import InputError
    from watchbot.model.schedule import seconds as parse

    try:
        return parse(text)
    except InputError as error:
        raise UsageError(f"{text}: {error}") from error


def dump(value: Mapping[str, Any]) -> str:
    """One JSON line, text as it is."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def item_json(item: Item) -> dict[str, Any]:
    """The contract's shape of an item."""
    shape: dict[str, Any] = {
        "id": item.id,
        "title": item.title,
        "body": item.body,
        "url": item.url,
        "published": item.published.isoformat() if item.published else None,
        "source": item.source,
        "lang": item.lang,
    }
    if item.document:
        shape |= {"document": item.document, "line": item.line}
    return shape


def match_json(item_id: str, match: Match, watchlist: str) -> dict[str, Any]:
    """The contract's shape of a match."""
    return {
        "item": item_id,
        "watchlist": watchlist,
        "watch": match.watch,
        "score": round(match.score, 3),
        "level": match.level.value,
        "spans": [
            {
                "field": span.field,
                "start": span.start,
                "end": span.end,
                "text": span.text,
                "term": span.term,
                "kind": span.kind.value,
            }
            for span in match.spans
        ],
    }


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
