"""Files that are no text: known by their first bytes, told by name with what to do instead.

bytes -> PDF or Word document (read with the extra watchbot[documents]) | refused in words | "" for a text
"""

import re
import zipfile
from io import BytesIO

PDF, DOCX = "pdf", "docx"
_PICTURE = "is a picture; drop its text as .txt"
_SOUND = "is a sound recording; drop its text as .txt"
_VIDEO = "is a video; drop its text as .txt"
_PROGRAM = "is a program and is not read"
_DATABASE = "is a database; export what is to be read as .csv"
_UNPACK = "unpack it and drop the files in it"
_MAGIC = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (rb"\x1f[\x8b\x9d\xa0]", f"is a gzip archive; {_UNPACK}"),
        (rb"BZh[1-9]1AY", f"is a bzip2 archive; {_UNPACK}"),
        (rb"\xfd7zXZ\x00", f"is an xz archive; {_UNPACK}"),
        (rb"7z\xbc\xaf\x27\x1c", f"is a 7-Zip archive; {_UNPACK}"),
        (rb"Rar!\x1a\x07", f"is a RAR archive; {_UNPACK}"),
        (rb"\x28\xb5\x2f\xfd", f"is a Zstandard archive; {_UNPACK}"),
        (rb"\x04\x22M\x18|LZIP\x01|MSCF\x00|!<arch>\n", f"is an archive; {_UNPACK}"),
        (rb".{257}ustar", f"is a tar archive; {_UNPACK}"),
        (rb".{32769}CD001", f"is a disc image; {_UNPACK}"),
        (rb"\{\\rtf", "is an RTF document; save it as .docx, .pdf or .txt"),
        (rb"%!PS", "is a PostScript document; save it as .pdf or .txt"),
        (rb"\x78\x9f\x3e\x22", "is an Outlook attachment (winmail.dat); save the mail as .eml"),
        (rb"!BDN", "is an Outlook mailbox; save the mail as .eml"),
        (rb"bplist00.*WebMainResource", "is a Safari web archive; save the page as .html or .pdf"),
        (rb"bplist0", "is a property list and holds no text"),
        (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|8BPS\x00|II\*\x00|MM\x00\*|\x00\x00\x01\x00|BM.{4}\x00{4}", _PICTURE),
        (rb"RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif|avis)", _PICTURE),
        (rb"RIFF.{4}WAVE|ID3[\x02-\x04]\x00|fLaC\x00|OggS\x00|MThd\x00|\xff[\xfb\xf3\xf2\xf1\xf9]|.{4}ftypM4A", _SOUND),
        (rb"RIFF.{4}AVI |\x1a\x45\xdf\xa3|FLV\x01|\x00\x00\x01[\xba\xb3]|.{4}ftyp|\x30\x26\xb2\x75", _VIDEO),
        (
            rb"\x7fELF|MZ.{0,60}\x00|[\xfe\xcf]\xed\xfa[\xfe\xcf\xce]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|\0asm",
            _PROGRAM,
        ),
        (rb"SQLite format 3\x00|\x00\x01\x00\x00Standard |PAR1.*PAR1\Z", _DATABASE),
    )
)
_OLE = (
    ("__properties_version1.0", "is an Outlook message; save it as .eml, .html or .txt"),
    ("EncryptedPackage", "is an office document with a password; save it without one"),
    ("WordDocument", "is an old Word document; save it as .docx, .pdf or .txt"),
    ("Workbook", "is an old Excel workbook; save it as .csv"),
    ("PowerPoint Document", "is an old PowerPoint presentation; save it as .pdf or .txt"),
)
_OFFICE = (
    ("xl/workbook", "is an Excel workbook; save it as .csv"),
    ("ppt/presentation", "is a PowerPoint presentation; save it as .pdf or .txt"),
    ("Index/", "is a Pages, Numbers or Keynote document; export it as .docx, .pdf or .csv"),
    ("AndroidManifest.xml", _PROGRAM),
    ("META-INF/MANIFEST.MF", _PROGRAM),
)
_DECLARED = (
    ("epub", "is an e-book (EPUB); save it as .pdf or .txt"),
    ("opendocument.spreadsheet", "is an OpenDocument spreadsheet; save it as .csv"),
    ("opendocument.presentation", "is an OpenDocument presentation; save it as .pdf or .txt"),
    ("opendocument", "is an OpenDocument text; save it as .docx, .pdf or .txt"),
)
_ARCHIVE = f"is an archive; {_UNPACK}"
_ZIP_ERRORS = (zipfile.BadZipFile, ValueError, KeyError, OSError, NotImplementedError, RuntimeError, EOFError)
MOST_ENTRIES = 5000
_LARGEST_INDEX = 2 * 1024 * 1024


def binary_kind(body: bytes) -> str:
    """PDF, DOCX, or what a refused file is and what to do ("is a picture; ..."); "" where it may be a text."""
    if body[:5] == b"%PDF-" or (b"%PDF-" in body[:1024] and b"\0" in body[:4096]):
        return PDF
    if body[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _zip_kind(body)
    if body[:4] == b"\xd0\xcf\x11\xe0":
        found = (words for name, words in _OLE if name.encode("utf-16-le") in body)
        return next(found, "is an old office document; save it as .docx, .pdf or .txt")
    return next((words for magic, words in _MAGIC if magic.match(body)), "")


def _zip_kind(body: bytes) -> str:
    """What a zip file holds: a Word document, another office document, or files of its own."""
    if body[:4] == b"PK\x05\x06":
        return "is an empty archive"
    if not _has_small_index(body):
        return _ARCHIVE
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()
            declared = _declared(archive) if names[:1] == ["mimetype"] else ""
    except _ZIP_ERRORS:
        return _ARCHIVE
    if "word/document.xml" in names:
        return DOCX
    for mark, words in _DECLARED:
        if mark in declared:
            return words
    return next((words for mark, words in _OFFICE if any(name.startswith(mark) for name in names)), _ARCHIVE)


def _has_small_index(body: bytes) -> bool:
    """Whether a zip file's list of contents is short enough to be looked into."""
    end = body.rfind(b"PK\x05\x06", max(0, len(body) - 70_000))
    if end < 0 or len(body) < end + 22:
        return False
    entries = int.from_bytes(body[end + 10 : end + 12], "little")
    return entries <= MOST_ENTRIES and int.from_bytes(body[end + 12 : end + 16], "little") <= _LARGEST_INDEX


def _declared(archive: zipfile.ZipFile) -> str:
    """The media type that OpenDocument and EPUB files carry as their first file."""
    with archive.open("mimetype") as file:
        return file.read(200).decode("ascii", "replace")
