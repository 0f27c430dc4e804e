"""The state behind the fake Bot API: chats and what is allowed in them, users, messages, files, waiting updates."""

import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.botapi_records import Call, Json, Press, SentMessage, User, bad_request, forbidden, utf16_length

BOT = User(id=424242, name="Watch Test", username="watch_test_bot", language="", is_bot=True)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_ENTITIES = re.compile(
    r"(?P<bot_command>(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?P<url>https?://\S+)|(?P<mention>(?<!\w)@\w{4,})"
)


@dataclass
class ChatState:
    """One chat: who is in it and what the bot may do there."""

    id: int
    type: str
    title: str = ""
    username: str = ""
    forum: bool = False
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    started: bool = True
    deactivated: bool = False
    may_write: bool = True
    may_send_files: bool = True
    upgraded_to: int | None = None
    messages: dict[int, "Json | SentMessage"] = field(default_factory=dict)

    @property
    def group(self) -> bool:
        """Whether the limits and the privacy mode of groups hold here."""
        return self.type in {"group", "supergroup"}

    def as_json(self) -> Json:
        """Telegram's Chat object."""
        body: Json = {"id": self.id, "type": self.type}
        body["first_name" if self.type == "private" else "title"] = self.title
        if self.username:
            body["username"] = self.username
        if self.forum:
            body["is_forum"] = True
        return body


@dataclass
class World:
    """Everything the fake knows. Whoever touches it holds the server's condition."""

    privacy: bool = True
    chats: dict[int, ChatState] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    sent: list[SentMessage] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    actions: list[tuple[int, str]] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    allowed_updates: list[str] = field(default_factory=list)
    confirmed: int = 0
    callback_seconds: float = 150.0
    newest_update: int = 7000
    _update_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(7001))
    _message_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(101))
    _names: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    # --- chats and people ---

    def user(self, user_id: int, **settings: Any) -> User:
        """A person, made when first named."""
        known = self.users.setdefault(user_id, User(user_id))
        for key, value in settings.items():
            setattr(known, key, value)
        return known

    def chat(self, chat_id: int, **settings: Any) -> ChatState:
        """A chat, made when first named; its type follows from the id unless it is given."""
        known = self.chats.get(chat_id)
        if known is None:
            kind = "private" if chat_id > 0 else "supergroup" if str(chat_id).startswith("-100") else "group"
            status = "administrator" if settings.get("type") == "channel" else "member"
            known = ChatState(chat_id, kind, title=f"Chat {chat_id}", bot_status=status)
            self.chats[chat_id] = known
        for key, value in settings.items():
            setattr(known, key, value)
        if known.type == "private":
            known.members.setdefault(chat_id, "member")
        if known.topics:
            known.forum = True
        return known

    def find_chat(self, wanted: object) -> ChatState | None:
        """The chat by id or @username."""
        name = str(wanted)
        if name.startswith("@"):
            return next((c for c in self.chats.values() if c.username.lower() == name[1:].lower()), None)
        return self.chats.get(int(name)) if re.fullmatch(r"-?\d+", name) else None

    def writable(self, wanted: object) -> ChatState:
        """The chat, where the bot may write to it now; otherwise Telegram's refusal."""
        chat = self.visible(wanted)
        if chat.type == "private":
            if chat.deactivated:
                raise forbidden("user is deactivated")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            if chat.bot_status == "kicked":
                raise forbidden("bot was blocked by the user")
        elif chat.type == "channel" and chat.bot_status != "administrator":
            raise bad_request("need administrator rights in the channel chat")
        elif not chat.may_write:
            raise bad_request("not enough rights to send text messages to the chat")
        return chat

    def visible(self, wanted: object) -> ChatState:
        """The chat, where the bot is in it."""
        if wanted is None or wanted == "":
            raise bad_request("chat_id is empty")
        chat = self.find_chat(wanted)
        if chat is None:
            raise bad_request("chat not found")
        if chat.upgraded_to is not None:
            new_id = {"migrate_to_chat_id": chat.upgraded_to}
            raise bad_request("group chat was upgraded to a supergroup chat", new_id)
        if chat.type != "private" and chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if chat.type != "private" and chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def thread(self, chat: ChatState, thread_id: int | None) -> int | None:
        """The topic to write to, where it is there and open."""
        if thread_id is None:
            return None
        if thread_id not in chat.topics:
            raise bad_request("message thread not found")
        if thread_id in chat.closed_topics and chat.bot_status != "administrator":
            raise bad_request("TOPIC_CLOSED")
        return thread_id

    # --- messages ---

    def next_message_id(self) -> int:
        """A fresh message id."""
        return next(self._message_ids)

    def next_name(self, prefix: str) -> str:
        """A fresh name for a file or a press."""
        return f"{prefix}{next(self._names)}"

    def message_json(self, chat: ChatState, message_id: int, deep: bool = True) -> Json | None:
        """A message of a chat as Telegram shows it, or None where it is gone."""
        found = chat.messages.get(message_id)
        if found is None or (isinstance(found, SentMessage) and found.deleted):
            return None
        if isinstance(found, dict):
            return found
        return self.sent_json(chat, found, deep)

    def sent_json(self, chat: ChatState, message: SentMessage, deep: bool = True) -> Json:
        """A message of the bot as Telegram's Message object."""
        body: Json = {"message_id": message.message_id, "date": int(message.wall), "chat": chat.as_json()}
        if chat.type == "channel":
            body["sender_chat"] = chat.as_json()
        else:
            body["from"] = BOT.as_json()
        if message.document is not None:
            name, data = message.document
            body["document"] = {"file_id": f"sent-{message.message_id}", "file_unique_id": f"u{message.message_id}"}
            body["document"].update({"file_name": name, "file_size": len(data)})
        words, marks = ("caption", "caption_entities") if message.document else ("text", "entities")
        if message.text:
            body[words] = message.text
        if message.entities:
            body[marks] = message.entities
        if message.buttons:
            body["reply_markup"] = {"inline_keyboard": [[b.as_json() for b in row] for row in message.buttons]}
        if message.thread_id is not None:
            body.update({"message_thread_id": message.thread_id, "is_topic_message": True})
        if message.edits:
            body["edit_date"] = int(message.edits[-1].wall)
        if message.reply_to is not None and deep:
            answered = self.message_json(chat, message.reply_to, deep=False)
            if answered is not None:
                body["reply_to_message"] = answered
        return body

    # --- updates ---

    def push(self, kind: str, payload: Json) -> int | None:
        """Queue an update, unless the bot did not ask for its kind."""
        wanted = kind in self.allowed_updates if self.allowed_updates else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        update_id = next(self._update_ids)
        self.newest_update = update_id
        self.updates.append({"update_id": update_id, kind: payload})
        return update_id

    def take_updates(self, offset: int, limit: int) -> list[Json]:
        """What is waiting from an offset on; everything before it is confirmed and forgotten."""
        if offset < 0:
            self.updates = self.updates[offset:]
        elif 0 < offset <= self.newest_update + 10:  # what lies further in the future is no offset: all is given
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            self.confirmed = max(self.confirmed, offset - 1)
        return self.updates[:limit]

    def heard(self, chat: ChatState, user: User, message: Json) -> bool:
        """Whether the bot gets to see what a person said (the privacy mode of groups)."""
        if chat.type != "private" and chat.bot_status not in {"member", "administrator"}:
            return False
        if not chat.group or not self.privacy or chat.bot_status == "administrator":
            return True
        answered = message.get("reply_to_message", {}).get("from", {})
        if answered.get("id") == BOT.id or f"@{BOT.username}" in str(message.get("text", message.get("caption", ""))):
            return True
        text = str(message.get("text", ""))
        return text.startswith("/") and "@" not in text.split(maxsplit=1)[0]


def text_entities(text: str) -> list[Json]:
    """The entities Telegram finds by itself in what a person types."""
    found: list[Json] = []
    for one in _ENTITIES.finditer(text):
        kind = str(one.lastgroup)
        found.append({"type": kind, "offset": utf16_length(text[: one.start()]), "length": utf16_length(one[0])})
    return found


def clock() -> tuple[float, float]:
    """Monotonic and wall time of a record."""
    return time.monotonic(), time.time()
