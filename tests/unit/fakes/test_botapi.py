"""The fake Bot API server's methods and refusals, asked by the real client."""

import io
import json

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken
from telegram.request import HTTPXRequest

from tests.fakes.botapi import BotApiServer

HTML = ParseMode.HTML


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """One row of buttons whose data is their label."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in labels]])


async def test_get_me(api: BotApiServer, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (api.bot["id"], "watch_test_bot", True)
    assert not me.can_read_all_group_messages


async def test_wrong_token_and_wrong_paths(api: BotApiServer) -> None:
    async with HTTPXRequest() as request:
        with pytest.raises(InvalidToken):
            await Bot("424242:wrong", base_url=f"{api.url}/bot", request=request).get_me()
    async with aiohttp.ClientSession() as web:
        for path, status in (
            ("/bot424242:wrong/getMe", 401),
            ("/botnonsense/getMe", 404),
            ("/", 404),
            (f"/bot{api.token}/getNothing", 404),
            (f"/bot{api.token}/GETME", 200),
            (f"/file/bot{api.token}/documents/none", 404),
        ):
            async with web.get(api.url + path) as response:
                answer = await response.json()
                assert (response.status, answer["ok"]) == (status, status == 200)


async def test_parameters_come_by_query_form_and_json(api: BotApiServer) -> None:
    chat = api.chat(1001)
    address = f"{api.url}/bot{api.token}/sendMessage"
    async with aiohttp.ClientSession() as web:
        await web.get(address, params={"chat_id": 1001, "text": "by query"})
        await web.post(address, data={"chat_id": "1001", "text": "by form", "disable_notification": "true"})
        markup = {"inline_keyboard": [[{"text": "Go", "url": "https://example.com/"}]]}
        await web.post(address, json={"chat_id": 1001, "text": "by json", "reply_markup": markup})
        async with web.post(address, data={"chat_id": "1001", "text": "x", "reply_markup": "{"}) as response:
            assert "can't parse reply_markup" in (await response.json())["description"]
    assert [(one.text, one.silent) for one in chat.messages] == [
        ("by query", False),
        ("by form", True),
        ("by json", False),
    ]
    assert chat.messages[2].button("Go").url == "https://example.com/"


async def test_a_message_is_recorded_in_full(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    first = await bot.send_message(1001, "first")
    sent = await bot.send_message(
        1001,
        '<b>Foxconn</b> · <a href="https://example.com/a">plant</a> &amp; more',
        parse_mode=HTML,
        reply_markup=keyboard("Why", "Mute"),
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(first.message_id),
    )
    message = chat.expects("Foxconn", "plant")
    assert message.message_id == sent.message_id
    assert message.text == sent.text == "Foxconn · plant & more"
    assert message.html.startswith("<b>Foxconn</b>")
    assert (message.marked("bold"), message.links) == (["Foxconn"], {"plant": "https://example.com/a"})
    assert (message.silent, message.reply_to, message.preview) == (True, first.message_id, {"is_disabled": True})
    assert [[one.text for one in row] for row in message.buttons] == [["Why", "Mute"]]
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "first"
    assert first.date.timestamp() == pytest.approx(api.sent[0].wall, abs=1)
    call = api.calls_of("sendMessage")[1]
    assert (call.status, call.chat_id, call.answer["message_id"]) == (200, 1001, sent.message_id)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "text is empty"),
        (" \n", "text is empty"),
        ("<b> </b>", "text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        ("<b>x", "can't parse entities"),
    ],
)
async def test_texts_that_are_refused(api: BotApiServer, bot: Bot, text: str, why: str) -> None:
    api.chat(1001)
    with pytest.raises(BadRequest, match=rf"(?i){why}"):
        await bot.send_message(1001, text, parse_mode=HTML)
    assert api.sent == []


async def test_texts_at_the_limit_are_taken(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001)
    await bot.send_message(1001, "<b>" + "&lt;" * 4096 + "</b>", parse_mode=HTML)
    await bot.send_message(1001, "😀" * 2048)
    await bot.send_message(1001, "a <b & c")  # without parse_mode nothing is parsed
    assert [len(one.text) for one in api.sent] == [4096, 2048, 8]


async def test_other_parse_modes_are_not_spoken(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001)
    with pytest.raises(BadRequest, match=r"(?i)unsupported parse_mode"):
        await bot.send_message(1001, "*x*", parse_mode=ParseMode.MARKDOWN_V2)


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "button_data_invalid"),
        ({"text": "x", "callback_data": ""}, "button_data_invalid"),
        ({"text": " ", "callback_data": "x"}, "text is empty"),
        ({"text": "x"}, "text buttons are unallowed"),
        ({"text": "x", "url": "https://example.com", "callback_data": "x"}, "exactly one optional field"),
        ({"text": "x", "url": "javascript:x"}, "wrong http url"),
    ],
)
async def test_buttons_that_are_refused(api: BotApiServer, bot: Bot, button: dict[str, str], why: str) -> None:
    api.chat(1001)
    with pytest.raises(BadRequest, match=rf"(?i){why}"):
        await bot.send_message(1001, "x", api_kwargs={"reply_markup": json.dumps({"inline_keyboard": [[button]]})})
    assert api.sent == []


async def test_buttons_that_are_taken(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    await bot.send_message(1001, "x", reply_markup=keyboard("é" * 32))
    await bot.send_message(1001, "y", reply_markup=ForceReply())
    assert chat.messages[0].button("é").data == "é" * 32
    assert chat.messages[1].markup["force_reply"] is True
    too_many = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")] * 8] * 13)
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(1001, "x", reply_markup=too_many)


async def test_where_the_bot_cannot_write(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001).blocks()
    api.chat(1002, deactivated=True)
    api.chat(1003, started=False)
    api.chat(-100201).kicks()
    api.chat(-100202).sets_bot("left")
    api.chat(-100203, may_write=False)
    api.chat(-100204, type="channel", username="news", bot_status="member")
    for chat_id, error, why in (
        (1001, Forbidden, "bot was blocked by the user"),
        (1002, Forbidden, "user is deactivated"),
        (1003, Forbidden, "can't initiate conversation"),
        (1004, BadRequest, "(?i)chat not found"),
        (-100201, Forbidden, "bot was kicked from the supergroup chat"),
        (-100202, Forbidden, "not a member of the supergroup chat"),
        (-100203, BadRequest, "(?i)not enough rights"),
        ("@news", BadRequest, "(?i)need administrator rights"),
        ("@other", BadRequest, "(?i)chat not found"),
        ("", BadRequest, "(?i)chat_id is empty"),
    ):
        with pytest.raises(error, match=why):
            await bot.send_message(chat_id, "x")
    api.chat(1001).unblocks()
    await bot.send_message(1001, "back")
    api.chat(-100204, bot_status="administrator")
    await bot.send_message("@news", "in the channel")
    assert [one.chat_id for one in api.sent] == [1001, -100204]


async def test_an_upgraded_group_says_where_it_went(api: BotApiServer, bot: Bot) -> None:
    new = api.chat(-55).upgrades(-100300)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-55, "x")
    assert moved.value.new_chat_id == -100300
    await bot.send_message(-100300, "x")
    assert new.expects("x").chat_id == -100300


async def test_replies(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    asked = chat.says("hello")
    answer = await bot.send_message(1001, "hi", reply_parameters=ReplyParameters(asked.message_id))
    assert answer.reply_to_message is not None
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(1001, "x", reply_parameters=ReplyParameters(9999))
    loose = ReplyParameters(9999, allow_sending_without_reply=True)
    assert (await bot.send_message(1001, "x", reply_parameters=loose)).reply_to_message is None


async def test_topics(api: BotApiServer, bot: Bot) -> None:
    forum = api.chat(-100200, topics={7: "Chips"})
    chips, other = forum.topic(7), forum.topic(8)
    sent = await bot.send_message(-100200, "x", message_thread_id=7)
    assert (sent.message_thread_id, sent.is_topic_message) == (7, True)
    assert chips.expects("x").thread_id == 7
    other.quiet(0)
    for wrong in (1, 9):
        with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
            await bot.send_message(-100200, "x", message_thread_id=wrong)
    other.closes_topic()
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(-100200, "x", message_thread_id=8)
    chips.deletes_topic()
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(-100200, "x", message_thread_id=7)


async def test_edits(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    sent = await bot.send_message(1001, "<b>one</b>", parse_mode=HTML, reply_markup=keyboard("Why"))
    number = sent.message_id
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("<b>one</b> ", 1001, number, parse_mode=HTML, reply_markup=keyboard("Why"))
    await bot.edit_message_text("one, two", 1001, number, reply_markup=keyboard("Why"))
    message = chat.expects_edit(chat.expects("one"), "two")
    assert (message.original, message.text, message.button("Why").data) == ("one", "one, two", "Why")
    await bot.edit_message_reply_markup(1001, number, reply_markup=keyboard("Undo"))
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_reply_markup(1001, number, reply_markup=keyboard("Undo"))
    await bot.edit_message_text("three", 1001, number)
    assert message.buttons == []  # a keyboard that an edit does not name is gone
    assert [edit.text for edit in message.edits] == ["one, two", "one, two", "three"]


async def test_edits_that_are_refused(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    asked = chat.says("mine")
    sent = await bot.send_message(1001, "x")
    for number, text, why in (
        (9999, "y", "message to edit not found"),
        (asked.message_id, "y", "message can't be edited"),
        (sent.message_id, "", "message text is empty"),
        (sent.message_id, "y" * 4097, "message is too long"),
        (sent.message_id, "<i>", "can't parse entities"),
    ):
        with pytest.raises(BadRequest, match=rf"(?i){why}"):
            await bot.edit_message_text(text, 1001, number, parse_mode=HTML)
    await bot.delete_message(1001, sent.message_id)
    assert chat.messages == []
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("y", 1001, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(1001, sent.message_id)


async def test_documents_out(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    file = InputFile(io.BytesIO(b"watches: []"), filename="watchlist.yaml")
    sent = await bot.send_document(1001, file, caption="<b>yours</b>", parse_mode=HTML, reply_markup=keyboard("Ok"))
    message = chat.expects("yours")
    assert message.document == ("watchlist.yaml", b"watches: []")
    assert sent.document is not None
    assert (sent.document.file_name, sent.caption, message.button("Ok").data) == ("watchlist.yaml", "yours", "Ok")
    await bot.edit_message_caption(1001, sent.message_id, caption="still yours")
    chat.expects_edit(message, "still")
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_document(1001, b"x", caption="c" * 1025)
    with pytest.raises(BadRequest, match=r"(?i)non-empty"):
        await bot.send_document(1001, InputFile(b"", filename="x"))
    with pytest.raises(BadRequest, match=r"(?i)no document"):
        await bot.send_document(1001, "unknown-file-id")


async def test_commands_by_scope_and_language(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001)
    await bot.set_my_commands([BotCommand("watch", "Watch a company")])
    await bot.set_my_commands([BotCommand("invite", "邀請")], BotCommandScopeChat(1001), "zh")
    assert api.commands == {("default", ""): ["watch"], ("chat:1001", "zh"): ["invite"]}
    assert [one.command for one in await bot.get_my_commands()] == ["watch"]
    await bot.delete_my_commands()
    assert list(await bot.get_my_commands()) == []
    for command, description, why in (
        ("Watch", "x", "bot_command_invalid"),
        ("x" * 33, "x", "bot_command_invalid"),
        ("x", " ", "bot_command_description_invalid"),
        ("x", "y" * 257, "bot_command_description_invalid"),
    ):
        with pytest.raises(BadRequest, match=rf"(?i){why}"):
            await bot.set_my_commands([(command, description)])
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.set_my_commands([("x", "y")], BotCommandScopeChat(5))
    await bot.set_my_description("Watches companies", "en")
    assert api.world.texts == {"description:en": "Watches companies"}


async def test_chats_and_members(api: BotApiServer, bot: Bot) -> None:
    api.user(1001, name="Ann", language="zh-hant")
    api.chat(-100200, title="Desk", members={1001: "creator", 1002: "administrator", 1003: "member"})
    api.chat(1001)
    full = await bot.get_chat(-100200)
    assert (full.title, full.type) == ("Desk", "supergroup")
    assert [one.user.id for one in await bot.get_chat_administrators(-100200)] == [1001, 1002]
    statuses = [(await bot.get_chat_member(-100200, user)).status for user in (1001, 1002, 1003, api.bot["id"])]
    assert statuses == ["creator", "administrator", "member", "member"]
    api.user(1004)
    assert (await bot.get_chat_member(-100200, 1004)).status == "left"
    assert await bot.get_chat_member_count(-100200) == 4
    with pytest.raises(BadRequest, match=r"(?i)participant_id_invalid"):
        await bot.get_chat_member(-100200, 77)
    with pytest.raises(BadRequest, match=r"(?i)no administrators in the private chat"):
        await bot.get_chat_administrators(1001)
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.get_chat(-1)
    await bot.send_chat_action(1001, "typing")
    assert api.world.actions == [(1001, "typing")]
    await bot.leave_chat(-100200)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.get_chat(-100200)


async def test_webhook_methods(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001).says("hello")
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).pending_update_count == 0
