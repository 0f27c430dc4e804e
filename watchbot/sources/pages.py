"""Dropped pages to items: bytes -> text (sniff, charset) -> logical lines -> blocks (text/segment) -> items."""

from datetime import UTC

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.sources.html import HtmlBlock, html_page
from watchbot.sources.sniff import Form, sniff
from watchbot.text.lines import Line, clean, own_link, text_lines
from watchbot.text.segment import Block, block_id, blocks_of, segment

MOST_ITEMS = 5000


def page_items(document: RawDocument) -> CutDocument:
    """The items of a text, Markdown or HTML file; `fetched_at` is the time of the file. Raises RefusedFile."""
    form, text = sniff(document)
    if form is Form.FEED:
        raise InputError(f"{document.name or 'the file'} is a feed, not a page")
    return read_page(document, form, text)


def read_page(document: RawDocument, form: Form, text: str) -> CutDocument:
    """The items of a page whose form is known."""
    if form is Form.HTML:
        page = html_page(text, document.url)
        title, blocks = page.title, blocks_of(html_lines(page.blocks), document.fetched_at)
    else:
        title, blocks = "", segment(text, document.fetched_at)
    items: dict[str, Item] = {}
    twice = 0
    for block in blocks[:MOST_ITEMS]:
        item = _item(block, document)
        twice += item.id in items
        items.setdefault(item.id, item)
    if not items:
        raise InputError(f"{document.name or 'the file'} holds nothing that reads like news")
    skipped = [f"{twice} paragraphs stand there twice"] if twice else []
    if len(blocks) > MOST_ITEMS:
        skipped.append(f"{len(blocks) - MOST_ITEMS} paragraphs after the first {MOST_ITEMS}")
    return CutDocument(tuple(items.values()), title, 0.0, tuple(skipped))


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
    """One block as an item; its id is that of its words, so that a page saved again brings only what is new."""
    return Item(
        id=block_id(block.body or block.title),
        title=block.title,
        body=block.body,
        url=block.url,
        published=block.published.astimezone(UTC) if block.published else None,
        source=document.source,
        document=document.name,
        line=block.line,
    )
