"""Raw text to logical lines: cleaned, un-wrapped, without bullets and Markdown, each with its place and its link.

text -> NFC, line ends, invisible characters -> hard-wrapped lines joined -> bullet, #, [link](url), ** taken off
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from watchbot.text.chats import chat_rows, without_board_tail
from watchbot.text.furniture import is_read_more

# Columns as a terminal counts them, so a Chinese character is two: 80 of them say as much as 160 letters do, and no
# headline is that long in either script.
HEADLINE_COLUMNS = 160
_WRAP_NARROWEST, _WRAP_WIDEST = 30, 130
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# A letter carries a few marks. Sorting a run of thousands, as normalising does, takes the square of its length in time.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0730-\u074a\u07eb-\u07f3\u0816-\u082d"
    "\u0859-\u085b\u08d3-\u08ff\u0e38-\u0e4b\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a"
    "\ua66f-\ua69f\ua8e0-\ua8f1\ufe20-\ufe2f"
)
_TOO_MANY_MARKS = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")
_INNER_BREAK = re.compile("[\u000b\u000c\u0085\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_QUOTE = re.compile(r"\s*(?:>\s?)+")
_BULLET = re.compile(
    r"(?:[•◦▪▫●○■□◆◇★☆※►▶▸‣⁃➤➢✓✔·・‧▍▌▎▋▊❖◉◎➔➜❑]\s*|[-–—*+]\s+|\(?\d{1,3}[.)]\s+|[(（]\d{1,3}[)）]\s*|\d{1,3}[、．]\s*|[①-⑳]\s*|"
    r"[(（]?[一二三四五六七八九十]{1,3}(?:、|[)）.．])\s*|\[[ xX]\]\s+)"
)
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_FENCE = re.compile(r"(?:`{3,}|~{3,}).*")
_IMAGE = re.compile(r"!\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,200}\")?\)")
_LINK = re.compile(
    r"\[([^\[\]]{1,1000})\]\(<?((?:https?://|www\.|/)[^\s()<>]{0,2000}(?:\([^\s()]{0,200}\)[^\s()<>]{0,500})?)>?(?:\s+[\"'][^\"']{0,200}[\"'])?\)"
)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]{1,500})(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`([^`]{1,500})`")
_TAIL_URL = re.compile(r"[\s(（<]*\b(?:https?://[^\s<>()（）]+)[)）>]*\s*$")
_LEAD_IN = re.compile(
    r"(?:(?<=[.!?;,])\s+|(?<=[。！？；，]))(?:詳見|詳情請見|詳情|詳細|請見|請參考|全文|原文|來源|来源|see|more|details|link|via|read|source)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_ANY_URL = re.compile(r"https?://[^\s<>()（）「」。，]+")
_CLOSERS = "\"'”’)]）】」』》〉»* "
_FINAL = ".!?。！？…．｡"
_ABBREVIATION = re.compile(
    r"\b(?:inc|co|ltd|corp|llc|plc|bhd|s\.a|n\.v|a\.g|u\.s|u\.k|u\.n|jr|sr|no|vs|etc)\.$", re.IGNORECASE
)
_CREDIT = re.compile(r"(.*[.!?。！？])[\"'”’」』]?\s*[(（\[][^()（）\[\]]{1,40}[)）\]]\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line. `heading` is 1 to 6 where it is marked as one, `gap` says that a blank line stood before it.

    `whole` says that it was put together from several lines: it is a text, whatever it looks like.
    """

    number: int
    text: str
    url: str = ""
    heading: int = 0
    bullet: bool = False
    gap: bool = False
    whole: bool = False


def text_lines(text: str) -> list[Line]:
    """The logical lines of a plain or Markdown text."""
    raw = clean(text).split("\n")
    start = _front_matter(raw)
    rows = [(number, line) for number, line in enumerate(raw, start=1) if number > start]
    joined = _unwrapped(chat_rows(rows) or without_board_tail(rows))
    lines: list[Line] = []
    for number, one, gap in joined:
        parts = [part for part in _INNER_BREAK.split(one) if part.strip()]
        lines.extend(line for index, part in enumerate(parts) if (line := _logical(number, part, gap and not index)))
    return lines


def clean(text: str) -> str:
    """NFC, one kind of line end and of space, nothing invisible."""
    text = _TOO_MANY_MARKS.sub(r"\1", _SURROGATE.sub("\ufffd", text))
    text = unicodedata.normalize("NFC", text)
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def columns(text: str) -> int:
    """The width of a text on a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def ends_sentence(text: str) -> bool:
    """Whether the line ends as a sentence does; a link or a credit after the full stop does not count."""
    bare = _TAIL_URL.sub("", text[-2500:]) or text[-2500:]
    if len(bare) < 4000 and (credit := _CREDIT.fullmatch(bare[-400:])):
        bare = credit[1]
    bare = bare.rstrip(_CLOSERS)
    if not bare.endswith(tuple(_FINAL)):
        return False
    return not (_ABBREVIATION.search(bare[-12:]) and columns(text) <= 100)


def without_markup(text: str) -> tuple[str, str]:
    """The text as a reader sees it, and the link that is its own ("" for none)."""
    links: list[tuple[str, str]] = []

    def keep(found: re.Match[str]) -> str:
        links.append((found[1], found[2]))
        return found[1]

    text = _IMAGE.sub(lambda found: found[1], text) if "](" in text else text
    text = _LINK.sub(keep, text) if "](" in text else text
    text = _STRONG.sub(r"\2", text) if "**" in text or "__" in text else text
    text = _EMPHASIS.sub(r"\2", text) if "*" in text or "_" in text else text
    text = _CODE.sub(r"\1", text) if "`" in text else text
    return without_read_more(text.strip(), links), own_link(links)


def without_read_more(text: str, links: list[tuple[str, str]]) -> str:
    """The text without a "read more" link at its end, unless that is all there is."""
    words = links[-1][0] if links else ""
    if not words or not is_read_more(words):
        return text
    bare = text.rstrip(" )]）】>»›→.…")
    return (
        (bare[: -len(words)].rstrip(" ([（【<|-–—·\n") or text)
        if bare.endswith(words.rstrip(" )]）】>»›→.…"))
        else text
    )


def own_link(links: list[tuple[str, str]]) -> str:
    """Of (words, address) pairs in one block: the "read more", else the one with the most words."""
    usable = [(words, url) for words, url in links if url.startswith(("http://", "https://"))]
    if not usable:
        return ""
    promised = [url for words, url in usable if is_read_more(words)]
    return promised[0] if promised else max(usable, key=lambda pair: len(pair[0]))[1]


def _front_matter(raw: list[str]) -> int:
    """How many lines at the top are a Markdown file's own settings (`---`, `key: value`, `---`)."""
    if not raw or raw[0].strip() != "---":
        return 0
    for index, line in enumerate(raw[1:40], start=1):
        if line.strip() == "---":
            return index + 1
        if line.strip() and not re.match(r"\s*(?:[\w-]+\s*:|- |#)", line):
            return 0
    return 0


def _logical(number: int, raw: str, gap: bool) -> Line | None:
    """One line without its marks, None where nothing is left."""
    text = _SPACES.sub(" ", _QUOTE.sub("", raw, count=1) if ">" in raw[:10] else raw).strip()
    if _FENCE.fullmatch(text):
        return None
    level = 0
    if found := _HEADING.fullmatch(text):
        level, text = len(found[1]), found[2]
    bullet = False
    while not text.startswith("**") and (mark := _BULLET.match(text)):
        bullet, text = True, text[mark.end() :]
    if not level and (found := _HEADING.fullmatch(text)):
        level, text = len(found[1]), found[2]
    text, url = without_markup(text)
    if not text:
        return None
    plain_urls = _ANY_URL.findall(text) if not url and "://" in text else []
    if len(set(plain_urls)) == 1 and plain_urls[0] != text:
        url = plain_urls[0].rstrip(".,;:!?'\"")
        text = _LEAD_IN.sub("", _TAIL_URL.sub("", text)).strip() or text
    return Line(number, text, url, level, bullet, gap)


def _unwrapped(raw: list[tuple[int, str]]) -> list[tuple[int, str, bool]]:
    """(number, text, whether a blank line came before) with the lines of hard-wrapped paragraphs joined."""
    rows = [(number, text.rstrip()) for number, text in raw]
    width = _wrap_width([text for _number, text in rows])
    out: list[tuple[int, str, bool]] = []
    gap, before = False, ""
    for number, text in rows:
        if not text.strip():
            gap, before = True, ""
            continue
        if before and ((width and _continues(before, text, width)) or _hangs(before, text)):
            number_then, so_far, gap_then = out[-1]
            out[-1] = (number_then, _glued(so_far, text.strip()), gap_then)
        else:
            out.append((number, text, gap))
        gap, before = False, text
    return out


def _wrap_width(texts: list[str]) -> int:
    """The width at which the text was wrapped by hand, 0 where it was not."""
    worded = [text for text in texts if " " in text.strip() or _wide(text.strip()[:1])]
    widths = sorted(columns(text) for text in worded)
    if len(widths) < 4:
        return 0
    width = widths[min(len(widths) - 1, len(widths) * 19 // 20)]
    if not _WRAP_NARROWEST <= width <= _WRAP_WIDEST:
        return 0
    pairs = [(one, two) for one, two in pairwise(texts) if one.strip() and two.strip()]
    full = [(one, two) for one, two in pairs if _continues(one, two, width)]
    if len(full) < 3 or len(full) < 0.6 * len(pairs):
        return 0
    open_ended = sum(1 for one, _two in full if not ends_sentence(one))
    flowing = sum(1 for _one, two in full if two.strip()[0].islower() or _wide(two.strip()[0]))
    return width if open_ended >= 0.6 * len(full) and flowing >= 0.4 * len(full) else 0


def _hangs(one: str, two: str) -> bool:
    """Whether `two` is the rest of an indented sentence, as below the points of a list."""
    indent = len(one) - len(one.lstrip())
    if indent < 2 or len(two) - len(two.lstrip()) != indent or columns(one) < 40 or _BULLET.match(one.strip()):
        return False
    return two.strip()[0].islower() and not ends_sentence(one)


def _continues(one: str, two: str, width: int) -> bool:
    """Whether `two` goes on where `one` had no room left for its first word."""
    rest = two.strip()
    if _BULLET.match(rest) or rest.startswith("#") or len(two) - len(two.lstrip()) > len(one) - len(one.lstrip()) + 1:
        return False
    word = 2 if _wide(rest[0]) else columns(rest.split()[0]) + 1
    slack = 4 if _wide(rest[0]) else 1
    return columns(one) + word > width - slack


def _glued(one: str, two: str) -> str:
    """Two lines of one paragraph as one."""
    if _wide(one[-1]) or _wide(two[0]):
        return one + two
    return one + two if re.search(r"[a-z]-$", one) and two[0].islower() else f"{one} {two}"


def _wide(mark: str) -> bool:
    """Whether a character is a Han, Kana or full-width one (not Hangul, which is written with spaces)."""
    return bool(mark) and unicodedata.east_asian_width(mark) in "WF" and not "\uac00" <= mark <= "\ud7af"
