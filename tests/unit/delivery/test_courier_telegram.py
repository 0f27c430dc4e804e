"""Courier, limiter and Telegram sender together, while things go wrong: nothing lost, no limit broken."""

import asyncio
from pathlib import Path

from tests.fakes.botapi import BotApiServer
from watchbot.clock import SystemClock
from watchbot.delivery.application import make_application
from watchbot.delivery.courier import Courier
from watchbot.delivery.limiter import Limiter
from watchbot.delivery.telegram import TelegramSender
from watchbot.model.alert import Form, NewDelivery, State
from watchbot.store import open_store

CHATS = 25
EACH = 3


async def test_faults_while_alerts_flow(tmp_path: Path) -> None:
    clock = SystemClock()
    store = open_store(f"sqlite:///{tmp_path / 'flow.db'}")
    async with BotApiServer() as api:
        chats = [api.chat(1000 + number, started=True) for number in range(CHATS)]
        with store.write() as tx:
            for number in range(EACH):
                for chat in chats:
                    tx.outbox.queue(NewDelivery(str(chat.id), f"<b>{number}</b> &amp; so on", Form.HTML), clock.now())
        api.fault("429", chat=1003, seconds=2)
        api.fault("blocked", chat=1004, times=None)
        api.fault("not_json", chat=1005, accepted=True)
        application = make_application(api.token, api.url, "", Limiter(clock))
        await application.initialize()
        sender = TelegramSender(application.bot)
        courier = Courier(store, sender, clock, "telegram", "node", asyncio.Event(), lambda: 0.5)
        await courier.drain(15)
        await application.shutdown()
        assert api.breaches == []
        for chat in chats:
            if chat.id not in (1004, 1005):
                assert [one.text for one in chat.messages] == [f"{number} & so on" for number in range(EACH)]
    with store.read() as tx:
        counts = tx.outbox.counts()
    store.close()
    assert counts[State.PARKED] == EACH
    assert counts[State.UNCERTAIN] == 1
    assert counts[State.SENT] >= (CHATS - 2) * EACH
    assert counts[State.DEAD] == counts[State.SENDING] == 0
