"""A file as a node tree: bytes within a size cap, strictly UTF-8, then YAML (or JSON, which is nearly YAML)."""

import re
from pathlib import Path

from watchbot.config.environment import Environment
from watchbot.config.nodes import Node, build
from watchbot.config.report import Report

MAX_BYTES = 20_000_000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_JSON_PAIR = re.compile(r"\\\\|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def read_node(path: Path, file: str, environment: Environment, report: Report) -> Node | None:
    """The root of the file; None where it is empty or cannot be read, which is then told."""
    text = read_text(path, file, report)
    return None if text is None else _root(text, file, environment, report)


def read_sent(body: bytes, file: str, environment: Environment, report: Report) -> Node | None:
    """The same of bytes that somebody sent."""
    text = _decode(body, file, report)
    return None if text is None else _root(text, file, environment, report)


def _root(text: str, file: str, environment: Environment, report: Report) -> Node | None:
    """The root of a text; an empty one is told."""
    before = len(report.problems)
    root = build(text, file, report, environment.expander(file))
    if root is None and len(report.problems) == before:
        report.wrong(file, 0, 0, "the file is empty")
    return root


def read_text(path: Path, file: str, report: Report) -> str | None:
    """The file's text without its BOM; None where it cannot be read, which is then told."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        report.wrong(file, 0, 0, "there is no such file")
        return None
    except (OSError, ValueError) as error:
        report.wrong(file, 0, 0, f"cannot be read: {getattr(error, 'strerror', None) or 'not a usable path'}")
        return None
    if len(data) > MAX_BYTES:
        report.wrong(file, 0, 0, f"larger than {MAX_BYTES // 1_000_000} MB; split it into several files")
        return None
    return _decode(data, file, report)


def _decode(data: bytes, file: str, report: Report) -> str | None:
    """Bytes to text that YAML may hold."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.wrong(file, 1, 1, "this is UTF-16; save the file as UTF-8")
        return None
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        head = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        line, column = _place(head)
        report.wrong(file, line, column, f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8")
        return None
    found = _FORBIDDEN.search(text)
    if found:
        line, column = _place(text[: found.start()])
        report.wrong(file, line, column, f"the control character U+{ord(found[0]):04X} has no place in this file")
        return None
    if text.lstrip()[:1] in ("{", "["):
        text = _JSON_PAIR.sub(_join_pair, text)
    return text


def _place(head: str) -> tuple[int, int]:
    """Line and column of what follows `head`."""
    return head.count("\n") + 1, len(head) - (head.rfind("\n") + 1) + 1


def _join_pair(found: re.Match[str]) -> str:
    """JSON writes a character beyond U+FFFF as two escapes, YAML as one."""
    if found[1] is None:
        return found[0]
    code = 0x10000 + ((int(found[1], 16) - 0xD800) << 10) + (int(found[2], 16) - 0xDC00)
    return f"\\U{code:08x}"
