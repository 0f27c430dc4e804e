r"""Every page of tests/corpus/pages against the items its header expects.

A case is a text file: `name:` and `written:` of the page, one `item:` line each (line | day | link | headline | text,
`-` for none, `\n` for a line break), then `=====` and the page itself. A page that was cut wrongly
becomes one more file.
"""

from datetime import datetime
from pathlib import Path

import pytest

from watchbot.model.item import RawDocument
from watchbot.sources.pages import page_items

CASES = sorted((Path(__file__).parents[2] / "corpus" / "pages").glob("*.case.txt"))


def test_there_are_cases() -> None:
    assert len(CASES) >= 35


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name.removesuffix(".case.txt"))
def test_page(path: Path) -> None:
    head, _line, page = path.read_text(encoding="utf-8").partition("=====\n")
    facts = [line.partition(": ")[::2] for line in head.splitlines()]
    name = next(value for key, value in facts if key == "name")
    written = datetime.fromisoformat(next(value for key, value in facts if key == "written"))
    items = page_items(RawDocument("Inbox", page.encode(), "", written, name=name)).items
    found = [
        " | ".join(
            [
                str(item.line),
                item.published.astimezone(written.tzinfo).strftime("%Y-%m-%d") if item.published else "-",
                item.url or "-",
                item.title or "-",
                item.body.replace("\n", "\\n") or "-",
            ]
        )
        for item in items
    ]
    assert found == [value for key, value in facts if key == "item"]
