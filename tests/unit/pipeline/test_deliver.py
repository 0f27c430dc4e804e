"""The lawful moves of a delivery, one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watchbot.model.alert import Act, Delivery, Form, Move, Outcome, Rank, Result, State
from watchbot.pipeline.deliver import OWN_LIMIT, after, after_bug, backoff

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SEND = Delivery(
    id=1,
    chat="-100200/7",
    body="x",
    form=Form.HTML,
    act=Act.SEND,
    part=0,
    rank=Rank.ALERT,
    silent=False,
    state=State.SENDING,
    attempts=1,
    next_at=NOW,
    created_at=NOW,
)
EDIT = replace(SEND, act=Act.EDIT, message_id=9)


def move(result: Result, delivery: Delivery = SEND, flood: bool = False, **outcome: object) -> Move:
    """The move after an outcome, without jitter."""
    return after(delivery, Outcome(result, **outcome), NOW, 0.0, flood)  # type: ignore[arg-type]


def test_sent() -> None:
    assert move(Result.SENT, message_id=5) == Move(State.SENT, NOW, message_id=5)
    assert move(Result.SENT, EDIT).message_id == 9


def test_not_sent_is_tried_for_ever_with_growing_waits() -> None:
    waits = []
    for attempts in (1, 2, 3, 9, 50, 5000):
        made = move(Result.NOT_SENT, replace(SEND, attempts=attempts))
        assert made.state is State.PENDING
        assert not made.repeat
        waits.append((made.next_at - NOW).total_seconds())
    assert waits == [1, 2, 4, 60, 60, 60]
    assert backoff(1, 1.0) == 1.25


def test_uncertain_is_sent_once_more_after_twenty_seconds_and_marked() -> None:
    made = move(Result.UNCERTAIN, error="ReadTimeout")
    assert (made.state, made.repeat, made.error) == (State.UNCERTAIN, True, "ReadTimeout")
    assert made.next_at == NOW + timedelta(seconds=20)


def test_an_uncertain_edit_is_no_repeat() -> None:
    assert not move(Result.UNCERTAIN, EDIT).repeat


def test_answers_lost_for_a_long_time_make_the_waits_longer() -> None:
    waits = [
        (move(Result.UNCERTAIN, replace(SEND, attempts=n)).next_at - NOW).total_seconds() for n in (1, 5, 6, 7, 30)
    ]
    assert waits == [20, 20, 40, 80, 600]


def test_a_day_of_lost_answers_is_enough() -> None:
    old = replace(SEND, created_at=NOW - timedelta(days=1))
    assert move(Result.UNCERTAIN, replace(old, attempts=4)).state is State.UNCERTAIN
    assert move(Result.UNCERTAIN, replace(old, attempts=5)).state is State.DEAD
    assert move(Result.UNCERTAIN, replace(SEND, attempts=5)).state is State.UNCERTAIN


def test_a_pause_leaves_the_chat_alone() -> None:
    made = move(Result.PAUSED, seconds=7)
    assert (made.state, made.pause_chat, made.pause_all) == (State.PENDING, 7, 0)
    assert made.next_at == NOW + timedelta(seconds=7)


def test_a_long_pause_or_a_second_chats_is_everybodys() -> None:
    assert move(Result.PAUSED, seconds=60).pause_all == 60
    assert move(Result.PAUSED, seconds=7, flood=True).pause_all == 7
    assert move(Result.PAUSED, seconds=59, error=OWN_LIMIT).pause_all == 0


def test_a_migrated_chat_gets_its_message_under_the_new_key() -> None:
    made = move(Result.MIGRATED, chat="-1009")
    assert (made.state, made.new_chat, made.next_at) == (State.PENDING, "-1009", NOW)


@pytest.mark.parametrize("chat", ["", "-100200/7"])
def test_a_migration_to_nowhere_parks(chat: str) -> None:
    assert move(Result.MIGRATED, chat=chat).state is State.PARKED


def test_a_lost_topic_means_the_general_one() -> None:
    assert move(Result.NO_THREAD).new_chat == "-100200"
    assert move(Result.NO_THREAD, replace(SEND, chat="-100200")).state is State.PARKED


def test_an_unreachable_chat_is_parked() -> None:
    made = move(Result.UNREACHABLE, error="blocked")
    assert (made.state, made.park_chat, made.error) == (State.PARKED, True, "blocked")


def test_a_bad_text_goes_once_more_as_plain_text() -> None:
    made = move(Result.BAD_TEXT)
    assert (made.state, made.plain, made.next_at) == (State.PENDING, True, NOW)
    assert move(Result.BAD_TEXT, replace(SEND, plain=True)).state is State.DEAD


def test_a_message_that_is_gone() -> None:
    assert move(Result.NO_MESSAGE, EDIT).state is State.FOLDED
    assert move(Result.NO_MESSAGE, replace(SEND, reply_to=4)).drop_reply
    assert move(Result.NO_MESSAGE).plain


def test_a_refused_token_waits_and_loses_nothing() -> None:
    made = move(Result.REFUSED)
    assert (made.state, made.pause_all) == (State.PENDING, 60)


@pytest.mark.parametrize("result", [one for one in Result if one is not Result.SENT])
def test_what_is_known_of_earlier_tries_is_kept(result: Result) -> None:
    made = move(result, replace(SEND, repeat=True, plain=True), chat="-1009", seconds=3)
    assert made.repeat
    assert made.plain
    assert made.error


def test_a_broken_sender_is_given_up_in_the_end() -> None:
    assert after_bug(SEND, "KeyError", NOW).state is State.UNCERTAIN
    assert after_bug(replace(SEND, attempts=5), "KeyError", NOW).state is State.DEAD
