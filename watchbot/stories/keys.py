"""The keys by which one piece of news is known again: the feed's own id, its address, its exact words.

A key never depends on what is watched, so that a changed watchlist makes nothing new.
"""

import hashlib
import unicodedata
from dataclasses import dataclass

from watchbot.model.item import Item
from watchbot.stories.urls import canonical_url, is_root

SHORTEST_TEXT = 20
LONGEST_ID = 200
# Replaced one by one, and only where they stand: many times faster than a translation of every character.
_QUOTES = {"‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"}
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u2060\ufeff", "")
_WIDE = {wide: chr(ord(wide) - 0xFEE0) for wide in "，：；？！（）％＋－／．～＆"} | {"\xa0": " ", "\u3000": " "}


def title_key(title: str) -> str:
    """The headline without what differs from one writing of it to the next: case, width, white space, quotes."""
    if title.isascii():
        return " ".join(title.lower().split())
    plain = _replaced(_replaced(title, _INVISIBLE), _WIDE)
    if not unicodedata.is_normalized("NFKC", plain):
        plain = unicodedata.normalize("NFKC", plain)
    return " ".join(_replaced(plain, _QUOTES).casefold().split())


def _replaced(text: str, instead: dict[str, str]) -> str:
    """The text with other characters in the place of some."""
    for old, new in instead.items():
        if old in text:
            text = text.replace(old, new)
    return text


def text_key(title: str, body: str) -> str:
    """A hash of the exact headline and text."""
    return _hash(f"{title_key(title)}\n{title_key(body)}")


def _hash(text: str) -> str:
    """The text's hash, as keys hold it."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """What an item brings along itself: `id`, the key of its id within its source, and `text`, that of its words.

    "" for none: a text of a few words ("Market update") comes again and again.
    """

    id: str
    text: str


def own_keys(source_id: int, item: Item) -> OwnKeys:
    """The keys that cost little to make."""
    title, body = title_key(item.title), title_key(item.body)
    words = _hash(f"{title}\n{body}") if len(title) + len(body) >= SHORTEST_TEXT else ""
    return OwnKeys(f"g:{source_id}:{_short(item.id)}" if item.id else "", words and f"t:{words}")


def identity_keys(source_id: int, item: Item, own: OwnKeys | None = None) -> tuple[str, ...]:
    """The keys of one item: `g:` its id within the source, `u:` its page's address, `t:` its words.

    A bare host is no address of an article. `own` are the item's own keys where they were made before.
    """
    own = own or own_keys(source_id, item)
    address = _page_address(item)
    return tuple(key for key in (own.id, address and f"u:{_short(address)}", own.text) if key)


def _page_address(item: Item) -> str:
    """The canonical address of the item's page, "" where it has none of its own."""
    address = canonical_url(item.url)
    return address if address.startswith("https://") and not is_root(address) else ""


def _short(text: str) -> str:
    """The text, or its hash where it is too long for an index."""
    if len(text) <= LONGEST_ID:
        return text
    return f"sha256-{_hash(text)}"
