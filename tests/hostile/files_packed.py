"""Hostile files that are no text: archives, Word and PDF documents, and what only looks like something."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib

from tests.fakes.documents import PdfPage, pdf_of
from tests.hostile.case import CANARY, GOOD_TITLE, Document

MB = 1024 * 1024
UNPACK = "unpack it"
TEXT = GOOD_TITLE + " and hires four thousand workers, the company said on Thursday."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s
</Relationships>"""
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN = f'<Relationship Id="r1" Type="{KIND}officeDocument" Target="word/document.xml"/>'


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def in_zip(data: bytes, levels: int) -> bytes:
    """An archive in an archive in an archive."""
    for level in range(levels):
        data = zipped({f"{level}-{number}.zip": data for number in range(10)})
    return data


def word(inside: str = "", head: str = "", relations: str = "", **more: bytes) -> bytes:
    """A Word document with the good news and something more in it."""
    paragraph = f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>"
    body = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{WORD}"><w:body>{paragraph}{inside}</w:body></w:document>'
    files = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": (RELATIONS % MAIN).encode(),
        "word/document.xml": body.encode(),
        "word/_rels/document.xml.rels": (RELATIONS % relations).encode(),
    }
    return zipped(files | {name.replace("__", "/"): data for name, data in more.items()})


def lying_word() -> bytes:
    """A document whose index says that its text is small; unpacked it is not."""
    honest = word("<w:p/>" * MB)
    size = len(zipfile.ZipFile(io.BytesIO(honest)).read("word/document.xml"))
    return honest.replace(size.to_bytes(4, "little"), (2000).to_bytes(4, "little"))


def locked_word() -> bytes:
    """A document that says that it is locked."""
    data = bytearray(word())
    place = 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 8] |= 1
        place += 4
    return bytes(data)


def word_tables(depth: int) -> bytes:
    """Tables in tables."""
    return word("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth)


def reaching_word() -> bytes:
    """A document whose template, picture and frame lie elsewhere."""
    canary = CANARY.decode()
    outside = "".join(
        f'<Relationship Id="x{number}" Type="{KIND}{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate(
            [("attachedTemplate", f"{canary}/t.dotm"), ("image", f"{canary}/p.png"), ("frame", f"{canary}/f.html"),
             ("oleObject", "file:///etc/passwd"), ("hyperlink", "javascript:alert(1)")]
        )
    )  # fmt: skip
    return word(relations=outside)


def word_of_entities(target: str) -> bytes:
    """A document whose text is an entity."""
    return word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", f'<!DOCTYPE w [<!ENTITY x SYSTEM "{target}">]>')


def word_of_laughs() -> bytes:
    """Entities of entities in a document."""
    lines = [
        '<!ENTITY a "lol">',
        *(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)),
    ]
    return word("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>", f"<!DOCTYPE w [{''.join(lines)}]>")


def looping_word() -> bytes:
    """Parts that refer to themselves and to each other."""
    loop = (RELATIONS % f'<Relationship Id="r1" Type="{KIND}footer" Target="document.xml"/>').encode()
    return word(relations=f'<Relationship Id="r2" Type="{KIND}header" Target="document.xml"/>', word___rels__x=loop)


def tarred() -> bytes:
    """An archive with a name that climbs."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("../../etc/cron.d/x")
        entry.size = 5
        archive.addfile(entry, io.BytesIO(b"hello"))
    return out.getvalue()


def good_pdf() -> bytes:
    """A PDF document with the good news."""
    one = PdfPage()
    one.paragraph(TEXT)
    return pdf_of(one)


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A document of these objects, without a table of where they are."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.7\n\0\0\n" + body + b"trailer\n<< /Size " + b"%d " % (len(objects) + 1) + trailer + b" >>\n%%EOF\n"


def stream(data: bytes, more: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n" % (len(data), more) + data + b"\nendstream"


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
CATALOGUE, PAGES = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def acting_pdf() -> bytes:
    """A document that acts when it is opened."""
    act = b"/OpenAction << /S /JavaScript /JS (app.launchURL('" + CANARY + b"/js')) >> /AA << /O << /S /URI /URI ("
    act += CANARY + b"/uri) >> /C << /S /Launch /F (/bin/sh) >> >>"
    return good_pdf().replace(b"/Type /Catalog", b"/Type /Catalog " + act)


def deep_pdf(depth: int) -> bytes:
    """Pages in pages in pages."""
    inner = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (n + 1, n - 1) for n in range(3, depth + 3)]
    return pdf(CATALOGUE, PAGES, *inner, b"<< /Type /Page /Parent %d 0 R >>" % (depth + 2))


def bomb_pdf() -> bytes:
    """A page whose content is packed twice."""
    data = zlib.compress(zlib.compress(b"BT /F1 1 Tf (x) Tj ET\n" * 6_000_000, 9), 9)
    return pdf(CATALOGUE, PAGES, PAGE, stream(data, b"/Filter [/FlateDecode /FlateDecode]"))


def wordy_pdf() -> bytes:
    """A page with two million letters."""
    show = b"BT /F1 9 Tf 72 700 Td (" + b"Foxconn power " * 140_000 + b") Tj ET"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = PAGE.replace(b"/Contents", b"/Resources << /Font << /F1 5 0 R >> >> /Contents")
    return pdf(CATALOGUE, PAGES, page, stream(zlib.compress(show), b"/Filter /FlateDecode"), font)


def locked_pdf() -> bytes:
    """A document that needs a password."""
    lock = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /O ("
        + b"o" * 32
        + b") /U ("
        + b"u" * 32
        + b") /P -44 >> /ID [(a) (a)]"
    )
    return good_pdf().replace(b"trailer\n<< ", b"trailer\n<< " + lock + b" ")


def packed(name: str, attacks: str, make: object, outcome: str, file: str) -> Document:
    """A case that is no text."""
    return Document(name, attacks, make, outcome, "", file)  # type: ignore[arg-type]


PACKED = (
    packed("a zip of zeros", "memory", lambda: zipped({"zeros.txt": bytes(200 * MB)}), UNPACK, "zeros.zip"),
    packed("a zip of zips of zips", "depth", lambda: in_zip(zipped({"z": bytes(20 * MB)}), 4), UNPACK, "zips.zip"),
    packed("a zip that is called a text", "names", lambda: zipped({"a.txt": b"x"}), UNPACK, "notes.txt"),
    packed(
        "a zip of many names", "numbers", lambda: zipped({f"{n}.txt": b"" for n in range(20_000)}), UNPACK, "names.zip"
    ),
    packed("a zip that climbs", "files", lambda: zipped({"../../../etc/passwd": b"x"}), UNPACK, "climb.zip"),
    packed("a zip without its end", "files", lambda: zipped({"a.txt": b"x" * MB})[:-30], UNPACK, "noend.zip"),
    packed("a tar that climbs", "files", tarred, UNPACK, "climb.tar"),
    packed("a gzip of zeros", "memory", lambda: gzip.compress(bytes(100 * MB)), UNPACK, "zeros.txt.gz"),
    packed("a bzip2 of zeros", "memory", lambda: bz2.compress(bytes(45 * MB)), UNPACK, "zeros.bz2"),
    packed("an xz of zeros", "memory", lambda: lzma.compress(bytes(50 * MB), preset=0), UNPACK, "zeros.xz"),
    packed("a 7-Zip archive", "files", lambda: b"7z\xbc\xaf\x27\x1c\0\4" + b"\xff" * 200, UNPACK, "a.7z"),
    packed(
        "a Word document of zeros", "memory", lambda: word(word__media=bytes(150 * MB)), "far too large", "zeros.docx"
    ),
    packed(
        "a Word document of empty paragraphs", "memory", lambda: word("<w:p/>" * 6 * MB), "far too large", "empty.docx"
    ),
    packed("a Word document that lies about its size", "memory", lying_word, "cannot be read", "lying.docx"),
    packed(
        "a Word document of many parts",
        "numbers",
        lambda: word(**{f"word__{n}.xml": b"" for n in range(6000)}),
        UNPACK,
        "parts.docx",
    ),
    packed("a Word document of laughs", "entities", word_of_laughs, "cannot be read", "laughs.docx"),
    packed("a Word document of files", "files", lambda: word_of_entities("file:///etc/passwd"), "items", "stolen.docx"),
    packed(
        "a Word document of addresses",
        "connections",
        lambda: word_of_entities(CANARY.decode() + "/x"),
        "items",
        "reaching.docx",
    ),
    packed("a Word document with a template elsewhere", "connections", reaching_word, "items", "template.docx"),
    packed("a Word document of tables", "depth", lambda: word_tables(60), "items", "tables.docx"),
    packed("a Word document nested deeply", "depth", lambda: word_tables(20_000), "cannot be read", "deep.docx"),
    packed(
        "a Word document of a hundred thousand paragraphs",
        "time",
        lambda: word("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 100_000),
        "far too large",
        "many.docx",
    ),
    packed("a Word document in a circle", "depth", looping_word, "items", "circle.docx"),
    packed("a Word document with a lock", "files", locked_word, "password", "locked.docx"),
    packed(
        "a Word document without its text",
        "files",
        lambda: word().replace(b"word/document.xml", b"word/docment.xml1"),
        "unpack it",
        "textless.docx",
    ),
    packed("a Word document cut in half", "files", lambda: word()[:600], UNPACK, "half.docx"),
    packed("a PDF that acts", "connections", acting_pdf, "items", "acting.pdf"),
    packed("a PDF with a lock", "files", locked_pdf, "password", "locked.pdf"),
    packed(
        "a PDF whose pages are themselves",
        "depth",
        lambda: pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"),
        "PDF",
        "circle.pdf",
    ),
    packed("a PDF of pages in pages", "depth", lambda: deep_pdf(30_000), "PDF", "deep.pdf"),
    packed(
        "a PDF of two thousand million pages",
        "numbers",
        lambda: pdf(CATALOGUE, PAGES.replace(b"/Count 1", b"/Count 2147483647"), PAGE, stream(b"")),
        "PDF",
        "count.pdf",
    ),
    packed(
        "a PDF of a huge page",
        "numbers",
        lambda: good_pdf().replace(b"[0 0 595 842]", b"[-9e18 -9e18 9e18 9e18]"),
        "items",
        "huge.pdf",
    ),
    packed("a PDF packed twice", "memory", bomb_pdf, "too much memory", "bomb.pdf"),
    packed("a PDF of two million letters", "time", wordy_pdf, "", "letters.pdf"),
    packed(
        "a PDF whose table refers to itself",
        "depth",
        lambda: good_pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9 /XRefStm 9"),
        "items",
        "table.pdf",
    ),
    packed("a PDF of brackets", "depth", lambda: pdf(b"[" * MB, b"<<" * MB), "PDF", "brackets.pdf"),
    packed("a PDF cut in half", "files", lambda: good_pdf()[:700], "PDF", "half.pdf"),
    packed("a PDF of its first line", "files", lambda: b"%PDF-1.7\n", "PDF", "first.pdf"),
    packed("a PDF of noise", "files", lambda: b"%PDF-1.7\n" + zlib.compress(good_pdf() * 9) * 500, "PDF", "noise.pdf"),
    packed("a program that is called a text", "names", lambda: b"\x7fELF\2\1\1" + bytes(5000), "program", "readme.txt"),
    packed(
        "a picture that is also a web page", "names", lambda: b"GIF89a<html><body>" + TEXT.encode(), "picture", "p.html"
    ),
    packed(
        "a macro document",
        "names",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3 * MB) + "WordDocument".encode("utf-16-le") + b"AutoOpen",
        "old Word document",
        "macro.doc",
    ),
    packed(
        "a rich text with an object", "names", lambda: b"{\\rtf1{\\object\\objocx " + b"{" * MB, "RTF", "object.rtf"
    ),
    packed(
        "a database that is called a table", "names", lambda: b"SQLite format 3\0" + bytes(9000), "database", "t.csv"
    ),
)
