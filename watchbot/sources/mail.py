"""Mails to items, one a block: the newsletter that was saved as .eml, and the mail that somebody dropped.

    bytes -> parts (attachments named, not read) -> web page, else plain text -> without quotes of older mails and
    signatures -> logical lines -> blocks -> items; what has no date of its own gets the mail's

The old header rules of the email package are used on purpose: the new ones raise on what strangers write into headers,
and cannot join a character that was cut in two between encoded words.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.charset import decode
from watchbot.sources.html import html_page
from watchbot.sources.lettermap import ITS_ERRORS, Part, header, part_of
from watchbot.sources.pages import html_lines, page_cut, shortened
from watchbot.sources.quotes import own_lines, without_html_quotes
from watchbot.text.furniture import is_furniture
from watchbot.text.lines import Line, clean, text_lines
from watchbot.text.segment import Block, blocks_of

MOST_PARTS = 500
_LONGEST_HEADER = 5000
_SAMPLE = 200_000
_FORWARD = re.compile(
    r"(?:\s*(?:\[[^\]]{1,40}\]|re|aw|sv|回复|回覆|答复)\s*[:：]?\s*)*(?:fwd?|wg|i|轉寄|转发|轉發|転送)\s*[:：]", re.I
)
_REPLY = re.compile(
    r"(?:\s*(?:re|fwd?|fw|aw|wg|sv|回复|回覆|答复|轉寄|转发|轉發|転送|返信)\s*(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE
)
_MBOX = re.compile(rb"\r?\n\r?\n(?=From \S+ .{10,60}\d{4}\r?\n[!-9;-~]{1,76}:)")


@dataclass(slots=True)
class _Content:
    """What a mail holds: its readable parts in order, the names of its attachments, mails attached to it."""

    parts: list[Part] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    mails: list["Message[str, str]"] = field(default_factory=list)
    attached_mails: list[str] = field(default_factory=list)
    count: int = 0


def read_mail(document: RawDocument) -> CutDocument:
    """The items of a mail, or of the mails of a mailbox. Raises InputError in one line."""
    try:
        pieces = _MBOX.split(document.body) if document.body.startswith(b"From ") else [document.body]
        if len(pieces) == 1:
            return _one(document, document.body)
        return _several(document, pieces)
    except (*ITS_ERRORS, MessageError) as error:
        raise InputError(f"{document.name} is no mail that can be read ({type(error).__name__})") from None


def subject_of(message: "Message[str, str]") -> str:
    """The mail's subject in plain words, "" for none."""
    raw = header(message, "Subject")[:_LONGEST_HEADER]
    raw = re.sub(r"\r?\n[ \t]?", "" if "?=" in raw else " ", raw)
    try:
        pieces = decode_header(re.sub(r"\?=\s+=\?", "?= =?", raw))
        text = "".join(one if isinstance(one, str) else decode(one, f"charset={name}")[0] for one, name in pieces)
    except (*ITS_ERRORS, MessageError):
        text = raw
    return " ".join(clean(text).split())[:1000]


def sent_at(message: "Message[str, str]", document: RawDocument) -> datetime | None:
    """When the mail says it was sent, in the zone of the file's time and never after it; None where it does not."""
    try:
        moment = parsedate_to_datetime(" ".join(header(message, "Date").split()))
    except ITS_ERRORS:
        return None
    try:
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment = min(moment, document.fetched_at).astimezone(document.fetched_at.tzinfo)
    except ITS_ERRORS:
        return None
    return moment if moment.year >= 1980 else None


def _one(document: RawDocument, body: bytes, before: int = 0) -> CutDocument:
    """The items of one mail, which begins `before` lines after the file does."""
    message = message_from_bytes(body.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    sent = sent_at(message, document)
    subject = subject_of(message)
    content = _Content()
    _collect(message, body, content)
    if not content.parts and content.mails:
        inner = content.mails[0]
        content.attached_mails.pop(0)
        sent, subject = sent_at(inner, document) or sent, subject_of(inner) or subject
        _collect(inner, body, content)
    blocks = _blocks(content.parts, bool(_FORWARD.match(subject)), sent or document.fetched_at)
    title = _REPLY.sub("", subject, count=1) if _REPLY.match(subject) else subject
    if len(blocks) == 1 and not blocks[0].title and title and title != blocks[0].body:
        blocks = [replace(blocks[0], title=title)]
    elif not blocks and title and not is_furniture(title):
        blocks = [Block(title, "", 1)]
    if before:
        blocks = [replace(block, line=block.line + before) for block in blocks]
    names = tuple(
        f"the attachment {name} was not read; drop it as a file of its own"
        for name in (*content.attached, *content.attached_mails)
    )
    return page_cut(blocks, document, title, sent, names)


def _several(document: RawDocument, pieces: list[bytes]) -> CutDocument:
    """The items of all mails of a mailbox; one that holds nothing is named and the rest goes on."""
    found: list[CutDocument] = []
    skipped: list[str] = []
    line = 0
    for number, piece in enumerate(pieces, start=1):
        try:
            found.append(_one(document, piece, line))
        except InputError:
            skipped.append(f"mail {number} (line {line + 1}) holds nothing that reads like news")
        line += piece.count(b"\n") + 2
    if not found:
        raise InputError(f"{document.name} holds nothing that reads like news")
    items = {item.id: item for cut in reversed(found) for item in reversed(cut.items)}
    told = (*skipped[:20], *(words for cut in found for words in cut.skipped))
    return CutDocument(tuple(reversed(items.values())), "", 0.0, told)


def _collect(message: "Message[str, str]", body: bytes, into: _Content) -> None:
    """Gather the readable parts of a mail; of alternatives the web page, where it has text."""
    into.count += 1
    if into.count > MOST_PARTS:
        return
    kind = message.get_content_type()
    if kind == "multipart/alternative" and isinstance(message.get_payload(), list):
        into.parts.extend(_best(message, body, into))
    elif message.is_multipart() and kind != "message/rfc822":
        for part in message.get_payload():
            if isinstance(part, Message):
                _collect(part, body, into)
    elif kind == "message/rfc822":
        inner = message.get_payload()
        into.mails.extend(one for one in (inner if isinstance(inner, list) else [])[:1] if isinstance(one, Message))
        into.attached_mails.append(_filename(message) or "(a mail)")
    elif kind in ("text/plain", "text/html") and not _is_attachment(message):
        part = part_of(message, body, 0)
        if part.text.strip():
            into.parts.append(part)
    elif name := _filename(message):
        into.attached.append(name)


def _best(message: "Message[str, str]", body: bytes, into: _Content) -> list[Part]:
    """The parts of the best alternative: HTML with text before plain text with text."""
    choices: list[list[Part]] = []
    for alternative in message.get_payload():
        if isinstance(alternative, Message):
            inner = _Content(count=into.count)
            _collect(alternative, body, inner)
            into.count = inner.count
            into.attached.extend(inner.attached)
            into.mails.extend(inner.mails)
            into.attached_mails.extend(inner.attached_mails)
            choices.append(inner.parts)
    full = [parts for parts in choices if parts]
    pages = [parts for parts in full if any(part.html and html_page(part.text[:_SAMPLE]).blocks for part in parts)]
    return next(iter(pages or full), [])


def _is_attachment(message: "Message[str, str]") -> bool:
    """Whether a text part is a file that was sent along."""
    said = header(message, "Content-Disposition").strip().lower()
    return said.startswith("attachment") or bool(_filename(message))


def _filename(message: "Message[str, str]") -> str:
    """The name of an attachment in plain words, "" for none."""
    if len(header(message, "Content-Disposition") + header(message, "Content-Type")) > _LONGEST_HEADER:
        return "(without a readable name)"
    try:
        name = message.get_filename() or ""
        pieces = decode_header(name)
        name = "".join(one if isinstance(one, str) else decode(one, f"charset={label}")[0] for one, label in pieces)
    except (*ITS_ERRORS, MessageError):
        return "(without a readable name)"
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in name)[:200]


def _blocks(parts: list[Part], forwarded: bool, written: datetime) -> list[Block]:
    """The blocks of all readable parts in order."""
    lines: list[Line] = []
    if any(part.html for part in parts):
        parts = [part for part in parts if part.html or not lines]
    for part in parts:
        lines.extend(_page_lines(part, forwarded) if part.html else _text_lines(part, forwarded))
    return blocks_of(lines, written)


def _page_lines(part: Part, forwarded: bool) -> list[Line]:
    """The logical lines of a mail written as a web page."""
    text, _skipped = shortened(part.text)
    text = text if forwarded else without_html_quotes(text)
    lines = html_lines(html_page(text, part.location).blocks)
    return [replace(line, number=part.line(line.number)) for line in lines]


def _text_lines(part: Part, forwarded: bool) -> list[Line]:
    """The logical lines of a plain mail."""
    own = own_lines(replace(part, text=shortened(part.text)[0]), forwarded)
    numbers = [number for number, _text in own]
    lines = text_lines("\n".join(text for _number, text in own))
    return [replace(line, number=numbers[min(line.number, len(numbers)) - 1]) for line in lines]
