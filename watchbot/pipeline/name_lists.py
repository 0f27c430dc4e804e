"""Names out of a file that a person sent: one a line, or a column of a table. Bytes in, names out."""

import csv
from collections.abc import Sequence
from io import StringIO

from watchbot.catalogue import Catalogue
from watchbot.model.errors import InputError
from watchbot.pipeline.watching import names_in

MOST_NAMES = 500
LONGEST_FILE = 2_000_000
ENDINGS = (".txt", ".csv", ".tsv")
_NAMED = ("company", "name", "companyname", "公司", "公司名稱", "名稱", "公司簡稱", "證券名稱", "股票名稱")
_CODED = ("ticker", "code", "symbol", "代號", "股票代號", "證券代號", "公司代號", "代碼", "股票代碼")
_CHARSETS = ("utf-8-sig", "cp950", "gb18030")


def names_of_file(name: str, body: bytes, catalogue: Catalogue, market: str) -> tuple[str, ...]:
    """The names in a .txt, .csv or .tsv file, each once, in order. InputError where it is none, or holds no text."""
    if not name.lower().endswith(ENDINGS):
        raise InputError("send a .txt file with one name a line, or a .csv file")
    if len(body) > LONGEST_FILE:
        raise InputError(f"a list of names may have {LONGEST_FILE // 1_000_000} MB; send it in parts")
    text = _text(body)
    if name.lower().endswith(".txt"):
        return names_in(text, catalogue, market)
    return tuple(dict.fromkeys(_column(_rows(text))))


def _text(body: bytes) -> str:
    """The file as text: Unicode, or what spreadsheets write in Taiwan and China."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    if b"\x00" in body:
        raise InputError("this is no text file; save it as .csv or .txt")
    for charset in _CHARSETS:
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")


def _rows(text: str) -> list[list[str]]:
    """The rows of a table whose columns are parted by the sign that its first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    sign = max("\t;,", key=first.count)
    try:
        return [row for row in csv.reader(StringIO(text), delimiter=sign) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(f"this table cannot be read ({error})") from None


def _column(rows: Sequence[Sequence[str]]) -> list[str]:
    """The cells that hold the names: of the column that is called so, else of the first one."""
    heads = [_plain(cell) for cell in rows[0]] if rows else []
    places = [heads.index(head) for head in (*_NAMED, *_CODED) if head in heads]
    place = places[0] if places else 0
    cells = (" ".join(row[place].split()) for row in rows[bool(places) :] if place < len(row))
    return [cell for cell in cells if cell]


def _plain(head: str) -> str:
    return "".join(char for char in head.casefold() if char.isalnum())
