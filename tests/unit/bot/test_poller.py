"""The poller against the project's Bot API server: nothing is handled twice, nothing stops it, what fails is told."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError

from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_records import SentMessage
from tests.unit.bot.conftest import OWNER, STRANGER, USER, Desk
from watchbot.bot import poller as module
from watchbot.bot.poller import Poller
from watchbot.delivery.application import make_application
from watchbot.delivery.outcome import Paused
from watchbot.model.errors import StoreError
from watchbot.pipeline.setaside import set_aside_count, set_aside_last

KEY = "424242"
BAD: list[tuple[str, Any]] = [
    ("message", {"message_id": 5}),
    ("message", {"message_id": 5, "date": 1, "chat": {"id": USER}, "from": {"id": USER, "language_code": "zh-hant"}}),
    ("message", "no message at all"),
    ("message", {"message_id": 5, "date": "yesterday", "chat": {"id": USER, "type": "private"}}),
    ("callback_query", {"id": "q1", "from": {"id": USER}}),
    ("my_chat_member", {"chat": 7}),
]


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    """A Bot API server."""
    with BotApiServer.in_thread() as server:
        for user in (OWNER, USER, STRANGER):
            server.chat(user)
        yield server


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between tries here."""
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(module, "DATABASE_PAUSE", 0.0)
    monkeypatch.setattr(module, "OFFLINE", (0.0,))


class Line:
    """A poller at work, until everything that waits was confirmed."""

    def __init__(self, desk: Desk, api: BotApiServer) -> None:
        self.desk, self.api = desk, api
        self.tried: list[int] = []
        self.poison: set[int] = set()
        self.said: list[str] = []
        self.heals_after = 99
        self.error: Exception = ZeroDivisionError("secret words")
        handlers: Any = desk.handlers
        for name in ("_commit", "_commit_press"):
            setattr(handlers, name, self._trips(getattr(handlers, name)))

    def _trips(self, commit: Any) -> Any:
        """The same, but it fails for poisoned updates, until it heals."""

        def careful(source: Any, bot_key: str, update_id: int) -> Any:
            self.tried.append(update_id)
            if len(self.tried) <= self.heals_after and update_id in self.poison:
                raise self.error
            return commit(source, bot_key, update_id)

        return careful

    def work(self) -> None:
        """Poll in a loop of its own until nothing waits."""
        asyncio.run(self._work())

    async def _work(self) -> None:
        application = make_application(self.api.token, self.api.url, "", None)
        self.desk.handlers.register(application, KEY)
        poller = Poller(application, self.desk.tools, KEY, lambda: None, lambda: None, self.said.append)
        await application.initialize()
        task = asyncio.ensure_future(poller.run())
        try:
            await asyncio.to_thread(self.api.wait_confirmed)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await application.shutdown()

    def handle(self, raw: dict[str, Any]) -> None:
        """Hand one update over."""

        async def go() -> None:
            application = make_application(self.api.token, self.api.url, "", None)
            self.desk.handlers.register(application, KEY)
            await application.initialize()
            await Poller(application, self.desk.tools, KEY, lambda: None, lambda: None, self.said.append).handle(raw)
            await application.shutdown()

        asyncio.run(go())

    def offset(self) -> int:
        with self.desk.store.read() as tx:
            return tx.machine.offset(KEY)


@pytest.fixture
def line(desk: Desk, api: BotApiServer) -> Line:
    """A poller between the desk and the server."""
    return Line(desk, api)


def test_a_poisoned_message_is_set_aside_and_told(line: Line, desk: Desk, api: BotApiServer) -> None:
    bad = api.chat(USER).says("/help").update_id
    good = api.chat(USER).says("/help").update_id
    assert bad
    assert good
    line.poison.add(bad)
    line.work()
    assert line.tried == [bad, bad, bad, good]
    assert line.offset() == good + 1
    told = {(shown.chat, shown.text) for shown in desk.deliver()}
    assert any(chat == str(USER) and "not your fault" in text for chat, text in told)
    assert any(chat == str(OWNER) and f"update {bad}: ZeroDivisionError" in text for chat, text in told)
    assert any(chat == str(USER) and "/watch" in text for chat, text in told)
    assert not any("secret words" in text for _chat, text in told)
    with desk.store.read() as tx:
        assert set_aside_count(tx, KEY) == 1
        assert set_aside_last(tx, KEY).endswith(f"update {bad}: ZeroDivisionError")


def test_a_message_that_fails_twice_is_handled_once(line: Line, desk: Desk, api: BotApiServer) -> None:
    said = api.chat(USER).says("/help").update_id
    assert said
    line.poison.add(said)
    line.heals_after = 2
    line.work()
    assert line.tried == [said] * 3
    assert len(desk.deliver()) == 1
    with desk.store.read() as tx:
        assert set_aside_count(tx, KEY) == 0


def test_a_database_that_is_down_is_no_fault_of_the_message(
    line: Line, desk: Desk, api: BotApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = api.chat(USER).says("/help").update_id
    assert said
    line.poison.add(said)
    line.heals_after, line.error = 7, StoreError("the server closed the connection")
    real = Poller._offset

    def offset(poller: Poller) -> int:
        if 0 < len(line.tried) < 7:
            raise StoreError("the server closed the connection")
        return real(poller)

    monkeypatch.setattr(Poller, "_offset", offset)
    line.work()
    assert line.tried == [said] * 8
    assert ["/watch" in shown.text for shown in desk.deliver()] == [True]
    with desk.store.read() as tx:
        assert set_aside_count(tx, KEY) == 0


def test_a_message_that_the_database_refuses_is_set_aside(line: Line, desk: Desk, api: BotApiServer) -> None:
    said = api.chat(USER).says("/help").update_id
    assert said
    line.poison.add(said)
    line.error = StoreError("integer out of range")
    line.work()
    assert line.tried == [said] * 3
    with desk.store.read() as tx:
        assert set_aside_count(tx, KEY) == 1


@pytest.mark.parametrize("bad", range(len(BAD)))
def test_an_update_that_cannot_be_read_holds_up_no_other(line: Line, desk: Desk, api: BotApiServer, bad: int) -> None:
    first = api.chat(USER).says("/help").update_id
    number = _push(api, *BAD[bad])
    last = api.chat(USER).says("/help").update_id
    assert last
    line.work()
    assert line.tried == [first, last]
    assert line.offset() == last + 1
    told = desk.deliver()
    assert sum("/unwatch" in shown.text for shown in told) == 2
    assert any(shown.chat == str(OWNER) and f"update {number}: " in shown.text for shown in told)


def test_the_sender_of_an_unreadable_message_is_told_in_their_language(
    line: Line, desk: Desk, api: BotApiServer
) -> None:
    _push(api, *BAD[1])
    line.work()
    assert any(shown.chat == str(USER) and "不是你的錯" in shown.text for shown in desk.deliver())


def test_a_poisoned_press_is_answered(line: Line, desk: Desk, api: BotApiServer) -> None:
    chat = api.chat(USER)
    message = _message(api)
    press = chat.presses_data(message, "token:verb")
    line.poison.add(max(update["update_id"] for update in api.world.updates))
    line.work()
    chat.expects_answer(press, "not your fault")
    assert [shown.chat for shown in desk.deliver()] == [str(OWNER)]


def test_a_stranger_makes_the_bot_tell_little(line: Line, desk: Desk, api: BotApiServer) -> None:
    for _ in range(3):
        said = api.chat(STRANGER).says("boom").update_id
        assert said
        line.poison.add(said)
    line.work()
    assert [shown.chat for shown in desk.deliver()] == [str(OWNER)]
    with desk.store.read() as tx:
        assert set_aside_count(tx, KEY) == 3


def test_what_was_committed_is_not_done_again(line: Line, desk: Desk, api: BotApiServer) -> None:
    said = api.chat(USER).says("/help")
    api.fault("500", method="getUpdates", times=2)
    with api.changed:
        whole = list(api.world.updates)
    line.work()
    assert [words.partition("(")[0] for words in line.said] == ["Telegram does not answer "] * 2
    assert len(desk.deliver()) == 1
    line.handle(whole[0])  # as after a death between the commit and the next getUpdates
    assert whole[0]["update_id"] == said.update_id
    assert desk.deliver() == []


def test_updates_that_are_numbered_anew_are_heard(line: Line, desk: Desk, api: BotApiServer) -> None:
    with desk.store.write() as tx:
        tx.machine.set_offset(KEY, 727_334_708)
    said = [api.chat(USER).says("/help").update_id for _time in range(2)]
    line.work()
    assert len(desk.deliver()) == 2
    assert line.offset() == (said[-1] or 0) + 1


def test_a_group_that_moved_takes_its_watches_along(line: Line, desk: Desk, api: BotApiServer) -> None:
    group = api.chat(-500, members={OWNER: "creator"})
    with desk.store.write() as tx:
        tx.chats.set("-500", "language", "zh-TW")
    group.upgrades(-100500)
    line.work()
    with desk.store.read() as tx:
        assert tx.chats.settings("-100500")["language"] == "zh-TW"
        assert tx.chats.moved()["-500"] == "-100500"


def test_a_channel_known_by_its_name_gets_what_waits_once_the_bot_is_let_in(
    line: Line, desk: Desk, api: BotApiServer
) -> None:
    channel = api.chat(-100300, type="channel", username="ChipNews")
    with desk.store.write() as tx:
        tx.outbox._park("@chipnews", "need administrator rights")  # type: ignore[attr-defined]
        tx.outbox._park("@other", "need administrator rights")  # type: ignore[attr-defined]
    channel.sets_bot("administrator", user=OWNER)
    line.work()
    with desk.store.read() as tx:
        assert list(tx.chats.parked()) == ["@other"]


def test_the_answers_that_pollers_give(line: Line) -> None:
    application = make_application(line.api.token, line.api.url, "", None)
    poller = Poller(application, line.desk.tools, KEY, lambda: None, lambda: None, line.said.append)
    assert poller._after(Paused(7.0), 0) == 7
    assert poller._after(InvalidToken(), 9) == poller._after(Conflict("x"), 9) == 60
    assert "does not accept the token" in line.said[0]
    assert "another program" in line.said[1]


@pytest.mark.parametrize("failures", [3, 9, 99])
def test_after_a_long_outage_nobody_waits_long(line: Line, monkeypatch: pytest.MonkeyPatch, failures: int) -> None:
    monkeypatch.undo()
    application = make_application(line.api.token, line.api.url, "", None)
    poller = Poller(application, line.desk.tools, KEY, lambda: None, lambda: None, line.said.append)
    assert poller._after(NetworkError("httpx.ConnectError"), failures) <= 5


def _push(api: BotApiServer, kind: str, payload: Any) -> int:
    number = api.push_update(kind, payload)
    assert number
    return number


def _message(api: BotApiServer) -> SentMessage:
    """A message of the bot."""
    with api.changed:
        world = api.world
        chat = world.chat(USER)
        message = SentMessage(chat.id, world.next_message_id(), "t", "t", "t", [], 0.0, 0.0)
        chat.messages[message.message_id] = message
        return message
