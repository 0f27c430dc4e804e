"""The terminal as a sender: an alert as a readable card, the same text without colours where it is piped.

card -> lines (message/lines.py) -> one string (rich) -> one write in a worker thread
"""

import io
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from rich.console import Console
from rich.text import Text
from typing_extensions import override

from watchbot.message import codec, lines
from watchbot.message.html import OTHER_COLUMNS, repeat_mark
from watchbot.message.keyboard import load_file
from watchbot.message.marked import clean, shorten, squeeze
from watchbot.message.parts import plain
from watchbot.message.words import say
from watchbot.model.alert import Act, Card, Delivery, Form, Marked, Outcome, Report, Result
from watchbot.ports.sender import Sender
from watchbot.ports.threads import in_thread

_MOST_OTHERS = 5
_MOST_COLUMNS = 100
_LONG = 1_000_000
_NAME = "bold cyan"
_MATCH = "bold yellow"
_QUIET = "dim"
# What a terminal without UTF-8 shows instead; anything else is written as its code, never dropped.
_PLAIN = {
    "·": "-",
    "…": "...",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "•": "*",
    "●": "*",
    "│": "|",
}
_ASCII = str.maketrans(_PLAIN)


class ConsoleSender(Sender):
    """Prints deliveries. A closed pipe is told as not sent, so that nothing counts as told that nobody saw."""

    def __init__(self, stream: TextIO, colour: bool | None = None, width: int | None = None) -> None:
        """`colour` (a terminal, not a pipe) and `width` are found out from the stream where they are left out."""
        self._stream = stream
        self._colour = stream.isatty() if colour is None else colour
        self._width = width
        self._turn = threading.Lock()

    @override
    async def deliver(self, delivery: Delivery) -> Outcome:
        """Print one message; its id is the delivery's own."""
        try:
            text = self.text(delivery)
        except (ValueError, TypeError, KeyError) as error:
            return Outcome(Result.BAD_TEXT, error=f"cannot be shown: {error}")
        return await in_thread(self._write, text, delivery.id)

    def text(self, delivery: Delivery) -> str:
        """What a delivery looks like here."""
        if delivery.form is not Form.CARD:
            return self._drawn(_notice(delivery))
        card = codec.load(delivery.body)
        if delivery.act is Act.EDIT:
            return self._drawn([_also(card)])
        return self.card(card, delivery.repeat, delivery.created_at)

    def card(self, card: Card, repeat: bool = False, now: datetime | None = None) -> str:
        """A whole alert as a block of lines, with a blank line before it."""
        rows = self._folded(_first_line(card))
        if card.url:
            rows.append(Text(f"  {clean(card.url)}", style="blue", no_wrap=True))
        rows += self._quote(card.teaser)
        rows.append(Text(f"  {lines.why(card)}", style=_QUIET))
        rows.append(Text(f"  {_source(card, repeat, now)}", style=_QUIET))
        rows += [Text(f"    + {_report(report)}", style=_QUIET) for report in card.reports[1 : 1 + _MOST_OTHERS]]
        return "\n" + self._drawn(row for row in rows if row.plain.strip())

    def _folded(self, text: Text) -> list[Text]:
        """The first line behind its dot, folded on a terminal with what follows the dot in one column."""
        console = self._console(io.StringIO())
        rows = _wrapped(text, console, 2) if self._colour else [text]
        return [Text.assemble(("  " if index else "● ", _NAME), row, no_wrap=True) for index, row in enumerate(rows)]

    def _console(self, out: TextIO) -> Console:
        """Something to draw on, as wide as the stream and with its colours."""
        width = self._width or min(Console(file=self._stream).width, _MOST_COLUMNS)
        return Console(file=out, force_terminal=self._colour, width=width, highlight=False, emoji=False, markup=False)

    def _drawn(self, rows: Iterable[Text]) -> str:
        """Rows as one string: folded to the width on a terminal, a line each where it is piped."""
        out = io.StringIO()
        console = self._console(out)
        for row in rows:
            console.print(row, soft_wrap=bool(row.no_wrap) or not self._colour)
        return out.getvalue()

    def _quote(self, teaser: Marked) -> list[Text]:
        """The teaser behind a bar, its matched words highlighted."""
        if not teaser.text:
            return []
        text = _marked(teaser, "")
        console = self._console(io.StringIO())
        rows = _wrapped(text, console, 4) if self._colour else [text]
        return [Text.assemble(("  │ ", _QUIET), row, no_wrap=True) for row in rows]

    def _write(self, text: str, message_id: int) -> Outcome:
        """One write, so that two messages never mix."""
        with self._turn:
            try:
                self._stream.write(_encodable(text, self._stream.encoding or "utf-8"))
                self._stream.flush()
            except (OSError, ValueError) as error:  # ValueError: the stream is closed
                return Outcome(Result.NOT_SENT, error=f"the terminal is gone: {error}")
        return Outcome(Result.SENT, message_id=message_id)


def _wrapped(text: Text, console: Console, indent: int) -> list[Text]:
    """A text in rows that leave room for an indent."""
    rows = list(text.wrap(console, console.width - indent))
    for row in rows:
        row.rstrip()
    return rows


def _first_line(card: Card) -> Text:
    """Watch names and headline; file and line where there is no link."""
    names = say(card.language, "comma").join(lines.names(card))
    head = Text.assemble((names, _NAME), (" · " if names else "", _QUIET), _marked(card.headline, "bold"))
    if not card.url and card.place:
        head.append(f" ({lines.place(card)})", style=_QUIET)
    return head


def _marked(marked: Marked, style: str) -> Text:
    """A text with its matched words highlighted, and without what would steer the terminal."""
    safe = squeeze(marked)
    text = Text(safe.text, style=style)
    for start, end in safe.marks:
        text.stylize(_MATCH, start, end)
    return text


def _source(card: Card, repeat: bool, now: datetime | None) -> str:
    """Source and time, the place where it is not said yet, and the mark of a possible repeat."""
    parts = [lines.source(card, now), lines.place(card) if card.url else ""]
    if repeat:
        parts.append(say(card.language, "repeat"))
    return " · ".join(part for part in parts if part)


def _report(report: Report) -> str:
    """One further report."""
    return f"{lines.source_name(report)} · {shorten(clean(report.title) or clean(report.url), OTHER_COLUMNS)}"


def _also(card: Card) -> Text:
    """An edit: who reports the story as well, and which one that is."""
    if len(card.reports) < 2:
        return Text(f"  {shorten(clean(card.headline.text), OTHER_COLUMNS)}", style=_QUIET)
    newest = card.reports[-1]
    title = shorten(clean(newest.title or card.headline.text), OTHER_COLUMNS)
    return Text(f"  {say(card.language, 'also', source=lines.source_name(newest), headline=title)}", style=_QUIET)


def _notice(delivery: Delivery) -> list[Text]:
    """A reply, a notice or a round-up as plain lines; of a file its caption and its name."""
    html, name = delivery.body, ""
    if delivery.form is Form.FILE:
        file = load_file(delivery.body)
        html, name = file.caption, file.name
    text = "\n".join(part for part in (plain(html, limit=_LONG), name) if part)
    rows = [Text(clean(row)) for row in text.split("\n")]
    if delivery.repeat:
        rows.append(Text(repeat_mark(text), style=_QUIET))
    return [Text(""), *rows]


def _encodable(text: str, encoding: str) -> str:
    """The text as this terminal can write it."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return text
