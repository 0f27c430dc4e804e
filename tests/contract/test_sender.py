"""What every sender keeps: the terminal, Telegram (against the project's own Bot API server), and the fake one."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_limits import Limits
from tests.fakes.botapi_records import SentMessage
from tests.fakes.sender import FakeSender
from watchbot.delivery.application import make_application
from watchbot.delivery.console import ConsoleSender
from watchbot.delivery.telegram import TelegramSender
from watchbot.message.codec import dump
from watchbot.message.keyboard import FileBody, dump_file
from watchbot.model.alert import (
    Act,
    Card,
    Delivery,
    Form,
    Marked,
    Outcome,
    Rank,
    Report,
    Result,
    State,
    Why,
)
from watchbot.model.panel import Button
from watchbot.model.watch import Kind, Level
from watchbot.ports.sender import Sender

NOW = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)
WIRE = Report("Wire", "鴻海 & Foxconn <grow>", "https://wire.example/1?a=b&c=d", NOW)
POST = Report("Post", "Foxconn picks Houston", "https://post.example/1", NOW)
CARD = Card(
    ("Foxconn",),
    Marked("鴻海 & Foxconn <grow>", ((0, 2),)),
    "https://wire.example/1?a=b&c=d",
    "",
    Marked("Then Foxconn spoke.", ((5, 12),)),
    Why(Level.MAIN, "鴻海", "title", Kind.NAME),
    (WIRE,),
    "en",
    "Asia/Taipei",
)
DELIVERY = Delivery(
    id=1,
    chat="1001",
    body=dump(CARD),
    form=Form.CARD,
    act=Act.SEND,
    part=0,
    rank=Rank.ALERT,
    silent=False,
    state=State.SENDING,
    attempts=1,
    next_at=NOW,
    created_at=NOW,
)


@dataclass
class Kept:
    """A sender and what a person saw of it, oldest first."""

    sender: Sender
    shown: Callable[[], str]


@asynccontextmanager
async def console() -> AsyncIterator[Kept]:
    stream = io.StringIO()
    yield Kept(ConsoleSender(stream), stream.getvalue)


@asynccontextmanager
async def fake() -> AsyncIterator[Kept]:
    sender = FakeSender()
    yield Kept(sender, lambda: "\n".join(sender.texts()))


@asynccontextmanager
async def telegram() -> AsyncIterator[Kept]:
    async with BotApiServer(Limits(enabled=False)) as api:
        chat = api.chat(1001, started=True)
        application = make_application(api.token, api.url, "", None)
        await application.initialize()
        try:
            yield Kept(TelegramSender(application.bot), lambda: "\n".join(_shown(one) for one in chat.messages))
        finally:
            await application.shutdown()


def _shown(message: SentMessage) -> str:
    """What Telegram shows of a message."""
    return f"{message.document[0]}\n{message.text}" if message.document else message.text


@pytest.fixture(params=[console, telegram, fake], ids=lambda make: make.__name__)
async def kept(request: pytest.FixtureRequest) -> AsyncIterator[Kept]:
    """Each sender in turn."""
    async with request.param() as made:
        yield made


async def test_a_card_is_shown(kept: Kept) -> None:
    outcome = await kept.sender.deliver(DELIVERY)
    assert outcome.result is Result.SENT
    assert outcome.message_id
    for words in ("鴻海", "Foxconn", "Wire", "08:12", "headline"):
        assert words in kept.shown()
    assert "possibly repeated" not in kept.shown()


async def test_messages_have_ids_of_their_own(kept: Kept) -> None:
    first = await kept.sender.deliver(DELIVERY)
    second = await kept.sender.deliver(replace(DELIVERY, id=2, body=dump(replace(CARD, headline=Marked("Other")))))
    assert first.message_id != second.message_id


async def test_a_repeat_is_marked(kept: Kept) -> None:
    outcome = await kept.sender.deliver(replace(DELIVERY, repeat=True))
    assert outcome.result is Result.SENT
    assert "possibly repeated" in kept.shown()


async def test_a_reply_is_shown(kept: Kept) -> None:
    reply = replace(DELIVERY, form=Form.HTML, body='<b>On</b>: A &amp; B, <a href="https://a.example/">more</a>')
    assert (await kept.sender.deliver(reply)).result is Result.SENT
    assert "On: A & B, more" in kept.shown()


async def test_a_repeated_reply_is_marked(kept: Kept) -> None:
    reply = replace(DELIVERY, form=Form.HTML, body="<b>On</b>", repeat=True)
    assert (await kept.sender.deliver(reply)).result is Result.SENT
    assert "possibly repeated" in kept.shown()


async def test_buttons_do_not_get_between_the_words(kept: Kept) -> None:
    rows = ((Button("Why", "why"), Button("Open", "https://wire.example/1")),)
    assert (await kept.sender.deliver(replace(DELIVERY, rows=rows, token="t" * 16))).result is Result.SENT
    assert "Foxconn" in kept.shown()
    assert "tttt" not in kept.shown()


async def test_a_file_is_named(kept: Kept) -> None:
    body = dump_file(FileBody("watchlist.yaml", b"watches: []", "Your <b>watches</b>"))
    outcome = await kept.sender.deliver(replace(DELIVERY, form=Form.FILE, body=body))
    assert outcome.result is Result.SENT
    assert "Your watches" in kept.shown()
    assert "watchlist.yaml" in kept.shown()


async def test_a_broken_file_is_not_shown(kept: Kept) -> None:
    assert (await kept.sender.deliver(replace(DELIVERY, form=Form.FILE, body="{}"))).result is Result.BAD_TEXT


async def test_plain_text_is_shown_as_well(kept: Kept) -> None:
    assert (await kept.sender.deliver(replace(DELIVERY, plain=True))).result is Result.SENT
    assert "<grow>" in kept.shown()
    assert "<a" not in kept.shown()


async def test_an_edit_names_the_new_source(kept: Kept) -> None:
    sent = await kept.sender.deliver(DELIVERY)
    grown = replace(CARD, reports=(WIRE, POST))
    edit = replace(DELIVERY, id=2, act=Act.EDIT, body=dump(grown), message_id=sent.message_id, repeat=True)
    outcome = await kept.sender.deliver(edit)
    assert outcome.result is Result.SENT
    assert outcome.message_id
    assert "Post" in kept.shown()
    assert "possibly repeated" not in kept.shown()


@pytest.mark.parametrize("body", ["", "{}", "no card"])
async def test_a_broken_card_is_the_texts_fault(kept: Kept, body: str) -> None:
    outcome: Outcome = await kept.sender.deliver(replace(DELIVERY, body=body))
    assert outcome.result is Result.BAD_TEXT
    assert outcome.error
