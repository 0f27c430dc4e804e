"""The terminal shows a card that fits it, loses nothing, and survives a closed pipe or a terminal without UTF-8."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TextIO

import pytest
from typing_extensions import override

from watchbot.delivery.console import ConsoleSender
from watchbot.message.codec import dump
from watchbot.message.marked import columns
from watchbot.model.alert import Act, Card, Delivery, Form, Marked, Rank, Report, Result, State, Why
from watchbot.model.watch import Kind, Level

NOW = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)
URL = "https://wire.example/" + "long/" * 30
CARD = Card(
    ("Taipower", "Foxconn"),
    Marked("台電新電價方案下週公布，鴻海與廣達表示影響有限，學者則認為半導體業的成本將會上升並反映在價格上"),
    URL,
    "",
    Marked("經濟部表示，台電新的電價方案將於下週公布。工業用戶的漲幅預計為百分之三！民生用電不調整。" * 3, ((6, 8),)),
    Why(Level.MAIN, "台電", "title", Kind.NAME),
    (
        Report("Wire", "台電新電價方案下週公布", URL, NOW),
        Report("Post", "Power price to change", "https://post.example/1", NOW),
    ),
    "en",
    "Asia/Taipei",
)
DELIVERY = Delivery(
    id=17,
    chat="console",
    body=dump(CARD),
    form=Form.CARD,
    act=Act.SEND,
    part=0,
    rank=Rank.ALERT,
    silent=False,
    state=State.SENDING,
    attempts=1,
    next_at=NOW,
    created_at=NOW,
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Encoded(io.TextIOWrapper):
    """A terminal of some encoding, in memory."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="strict", write_through=True)

    def written(self) -> str:
        """What came out."""
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode(self.encoding)


class Broken(io.StringIO):
    """A pipe whose reader has gone."""

    @override
    def flush(self) -> None:
        raise BrokenPipeError(32, "Broken pipe")


async def printed(delivery: Delivery, colour: bool = False, width: int | None = None) -> str:
    """What a delivery looks like."""
    stream = io.StringIO()
    outcome = await ConsoleSender(stream, colour, width).deliver(delivery)
    assert outcome.result is Result.SENT
    assert outcome.message_id == delivery.id
    return stream.getvalue()


async def test_a_pipe_gets_whole_lines_without_colours() -> None:
    text = await printed(DELIVERY)
    assert "\x1b" not in text
    lines = text.split("\n")
    assert lines[0] == ""
    assert lines[1].startswith("● Taipower, Foxconn · 台電新電價")
    assert lines[1].endswith("價格上")
    assert lines[2] == f"  {URL}"
    assert lines[3].startswith("  │ 經濟部表示")
    assert lines[4] == "  Main subject: “台電” in the headline"
    assert lines[5] == "  Wire · 08:12 · +1 more"
    assert lines[6] == "    + Post · Power price to change"
    assert lines[7:] == [""]


@pytest.mark.parametrize("width", [40, 80])
async def test_a_terminal_gets_lines_that_fit(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = await printed(DELIVERY, colour=True, width=width)
    assert "\x1b[" in text
    for line in ANSI.sub("", text).split("\n"):
        assert columns(line) <= width or line.strip() == URL, "only an address is left whole, to be copied"
    told = "".join(line.removeprefix("  │ ").strip() for line in ANSI.sub("", text).split("\n"))
    assert CARD.headline.text in told
    assert CARD.teaser.text in told


async def test_an_edit_is_one_short_line() -> None:
    assert await printed(replace(DELIVERY, act=Act.EDIT)) == "  also: Post · Power price to change\n"


async def test_an_edit_without_a_new_source_says_the_headline() -> None:
    alone = replace(CARD, reports=CARD.reports[:1])
    text = await printed(replace(DELIVERY, act=Act.EDIT, body=dump(alone)))
    assert text.count("\n") == 1
    assert "台電新電價方案" in text


async def test_feeds_cannot_steer_the_terminal() -> None:
    evil = replace(
        CARD,
        watches=("\x1b[31mred",),
        headline=Marked("\x1b]0;title\x07 [bold]x[/bold] :smile:"),
        url="",
        place="\x1b[2J",
        reports=(Report("\x1b[1mW", "\x1b[1mT", "", NOW), Report("\x1b[1mW", "\x1b[1mT", "", NOW)),
    )
    for act in Act:
        text = await printed(replace(DELIVERY, act=act, body=dump(evil)))
        assert "\x1b" not in text
        assert "\x07" not in text
    assert "[bold]x[/bold] :smile:" in await printed(replace(DELIVERY, body=dump(evil)))
    assert "\x1b" not in await printed(replace(DELIVERY, form=Form.HTML, body="\x1b[2J<b>x</b>"))


async def test_a_terminal_without_utf8_loses_nothing() -> None:
    stream = Encoded("ascii")
    outcome = await ConsoleSender(stream).deliver(DELIVERY)
    assert outcome.result is Result.SENT
    text = stream.written()
    assert "* Taipower, Foxconn - \\u53f0\\u96fb" in text
    assert "Main subject:" in text


async def test_other_encodings_show_what_they_can() -> None:
    stream = Encoded("big5")
    assert (await ConsoleSender(stream).deliver(DELIVERY)).result is Result.SENT
    assert "台電新電價" in stream.written()


async def test_a_broken_pipe_is_not_sent() -> None:
    outcome = await ConsoleSender(Broken()).deliver(DELIVERY)
    assert outcome.result is Result.NOT_SENT
    assert "Broken pipe" in outcome.error


async def test_a_closed_stream_is_not_sent() -> None:
    stream: TextIO = io.StringIO()
    sender = ConsoleSender(stream)
    stream.close()
    assert (await sender.deliver(DELIVERY)).result is Result.NOT_SENT


def test_the_c_locale_in_a_process_of_its_own() -> None:
    """Bytes as a bare shell would get them."""
    code = (
        "import asyncio, sys; from tests.unit.delivery.test_console import DELIVERY\n"
        "from watchbot.delivery.console import ConsoleSender\n"
        "print(asyncio.run(ConsoleSender(sys.stdout).deliver(DELIVERY)).result.value)"
    )
    env = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=env, timeout=60, check=True)
    assert done.stdout.decode("ascii").endswith("sent\n")
