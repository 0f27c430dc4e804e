"""What the fake Bot API writes down: users, buttons, messages, calls, presses and breaches of the limits."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer with ok=false, as Telegram words it."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        """Keep the three parts of Telegram's error answer."""
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def as_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str, parameters: Json | None = None) -> ApiError:
    """A 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {what}", parameters)


def forbidden(what: str) -> ApiError:
    """A 403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {what}")


@dataclass(eq=False)
class User:
    """A person (or the bot itself)."""

    id: int
    name: str = "Ann"
    username: str = ""
    language: str = "en"
    is_bot: bool = False

    def as_json(self) -> Json:
        """Telegram's User object."""
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            body["username"] = self.username
        if self.language and not self.is_bot:
            body["language_code"] = self.language
        return body


@dataclass(frozen=True)
class Button:
    """One inline button."""

    text: str
    data: str | None = None
    url: str | None = None

    def as_json(self) -> Json:
        """Telegram's InlineKeyboardButton object."""
        body: Json = {"text": self.text}
        if self.data is not None:
            body["callback_data"] = self.data
        if self.url is not None:
            body["url"] = self.url
        return body


Rows = list[list[Button]]


@dataclass(frozen=True)
class Edit:
    """One accepted edit of a message: what it became."""

    text: str
    html: str
    buttons: Rows
    at: float
    wall: float


@dataclass(eq=False)
class SentMessage:
    """A message of the bot as it stands now; `original` is the text it was sent with."""

    chat_id: int
    message_id: int
    text: str
    html: str
    entities: list[Json]
    at: float
    wall: float
    thread_id: int | None = None
    silent: bool = False
    reply_to: int | None = None
    buttons: Rows = field(default_factory=list)
    markup: Json = field(default_factory=dict)
    preview: Json = field(default_factory=dict)
    document: tuple[str, bytes] | None = None
    edits: list[Edit] = field(default_factory=list)
    deleted: bool = False
    seen: bool = False
    original: str = ""

    def button(self, label: str) -> Button:
        """The button whose label is, or else contains, the given text."""
        every = [button for row in self.buttons for button in row]
        for button in every:
            if button.text == label:
                return button
        for button in every:
            if label in button.text:
                return button
        raise AssertionError(f"no button {label!r} among {[button.text for button in every]}")

    @property
    def lines(self) -> list[str]:
        """The plain text, line by line."""
        return self.text.split("\n")

    def marked(self, kind: str) -> list[str]:
        """The pieces of text that carry an entity of this type: `bold`, `underline`, `text_link` ..."""
        return [utf16_slice(self.text, e["offset"], e["length"]) for e in self.entities if e["type"] == kind]

    @property
    def links(self) -> dict[str, str]:
        """The linked pieces of text and where they lead."""
        return {
            utf16_slice(self.text, e["offset"], e["length"]): e["url"]
            for e in self.entities
            if e["type"] == "text_link"
        }


@dataclass(eq=False)
class Call:
    """One call of a method; `answer` stays None until one was given, and is a word where a fault swallowed it."""

    method: str
    params: Json
    at: float
    wall: float
    chat_id: int | None = None
    status: int = 0
    answer: Any = None


@dataclass(eq=False)
class Press:
    """A pressed button and what the bot answered."""

    query_id: str
    data: str
    user: User
    at: float
    answered_at: float | None = None
    answer: str = ""
    alert: bool = False
    url: str = ""


@dataclass(frozen=True)
class Said:
    """What a person sent: the message, and the update it travels in (None where the bot does not get to see it)."""

    message_id: int
    update_id: int | None
    text: str = ""


@dataclass(frozen=True)
class Breach:
    """A call over a limit: `kind` is overall, chat, group, or pause (called before a retry_after was over)."""

    kind: str
    method: str
    chat_id: int | None
    at: float


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """A piece of the text by offsets in UTF-16 units."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")
