"""Whoever is removed hears nothing more, and whoever is invited again finds everything: what waited comes then."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.bot.conftest import GROUP, OWNER, STRANGER, USER, Desk
from tests.unit.bot.fake_web import with_web
from tests.unit.pipeline.conftest import news
from watchbot.model.alert import State
from watchbot.model.records import PollFailure, SourceSpec
from watchbot.pipeline import access, commands, holding
from watchbot.pipeline.notices import tell_sources

PLANT = "Foxconn to build AI server plant in Houston"


def states(desk: Desk) -> list[State]:
    """The rows of the removed person's chat that are not settled."""
    with desk.store.read() as tx:
        rows = tx.connection.exec_driver_sql("SELECT state FROM deliveries WHERE chat = ? AND alert > 0", (str(USER),))
        return [State(row[0]) for row in rows if row[0] != "sent"]


def remove(desk: Desk) -> None:
    brought = desk.as_(OWNER).says("/invite list")  # alerts of the owner's own come along
    listed = next(one for one in brought if "Remove: Person 9" in one.buttons)
    desk.press(listed, "Remove: Person 9")
    desk.press(listed, "Yes")


def invite(desk: Desk) -> None:
    """They use a new invitation."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.chats.invite(commands.hash_code("c" * 32), "user", now + timedelta(hours=1))
    desk.as_(USER).says("/start " + "c" * 32)


def heard(desk: Desk) -> list[str]:
    return [
        one.text for one in desk.messages.values() if one.chat == str(USER) and (one.alert or "Houston" in one.html)
    ]


@pytest.fixture
def member(desk: Desk) -> Desk:
    """The user watches Foxconn."""
    desk.as_(USER).says("/watch Foxconn")
    desk.messages.clear()
    return desk


def test_what_is_queued_waits_and_comes_when_they_are_back(member: Desk) -> None:
    member.take("Wire", news(1, PLANT))
    with member.store.write() as tx:
        access.remove(tx, USER, member.clock.now())
    member.deliver()
    assert heard(member) == []
    assert states(member) == [State.PARKED]
    member.as_(USER).says("/list")  # speaking does not help
    assert heard(member) == []
    invite(member)
    assert len(heard(member)) == 1


def test_nothing_is_told_of_their_own_feed(member: Desk) -> None:
    now = member.clock.now()
    own = SourceSpec("Letter", "feed", "https://letter.example/rss", chat=str(USER), added=True)
    with member.store.write() as tx:
        row, _new = tx.sources.add(own, now)
        tx.sources.failed(row.id, PollFailure(now - timedelta(hours=1), now, "HTTP 503"))
    remove(member)
    told = tell_sources(member.store, member.directory, now)
    assert [one.name for one in told] == ["Letter"]  # for the log
    assert [one for one in member.deliver() if one.chat == str(USER)] == []


@pytest.mark.parametrize("setting", ["/digest 09:00", "/quiet 07:00-09:00"])
def test_what_is_held_waits_too(member: Desk, setting: str) -> None:
    member.says(setting)
    member.take("Wire", news(1, PLANT))
    member.take("Wire", news(2, "Foxconn names a chairman in Houston"))
    assert states(member) == [State.HELD, State.HELD]
    remove(member)
    for _day in range(3):
        member.clock.move(86400)
        holding.release(member.store, member.directory, member.clock.now())
        member.deliver()
    assert heard(member) == []
    invite(member)
    holding.release(member.store, member.directory, member.clock.now())
    member.deliver()
    (text,) = heard(member)
    assert PLANT in text
    assert "chairman" in text


def test_old_alerts_do_not_grow_any_more(member: Desk) -> None:
    member.take("Wire", news(1, PLANT, url="https://n.example/1"))
    member.deliver()
    remove(member)
    member.take("Post", news(2, PLANT, url="https://n.example/1"))
    member.clock.move(5)
    member.deliver()
    (alert,) = [one for one in member.messages.values() if one.alert and one.chat == str(USER)]
    assert alert.edits == 0
    (owners,) = [one for one in member.messages.values() if one.alert and one.chat == str(OWNER)]
    assert owners.edits == 1


def test_long_work_of_theirs_is_answered_no_more(member: Desk) -> None:
    web = with_web(member)
    web.feed("https://a.example/rss", "A", "Foxconn in Houston")
    member.as_(USER).says("/add https://a.example/rss")
    remove(member)
    assert [one for one in member.chores() if one.chat == str(USER)] == []
    with member.store.read() as tx:
        assert tx.chores.waiting() == 0


def test_a_chat_that_was_blocked_is_not_opened_by_a_removed_person(member: Desk) -> None:
    with member.store.write() as tx:
        tx.outbox._park(str(USER), "blocked")
        access.remove(tx, USER, member.clock.now())
    assert member.handlers._unpark(str(USER)) == 0
    with member.store.read() as tx:
        assert str(USER) in tx.chats.parked()


def test_an_administrator_of_the_configuration_is_never_gone(member: Desk) -> None:
    with member.store.write() as tx:
        tx.chats.add_watch(str(OWNER), tx.chats.watches(str(USER))[0].watch, member.clock.now())
        tx.chats.set(access.REMOVED, str(OWNER), "2026-01-01")
        member.directory.refresh(tx)
    assert f"chat:{OWNER}" in member.directory.watchlists


def test_who_is_removed_hears_politely_that_they_are(member: Desk) -> None:
    remove(member)
    (answer,) = member.as_(USER).says("/list")
    assert "private" in answer.text


# --- strangers ---


def test_the_hour_of_a_stranger_holds_over_a_restart(desk: Desk) -> None:
    from watchbot.bot.handlers import Handlers

    assert len(desk.as_(STRANGER).says("/start")) == 1
    desk.clock.move(600)
    desk.handlers = Handlers(desk.tools, lambda: None)
    assert desk.says("/start") == desk.says("hello") == []
    desk.clock.move(3001)
    assert len(desk.says("/start")) == 1
    assert len(desk.as_(STRANGER, f"{GROUP}/7").says("/start")) == 1
    desk.handlers = Handlers(desk.tools, lambda: None)
    desk.clock.move(1)
    assert desk.says("/start") == []


def test_a_flood_costs_a_stranger_everything_and_others_nothing(desk: Desk) -> None:
    desk.as_(STRANGER)
    answers = [one for number in range(300) for one in desk.says(f"/watch Foxconn {number}")]
    assert len(answers) == 1
    with desk.store.read() as tx:
        assert tx.connection.exec_driver_sql("SELECT count(*) FROM deliveries").scalar() == 1
        assert tx.chats.info(str(STRANGER)) is None
        assert tx.chores.waiting() == 0
    assert len(desk.as_(USER).says("/list")) == 1


async def test_telegram_is_asked_once_a_minute_who_is_an_administrator(desk: Desk) -> None:
    from watchbot.bot.asked import Pressed

    asked: list[int] = []

    class FakeBot:
        async def get_chat_member(self, _chat: int, user: int) -> Any:
            asked.append(user)
            return type("Member", (), {"status": "creator"})()

    press = Pressed(str(GROUP), STRANGER, False, "en", "q", "t", "d")
    for _press in range(50):
        assert await desk.handlers._is_chat_admin(FakeBot(), press)  # type: ignore[arg-type]
    assert asked == [STRANGER]
    desk.clock.move(61)
    assert await desk.handlers._is_chat_admin(FakeBot(), press)  # type: ignore[arg-type]
    assert len(asked) == 2


# --- the same button twice ---


def test_an_offered_company_is_put_on_once(desk: Desk) -> None:
    (hello,) = desk.as_(USER).says("/start")
    data = hello.rows[0][0].data
    for _time in range(2):
        said(desk, hello, data)
    with desk.store.read() as tx:
        assert len(tx.chats.watches(str(USER))) == 1


def test_a_files_watch_is_switched_off_alone(desk: Desk) -> None:
    (answer,) = desk.says("/unwatch Foxconn, Memory")
    assert len(answer.buttons) == 2
    for _time in range(2):
        said(desk, answer, "off:0")
    assert [one.on for one in desk.directory.watching("7")] == [False, True]


def test_one_choice_is_taken_once(desk: Desk) -> None:
    (answer,) = desk.as_(USER).says("/watch 三星, 台灣, Tesla")
    picks = [button.data for row in answer.rows for button in row if button.data.startswith("pick:0")]
    for _time in range(2):
        said(desk, answer, picks[0])
    with desk.store.read() as tx:
        assert len(tx.chats.watches(str(USER))) == 2


def said(desk: Desk, message: Any, data: str) -> None:
    """A press that says this, whatever stands there by now."""
    from watchbot.bot.asked import Pressed

    press = Pressed(message.chat, desk.user, True, "en", "q", message.token, data, message.id)
    desk.handlers._commit_press(press, "1", next(desk._ids))
    desk.deliver()
    with desk.store.read() as tx:
        desk.directory.refresh(tx)


def test_who_may_not_change_is_offered_no_check(desk: Desk) -> None:
    (answer,) = desk.as_(USER, GROUP).says("/feeds")
    assert answer.buttons == []
    (answer,) = desk.as_(OWNER, GROUP).says("/feeds")
    assert answer.buttons
