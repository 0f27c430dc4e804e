"""The limiter keeps Telegram's limits by the clock it is given, and never waits long."""

import asyncio
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fakes.botapi_limits import Limits
from watchbot.delivery.limiter import CHAT_GAP, GROUP_CALLS, IN_A_SECOND, PER_SECOND, Limiter, metered
from watchbot.delivery.outcome import Paused


class Crowd:
    """A clock for many callers: it goes to the next moment that anybody waits for once all of them wait."""

    def __init__(self) -> None:
        self.at = 1000.0
        self._waiting: list[tuple[float, asyncio.Event]] = []

    def monotonic(self) -> float:
        return self.at

    async def wait(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._waiting.append((self.at + seconds, woken))
        await woken.wait()

    async def run(self, calls: "list[asyncio.Task[None]]", until: float = float("inf")) -> None:
        """Let time pass until all calls are made, or until this time."""
        while self.at < until and not all(call.done() for call in calls):
            for _ in range(5):
                await asyncio.sleep(0)
            if self._waiting:
                first = min(self._waiting, key=lambda one: one[0])
                self._waiting.remove(first)
                self.at = max(self.at, first[0])
                first[1].set()


class Time:
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> datetime:
        return datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at

    async def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.at += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def limiter(time: Time) -> Limiter:
    return Limiter(time, time.wait)


async def call(
    limiter: Limiter,
    chat: int | str,
    endpoint: str = "sendMessage",
    error: Exception | None = None,
    rank: int | None = None,
) -> None:
    """One call through the limiter."""

    async def callback() -> bool:
        if error:
            raise error
        return True

    await limiter.process_request(callback, (), {}, endpoint, {"chat_id": chat}, rank)


async def test_chats_together_stay_below_thirty_a_second(limiter: Limiter, time: Time) -> None:
    times = []
    for chat in range(1, 200):
        await call(limiter, chat)
        times.append(time.at)
    window: deque[float] = deque()
    for at in times:
        window.append(at)
        while window[0] <= at - 1.0:
            window.popleft()
        assert len(window) <= 29
    assert 199 / (times[-1] - times[0]) >= 25
    assert PER_SECOND < 30


async def test_one_chat_gets_one_a_second(limiter: Limiter, time: Time) -> None:
    start = time.at
    for _ in range(5):
        await call(limiter, 1001)
    assert time.at - start >= 4 * CHAT_GAP - 0.001


async def test_edits_and_replies_count_as_well(limiter: Limiter, time: Time) -> None:
    start = time.at
    for endpoint in ("sendMessage", "editMessageText", "sendDocument", "editMessageReplyMarkup", "copyMessage"):
        await call(limiter, 1001, endpoint)
    assert time.at - start >= 4 * CHAT_GAP - 0.001


async def test_asking_is_free(limiter: Limiter, time: Time) -> None:
    start = time.at
    for endpoint in ("getMe", "getUpdates", "answerCallbackQuery", "setMyCommands", "sendChatAction"):
        assert not metered(endpoint)
        await call(limiter, 1001, endpoint)
    assert time.at == start


@pytest.mark.parametrize("chat", [-100200, "@channel"])
async def test_a_group_gets_twenty_a_minute(limiter: Limiter, time: Time, chat: int | str) -> None:
    for _ in range(GROUP_CALLS):
        await call(limiter, chat)
    with pytest.raises(Paused) as refused:
        await call(limiter, chat)
    assert refused.value.own
    assert 30 < refused.value.seconds < 60
    await call(limiter, 1001)
    time.at += refused.value.seconds
    await call(limiter, chat)


async def test_what_leaves_here_is_within_telegrams_limits(limiter: Limiter, time: Time) -> None:
    strict = Limits(now=time.monotonic)
    for number in range(400):
        chat = [1, 2, 3, -100, -200][number % 5]
        try:
            await call(limiter, chat)
        except Paused as pause:
            time.at += pause.seconds / 4
            continue
        strict.check("sendmessage", chat, chat < 0)
    assert strict.breaches == []


async def test_a_429_holds_the_chat_back(limiter: Limiter, time: Time) -> None:
    with pytest.raises(Paused):
        await call(limiter, 1001, error=Paused(7))
    with pytest.raises(Paused) as refused:
        await call(limiter, 1001)
    assert refused.value.own
    await call(limiter, 1002)
    time.at += 7.1
    await call(limiter, 1001)


async def test_a_second_429_holds_everybody_back(limiter: Limiter, time: Time) -> None:
    for chat in (1001, 1002):
        with pytest.raises(Paused):
            await call(limiter, chat, error=Paused(7))
    with pytest.raises(Paused):
        await call(limiter, 1003)
    time.at += 7.1
    await call(limiter, 1003)


async def test_a_long_429_holds_everybody_back(limiter: Limiter) -> None:
    with pytest.raises(Paused):
        await call(limiter, 1001, error=Paused(60))
    with pytest.raises(Paused):
        await call(limiter, 1003)


async def test_who_waits_when_a_pause_begins_does_not_call(time: Time) -> None:
    async def wait(seconds: float) -> None:
        limiter.pause("*", 30)
        await asyncio.sleep(0)

    limiter = Limiter(time, wait)
    time.at += 1.1
    await call(limiter, 1001)
    with pytest.raises(Paused):
        await call(limiter, 1001)


async def test_long_free_chats_are_forgotten(limiter: Limiter, time: Time) -> None:
    for chat in range(5000):
        await call(limiter, chat)
    kept: dict[str, Any] = limiter._chats
    assert len(kept) < 3000


async def test_answers_pass_alerts_that_wait_in_the_line() -> None:
    crowd = Crowd()
    limiter = Limiter(crowd, crowd.wait)  # type: ignore[arg-type]
    order: list[str] = []

    async def one(chat: int, rank: int) -> None:
        await call(limiter, chat, rank=rank)
        order.append("answer" if rank == 0 else "alert")

    alerts = [asyncio.ensure_future(one(chat, 20)) for chat in range(40)]
    while len(order) < 3:
        await crowd.run(alerts[: len(order) + 1])
    answers = [asyncio.ensure_future(one(1000 + chat, 0)) for chat in range(3)]
    await crowd.run(alerts + answers)
    places = [place for place, what in enumerate(order) if what == "answer"]
    assert places[-1] <= 10
    assert 43 / (crowd.at - 1001.0) >= 25, "the first second of a limiter is left free"


async def test_a_call_that_waits_for_its_own_chat_holds_up_no_other() -> None:
    crowd = Crowd()
    limiter = Limiter(crowd, crowd.wait)  # type: ignore[arg-type]
    at: dict[int, float] = {}

    async def one(chat: int, number: int) -> None:
        await call(limiter, chat, rank=20)
        at[number] = crowd.at

    calls = [asyncio.ensure_future(one(chat, number)) for number, chat in enumerate([1, 1, 2, 3])]
    await crowd.run(calls)
    assert at[1] - at[0] >= CHAT_GAP - 0.001
    assert max(at[2], at[3]) - at[0] < 0.2


async def test_calls_that_are_late_together_break_no_limit() -> None:
    crowd = Crowd()
    limiter = Limiter(crowd, crowd.wait)  # type: ignore[arg-type]
    gate = asyncio.Event()
    begun: list[float] = []

    async def one(chat: int) -> None:
        async def callback() -> bool:
            begun.append(crowd.at)
            await gate.wait()
            return True

        await limiter.process_request(callback, (), {}, "sendMessage", {"chat_id": chat}, 20)

    calls = [asyncio.ensure_future(one(chat)) for chat in range(36)]
    await crowd.run(calls, until=1002.6)
    assert len(begun) == IN_A_SECOND, "whatever is under way may all arrive in the next moment"
    gate.set()
    opened = crowd.at
    await crowd.run(calls)
    assert len(begun) == 36
    assert begun[IN_A_SECOND] >= opened + 0.9, "and counts for a second after it has"
