"""What is wrong with most broken feeds, put right in their text; every step is linear in its length.

characters XML does not have -> references to such -> entities of HTML -> bare ampersands -> tags left open
junk before and behind the feed -> a feed within an envelope, a CDATA section or escaped in a page
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from html.entities import html5

_BAD_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(?:[xX]0{0,9}([0-9a-fA-F]{1,8})|0{0,9}(\d{1,9}));|([a-zA-Z][a-zA-Z0-9]{0,31});)?")
_NUMBERS = {"amp": "&#38;", "lt": "&#60;", "gt": "&#62;", "quot": "&#34;", "apos": "&#39;"}
_NAMED = re.compile(f"&({'|'.join(_NUMBERS)});")
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
_LITERAL = re.compile(r"\"[^\"]*\"|'[^']*'|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ROOT = re.compile(r"<(rss|feed|rdf:RDF|RDF|channel|[\w.-]{1,20}:feed)[\s>]", re.IGNORECASE)
_ESCAPED_ROOT = re.compile(r"&lt;(?:\?xml\s|rss[\s&]|feed[\s&]|rdf:RDF[\s&])", re.IGNORECASE)
_ENDED = re.compile(
    r"</(?:rss|feed|rdf:RDF|RDF|channel|[\w.-]{1,20}:feed)\s{0,9}>\s{0,99}(?:<!--[^<>]{0,200}-->\s{0,9})?$", re.I
)
_ONLY_OPEN = "br|hr|img|input|meta|link|area|base|p|li|td|tr|th|dd|dt|wbr"
_TAG = re.compile(rf"<(/?)(?!(?:{_ONLY_OPEN})\b)([a-zA-Z][^\s<>/]{{0,100}})([^<>]*)>")
_ENTRY = re.compile(r"<(?:item|entry)[\s/>]")
_DEEPEST = 100
LONGEST_RUN = 400_000
_LONG_RUN = re.compile(f"[^<]{{{LONGEST_RUN},}}+")


def without_doctype(text: str) -> str:
    """The text without document types: their entities are how a small document becomes a huge one."""
    found = _DOCTYPE.search(text)
    if not found:
        return text
    root = re.search(r"<[A-Za-z_]", text)
    if root and root.start() > found.start():
        text = text[: found.start()] + text[_end_of_doctype(text, found.end()) :]
    return _DOCTYPE.sub(lambda one: "&lt;" + one[0][1:], text)


def _end_of_doctype(text: str, position: int) -> int:
    """Where a document type ends; the end of the text where it never does."""
    depth, end = 1, min(len(text), position + 2_000_000)
    while position < end and depth:
        mark = text[position]
        if mark in "\"'" or text.startswith(("<!--", "<?"), position):
            literal = _LITERAL.match(text, position)
            position = literal.end() if literal else position + 1
            continue
        depth += (mark == "<") - (mark == ">")
        position += 1
        if depth == 1 and mark == "[":
            position, depth = _end_of_subset(text, position, end), 1
    return position


def _end_of_subset(text: str, position: int, end: int) -> int:
    """Where the inner part of a document type, `[ ... ]`, ends."""
    while position < end and text[position] != "]":
        literal = _LITERAL.match(text, position) if text[position] in "\"'<" else None
        position = literal.end() if literal else position + 1
    return position + 1


def shortened(text: str) -> str:
    """The text with its longest runs cut: no entry's text is read to that length."""
    return _LONG_RUN.sub(lambda run: run[0][:LONGEST_RUN], text) if len(text) > LONGEST_RUN else text


def mended(text: str) -> str:
    """The text with lawful characters and references only, and with its last tags closed where it was cut off."""
    text = _BAD_CHARACTERS.sub("", text)
    if "&" in text:
        text = outside_cdata(text, lambda part: _REFERENCE.sub(_lawful, part) if "&" in part else part)
    return text if _ENDED.search(text[-600:]) else _closed(text)


def core(text: str) -> str:
    """The feed alone: from its root to the end of it, wherever that stands in the text; "" where there is none."""
    root = _ROOT.search(text)
    if not root:
        return ""
    close = text.rfind(f"</{root[1]}")
    end = text.find(">", close) + 1
    return text[root.start() : end] if close > root.start() and end else text[root.start() :]


def unwrapped(text: str) -> str:
    """The feed that stands escaped within another document, "" where none does."""
    found = _ESCAPED_ROOT.search(text)
    return core(unescape(text[found.start() :])) if found else ""


def outside_cdata(text: str, change: Callable[[str], str]) -> str:
    """The text, changed wherever it is no CDATA section."""
    return "".join(part if is_cdata else change(part) for is_cdata, part in _parts(text))


def by_number(text: str) -> str:
    """The text with XML's own five entities as numbers: behind an error libxml2 drops them by name."""
    return outside_cdata(text, lambda part: _NAMED.sub(lambda found: _NUMBERS[found[1]], part))


def markup_of(text: str) -> str:
    """The text without its CDATA sections."""
    return "".join(part for is_cdata, part in _parts(text) if not is_cdata)


def entry_tags(text: str) -> int:
    """How many entries begin in the text."""
    return len(_ENTRY.findall(markup_of(text)))


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """The text in turns of markup and CDATA sections; one that never ends is the rest of the text."""
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0:
        yield False, text[position:start]
        end = text.find("]]>", start)
        position = end + 3 if end >= 0 else len(text)
        yield True, text[start:position]
    yield False, text[position:]


def _lawful(found: re.Match[str]) -> str:
    """A reference as XML knows it: HTML's entities by number, `&amp;` for a bare `&`, nothing for no character."""
    if name := found[3]:
        marks = html5.get(f"{name};", "")
        return found[0] if name in _NUMBERS else "".join(f"&#{ord(mark)};" for mark in marks) or f"&amp;{found[0][1:]}"
    if not found[1] and not found[2]:
        return "&amp;"
    code = int(found[1], 16) if found[1] else int(found[2])
    if 0x80 <= code <= 0x9F:
        return unescape(f"&#{code};")
    lawful = 0x20 <= code <= 0xD7FF or code in (9, 10, 13) or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return found[0] if lawful else ""


def _closed(text: str) -> str:
    """The text with what is still open at its end closed: a CDATA section, then the elements."""
    parts = list(_parts(text))
    open_cdata = len(parts) > 1 and parts[-1][1] == "" and parts[-2][0] and not parts[-2][1].endswith("]]>")
    if not open_cdata and text.rfind("<") > text.rfind(">"):
        text = text[: text.rfind("<")]
    stack: list[str] = []
    for is_cdata, part in parts:
        for found in () if is_cdata else _TAG.finditer(part):
            if found[3].endswith("/"):
                continue
            if not found[1]:
                stack.append(found[2])
                if len(stack) > _DEEPEST:
                    return text
            elif found[2] in stack:
                while stack.pop() != found[2]:
                    pass
    return text + "]]>" * open_cdata + "".join(f"</{name}>" for name in reversed(stack))
