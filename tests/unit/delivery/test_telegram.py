"""The Telegram sender against the project's own Bot API server: what is sent, and what every trouble comes to."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram.ext import ExtBot

from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_limits import Limits
from watchbot.delivery.application import make_application, make_bot
from watchbot.delivery.telegram import Target, TelegramSender, target_of, text_of
from watchbot.message.codec import dump
from watchbot.message.keyboard import FileBody, dump_file
from watchbot.message.parts import LIMIT, length, split
from watchbot.model.alert import Act, Card, Delivery, Form, Marked, Rank, Report, Result, State, Why
from watchbot.model.panel import Button
from watchbot.model.watch import Kind, Level

NOW = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)
CARD = Card(
    ("Foxconn",),
    Marked("Plant opens"),
    "https://wire.example/1",
    "",
    Marked("Then Foxconn spoke.", ((5, 12),)),
    Why(Level.MAIN, "Foxconn", "body", Kind.NAME),
    (Report("Wire", "Plant opens", "https://wire.example/1", NOW),),
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
ROWS = ((Button("Why", "why"), Button("Mute", "mute:8h")), (Button("Open", "https://wire.example/1"),))
REPLY = replace(DELIVERY, form=Form.HTML, body="<b>On</b>")


@pytest.fixture
async def api() -> AsyncIterator[BotApiServer]:
    """A server with a private chat and a group with a topic."""
    async with BotApiServer(Limits(enabled=False)) as server:
        server.chat(1001, started=True)
        server.chat(-100200, type="supergroup", topics={7: "Chips"})
        yield server


@pytest.fixture
async def bot(api: BotApiServer) -> AsyncIterator[ExtBot[Any]]:
    """The real client, as wiring builds it."""
    application = make_application(api.token, api.url, "", None)
    await application.initialize()
    yield application.bot
    await application.shutdown()


@pytest.fixture
def sender(bot: ExtBot[Any]) -> TelegramSender:
    return TelegramSender(bot)


async def test_an_alert_arrives_as_the_contract_says(api: BotApiServer, sender: TelegramSender) -> None:
    outcome = await sender.deliver(DELIVERY)
    message = api.sent[0]
    assert outcome.message_id == message.message_id
    assert message.lines[0] == "Foxconn · Plant opens"
    assert message.links == {"Plant opens": "https://wire.example/1"}
    assert message.marked("underline") == ["Foxconn"]
    assert message.marked("expandable_blockquote") == ["Then Foxconn spoke."]
    assert message.preview == {"is_disabled": True}
    assert not message.silent
    assert message.buttons == []


async def test_silent_topic_and_reply(api: BotApiServer, sender: TelegramSender) -> None:
    first = await sender.deliver(replace(REPLY, chat="-100200/7"))
    second = replace(REPLY, chat="-100200/7", silent=True, reply_to=first.message_id)
    assert (await sender.deliver(second)).result is Result.SENT
    message = api.sent[1]
    assert (message.thread_id, message.silent, message.reply_to) == (7, True, first.message_id)


async def test_a_reply_to_what_is_gone_is_sent_all_the_same(api: BotApiServer, sender: TelegramSender) -> None:
    assert (await sender.deliver(replace(REPLY, reply_to=999))).result is Result.SENT
    assert api.sent[0].reply_to is None


async def test_an_edit(api: BotApiServer, sender: TelegramSender) -> None:
    sent = await sender.deliver(DELIVERY)
    grown = replace(CARD, reports=(*CARD.reports, Report("Post", "Too", "", NOW)))
    edit = replace(DELIVERY, act=Act.EDIT, message_id=sent.message_id, body=dump(grown))
    assert (await sender.deliver(edit)).message_id == sent.message_id
    assert "+1 more" in api.sent[0].text
    assert (await sender.deliver(edit)).result is Result.SENT, "not modified means that it is as it should be"
    api.sent[0].deleted = True
    assert (await sender.deliver(edit)).result is Result.NO_MESSAGE
    assert (await sender.deliver(replace(edit, message_id=None))).result is Result.NO_MESSAGE


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        ("500", Result.UNCERTAIN),
        ("502", Result.UNCERTAIN),
        ("not_json", Result.UNCERTAIN),
        ("drop", Result.UNCERTAIN),
        ("lost", Result.UNCERTAIN),
        ("401", Result.REFUSED),
        ("404", Result.REFUSED),
        ("blocked", Result.UNREACHABLE),
        ("deactivated", Result.UNREACHABLE),
        ("kicked", Result.UNREACHABLE),
        ("chat_not_found", Result.UNREACHABLE),
        ("thread_not_found", Result.NO_THREAD),
    ],
)
async def test_troubles(api: BotApiServer, sender: TelegramSender, fault: str, result: Result) -> None:
    api.fault(fault)
    outcome = await sender.deliver(DELIVERY)
    assert outcome.result is result
    assert outcome.error
    assert api.token not in outcome.error
    assert (await sender.deliver(DELIVERY)).result is Result.SENT


async def test_a_429_says_how_long(api: BotApiServer, sender: TelegramSender) -> None:
    api.fault("429", seconds=7)
    outcome = await sender.deliver(DELIVERY)
    assert (outcome.result, outcome.seconds) == (Result.PAUSED, 7)


async def test_a_migration_says_where(api: BotApiServer, sender: TelegramSender) -> None:
    api.fault("migrate", new_chat=-1009)
    outcome = await sender.deliver(replace(DELIVERY, chat="-100200"))
    assert (outcome.result, outcome.chat) == (Result.MIGRATED, "-1009")


async def test_a_closed_and_a_deleted_topic(api: BotApiServer, sender: TelegramSender) -> None:
    topic = api.chat(-100200).topic(7)
    topic.closes_topic()
    assert (await sender.deliver(replace(REPLY, chat="-100200/7"))).result is Result.NO_THREAD
    topic.deletes_topic()
    assert (await sender.deliver(replace(REPLY, chat="-100200/7"))).result is Result.NO_THREAD


async def test_bad_html_is_the_texts_fault_and_plain_text_goes(api: BotApiServer, sender: TelegramSender) -> None:
    bad = replace(REPLY, body="<b>never <i>closed</b>")
    assert (await sender.deliver(bad)).result is Result.BAD_TEXT
    assert (await sender.deliver(replace(bad, plain=True))).result is Result.SENT
    assert api.sent[0].text == "never closed"


async def test_nobody_answers(api: BotApiServer, sender: TelegramSender) -> None:
    api.down()
    assert (await sender.deliver(DELIVERY)).result is Result.NOT_SENT
    api.up()
    assert (await sender.deliver(DELIVERY)).result is Result.SENT


async def test_a_call_that_hangs_is_given_up(api: BotApiServer, bot: ExtBot[Any]) -> None:
    api.fault("hang")
    assert (await TelegramSender(bot, call_seconds=0.2).deliver(DELIVERY)).result is Result.UNCERTAIN


@pytest.mark.parametrize("chat", ["owner", "desk", "", "1x", "-100/x", "@", "1/"])
async def test_what_is_no_chat(sender: TelegramSender, chat: str) -> None:
    assert (await sender.deliver(replace(DELIVERY, chat=chat))).result is Result.UNREACHABLE


def test_chat_keys() -> None:
    assert target_of("1001") == Target(1001)
    assert target_of("-100200/7") == Target(-100200, 7)
    assert target_of("-100200/1") == Target(-100200), "General is written to without naming it"
    assert target_of("@channel") == Target("@channel")


def test_a_full_message_is_sent_without_the_mark_of_a_repeat() -> None:
    full = replace(REPLY, body="x" * 4096, repeat=True)
    assert text_of(full) == "x" * 4096
    assert "possibly repeated" in text_of(replace(full, body="x"))
    assert "possibly repeated" not in text_of(replace(full, body="x", act=Act.EDIT))


def test_a_repeat_is_marked_in_the_languages_the_words_may_be_in() -> None:
    assert text_of(replace(REPLY, body="News", repeat=True)) == "News\n<i>(possibly repeated)</i>"
    assert text_of(replace(REPLY, body="則通知", repeat=True)) == "則通知\n<i>(possibly repeated · 可能重複)</i>"


@pytest.mark.parametrize("letter", ["x", "字", "😀"])
def test_a_part_of_a_long_answer_has_room_for_the_mark(letter: str) -> None:
    parts = split(letter * 9000)
    assert len(parts) >= 3
    for part in parts:
        marked = text_of(replace(REPLY, body=part, repeat=True))
        assert "possibly repeated" in marked
        assert length(marked) <= LIMIT


async def test_the_token_is_in_no_log(
    api: BotApiServer, sender: TelegramSender, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for fault in ("500", "not_json", "401", "drop", "429"):
            api.fault(fault)
            await sender.deliver(DELIVERY)
        await sender.deliver(DELIVERY)
    assert api.token not in caplog.text
    assert caplog.text == ""


def test_any_server_and_proxy_can_be_used() -> None:
    bot = make_bot("1:x", "http://127.0.0.1:8081/", "", None)
    assert bot.base_url == "http://127.0.0.1:8081/bot1:x"
    assert bot.base_file_url == "http://127.0.0.1:8081/file/bot1:x"
    make_bot("1:x", "https://api.example", "http://127.0.0.1:3128", None)


async def test_buttons_carry_the_token_and_addresses_are_links(api: BotApiServer, sender: TelegramSender) -> None:
    assert (await sender.deliver(replace(DELIVERY, rows=ROWS, token="t" * 16))).result is Result.SENT
    message = api.sent[0]
    assert [[button.text for button in row] for row in message.buttons] == [["Why", "Mute"], ["Open"]]
    assert message.button("Mute").data == f"{'t' * 16}:mute:8h"
    assert (message.button("Open").data, message.button("Open").url) == (None, "https://wire.example/1")


async def test_an_edit_changes_the_buttons_and_one_without_any_takes_them_away(
    api: BotApiServer, sender: TelegramSender
) -> None:
    sent = await sender.deliver(replace(DELIVERY, rows=ROWS, token="tok"))
    edit = replace(DELIVERY, act=Act.EDIT, message_id=sent.message_id, token="tok")
    await sender.deliver(replace(edit, rows=((Button("Story", "story"),),)))
    assert [button.data for row in api.sent[0].buttons for button in row] == ["tok:story"]
    assert (await sender.deliver(edit)).result is Result.SENT
    assert api.sent[0].buttons == []


async def test_a_plain_text_keeps_its_buttons(api: BotApiServer, sender: TelegramSender) -> None:
    bad = replace(REPLY, body="<b>never <i>closed</b>", rows=ROWS, token="tok")
    assert (await sender.deliver(bad)).result is Result.BAD_TEXT
    assert (await sender.deliver(replace(bad, plain=True))).result is Result.SENT
    assert api.sent[0].button("Why").data == "tok:why"


@pytest.mark.parametrize("button", [Button("Why", "x" * 80), Button("Open", "https://"), Button(" ", "why")])
async def test_refused_buttons_stay_away_and_the_words_arrive(
    api: BotApiServer, sender: TelegramSender, button: Button
) -> None:
    outcome = await sender.deliver(replace(DELIVERY, rows=((button,),), token="tok"))
    assert outcome.result is Result.SENT
    assert api.sent[0].links, "the words keep their form"
    assert api.sent[0].buttons == []
    edit = replace(DELIVERY, rows=((button,),), token="tok", act=Act.EDIT, message_id=outcome.message_id)
    grown = replace(CARD, reports=(*CARD.reports, Report("Post", "Too", "", NOW)))
    assert (await sender.deliver(replace(edit, body=dump(grown)))).result is Result.SENT
    assert "+1 more" in api.sent[0].text


async def test_a_file_is_sent_as_a_document(api: BotApiServer, sender: TelegramSender) -> None:
    body = dump_file(FileBody("watchlist.yaml", b"watches: []\n", "Your <b>watches</b>"))
    file = replace(DELIVERY, form=Form.FILE, body=body, chat="-100200/7", silent=True, rows=ROWS, token="tok")
    outcome = await sender.deliver(file)
    message = api.sent[0]
    assert (outcome.result, outcome.message_id) == (Result.SENT, message.message_id)
    assert message.document == ("watchlist.yaml", b"watches: []\n")
    assert (message.text, message.marked("bold")) == ("Your watches", ["watches"])
    assert (message.thread_id, message.silent) == (7, True)
    assert message.button("Why").data == "tok:why"
    changed = replace(file, act=Act.EDIT, message_id=message.message_id, body=dump_file(FileBody("x", b"x", "Old")))
    assert (await sender.deliver(changed)).result is Result.SENT
    assert (message.text, message.buttons[0][0].data) == ("Old", "tok:why")


async def test_a_repeated_file_says_so_and_a_long_caption_is_cut_where_it_was_refused(
    api: BotApiServer, sender: TelegramSender
) -> None:
    file = replace(DELIVERY, form=Form.FILE, body=dump_file(FileBody("a.csv", b"1")))
    await sender.deliver(replace(file, repeat=True))
    assert api.sent[0].text == "(possibly repeated · 可能重複)"
    long = replace(file, body=dump_file(FileBody("a.csv", b"1", "x" * 1100)))
    assert (await sender.deliver(long)).result is Result.BAD_TEXT
    assert (await sender.deliver(replace(long, plain=True))).result is Result.SENT
    assert len(api.sent[1].text) == 1024


async def test_a_broken_file_is_the_bodys_fault(sender: TelegramSender) -> None:
    for body in ("", "{}", '{"name": "x", "body_base64": "***"}'):
        assert (await sender.deliver(replace(DELIVERY, form=Form.FILE, body=body))).result is Result.BAD_TEXT
