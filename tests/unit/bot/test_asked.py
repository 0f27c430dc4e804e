"""What an update asks, as a table: commands, mentions of this and other bots, topics, channels, who hides."""

from typing import Any

import pytest
from telegram import Update

from watchbot.bot.asked import ANONYMOUS, asked, language_of, pressed
from watchbot.bot.sender import Sender, sender

BOT = "Watch_Test_Bot"
PERSON = {"id": 9, "is_bot": False, "first_name": "Ada", "last_name": "L", "language_code": "zh-hans"}
GROUP = {"id": -100200, "type": "supergroup", "title": "Desk"}
PRIVATE = {"id": 9, "type": "private"}


def raw(text: str = "hello", chat: Any = PRIVATE, kind: str = "message", **more: Any) -> dict[str, Any]:
    message = {"message_id": 3, "date": 1, "chat": chat, "from": PERSON, "text": text} | more
    return {"update_id": 1, kind: {key: value for key, value in message.items() if value is not None}}


def read(update: dict[str, Any]) -> Update:
    found = Update.de_json(update, None)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/watch Foxconn", "watch", "Foxconn"),
        ("/WATCH@watch_test_bot  Foxconn, Quanta", "watch", "Foxconn, Quanta"),
        ("/watch\nFoxconn\nQuanta", "watch", "Foxconn\nQuanta"),
        ("/watch", "watch", ""),
        ("／watch　鴻海", "watch", "鴻海"),
        ("/watch：鴻海", "watch", "鴻海"),
        ("/watch「鴻海」", "watch", "「鴻海」"),
        ("/watch-list", "", "/watch-list"),
        ("say /watch", "", "say /watch"),
        ("/", "", "/"),
        ("/關注 鴻海", "", "/關注 鴻海"),
        ("/" + "x" * 33, "", "/" + "x" * 33),
    ],
)
def test_commands(text: str, command: str, argument: str) -> None:
    found = asked(read(raw(text)), BOT)
    assert found
    assert (found.command, found.argument, found.private) == (command, argument, True)


def test_another_bots_command_is_nobodys() -> None:
    assert asked(read(raw("/watch@other_bot Foxconn", GROUP)), BOT) is None


@pytest.mark.parametrize(
    ("more", "chat"),
    [
        ({}, "-100200"),
        ({"message_thread_id": 7, "is_topic_message": True}, "-100200/7"),
        ({"message_thread_id": 7}, "-100200"),  # a thread of replies is no topic
    ],
)
def test_answers_go_where_the_question_came_from(more: dict[str, Any], chat: str) -> None:
    found = asked(read(raw("/list", GROUP, **more)), BOT)
    assert found
    assert (found.chat, found.private, found.kind, found.title) == (chat, False, "supergroup", "Desk")


def test_a_post_in_a_channel_comes_from_nobody() -> None:
    channel = {"id": -100300, "type": "channel", "title": "News"}
    found = asked(read(raw("/start", channel, "channel_post", **{"from": None, "sender_chat": channel})), BOT)
    assert found
    assert (found.user, found.chat, found.kind, found.command) == (0, "-100300", "channel", "start")


def test_bots_are_not_heard_but_hidden_administrators_are() -> None:
    bot = PERSON | {"is_bot": True}
    assert asked(read(raw("/list", GROUP, **{"from": bot})), BOT) is None
    hidden = asked(read(raw("/list", GROUP, **{"from": bot | {"id": ANONYMOUS}, "sender_chat": GROUP})), BOT)
    assert hidden
    assert hidden.chat_admin
    assert asked(read({"update_id": 1}), BOT) is None


@pytest.mark.parametrize(("code", "language"), [("zh-hant", "zh-TW"), ("zh", "zh-TW"), ("de", "en"), (None, "en")])
def test_the_language_of_the_app(code: str | None, language: str) -> None:
    assert language_of(code) == language


def press(**message: Any) -> dict[str, Any]:
    inner = {"message_id": 3, "date": 1, "chat": GROUP, "text": "t"} | message
    query = {"id": "q", "from": PERSON, "chat_instance": "1", "data": "token:mute:8h", "message": inner}
    return {"update_id": 1, "callback_query": query}


def test_a_press_names_token_and_topic() -> None:
    found = pressed(read(press(message_thread_id=7, is_topic_message=True)))
    assert found
    assert (found.chat, found.token, found.data, found.user) == ("-100200/7", "token", "mute:8h", 9)
    assert pressed(read(raw())) is None


def test_a_press_on_a_message_too_old_to_be_seen() -> None:
    found = pressed(read(press(date=0)))
    assert found
    assert (found.chat, found.message_id) == ("-100200", 3)


@pytest.mark.parametrize(
    ("update", "found"),
    [
        (raw(), Sender("9", 9, "zh-TW")),
        (raw("x", GROUP, message_thread_id=7, is_topic_message=True), Sender("-100200/7", 9, "zh-TW")),
        (press(), Sender("-100200", 9, "zh-TW", "q")),
        ({"update_id": 1}, Sender()),
        ({"message": "nonsense", "callback_query": 7}, Sender()),
        ({"message": {"chat": {"id": "9"}, "from": {"id": True, "language_code": 5}}}, Sender()),
        ({"callback_query": {"id": 5, "from": {"id": 9}}}, Sender("", 9)),
    ],
)
def test_the_sender_is_found_where_there_is_one(update: dict[str, Any], found: Sender) -> None:
    assert sender(update) == found
