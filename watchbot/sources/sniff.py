"""What a dropped file really is: its content is asked first, its name only where the content leaves it open.

bytes -> no text (magic.py) | mail by its header lines -> text (charset) -> feed, OPML, JSON, web page, table, text
"""

import json
import re
from enum import Enum

from watchbot.model.errors import RefusedFile
from watchbot.model.item import RawDocument
from watchbot.sources import magic
from watchbot.sources.charset import decode

LARGEST = 20 * 1024 * 1024
_DECLARATION = r"\s*(?:<\?xml[^>]{0,200}>\s*)?"
_FEED = re.compile(
    _DECLARATION + r"(?:<!--.{0,2000}?-->\s*|<\?[^>]{0,500}>\s*|<!DOCTYPE[^>]{0,500}>\s*)*"
    r"<(?:rss|feed|rdf:RDF|(?:atom|a):feed)[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_JSON_FEED = re.compile(r"\s*\{.{0,500}?\"version\"\s*:\s*\"https?:\\?/\\?/jsonfeed\.org", re.DOTALL)
_HTML_START = re.compile(
    _DECLARATION + r"(?:<!--.{0,5000}?-->\s*)*<(?:!doctype html|html|head|body)[\s>]", re.DOTALL | re.IGNORECASE
)
_HTML_TAG = re.compile(r"</(?:p|div|td|li|h[1-6]|a|span|table|ul|article)>|<br\s*/?>", re.IGNORECASE)
_OPML = re.compile(_DECLARATION + r"(?:<!--.{0,2000}?-->\s*)*<opml[\s>]", re.IGNORECASE | re.DOTALL)
_OTHER_XML = re.compile(r"\s*<\?xml\s[^>]{0,200}\?>\s*<", re.IGNORECASE)
_HEADER = re.compile(r"([!-9;-~]{1,76}):.*|[ \t]+.*")
_LETTER = frozenset(["from", "to", "subject", "date", "reply-to", "sender"])
_MARKS = """
    message-id mime-version received return-path content-type content-transfer-encoding delivered-to dkim-signature
    x-mailer list-unsubscribe snapshot-content-location
"""
_POSTMARKS = frozenset(_MARKS.split())
_TABLES = (".csv", ".tsv", ".tab")
_JSONS = (".json", ".jsonl", ".ndjson")
_MOST_HEADERS = 400


class Form(Enum):
    """How a document is read."""

    TEXT = "text"
    HTML = "html"
    FEED = "feed"
    MAIL = "mail"
    MHTML = "mhtml"
    JSON = "json"
    TABLE = "table"
    OPML = "opml"
    PDF = "pdf"
    DOCX = "docx"


def sniff(document: RawDocument) -> tuple[Form, str]:
    """How a dropped file is read, and its text ("" for mails and documents). Raises RefusedFile in one line."""
    name = document.name or "the file"
    if len(document.body) > LARGEST:
        raise RefusedFile(f"{name} is larger than {LARGEST // 1024 // 1024} MB")
    if kind := magic.binary_kind(document.body):
        if kind in (magic.PDF, magic.DOCX):
            return Form(kind), ""
        raise RefusedFile(f"{name} {kind}")
    ending = ending_of(document.name)
    if form := _letter(document.body, ending):
        return form, ""
    text, _encoding = decode(document.body, document.media_type)
    if not text.strip("\ufeff \t\r\n\f\v\u200b\u3000\u00a0"):
        raise RefusedFile(f"{name} is empty")
    if _is_binary(text):
        raise RefusedFile(f"{name} is not a text, a web page or a feed")
    return _written(text, ending, document.media_type, name), text


def ending_of(name: str) -> str:
    """`.txt` of `Notes.TXT`, "" where there is none."""
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def _written(text: str, ending: str, media_type: str, name: str) -> Form:
    """The form of something that is writing."""
    head = text[:12_000].lstrip("\ufeff")
    if _FEED.match(head) or _JSON_FEED.match(head):
        return Form.FEED
    if _OPML.match(head):
        return Form.OPML
    if ending in (".rss", ".atom"):
        return Form.FEED
    if _HTML_START.match(head):
        return Form.HTML
    if _OTHER_XML.match(head):
        raise RefusedFile(f"{name} is XML, but neither a feed nor a web page; save what it says as .txt or .html")
    if _is_json(text, ending):
        return Form.JSON
    if _looks_like_html(text, ending, media_type) and ending not in _TABLES:
        return Form.HTML
    return Form.TABLE if ending in _TABLES or _is_table(head) else Form.TEXT


def _is_binary(text: str) -> bool:
    """Whether what came out of the decoder is no writing."""
    sample = text[:20_000]
    strange = sum(1 for mark in sample if mark == "\ufffd" or (mark < " " and mark not in "\t\n\r\f\v\x1b\x1a"))
    return strange > 0.1 * len(sample) or "\0\0\0" in sample


def _looks_like_html(text: str, ending: str, media_type: str) -> bool:
    """Whether the text is a fragment of HTML: its name says so and it has tags, or it is full of them."""
    tags = len(_HTML_TAG.findall(text[:200_000]))
    named = ending in (".html", ".htm", ".xhtml", ".shtml") or media_type.startswith(("text/html", "application/xhtml"))
    return tags > 0 if named else tags >= 5 and tags * 400 > len(text[:200_000]) and ending != ".md"


def _letter(body: bytes, ending: str) -> Form | None:
    """Whether the file begins with the header lines of a mail, or of a web page saved as one file."""
    lines = body[:100_000].decode("latin-1").removeprefix("ï»¿").lstrip("\r\n").split("\n")
    if lines[0].startswith("From "):
        lines = lines[1:]
    names: dict[str, str] = {}
    for line in lines[:_MOST_HEADERS]:
        found = _HEADER.fullmatch(line.rstrip("\r"))
        if not found:
            if line.strip():
                return None
            break
        if found[1]:
            names.setdefault(found[1].lower(), line)
    saved = "snapshot-content-location" in names or "saved by" in names.get("from", "").lower()
    if (saved or ending in (".mht", ".mhtml")) and "content-type" in names:
        return Form.MHTML
    letter, marks = len(_LETTER & names.keys()), len(_POSTMARKS & names.keys())
    is_mail = letter + marks >= 1 if ending == ".eml" else letter >= 2 and marks >= 1
    return Form.MAIL if is_mail else None


def _is_json(text: str, ending: str) -> bool:
    """Whether the text is JSON, or JSON Lines, that may hold news."""
    bare = text.lstrip("\ufeff \t\r\n")
    if ending in (".jsonl", ".ndjson"):
        return True
    if bare[:1] not in ("{", "["):
        return False
    if ending in _JSONS:
        return True
    try:
        return isinstance(json.loads(bare.partition("\n")[0]), dict)
    except (ValueError, RecursionError):
        pass
    try:
        value = json.loads(bare)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _is_table(head: str) -> bool:
    """Whether the first line names at least two columns that tables of news have."""
    from watchbot.sources.columns import known_header

    first, _line, rest = head.partition("\n")
    return bool(rest.strip()) and known_header(first)
