"""Which entries of a feed were taken in before, told by their raw XML: those need not be read again.

entry element -> serialised, with what it inherits -> an 8-byte mark; the marks of a document are stored with its items

Only where every entry has an id of its own that no other one has: else one entry may change what another one is.
"""

from collections.abc import Sequence
from hashlib import blake2b

from lxml import etree

SIZE = 8
_READER = "1"  # another number once the same XML would be read differently
_IDS = ("guid", "{http://www.w3.org/2005/Atom}id")
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def marks_of(nodes: Sequence[etree._Element], inherited: str) -> list[bytes]:
    """A mark for every entry, [] where they cannot be told apart for sure. `inherited` is what they share."""
    ids = {_id(node) for node in nodes}
    if "" in ids or len(ids) < len(nodes):
        return []
    salt = f"{_READER}\0{inherited}\0".encode("utf-8", "replace")
    return [
        blake2b(salt + etree.tostring(node, encoding="utf-8", with_tail=False), digest_size=SIZE).digest()
        for node in nodes
    ]


def split(marks: bytes) -> frozenset[bytes]:
    """The single marks of a document."""
    return frozenset(marks[start : start + SIZE] for start in range(0, len(marks), SIZE))


def _id(node: etree._Element) -> str:
    """The id that the entry carries, "" for none."""
    return next((text.strip() for name in _IDS if (text := node.findtext(name))), "") or node.get(_ABOUT) or ""
