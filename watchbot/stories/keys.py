"""The keys by which one piece of news is known again: the feed's own id, its address, its exact words.

A key never depends on what is watched, so that a changed watchlist makes nothing new.
"""

import hashlib
import unicodedata

from watchbot.model.item import Item
from watchbot.stories.urls import canonical_url, is_root

SHORTEST_TEXT = 20
LONGEST_ID = 200
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"})
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def title_key(title: str) -> str:
    """The headline without what differs from one writing of it to the next: case, width, white space, quotes."""
    plain = unicodedata.normalize("NFKC", title.translate(_INVISIBLE)).translate(_QUOTES)
    return " ".join(plain.casefold().split())


def text_key(title: str, body: str) -> str:
    """A hash of the exact headline and text."""
    return hashlib.sha256(f"{title_key(title)}\n{title_key(body)}".encode("utf-8", "replace")).hexdigest()


def identity_keys(source_id: int, item: Item) -> tuple[str, ...]:
    """The keys of one item: `g:` its id within the source, `u:` its page's address, `t:` its words.

    A bare host is no address of an article, and a text of a few words ("Market update") comes again and again.
    """
    keys = [f"g:{source_id}:{_short(item.id)}"] if item.id else []
    address = _page_address(item)
    if address:
        keys.append(f"u:{_short(address)}")
    if len(title_key(item.title)) + len(title_key(item.body)) >= SHORTEST_TEXT:
        keys.append(f"t:{text_key(item.title, item.body)}")
    return tuple(keys)


def _page_address(item: Item) -> str:
    """The canonical address of the item's page, "" where it has none of its own."""
    address = canonical_url(item.url)
    return address if address.startswith("https://") and not is_root(address) else ""


def _short(text: str) -> str:
    """The text, or its hash where it is too long for an index."""
    if len(text) <= LONGEST_ID:
        return text
    return "sha256-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
