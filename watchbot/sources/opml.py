"""Lists of feeds: OPML in and out.

    bytes -> text (charset) -> no document type -> strict lxml, else lxml that mends -> outlines -> feeds with folders

A list is a stranger's as much as a feed is: nothing in it is fetched or opened, and what is no web address is refused
by name.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from lxml import etree

from watchbot.model.errors import FetchError, InputError
from watchbot.model.outline import FeedList, Outline
from watchbot.sources.charset import decode
from watchbot.sources.feed import without_doctype
from watchbot.sources.urls import LONGEST_URL, checked_url

__all__ = ["FeedList", "Outline", "read_list", "read_opml", "write_opml"]

LARGEST = 5 * 1024 * 1024
MOST_OUTLINES = 20_000
DEEPEST = 50
_LONGEST_TEXT = 300
_MOST_ATTRIBUTES = 100
_LONGEST_PATH = 1000
_LEVELS_WRITTEN = 30
_DECLARATION = re.compile(r"<\?xml[^<>]{0,400}\?>", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?:\w{1,31};)?")
_FEED_TYPES = frozenset(["", "rss", "rss1", "rss2", "atom", "rdf", "feed", "json"])


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """The feeds of a list, each once, in order. Raises InputError, in one line, where it is no such list."""
    return read_list(body).outlines


def read_list(body: bytes) -> FeedList:
    """The whole list, with what was refused. Raises InputError, in one line, where it is none."""
    if len(body) > LARGEST:
        raise InputError(f"the list of feeds is larger than {LARGEST // 1024 // 1024} MB")
    text, _encoding = decode(body)
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        raise InputError("the list of feeds is empty")
    if text.count("<") > 4 * MOST_OUTLINES:
        raise _too_many()
    return _collect(_root(without_doctype(_DECLARATION.sub("", text, count=1))))


def write_opml(outlines: Iterable[Outline], title: str) -> str:
    """The feeds as OPML 2.0, folders nested."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _line(title)
    places: dict[tuple[str, ...], etree._Element] = {(): etree.SubElement(root, "body")}
    for outline in outlines:
        node = etree.SubElement(_place(places, outline.folder), "outline", type="rss")
        node.set("text", _line(outline.title) or _line(outline.xml_url, LONGEST_URL))
        if outline.title:
            node.set("title", _line(outline.title))
        if outline.description:
            node.set("description", _line(outline.description))
        node.set("xmlUrl", _line(outline.xml_url, LONGEST_URL))
        if outline.html_url:
            node.set("htmlUrl", _line(outline.html_url, LONGEST_URL))
    etree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def _place(places: dict[tuple[str, ...], etree._Element], folder: str) -> etree._Element:
    """The element of a folder, made with all above it."""
    path = tuple(name for name in _path(folder).split("/", _LEVELS_WRITTEN) if name)
    for depth in range(1, len(path) + 1):
        if path[:depth] not in places:
            places[path[:depth]] = etree.SubElement(places[path[: depth - 1]], "outline", text=path[depth - 1])
    return places[path]


def _root(text: str) -> etree._Element:
    """The root element, read strictly or, where that fails, as far as it can be mended."""
    root: etree._Element | None = None
    for mend in (False, True):
        body = (_AMPERSAND.sub(_escaped, text) if mend else text).encode("utf-8", "replace")
        parser = etree.XMLParser(
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=mend,
        )
        try:
            root = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        break
    if root is None or _name(root) != "opml":
        raise InputError("this is no list of feeds (OPML)")
    return root


def _escaped(found: re.Match[str]) -> str:
    """What a list has where XML wants `&amp;`: a bare `&`, or an entity of HTML."""
    return unescape(found[0]).replace("&", "&amp;").replace("<", "&lt;")


def _collect(root: etree._Element) -> FeedList:
    """Walk through the outlines."""
    heads = [node for head in root if _name(head) == "head" for node in head if _name(node) == "title"]
    title = _line(heads[0].text or "") if heads else ""
    found: dict[str, Outline] = {}
    refused: dict[str, None] = {}
    count = 0
    for given, folder in _walk(root):
        count += 1
        if count > MOST_OUTLINES:
            raise _too_many()
        address = _address_of(given)
        if not address:
            continue
        address, wrong = _checked(address)
        name = _title(given, address)
        if wrong:
            refused[f"{name[:60] or 'a feed without a title'}: {wrong}"] = None
        elif address not in found:
            page = _checked(given.get("htmlurl", ""))
            about = _line(given.get("description", ""))
            found[address] = Outline(name, address, "" if page[1] else page[0], folder, about)
    return FeedList(title, tuple(found.values()), tuple(refused))


def _walk(root: etree._Element) -> Iterator[tuple[dict[str, str], str]]:
    """The attributes of every outline (names in lower case) and the folder it lies in, in document order."""
    waiting: list[tuple[etree._Element, str, int]] = [(node, "", 1) for node in reversed(root)]
    while waiting:
        node, folder, depth = waiting.pop()
        if depth > DEEPEST:
            raise InputError(f"the list of feeds is nested more than {DEEPEST} deep")
        if _name(node) == "outline":
            # Reading attributes takes the square of their number; no feed has so many.
            some = node.items() if len(node.attrib) <= _MOST_ATTRIBUTES else ()
            given = {_local(str(name)): str(value) for name, value in some}
            yield given, folder
            if not _address_of(given):
                folder = _path(f"{folder}/{_line(given.get('text') or given.get('title') or '')}")
        waiting.extend((child, folder, depth + 1) for child in reversed(node))


def _name(node: etree._Element) -> str:
    """The name of an element without its namespace, in lower case."""
    return _local(str(node.tag))


def _local(name: str) -> str:
    """A name without its namespace or prefix, in lower case."""
    return name.rpartition("}")[2].rpartition(":")[2].lower()


def _address_of(given: dict[str, str]) -> str:
    """The feed's address, in any of its spellings; `url` counts only where the outline does not call itself a link."""
    address = given.get("xmlurl", "").strip()
    if not address and given.get("type", "").strip().lower() in _FEED_TYPES:
        address = given.get("url", "").strip()
    return address


def _title(given: dict[str, str], address: str) -> str:
    """What the reader called the feed, else what it calls itself; "" where that is only its address."""
    name = _line(given.get("text", "")) or _line(given.get("title", ""))
    return "" if name in (_line(address), _line(address, LONGEST_URL)) else name


def _checked(text: str) -> tuple[str, str]:
    """An address in its plain form, and what is wrong with it, "" for nothing."""
    address = text.strip()
    if address.lower().startswith(("feed:", "feeds:")):
        rest = address.partition(":")[2]
        address = f"http:{rest}" if rest.startswith("//") else rest
    if _CONTROLS.search(address) or any(mark.isspace() for mark in address):
        return address, "its address holds spaces"
    scheme, colon, _rest = address.partition(":")
    if colon and scheme.lower() not in ("http", "https"):
        return address, f"only http and https addresses are fetched, not {scheme[:20]}:"
    try:
        checked_url(address)
    except FetchError as error:
        return address, str(error)
    return address, ""


def _line(text: str, longest: int = _LONGEST_TEXT) -> str:
    """A text in one line, without what XML cannot hold."""
    return " ".join(_CONTROLS.sub(" ", text[: 4 * longest]).split())[:longest].strip()


def _path(text: str) -> str:
    """A folder in its plain form: "A/B"."""
    parts = (part.strip() for part in _line(text, _LONGEST_PATH).split("/"))
    return "/".join(part for part in parts if part)


def _too_many() -> InputError:
    """The refusal of an endless list."""
    return InputError(f"the list of feeds holds more than {MOST_OUTLINES} outlines; split it into several files")
