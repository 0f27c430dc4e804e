"""Every message as a file that a reviewer reads as the user would: `make golden` writes them anew.

*.txt is what Telegram shows (with entities written as [kind:...]), *.html what is sent, *.console what a terminal
without colours shows.
"""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.fakes.botapi_html import parse
from tests.golden.cards import CARDS, NOW, bare, feed, page, story
from watchbot.delivery.console import ConsoleSender
from watchbot.message import access, replies, roundup
from watchbot.message.html import alert_html
from watchbot.message.notices import Happening, Reader, notice

LANGUAGES = ("en", "zh-TW")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
SINCE = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


def shown(html: str) -> str:
    """The message as a person sees it, and below it what is sent."""
    return f"{parse(html).text}\n\n--- sent ---\n{html}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CARDS)
def test_alert(name: str, language: str, golden: SnapshotAssertion) -> None:
    html = alert_html(CARDS[name](language), now=NOW)
    assert len(parse(html).text.split("\n")) <= 7
    assert shown(html) == golden


@pytest.mark.parametrize("language", LANGUAGES)
def test_alert_possibly_repeated(language: str, golden: SnapshotAssertion) -> None:
    assert shown(alert_html(feed(language), repeat=True)) == golden


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CARDS)
def test_terminal(name: str, language: str, golden: SnapshotAssertion) -> None:
    sender = ConsoleSender(io.StringIO(), colour=False)
    assert sender.card(CARDS[name](language), now=NOW) == golden


@pytest.mark.parametrize("language", LANGUAGES)
def test_terminal_80_columns(language: str, golden: SnapshotAssertion) -> None:
    sender = ConsoleSender(io.StringIO(), colour=True, width=80)
    text = "".join(sender.card(card(language), now=NOW) for card in (feed, page, bare, story))
    assert ANSI.sub("", text) == golden


@pytest.mark.parametrize("language", LANGUAGES)
def test_roundup(language: str, golden: SnapshotAssertion) -> None:
    cards = [make(language) for make in (feed, page, bare, story)]
    assert shown("\n".join(roundup.unclaimed(cards * 3, language))) == golden


@pytest.mark.parametrize("language", LANGUAGES)
def test_notices(language: str, golden: SnapshotAssertion) -> None:
    notices = [
        roundup.source_down(language, "Wire", "503 Service Unavailable", SINCE, "Asia/Taipei"),
        roundup.source_up(language, "Wire", SINCE, "Asia/Taipei"),
        roundup.claimed(language, "1001"),
        roundup.invited(language, "user"),
        roundup.chat_parked(language, "-100200", "bot was kicked from the supergroup chat"),
        roundup.config_changed(language, "+2 -1 ~3"),
        roundup.config_broken(language, "watchlist.yaml:3:5: unknown key `nmae`, did you mean `name`?"),
        roundup.update_set_aside(language, "update 17"),
    ]
    assert "\n\n".join(parse(notice).text for notice in notices) == golden


def happenings(kind: str, names: list[str], text: str = "") -> list[Happening]:
    """One thing that happened to several."""
    return [Happening(kind, name, SINCE, text) for name in names]


FATES = {
    "down": happenings("down", ["Wire"], "http://wire.example/rss: it is out of service (HTTP 503)"),
    "up": happenings("up", ["中央社"]),
    "gone": happenings("gone", ["Ministry <of> Economy"]),
    "moved": happenings("moved", ["Wire"], "https://wire.example/new/rss?a=1&b=2"),
    "quiet": happenings("quiet", ["Power Weekly"]),
    "watch_quiet": happenings("watch_quiet", ["Foxconn"]),
    "bad_night": [
        *happenings("up", ["Wire", "Post"]),
        *happenings("watch_quiet", ["鴻海"]),
        *happenings("down", ["Times"], "no answer"),
        *happenings("gone", ["Old Gazette"]),
    ],
    "network_down": happenings("down", ["Wire", "Post", "Times", "中央社", "Gazette"], "no answer"),
    "network_up": happenings("up", ["Wire", "Post", "Times", "中央社", "Gazette"]),
    "thousands": happenings("down", [f"Gazette {number}" for number in range(1, 5001)], "no answer"),
    "many_of_each": [
        one
        for kind in ("gone", "moved", "quiet", "watch_quiet")
        for one in happenings(kind, ["Alpha", "Beta", "Gamma", "Delta"], "https://new.example")
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fate", FATES)
def test_fate_of_sources(fate: str, language: str, golden: SnapshotAssertion) -> None:
    reader = Reader(language, "Asia/Taipei", SINCE + timedelta(days=4, hours=2))
    (html,) = notice(FATES[fate], reader)
    assert shown(html) == golden


def test_a_single_day_of_silence_is_one_day() -> None:
    (html,) = notice(FATES["quiet"], Reader("en", "Asia/Taipei", SINCE + timedelta(days=1, hours=1)))
    assert "for 1 day (" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_replies(language: str, golden: SnapshotAssertion) -> None:
    answers = [
        *(replies.help(language, role) for role in ("owner", "user", "")),
        *(replies.explain(language, command) for command in replies.commands("owner")),
        replies.unknown_command(language, "wacth", "watch"),
        replies.unknown_command(language, "roll"),
        replies.stranger(language, 1001),
        replies.admins_only(language),
        replies.invite_wrong(language),
        replies.too_fast(language),
        replies.failed(language),
        access.anonymous(language),
        access.invitation(language, "user", "https://t.me/bot?start=CODE", NOW, "Asia/Taipei", NOW),
        access.invite_usage(language, "soon"),
        access.only_owner_invites(language),
        access.invite_in_private(language, "bot"),
        access.people(
            language,
            [
                access.person(language, "Ada", 1001, "owner", True),
                access.person(language, "Bob", 1002, "user", False),
            ],
            0,
            2,
        ),
        *(access.sure(language, verb, "Bob", 1002) for verb in ("remove", "admin", "user")),
        access.new_role(language, "admin"),
    ]
    assert "\n\n".join(parse(answer).text for answer in answers) == golden
