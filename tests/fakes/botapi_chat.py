"""A chat as a test script sees it: people say and press things, and the script waits for what the bot answers.

`expects` takes one unread message of the bot, so that asking twice needs two messages; `quiet` holds when nothing
unread is left and nothing more arrives.
"""

import time
from typing import TYPE_CHECKING, Any

from tests.fakes.botapi_queries import member
from tests.fakes.botapi_records import Json, Press, Said, SentMessage, User
from tests.fakes.botapi_world import BOT, ChatState, text_entities

if TYPE_CHECKING:
    from tests.fakes.botapi import BotApiServer


class Chat:
    """One chat, or one topic of it."""

    def __init__(self, api: "BotApiServer", state: ChatState, thread_id: int | None = None) -> None:
        """Made by `api.chat(...)` and `chat.topic(...)`."""
        self.api = api
        self.state = state
        self.id = state.id
        self.thread_id = thread_id

    def topic(self, thread_id: int, name: str = "") -> "Chat":
        """One forum topic of this chat, made when first named."""
        with self.api.changed:
            self.state.forum = True
            self.state.topics.setdefault(thread_id, name or f"Topic {thread_id}")
        return Chat(self.api, self.state, thread_id)

    # --- what the bot did ---

    @property
    def messages(self) -> list[SentMessage]:
        """Every message of the bot here, oldest first, without deleted ones."""
        with self.api.changed:
            return [one for one in self.api.world.sent if self._here(one)]

    @property
    def unread(self) -> list[SentMessage]:
        """The messages that no `expects` has taken yet."""
        return [one for one in self.messages if not one.seen]

    def _here(self, message: SentMessage) -> bool:
        wanted = self.thread_id is None or self.thread_id == message.thread_id
        return message.chat_id == self.id and wanted and not message.deleted

    def expects(self, *words: str, timeout: float = 30.0) -> SentMessage:
        """Wait for an unread message that holds all the words, and take it."""
        found = self.api.wait_for(lambda: self._take(words), timeout, f"a message with {words} in {self._told()}")
        assert found is not None
        return found

    def _take(self, words: tuple[str, ...]) -> SentMessage | None:
        for message in self.unread:
            if all(word in message.text for word in words):
                message.seen = True
                return message
        return None

    def expects_edit(self, message: SentMessage, *words: str, timeout: float = 30.0) -> SentMessage:
        """Wait until an edit made the message hold all the words."""
        self.api.wait_for(
            lambda: message.edits and all(word in message.text for word in words),
            timeout,
            f"an edit to {words} of {message.text!r}",
        )
        return message

    def read(self) -> list[SentMessage]:
        """Take every unread message."""
        unread = self.unread
        for message in unread:
            message.seen = True
        return unread

    def quiet(self, seconds: float = 0.5) -> None:
        """Fail where an unread message stands here or arrives within the time."""
        deadline = time.monotonic() + seconds
        with self.api.changed:
            while True:
                assert not self.unread, f"not quiet: {[one.text for one in self.unread]}"
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return
                self.api.changed.wait(remaining)

    def _told(self) -> str:
        return f"chat {self.id}: " + repr([one.text for one in self.messages])

    # --- what people do ---

    def says(
        self, text: str, user: User | int | None = None, reply_to: "SentMessage | Said | int | None" = None
    ) -> Said:
        """A person types a message."""
        return self._send({"text": text, "entities": text_entities(text)}, user, reply_to)

    def starts(self, code: str = "", user: User | int | None = None) -> Said:
        """A person opens t.me/BOT?start=CODE and presses Start."""
        with self.api.changed:
            self.state.started = True
        return self.says(f"/start {code}".strip(), user)

    def sends_document(
        self, name: str, data: bytes, user: User | int | None = None, caption: str = "", mime: str = ""
    ) -> Said:
        """A person sends a file."""
        with self.api.changed:
            file_id = self.api.world.next_name("file")
            self.api.world.files[file_id] = (name, data)
        document: Json = {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_name": name}
        document.update({"file_size": len(data), "mime_type": mime or "application/octet-stream"})
        content: Json = {"document": document}
        if caption:
            content.update({"caption": caption, "caption_entities": text_entities(caption)})
        return self._send(content, user)

    def forwards(
        self,
        text: str,
        origin: str = "Some Channel",
        user: User | int | None = None,
        links: dict[str, str] | None = None,
    ) -> Said:
        """A person forwards a channel's post; `links` are linked words in it."""
        chat = {"id": -1009000000001, "type": "channel", "title": origin}
        sent = int(time.time()) - 60
        content: Json = {"text": text, "entities": text_entities(text)}
        for words, url in (links or {}).items():
            offset = len(text[: text.index(words)].encode("utf-16-le")) // 2
            length = len(words.encode("utf-16-le")) // 2
            content["entities"].append({"type": "text_link", "offset": offset, "length": length, "url": url})
        content["forward_origin"] = {"type": "channel", "date": sent, "chat": chat, "message_id": 5}
        return self._send(content, user)

    def rewrites(self, said: Said, text: str) -> int | None:
        """A person edits what they said."""
        with self.api.changed:
            message = self.state.messages[said.message_id]
            assert isinstance(message, dict)
            message.update({"text": text, "entities": text_entities(text), "edit_date": int(time.time())})
            return self._push("edited_message", dict(message))

    def posts(self, text: str) -> Said:
        """Something is posted in this channel, not by the bot."""
        with self.api.changed:
            message = self._message({"text": text, "entities": text_entities(text)})
            message["sender_chat"] = self.state.as_json()
            return Said(message["message_id"], self._push("channel_post", message), text)

    def presses(self, message: SentMessage, label: str, user: User | int | None = None) -> Press:
        """A person presses a button of a message as it stands now."""
        button = message.button(label)
        assert button.data is not None, f"{label!r} is a link"
        return self.presses_data(message, button.data, user)

    def presses_data(self, message: SentMessage, data: str, user: User | int | None = None) -> Press:
        """A press with any data: an old button, or a forged one."""
        with self.api.changed:
            person = self._person(user)
            press = Press(self.api.world.next_name("press"), data, person, time.monotonic())
            self.api.world.presses[press.query_id] = press
            query: Json = {"id": press.query_id, "from": person.as_json(), "chat_instance": f"{self.id}", "data": data}
            query["message"] = self.api.world.sent_json(self.state, message)
            self._push("callback_query", query)
            return press

    def expects_answer(self, press: Press, *words: str, timeout: float = 30.0) -> Press:
        """Wait until a press was answered with a text that holds all the words."""
        self.api.wait_for(lambda: press.answered_at is not None, timeout, f"an answer to the press {press.data!r}")
        assert all(word in press.answer for word in words), f"{words} not in {press.answer!r}"
        return press

    # --- what happens to the bot ---

    def blocks(self) -> int | None:
        """The person blocks the bot."""
        return self.sets_bot("kicked")

    def unblocks(self) -> int | None:
        """The person lets the bot write again."""
        return self.sets_bot("member")

    def kicks(self) -> int | None:
        """The bot is thrown out of a group or channel."""
        return self.sets_bot("kicked")

    def sets_bot(self, status: str, user: User | int | None = None) -> int | None:
        """The bot becomes member, administrator, left or kicked here; it is told by a my_chat_member update."""
        with self.api.changed:
            before = member(self.api.world, self.state, BOT.id)
            self.state.bot_status = status
            after = member(self.api.world, self.state, BOT.id)
            change: Json = {"chat": self.state.as_json(), "date": int(time.time())}
            change.update({"from": self._person(user).as_json(), "old_chat_member": before, "new_chat_member": after})
            return self._push("my_chat_member", change)

    def upgrades(self, new_id: int) -> "Chat":
        """The group becomes a supergroup with a new id; messages to the old one are refused from now on."""
        new = self.api.chat(new_id, type="supergroup", title=self.state.title, members=dict(self.state.members))
        with self.api.changed:
            new.state.bot_status = self.state.bot_status
            self.state.upgraded_to = new_id
            person = self._person(None).as_json()
            self._push("message", {**self._message({"migrate_to_chat_id": new_id}), "from": person})
            new._push("message", {**new._message({"migrate_from_chat_id": self.id}), "from": person})
        return new

    def deletes_topic(self, thread_id: int | None = None) -> None:
        """A topic goes away (no update tells the bot)."""
        with self.api.changed:
            self.state.topics.pop(thread_id or self.thread_id or 0, None)

    def closes_topic(self, thread_id: int | None = None) -> None:
        """A topic is closed for everyone but administrators."""
        with self.api.changed:
            self.state.closed_topics.add(thread_id or self.thread_id or 0)

    # --- making updates ---

    def _send(self, content: Json, user: User | int | None, reply_to: "SentMessage | Said | int | None" = None) -> Said:
        with self.api.changed:
            person = self._person(user)
            message = self._message(content)
            message["from"] = person.as_json()
            if reply_to is not None:
                answered = reply_to if isinstance(reply_to, int) else reply_to.message_id
                message["reply_to_message"] = self.api.world.message_json(self.state, answered, deep=False)
            text = str(content.get("text", content.get("caption", "")))
            heard = self.api.world.heard(self.state, person, message)
            update_id = self._push("message", message) if heard else None
            return Said(message["message_id"], update_id, text)

    def _message(self, content: Json) -> Json:
        message: Json = {"message_id": self.api.world.next_message_id(), "date": int(time.time())}
        message["chat"] = self.state.as_json()
        if self.thread_id is not None:
            message.update({"message_thread_id": self.thread_id, "is_topic_message": True})
        message.update({key: value for key, value in content.items() if value != []})
        self.state.messages[message["message_id"]] = message
        return message

    def _person(self, user: User | int | None) -> User:
        if isinstance(user, User):
            return user
        if user is None:
            user = self.id if self.state.type == "private" else next(iter(self.state.members), 1001)
        return self.api.world.user(user)

    def _push(self, kind: str, payload: Json) -> int | None:
        return self.api.push_update(kind, payload)


def settings_of(values: dict[str, Any]) -> dict[str, Any]:
    """The settings of a chat, with members given as a list made plain members."""
    members = values.get("members")
    if isinstance(members, list | tuple):
        values = {**values, "members": dict.fromkeys(members, "member")}
    return values
