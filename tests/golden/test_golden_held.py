"""What was held back, as files that a reviewer reads as the user would: digest, round-ups, a compact alert."""

from dataclasses import replace
from datetime import timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.golden.cards import NOW, feed, page
from tests.golden.test_golden_messages import LANGUAGES, shown
from watchbot.message.digest import Story, after_cap, after_mute, after_quiet, digest
from watchbot.message.html import alert_html
from watchbot.model.alert import Card, Marked, Report


def stories(language: str) -> list[Card]:
    """A night's news: two stories of one watch, one of which grew, and one of another."""
    first = feed(language, Report("Post", "Foxconn plans Houston plant", "https://post.example/1", NOW))
    url = "https://wire.example/tech/kaohsiung"
    report = Report("Wire", "Foxconn hires 900 in Kaohsiung", url, NOW - timedelta(hours=9))
    second = replace(first, headline=Marked(report.title), url=url, watches=first.watches[:1], reports=(report,))
    return [replace(first, later=1), second, page(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_back(language: str, golden: SnapshotAssertion) -> None:
    cards = stories(language)
    told = [Story(card) for card in cards]
    messages = [
        *digest(told, language, "Asia/Taipei", NOW),
        *after_quiet(told, language, NOW),
        *after_cap(told[:2], language, NOW),
        *after_mute(told[:1], language, NOW, cards[0].watches[0]),
    ]
    assert "\n\n=====\n\n".join(shown(html) for html in messages) == golden


@pytest.mark.parametrize("language", LANGUAGES)
def test_compact(language: str, golden: SnapshotAssertion) -> None:
    html = alert_html(replace(stories(language)[0], compact=True), now=NOW)
    assert shown(html) == golden
