"""Servers that misbehave, one script each, and addresses that lead to where nobody may connect.

A script gets the connection once it has read the request. It may go on for ever: it ends when the client hangs up.
"""

import gzip
import socket
import struct
import time
import zlib
from collections.abc import Callable

import brotli
from backports import zstd

from tests.hostile.case import GOOD_FEED, Behaviour, Lure

MB = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LATE = "no complete answer within"
LARGE = "larger than 10 MB"
HEAD = "too long"

Script = Callable[[socket.socket], None]


def says(*pieces: bytes) -> Script:
    """Send this, then hang up."""

    def script(line: socket.socket) -> None:
        for piece in pieces:
            line.sendall(piece)
        line.shutdown(socket.SHUT_WR)

    return script


def good(headers: bytes = b"", body: bytes = GOOD_FEED, status: bytes = b"200 OK") -> Script:
    """The good feed with headers that are not."""
    head = b"HTTP/1.1 " + status + b"\r\nContent-Type: application/rss+xml\r\n" + headers
    return says(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def for_ever(head: bytes, piece: bytes, pause: float = 0.0) -> Script:
    """Send the head, then the piece without end, with a pause after each."""

    def script(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(piece)
            if pause:
                time.sleep(pause)

    return script


def silent(*pieces: bytes) -> Script:
    """Send this and wait for the client to give up."""

    def script(line: socket.socket) -> None:
        for piece in pieces:
            line.sendall(piece)
        line.recv(1)

    return script


def resets(*pieces: bytes) -> Script:
    """Send this, then cut the connection with a reset."""

    def script(line: socket.socket) -> None:
        for piece in pieces:
            line.sendall(piece)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()

    return script


def packed(encoding: bytes, pack: Callable[[bytes], bytes], size: int = 50 * MB) -> Script:
    """A small body that becomes a huge one; packed when it is first asked for."""

    def script(line: socket.socket) -> None:
        good(b"Content-Encoding: " + encoding + b"\r\n", pack(b"<rss>" + bytes(size)))(line)

    return script


def moved(location: bytes, status: bytes = b"302 Found") -> Script:
    """A redirect."""
    return says(b"HTTP/1.1 " + status + b"\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")


def in_circles(line: socket.socket) -> None:
    """A redirect to another address of the same server, for ever."""
    moved(b"/%d" % time.monotonic_ns())(line)


def twice(line: socket.socket) -> None:
    """Two answers to one question: the second must not become the answer of the next."""
    line.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(GOOD_FEED) + GOOD_FEED)
    line.sendall(OK + b"Content-Length: 9\r\n\r\nnot asked")


SLOW = (
    Behaviour("headers in drips", "time", for_ever(OK, b"X-Drip: 1\r\n", 0.3), LATE),
    Behaviour("one header in drips", "time", for_ever(OK + b"X-Long: ", b"a", 0.2), LATE),
    Behaviour("a body of one byte a second", "time", for_ever(OK + b"Content-Length: 90000\r\n\r\n", b"<", 1.0), LATE),
    Behaviour("chunks in drips", "time", for_ever(CHUNKED, b"1\r\n<\r\n", 0.2), LATE),
    Behaviour("trailers in drips", "time", for_ever(CHUNKED + b"0\r\n", b"X-T: 1\r\n", 0.2), LATE),
    Behaviour("continue in drips", "time", for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.3), LATE),
    Behaviour("gzip in drips", "time", for_ever(
        OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\3", b"\0\0\0\xff\xff", 0.2), LATE),
    Behaviour("nothing at all", "time", silent(), LATE),
    Behaviour("half a status", "time", silent(b"HTTP/1.1 2"), LATE),
    Behaviour("headers and nothing more", "time", silent(OK + b"Content-Length: 100\r\n\r\n"), LATE),
)  # fmt: skip
ENDLESS = (
    Behaviour("a body without end", "memory", for_ever(OK + b"\r\n", b"<item>again</item>" * 4000), LARGE),
    Behaviour("chunks without end", "memory", for_ever(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), LARGE),
    Behaviour("chunks of one byte without end", "time", for_ever(CHUNKED, b"1\r\nx\r\n" * 9000)),
    Behaviour("one header without end", "memory", for_ever(OK + b"X-Long: ", b"a" * 60_000), HEAD),
    Behaviour("headers without end", "memory", for_ever(OK, b"X-More: and more\r\n" * 4000), HEAD),
    Behaviour("cookies without end", "memory", for_ever(OK, b"Set-Cookie: a=b; Domain=.example\r\n" * 900), HEAD),
    Behaviour("a reason without end", "memory", for_ever(b"HTTP/1.1 200 ", b"O" * 60_000), HEAD),
    Behaviour("continue without end", "time", for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000)),
    Behaviour("hints without end", "time", for_ever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1000)),
    Behaviour("zeros without end", "memory", for_ever(b"", bytes(60_000))),
    Behaviour("line ends without end", "time", for_ever(b"", b"\r\n" * 30_000)),
    Behaviour("trailers without end", "memory", for_ever(CHUNKED + b"0\r\n", b"X-T: 1\r\n" * 4000)),
    Behaviour("a chunk's extension without end", "memory", for_ever(CHUNKED + b"5;x=", b"y" * 60_000)),
)  # fmt: skip
PACKED = (
    Behaviour("a gzip bomb", "memory", packed(b"gzip", gzip.compress), LARGE),
    Behaviour("a deflate bomb", "memory", packed(b"deflate", zlib.compress), LARGE),
    Behaviour("a brotli bomb", "memory", packed(b"br", lambda data: brotli.compress(data, quality=3)), LARGE),
    Behaviour("a Zstandard bomb", "memory", packed(b"zstd", zstd.compress), LARGE),
    Behaviour("a gzip bomb in gzip", "memory", packed(
        b"gzip, gzip", lambda data: gzip.compress(gzip.compress(data))), LARGE),
    Behaviour("twenty encodings", "time", packed(b", ".join([b"gzip"] * 20), gzip.compress, 1000)),
    Behaviour("gzip that is none", "encodings", good(b"Content-Encoding: gzip\r\n")),
    Behaviour("gzip cut in half", "encodings", good(b"Content-Encoding: gzip\r\n", gzip.compress(GOOD_FEED)[:60])),
    Behaviour("an encoding that nobody asked for", "encodings", good(b"Content-Encoding: exi\r\n")),
    Behaviour("a Zstandard window of gigabytes", "memory", good(
        b"Content-Encoding: zstd\r\n", b"\x28\xb5\x2f\xfd\x00\xf8" + bytes(50))),
)  # fmt: skip
BROKEN = (
    Behaviour("a length that is too long", "framing", says(OK + b"Content-Length: 9000\r\n\r\n", GOOD_FEED)),
    Behaviour("a length that is too short", "framing", says(OK + b"Content-Length: 40\r\n\r\n" + GOOD_FEED)),
    Behaviour("a length below nothing", "framing", says(OK + b"Content-Length: -1\r\n\r\n" + GOOD_FEED)),
    Behaviour("two lengths", "framing", says(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + GOOD_FEED)),
    Behaviour("a length of ten gigabytes", "memory", silent(OK + b"Content-Length: 10737418240\r\n\r\n"), LARGE),
    Behaviour("a length and chunks", "framing", says(
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")),
    Behaviour("chunks that are none", "framing", says(CHUNKED + b"zz\r\nhello\r\n")),
    Behaviour("a chunk beyond all numbers", "framing", says(CHUNKED + b"f" * 40 + b"\r\n<rss>")),
    Behaviour("HTTP/0.9", "protocol", says(GOOD_FEED), "not HTTP"),
    Behaviour("HTTP/2", "protocol", says(b"\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x80\0\4\0\1\0\0"), "not HTTP"),
    Behaviour("SSH", "protocol", says(b"SSH-2.0-OpenSSH_9.9\r\n"), "not HTTP"),
    Behaviour("mail", "protocol", says(b"220 mail.example ESMTP\r\n"), "not HTTP"),
    Behaviour("a TLS alert", "protocol", says(bytes.fromhex("15030100020228")), "not HTTP"),
    Behaviour("an empty answer", "protocol", says()),
    Behaviour("a reset at once", "protocol", resets()),
    Behaviour("a reset within the body", "protocol", resets(OK + b"Content-Length: 900\r\n\r\n", b"<rss>")),
    Behaviour("another protocol from here on", "protocol", says(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\5hello")),
    Behaviour("two answers to one question", "framing", twice, "items"),
    Behaviour("headers that drive a screen", "the terminal", says(
        b"HTTP/1.1 500 \x1b[2J\x1b]0;owned\x07\r\nX-A: \x1b[31m\r\nContent-Length: 0\r\n\r\n")),
)  # fmt: skip
STATUSES = (
    Behaviour("nothing new, though nothing was known", "manners", good(b"", b"", b"304 Not Modified"), "HTTP 304"),
    Behaviour("a part", "manners", good(b"Content-Range: bytes 0-9/90\r\n", status=b"206 Partial Content"), "HTTP 206"),
    Behaviour("no content", "manners", says(b"HTTP/1.1 204 No Content\r\n\r\n"), "HTTP 204"),
    Behaviour("a status of its own", "manners", good(b"", GOOD_FEED, b"999 Request denied"), "HTTP 999"),
    Behaviour("a status of four digits", "protocol", good(b"", GOOD_FEED, b"2000 OK")),
    Behaviour("gone for good", "manners", good(b"", b"", b"410 Gone"), "HTTP 410"),
    Behaviour("come back in 10^30 seconds", "manners", good(
        b"Retry-After: 1" + b"0" * 30 + b"\r\n", b"", b"429 Too Many Requests"), "HTTP 429"),
    Behaviour("come back in the past", "manners", good(b"Retry-After: -5\r\n", b"", b"503 Unavailable"), "HTTP 503"),
    Behaviour("come back in the year 9999", "manners", good(
        b"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n", b"", b"503 Unavailable"), "HTTP 503"),
    Behaviour("come back some day", "manners", good(
        b"Retry-After: " + b"Someday, " * 900 + b"\r\n", b"", b"503 Unavailable"), "HTTP 503"),
    Behaviour("a validator of nine kilobytes", "memory", good(b'ETag: "' + b"e" * 9000 + b'"\r\n'), "items"),
    Behaviour("a validator of a megabyte", "memory", good(b'ETag: "' + b"e" * MB + b'"\r\n'), HEAD),
    Behaviour("a validator with bytes of all kinds", "the next request", good(
        b'ETag: "\xff\xfe\x80 \x7f\t; a=b"\r\nLast-Modified: \xe9t\xe9 \x85\r\n'), "items"),
    Behaviour("a type of nine kilobytes", "memory", good(b"Content-Type: " + b"text/xml;" * 1000 + b"\r\n"), "items"),
    Behaviour("a charset that Python knows", "encodings", good(b"Content-Type: text/xml; charset=zip\r\n"), "items"),
    Behaviour("keep it for ever", "manners", good(
        b"Cache-Control: max-age=" + b"9" * 4000 + b", max-age=-1, s-maxage=x\r\nAge: -9\r\nExpires: 0\r\n"), "items"),
    Behaviour("a clock of its own", "manners", good(
        b"Date: Mon, 01 Jan 0001 00:00:00 GMT\r\nExpires: Fri, 31 Dec 9999 23:59:59 GMT\r\n"), "items"),
    Behaviour("cookies", "privacy", good(b"Set-Cookie: id=1; Path=/\r\n" * 90 + b"Refresh: 0; url=/x\r\n"), "items"),
)  # fmt: skip
REDIRECTS = (
    Behaviour("a circle", "time", moved(b"/feed"), "in a circle"),
    Behaviour("a walk without end", "time", in_circles, "more than 5 times"),
    Behaviour("to nowhere", "addresses", says(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), "to nowhere"),
    Behaviour("to a place of twenty kilobytes", "memory", moved(b"/" + b"x" * 20_000)),
    Behaviour("to a place of a megabyte", "memory", moved(b"/" + b"x" * MB), HEAD),
    Behaviour("to a file", "files", moved(b"file:///etc/passwd")),
    Behaviour("to another scheme", "addresses", moved(b"gopher://127.0.0.1:70/_x")),
    Behaviour("to data", "addresses", moved(b"data:application/rss+xml,<rss/>")),
    Behaviour("to a script", "addresses", moved(b"javascript:alert(1)")),
    Behaviour("to a port of mail", "connections", moved(b"http://news.example:25/"), "port 25 is not one of the web"),
    Behaviour("to a database", "connections", moved(b"//news.example:6379/"), "port 6379 is not one of the web"),
    Behaviour("to two places", "addresses", moved(b"/feed\r\nLocation: http://10.0.0.1/")),
    Behaviour("to bytes", "addresses", moved(b"http://\xff\xfe\x80/")),
    Behaviour("to a name of a thousand dots", "addresses", moved(b"http://" + b"a." * 1000 + b"example/")),
)  # fmt: skip
BEHAVIOURS = (*SLOW, *ENDLESS, *PACKED, *BROKEN, *STATUSES, *REDIRECTS)

# Every one of these is this machine, or another one that nobody named.
HOSTS = (
    "127.0.0.1", "127.1", "0177.0.0.1", "0x7f000001", "2130706433", "１２７.０.０.１", "127.0.0.1.", "0.0.0.0", "0",
    "localhost", "LOCALHOST.", "news.localhost", "public.example@127.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
    "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[::]", "[fe80::1%25lo]", "169.254.169.254",
    "192.168.1.1", "10.0.0.1",
)  # fmt: skip
# Names, and what the launcher's resolver makes of them: each lookup gives the next answer, the last one for ever.
# 127.0.0.9, where nothing listens, stands in for a public machine that is down (launcher.py).
PUBLIC = "127.0.0.9"
NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "metadata.trap.example": (("169.254.169.254",),),
    "loopback.trap.example": (("127.0.0.1",),),
    "any.trap.example": (("0.0.0.0",),),
    "any6.trap.example": (("::",),),
    "six.trap.example": (("::1",),),
    "mapped.trap.example": (("::ffff:127.0.0.1",),),
    "translated.trap.example": (("64:ff9b::7f00:1",),),
    "company.trap.example": (("10.1.2.3",),),
    "unique.trap.example": (("fd00:ec2::254",),),
    "several.trap.example": (("10.0.0.1", "127.0.0.1", "::1"),),
    "beside.trap.example": ((PUBLIC, "127.0.0.1"),),
    "rebinding.trap.example": ((PUBLIC,), ("127.0.0.1",), ("::1", "127.0.0.1")),
}
LURES = (
    *(Lure(f"straight to {host}", "spelling", f"http://{host}:%d/latest") for host in HOSTS),
    *(Lure(f"straight to {name}", "resolving", f"http://{name}:%d/latest") for name in NAMES),
)
