"""Chores: begun once, four at once and one a person, done again after a death, told in words where they fail."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.unit.bot.conftest import ADMIN, OWNER, USER, Desk
from watchbot.bot.chores import AGAIN, Worker
from watchbot.bot.talk import Answer, ChoreCase, Document, Talk, Tools
from watchbot.model.alert import Form, NewDelivery, Rank
from watchbot.model.errors import FetchError, StoreError, WorkerError
from watchbot.model.records import Chore, NewChore


class Work:
    """A kind of chore that a test looks into."""

    def __init__(self) -> None:
        """Nothing was done yet."""
        self.prepared: list[int] = []
        self.finished: list[Any] = []
        self.talks: list[Talk] = []
        self.running = self.most = 0
        self.trouble: list[Exception] = []
        self.wait: Callable[[], Any] | None = None
        self.answer = Answer("<b>done</b>")

    async def prepare(self, _tools: Tools, chore: Chore) -> str:
        """Ask the web."""
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            self.prepared.append(chore.asked.user)
            await (self.wait() if self.wait else asyncio.sleep(0))
            if self.trouble:
                raise self.trouble.pop(0)
            return "result"
        finally:
            self.running -= 1

    def finish(self, talk: Talk, _chore: Chore, result: Any) -> Answer:
        """Put it into the database."""
        self.finished.append(result)
        self.talks.append(talk)
        return self.answer


@pytest.fixture
def work() -> Work:
    return Work()


def worker(desk: Desk, work: Work, nudge: Callable[[], None] = lambda: None) -> Worker:
    """A worker that knows this kind only."""
    return Worker(desk.tools, nudge, {"work": ChoreCase(work.prepare, work.finish)})


def ask(desk: Desk, user: int = USER, **payload: Any) -> None:
    """Somebody asked for it, and was told to wait."""
    with desk.store.write() as tx:
        moment = NewDelivery(str(user), "one moment", Form.HTML, rank=Rank.REPLY)
        reply = tx.outbox.queue(moment, desk.clock.now())
        tx.chores.add(NewChore("work", str(user), user, payload, reply), desk.clock.now())


def drain(desk: Desk, work: Work) -> None:
    """Do what is due."""
    asyncio.run(worker(desk, work).drain())


def left(desk: Desk, user: int = USER) -> int:
    """How many chores of a person wait."""
    with desk.store.read() as tx:
        return tx.chores.of(user)


def test_the_result_takes_the_place_of_one_moment(desk: Desk, work: Work) -> None:
    ask(desk, language="zh-TW", may_change=True)
    (moment,) = desk.deliver()
    drain(desk, work)
    (shown,) = desk.deliver()
    assert shown is moment
    assert shown.text == "done"
    assert left(desk) == 0
    (talk,) = work.talks
    assert (talk.chat, talk.user, talk.private, talk.role, talk.language) == (str(USER), USER, True, "user", "zh-TW")


def test_a_file_comes_beside_the_answer(desk: Desk, work: Work) -> None:
    work.answer = Answer("here", document=Document("a.txt", b"x"))
    ask(desk)
    drain(desk, work)
    assert [bool(shown.file) for shown in desk.deliver()] == [False, True]


def test_the_role_is_looked_up_anew(desk: Desk, work: Work) -> None:
    ask(desk, ADMIN, may_change=True)
    with desk.store.write() as tx:
        tx.chats.set_role(ADMIN, "", desk.clock.now())
    drain(desk, work)
    assert work.talks[0].role == ""
    assert not work.talks[0].may_change


def test_one_a_person_and_four_at_once(desk: Desk, work: Work) -> None:
    for user in (USER, USER, USER, OWNER, ADMIN, 101, 102, 103, 104):
        ask(desk, user)
    drain(desk, work)
    assert len(work.finished) == 9
    assert work.most == 4
    assert work.prepared[:4] == [USER, OWNER, ADMIN, 101]


def test_what_the_web_does_not_like_is_a_result(desk: Desk, work: Work) -> None:
    work.trouble = [FetchError("404 Not Found")]
    ask(desk)
    drain(desk, work)
    assert [str(result) for result in work.finished] == ["404 Not Found"]
    assert left(desk) == 0


def test_what_takes_too_long_is_a_result(desk: Desk, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchbot.bot.chores.SECONDS", 0.01)
    work.wait = asyncio.Event().wait
    ask(desk)
    drain(desk, work)
    assert "took longer" in str(work.finished[0])


@pytest.mark.parametrize("error", [ValueError("x"), StoreError("locked"), WorkerError("no memory")])
def test_other_trouble_is_tried_three_times_and_then_told(desk: Desk, work: Work, error: Exception) -> None:
    work.trouble = [error] * 3
    ask(desk)
    for number in range(1, 4):
        assert left(desk) == 1
        drain(desk, work)
        assert len(work.prepared) == number
        desk.clock.move(1)
        drain(desk, work)  # not before half a minute
        assert len(work.prepared) == number
        desk.clock.move(AGAIN.total_seconds())
    assert left(desk) == 0
    assert "did not work" in desk.deliver()[-1].text
    assert work.finished == []


def test_a_finish_that_breaks_leaves_nothing_behind(desk: Desk, work: Work) -> None:
    fine = work.finish

    def broken(talk: Talk, chore: Chore, result: Any) -> Answer:
        talk.tx.chats.set("9", "language", "zh-TW")
        if not work.finished:
            work.finished.append("broken")
            raise ValueError("x")
        return fine(talk, chore, result)

    work.finish = broken  # type: ignore[method-assign]
    ask(desk)
    drain(desk, work)
    with desk.store.read() as tx:
        assert tx.chats.settings("9") == {}
    desk.clock.move(31)
    drain(desk, work)
    assert work.finished == ["broken", "result"]
    assert left(desk) == 0


def test_a_death_in_between_is_made_good_once(desk: Desk, work: Work) -> None:
    ask(desk)
    with desk.store.write() as tx:
        (dead,) = tx.chores.begin(desk.clock.now(), 5)  # whoever began it is killed now
    drain(desk, work)
    assert work.finished == []
    run_until_told(desk, work)
    assert work.finished == ["result"]
    case = ChoreCase(work.prepare, work.finish)
    worker(desk, work)._finish(dead, case, "late")  # the one that was thought dead
    assert work.finished == ["result"]
    assert [shown.text for shown in desk.deliver()] == ["done"]


def test_what_kills_every_time_is_given_up(desk: Desk, work: Work) -> None:
    ask(desk)
    for _death in range(3):
        with desk.store.write() as tx:
            tx.chores.begin(desk.clock.now(), 5)
            tx.chores.take_over(desk.clock.now())
    drain(desk, work)
    assert work.prepared == []
    assert "did not work" in desk.deliver()[-1].text


def test_a_kind_that_nobody_knows_is_given_up(desk: Desk, work: Work) -> None:
    with desk.store.write() as tx:
        tx.chores.add(NewChore("from the future", "9", USER, {}), desk.clock.now())
    drain(desk, work)
    assert left(desk) == 0
    assert "did not work" in desk.deliver()[-1].text


def test_a_nudge_wakes_it_and_the_courier_is_nudged(desk: Desk, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchbot.bot.chores.LOOK_SECONDS", 3600.0)  # only a nudge wakes it
    told, looked = asyncio.Event(), asyncio.Event()
    one = worker(desk, work, told.set)
    fine = one._look

    async def look() -> None:
        await fine()
        looked.set()

    monkeypatch.setattr(one, "_look", look)

    async def script() -> None:
        running = asyncio.ensure_future(_run_until(one, told))
        await looked.wait()
        await asyncio.to_thread(ask, desk)
        one.nudge()
        await running

    asyncio.run(script())
    assert work.finished == ["result"]


def test_a_stop_leaves_the_chore_to_the_next_holder(desk: Desk, work: Work) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    work.wait = hang
    ask(desk)
    asyncio.run(_run_until(worker(desk, work), begun))
    assert work.finished == []
    assert left(desk) == 1
    work.wait = None
    run_until_told(desk, work)
    assert work.finished == ["result"]


def test_trouble_with_the_database_does_not_end_it(desk: Desk, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    told = asyncio.Event()
    one = worker(desk, work, told.set)
    fine, tries = one._begin, []

    def begin(room: int) -> list[Chore]:
        tries.append(room)
        if len(tries) == 1:
            raise StoreError("locked")
        return fine(room)

    monkeypatch.setattr(one, "_begin", begin)
    monkeypatch.setattr("watchbot.bot.chores.LOOK_SECONDS", 0.01)
    ask(desk)
    asyncio.run(_run_until(one, told))
    assert work.finished == ["result"]


def test_chores_are_not_begun_twice_at_once(desk: Desk, work: Work) -> None:
    for user in (USER, USER, USER):
        ask(desk, user)
    desk.clock.move(timedelta(hours=1).total_seconds())
    drain(desk, work)
    assert work.prepared == [USER] * 3
    assert work.most == 1


async def _run_until(one: Worker, happened: asyncio.Event) -> None:
    """Let a worker run until something happened."""
    running = asyncio.ensure_future(one.run())
    try:
        async with asyncio.timeout(10):
            await happened.wait()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def run_until_told(desk: Desk, work: Work) -> None:
    """Let a worker run until the courier is nudged: something was answered."""
    told = asyncio.Event()
    asyncio.run(_run_until(worker(desk, work, told.set), told))
