"""What stands beside a message's text: what its buttons say when pressed, and a file that is sent with it.

Button + token -> "token:data" or an address | FileBody <-> one line of JSON
"""

import base64
import json
from dataclasses import dataclass

from watchbot.model.panel import Button

CAPTION_LIMIT = 1024  # UTF-16 units after entity parsing; a longer text goes first, as a message of its own
_ADDRESSES = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class FileBody:
    """A file to be sent: its name, its bytes, and one part of Telegram HTML under it ("" for none)."""

    name: str
    body: bytes
    caption: str = ""


def dump_file(file: FileBody) -> str:
    """One line of JSON, for a delivery of Form.FILE."""
    body = {
        "name": file.name,
        "body_base64": base64.b64encode(file.body).decode("ascii"),
        "caption_html": file.caption,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def load_file(text: str) -> FileBody:
    """The file that `dump_file` wrote; ValueError where the text is none."""
    try:
        body = json.loads(text)
        data = base64.b64decode(body["body_base64"], validate=True)
        return FileBody(str(body["name"]), data, str(body.get("caption_html", "")))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a file: {error!r}") from error


def is_address(button: Button) -> bool:
    """Whether a button opens an address instead of telling the bot something."""
    return button.data.startswith(_ADDRESSES)


def pressed(token: str, button: Button) -> str:
    """What a press says: the message's token before the button's own words."""
    return f"{token}:{button.data}"
