"""The methods of the fake Bot API that only look: the bot, the webhook, chats, members, files."""

from tests.fakes.botapi_methods import method
from tests.fakes.botapi_params import Params
from tests.fakes.botapi_records import Json, bad_request
from tests.fakes.botapi_world import BOT, ChatState, World

_RIGHTS = [
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]
_MAX_DOWNLOAD = 20 * 1024 * 1024


@method("getMe")
def get_me(world: World, _params: Params) -> Json:
    """The bot itself."""
    return {
        **BOT.as_json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
    }


@method("deleteWebhook")
def delete_webhook(world: World, params: Params) -> bool:
    """There is no webhook; waiting updates are dropped where asked."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, _params: Params) -> Json:
    """No webhook, and how many updates wait."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}


@method("getChat")
def get_chat(world: World, params: Params) -> Json:
    """A chat in full."""
    chat = world.visible(params.values.get("chat_id"))
    gifts = {
        "unlimited_gifts": True,
        "limited_gifts": True,
        "unique_gifts": True,
        "premium_subscription": True,
        "gifts_from_channels": True,
    }
    return {**chat.as_json(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


@method("getChatMember")
def get_chat_member(world: World, params: Params) -> Json:
    """What a person is in a chat."""
    chat = world.visible(params.values.get("chat_id"))
    user_id = params.integer("user_id") or 0
    if user_id not in chat.members and user_id not in world.users and user_id != BOT.id:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member(world, chat, user_id)


@method("getChatAdministrators")
def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """Owner and administrators of a group or channel."""
    chat = world.visible(params.values.get("chat_id"))
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    ids = [user_id for user_id, status in chat.members.items() if status in {"creator", "administrator"}]
    if chat.bot_status == "administrator":
        ids.append(BOT.id)
    return [member(world, chat, user_id) for user_id in ids]


@method("getChatMemberCount")
def get_chat_member_count(world: World, params: Params) -> int:
    """How many people are in a chat, the bot counted."""
    return len(world.visible(params.values.get("chat_id")).members) + 1


@method("leaveChat")
def leave_chat(world: World, params: Params) -> bool:
    """The bot goes."""
    world.visible(params.values.get("chat_id")).bot_status = "left"
    return True


@method("getFile")
def get_file(world: World, params: Params) -> Json:
    """Where to download a file that a person sent."""
    file_id = params.text("file_id")
    if file_id not in world.files:
        raise bad_request("invalid file_id")
    _, data = world.files[file_id]
    if len(data) > _MAX_DOWNLOAD:
        raise bad_request("file is too big")
    path = f"documents/{file_id}"
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": len(data), "file_path": path}


def member(world: World, chat: ChatState, user_id: int) -> Json:
    """Telegram's ChatMember object."""
    status = chat.bot_status if user_id == BOT.id else chat.members.get(user_id, "left")
    user = BOT if user_id == BOT.id else world.user(user_id)
    body: Json = {"user": user.as_json(), "status": status}
    if status in {"creator", "administrator"}:
        body["is_anonymous"] = False
    if status == "administrator":
        body.update(dict.fromkeys(_RIGHTS, True))
        if chat.type == "channel":
            body.update({"can_post_messages": True, "can_edit_messages": True})
    if status == "kicked":
        body["until_date"] = 0
    return body
