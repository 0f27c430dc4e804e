"""Cuts a page of text into blocks, one piece of news each.

    text -> lines (cleaned, un-wrapped, Markdown taken off: lines.py) -> headline, paragraph, date, link or furniture
         -> a paragraph with the headline before it = one Block

What looks like a headline (at most 160 columns, no full stop) belongs to the next paragraph only; a headline without
a paragraph is a block of its own, so that a page of bare headlines loses none. Blank lines are only hints.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from watchbot.text.datelines import date_line
from watchbot.text.furniture import is_byline, is_furniture, is_read_more
from watchbot.text.lines import HEADLINE_COLUMNS, Line, columns, ends_sentence, text_lines

LONGEST_BODY = 20_000
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_BARE_URL = re.compile(
    r"<?(?:(?:url|link|source|連結|网址|網址|原文|來源|来源|出典)\s*[:：]\s*)?(https?://[^\s<>]+)>?", re.IGNORECASE
)
_PAGE_NAME = re.compile(
    r"\b(?:digest|daily|weekly|monthly|briefing|brief|newsletter|bulletin|roundup|round-up|news|headlines|clippings)\b|"
    r"[日週周月早晚午]報|快訊|快讯|要聞|要闻|摘要|彙整|汇总|剪報|新聞|新闻|ニュース|まとめ|ダイジェスト",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of news: `line` counts from 1, `published` is what the page's own dates say, `url` its own link."""

    title: str
    body: str
    line: int
    published: datetime | None = None
    url: str = ""


def segment(text: str, written: datetime) -> list[Block]:
    """The blocks of a plain or Markdown text; `written` is the time of the file."""
    return blocks_of(text_lines(text), written)


def blocks_of(lines: list[Line], written: datetime) -> list[Block]:
    """The blocks of lines that were taken from any kind of page."""
    cutter = _Cutter(written)
    for index, line in enumerate(lines):
        follower = lines[index + 1] if index + 1 < len(lines) else None
        cutter.take(line, follower is None or follower.gap)
    return cutter.finish()


def block_id(body: str) -> str:
    """A hash of the paragraph that does not change when the page around it is saved anew."""
    plain = " ".join(unicodedata.normalize("NFKC", body).casefold().split())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(slots=True)
class _Draft:
    """A block while lines may still add to it."""

    title: str
    body: str
    line: int
    published: datetime | None
    url: str


@dataclass(slots=True)
class _Head:
    """A headline that waits for its paragraph. `named` says that a date followed it: at the top, a page's name."""

    line: Line
    stamp: datetime | None
    first: bool
    named: bool = False


class _Cutter:
    """Reads lines one by one."""

    def __init__(self, written: datetime) -> None:
        """Begin with an empty page."""
        self._written = written
        self._stamp: datetime | None = None
        self._heads: list[_Head] = []
        self._drafts: list[_Draft] = []
        self._labels: list[_Head] = []
        self._links: list[tuple[int, str]] = []
        self._next_url = ""
        self._begun = False

    def take(self, line: Line, ends_group: bool) -> None:
        """Read one line; `ends_group` says that a blank line or nothing follows."""
        if not line.heading and (moment := date_line(line.text, self._written)):
            self._stamp = moment
            if self._heads:
                self._heads[-1].named = True
        elif found := _BARE_URL.fullmatch(line.text):
            self._link(line, found[1], ends_group)
        elif is_furniture(line.text) or is_byline(line.text):
            if line.url and is_read_more(line.text):
                self._link(line, line.url, True)
        elif is_headline(line):
            head = _Head(line, self._stamp, not (self._begun or self._drafts))
            self._begun = self._begun or not _is_label(head, None)
            self._heads.append(head)
        else:
            self._paragraph(line)

    def finish(self) -> list[Block]:
        """All blocks; where only labels or links stood on the page, these."""
        self._orphans(self._heads)
        if not self._drafts:
            for head in self._labels:
                self._headline_alone(head)
        if not self._drafts:
            self._drafts = [_Draft("", url, number, self._stamp, url) for number, url in self._links]
        return [block for draft in self._drafts for block in _blocks(draft)]

    def _link(self, line: Line, url: str, ends_group: bool) -> None:
        """A link on a line of its own: the waiting headline's, else the block's above, else the next one's."""
        self._links.append((line.number, url))
        if self._heads:
            head = self._heads[-1]
            if not head.line.url:
                head.line = Line(head.line.number, head.line.text, url, head.line.heading, head.line.bullet)
        elif self._drafts and not self._drafts[-1].url and not (line.gap and not ends_group):
            self._drafts[-1].url = url
        else:
            self._next_url = url

    def _paragraph(self, line: Line) -> None:
        """A paragraph takes the headline just before it; of two points in a list, none is the other's headline."""
        parted = bool(self._heads) and line.bullet and self._heads[-1].line.bullet
        head = self._heads.pop() if self._heads and not parted else None
        self._orphans(self._heads, head)
        title, number, url = (head.line.text, head.line.number, head.line.url) if head else ("", line.number, "")
        self._drafts.append(_Draft(title, line.text, number, self._stamp, url or line.url or self._next_url))
        self._next_url = ""

    def _orphans(self, heads: list[_Head], follower: _Head | None = None) -> None:
        """Headlines that found no paragraph: blocks of their own, unless they only name the page or a part of it."""
        for index, head in enumerate(heads):
            after = heads[index + 1] if index + 1 < len(heads) else follower
            if _is_label(head, after):
                self._labels.append(head)
            else:
                self._headline_alone(head)
        self._heads = []

    def _headline_alone(self, head: _Head) -> None:
        """A block of nothing but a headline."""
        line = head.line
        self._drafts.append(_Draft(line.text, "", line.number, head.stamp, line.url or self._next_url))
        self._next_url = ""


def is_headline(line: Line) -> bool:
    """Whether the line announces what follows."""
    if line.heading:
        return columns(line.text) <= 2 * HEADLINE_COLUMNS
    return columns(line.text) <= HEADLINE_COLUMNS and not ends_sentence(line.text)


def _is_label(head: _Head, after: _Head | None) -> bool:
    """Whether a headline without a paragraph is no news but the name of the page or of a section."""
    line = head.line
    han = len(_CJK.findall(line.text))
    words = len(_WORD.findall(_CJK.sub(" ", line.text)))
    if words + han / 2 <= (1 if line.bullet and not line.url else 2):
        return True
    if line.bullet or line.url:
        return False
    if (line.text.endswith((":", "：")) and words + han / 2 <= 4) or (
        after and line.heading and after.line.heading > line.heading
    ):
        return True
    size = words + han / 2
    marked = head.named or line.heading or size <= 3
    names_page = (head.named and size <= 3) or (marked and size <= 10 and _PAGE_NAME.search(line.text))
    return bool(head.first and after is not None and not (head.named and after.named) and names_page)


def _blocks(draft: _Draft) -> list[Block]:
    """The draft as a block; a body longer than any paragraph is cut at sentences, so that nothing of it is lost."""
    bodies = [draft.body] if len(draft.body) <= LONGEST_BODY else _pieces(draft.body)
    return [
        Block(draft.title if not index else "", body, draft.line, draft.published, draft.url)
        for index, body in enumerate(bodies)
    ]


def _pieces(body: str) -> list[str]:
    """The body in pieces of at most LONGEST_BODY characters."""
    pieces = [""]
    for sentence in _SENTENCE.split(body):
        for start in range(0, len(sentence), LONGEST_BODY):
            part = sentence[start : start + LONGEST_BODY]
            if len(pieces[-1]) + len(part) < LONGEST_BODY:
                pieces[-1] += f" {part}" if pieces[-1] else part
            else:
                pieces.append(part)
    return [piece for piece in pieces if piece]
