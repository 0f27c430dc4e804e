"""Edit distance and did-you-mean."""

import subprocess
import sys

import pytest

from watchbot.text.nearest import distance, nearest


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("foxconn", "foxconn", 0), ("foxcon", "foxconn", 1), ("fxoconn", "foxconn", 1), ("marvel", "nvidia", 2)],
)
def test_distance_stops_past_its_limit(a: str, b: str, expected: int) -> None:
    assert distance(a, b, 1) == expected


def test_nearest_puts_the_closest_first_and_ignores_case() -> None:
    assert nearest("quite_hours", ["digest_at", "quiet_hours", "chats"]) == ["quiet_hours"]
    assert nearest("FOXCON", ["Foxtron", "Foxconn"])[0] == "Foxconn"
    assert nearest("genius", ["Foxconn", "Genius Electronic Optical"]) == ["Genius Electronic Optical"]


def test_nearest_of_nothing() -> None:
    assert nearest("", ["a"]) == []
    assert nearest("x", []) == []
    assert nearest("zzzz", ["chats"]) == []
    assert nearest("a", ["a", "a", "b"], limit=0) == []
    assert len(nearest("name1", ["name2", "name3", "name4"], limit=2)) == 2


def test_importing_it_does_not_load_rapidfuzz() -> None:
    code = "import sys, watchbot.text.nearest; sys.exit('rapidfuzz' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
