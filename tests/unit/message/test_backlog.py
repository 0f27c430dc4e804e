"""A backlog loses no headline, whatever it takes to fit."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.fakes.botapi_html import parse
from watchbot.message.backlog import SHOWN, backlog
from watchbot.message.parts import LIMIT, length
from watchbot.model.alert import Card, Marked, Report, Why
from watchbot.model.watch import Kind, Level

NOW = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)


def card(number: int, headline: str = "", link: bool = True) -> Card:
    title = headline or f"Plant {number} opens & grows"
    url = f"https://wire.example/{number}?a=b&c=d" if link else ""
    return Card(
        ("Foxconn",),
        Marked(title),
        url,
        "",
        Marked(""),
        Why(Level.MAIN, "Foxconn", "body", Kind.NAME),
        (Report("Wire", title, url, NOW),),
        "en",
        "Asia/Taipei",
    )


def test_nineteen_stories_are_one_message() -> None:
    (message,) = backlog([card(number) for number in range(19)], "en")
    lines = message.split("\n")
    assert lines[0] == "<b>Came together, after waiting: 19 stories</b>"
    assert len([line for line in lines if line.startswith("• ")]) == SHOWN
    assert "– Wire · Nov 21 08:12" in lines[1] or "– Wire" in lines[1]
    assert lines[6] == "+14 more stories"
    assert lines[7].startswith("<blockquote expandable>")
    assert message.count("<a href=") == 19


def test_chinese() -> None:
    (message,) = backlog([replace(card(number), language="zh-TW") for number in range(6)], "zh-TW")
    assert "6 則新聞" in message
    assert "還有 1 則新聞" in message


def test_few_need_no_quote() -> None:
    assert backlog([], "en") == []
    (message,) = backlog([card(number) for number in range(SHOWN)], "en")
    assert "blockquote" not in message
    assert "more" not in message


@pytest.mark.parametrize("link", [True, False])
@pytest.mark.parametrize("headline", ["", "Ministry says " + "very " * 40 + "long", "鴻海" * 120, "😀" * 140])
def test_nothing_is_dropped_and_every_part_is_taken(headline: str, link: bool) -> None:
    cards = [card(number, f"{number}# {headline}" if headline else "", link) for number in range(300)]
    messages = backlog(cards, "en")
    assert len(messages) > 1
    told = []
    for message in messages:
        parsed = parse(message)
        assert length(message) <= LIMIT
        assert len(parsed.entities) <= 90
        told += re.findall(r"Plant (\d+) opens|(\d+)# ", parsed.text)
    assert [int(a or b) for a, b in told] == list(range(300))
