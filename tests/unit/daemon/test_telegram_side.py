"""The Telegram side of a node: its parts live and die together."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from watchbot.clock import SystemClock
from watchbot.daemon import leases
from watchbot.daemon import telegram as module
from watchbot.daemon.health import Health
from watchbot.daemon.leases import LeaseKeeper
from watchbot.daemon.telegram import TelegramSide
from watchbot.model.errors import StoreError


class Part:
    """The poller, the courier ... : works until it is cancelled, or fails when it is told to."""

    def __init__(self) -> None:
        """At rest."""
        self.working = 0
        self.fails = asyncio.Event()
        self.began = asyncio.Event()

    async def run(self) -> None:
        """Work."""
        self.working += 1
        self.began.set()
        try:
            await self.fails.wait()
            raise OSError("the database was restarted")
        finally:
            self.working -= 1

    async def stop(self) -> None:
        """As a courier is stopped."""


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Part]:
    """What the side consists of."""
    made = {name: Part() for name in ("poller", "courier", "chores", "menus")}
    monkeypatch.setattr(module, "Poller", lambda *_things: made["poller"])
    monkeypatch.setattr(module, "Menus", lambda *_things: made["menus"])

    async def connected(*_things: Any) -> str:
        return "watch_bot"

    monkeypatch.setattr(module, "connect", connected)
    monkeypatch.setattr(TelegramSide, "_hand_over_once", lambda _side: None)
    monkeypatch.setattr(TelegramSide, "_write", lambda _side, _words: None)
    return made


def side_of(parts: dict[str, Part]) -> TelegramSide:
    """A side made of these parts."""

    async def nothing(*_things: Any) -> None:
        pass

    telegram = SimpleNamespace(
        application=lambda: SimpleNamespace(bot=None, shutdown=nothing),
        courier=lambda _application: parts["courier"],
        worker=lambda: parts["chores"],
        nudge=lambda: None,
        tools=object(),
        bot_key="1",
    )
    greeting: Any = SimpleNamespace(owner_link=nothing)
    rooms: Any = SimpleNamespace(telegram=telegram)
    return TelegramSide(rooms, Health(), greeting)


@pytest.mark.parametrize("failing", ["poller", "courier", "chores", "menus"])
async def test_where_one_part_fails_no_other_goes_on_alone(parts: dict[str, Part], failing: str) -> None:
    work = asyncio.ensure_future(side_of(parts).work())
    await asyncio.gather(*(part.began.wait() for part in parts.values()))
    parts[failing].fails.set()
    await asyncio.wait({work})
    assert work.exception() is not None
    assert {name: part.working for name, part in parts.items()} == dict.fromkeys(parts, 0)


async def test_what_failed_begins_anew_and_it_is_said(
    parts: dict[str, Part], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(LeaseKeeper, "_acquire", lambda _keeper: True)
    monkeypatch.setattr(LeaseKeeper, "_release", lambda _keeper: None)
    store: Any = None
    stop = asyncio.Event()
    keeper = LeaseKeeper(store, "telegram:1", "me", SystemClock(), side_of(parts).work, Health())
    running = asyncio.ensure_future(keeper.run(stop))
    poller = parts["poller"]
    await asyncio.wait_for(poller.began.wait(), 30)
    poller.began.clear()
    poller.fails.set()
    await asyncio.wait_for(poller.began.wait(), 30)
    stop.set()
    await asyncio.wait_for(running, 30)
    assert "poller and courier begin anew: OSError" in caplog.messages


async def test_where_updates_come_in_messages_are_tried_at_once(parts: dict[str, Part]) -> None:
    side, nudges, tries = side_of(parts), [], []
    monkeyed: Any = side
    monkeyed._telegram.nudge = lambda: nudges.append(1)
    line = SimpleNamespace(down=False, try_soon=lambda: tries.append(1))
    courier: Any = SimpleNamespace(line=line)
    side._answers("watch_bot", courier)
    assert (nudges, tries) == ([], [])
    line.down = True
    side._answers("watch_bot", courier)
    assert (nudges, tries) == ([1], [1])
    await asyncio.gather(*side._notes)


async def test_a_database_in_trouble_learns_later_how_telegram_is(
    parts: dict[str, Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def write(_side: TelegramSide, words: str) -> None:
        written.append(words)
        if len(written) == 1:
            raise StoreError("the server closed the connection")

    monkeypatch.setattr(TelegramSide, "_write", write)
    side = side_of(parts)
    for _time in range(3):
        side._unwell("Telegram does not answer")
        await asyncio.gather(*side._notes)
    assert written == ["Telegram does not answer"] * 2
