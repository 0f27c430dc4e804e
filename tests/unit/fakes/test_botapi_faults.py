"""The fake's flood limits and faults, as the real client sees them."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_limits import Limits
from tests.fakes.botapi_records import ApiError


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        """Start at an arbitrary time."""
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at rest."""
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    """Telegram's numbers on that clock."""
    return Limits(now=clock)


def send(limits: Limits, chat_id: int, group: bool = False) -> int:
    """Send once: 0 where it was taken, else the seconds to wait."""
    try:
        limits.check("sendmessage", chat_id, group)
    except ApiError as refused:
        return int(refused.parameters["retry_after"])
    return 0


def test_one_chat_has_a_burst_and_then_one_a_second(limits: Limits, clock: Clock) -> None:
    assert [send(limits, 1) for _ in range(4)] == [0, 0, 0, 1]
    assert send(limits, 2) == 0
    clock.now += 1
    assert send(limits, 1) == 0
    for _ in range(60):
        clock.now += 1
        assert send(limits, 1) == 0
    assert [one.kind for one in limits.breaches] == ["chat"]


def test_thirty_a_second_over_all_chats(limits: Limits, clock: Clock) -> None:
    assert [send(limits, chat) for chat in range(1, 32)] == [0] * 30 + [1]
    assert send(limits, 99) == 1  # the halt is for every chat
    clock.now += 1
    assert send(limits, 99) == 0
    assert [one.kind for one in limits.breaches] == ["overall", "pause"]


def test_twenty_a_minute_in_a_group_only(limits: Limits, clock: Clock) -> None:
    for _ in range(20):
        clock.now += 1
        assert send(limits, -1, group=True) == 0
        assert send(limits, 1) == 0
    clock.now += 1
    assert (send(limits, -1, group=True), send(limits, 1)) == (40, 0)
    clock.now += 39
    assert send(limits, -1, group=True) == 1
    clock.now += 1
    assert send(limits, -1, group=True) == 0
    assert [one.kind for one in limits.breaches] == ["group", "pause"]


def test_calls_inside_a_pause_are_breaches(limits: Limits, clock: Clock) -> None:
    limits.pause(1, 5)
    clock.now += 2
    assert send(limits, 1) == 3
    assert send(limits, 2) == 0
    clock.now += 3
    assert send(limits, 1) == 0
    assert [(one.kind, one.chat_id, one.at) for one in limits.breaches] == [("pause", 1, 1002.0)]


def test_limits_can_be_switched_off_but_not_pauses(limits: Limits) -> None:
    limits.enabled = False
    assert {send(limits, 1) for _ in range(100)} == {0}
    limits.pause(None, 5)
    assert send(limits, 7) == 5


async def test_the_client_gets_429_and_edits_count_too(api: BotApiServer, bot: Bot) -> None:
    api.limits.enabled = True
    api.chat(1001)
    sent = await bot.send_message(1001, "1")
    for number in (2, 3):
        await bot.edit_message_text(str(number), 1001, sent.message_id)
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(1001, "4")
    assert refused.value.retry_after == timedelta(seconds=1)
    await bot.send_chat_action(1001, "typing")  # not counted
    assert [(one.kind, one.method) for one in api.breaches] == [("chat", "sendmessage")]
    assert api.calls_of("sendMessage")[-1].status == 429


@pytest.mark.parametrize(
    ("kind", "error", "why"),
    [
        ("500", NetworkError, "(?i)internal server error"),
        ("502", NetworkError, "(?i)bad gateway"),
        ("not_json", TelegramError, "(?i)invalid server response"),
        ("401", InvalidToken, "(?i)unauthorized"),
        ("404", InvalidToken, "(?i)not found"),
        ("blocked", Forbidden, "blocked by the user"),
        ("deactivated", Forbidden, "deactivated"),
        ("kicked", Forbidden, "kicked"),
        ("chat_not_found", BadRequest, "(?i)chat not found"),
        ("thread_not_found", BadRequest, "(?i)thread not found"),
    ],
)
async def test_refusals(api: BotApiServer, bot: Bot, kind: str, error: type[Exception], why: str) -> None:
    api.chat(1001)
    fault = api.fault(kind)
    with pytest.raises(error, match=why) as raised:
        await bot.send_message(1001, "x")
    assert type(raised.value) is error
    assert api.sent == []
    await bot.send_message(1001, "x")
    assert (fault.hits, len(api.sent)) == (1, 1)
    assert api.calls_of("sendMessage")[0].answer == f"fault {kind}"


async def test_a_429_starts_a_pause(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001)
    api.chat(1002)
    api.fault("429", seconds=7)
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(1001, "x")
        assert refused.value.retry_after == timedelta(seconds=7)
    await bot.send_message(1002, "x")
    assert [(one.kind, one.chat_id) for one in api.breaches] == [("pause", 1001)]
    api.fault("429", seconds=9, everywhere=True)
    for chat_id in (1002, 1001):
        with pytest.raises(RetryAfter):
            await bot.send_message(chat_id, "x")


async def test_migration_as_a_fault(api: BotApiServer, bot: Bot) -> None:
    api.chat(-55)
    api.fault("migrate", new_chat=-100300)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-55, "x")
    assert moved.value.new_chat_id == -100300


async def test_a_dropped_call_is_not_delivered_and_a_lost_one_is(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    for kind, delivered in (("drop", 0), ("lost", 1)):
        api.fault(kind)
        with pytest.raises(NetworkError) as raised:
            await bot.send_message(1001, "x")
        assert isinstance(raised.value.__cause__, httpx.RemoteProtocolError | httpx.ReadError)
        assert len(chat.messages) == delivered


async def test_a_call_that_hangs(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    for accepted in (False, True):
        api.fault("hang", accepted=accepted)
        with pytest.raises(TimedOut) as raised:
            await bot.send_message(1001, "x", read_timeout=0.1)
        assert isinstance(raised.value.__cause__, httpx.ReadTimeout)
        assert len(chat.messages) == int(accepted)


async def test_an_accepted_message_with_a_broken_answer(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    for number, kind in enumerate(("502", "not_json", "429"), start=1):
        api.fault(kind, accepted=True, seconds=0.0)
        with pytest.raises(TelegramError):
            await bot.send_message(1001, "x")
        assert len(chat.messages) == number


async def test_a_slow_answer(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001)
    api.fault("slow", seconds=0.01)
    assert (await bot.send_message(1001, "x")).text == "x"


async def test_faults_strike_where_and_as_often_as_told(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001)
    api.chat(1002)
    fault = api.fault("blocked", times=None, chat=1001)
    await bot.send_message(1002, "x")
    for _ in range(3):
        with pytest.raises(Forbidden):
            await bot.send_message(1001, "x")
    fault.cancel()
    await bot.send_message(1001, "x")
    assert fault.hits == 3
    api.fault("502", method="*", times=None)
    with pytest.raises(NetworkError):
        await bot.get_me()
    api.clear_faults()
    assert (await bot.get_me()).is_bot
    with pytest.raises(ValueError, match="no such fault"):
        api.fault("explode")


async def test_down_and_up(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001)
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.to_thread(api.wait_for, lambda: api.calls_of("getUpdates"))
    await asyncio.to_thread(api.down)
    with pytest.raises(NetworkError):
        await poll
    with pytest.raises(NetworkError) as refused:
        await bot.send_message(1001, "x")
    assert isinstance(refused.value.__cause__, httpx.ConnectError)
    await asyncio.to_thread(api.up)
    await bot.send_message(1001, "x")
    assert len(api.sent) == 1
