"""Answers are good Telegram HTML in both languages, whatever people type."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.fakes.botapi_html import parse
from watchbot.message import access, replies, roundup

NASTY = "<b>&</b>\x00 \ud800" + "x" * 500
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ANSWERS: list[Callable[[str], str]] = [
    *(lambda language, role=role: replies.help(language, role) for role in ("owner", "admin", "user", "")),
    *(lambda language, name=name: replies.explain(language, name) for name in replies.commands("owner")),
    lambda language: replies.explain(language, NASTY),
    lambda language: replies.stranger(language, 5),
    replies.admins_only,
    lambda language: replies.unknown_command(language, NASTY),
    lambda language: replies.unknown_command(language, NASTY, "watch"),
    replies.invite_wrong,
    replies.too_fast,
    replies.failed,
    access.anonymous,
    lambda language: access.invitation(language, "admin", "https://t.me/x?start=a&b", NOW, "Asia/Taipei", NOW),
    lambda language: access.invite_usage(language, NASTY),
    access.only_owner_invites,
    lambda language: access.invite_in_private(language, "watch_bot"),
    lambda language: access.people(language, [access.person(language, NASTY, 5, "user", False)], 0, 2),
    lambda language: access.people(language, [access.person(language, "", 5, "owner", True)], 0, 1),
    *(lambda language, verb=verb: access.sure(language, verb, NASTY, 5) for verb in ("remove", "admin", "user")),
    lambda language: access.new_role(language, "admin"),
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


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_what_stands_on_buttons_and_toasts_is_plain_and_short(language: str) -> None:
    for verb in ("remove", "admin", "user"):
        assert "<b" in access.done(language, verb, NASTY, 5)  # a toast shows it as it is
        assert len(access.done(language, verb, NASTY, 5)) < 200
        assert "5" in access.button(language, verb, "", 5)
    assert len(replies.failed(language)) < 200


def test_help_leaves_admins_commands_to_admins() -> None:
    assert set(replies.commands("owner")) - set(replies.commands("user")) == {"invite"}


def test_nothing_to_round_up() -> None:
    assert roundup.roundup("Title", [], "en") == []
