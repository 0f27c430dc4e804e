"""All hostile files: what a Cutter reads (FILES), and what is no honest file in the inbox (INTRUDERS)."""

import os
import socket
from pathlib import Path

from tests.hostile.case import Intruder
from tests.hostile.files_packed import PACKED
from tests.hostile.files_text import LINE, TEXTS

FILES = (*TEXTS, *PACKED)


def written(path: Path, data: bytes = LINE) -> None:
    """A file that was last written ten seconds ago."""
    part = path.parent / ".part"
    part.write_bytes(data)
    past = part.stat().st_mtime - 10
    os.utime(part, (past, past))
    part.rename(path)


def named(name: str | bytes) -> Intruder:
    """An honest text, each with other words, under a dishonest name."""
    shown = ascii(name)[:60]
    words = LINE.replace(b"Thursday", b"a day called " + shown.encode())
    return Intruder(f"a file called {shown}", "names", lambda inbox: written(inbox / os.fsdecode(name), words), "items")


def _socket(inbox: Path) -> None:
    folder = os.open(inbox, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"/proc/self/fd/{folder}/talk.txt")  # the whole path may be too long for a socket
    os.close(folder)


def _sparse(inbox: Path) -> None:
    with (inbox / ".sparse").open("wb") as file:
        file.truncate(10 * 1024**3)
    os.utime(inbox / ".sparse", (1, 1))
    (inbox / ".sparse").rename(inbox / "sparse.txt")


def _hard_link(inbox: Path) -> None:
    written(inbox / ".other", LINE.replace(b"Thursday", b"Friday"))
    os.link(inbox / ".other", inbox / "twice.txt")


def _planted(inbox: Path) -> None:
    corner = inbox / ".work" / "1-abc" / "1"
    corner.mkdir(parents=True)
    (corner / "planted.txt").symlink_to("/etc/passwd")


def _outside(inbox: Path) -> None:
    (inbox.parent / "outside.txt").write_bytes(LINE)
    (inbox / "outside.txt").symlink_to(inbox.parent / "outside.txt")


INTRUDERS = (
    Intruder("a pipe", "blocking", lambda inbox: os.mkfifo(inbox / "pipe.txt"), "log"),
    Intruder("a socket", "blocking", _socket, "log"),
    Intruder("a folder called like a text", "types", lambda inbox: (inbox / "folder.txt").mkdir(), "log"),
    Intruder(
        "a link to a file of the machine",
        "files",
        lambda inbox: (inbox / "passwd.txt").symlink_to("/etc/passwd"),
        "link",
    ),
    Intruder("a link to a device", "blocking", lambda inbox: (inbox / "zero.txt").symlink_to("/dev/zero"), "link"),
    Intruder("a link to a folder", "files", lambda inbox: (inbox / "etc.txt").symlink_to("/etc"), "link"),
    Intruder("a link to itself", "files", lambda inbox: (inbox / "self.txt").symlink_to("self.txt"), "link"),
    Intruder("a link to nothing", "files", lambda inbox: (inbox / "nothing.txt").symlink_to("/nowhere/at/all"), "link"),
    Intruder("a link to a file beside the inbox", "files", _outside, "link"),
    Intruder("a link in a planted work folder", "files", _planted, "no links"),
    Intruder("a hard link", "files", _hard_link, "items"),
    Intruder("a file of ten gigabytes", "memory", _sparse, "larger than 20 MB"),
    Intruder("an empty file", "types", lambda inbox: written(inbox / "empty.txt", b""), "is empty"),
    named("two\nlines.txt"),
    named("\x1b[2J\x1b]0;owned\x07.txt"),
    named("\u202etxt.exe"),
    named("x" * 251 + ".txt"),
    named("台" * 83 + ".txt"),
    named(b"broken-\xff\xfe.txt"),
    named("-rf.txt"),
    named("$(reboot);`id`.txt"),
    named("%s%n{0}.txt"),
    named("a." + "b" * 240),
    named(" "),
    named("CON.txt"),
    named("<b>bold&amp;.txt"),
)
