"""PDF documents written by hand, byte by byte, as a word processor would lay them out."""

from dataclasses import dataclass, field
from textwrap import wrap

MAP = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
    "endcmap end end"
)


@dataclass
class PdfPage:
    """One page while it is written: `y` goes down from the top."""

    y: float = 780.0
    drawn: list[str] = field(default_factory=list)
    links: list[tuple[tuple[float, float, float, float], str]] = field(default_factory=list)

    def line(self, text: str, size: float = 11.0, x: float = 72.0, url: str = "", step: float = 1.2) -> None:
        """One line of text, Latin in Helvetica, anything else in a font whose letters are all one size wide."""
        self.y -= size * step
        if text.isascii():
            plain = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            shown = f"/F1 {size} Tf 1 0 0 1 {x} {self.y} Tm ({plain}) Tj"
        else:
            shown = f"/F2 {size} Tf 1 0 0 1 {x} {self.y} Tm <{text.encode('utf-16-be').hex()}> Tj"
        self.drawn.append(f"BT {shown} ET")
        if url:
            self.links.append(((x, self.y - 2, x + len(text) * size, self.y + size), url))

    def paragraph(self, text: str, width: int = 80, size: float = 11.0, url: str = "") -> None:
        """A text wrapped at `width` letters, with a little room after it."""
        lines = wrap(text, width) if text.isascii() else [text[at : at + width] for at in range(0, len(text), width)]
        for line in lines:
            self.line(line, size, url=url)
        self.y -= size * 0.8


def pdf_of(*pages: PdfPage, title: str = "") -> bytes:
    """The pages as one document."""
    objects: dict[int, bytes] = {}
    kids = []
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects[4] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [5 0 R] "
        b"/ToUnicode 6 0 R >>"
    )
    objects[5] = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 /FontDescriptor 7 0 R "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    objects[6] = _stream(MAP.encode())
    objects[7] = (
        b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 "
        b"/Descent -120 /CapHeight 800 /StemV 80 >>"
    )
    objects[8] = b"<< /Title <feff" + title.encode("utf-16-be").hex().encode() + b"> >>"
    number = 9
    for page in pages:
        links = []
        for (left, bottom, right, top), url in page.links:
            objects[number] = (
                f"<< /Type /Annot /Subtype /Link /Rect [{left} {bottom} {right} {top}] /Border [0 0 0] "
                f"/A << /S /URI /URI ({url}) >> >>"
            ).encode()
            links.append(f"{number} 0 R")
            number += 1
        objects[number] = _stream("\n".join(page.drawn).encode("latin-1"))
        objects[number + 1] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number} 0 R /Annots [{' '.join(links)}] "
            "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        ).encode()
        kids.append(f"{number + 1} 0 R")
        number += 2
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _assembled(objects)


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


def _assembled(objects: dict[int, bytes]) -> bytes:
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(objects))
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R /Info 8 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    )
