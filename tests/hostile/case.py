"""What a hostile case is: a name, a word on what it attacks, and how its bytes or its behaviour are made.

Bytes are made when a test asks for them and kept nowhere: some cases are ten megabytes long.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Stands for `http://127.0.0.1:PORT` of a server that nobody may ever connect to.
CANARY = b"http://canary.invalid"
GOOD_TITLE = "Foxconn opens a plant in Kaohsiung"
# No item may hold any of these: a file of this machine, or what drives a terminal.
NEVER = ("root:x:", "\x1b", "\x9b", "\x07", "\x08", "\x00")


@dataclass(frozen=True, slots=True)
class Document:
    """A feed document or the bytes of a dropped file.

    `outcome` says what must come of it: "items" (the good item among them), "" for items of whatever kind, else a
    phrase of the error. `file` is the name under which it is dropped.
    """

    name: str
    attacks: str
    make: Callable[[], bytes]
    outcome: str = "items"
    media_type: str = "application/rss+xml"
    file: str = ""

    def body(self, canary: str = "") -> bytes:
        """The bytes, their traps set with the address of the canary."""
        made = self.make()
        return made.replace(CANARY, canary.encode()) if canary and CANARY in made else made


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a server does with a connection once it has read the request.

    `outcome` is a phrase of the error, "" for any, "items" where the good feed is read in spite of everything.
    """

    name: str
    attacks: str
    script: Callable[[socket.socket], None]
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Lure:
    """An address where nobody may connect, asked straight and by way of a redirect; `%d` is the port."""

    name: str
    attacks: str
    address: str


@dataclass(frozen=True, slots=True)
class Intruder:
    """Something that is no honest file and lies in the inbox; `place` puts it there.

    `outcome` is a phrase of the note in failed/, "log" where it stays and is only said, "items" where it is read.
    """

    name: str
    attacks: str
    place: Callable[[Path], None]
    outcome: str = ""


def rss(*inside: bytes, declaration: bytes = b'<?xml version="1.0"?>', root: bytes = b'<rss version="2.0">') -> bytes:
    """A feed with these pieces in its channel."""
    return b"".join([declaration, root, b"<channel><title>Wire</title>", *inside, b"</channel></rss>"])


def item(*inside: bytes, title: bytes = GOOD_TITLE.encode(), id: bytes = b"good-1") -> bytes:
    """An honest entry with something more in it."""
    head = b"<item><title>" + title + b"</title><link>https://news.example/" + id + b"</link><guid>" + id + b"</guid>"
    return b"".join([head, *inside, b"</item>"])


GOOD = item(b"<pubDate>Thu, 26 Nov 2026 08:00:00 GMT</pubDate>")
GOOD_FEED = rss(GOOD)
