"""HTML to text: blocks with their line, their links and their rank; shared by dropped pages and feed entries.

    text -> tags and runs of text, one pass (a tree of 100,000 nested elements took the fastest parser a minute)
         -> scripts, menus and what is hidden dropped -> a block at every block tag, a new line at every <br>

The reader believes no tag: whatever is unclosed, crossed or broken, the text between the tags comes out.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import accumulate
from urllib.parse import urljoin

from watchbot.text.lines import without_read_more

# A tag longer than this is no tag. The quantifiers are possessive: no input makes them go back.
_MARKUP = re.compile(
    r"<(?:!--(?P<comment>)|!\[CDATA\[(?P<cdata>)|(?P<close>/?)(?P<tag>[a-zA-Z][^\s/<>]{0,60}+)"
    r"(?P<rest>(?:\"[^\"]{0,8192}+\"|'[^']{0,8192}+'|[^'\"<>]){0,2000}+)/?>|[!?/][^>]{0,8192}+>)"
)
_LOOSE_TAG = re.compile(r"<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9:-]{0,60}+)(?P<rest>[\s/][^<>]{0,8192}+)?>")
_ATTRIBUTE = re.compile(r"([a-zA-Z:-]+)\s*(?:=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_BLOCK_TAGS = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol option p pre section summary
    table tbody td tfoot th thead title tr ul xmp
"""
_FRAME_NAMES = """
    nav navbar navigation menu breadcrumb breadcrumbs cookie-banner cookie-notice cookie-consent share share-buttons
    social-share social-links sidebar site-footer site-header skip-link sr-only visually-hidden screen-reader-text
    gmail_signature moz-signature
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"])
_NEVER = frozenset(["head", "svg", "noscript", "template", "select", "button", "object", "math", "canvas", "datalist"])
_FRAME = frozenset(["nav", "footer"])
_FRAME_MARKS = frozenset(_FRAME_NAMES.split())
_VOID = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|(?:max-height|font-size)\s*:\s*0(?:px)?\s*(?:;|$)")
_SUSPECT = re.compile(r"hidden|display|font-size|max-height|class|role|id\s*=", re.IGNORECASE)
_SPACE = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n ?")
_MANY_LINKS = 200


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """One block's text; a line break inside it was a <br> or stood in a <pre>.

    `line` is where it begins, `lines` where each of its lines does. `links` are (words, address) pairs in order.
    """

    text: str
    line: int
    heading: int = 0
    bullet: bool = False
    links: tuple[tuple[str, str], ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A whole page. `title` is that of its head."""

    blocks: tuple[HtmlBlock, ...]
    title: str = ""


def html_page(source: str, base: str = "") -> HtmlPage:
    """The page's blocks without its frame (menus, footers); with it where nothing else is there."""
    reader = _Reader(source, base, frame=False)
    reader.read()
    if reader.dropping or not any(len(block.text) > 20 for block in reader.blocks):
        whole = _Reader(source, base, frame=True)
        whole.read()
        if sum(len(block.text) for block in whole.blocks) > sum(len(block.text) for block in reader.blocks):
            reader = whole
    return HtmlPage(tuple(reader.blocks), reader.title)


def html_text(source: str) -> str:
    """The text of a piece of HTML: blocks a blank line apart."""
    if "<" not in source:
        return _tidy(unescape(source)) if "&" in source else _tidy(source)
    reader = _Reader(source, "", frame=True)
    reader.read()
    return "\n\n".join(block.text for block in reader.blocks)


def html_line(source: str) -> str:
    """The text of a piece of HTML in one line, as a headline needs it."""
    return " ".join(html_text(source).split())


def first_link(source: str, base: str) -> str:
    """The first web address a piece of HTML links to, "" where there is none."""
    if "<a" not in source and "<A" not in source:
        return ""
    reader = _Reader(source, base, frame=True)
    reader.read()
    return next((url for block in reader.blocks for _words, url in block.links), "")


def _tidy(text: str) -> str:
    """One kind of space, no blank ends; line breaks stay as they are."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"\n{3,}", "\n\n", _BREAKS.sub("\n", _SPACE.sub(" ", text))).strip()


@dataclass(slots=True)
class _Open:
    """The block that is being read: its pieces of text, and at which piece and place each new line began."""

    pieces: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    fresh: bool = True


class _Reader:
    """One pass over the source. `dropping` is the tag of an element being left out at the end, "" for none."""

    def __init__(self, source: str, base: str, frame: bool) -> None:
        """`frame` keeps menus, footers and the like."""
        self.blocks: list[HtmlBlock] = []
        self.title = ""
        self.dropping = ""
        self._source = source
        self._base = base
        self._frame = frame
        self._depth = 0
        self._block = _Open()
        self._heading = 0
        self._bullet = False
        self._pre = 0
        self._row: bool | None = None
        self._href = ""
        self._words_from = 0
        self._lines = list(accumulate((len(line) for line in source.split("\n")), lambda so_far, n: so_far + n + 1))
        self._line = 0

    def read(self) -> None:
        """Walk through the whole source."""
        source, position, end = self._source, 0, len(self._source)
        while position < end:
            start = source.find("<", position)
            if start < 0:
                start = end
            if start > position:
                self._text(source[position:start], position)
            if start == end:
                break
            position = self._markup(start)
        self._flush()

    def _markup(self, start: int) -> int:
        """Handle what begins with `<`; gives where to go on."""
        source = self._source
        found = _MARKUP.match(source, start) or _LOOSE_TAG.match(source, start)
        if not found:
            self._text("<", start)
            return start + 1
        groups = found.groupdict()
        if groups.get("comment") is not None:
            close = source.find("-->", start + 2)
            return len(source) if close < 0 else close + 3
        if groups.get("cdata") is not None:
            return found.end()
        if not groups["tag"]:
            return found.end()
        tag = groups["tag"].lower()
        if groups["close"]:
            self._closed(tag)
            return found.end()
        if tag in _RAW:
            return self._raw(tag, found.end())
        self._opened(tag, groups["rest"] or "")
        return found.end()

    def _raw(self, tag: str, start: int) -> int:
        """An element whose content is no markup: only a page's title is of use."""
        close = re.compile(rf"</{tag}[\s>/]", re.IGNORECASE).search(self._source, start)
        end = close.start() if close else len(self._source)
        if tag == "title" and not self.title and close:
            self.title = " ".join(unescape(self._source[start:end]).split())[:500]
        elif tag == "xmp":
            self._text(self._source[start:end], start)
        after = self._source.find(">", end)
        return len(self._source) if after < 0 else after + 1

    def _opened(self, tag: str, rest: str) -> None:
        """A tag that opens something."""
        if self.dropping:
            self._depth += tag == self.dropping
            return
        if tag not in _VOID and self._is_dropped(tag, rest):
            self._flush()
            self.dropping, self._depth = tag, 1
        elif tag == "br":
            self._block.pieces.append("\n")
            self._block.fresh = True
        elif tag == "a":
            self._anchor(rest)
        elif tag == "base" and (href := _attributes(rest).get("href")):
            self._base = joined(self._base, href)
        elif tag in ("td", "th") and self._row is not None:
            self._cell(tag)
        elif tag in _BLOCKS:
            self._block_tag(tag)
        elif tag == "img":
            self._block.pieces.append(" ")

    def _closed(self, tag: str) -> None:
        """A tag that closes something."""
        if self.dropping:
            self._depth -= tag == self.dropping
            if not self._depth:
                self.dropping = ""
            return
        if tag == "a":
            self._end_anchor()
            self._href = ""
        elif tag == "pre":
            self._flush()
            self._pre = max(0, self._pre - 1)
        elif tag in ("td", "th") and self._row is not None:
            return
        elif tag in _BLOCKS:
            self._flush()
            self._row = None if tag in ("tr", "table") else self._row
            if tag in ("li", "ul", "ol"):
                self._bullet = False
            if len(tag) == 2 and tag[0] == "h":
                self._heading = 0

    def _block_tag(self, tag: str) -> None:
        """A block begins; what came before it ends."""
        self._flush()
        self._row = True if tag == "tr" else (self._row if tag in ("td", "th") else None)
        self._bullet = True if tag == "li" else self._bullet and tag not in ("ul", "ol", "table")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self._heading = int(tag[1])
        self._pre += tag == "pre"

    def _cell(self, tag: str) -> None:
        """A cell of a table of short values stays in its row; a cell that holds a text is a block."""
        so_far = "".join(self._block.pieces)
        if len(so_far) > 60 or "\n" in so_far.strip():
            self._flush()
        elif so_far.strip():
            self._block.pieces.append("  " if tag else "")

    def _is_dropped(self, tag: str, rest: str) -> bool:
        """Whether an element and all in it is left out."""
        if tag in _NEVER:
            return True
        if rest and _SUSPECT.search(rest):
            attributes = _attributes(rest)
            if "hidden" in attributes or _HIDDEN.search(attributes.get("style", "").lower()):
                return tag not in ("body", "html", "p")
            if not self._frame and tag not in ("body", "html", "main", "article", "p"):
                marks = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower().split()
                if attributes.get("role", "") == "navigation" or not _FRAME_MARKS.isdisjoint(marks):
                    return True
        return tag in _FRAME and not self._frame

    def _anchor(self, rest: str) -> None:
        """A link begins (and one that was never closed ends)."""
        self._end_anchor()
        href = _attributes(rest).get("href", "")
        self._href = joined(self._base, href) if href and not href.startswith("#") else ""
        self._words_from = len(self._block.pieces)

    def _end_anchor(self) -> None:
        """Keep the words and the address of the link that ends."""
        words = " ".join("".join(self._block.pieces[self._words_from :]).split())
        if self._href.startswith(("http://", "https://")) and words and len(self._block.links) < _MANY_LINKS:
            self._block.links.append((words[:500], self._href))
        self._words_from = len(self._block.pieces)

    def _text(self, text: str, position: int) -> None:
        """A run of text."""
        if self.dropping:
            return
        if "&" in text:
            text = unescape(text)
        block = self._block
        if self._pre and "\n" in text:
            for line in text.splitlines(keepends=True):
                block.places.append((len(block.pieces), position))
                block.pieces.extend((line.rstrip("\r\n"), "\n") if line[-1] in "\r\n" else (line,))
                position += len(line)
            return
        if not text.isspace():
            if block.fresh:
                lead = len(text) - len(text.lstrip()) if len(text) < 4000 else 0
                block.places.append((len(block.pieces), position + lead))
            block.fresh = False
        block.pieces.append(text.replace("\r", " ").replace("\n", " ") if "\n" in text else text)

    def _flush(self) -> None:
        """End the block that was read so far."""
        block = self._block
        if block.places:
            self._end_anchor()
            numbered = self._numbered(block)
            text = without_read_more("\n".join(text for text, _line in numbered), block.links)
            if text:
                lines = tuple(line for _text, line in numbered)
                links = tuple(block.links)
                self.blocks.append(HtmlBlock(text, lines[0], self._heading, self._bullet, links, lines))
                self._bullet = False
        self._block = _Open()
        self._words_from = 0

    def _numbered(self, block: _Open) -> list[tuple[str, int]]:
        """The lines of a block with their numbers; of several blank ones, one."""
        found: list[tuple[str, int]] = []
        places = dict(block.places)
        words: list[str] = []
        number = 0
        for index, piece in enumerate([*block.pieces, "\n"]):
            if index in places:
                number = self._line_of(places[index])
            if piece != "\n":
                words.append(piece)
                continue
            text = " ".join("".join(words).split())
            if text or (found and found[-1][0]):
                found.append((text, number))
            words = []
        while found and not found[-1][0]:
            found.pop()
        return found

    def _line_of(self, position: int) -> int:
        """The line, from 1, of a place that never goes back."""
        while self._line < len(self._lines) and self._lines[self._line] <= position:
            self._line += 1
        return self._line + 1


def _attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag, the first of each name."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest[:20_000]):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or "").strip())
    return found


def joined(base: str, href: str) -> str:
    """A link made absolute; as it is where that cannot be done."""
    href = "".join(href.split()) if "\n" in href or "\t" in href else href.strip()
    if href.startswith(("http://", "https://")) or not base:
        return href
    try:
        return urljoin(base, href)
    except ValueError:
        return ""
