"""Bytes to text, HTML to text, and what a file really is."""

import io
import time
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.model.errors import InputError, RefusedFile
from watchbot.model.item import RawDocument
from watchbot.sources.charset import codec, decode
from watchbot.sources.cut import cut
from watchbot.sources.html import first_link, html_line, html_page, html_text
from watchbot.sources.sniff import Form, sniff

WRITTEN = datetime(2026, 4, 6, 10, 0, tzinfo=UTC)
TRADITIONAL = "鴻海今天宣布，將在美國德州投資十億美元興建人工智慧伺服器工廠。台電表示，四月起電價調漲百分之三。"
SIMPLIFIED = "富士康今天宣布，将在美国德州投资十亿美元兴建人工智能服务器工厂。该公司表示，四月起电价上涨。"
JAPANESE = "ホンハイは今日、米国テキサス州に人工知能サーバー工場を建設すると発表した。"
KOREAN = "삼성전자는 오늘 미국 텍사스에 반도체 공장을 짓는다고 발표했다."

PIECE_NAMES = """<p> </p> < > a " ' <a_href= <!-- --> <script> <br> <td> <li> & &#x ; <pre> </pre> <nav> </nav> = /"""
PIECES = PIECE_NAMES.split()
NAMES = ["a.txt", "a.html", "a.md", "a", "a.xml", "a.eml", "a.mht", "a.json", "a.jsonl", "a.csv", "a.opml", "a.rss"]


def file(name: str, body: bytes, media_type: str = "") -> RawDocument:
    return RawDocument("Inbox", body, media_type, WRITTEN, name=name)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "utf-8"),
        (TRADITIONAL, "utf-8-sig"),
        (TRADITIONAL, "utf-16"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "euc-kr"),
        ("A café in Zürich sold naïve art.", "latin-1"),
        ("Plain words of a text file", "utf-16-le"),
        ("Plain words of a text file", "utf-16-be"),
    ],
)
@pytest.mark.parametrize(
    "label", ["", "text/plain; charset=utf-8", "text/html; charset=iso-8859-1", "text/html; charset=x"]
)
def test_wrong_and_missing_labels(text: str, encoding: str, label: str) -> None:
    assert decode(text.encode(encoding), label)[0] == text


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [
        ("堃", "big5hkscs", "big5"),
        ("镕 € 㐂", "gb18030", "gb2312"),
        ("①髙﨑", "cp932", "shift_jis"),
        ("똠방각하", "cp949", "euc-kr"),
        ("“quoted” – €", "cp1252", "iso-8859-1"),
        ("Привет, мир", "cp1251", "windows-1251"),
        ("Привет, мир", "koi8-r", "koi8-r"),
    ],
)
def test_labels_are_read_as_their_supersets(text: str, encoding: str, label: str) -> None:
    body = text.encode(encoding)
    assert decode(body, f"text/html; charset={label}")[0] == text
    assert decode(f'<?xml version="1.0" encoding="{label}"?>'.encode() + body)[0].endswith(text)
    assert decode(f'<meta http-equiv="x" content="text/html; charset={label}">'.encode() + body)[0].endswith(text)


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    text, name = decode(TRADITIONAL.encode() + b"\xff\xfe" + TRADITIONAL.encode(), "text/html; charset=big5")
    assert name == "utf-8"
    assert text.count("\ufffd") == 2


@pytest.mark.parametrize(
    "label", ["hex", "zip", "punycode", "idna", "rot13", "unicode_escape", "undefined", "utf-7", "", "\0", "x"]
)
def test_labels_that_are_no_encoding_of_text(label: str) -> None:
    assert codec(label) == ""


@given(st.binary(max_size=300), st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=iso-2022-jp"]))
def test_any_bytes_become_text(body: bytes, label: str) -> None:
    decode(body, label)


def test_scripts_styles_and_comments_are_dropped() -> None:
    assert html_text("a<script>if (a<b) {}</script><style>p{}</style><!-- <p>x</p> -->b") == "ab"
    assert html_text("a<script>never closed <p>x") == "a"
    assert html_text("<p>one<p>two<br>three<div>four</div>") == "one\n\ntwo\nthree\n\nfour"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("a &amp; b &nbsp;c &#x41;&#65;", "a & b c AA"),
        ("<b>bo</b>ld", "bold"),
        ('<a title="a > b" href=x>y</a>', "y"),
        ("<p", "<p"),
        ("<a href='never closed>text", "text"),
        ("<![CDATA[x]]>", "x]]>"),
        ("<p>a</P ><P\nclass=x>b", "a\n\nb"),
        ("", ""),
    ],
)
def test_odd_markup(source: str, text: str) -> None:
    assert html_text(source) == text


def test_one_line_and_the_first_link() -> None:
    assert html_line("<p>a</p> <p>b</p>") == "a b"
    assert first_link('<p><a href="#x">no</a> <a href="/y">yes</a></p>', "https://e.com/z") == "https://e.com/y"
    assert first_link('<a href="javascript:x">no</a>', "") == ""


def test_links_are_made_absolute() -> None:
    page = html_page('<base href="https://e.com/d/"><p><a href="a b.html">x y</a> and <a href="mailto:a@b">m</a></p>')
    assert page.blocks[0].links == (("x y", "https://e.com/d/a b.html"),)


def test_a_page_of_nothing_but_its_frame_keeps_it() -> None:
    assert [block.text for block in html_page("<nav><p>Foxconn opens a new plant here.</p></nav>").blocks] == [
        "Foxconn opens a new plant here."
    ]
    unclosed = html_page("<nav>Home<p>Foxconn opens a new plant here.</p><p>Another paragraph.</p>")
    assert unclosed.blocks[-1].text == "Another paragraph."


@given(st.lists(st.sampled_from(PIECES)))
def test_no_markup_raises(pieces: list[str]) -> None:
    html_page("".join(pieces))


@pytest.mark.parametrize(
    "piece",
    ["<div>", '<a "', "<", "<!--", "<script>", "<a b=c ", "&", "&#", "<p>x", "<a href=x>", "<pre>\n", "<td>", "<nav>"],
)
def test_hostile_pages_take_seconds_not_minutes(piece: str) -> None:
    before = time.monotonic()
    html_page(piece * 100_000)
    assert time.monotonic() - before < 10


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\xef\xbb\xbf \n\t\n", "is empty"),
        ("a.zip", b"PK\x03\x04rest", "archive"),
        ("a.txt", b"\x1f\x8b\x08rest", "archive"),
        ("a.html", b"%PDF-1.7 rest", "PDF"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "picture"),
        ("a.txt", bytes(range(256)) * 40, "not a text"),
        ("a.txt", b"\0\1\2\3" * 100, "not a text"),
        ("a.txt", b"BZh91AY&SY\x01\x02", "bzip2 archive; unpack it"),
        ("a", b"\xfd7zXZ\x00\x00", "xz archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\x00", "7-Zip archive"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00", "RAR archive"),
        ("a.zst", b"\x28\xb5\x2f\xfd\x04", "Zstandard archive"),
        ("a.tar", b"news.txt".ljust(257, b"\0") + b"ustar\x0000", "tar archive"),
        ("a.webarchive", b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource", "Safari web archive; save the page as"),
        ("a.rtf", b"{\\rtf1\\ansi Foxconn}", "RTF document; save it as .docx"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic", "picture"),
        ("a.bmp", b"BM\x36\x00\x0c\x00\x00\x00\x00\x00", "picture"),
        ("a.mp3", b"ID3\x03\x00\x00", "sound"),
        ("a.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "sound"),
        ("a.mp4", b"\x00\x00\x00\x20ftypisom", "video"),
        ("a.mkv", b"\x1a\x45\xdf\xa3\x01", "video"),
        ("a.exe", b"MZ\x90\x00\x03", "program"),
        ("a", b"\x7fELF\x02\x01", "program"),
        ("a.db", b"SQLite format 3\x00\x10", "database; export"),
        ("a.xml", b"<?xml version='1.0'?><invoice><sum>5</sum></invoice>", "neither a feed nor a web page"),
    ],
)
def test_refused_files(name: str, body: bytes, words: str) -> None:
    with pytest.raises(RefusedFile, match=words) as caught:
        cut(file(name, body))
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "body", "form"),
    [
        ("a.txt", b"<!DOCTYPE html><p>x</p>", Form.HTML),
        ("a.html", b"plain words", Form.TEXT),
        ("a.html", b"<p>x</p>", Form.HTML),
        ("a", b"a < b and c > d", Form.TEXT),
        ("a.txt", b"<?xml version='1.0'?><!-- x --><rss version='2.0'>", Form.FEED),
        ("a.json", b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', Form.FEED),
        ("a.txt", b"<div>a</div><p>b</p><p>c</p><p>d</p><br>", Form.HTML),
        ("a.md", b"text <br> <br> <br> <br> <br>", Form.TEXT),
        ("a.html", b"<?xml version='1.0'?><!DOCTYPE html><html><p>x</p></html>", Form.HTML),
        ("a.xml", b"<?xml version='1.0'?><opml version='2.0'/>", Form.OPML),
        ("a.eml", b"Subject: b\n\nFoxconn said so.", Form.MAIL),
        ("a.eml", b"Foxconn said so, and no header stands here.", Form.TEXT),
        ("a", b"From: a@b\nTo: c@d\nMessage-ID: <1@b>\n\nFoxconn said so.", Form.MAIL),
        ("a.txt", b"From: a@b\nTo: c@d\nSubject: pasted by hand\n\nFoxconn said so.", Form.TEXT),
        ("a.txt", b"Date: Monday\nFoxconn: it said so.", Form.TEXT),
        ("a.mht", b"Content-Type: text/html\n\n<p>x</p>", Form.MHTML),
        ("a", b"Snapshot-Content-Location: https://e.com\nContent-Type: multipart/related\n\nx", Form.MHTML),
        ("a.csv", b"a,b\n1,2", Form.TABLE),
        ("a.txt", b"title\turl\nFoxconn\thttps://e.com/1", Form.TABLE),
        ("a.txt", b"Foxconn, Quanta, Wistron\nsaid so.", Form.TEXT),
        ("a.txt", b"News, date\n", Form.TEXT),
        ("a.txt", b'{"title": "x"}\n{"title": "y"}', Form.JSON),
        ("a.txt", b"[1] Foxconn said so.", Form.TEXT),
        ("a.txt", b'{"title": x', Form.TEXT),
        ("a.jsonl", b"not json at all", Form.JSON),
        ("a.txt", b"%PDF-1.7\n1 0 obj", Form.PDF),
        ("a.txt", b"BMW and Foxconn said so.", Form.TEXT),
        ("a.txt", b"MZ is an abbreviation, Foxconn said.", Form.TEXT),
        ("a.txt", b"ID3 tags are no news to Foxconn.", Form.TEXT),
    ],
)
def test_what_a_file_really_is(name: str, body: bytes, form: Form) -> None:
    assert sniff(file(name, body))[0] is form


def test_furniture_alone_is_no_news() -> None:
    with pytest.raises(InputError, match="nothing that reads like news"):
        cut(file("a.txt", b"Subscribe\n(c) 2026 All rights reserved."))


def test_the_same_paragraph_twice_is_one_item() -> None:
    found = cut(file("a.txt", b"Foxconn said so.\nOther.\nFoxconn  said so."))
    assert [item.body for item in found.items] == ["Foxconn said so.", "Other."]
    assert found.skipped == ("1 paragraphs stand there twice",)


@given(st.binary(max_size=200), st.sampled_from(NAMES))
def test_any_file_is_cut_or_refused(body: bytes, name: str) -> None:
    try:
        found = cut(file(name, body))
    except InputError:
        return
    assert all(item.title or item.body for item in found.items)


def zipped(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if mimetype:
            archive.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")  # without the time of now: the bytes name the test
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (zipped("news.txt"), "archive; unpack it"),
        (zipped(), "empty archive"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook; save it as .csv"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint presentation; save it as .pdf"),
        (zipped("META-INF/container.xml", mimetype="application/epub+zip"), "e-book"),
        (
            zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
            "OpenDocument text; save it as .docx",
        ),
        (
            zipped("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "spreadsheet; save it as .csv",
        ),
        (zipped("Index/Document.iwa"), "Pages, Numbers or Keynote"),
        (zipped("META-INF/MANIFEST.MF", "A.class"), "program"),
        (zipped("news.txt")[:40], "archive"),
        (zipped(*(f"{number}" for number in range(6000))), "archive"),
    ],
)
def test_what_a_zip_file_holds_is_said(body: bytes, words: str) -> None:
    with pytest.raises(RefusedFile, match=words):
        cut(file("a.txt", body))


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        ("WordDocument", "old Word document; save it as .docx"),
        ("Workbook", "old Excel workbook; save it as .csv"),
        ("PowerPoint Document", "old PowerPoint"),
        ("__properties_version1.0", "Outlook message; save it as .eml"),
        ("EncryptedPackage", "password"),
        ("Contents", "old office document"),
    ],
)
def test_old_office_files_are_refused_by_what_they_are(stream: str, words: str) -> None:
    body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le") + bytes(100)
    with pytest.raises(RefusedFile, match=words):
        cut(file("a.txt", body))


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(RefusedFile, match="larger than 20 MB"):
        cut(file("a.txt", b"Foxconn said so.\n" * 1_300_000))


def test_a_list_of_feeds_says_how_it_is_polled() -> None:
    outline = (
        b"<outline text='Chip Wire' xmlUrl='https://c.example/rss' htmlUrl='https://c.example/' description='Chips'/>"
        b"<outline text='Grid' xmlUrl='https://g.example/rss'/><outline text='bad' xmlUrl='file:///etc/passwd'/>"
    )
    found = cut(file("my.opml", b"<opml version='2.0'><body>" + outline + b"</body></opml>"))
    assert [(item.title, item.url, item.body) for item in found.items] == [
        ("Chip Wire", "https://c.example/", "Chips"),
        ("Grid", "https://g.example/rss", ""),
    ]
    assert found.skipped[0] == "these are feeds; to poll them: watchbot sources import my.opml"
    assert "bad" in found.skipped[1]
    with pytest.raises(InputError, match="without any feed"):
        cut(file("a.xml", b"<?xml version='1.0'?><opml version='2.0'/>"))


def test_a_page_of_far_too_much_is_read_as_far_as_it_is_news() -> None:
    found = cut(
        file("a.txt", b"".join(b"Foxconn opens hall %07d in Texas, it said on Monday.\n" % n for n in range(90_000)))
    )
    assert len(found.items) == 5000
    assert found.skipped == (
        "what follows line 71428: the page is too long",
        "what follows the first 5000 paragraphs",
    )


def test_pictures_written_into_a_page_are_no_text() -> None:
    picture = b"<img src='data:image/png;base64," + b"iVBORw0KGgo" * 500_000 + b"'>"
    found = cut(file("a.html", b"<p>Foxconn said so.</p>" + picture + b"<p>Quanta waits.</p>"))
    assert [item.body for item in found.items] == ["Foxconn said so.", "Quanta waits."]
    assert found.skipped == ()
