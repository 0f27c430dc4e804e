"""The readable part of a mail or saved page: its text, and which line of the file each line of it came from.

A quoted-printable or base64 body has other lines than the file; whoever looks a piece of news up looks into the file.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from email.message import Message
from itertools import accumulate

from watchbot.sources.charset import decode

# The email package lets many kinds of error through on broken input; none of them is a reason to die.
ITS_ERRORS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    OSError,
)
# Far more than the text of any mail; what follows would be read only to be thrown away.
LARGEST_PART = 8 * 1024 * 1024
_SOFT_BREAK = re.compile(rb"=[ \t]*$")


@dataclass(frozen=True, slots=True)
class Part:
    """A part's text; `lines` holds the file's line of each of its lines."""

    text: str
    html: bool
    flowed: bool
    lines: tuple[int, ...]
    location: str = ""
    joins: bool = False

    def line(self, number: int) -> int:
        """The file's line for a line of the text, both from 1."""
        return self.lines[min(max(number, 1), len(self.lines)) - 1] if self.lines else 0


def part_of(message: "Message[str, str]", body: bytes, after: int) -> Part:
    """A text part of the mail whose bytes are `body`; it stands behind position `after` of them."""
    encoding = header(message, "Content-Transfer-Encoding").strip().lower()
    data = message.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    raw = _raw(message) if encoding in ("quoted-printable", "base64") else data
    kind = header(message, "Content-Type").lower()
    text = decode(data[:LARGEST_PART], header(message, "Content-Type"))[0].replace("\r\n", "\n").replace("\r", "\n")
    place = body.find(raw.strip(b"\r\n")[:2000], after) if raw.strip() else -1
    first = body.count(b"\n", 0, place) + 1 if place >= 0 else 1
    start = len(raw) - len(raw.lstrip(b"\r\n"))
    lines = tuple(max(first, first + line - raw.count(b"\n", 0, start)) for line in _lines(raw, data, encoding))
    return Part(
        text,
        message.get_content_subtype() == "html",
        "format=flowed" in kind.replace('"', ""),
        lines,
        header(message, "Content-Location").strip(),
        "delsp=yes" in kind.replace('"', ""),
    )


def header(message: "Message[str, str]", name: str) -> str:
    """A header as it stands in the mail, bytes that are no ASCII in their likeliest encoding, "" for none."""
    low = name.lower()
    for key, value in message.raw_items():
        if key.lower() == low:
            text = str(value)
            return text if text.isascii() else decode(text.encode("utf-8", "surrogateescape"))[0]
    return ""


def _raw(message: "Message[str, str]") -> bytes:
    """The part's own bytes, still encoded for the transfer."""
    payload = message.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _lines(raw: bytes, data: bytes, encoding: str) -> list[int]:
    """For each line of the decoded bytes the line of the raw ones, from 0."""
    raw_lines = raw.split(b"\n")
    if encoding == "quoted-printable":
        found, start = [], 0
        for number, line in enumerate(raw_lines):
            if not _SOFT_BREAK.search(line.rstrip(b"\r")):
                found.extend([start] * (1 + line.count(b"=0A")))
                start = number + 1
        return found or [0]
    if encoding == "base64":
        ends = list(accumulate(len(line.strip()) * 3 // 4 for line in raw_lines))
        starts = [0, *(place + 1 for place, mark in enumerate(data) if mark == 10)]
        return [min(bisect_right(ends, place), len(raw_lines) - 1) for place in starts]
    return list(range(len(raw_lines)))
