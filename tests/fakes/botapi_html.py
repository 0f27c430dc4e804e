"""Telegram's HTML: `parse(html)` gives the plain text and its entities, or the 400 that Telegram answers.

Stricter than Telegram in two places, because both lose something in silence there: an `&` that opens no entity is
refused (unescaped text), and so are tags inside code or pre, and a blockquote inside another.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.fakes.botapi_records import ApiError, Json, bad_request, utf16_length

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#(?P<dec>\d{1,7})|#[xX](?P<hex>[0-9a-fA-F]{1,6})|(?P<name>[A-Za-z]+));")
_ATTRIBUTE = r"""\s+[A-Za-z-]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))?"""
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<attrs>(?:{_ATTRIBUTE})*)\s*>")
_ONE_ATTRIBUTE = re.compile(
    r"""\s+(?P<key>[A-Za-z-]+)(?:\s*=\s*(?:"(?P<d>[^"]*)"|'(?P<s>[^']*)'|(?P<b>[^\s"'<>]+)))?"""
)
MAX_ENTITIES = 100


@dataclass(frozen=True)
class Parsed:
    """Plain text and entities with offsets in UTF-16 units."""

    text: str
    entities: list[Json]


@dataclass
class _Open:
    tag: str
    start: int
    byte: int
    attributes: dict[str, str]


@dataclass
class _State:
    html: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def text(self, piece: str) -> None:
        """Take over a piece of plain text."""
        self.pieces.append(piece)
        self.length += utf16_length(piece)

    def byte(self, position: int) -> int:
        """The byte offset of a position, as Telegram reports it."""
        return len(self.html[:position].encode("utf-8", "surrogatepass"))


def parse(html: str) -> Parsed:
    """Plain text and entities of Telegram HTML; raises the 400 of a mistake."""
    state = _State(html)
    position = 0
    while position < len(html):
        char = html[position]
        if char == "<":
            position = _tag(state, position)
        elif char == "&":
            decoded, position = _decode(html, position, state.byte(position))
            state.text(decoded)
        else:
            end = next((i for i in range(position, len(html)) if html[i] in "<&"), len(html))
            state.text(html[position:end])
            position = end
    if state.stack:
        raise _error(f'can\'t find end tag corresponding to start tag "{state.stack[-1].tag}"')
    entities = sorted(state.entities, key=lambda e: (e["offset"], -e["length"]))
    return trimmed("".join(state.pieces), entities[:MAX_ENTITIES])


def trimmed(text: str, entities: list[Json]) -> Parsed:
    """Telegram cuts white space off both ends; entities move along."""
    stripped = text.strip()
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    size = utf16_length(stripped)
    kept: list[Json] = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return Parsed(stripped, kept)


def _tag(state: _State, position: int) -> int:
    found = _TAG.match(state.html, position)
    if found is None:
        raise _error(f"unsupported or unclosed start tag at byte offset {state.byte(position)}")
    tag = found["name"].lower()
    if found["close"]:
        _close(state, tag, position)
    else:
        _open(state, tag, _attributes(found["attrs"], state.byte(position)), position)
    return found.end()


def _open(state: _State, tag: str, attributes: dict[str, str], position: int) -> None:
    at = state.byte(position)
    if tag not in _TYPES:
        raise _error(f'unsupported start tag "{tag}" at byte offset {at}')
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _error(f'tag "span" must have class "tg-spoiler" at byte offset {at}')
    around = [one.tag for one in state.stack]
    inner_code = tag == "code" and around[-1:] == ["pre"]
    if ("pre" in around or "code" in around) and not inner_code:
        raise _error(f'tag "{tag}" can\'t be inside code at byte offset {at}')
    if tag == "blockquote" and "blockquote" in around:
        raise _error(f"blockquote can't be nested at byte offset {at}")
    state.stack.append(_Open(tag, state.length, at, attributes))


def _close(state: _State, tag: str, position: int) -> None:
    at = state.byte(position)
    if not state.stack:
        raise _error(f"unexpected end tag at byte offset {at}")
    top = state.stack[-1]
    if top.tag != tag:
        raise _error(f'unmatched end tag at byte offset {at}, expected "</{top.tag}>", found "</{tag}>"')
    state.stack.pop()
    length = state.length - top.start
    entity: Json = {"type": _TYPES[tag], "offset": top.start, "length": length}
    if tag == "a":
        url = top.attributes.get("href", "")
        if not valid_url(url):
            return  # Telegram shows the text without a link
        entity["url"] = url
    elif tag == "blockquote" and "expandable" in top.attributes:
        entity["type"] = "expandable_blockquote"
    elif tag == "code" and state.stack and state.stack[-1].tag == "pre":
        return
    if length:
        state.entities.append(entity)


def _attributes(raw: str, byte: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _ONE_ATTRIBUTE.finditer(raw):
        value = one["d"] or one["s"] or one["b"] or ""
        found[one["key"].lower()] = _decode_all(value, byte)
    return found


def _decode_all(value: str, byte: int) -> str:
    pieces: list[str] = []
    position = 0
    while position < len(value):
        if value[position] == "&":
            decoded, position = _decode(value, position, byte)
            pieces.append(decoded)
        else:
            pieces.append(value[position])
            position += 1
    return "".join(pieces)


def _decode(html: str, position: int, byte: int) -> tuple[str, int]:
    found = _ENTITY.match(html, position)
    if found is None:
        raise _error(f'unescaped "&" at byte offset {byte}')
    if found["name"] is not None:
        if found["name"] not in _NAMED:
            raise _error(f'unknown entity "{found[0]}" at byte offset {byte}')
        return _NAMED[found["name"]], found.end()
    code = int(found["dec"]) if found["dec"] is not None else int(found["hex"], 16)
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise _error(f'wrong character "{found[0]}" at byte offset {byte}')
    return chr(code), found.end()


def valid_url(url: str) -> bool:
    """Whether Telegram would make this address a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "tg":
        return True
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)


def _error(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
