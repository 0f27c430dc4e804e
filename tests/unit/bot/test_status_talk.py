"""/status: this chat in plain words; the bot's own state for whoever runs it, in private."""

from dataclasses import replace
from datetime import timedelta

from tests.unit.bot.conftest import ADMIN, GROUP, STRANGER, USER, Desk
from tests.unit.pipeline.conftest import news
from watchbot.model.alert import Form, Move, NewDelivery, State
from watchbot.model.records import ChatInfo, PollFailure, SourceSpec
from watchbot.pipeline import commands
from watchbot.pipeline.sent import spec_of


def give_up(desk: Desk, chat: str, error: str) -> int:
    """A message to this chat dies."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        number = tx.outbox.queue(NewDelivery(chat, "a private text", Form.HTML), now)
        tx.outbox.claim(now, "desk", 60, 50, "telegram")
        tx.outbox.finish(number, Move(State.DEAD, now, error=error), now)
    return number


def test_a_quiet_chat(desk: Desk) -> None:
    (answer,) = desk.as_(USER).says("/status")
    assert "Nothing is watched here yet. Begin with /watch Foxconn" in answer.text
    assert "No source serves this chat yet." in answer.text
    assert "Today: 0 alerts" in answer.text
    assert "No alert here so far." in answer.text
    assert "Sending works." in answer.text
    assert "The bot" not in answer.text
    assert answer.buttons == []


def test_watches_sources_and_the_last_alert(desk: Desk) -> None:
    desk.take("Wire", news(1, "Foxconn builds a plant"))
    desk.clock.move(3)
    desk.deliver()
    desk.clock.move(60)
    text = desk.says("/status")[0].text
    assert "2 watches on" in text
    assert "3 sources, all well" in text
    assert "Today: 1 alert\n" in text
    assert "Last alert 08:00, 3 s after its news came: Foxconn builds a plant" in text
    desk.clock.move(86400)
    assert "Today: 0 alerts" in desk.says("/status")[0].text


def test_a_failing_source_is_named_with_its_error(desk: Desk) -> None:
    now = desk.clock.now()
    with desk.store.write() as tx:
        tx.sources.failed(desk.sources["Post"].id, PollFailure(now, now + timedelta(minutes=5), "HTTP 503 <b>"))
    desk.clock.move(60)
    text = desk.says("/status")[0].text
    assert "3 sources, 1 failing:" in text
    assert "⚠️ Post – since 08:00: HTTP 503 <b>" in text


def test_what_is_held_back(desk: Desk) -> None:
    desk.says("/digest 08:20")
    desk.says("/mute Memory")
    desk.take("Wire", news(1, "Foxconn builds a plant"), news(2, "DRAM prices rise in Korea"))
    text = desk.says("/status")[0].text
    assert "Held back: 1 alert for the digest and 1 alert muted (/unmute)" in text


def test_another_chats_source_is_not_counted(desk: Desk) -> None:
    with desk.store.write() as tx:
        spec = SourceSpec("Secret wire", "feed", "https://secret.example/", chat="8")
        row, _new = tx.sources.add(spec, desk.clock.now())
        tx.sources.failed(row.id, PollFailure(desk.clock.now(), desk.clock.now(), "gone", gone=True))
    text = desk.says("/status")[0].text
    assert "Secret" not in text
    assert "3 sources, all well" in text


def test_what_was_sent_is_no_source_that_could_fail(desk: Desk) -> None:
    before = desk.says("/status")[-1].text
    with desk.store.write() as tx:
        tx.sources.add(spec_of("7"), desk.clock.now())
    assert "3 sources" in before
    assert "3 sources" in desk.says("/status")[-1].text


def test_trouble_with_the_connection_and_a_pause(desk: Desk) -> None:
    with desk.store.write() as tx:
        commands.note_telegram(tx, "1", "Telegram does not answer (TimedOut)")
    assert "Sending is held up: Telegram does not answer" in desk.says("/status")[0].text
    now = desk.clock.now()
    with desk.store.write() as tx:
        commands.note_telegram(tx, "1", "")
        number = tx.outbox.queue(NewDelivery("7", "x", Form.HTML), now)
        tx.outbox.claim(now, "desk", 60, 50, "telegram")
        tx.outbox.finish(number, Move(State.PENDING, now + timedelta(seconds=90), pause_chat=90.0), now)
    desk.says("/status")
    desk.clock.move(30)
    from watchbot.pipeline import standing

    with desk.store.read() as tx:
        found = standing.chat_standing(tx, desk.directory, "7", "UTC", desk.clock.now())
    assert found.paused == now + timedelta(seconds=90)


def test_whoever_runs_the_bot_sees_it_all_but_no_content(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.note(ChatInfo("-100300", "supergroup", "Trading floor"))
        tx.chats.set("telegram:1", "set_aside", "2")
        tx.chats.set("telegram:1", "set_aside_last", "2026-11-20T07:00:00 update 12: ValueError")
    first, second = give_up(desk, "-100300", "text is <too> long"), give_up(desk, "9", "no")
    for user in (7, ADMIN):
        answer = desk.as_(user).says("/status")[0]
        assert "2 given up" in answer.text
        assert f"#{first} · 08:00 · Trading floor (-100300): text is <too> long" in answer.text
        assert "3 people" in answer.text
        assert "2 messages could not be handled, the last one: 2026-11-20T07:00:00 update 12: ValueError" in answer.text
        assert "No node talks to Telegram now." in answer.text
        assert "a private text" not in answer.text
        assert answer.buttons == [f"Try #{second} again", f"Try #{first} again", "Try all again"]
    assert "given up" not in desk.as_(USER).says("/status")[0].text


def test_a_given_up_message_is_tried_again(desk: Desk) -> None:
    number = give_up(desk, "9", "no")
    (answer,) = desk.says("/status")
    changed = desk.press(answer, f"Try #{number} again")
    assert desk.toast == "Trying 1 message again"
    assert any(message.chat == "9" and message.text == "a private text" for message in changed)
    assert "given up" not in answer.text
    assert answer.buttons == []


def test_all_given_up_messages_are_tried_again(desk: Desk) -> None:
    for chat in ("9", "10", "11"):
        give_up(desk, chat, "no")
    (answer,) = desk.says("/status")
    changed = desk.press(answer, "Try all again")
    assert desk.toast == "Trying 3 messages again"
    assert sorted(message.chat for message in changed if message.text == "a private text") == ["10", "11", "9"]


def test_a_press_that_nothing_answers(desk: Desk) -> None:
    give_up(desk, "9", "no")
    (answer,) = desk.says("/status")
    button = replace(answer.rows[0][0], text="Forged", data="retry:nonsense")
    desk.press(replace(answer, rows=((button,),)), "Forged")
    assert desk.toast == "That message is not given up any more."


def test_in_a_group_the_bots_own_state_is_not_shown(desk: Desk) -> None:
    give_up(desk, "9", "no")
    (answer,) = desk.as_(7, GROUP).says("/status")
    assert "2 watches on" in answer.text
    assert "given up" not in answer.text
    assert answer.buttons == []


def test_a_stranger_learns_nothing(desk: Desk) -> None:
    (answer,) = desk.as_(STRANGER).says("/status")
    assert "Today" not in answer.text


def test_chinese(desk: Desk) -> None:
    give_up(desk, "9", "no")
    text = desk.as_(7, language="zh-TW").says("/status")[0].text
    for words in ("這個聊天室", "2 項關注", "傳送正常。", "機器人", "1 則放棄"):
        assert words in text
