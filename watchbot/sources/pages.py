"""Dropped pages to items: bytes -> text (sniff, charset) -> logical lines -> blocks (text/segment) -> items.

Every reader of a file that is cut into blocks (mails, saved pages, documents) ends in `page_cut`.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.sources.html import HtmlBlock, html_page
from watchbot.sources.sniff import Form, sniff
from watchbot.text.lines import Line, clean, own_link, text_lines
from watchbot.text.segment import MOST_BLOCKS, Block, block_id, blocks_of, segment

MOST_ITEMS = MOST_BLOCKS
SHORT_TEXT = 60
LONGEST_PAGE = 4_000_000
_PICTURE = re.compile(r"data:[\w/+.-]{0,80};base64,[A-Za-z0-9+/=]+")


def page_items(document: RawDocument) -> CutDocument:
    """The items of a text, Markdown or HTML file; `fetched_at` is the time of the file. Raises RefusedFile."""
    form, text = sniff(document)
    if form not in (Form.TEXT, Form.HTML):
        raise InputError(f"{document.name or 'the file'} is no page but of the kind {form.value}")
    return read_page(document, form, text)


def read_page(document: RawDocument, form: Form, text: str) -> CutDocument:
    """The items of a page whose form is known."""
    text, skipped = shortened(text)
    if form is Form.HTML:
        page = html_page(text, document.url)
        blocks = blocks_of(html_lines(page.blocks), document.fetched_at)
        return page_cut(blocks, document, page.title, skipped=skipped)
    return page_cut(segment(text, document.fetched_at), document, skipped=skipped)


def shortened(text: str) -> tuple[str, tuple[str, ...]]:
    """As much of a page as can be news, without the pictures written into it, and what was left out.

    The rest would be read only to be thrown away: 5,000 paragraphs are far shorter.
    """
    if "base64," in text:
        text = _PICTURE.sub("data:", text)
    if len(text) <= LONGEST_PAGE:
        return text, ()
    text = text[:LONGEST_PAGE].rpartition("\n")[0] or text[:LONGEST_PAGE]
    return text, (f"what follows line {text.count(chr(10)) + 1}: the page is too long",)


def page_cut(
    blocks: list[Block],
    document: RawDocument,
    title: str = "",
    sent: datetime | None = None,
    skipped: tuple[str, ...] = (),
) -> CutDocument:
    """The items of a page's blocks; `sent` is the time of blocks without one. Raises InputError where none is left."""
    items: dict[str, Item] = {}
    twice = 0
    for block in blocks[:MOST_ITEMS]:
        item = _item(block, document)
        twice += item.id in items
        items.setdefault(item.id, replace(item, published=_moment(block, sent)))
    if not items:
        raise InputError(f"{document.name or 'the file'} holds nothing that reads like news")
    told = list(skipped)
    if twice:
        told.append(f"{twice} paragraphs stand there twice")
    if len(blocks) > MOST_ITEMS:
        told.append(f"what follows the first {MOST_ITEMS} paragraphs")
    return CutDocument(tuple(items.values()), title, 0.0, tuple(told))


def html_lines(blocks: tuple[HtmlBlock, ...]) -> list[Line]:
    """The blocks of a web page as logical lines; a <br> ends a line, two of them leave a blank one."""
    lines: list[Line] = []
    for block in blocks:
        if "\n" in block.text and not block.heading:
            lines.extend(_inner_lines(block))
        elif text := " ".join(clean(block.text).split()):
            lines.append(Line(block.line, text, own_link(list(block.links)), block.heading, block.bullet, True))
    return lines


def _inner_lines(block: HtmlBlock) -> list[Line]:
    """The lines of one block, each with the links that stand in it."""
    lines = []
    for index, line in enumerate(text_lines(block.text)):
        links = [(words, url) for words, url in block.links if words in line.text]
        number = block.lines[min(line.number, len(block.lines)) - 1]
        bullet = line.bullet or (block.bullet and not index)
        lines.append(Line(number, line.text, own_link(links) or line.url, line.heading, bullet, line.gap or not index))
    return lines


def _item(block: Block, document: RawDocument) -> Item:
    """One block as an item; its id is that of its words, so that a page saved again brings only what is new.

    A short text ("The company did not comment.") comes below many headlines: then the headline belongs to its words.
    """
    words = block.body if len(block.body) >= SHORT_TEXT else f"{block.title}\n{block.body}".strip()
    return Item(
        id=block_id(words),
        title=block.title,
        body=block.body,
        url=block.url,
        source=document.source,
        document=document.name,
        line=block.line,
    )


def _moment(block: Block, sent: datetime | None) -> datetime | None:
    """When a block was published: as the page says, by the mail's clock where it names only the mail's day."""
    said = block.published
    if sent and (said is None or (said.date() == sent.date() and not (said.hour or said.minute))):
        said = sent
    return said.astimezone(UTC) if said else None
