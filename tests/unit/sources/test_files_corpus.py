r"""Every file of tests/corpus/files against the items its header expects: mails, saved pages, JSON, tables.

A case is a text file: `name:` of the file, `encode:` and `newline:` of its bytes, `title:` of the document, one `item:`
line each (line | moment | link | headline | text, `-` for none, `\n` for a line break), `skipped:` lines, then `=====`
and the file itself. A file that was read wrongly becomes one more case.
"""

from datetime import datetime
from pathlib import Path

import pytest

from watchbot.model.item import RawDocument
from watchbot.sources.cut import cut

CASES = sorted((Path(__file__).parents[2] / "corpus" / "files").glob("*.case.txt"))
WRITTEN = datetime.fromisoformat("2026-04-06T18:00:00+08:00")


def read_case(path: Path) -> tuple[list[tuple[str, str]], RawDocument]:
    """The facts of a case and its file."""
    head, _line, content = path.read_bytes().decode().partition("=====\n")
    facts = [line.partition(": ")[::2] for line in head.splitlines()]
    said = dict(facts)
    content = content.replace("\n", "\r\n") if said["newline"] == "crlf" else content
    return facts, RawDocument("Inbox", content.encode(said["encode"]), "", WRITTEN, name=said["name"])


def found_in(document: RawDocument) -> list[tuple[str, str]]:
    """What became of the file, as a case's header writes it."""
    result = cut(document)
    found = [("title", result.title)] if result.title else []
    for item in result.items:
        moment = item.published.astimezone(WRITTEN.tzinfo).strftime("%Y-%m-%d %H:%M") if item.published else "-"
        texts = (item.url, item.title, item.body.replace("\n", "\\n"))
        found.append(("item", " | ".join([str(item.line), moment, *(text or "-" for text in texts)])))
    return [*found, *(("skipped", line) for line in result.skipped)]


def test_there_are_cases() -> None:
    assert len(CASES) >= 28


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".case.txt"))
def test_file(path: Path) -> None:
    facts, document = read_case(path)
    assert found_in(document) == [fact for fact in facts if fact[0] in ("title", "item", "skipped")]
