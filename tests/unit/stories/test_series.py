"""Numbered news of one source: told one by one, whatever they have in common."""

from datetime import UTC, datetime, timedelta

import pytest

from watchbot.model.item import Item
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.memory import MemoryShelf
from watchbot.stories.placer import Placer
from watchbot.stories.verdict import Verdict

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize("pattern", ["Foxconn story {}", "Foxconn opens plant {} in Kaohsiung", "鴻海第{}座工廠啟用"])
def test_each_number_of_a_source_is_news(pattern: str) -> None:
    placer = Placer(MemoryShelf(), CompanyTagger())
    placed = [
        placer.place(Item(str(n), pattern.format(n), ""), n, "Wire", NOW + timedelta(minutes=n)) for n in range(1, 6)
    ]
    assert [one.verdict for one in placed] == [Verdict.NEW] * 5


def test_another_source_with_another_number_reports_the_same() -> None:
    placer = Placer(MemoryShelf(), CompanyTagger())
    first = placer.place(Item("1", "TSMC profit rises 39 percent on AI chip demand", ""), 1, "Wire", NOW)
    other = placer.place(Item("2", "TSMC profit rises 39.1 percent on AI chip demand", ""), 2, "Post", NOW)
    assert other.story == first.story
