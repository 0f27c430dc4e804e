"""Digests and round-ups: every story is there, in messages that Telegram shows whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watchbot.message.codec import dump, load
from watchbot.message.digest import Story, after_cap, after_mute, after_quiet, digest
from watchbot.message.html import alert_html
from watchbot.message.parts import LIMIT, length, visible
from watchbot.message.roundup import MOST_MARKS, in_parts, roundup
from watchbot.model.alert import Card, Marked, Report, Why
from watchbot.model.watch import Kind, Level

NOW = datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


def card(number: int = 1, watch: str = "Foxconn", language: str = "en", title: str = "") -> Card:
    """One story, younger with its number."""
    headline = title or f"Plant {number} opens"
    report = Report("Wire", headline, f"https://wire.example/{number}", NOW - timedelta(minutes=500 - number))
    why = Why(Level.MAIN, "Foxconn", "title", Kind.NAME)
    return Card(
        (watch,), Marked(headline), report.url, "", Marked("A teaser."), why, (report,), language, "Asia/Taipei"
    )


def test_a_digest_by_watch() -> None:
    cards = [card(1), card(2, "Quanta <b>"), card(3), replace(card(4), watches=("Foxconn", "AI"), later=1)]
    (text,) = digest([Story(one) for one in cards], "en", "Asia/Taipei", NOW)
    assert visible(text).splitlines() == [
        "Digest · Fri 27 Nov: 4 stories",
        "",
        "Foxconn",
        "• AI · Plant 4 opens – Wire · 00:14 · +1 follow-up",
        "• Plant 3 opens – Wire · 00:13",
        "• Plant 1 opens – Wire · 00:11",
        "",
        "Quanta <b>",
        "• Plant 2 opens – Wire · 00:12",
    ]
    assert '<a href="https://wire.example/4">Plant 4 opens</a>' in text


def test_what_followed_stands_below_its_story() -> None:
    (text,) = digest([Story(card(1), (card(2), card(3)))], "en", "Asia/Taipei", NOW)
    assert visible(text).splitlines() == [
        "Digest · Fri 27 Nov: 1 story",
        "",
        "Foxconn",
        "• Plant 1 opens – Wire · 00:11",
        "   ↳ Plant 2 opens – Wire · 00:12",
        "   ↳ Plant 3 opens – Wire · 00:13",
    ]


def test_a_digest_in_chinese() -> None:
    (text,) = digest([Story(card(1, "鴻海", "zh-TW", "新廠動工"))], "zh-TW", "Asia/Taipei", NOW)
    assert visible(text).splitlines()[0] == "摘要 · 11月27日（五）：1 則新聞"


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ["While it was quiet", "More than this hour allows", "While A &amp; B was muted", "While it was muted"]),
        ("zh-TW", ["勿擾時段", "超過每小時上限", "「A &amp; B」靜音期間", "靜音期間"]),
    ],
)
def test_the_other_round_ups(language: str, titles: list[str]) -> None:
    cards = [Story(card(language=language))]
    found = [
        after_quiet(cards, language, NOW),
        after_cap(cards, language, NOW),
        after_mute(cards, language, NOW, "A & B"),
        after_mute(cards, language, NOW),
    ]
    colon = "：" if language == "zh-TW" else ": "
    assert [text.split(colon)[0].removeprefix("<b>") for (text,) in found] == titles
    assert digest([], language, "UTC", NOW) == []


@pytest.mark.parametrize("stories", [89, 90, 91, 400])
def test_nothing_is_lost_in_many_messages(stories: int) -> None:
    parts = digest([Story(card(number, f"Watch {number % 7}")) for number in range(stories)], "en", "UTC", NOW)
    assert all(length(part) <= LIMIT and part.count("</") <= MOST_MARKS for part in parts)
    whole = "\n".join(parts)
    assert all(f">Plant {number} opens<" in whole for number in range(stories))


def test_a_round_up_keeps_within_the_marks_too() -> None:
    parts = roundup("All", [card(number) for number in range(200)], "en", limit_stories=200)
    assert all(part.count("</") <= MOST_MARKS for part in parts)
    assert sum(part.count("<a ") for part in parts) == 200


def test_a_line_longer_than_a_message_is_cut_not_lost() -> None:
    parts = in_parts(["word " * 2000, "end"])
    assert all(length(part) <= LIMIT for part in parts)
    assert sum(part.count("word") for part in parts) == 2000
    assert parts[-1].endswith("end")


def test_a_compact_alert_is_two_lines() -> None:
    small = replace(card(), compact=True, reports=(*card().reports, Report("Post", "Too", "https://p.example", NOW)))
    assert visible(alert_html(small, now=NOW)).splitlines() == ["Foxconn · Plant 1 opens", "Wire · 00:11 · +1 more"]
    assert len(alert_html(replace(small, compact=False)).splitlines()) == 5


def test_what_follows_is_counted() -> None:
    assert "Wire · 00:11 · +2 follow-ups" in alert_html(replace(card(), later=2), now=NOW)
    assert "後續 2 則" in alert_html(replace(card(language="zh-TW"), later=2), now=NOW)
    assert load(dump(replace(card(), later=2, compact=True))) == replace(card(), later=2, compact=True)
    assert '"later"' not in dump(card())
