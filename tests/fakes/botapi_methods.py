"""The methods of the fake Bot API that write: send, edit, delete, answer, commands.

Each is a function (world, params) -> result, found by its lower-case name in METHODS; a refusal is an ApiError.
"""

import re
from collections.abc import Callable
from typing import Any

from tests.fakes.botapi_params import Params, parsed_text, reply_markup
from tests.fakes.botapi_records import Edit, Json, Rows, SentMessage, bad_request, utf16_length
from tests.fakes.botapi_world import ChatState, World, clock

Method = Callable[[World, Params], Any]
METHODS: dict[str, Method] = {}
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def method(*names: str) -> Callable[[Method], Method]:
    """Register a function under the names of API methods."""

    def register(function: Method) -> Method:
        for name in names:
            METHODS[name.lower()] = function
        return function

    return register


@method("sendMessage")
def send_message(world: World, params: Params) -> Json:
    """Accept a text message."""
    chat = world.writable(params.values.get("chat_id"))
    parsed = parsed_text(params, "text", "entities")
    return _deliver(world, chat, params, parsed.text, params.text("text"), parsed.entities)


@method("sendDocument")
def send_document(world: World, params: Params) -> Json:
    """Accept an uploaded file, or one Telegram already has."""
    chat = world.writable(params.values.get("chat_id"))
    if not chat.may_send_files:
        raise bad_request("not enough rights to send documents to the chat")
    parsed = parsed_text(params, "caption", "caption_entities")
    document = params.files.get("document") or world.files.get(params.text("document"))
    reference = params.text("document")
    if reference.startswith("attach://"):
        document = params.files.get(reference.removeprefix("attach://"))
    if document is None:
        raise bad_request("there is no document in the request")
    if not document[1]:
        raise bad_request("file must be non-empty")
    return _deliver(world, chat, params, parsed.text, params.text("caption"), parsed.entities, document)


def _deliver(
    world: World,
    chat: ChatState,
    params: Params,
    text: str,
    html: str,
    entities: list[Json],
    document: tuple[str, bytes] | None = None,
) -> Json:
    markup, buttons = reply_markup(params)
    thread_id = world.thread(chat, params.integer("message_thread_id"))
    reply_to = _reply_target(chat, params)
    at, wall = clock()
    message = SentMessage(
        chat_id=chat.id,
        message_id=world.next_message_id(),
        text=text,
        original=text,
        html=html,
        entities=entities,
        at=at,
        wall=wall,
        thread_id=thread_id,
        silent=params.flag("disable_notification"),
        reply_to=reply_to,
        buttons=buttons,
        markup=markup,
        preview=params.json("link_preview_options") or {},
        document=document,
    )
    chat.messages[message.message_id] = message
    world.sent.append(message)
    return world.sent_json(chat, message)


def _reply_target(chat: ChatState, params: Params) -> int | None:
    given = params.json("reply_parameters") or {}
    wanted = given.get("message_id") or params.integer("reply_to_message_id")
    if wanted is None:
        return None
    found = chat.messages.get(int(wanted))
    if found is not None and not (isinstance(found, SentMessage) and found.deleted):
        return int(wanted)
    if given.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


@method("editMessageText")
def edit_message_text(world: World, params: Params) -> Json:
    """Change the text of one of the bot's messages; a keyboard that is not given goes away."""
    chat, message = _own_message(world, params, "edit")
    parsed = parsed_text(params, "text", "entities")
    markup, buttons = reply_markup(params)
    if message.document is not None:
        raise bad_request("there is no text in the message to edit")
    if (parsed.text, parsed.entities, buttons) == (message.text, message.entities, message.buttons):
        raise bad_request(_NOT_MODIFIED)
    message.text, message.html, message.entities = parsed.text, params.text("text"), parsed.entities
    message.preview = params.json("link_preview_options") or message.preview
    return _edited(world, chat, message, markup, buttons)


@method("editMessageCaption")
def edit_message_caption(world: World, params: Params) -> Json:
    """Change the caption of a document."""
    chat, message = _own_message(world, params, "edit")
    parsed = parsed_text(params, "caption", "caption_entities")
    markup, buttons = reply_markup(params)
    if (parsed.text, parsed.entities, buttons) == (message.text, message.entities, message.buttons):
        raise bad_request(_NOT_MODIFIED)
    message.text, message.html, message.entities = parsed.text, params.text("caption"), parsed.entities
    return _edited(world, chat, message, markup, buttons)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Change or remove the buttons under a message."""
    chat, message = _own_message(world, params, "edit")
    markup, buttons = reply_markup(params)
    if buttons == message.buttons:
        raise bad_request(_NOT_MODIFIED)
    return _edited(world, chat, message, markup, buttons)


def _edited(world: World, chat: ChatState, message: SentMessage, markup: Json, buttons: Rows) -> Json:
    message.markup, message.buttons = markup, buttons
    at, wall = clock()
    message.edits.append(Edit(message.text, message.html, buttons, at, wall))
    return world.sent_json(chat, message)


def _own_message(world: World, params: Params, verb: str) -> tuple[ChatState, SentMessage]:
    chat = world.writable(params.values.get("chat_id"))
    message = chat.messages.get(params.integer("message_id") or 0)
    if message is None or (isinstance(message, SentMessage) and message.deleted):
        raise bad_request(f"message to {verb} not found")
    if not isinstance(message, SentMessage):
        raise bad_request(f"message can't be {verb}ed" if verb == "edit" else "message can't be deleted")
    return chat, message


@method("deleteMessage")
def delete_message(world: World, params: Params) -> bool:
    """Delete one of the bot's messages."""
    _, message = _own_message(world, params, "delete")
    message.deleted = True
    return True


@method("answerCallbackQuery")
def answer_callback_query(world: World, params: Params) -> bool:
    """Answer a pressed button; each press can be answered once, and not after it became too old."""
    press = world.presses.get(params.text("callback_query_id"))
    at, _ = clock()
    if press is None or press.answered_at is not None or at - press.at > world.callback_seconds:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(params.text("text")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered_at, press.answer = at, params.text("text")
    press.alert, press.url = params.flag("show_alert"), params.text("url")
    return True


@method("sendChatAction")
def send_chat_action(world: World, params: Params) -> bool:
    """Note that the bot is typing."""
    chat = world.writable(params.values.get("chat_id"))
    world.actions.append((chat.id, params.text("action")))
    return True


@method("setMyCommands")
def set_my_commands(world: World, params: Params) -> bool:
    """Keep the menu of a scope and language."""
    commands = params.json("commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(one.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", "")).strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(world, params)] = commands
    return True


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Params) -> bool:
    """Forget the menu of a scope and language."""
    world.commands.pop(_scope(world, params), None)
    return True


@method("getMyCommands")
def get_my_commands(world: World, params: Params) -> list[Json]:
    """The menu of a scope and language."""
    return world.commands.get(_scope(world, params), [])


def _scope(world: World, params: Params) -> tuple[str, str]:
    scope = params.json("scope") or {"type": "default"}
    name = str(scope.get("type", "default"))
    for key in ("chat_id", "user_id"):
        if key in scope:
            name += f":{scope[key]}"
    if "chat_id" in scope:
        world.visible(scope["chat_id"])
    return name, params.text("language_code")


@method(
    "setMyDescription", "setMyShortDescription", "setMyName", "setChatMenuButton", "setMyDefaultAdministratorRights"
)
def set_text(world: World, params: Params) -> bool:
    """Harmless settings: kept, never refused."""
    for key in ("description", "short_description", "name", "menu_button"):
        if key in params.values:
            world.texts[f"{key}:{params.text('language_code')}"] = params.text(key)
    return True
