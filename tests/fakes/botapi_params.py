"""Parameters of a call, from query, form, multipart or JSON, and the checks that Telegram makes on them."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes import botapi_html
from tests.fakes.botapi_records import Button, Json, Rows, bad_request, utf16_length

MAX_TEXT = 4096
MAX_CAPTION = 1024
_ACTIONS = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "pay",
    "callback_game",
]


@dataclass
class Params:
    """Values by name; uploaded files apart."""

    values: Json = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def integer(self, name: str) -> int | None:
        """A whole number, or None where it is left out."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"{name} must be a number") from None

    def flag(self, name: str) -> bool:
        """A truth value."""
        return str(self.values.get(name, "")).lower() in {"true", "1", "yes"}

    def json(self, name: str) -> Any:
        """A structured value: as it is, or written as JSON in a form field."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None


async def read_params(request: web.BaseRequest) -> Params:
    """Collect the parameters of a request in whatever form they were sent."""
    params = Params(dict(request.query))
    if request.method != "POST":
        return params
    if request.content_type == "application/json":
        body = await request.json()
        params.values.update(body if isinstance(body, dict) else {})
        return params
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params.files[name] = (value.filename, value.file.read())
        elif isinstance(value, bytes | bytearray):
            params.files[name] = ("blob", bytes(value))
        else:
            params.values[name] = value
    return params


def parsed_text(params: Params, name: str, entities: str) -> botapi_html.Parsed:
    """Text and entities by parse_mode; the limit on length is checked after parsing."""
    raw = params.text(name)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        parsed = botapi_html.parse(raw)
    elif mode:
        raise bad_request("unsupported parse_mode (this server speaks HTML only)")
    else:
        parsed = botapi_html.trimmed(raw, params.json(entities) or [])
    if name == "text" and not parsed.text:
        raise bad_request("message text is empty")
    if utf16_length(parsed.text) > (MAX_TEXT if name == "text" else MAX_CAPTION):
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    return parsed


def reply_markup(params: Params) -> tuple[Json, Rows]:
    """The markup as given and the inline buttons in it."""
    markup = params.json("reply_markup")
    if not markup:
        return {}, []
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    buttons = [[_button(one) for one in row] for row in rows]
    if sum(len(row) for row in buttons) > 100:
        raise bad_request("reply markup is too long")
    return markup, [row for row in buttons if row]


def _button(raw: Json) -> Button:
    text = raw.get("text", "")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text is empty")
    given = [name for name in _ACTIONS if name in raw]
    if not given:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(given) > 1:
        raise bad_request("inline keyboard button must have exactly one optional field")
    data, url = raw.get("callback_data"), raw.get("url")
    if "callback_data" in raw and not 1 <= len(str(data).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in raw and not botapi_html.valid_url(str(url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return Button(text, data, url)
