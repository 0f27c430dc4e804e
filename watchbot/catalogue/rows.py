"""The built data: one row a company, and the index of folded names; how both are packed into one small file.

Packing is deterministic: the same companies give the same bytes.
"""

import gzip
import json
from collections.abc import Iterable
from typing import NamedTuple

from watchbot.catalogue.companies import Company, CompanyName, NameKind
from watchbot.catalogue.keys import key

KINDS: tuple[NameKind, ...] = ("name", "former", "trade")


class NameRow(NamedTuple):
    """A name as stored: `sort` is its place in KINDS, `safe` 1 or 0."""

    text: str
    lang: str
    sort: int
    safe: int


class Row(NamedTuple):
    """A company as stored: `curated` is 1 for a hand-kept one."""

    id: str
    kind: str
    curated: int
    tickers: list[str]
    names: list[NameRow]

    def company(self) -> Company:
        """The company of this row."""
        names = tuple(CompanyName(name.text, name.lang, bool(name.safe), KINDS[name.sort]) for name in self.names)
        english = [name.text for name in names if name.lang == "en" and name.kind == "name"]
        display = english[0] if english else names[0].text
        return Company(self.id, display, names, tuple(self.tickers), self.kind, bool(self.curated))

    def displays(self, place: int) -> bool:
        """True where the name at this place is the first of its language."""
        name = self.names[place]
        return name.sort == 0 and all(other.lang != name.lang for other in self.names[:place])


# Folded name -> where it stands: the row, and the name in it.
Index = dict[str, list[tuple[int, int]]]


def row_of(company: Company) -> Row:
    """The row of a company."""
    names = [NameRow(name.text, name.lang, KINDS.index(name.kind), int(name.safe)) for name in company.names]
    return Row(company.id, company.kind, int(company.curated), list(company.tickers), names)


def index_of(rows: Iterable[Row]) -> Index:
    """The index of some rows; a name that a company has in several languages counts once."""
    index: Index = {}
    for place, row in enumerate(rows):
        for number, name in enumerate(row.names):
            pairs = index.setdefault(key(name.text), [])
            if not pairs or pairs[-1][0] != place:
                pairs.append((place, number))
    return index


def pack(rows: list[Row]) -> bytes:
    """Rows and their index as the bytes of the data file."""
    index = {folded: [part for pair in pairs for part in pair] for folded, pairs in sorted(index_of(rows).items())}
    text = json.dumps({"companies": rows, "index": index}, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def unpack(data: bytes) -> tuple[list[Row], Index]:
    """What `pack` packed."""
    stored = json.loads(gzip.decompress(data))
    rows = [
        Row(identity, kind, curated, tickers, list(map(NameRow._make, names)))
        for identity, kind, curated, tickers, names in stored["companies"]
    ]
    index = {folded: list(zip(flat[::2], flat[1::2], strict=True)) for folded, flat in stored["index"].items()}
    return rows, index
