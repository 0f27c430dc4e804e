"""What a dropped file really is: its content is asked first, its name only where the content leaves it open."""

import re
from enum import Enum

from watchbot.model.errors import RefusedFile
from watchbot.model.item import RawDocument
from watchbot.sources.charset import decode

_MAGIC = (
    (b"PK\x03\x04", "an archive or an office document"),
    (b"PK\x05\x06", "an empty archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_LATER = {
    ".eml": "mail files",
    ".mhtml": "MHTML files",
    ".mht": "MHTML files",
    ".csv": "CSV files",
    ".jsonl": "JSON Lines files",
    ".opml": "OPML files",
}
_MHTML = re.compile(r"(?im)\A(?:[a-z-]+:.*\n(?:[ \t].*\n)*){1,40}?(?:mime-version|content-type):", re.ASCII)
_FEED = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*|<\?[^>]{0,500}>\s*|<!DOCTYPE[^>]{0,500}>\s*)*"
    r"<(?:rss|feed|rdf:RDF|(?:atom|a):feed)[\s>]",
    re.DOTALL | re.IGNORECASE,
)
_JSON_FEED = re.compile(r"\s*\{.{0,500}?\"version\"\s*:\s*\"https?:\\?/\\?/jsonfeed\.org", re.DOTALL)
_HTML_START = re.compile(
    r"\s*(?:<!--.{0,5000}?-->\s*)*<(?:!doctype html|html|head|body)[\s>]", re.DOTALL | re.IGNORECASE
)
_HTML_TAG = re.compile(r"</(?:p|div|td|li|h[1-6]|a|span|table|ul|article)>|<br\s*/?>", re.IGNORECASE)
_OPML = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<opml[\s>]", re.IGNORECASE)


class Form(Enum):
    """How a document is read."""

    TEXT = "text"
    HTML = "html"
    FEED = "feed"


def sniff(document: RawDocument) -> tuple[Form, str]:
    """How a dropped file is read, and its text. Raises RefusedFile in one line."""
    name = document.name or "the file"
    _refuse_binary(document.body, name)
    text, _encoding = decode(document.body, document.media_type)
    if not text.strip("\ufeff \t\r\n\f\v\u200b\u3000\u00a0"):
        raise RefusedFile(f"{name} is empty")
    if _is_binary(text):
        raise RefusedFile(f"{name} is not a text, a web page or a feed")
    head = text[:12_000]
    if _FEED.match(head) or _JSON_FEED.match(head):
        return Form.FEED, text
    ending = "." + document.name.rpartition(".")[2].lower() if "." in document.name else ""
    if _OPML.match(head) or ending in _LATER or (_MHTML.match(head) and "boundary=" in head):
        raise RefusedFile(f"{name}: {_LATER.get(ending, 'files of this kind')} are not read yet")
    if ending in (".rss", ".atom"):
        return Form.FEED, text
    if _HTML_START.match(head) or _looks_like_html(text, ending, document.media_type):
        return Form.HTML, text
    return Form.TEXT, text


def _refuse_binary(body: bytes, name: str) -> None:
    """Archives, pictures and office documents are known by their first bytes."""
    for magic, what in _MAGIC:
        if body.startswith(magic):
            raise RefusedFile(f"{name} is {what}; drop a .txt, .md or .html file, or a feed")


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
