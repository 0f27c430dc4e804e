"""Tables (.csv, .tsv) to items, one a row.

text -> which sign parts the cells -> rows with their lines -> a header that names its columns (columns.py), else
what stands in them: addresses, dates, the long text -> items
"""

import csv
import re
from collections import Counter
from datetime import datetime
from io import StringIO
from itertools import islice

from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources import columns as of
from watchbot.sources.moments import moment_of
from watchbot.sources.rows import MOST_ROWS, Row, rows_cut
from watchbot.text.lines import columns

_SAMPLE_ROWS = 60
USUAL_CELL = 131_072  # what the csv module takes by itself
_SAMPLE = 100_000
_HEADER_WITHIN = 6
_TEXT_COLUMNS = 16
_ENCODINGS = ("utf-8", "big5hkscs", "gb18030", "cp932")
_HINT = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*https?://\S+\s*", re.IGNORECASE)

Rows = list[tuple[int, list[str]]]


def read_table(document: RawDocument, text: str) -> CutDocument:
    """The items of a table; of a file that only claims to be one, those of its text. Raises InputError."""
    text = _decoded(document.body, text)
    first, mark = 0, _delimiter(text)
    if hint := _HINT.match(text):
        first, mark, text = 1, hint[1], text[hint.end() :]
    if not mark:
        from watchbot.sources.pages import read_page
        from watchbot.sources.sniff import Form

        return read_page(document, Form.TEXT, text)
    rows = _rows(text.lstrip("\ufeff"), mark, first)
    for place, (_line, cells) in enumerate(rows[:_HEADER_WITHIN]):
        if roles := of.roles_of(cells):
            return rows_cut(_named(rows[place + 1 :], cells, roles), document, [])
    return rows_cut(_guessed(rows, document.fetched_at), document, [])


def _decoded(body: bytes, text: str) -> str:
    """The text, in the encoding in which its first line names columns: a few words are too little to guess from."""
    first = body[:4000].splitlines()[:1]
    if text.isascii() or not first or of.known_header(text.partition("\n")[0]) or not first[0].strip():
        return text
    for name in _ENCODINGS:
        try:
            if of.known_header(first[0].decode(name)):
                return body.decode(name, "replace")
        except UnicodeDecodeError:
            continue
    return text


def _delimiter(text: str) -> str:
    """The sign that parts the cells of most rows alike, "" where there is none."""
    sample = text[:_SAMPLE].lstrip("\ufeff")
    if len(text) > _SAMPLE:
        sample = sample.rpartition("\n")[0] or sample
    best, mark = 0.0, ""
    for one in of.DELIMITERS:
        rows = [cells for _line, cells in _rows(sample, one, 0)[:_SAMPLE_ROWS]] if one in sample else []
        if not rows:
            continue
        count, times = Counter(map(len, rows)).most_common(1)[0]
        alike = times / len(rows)
        known = any(of.roles_of(cells) for cells in rows[:_HEADER_WITHIN] if len(cells) > 1)
        score = (alike + (0.5 if known else 0.0)) * (1 + min(count, 10) / 50) if count > 1 or known else 0.0
        if score > best and (alike >= 0.7 or known):
            best, mark = score, one
    return mark


def _rows(text: str, mark: str, first: int) -> Rows:
    """The rows that are not empty, each with its line; a quote that is never closed counts as a plain sign."""
    # A very long cell is cut later; it must not cost the rows beside it.
    csv.field_size_limit(max(len(text) + 1, USUAL_CELL))
    try:
        rows = _read(text, mark, first, True)
        usual = Counter(len(cells) for _line, cells in rows).most_common(1)
        if not rows or len(rows[-1][1]) == usual[0][0] or max(cell.count("\n") for cell in rows[-1][1]) < 3:
            return rows
    except csv.Error:
        pass
    try:
        return _read(text, mark, first, False)
    except csv.Error:
        return []


def _read(text: str, mark: str, first: int, quoted: bool) -> Rows:
    """The rows as the csv module reads them."""
    source = StringIO(text, newline="")
    plain = csv.reader(source, delimiter=mark, quoting=csv.QUOTE_NONE)
    reader = csv.reader(source, delimiter=mark) if quoted else plain
    rows: Rows = []
    line = first + 1
    for cells in islice(reader, 4 * MOST_ROWS):
        if any(cell.strip() for cell in cells):
            rows.append((line, cells))
        line = first + reader.line_num + 1
    return rows


def _named(rows: Rows, header: list[str], roles: dict[str, list[int]]) -> list[Row]:
    """Rows under a header that says what the columns are."""

    def cell(cells: list[str], role: str) -> str:
        return next((cells[place] for place in roles.get(role, []) if place < len(cells) and cells[place].strip()), "")

    found = []
    for line, cells in rows:
        bodies = [cells[place] for place in roles.get(of.BODY, []) if place < len(cells)]
        about = [
            f"{header[place].strip()}: {cells[place].strip()}"
            for place in roles.get(of.ABOUT, [])
            if place < len(cells) and cells[place].strip()
        ]
        title = cell(cells, of.TITLE)
        if not title.strip() and not any(body.strip() for body in bodies):
            title = _joined(cells)
        found.append(
            Row(
                line,
                title,
                bodies,
                cell(cells, of.URL),
                cell(cells, of.DATE),
                cell(cells, of.CLOCK),
                cell(cells, of.ID),
                cell(cells, of.LANG),
                cell(cells, of.SOURCE),
                about,
            )
        )
    return found


def _guessed(rows: Rows, written: datetime) -> list[Row]:
    """Rows without a header: the address, the date and the texts are found by what stands in the columns."""
    sample = [cells for _line, cells in rows[:_SAMPLE_ROWS]]
    links, dates, texts = [], [], []
    for place in range(max(map(len, sample), default=0)):
        cells = [row[place].strip() for row in sample if place < len(row) and row[place].strip()]
        half = max(1.0, 0.6 * len(cells))
        if sum(bool(_ADDRESS.fullmatch(cell)) for cell in cells) >= half:
            links.append(place)
        elif sum(moment_of(cell, written) is not None for cell in cells) >= half:
            dates.append(place)
        elif cells and sum(map(columns, cells)) / len(cells) >= _TEXT_COLUMNS:
            texts.append(place)
    found = []
    for line, cells in rows:
        said = [cells[place] for place in texts if place < len(cells) and cells[place].strip()]
        short = [cell for place, cell in enumerate(cells) if place not in (*links, *dates, *texts)]
        title = said[0] if said else _joined(short)
        about = [f"{cell.strip()}" for cell in short if any(mark.isalpha() for mark in cell)] if said else []
        url, date = (next((cells[place] for place in places if place < len(cells)), "") for places in (links, dates))
        found.append(Row(line, title, ["\n".join(said[1:])], url, date, about=about))
    return found


def _joined(cells: list[str]) -> str:
    """All cells of a row in one line."""
    return " ".join(cell.strip() for cell in cells if cell.strip())
