"""On an empty shelf no word is known to be common: different news of one company must not be swallowed."""

from datetime import UTC, datetime, timedelta

import pytest

from watchbot.model.item import Item
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.memory import MemoryShelf
from watchbot.stories.placer import Placer
from watchbot.stories.verdict import Verdict

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
NAMES = [("foxconn", ["Foxconn", "Hon Hai", "鴻海"]), ("tsmc", ["TSMC"])]


def verdict(first: str, second: str) -> Verdict:
    """What becomes of the second headline ever seen."""
    placer = Placer(MemoryShelf(), CompanyTagger(NAMES))
    placer.place(Item("1", first, ""), 1, "Wire", NOW)
    return placer.place(Item("2", second, ""), 2, "Post", NOW + timedelta(minutes=1)).verdict


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Foxconn opens a plant in Kaohsiung", "Foxconn opens a school in Tainan"),
        ("TSMC to build fab in Germany", "TSMC to build fab in Japan"),
        ("鴻海擴大越南投資", "鴻海在印度擴產"),
        ("DRAM prices rise again", "DRAM prices fall in November"),
        ("Hon Hai expands in Mexico", "Foxconn expands in Vietnam"),
        ("Foxconn wins order from Nvidia", "Foxconn loses order from Apple"),
    ],
)
def test_another_event_is_not_folded(first: str, second: str) -> None:
    assert verdict(first, second) in (Verdict.NEW, Verdict.RELATED)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Foxconn to build AI server plant in Houston", "Foxconn to build an AI server plant in Houston, Texas"),
        ("TSMC shares hit record high", "TSMC shares hit record high - Daily Post"),
    ],
)
def test_the_same_event_is(first: str, second: str) -> None:
    assert verdict(first, second) in (Verdict.SAME, Verdict.DUPLICATE)
