"""The courier loses nothing, repeats only what was in doubt, and lets no chat or row stop another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.sender import FakeSender
from watchbot.delivery.courier import Courier
from watchbot.delivery.limiter import Limiter
from watchbot.delivery.line import Line
from watchbot.model.alert import Form, NewDelivery, Outcome, Rank, Result, State
from watchbot.store.engine import SqlStore

NOT_SENT = Outcome(Result.NOT_SENT, error="ConnectError")
LOST = Outcome(Result.UNCERTAIN, error="ReadTimeout")


class Set:
    """A store, a sender, a courier, and what tests say about them."""

    def __init__(self, store: SqlStore, chats: str = "telegram") -> None:
        self.store = store
        self.sender = FakeSender()
        self.at = datetime(2026, 11, 21, tzinfo=UTC)
        self.ahead = 0.0
        self.nudge = asyncio.Event()
        self.courier = self.another(chats)

    def another(self, chats: str = "telegram") -> Courier:
        """A courier as after a restart."""
        return Courier(self.store, self.sender, self, chats, "node", self.nudge, lambda: 0.0)  # type: ignore[arg-type]

    def now(self) -> datetime:
        """Wall time: stands still but for `pass_time`."""
        return self.at + timedelta(seconds=self.ahead)

    def monotonic(self) -> float:
        """The same in seconds."""
        return 1000.0 + self.ahead

    def pass_time(self, seconds: float) -> None:
        """Time goes on, and the courier wakes."""
        self.ahead += seconds
        self.nudge.set()

    def queue(self, chat: str, body: str, rank: Rank = Rank.ALERT, after: float = 0.0) -> int:
        """One more message."""
        with self.store.write() as tx:
            due = self.now() + timedelta(seconds=after)
            found = tx.outbox.queue(NewDelivery(chat, body, Form.HTML, rank=rank), self.now(), due)
        self.nudge.set()
        return found

    def counts(self) -> dict[State, int]:
        """Rows by state, without the empty ones."""
        with self.store.read() as tx:
            return {state: number for state, number in tx.outbox.counts().items() if number}

    async def until(self, done: Callable[[], bool]) -> None:
        """Let everything run until something is so."""
        async with asyncio.timeout(10):
            while not done():  # noqa: ASYNC110 - the database changes in threads, which set no event
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The courier at work."""
        task = asyncio.create_task(self.courier.run())
        try:
            yield
        finally:
            self.sender.gate.set()
            await self.courier.stop()
            await task


@pytest.fixture
async def post(store: SqlStore) -> Set:
    """Everything for Telegram."""
    return Set(store)


async def test_what_is_queued_is_sent_once_in_order(post: Set) -> None:
    async with post.running():
        for number in range(3):
            post.queue("1001", f"number {number}")
        await post.until(lambda: len(post.sender.shown) == 3)
    assert post.sender.texts() == ["number 0", "number 1", "number 2"]
    assert post.counts() == {State.SENT: 3}
    assert post.courier.sent == 3


async def test_replies_go_first(post: Set) -> None:
    post.queue("1001", "alert")
    post.queue("1001", "answer", Rank.REPLY)
    await post.courier.drain(5)
    assert post.sender.texts() == ["answer", "alert"]


async def test_the_console_and_telegram_do_not_take_each_others_rows(post: Set) -> None:
    post.queue("1001", "far")
    post.queue("console", "near")
    await post.courier.drain(5)
    assert post.sender.texts() == ["far"]
    await post.another("console").drain(5)
    assert post.sender.texts() == ["far", "near"]


async def test_one_call_at_a_time_for_a_chat_many_for_many(post: Set) -> None:
    post.sender.gate.clear()
    for chat in range(10):
        for number in range(2):
            post.queue(str(1000 + chat), f"{number}")
    async with post.running():
        await post.until(lambda: post.sender.in_flight == 10)
        post.sender.gate.set()
        await post.until(lambda: len(post.sender.shown) == 20)
    assert post.sender.most_in_flight == 10
    for chat in range(10):
        assert post.sender.texts(str(1000 + chat)) == ["0", "1"]


async def test_a_blocked_chat_is_parked_and_others_go_on(post: Set) -> None:
    post.sender.answers["666"] = Outcome(Result.UNREACHABLE, error="blocked")
    post.queue("666", "a")
    post.queue("666", "b")
    post.queue("1001", "c")
    await post.courier.drain(5)
    assert post.sender.texts() == ["c"]
    assert post.counts() == {State.PARKED: 2, State.SENT: 1}
    assert len(post.sender.calls) == 2


async def test_a_paused_chat_waits_and_others_go_on(post: Set) -> None:
    post.sender.answers["666"] = Outcome(Result.PAUSED, seconds=30, error="429")
    async with post.running():
        post.queue("666", "late")
        await post.until(lambda: len(post.sender.calls) == 1)
        post.queue("1001", "now")
        await post.until(lambda: post.sender.texts() == ["now"])
        del post.sender.answers["666"]
        post.pass_time(29)
        post.queue("1001", "again")
        await post.until(lambda: len(post.sender.shown) == 2)
        post.pass_time(2)
        await post.until(lambda: post.sender.texts("666") == ["late"])


async def test_a_second_paused_chat_pauses_all(post: Set) -> None:
    for chat in ("666", "667"):
        post.sender.answers[chat] = Outcome(Result.PAUSED, seconds=30, error="429")
        post.queue(chat, "late")
    async with post.running():
        await post.until(lambda: len(post.sender.calls) == 2)
        await post.until(lambda: State.SENDING not in post.counts())
    with post.store.read() as tx:
        assert "*" in tx.outbox.pauses(post.now())


async def test_a_lost_answer_is_sent_once_more_and_marked(post: Set) -> None:
    post.sender.script.append(LOST)
    async with post.running():
        post.queue("1001", "perhaps")
        await post.until(lambda: post.counts() == {State.UNCERTAIN: 1})
        post.pass_time(19)
        post.queue("1002", "other")
        await post.until(lambda: post.sender.texts() == ["other"])
        post.pass_time(2)
        await post.until(lambda: len(post.sender.shown) == 2)
    assert post.sender.texts("1001") == ["perhaps\n(possibly repeated)"]
    assert post.counts() == {State.SENT: 2}


async def test_while_the_line_is_down_one_message_at_a_time_is_tried(post: Set) -> None:
    post.sender.script.extend([NOT_SENT] * 200)
    for chat in range(100):
        post.queue(str(chat + 1), "x")
    async with post.running():
        await post.until(lambda: post.courier.line.down and State.SENDING not in post.counts())
        first = len(post.sender.calls)
        assert first <= 40
        for expected in range(1, 6):
            post.pass_time(70)
            await post.until(lambda expected=expected: len(post.sender.calls) == first + expected)
            await post.until(lambda: State.SENDING not in post.counts())
        assert post.courier.line.error == "ConnectError"
        post.sender.script.clear()
        post.pass_time(70)
        await post.until(lambda: len(post.sender.shown) > 60)
        post.pass_time(300)
        await post.until(lambda: len(post.sender.shown) == 100)
        assert not post.courier.line.down
    assert post.counts() == {State.SENT: 100}


async def test_a_bug_in_the_sender_stops_no_other_row(post: Set) -> None:
    post.queue("666", "poison")
    post.sender.script.extend([KeyError("bug")])
    async with post.running():
        await post.until(lambda: post.counts() == {State.UNCERTAIN: 1})
        post.queue("1001", "fine")
        await post.until(lambda: post.sender.texts() == ["fine"])
        for _ in range(4):
            post.sender.script.append(KeyError("bug"))
            post.pass_time(21)
            await post.until(lambda: not post.sender.script and State.SENDING not in post.counts())
        await post.until(lambda: post.counts() == {State.DEAD: 1, State.SENT: 1})


async def test_a_bad_text_goes_as_plain_text(post: Set) -> None:
    post.sender.script.append(Outcome(Result.BAD_TEXT, error="can't parse"))
    post.queue("1001", "<b>On</b>")
    await post.courier.drain(5)
    assert post.sender.texts() == ["On"]
    assert post.sender.shown[0].delivery.plain


async def test_a_migrated_chat_gets_everything_under_its_new_key(post: Set) -> None:
    post.sender.answers["-100"] = Outcome(Result.MIGRATED, chat="-1009", error="migrated")
    post.queue("-100", "a")
    post.queue("-100", "b")
    await post.courier.drain(5)
    assert post.sender.texts("-1009") == ["a", "b"]


async def test_a_death_while_sending_is_found_by_the_next_courier(post: Set) -> None:
    post.queue("1001", "perhaps")
    with post.store.write() as tx:
        assert tx.outbox.claim(post.now(), "courier:telegram", 180, 5, "telegram")
    post.courier = post.another()
    async with post.running():
        await post.until(lambda: post.counts() == {State.UNCERTAIN: 1})
        post.pass_time(21)
        await post.until(lambda: post.sender.texts() == ["perhaps\n(possibly repeated)"])


async def test_stop_waits_for_calls_in_flight_and_begins_none(post: Set) -> None:
    post.sender.gate.clear()
    post.queue("1001", "a")
    post.queue("1001", "b")
    task = asyncio.create_task(post.courier.run())
    await post.until(lambda: post.sender.in_flight == 1)
    stopping = asyncio.create_task(post.courier.stop())
    done, _waiting = await asyncio.wait({stopping}, timeout=0.05)
    assert not done
    post.sender.gate.set()
    await asyncio.gather(stopping, task)
    assert post.sender.texts() == ["a"]
    assert post.counts() == {State.PENDING: 1, State.SENT: 1}


async def test_stop_gives_up_a_call_that_hangs(post: Set) -> None:
    post.sender.gate.clear()
    post.queue("1001", "a")
    task = asyncio.create_task(post.courier.run())
    await post.until(lambda: post.sender.in_flight == 1)
    await post.courier.stop(0.05)
    await task
    assert post.counts() == {State.SENDING: 1}


async def test_what_was_claimed_in_the_moment_of_the_end_is_sent_by_the_next_one_unmarked(
    post: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.queue("1001", "a")
    loop, claim = asyncio.get_running_loop(), post.courier._claim
    task = asyncio.create_task(post.courier.run())

    def claims_while_the_lease_ends(limit: int, without: Collection[str]) -> datetime | None:
        asyncio.run_coroutine_threadsafe(cancel(task), loop).result()
        return claim(limit, without)

    monkeypatch.setattr(post.courier, "_claim", claims_while_the_lease_ends)
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert post.sender.texts() == []
    assert post.counts() == {State.PENDING: 1}
    post.courier = post.another()
    async with post.running():
        await post.until(lambda: post.counts() == {State.SENT: 1})
    assert post.sender.texts() == ["a"]


async def cancel(task: asyncio.Task[None]) -> None:
    """As whoever holds the task would."""
    task.cancel()


async def test_drain_ends_when_nothing_is_due(post: Set) -> None:
    post.queue("1001", "now")
    post.queue("1002", "tomorrow", after=86400)
    await post.courier.drain(60)
    assert post.sender.texts() == ["now"]
    assert post.counts() == {State.PENDING: 1, State.SENT: 1}


async def test_drain_ends_when_its_time_is_over(post: Set) -> None:
    post.sender.script.extend([NOT_SENT] * 1000)
    post.queue("1001", "now")
    task = asyncio.create_task(post.courier.drain(60))
    await post.until(lambda: bool(post.sender.calls) and State.SENDING not in post.counts())
    post.pass_time(61)
    async with asyncio.timeout(5):
        await task
    assert post.counts() == {State.PENDING: 1}


async def test_a_closed_pipe_does_not_hold_a_drain_up(store: SqlStore) -> None:
    post = Set(store, "console")
    post.sender.script.append(NOT_SENT)
    post.queue("console", "a")
    post.queue("console", "b")
    async with asyncio.timeout(5):
        await post.courier.drain(60)
    assert post.counts() == {State.PENDING: 2}
    assert len(post.sender.calls) == 1


async def test_a_database_in_trouble_is_waited_for(post: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchbot.delivery.courier.AFTER_TROUBLE", 0.05)
    real, failures = post.store.read, [1, 1, 1]

    def read() -> object:
        if failures:
            failures.pop()
            raise OSError("disk trouble")
        return real()

    monkeypatch.setattr(post.store, "read", read)
    post.queue("1001", "a")
    async with post.running():
        await post.until(lambda: len(post.sender.shown) == 1)
    assert failures == []


async def test_a_result_that_cannot_be_noted_is_tried_again(post: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    real, failures = post.courier._finished, [1, 1]

    def finished(*args: object) -> None:
        if failures:
            failures.pop()
            raise OSError("disk trouble")
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(post.courier, "_finished", finished)
    post.queue("1001", "a")
    await post.courier.drain(5)
    assert post.counts() == {State.SENT: 1}
    assert len(post.sender.calls) == 1


def test_lost_answers_in_a_row_mean_that_the_line_is_down() -> None:
    clock = Set.__new__(Set)
    clock.ahead = 0.0
    line = Line(clock, lambda: 0.0)
    for expected in (False, False, True):
        line.heard(LOST, probe=False)
        assert line.down is expected
    assert line.probe_in() == 1
    line.heard(LOST, probe=True)
    assert line.probe_in() == 2
    line.heard(NOT_SENT, probe=False)
    assert line.probe_in() == 2
    line.heard(Outcome(Result.BAD_TEXT), probe=True)
    assert not line.down


def test_a_line_that_is_down_is_tried_at_once_where_something_else_was_answered() -> None:
    clock = Set.__new__(Set)
    clock.ahead = 0.0
    line = Line(clock, lambda: 0.0)
    for _failure in range(9):
        line.heard(NOT_SENT, probe=True)
    assert line.probe_in() == 60
    line.try_soon()
    assert line.may_probe()
    line.heard(NOT_SENT, probe=True)
    assert line.probe_in() == 60


async def test_nothing_is_sent_before_it_is_known_what_was_sent_lately(
    post: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watchbot.delivery.courier.AFTER_TROUBLE", 0.05)
    real, failures = post.courier._taken_over, [1, 1]

    def taken_over() -> int:
        if failures:
            failures.pop()
            raise OSError("disk trouble")
        return real()

    monkeypatch.setattr(post.courier, "_taken_over", taken_over)
    post.queue("1001", "a")
    async with post.running():
        await post.until(lambda: len(post.sender.shown) == 1)
    assert failures == []


async def test_whoever_begins_anew_knows_of_calls_without_an_answer(post: Set) -> None:
    for number in range(7):
        post.queue("-100", f"{number}")
        post.sender.script.extend([LOST, LOST])
    for _round in range(2):
        await post.courier.drain(1)
        post.pass_time(20)
    post.courier._pace = limiter = Limiter(post)  # type: ignore[arg-type]
    limiter.pause = lambda _chat, _seconds: None  # type: ignore[method-assign]
    post.courier._taken_over()
    assert len(limiter._state("-100").calls) == len(post.sender.calls)


async def test_a_clock_that_was_set_back_silences_no_chat(post: Set) -> None:
    post.queue("1001", "a")
    await post.courier.drain(1)
    post.at -= timedelta(hours=1)
    post.courier._pace = limiter = Limiter(post)  # type: ignore[arg-type]
    post.courier._taken_over()
    assert limiter._state("1001").free_at - post.monotonic() < 2


async def test_what_another_node_queued_is_found_within_a_second(post: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    real = asyncio.timeout

    def timeout(seconds: float) -> object:
        naps.append(seconds)
        return real(0.01)

    monkeypatch.setattr("watchbot.delivery.courier.asyncio.timeout", timeout)
    await post.courier._nap(None, 60.0)
    await post.courier._nap(post.now() + timedelta(hours=1), 60.0)
    assert naps == [1.0, 1.0]
