"""Cuts a page of text into blocks, one piece of news each.

    text -> lines (cleaned, un-wrapped, Markdown taken off: lines.py) -> headline, paragraph, date, link or furniture
         -> a paragraph with the headline before it = one Block

What looks like a headline (at most 160 columns, no full stop) belongs to the next paragraph only; a headline without
a paragraph is a block of its own, so that a page of bare headlines loses none. Blank lines are only hints.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from watchbot.text.datelines import date_line, stamped
from watchbot.text.furniture import is_byline, is_closing, is_furniture, is_read_more
from watchbot.text.lines import HEADLINE_COLUMNS, Line, columns, ends_sentence, text_lines
from watchbot.text.notices import without_forms

LONGEST_BODY = 20_000
# More than any page holds; a reader that wants no more than these sees by one block more that there were.
MOST_BLOCKS = 5000
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_BARE_URL = re.compile(
    r"<?(?:(?:url|link|source|連結|网址|網址|原文|來源|来源|出典)\s*[:：]\s*)?(https?://[^\s<>]+)>?", re.IGNORECASE
)
_PAGE_NAME = re.compile(
    r"\b(?:digest|daily|weekly|monthly|briefing|brief|newsletter|bulletin|roundup|round-up|news|headlines|clippings|"
    r"notes|what we(?:'re| are)? read(?:ing)?|week in \w+)\b|[日週周月早晚午][報报]|快訊|快讯|要聞|要闻|摘要|彙整|汇总|"
    r"剪報|剪报|新聞|新闻|財經|财经|通訊|第 ?\d{1,4} ?期|号$|號$|ニュース|まとめ|ダイジェスト|ヘッドライン",
    re.IGNORECASE,
)
_NAMED_DAY = re.compile(
    r"\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}日?|(?<!\d)\d{1,2}月\d{1,2}日|"
    r"(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: \d{1,2})?(?:,? \d{4})?\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[【〔\[［《「].{1,24}[】〕\]］》」].{0,12}")
_TITLED = re.compile(
    r"(?:\d\.\s?)?(?:(?:原文|新聞|新闻|完整新聞)?(?:標題|标题)|題目|件名|headline|title)\s*(?:[:：]\s*|\s(?=[\[［【]))"
    r"(?:[\[［][^\]］]{1,6}[\]］]\s*)?(?P<title>\S.*)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_ROW = re.compile(r".*\s[-+]?[$€¥]?\d[\d,.]*%?(?:\s+[-+]?[$€¥]?\d[\d,.]*%?)+")
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
    lines = without_forms(lines)
    cutter = _Cutter(written)
    for index, line in enumerate(lines):
        follower = lines[index + 1] if index + 1 < len(lines) else None
        cutter.take(line, follower)
        if cutter.count() > MOST_BLOCKS:
            break
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
    """A headline that waits for its paragraph. `named` says that a date followed it: at the top, a page's name.

    `signed` says that it stands where a letter is signed, `listed` that it is the point of a list under another one,
    `over` that it stands over a list.
    """

    line: Line
    stamp: datetime | None
    first: bool
    named: bool = False
    signed: bool = False
    listed: bool = False
    over: bool = False


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
        self._before: Line | None = None
        self._closed = False

    def take(self, line: Line, follower: Line | None) -> None:
        """Read one line; `follower` is the next."""
        ends_group = follower is None or follower.gap
        before, self._before = self._before, line
        closed, self._closed = self._closed, is_closing(line.text)
        if line.whole:
            self._paragraph(line, False)
        elif not line.heading and (moment := date_line(line.text, self._written) or self._byline_day(line)):
            self._stamp = moment
            if self._heads:
                self._heads[-1].named = True
        elif found := _BARE_URL.fullmatch(line.text):
            self._link(line, found[1], ends_group)
        elif line.url and is_read_more(line.text) and (self._heads or self._drafts):
            self._link(line, line.url, True)
        elif is_furniture(line.text) or is_byline(line.text):
            self._closed = self._closed or (closed and not line.gap)
        elif is_headline(line):
            listed = line.bullet and not line.gap and before is not None and before.bullet
            self._headline(line, closed, listed)
        else:
            self._paragraph(line, bool(follower and follower.bullet))

    def _headline(self, line: Line, signed: bool, listed: bool) -> None:
        """A headline waits; a day that stands with it is its own, one in the page's name is the page's."""
        titled = _TITLED.fullmatch(line.text)
        if titled:
            line = replace(line, text=titled["title"])
        moment, text = stamped(line.text, self._written)
        stamp = moment or self._stamp
        line = replace(line, text=text)
        head = _Head(line, stamp, not (self._begun or self._drafts), False, signed, listed)
        self._begun = self._begun or not _is_label(head, None)
        if head.first and _PAGE_NAME.search(line.text) and (day := _NAMED_DAY.search(line.text)):
            self._stamp = date_line(day[0], self._written) or self._stamp
            head.named = True
        if titled and self._heads and self._heads[-1].line.text == text:
            twin = self._heads.pop()
            head.line = replace(line, url=line.url or twin.line.url)
        self._heads.append(head)

    def _byline_day(self, line: Line) -> datetime | None:
        """The day at the end of a line that else only says who wrote."""
        words = line.text.split()
        if not 2 <= len(words) <= 16 or len(line.text) > 120 or not _DIGIT.search(line.text):
            return None
        for place in range(1, len(words)):
            left = " ".join(words[:place]).rstrip(" |·•,，、/-–—")
            if is_byline(left) and (moment := date_line(" ".join(words[place:]), self._written)):
                return moment
        return None

    def count(self) -> int:
        """How many blocks there are so far."""
        return len(self._drafts)

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

    def _paragraph(self, line: Line, listed: bool) -> None:
        """A paragraph takes the headline just before it, unless that is another's (see _is_parted)."""
        parted = bool(self._heads) and _is_parted(self._heads[-1], line, listed)
        if parted:
            self._heads[-1].over = line.bullet
        head = self._heads.pop() if self._heads and not parted else None
        self._orphans(self._heads, head)
        title, number, url = (head.line.text, head.line.number, head.line.url) if head else ("", line.number, "")
        stamp = (head.stamp if head and head.stamp and not head.named else None) or self._stamp
        self._drafts.append(_Draft(title, line.text, number, stamp, url or line.url or self._next_url))
        self._next_url = ""

    def _orphans(self, heads: list[_Head], follower: _Head | None = None) -> None:
        """Headlines that found no paragraph: blocks of their own, unless they only name the page or a part of it."""
        for index, head in enumerate(heads):
            after = heads[index + 1] if index + 1 < len(heads) else follower
            if _is_label(head, after) or (head.signed and not head.line.url):
                self._labels.append(head)
            else:
                self._headline_alone(head)
        self._heads = []

    def _headline_alone(self, head: _Head) -> None:
        """A block of nothing but a headline."""
        line = head.line
        self._drafts.append(_Draft(line.text, "", line.number, head.stamp, line.url or self._next_url))
        self._next_url = ""


def _is_parted(head: _Head, line: Line, listed: bool) -> bool:
    """Whether a paragraph is not the text of the headline before it.

    Of two points in a list none is the other's headline; the line above a list is that of the whole list; a list ends
    at a blank line; a row of figures, one word and the name of the page are no headlines.
    """
    if line.whole:
        return False
    if line.bullet and (head.line.bullet or listed):
        return True
    if head.listed and line.gap and not line.bullet:
        return True
    size = _size(head.line.text)
    names_page = head.first and head.named and size <= 5 and bool(_PAGE_NAME.search(head.line.text))
    return (size <= 1 and not head.line.url) or names_page or bool(_ROW.fullmatch(head.line.text))


def _size(text: str) -> float:
    """How much a headline says: in words, of which two Han or Kana make one."""
    return len(_WORD.findall(_CJK.sub(" ", text))) + len(_CJK.findall(text)) / 2


def is_headline(line: Line) -> bool:
    """Whether the line announces what follows."""
    if line.heading:
        return columns(line.text) <= 2 * HEADLINE_COLUMNS
    return columns(line.text) <= HEADLINE_COLUMNS and not ends_sentence(line.text)


def _is_label(head: _Head, after: _Head | None) -> bool:
    """Whether a headline without a paragraph is no news but the name of the page or of a section."""
    line = head.line
    size = _size(line.text)
    if size <= (1 if line.bullet and not line.url else 2):
        return True
    if line.bullet or line.url:
        return False
    if (line.text.endswith((":", "：")) and size <= 4) or (
        after and line.heading and after.line.heading > line.heading
    ):
        return True
    marked = head.named or line.heading or size <= 3 or _BRACKETED.fullmatch(line.text)
    names_page = (head.named and size <= 3) or (marked and size <= 12 and _PAGE_NAME.search(line.text))
    leads = head.over or (after is not None and not (head.named and after.named))
    return bool(head.first and leads and names_page)


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
