"""Telegram HTML in pieces: measured as Telegram measures, split without harm, turned into plain text.

html -tokens-> tags and single characters (an entity is one character) -> parts, each well-formed by itself
"""

import re
from collections.abc import Iterator
from html import unescape

from watchbot.message.marked import clean, shorten, units

LIMIT = 4096
FULL = LIMIT - 40  # as much as is put into a message: one that is sent again must have room to say so
MOST_ENTITIES = 100  # Telegram drops what is marked beyond, links too, without a word
_TOKEN = re.compile(r"<(?P<close>/?)(?P<name>[a-z-]+)(?P<rest>[^<>]*)>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|[^<&]|[<&]")
_LINK = re.compile(r'<a href="(?P<url>[^"]*)">(?P<text>.*?)</a>', re.DOTALL)
_TAG = re.compile(r"</?[a-z-]+[^<>]*>")
_LONGEST_SHOWN_URL = 300


def escape(text: str) -> str:
    """Text as it must stand in Telegram HTML, also inside an attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def foreign(text: str, columns: int) -> str:
    """What a person, a file or a source wrote: in one line of so many columns, safe inside HTML."""
    return escape(shorten(clean(text), columns))


def visible(html: str) -> str:
    """The text that Telegram shows: without tags, with entities decoded."""
    return unescape(_TAG.sub("", html))


def length(html: str) -> int:
    """How long Telegram finds it: UTF-16 units after entity parsing."""
    return units(visible(html))


def plain(html: str, limit: int = LIMIT) -> str:
    """The same as text without any mark-up, links written out where there is room for them."""
    text = visible(_LINK.sub(_written_out, html))
    if units(text) > limit:
        text = visible(html)
    return text if units(text) <= limit else _cut_text(text, limit - 1) + "…"


def _cut_text(text: str, limit: int) -> str:
    """The beginning of a text that is not longer than so many units."""
    used = 0
    for index, char in enumerate(text):
        used += units(char)
        if used > limit:
            return text[:index].rstrip()
    return text


def _written_out(link: re.Match[str]) -> str:
    """A link as its text and its address."""
    if len(link["url"]) > _LONGEST_SHOWN_URL or link["url"] == link["text"]:
        return link["text"]
    return f"{link['text']} ({link['url']})"


def split(html: str, limit: int = FULL) -> list[str]:
    """Parts of at most `limit` units and 100 entities that are each well-formed; open tags are closed and opened again.

    Cuts between lines where it can, else between words, else between characters; never in a tag, an entity or a
    surrogate pair. Nothing is lost; a part of white space alone, which Telegram would refuse, is left out.
    """
    if length(html) <= limit and html.count("<") <= 2 * MOST_ENTITIES:
        return [html] if visible(html).strip() else []
    parts = (_balanced(tokens, opened) for tokens, opened in _pieces(list(_TOKEN.finditer(html)), limit))
    return [part for part in parts if visible(part).strip()]


def _pieces(tokens: list[re.Match[str]], limit: int) -> Iterator[tuple[list[re.Match[str]], list[re.Match[str]]]]:
    """Runs of tokens that fit, each with the tags that were open before it."""
    start = 0
    opened: list[re.Match[str]] = []
    while start < len(tokens):
        end = _cut(tokens, start, limit, len(opened))
        run = tokens[start:end]
        yield run, list(opened)
        for token in run:
            _follow(opened, token)
        start = end


def _cut(tokens: list[re.Match[str]], start: int, limit: int, entities: int) -> int:
    """Where the run that begins at `start` ends; so many entities are open there."""
    used = 0
    line = word = 0
    for index in range(start, len(tokens)):
        char = "" if tokens[index]["name"] else unescape(tokens[index][0])
        entities += bool(tokens[index]["name"] and not tokens[index]["close"])
        used += units(char)
        if used > limit or entities > MOST_ENTITIES:
            early = start + (index - start) // 3
            return next((place for place in (line, word) if place > early), max(index, start + 1))
        if char == "\n":
            line = index + 1
        elif char.isspace():
            word = index + 1
    return len(tokens)


def _balanced(tokens: list[re.Match[str]], opened: list[re.Match[str]]) -> str:
    """A run of tokens as HTML of its own."""
    still = list(opened)
    for token in tokens:
        _follow(still, token)
    head = "".join(tag[0] for tag in opened)
    tail = "".join(f"</{tag['name']}>" for tag in reversed(still))
    return head + "".join(token[0] for token in tokens) + tail


def _follow(opened: list[re.Match[str]], token: re.Match[str]) -> None:
    """Keep the stack of open tags."""
    if not token["name"]:
        return
    if not token["close"]:
        opened.append(token)
    elif opened and opened[-1]["name"] == token["name"]:
        opened.pop()
