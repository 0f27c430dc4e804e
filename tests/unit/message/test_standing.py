"""/status in words: lengths of time, long lists, what came from outside is harmless."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.botapi_html import parse
from watchbot.message.standing import MOST_SHOWN, bot_lines, chat_lines, dead_rows, lasting
from watchbot.model.alert import Act, Delivery, Form, Rank, State
from watchbot.model.standing import Ailing, BotStanding, ChatStanding, LastAlert

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
WELL = ChatStanding(watches=3, off=1, sources=2, ailing=(), today=4)
QUIET = BotStanding({}, None, {}, (), {}, 0, 1, 0, "local")


def dead(number: int) -> Delivery:
    """A message that was given up."""
    chat = f"-100{number}"
    return Delivery(
        number, chat, "secret", Form.HTML, Act.SEND, 0, Rank.ALERT, False, State.DEAD, 3, NOW, NOW, error="<a & b>"
    )


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0.4, "0 s", "0 秒"),
        (59, "59 s", "59 秒"),
        (90, "2 min", "2 分鐘"),
        (9000, "2.5 h", "2.5 小時"),
        (86400 * 3, "3 days", "3 天"),
    ],
)
def test_lengths_of_time(seconds: float, english: str, chinese: str) -> None:
    assert (lasting("en", seconds), lasting("zh-TW", seconds)) == (english, chinese)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_everything_that_comes_from_outside_is_harmless(language: str) -> None:
    bad = "<b>x & y" * 100
    ailing = tuple(Ailing(bad, bad, NOW, gone=number == 0) for number in range(9))
    chat = replace(WELL, ailing=ailing, sources=9, last=LastAlert(bad, NOW, None), trouble=bad)
    assert "+4" in parse(chat_lines(language, chat, "Asia/Taipei", NOW)).text
    bot = replace(
        QUIET,
        outbox={State.DEAD: 9, State.HELD: 1204},
        parked={bad: bad},
        names={bad: bad},
        dead=tuple(dead(number) for number in range(9)),
        aside=1,
        aside_last=bad,
        holder=bad,
        oldest=NOW - timedelta(hours=3),
    )
    text = parse(bot_lines(language, bot, "Asia/Taipei", NOW)).text
    assert "secret" not in text
    assert "<a & b>" in text
    assert "1,204" in text
    assert len(dead_rows(language, bot)) == (MOST_SHOWN + 1) // 2 + 1


def test_a_well_chat() -> None:
    assert parse(chat_lines("en", WELL, "UTC", NOW)).text == (
        "This chat\n3 watches on, 1 switched off\n2 sources, all well\nToday: 4 alerts\nNo alert here so far.\n"
        "Sending works."
    )


def test_a_pause_is_told_until_it_is_over() -> None:
    paused = replace(WELL, paused=NOW + timedelta(minutes=2))
    assert "Telegram asked for a rest until 08:02; nothing is lost." in chat_lines("en", paused, "UTC", NOW)
    assert "Sending works." in chat_lines("en", paused, "UTC", NOW + timedelta(minutes=3))


def test_the_node_is_named_where_there_are_several() -> None:
    assert "Connected to Telegram." in bot_lines("en", QUIET, "UTC", NOW)
    assert "Connected to Telegram from host:1." in bot_lines("en", replace(QUIET, holder="host:1"), "UTC", NOW)
    assert dead_rows("en", QUIET) == ()
