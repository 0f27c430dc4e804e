"""What people do in the fake's chats arrives as updates, and scripts can wait for what the bot does."""

import asyncio
import threading
import urllib.parse
import urllib.request

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict

from tests.fakes.botapi import BotApiServer

WHY = InlineKeyboardMarkup([[InlineKeyboardButton("Why", callback_data="w1")]])


async def only(bot: Bot, offset: int = 0) -> Update:
    """The one update that waits."""
    (update,) = await bot.get_updates(offset=offset, timeout=0)
    return update


async def test_updates_wait_until_they_are_confirmed(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    ids = [chat.says(f"/list {number}").update_id for number in range(3)]
    for _ in range(2):
        assert [one.update_id for one in await bot.get_updates(timeout=0)] == ids
    assert [one.update_id for one in await bot.get_updates(offset=ids[1], timeout=0)] == ids[1:]
    assert [one.update_id for one in await bot.get_updates(offset=ids[1], limit=1, timeout=0)] == ids[1:2]
    assert [one.update_id for one in await bot.get_updates(offset=0, timeout=0)] == ids[1:]
    assert api.world.confirmed == ids[0]
    assert ids[2] is not None
    assert [one.update_id for one in await bot.get_updates(offset=-1, timeout=0)] == ids[2:]
    await bot.get_updates(offset=ids[2] + 1, timeout=0)
    api.wait_confirmed(ids[2])
    api.wait_confirmed(timeout=1)
    with pytest.raises(AssertionError, match="to be confirmed"):
        api.wait_confirmed(ids[2] + 1, timeout=0.01)


async def test_a_long_poll_ends_when_something_comes(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.to_thread(api.wait_for, lambda: api.calls_of("getUpdates"))
    chat.says("hello")
    (update,) = await poll
    assert update.message is not None
    assert update.message.text == "hello"


async def test_a_long_poll_ends_empty_after_its_time(api: BotApiServer, bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()
    call = api.calls_of("getUpdates")[0]
    assert (call.status, call.answer) == (200, [])


async def test_two_pollers_are_in_conflict(api: BotApiServer, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.to_thread(api.wait_for, lambda: api.calls_of("getUpdates"))
    assert await bot.get_updates(timeout=0) == ()
    with pytest.raises(Conflict):
        await first
    assert api.conflicts == 1


async def test_only_the_kinds_that_were_asked_for_come(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    assert api.push_update("chat_member", {}) is None  # not by default
    await bot.get_updates(allowed_updates=["message"], timeout=0)
    assert chat.blocks() is None
    chat.unblocks()
    said = chat.says("x")
    assert (await only(bot)).update_id == said.update_id
    await bot.get_updates(offset=(said.update_id or 0) + 1, allowed_updates=[], timeout=0)
    assert chat.blocks() is not None


async def test_what_a_person_says(api: BotApiServer, bot: Bot) -> None:
    api.user(1001, name="Ann", language="zh-hant")
    chat = api.chat(1001)
    chat.says("/watch@watch_test_bot 鴻海 https://example.com/ @friend")
    message = (await only(bot)).message
    assert message is not None
    assert message.from_user is not None
    assert (message.from_user.first_name, message.from_user.language_code) == ("Ann", "zh-hant")
    assert {str(one.type): text for one, text in message.parse_entities().items()} == {
        "bot_command": "/watch@watch_test_bot",
        "url": "https://example.com/",
        "mention": "@friend",
    }


async def test_starting_with_a_code(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001, started=False)
    chat.starts("CODE")
    message = (await only(bot)).message
    assert message is not None
    assert message.text == "/start CODE"
    await bot.send_message(1001, "welcome")
    assert chat.expects("welcome").text == "welcome"


async def test_edited_messages_and_channel_posts(api: BotApiServer, bot: Bot) -> None:
    said = api.chat(1001).says("/wach")
    api.chat(1001).rewrites(said, "/watch")
    api.chat(-100300, type="channel", username="news").posts("headline")
    _, edited, post = await bot.get_updates(timeout=0)
    assert edited.edited_message is not None
    assert (edited.edited_message.message_id, edited.edited_message.text) == (said.message_id, "/watch")
    assert post.channel_post is not None
    assert (post.channel_post.text, post.channel_post.chat.username) == ("headline", "news")


async def test_documents_in(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001).sends_document("list.csv", b"2330\n2317\n", caption="/watch", mime="text/csv")
    message = (await only(bot)).message
    assert message is not None
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type, message.caption) == (
        "list.csv",
        "text/csv",
        "/watch",
    )
    file = await bot.get_file(message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"2330\n2317\n"
    with pytest.raises(BadRequest, match=r"(?i)invalid file_id"):
        await bot.get_file("nothing")
    api.world.files["large"] = ("x", bytes(20 * 1024 * 1024 + 1))
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file("large")


async def test_forwards(api: BotApiServer, bot: Bot) -> None:
    api.chat(1001).forwards("😀 Foxconn news", origin="Wire", links={"Foxconn": "https://example.com/a"})
    message = (await only(bot)).message
    assert message is not None
    assert message.forward_origin is not None
    assert message.forward_origin.chat.title == "Wire"  # type: ignore[attr-defined]
    assert [(text, one.url) for one, text in message.parse_entities().items()] == [("Foxconn", "https://example.com/a")]


async def test_privacy_mode_of_groups(api: BotApiServer, bot: Bot) -> None:
    group = api.chat(-100200, members=[1001, 1002])
    sent = await bot.send_message(-100200, "alert")
    heard = {
        "good morning": False,
        "/list": True,
        "/list@watch_test_bot": True,
        "/list@other_bot": False,
        "hey @watch_test_bot": True,
    }
    assert {text: group.says(text).update_id is not None for text in heard} == heard
    assert group.says("why?", user=1002, reply_to=sent.message_id).update_id is not None
    assert group.says("why?", reply_to=group.says("/x")).update_id is None
    group.sets_bot("administrator")
    assert group.says("good morning").update_id is not None
    group.kicks()
    assert group.says("/list").update_id is None


async def test_without_privacy_mode_everything_is_heard() -> None:
    async with BotApiServer(privacy=False) as api:
        assert api.chat(-100200, members=[1001]).says("good morning").update_id is not None


async def test_topics_are_where_things_are_said(api: BotApiServer, bot: Bot) -> None:
    api.chat(-100200, members=[1001]).topic(7).says("/start")
    message = (await only(bot)).message
    assert message is not None
    assert (message.message_thread_id, message.is_topic_message, message.chat.is_forum) == (7, True, True)


async def test_pressing_a_button(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(-100200, members={1001: "administrator", 1002: "member"})
    await bot.send_message(-100200, "alert", reply_markup=WHY)
    alert = chat.expects("alert")
    press = chat.presses(alert, "Why", user=1002)
    query = (await only(bot)).callback_query
    assert query is not None
    assert query.message is not None
    assert (query.data, query.from_user.id, query.message.message_id) == ("w1", 1002, alert.message_id)
    await query.answer("because", show_alert=True)
    chat.expects_answer(press, "because")
    assert (press.alert, api.presses) == (True, [press])
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await query.answer()
    with pytest.raises(AssertionError, match=r"no button 'Mute' among \['Why'\]"):
        chat.presses(alert, "Mute")


async def test_answers_to_presses_that_are_refused(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    await bot.send_message(1001, "alert", reply_markup=WHY)
    press = chat.presses_data(chat.expects("alert"), "forged")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(press.query_id, "x" * 201)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query("unknown")
    api.world.callback_seconds = -1
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(press.query_id)


async def test_the_bot_is_told_what_happens_to_it(api: BotApiServer, bot: Bot) -> None:
    private, group = api.chat(1001), api.chat(-55, title="Desk", members=[1001])
    private.blocks()
    private.unblocks()
    group.sets_bot("administrator")
    group.kicks()
    changes = [one.my_chat_member for one in await bot.get_updates(timeout=0)]
    seen = [(one.chat.id, one.old_chat_member.status, one.new_chat_member.status) for one in changes if one]
    assert seen == [
        (1001, "member", "kicked"),
        (1001, "kicked", "member"),
        (-55, "member", "administrator"),
        (-55, "administrator", "kicked"),
    ]


async def test_an_upgrade_is_told_in_both_chats(api: BotApiServer, bot: Bot) -> None:
    api.chat(-55, members=[1001]).upgrades(-100300)
    old, new = [one.message for one in await bot.get_updates(timeout=0)]
    assert old is not None
    assert new is not None
    assert (old.chat.id, old.migrate_to_chat_id) == (-55, -100300)
    assert (new.chat.id, new.migrate_from_chat_id) == (-100300, -55)


async def test_each_expectation_takes_one_message(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    for text in ("alert one", "alert two"):
        await bot.send_message(1001, text)
    assert chat.expects("two").text == "alert two"
    with pytest.raises(AssertionError, match=r"not quiet: \['alert one'\]"):
        chat.quiet(0)
    assert chat.expects("alert").text == "alert one"
    with pytest.raises(AssertionError, match=r"(?s)a message with .*'alert'.* calls, the last"):
        chat.expects("alert", timeout=0.01)
    chat.quiet(0.01)
    await bot.send_message(1001, "more")
    assert [one.text for one in chat.read()] == ["more"]
    chat.quiet(0.01)


async def test_quiet_notices_what_arrives_meanwhile(api: BotApiServer, bot: Bot) -> None:
    chat = api.chat(1001)
    listening = asyncio.create_task(asyncio.to_thread(chat.quiet, 5))
    await bot.send_message(1001, "surprise")
    with pytest.raises(AssertionError, match="surprise"):
        await listening


def test_a_synchronous_test_can_use_it() -> None:
    with BotApiServer.in_thread() as api:
        chat = api.chat(1001)
        form = urllib.parse.urlencode({"chat_id": 1001, "text": "Foxconn"}).encode()
        address = f"{api.url}/bot{api.token}/sendMessage"
        sender = threading.Thread(target=lambda: urllib.request.urlopen(address, form, timeout=5).close())
        sender.start()
        assert chat.expects("Foxconn").chat_id == 1001
        sender.join(5)
        chat.quiet(0.05)
