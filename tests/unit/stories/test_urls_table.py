"""The table of addresses: at least nine in ten variants unify, and no two different articles ever do.

tests/corpus/urls.tsv holds one pair a line: same or different, what varies, the two addresses.
"""

from collections import Counter
from pathlib import Path

import pytest

from watchbot.stories.urls import canonical_url

TABLE = Path(__file__).parents[2] / "corpus" / "urls.tsv"
ROWS = [
    line.replace("\\n", "\n").split("\t")
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
SAME = [row[1:] for row in ROWS if row[0] == "same"]
DIFFERENT = [row[1:] for row in ROWS if row[0] == "different"]


def test_the_table_is_large_and_has_no_pair_twice() -> None:
    assert len(ROWS) >= 300
    assert min(len(SAME), len(DIFFERENT)) >= 120
    assert max(Counter(frozenset((one, other)) for _, _, one, other in ROWS).values()) == 1
    assert max(Counter((row[0], row[1]) for row in ROWS).values()) <= 4


def test_variants_unify() -> None:
    missed = [(kind, one, other) for kind, one, other in SAME if canonical_url(one) != canonical_url(other)]
    assert len(missed) <= len(SAME) // 10, missed


@pytest.mark.parametrize(("kind", "one", "other"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
def test_different_articles_stay_apart(kind: str, one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_canonical_addresses_stay_as_they_are() -> None:
    for _, _, one, other in ROWS:
        for address in (one, other):
            assert canonical_url(canonical_url(address)) == canonical_url(address)
