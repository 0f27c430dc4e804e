"""What in a mail is not its own news: quotes of older mails, signatures. In a forwarded mail the quote is the news."""

import re

from watchbot.sources.html import html_page
from watchbot.sources.lettermap import Part

_WROTE = re.compile(
    r"\s*(?:on\b.{5,200}\bwrote|am\b.{5,200}\bschrieb.{0,100}|le\b.{5,200}a écrit|.{5,200}於.{4,60}(?:寫道|写道)|"
    r"在.{5,200}写道|.{5,160}(?:wrote|寫道|写道|のメッセージ|書きました))\s*[:：]\s*",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\s*(?:-{2,}\s*(?:original (?:message|appointment)|forwarded message|原始郵件|原始邮件|轉寄郵件|转发邮件|"
    r"元のメッセージ|原文邮件|ursprüngliche nachricht)\s*-{2,}|_{20,}|begin forwarded message:)\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"forwarded message|轉寄郵件|转发邮件|轉寄的郵件", re.IGNORECASE)
_HEAD = re.compile(r"\s*\*?(?:from|寄件者|发件人|發件人|差出人|von)\*?\s*[:：]\s*\S", re.IGNORECASE)
_SIGNATURE = re.compile(r"--\s?")
_LONGEST_SIGNATURE = 14
_HTML_QUOTE = re.compile(
    r"<(?:div|blockquote|table|hr|span|p)\b[^<>]{0,400}(?:\bgmail_quote|\byahoo_quoted|\btype=[\"']?cite\b|moz-cite-prefix|"
    r"divRplyFwdMsg|\bappendonsend|OutlookMessageHeader|x_divRplyFwdMsg)",
    re.IGNORECASE,
)


def without_html_quotes(source: str) -> str:
    """The page up to where the quote of an older mail begins; all of it where nothing stands before, or it is a
    forwarded mail."""
    found = _HTML_QUOTE.search(source)
    if not found or _FORWARDED.search(source[found.start() : found.start() + 3000]):
        return source
    own = [block.text for block in html_page(source[: found.start()]).blocks]
    own = [text for text in own if not _WROTE.fullmatch(text) and not _ORIGINAL.fullmatch(text)]
    return source[: found.start()] if any(len(text) > 20 for text in own) else source


def own_lines(part: Part, forwarded: bool) -> list[tuple[int, str]]:
    """The lines of a plain mail that are its own, flowed paragraphs joined, each with its line in the file."""
    lines = [(part.line(number), text) for number, text in enumerate(part.text.split("\n"), start=1)]
    lines = _without_signature(_joined(lines, part.joins) if part.flowed else lines)
    if forwarded or any(_FORWARDED.search(text) for _number, text in lines[:400] if len(text) < 200):
        return [(number, "" if _ORIGINAL.fullmatch(text) else text) for number, text in lines]
    own = _without_quotes(lines)
    return own if any(len(text.strip()) > 10 for _number, text in own) else lines


def _joined(lines: list[tuple[int, str]], without_space: bool) -> list[tuple[int, str]]:
    """The paragraphs of format=flowed (RFC 3676): a line that ends with a space goes on in the next."""
    found: list[tuple[int, str]] = []
    flows, depth = False, 0
    for number, text in lines:
        quotes = len(text) - len(text.lstrip(">"))
        bare = text[quotes:].removeprefix(" ")
        if flows and quotes == depth and bare.rstrip() != "--":
            found[-1] = (found[-1][0], found[-1][1] + bare)
        else:
            found.append((number, "> " * quotes + bare))
        flows, depth = bare.endswith(" ") and bare != "-- ", quotes
        if flows and without_space:
            found[-1] = (found[-1][0], found[-1][1][:-1])
    return found


def _without_signature(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines before a signature: a few at the end, behind a line of two dashes."""
    for place in range(len(lines) - 1, max(0, len(lines) - _LONGEST_SIGNATURE - 1), -1):
        if _SIGNATURE.fullmatch(lines[place][1]) and any(text.strip() for _number, text in lines[:place]):
            return lines[:place]
    return lines


def _without_quotes(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines without `> ` quotes and without the older mail below."""
    found: list[tuple[int, str]] = []
    for place, (number, text) in enumerate(lines):
        following = [below for _number, below in lines[place + 1 : place + 4]]
        if _ORIGINAL.fullmatch(text) and any(_HEAD.match(below) for below in following):
            break
        quoted = any(below.startswith(">") for below in following)
        if text.startswith(">"):
            continue
        if quoted and (_WROTE.fullmatch(text) or (following and _WROTE.fullmatch(f"{text} {following[0]}"))):
            continue
        if quoted and _WROTE.fullmatch(f"{found[-1][1]} {text}" if found else text):
            found.pop()
            continue
        found.append((number, text))
    return found
