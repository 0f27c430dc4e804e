"""Answers are good Telegram HTML in both languages, whatever people type."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.fakes.botapi_html import parse
from watchbot.message import replies, roundup
from watchbot.model.watch import Watch, Watchlist

NASTY = "<b>&</b>\x00 \ud800" + "x" * 500
NOW = datetime(2026, 11, 21, tzinfo=UTC)
LIST = Watchlist("k", NASTY, (Watch("a", NASTY, names=(NASTY, "two"), tickers=("2317.TW",), query="a AND b"),))
ANSWERS: list[Callable[[str], str]] = [
    *(lambda language, role=role: replies.help(language, role) for role in ("owner", "admin", "user", "")),
    lambda language: replies.start(language, NASTY, "owner", True),
    lambda language: replies.start(language, "1", "", True),
    lambda language: replies.start(language, "1", "", False),
    lambda language: replies.stranger(language, 5),
    replies.admins_only,
    lambda language: replies.listing(language, [LIST, Watchlist("k", "", LIST.watches)], LIST.watches),
    lambda language: replies.listing(language, [], []),
    lambda language: replies.watch_added(language, [NASTY]),
    lambda language: replies.watch_added(language, [NASTY, "b"]),
    lambda language: replies.watch_exists(language, [NASTY]),
    lambda language: replies.watch_too_many(language, [NASTY], 5),
    lambda language: replies.watch_refused(language, NASTY, NASTY),
    lambda language: replies.watch_removed(language, [NASTY]),
    lambda language: replies.watch_locked(language, NASTY),
    lambda language: replies.unknown_watch(language, NASTY, []),
    lambda language: replies.unknown_watch(language, NASTY, [NASTY]),
    lambda language: replies.unknown_command(language, NASTY),
    lambda language: replies.unknown_command(language, NASTY, "watch"),
    replies.not_yet_news,
    *(
        lambda language, name=name: replies.usage(language, name, NASTY)
        for name in ("watch", "sub", "unwatch", "invite")
    ),
    replies.invite_wrong,
    replies.too_fast,
    replies.failed,
    lambda language: roundup.source_down(language, NASTY, NASTY, NOW, "Asia/Taipei"),
    lambda language: roundup.source_up(language, NASTY, NOW, "Asia/Taipei"),
    lambda language: roundup.claimed(language, NASTY),
    *(lambda language, role=role: roundup.invited(language, role) for role in ("owner", "admin", "user")),
    lambda language: roundup.chat_parked(language, NASTY, NASTY),
    lambda language: roundup.config_changed(language, NASTY),
    lambda language: roundup.config_broken(language, NASTY),
    lambda language: roundup.update_set_aside(language, NASTY),
]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("answer", range(len(ANSWERS)))
def test_every_answer_is_good_html(answer: int, language: str) -> None:
    html = ANSWERS[answer](language)
    text = parse(html).text
    assert text
    assert "{" not in text
    assert len(text) < 4096
    html.encode()


def test_listing_shows_other_names() -> None:
    watch = Watch("f", "Foxconn", names=("Foxconn", "鴻海"), tickers=("2317.TW",))
    text = parse(replies.listing("en", [Watchlist("k", "supply-chain", (watch,))])).text
    assert text == "Watched here: 1 watch\n\n🔒 supply-chain (from the configuration)\n• Foxconn – 鴻海, 2317.TW"


def test_a_stranger_learns_how_to_get_in() -> None:
    assert "invite --role owner" in replies.start("en", "1", "", claimed=False)
    assert "invitation" in replies.start("en", "1", "", claimed=True)
    assert "/watch" in replies.start("en", "1", "user", claimed=True)


def test_nothing_to_round_up() -> None:
    assert roundup.roundup("Title", [], "en") == []
