"""PDF and Word documents, built by the tests themselves, directly and in the real worker process."""

import io
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.fakes.documents import PdfPage, pdf_of
from watchbot.model.errors import RefusedFile
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources import word as word_module
from watchbot.sources.cut import cut
from watchbot.sources.cutter import DocumentCutter

WRITTEN = datetime(2026, 4, 6, 10, 0, tzinfo=UTC)
HEAD = "Foxconn adds lines in Wisconsin"
LONG = (
    "Hon Hai Precision Industry said on Tuesday that it would add two assembly lines for servers at its campus, and "
    "that the lines would open in the autumn."
)
OTHER = "The state utility Taipower told lawmakers that its reserve margin would stay above ten percent this summer."
CHINESE = (
    "台電表示，今年冬季的備轉容量率預估可維持在百分之十二以上，供電無虞，經濟部也說明了明年上半年的歲修安排"
    "與新機組上線的時程。"
)


def document(body: bytes, name: str) -> RawDocument:
    return RawDocument("Inbox", body, "", WRITTEN, name=name)


def read(body: bytes, name: str = "a.pdf") -> CutDocument:
    return cut(document(body, name))


def blocks(found: CutDocument) -> list[tuple[str, str, str]]:
    return [(item.title, item.body, item.url) for item in found.items]


def newspaper() -> bytes:
    """A page as a word processor lays it out."""
    page = PdfPage()
    page.line(HEAD, 18, url="https://news.example/1")
    page.y -= 6
    page.paragraph(LONG)
    page.paragraph(OTHER, url="https://news.example/2")
    page.line("台電公布冬季供電規劃", 16)
    page.paragraph(CHINESE, 35)
    return pdf_of(page, title="晨報 No. 7")


def test_a_pdf_is_cut_into_its_paragraphs() -> None:
    found = read(newspaper())
    assert blocks(found) == [
        (HEAD, LONG, "https://news.example/1"),
        ("", OTHER, "https://news.example/2"),
        ("台電公布冬季供電規劃", CHINESE, ""),
    ]
    assert found.title == "晨報 No. 7"
    assert [item.line for item in found.items] == [1, 4, 6]


def test_a_paragraph_goes_over_the_page_and_what_stands_on_every_page_is_dropped() -> None:
    pages = []
    for number in range(1, 5):
        page = PdfPage()
        page.line("Formosa Supply Chain Letter", 9)
        page.y -= 20
        if number > 1:
            page.line(f"that the lines of hall {number - 1} would open in the autumn of this year.")
            page.y -= 20
        page.line(f"Hon Hai Precision Industry said on Tuesday, after long talks about hall {number},")
        page.y = 60
        page.line(f"Page {number} of 4", 9)
        pages.append(page)
    said = [item.body for item in read(pdf_of(*pages)).items]
    assert said[:3] == [
        f"Hon Hai Precision Industry said on Tuesday, after long talks about hall {number}, "
        f"that the lines of hall {number} would open in the autumn of this year."
        for number in (1, 2, 3)
    ]
    assert not any("Letter" in text or "Page" in text for text in said)


def test_a_parted_word_is_whole_again() -> None:
    page = PdfPage()
    page.paragraph(LONG)
    page.line("The company did not say how many people it would need for the assem-")
    page.line("bly of the racks, which are new to it.")
    assert "assembly of the racks" in read(pdf_of(page)).items[-1].body


def test_points_and_short_lines_stay_apart() -> None:
    page = PdfPage()
    page.paragraph(LONG)
    for text in ("- Quanta opens a hall in Thailand", "- Wistron lets its lease run out", "- Inventec waits"):
        page.line(text)
    found = [item.title or item.body for item in read(pdf_of(page)).items]
    assert found == [LONG, "Quanta opens a hall in Thailand", "Wistron lets its lease run out", "Inventec waits"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"%PDF-1.7 rest", "damaged"),
        (newspaper()[:300], "damaged"),
        (pdf_of(PdfPage()), "without text, only pictures"),
        (
            newspaper().replace(
                b"/Root 1 0 R",
                b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
                + b"11" * 32
                + b"> /U <"
                + b"22" * 32
                + b"> >> /ID [<00> <00>]",
            ),
            "password",
        ),
    ],
)
def test_pdfs_that_cannot_be_read(body: bytes, words: str) -> None:
    with pytest.raises(RefusedFile, match=words) as caught:
        read(body)
    assert str(caught.value).startswith("a.pdf is a PDF document ")


def test_long_pdfs_are_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    from watchbot.sources import pdf

    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    pages = []
    for text in ("Foxconn opens its plant.", "Quanta waits for its permit.", "Wistron moves out."):
        pages.append(PdfPage())
        pages[-1].line(text)
    found = read(pdf_of(*pages))
    assert [item.body for item in found.items] == ["Foxconn opens its plant.", "Quanta waits for its permit."]
    assert found.skipped == ("1 pages after the first 2",)


def letter() -> bytes:
    """A Word document with everything that is read of one."""
    word = docx.Document()
    word.core_properties.title = "Chips weekly"
    word.add_heading("Chips weekly", 0)
    word.add_heading(HEAD, 2)
    link(word.add_paragraph("Foxconn will add two lines. "), "https://news.example/1", "Read more")
    word.add_paragraph("台電公布冬季供電規劃", style="List Bullet")
    link(word.add_paragraph("", style="List Number"), "https://news.example/2", "Wistron lets its lease run out")
    table = word.add_table(2, 3)
    rows = (("2317", "Foxconn", "+3.1%"), ("2330", "TSMC", OTHER))
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(place, column).text = text
    word.add_paragraph("April 2").add_run().add_break()
    return saved(word)


def saved(word: "docx.document.Document") -> bytes:
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def link(paragraph: "docx.text.paragraph.Paragraph", url: str, words: str) -> None:
    """A hyperlink, as Word writes it."""
    node = OxmlElement("w:hyperlink")
    node.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = words
    run.append(text)
    node.append(run)
    paragraph._p.append(node)


def test_a_word_document_is_cut_into_its_paragraphs() -> None:
    found = read(letter(), "a.docx")
    assert blocks(found) == [
        (HEAD, "Foxconn will add two lines.", "https://news.example/1"),
        ("台電公布冬季供電規劃", "", ""),
        ("Wistron lets its lease run out", "", "https://news.example/2"),
        ("2317 Foxconn +3.1%", "", ""),
        ("2330 TSMC", OTHER, ""),
    ]
    assert found.title == "Chips weekly"
    assert [item.line for item in found.items] == [2, 4, 5, 6, 7]


def test_a_word_document_under_a_wrong_name_is_known() -> None:
    assert len(read(letter(), "letter.txt").items) == 5


def repacked(**changed: bytes) -> bytes:
    """The letter with some of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(letter())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name, old.read(name)))
        for name, data in changed.items():
            new.writestr(name, data)
    return out.getvalue()


TEXT = "word/document.xml"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"word/media/a.bin": b"\0" * 101_000_000}, "far too large"),
        ({TEXT: b"<a>" + b" " * 30_000_000 + b"</a>"}, "far too large"),
        ({TEXT: b"<a>" + b" " * 2_000_000 + b"</a>"}, "far too large"),
        ({TEXT: b"<a>broken"}, "cannot be read"),
        ({TEXT: b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, "cannot be read"),
        ({"[Content_Types].xml": b"<Types/>"}, "cannot be read"),
        ({"_rels/.rels": b"<x/>"}, "cannot be read"),
    ],
)
def test_word_documents_that_are_traps_or_damaged(changed: dict[str, bytes], words: str) -> None:
    with pytest.raises(RefusedFile, match=words) as caught:
        read(repacked(**changed), "a.docx")
    assert str(caught.value).startswith("a.docx is a Word document ")
    assert "\n" not in str(caught.value)


def test_a_word_document_with_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_module, "MOST_ENTRIES", 5)
    with pytest.raises(RefusedFile, match="far too large"):
        read(letter(), "a.docx")


@pytest.mark.parametrize(("name", "module"), [("a.pdf", "pypdfium2"), ("a.docx", "docx")])
def test_without_the_extra_the_error_names_it(name: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(RefusedFile, match=r"needs the extra watchbot\[documents\]") as caught:
        read(newspaper() if name == "a.pdf" else letter(), name)
    assert "\n" not in str(caught.value)


@pytest.fixture
async def cutter() -> AsyncIterator[DocumentCutter]:
    cutter = DocumentCutter()
    yield cutter
    await cutter.close()


async def test_the_worker_with_its_little_memory_reads_both(cutter: DocumentCutter) -> None:
    for body, name in ((newspaper(), "a.pdf"), (letter(), "a.docx")):
        assert await cutter.cut(document(body, name)) == read(body, name)


async def test_a_large_document_of_each_kind_passes_the_worker(cutter: DocumentCutter) -> None:
    pages = []
    for number in range(200):
        pages.append(PdfPage())
        for place in range(30):
            pages[-1].paragraph(f"In hall {number} rack {place} stands, and it is not the last one in there.")
    found = await cutter.cut(document(pdf_of(*pages), "large.pdf"))
    assert len(found.items) == 5000
    assert found.skipped == ("what follows the first 5000 paragraphs",)
    word = docx.Document()
    for number in range(3000):
        word.add_paragraph(f"In hall {number} the racks stand, and there are more to come.")
    assert len((await cutter.cut(document(saved(word), "large.docx"))).items) == 3000


async def test_what_breaks_the_library_costs_one_document(cutter: DocumentCutter) -> None:
    mended = newspaper().replace(b"endobj", b"endo")
    assert len((await cutter.cut(document(mended, "mended.pdf"))).items) == 3
    for body in (newspaper()[:-400], b"%PDF-1.7\n" + b"<<" * 200_000):
        with pytest.raises(RefusedFile):
            await cutter.cut(document(body, "a.pdf"))
    assert len((await cutter.cut(document(newspaper(), "a.pdf"))).items) == 3
