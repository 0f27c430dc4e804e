"""Hostile files that are writing of some kind: texts, web pages, tables, JSON, mails, saved pages, lists of feeds."""

from tests.hostile.case import CANARY, GOOD, GOOD_TITLE, Document, item, rss
from tests.hostile.feeds_markup import external, laughs
from tests.hostile.feeds_words import SCREEN

MB = 1024 * 1024
LINE = GOOD_TITLE.encode() + b" and hires four thousand workers, the company said on Thursday.\n\n"
HEAD = b"From: desk@news.example\r\nTo: me@here.example\r\nDate: Thu, 26 Nov 2026 08:00:00 +0000\r\n"
SUBJECT = b"Subject: Morning news\r\nMIME-Version: 1.0\r\n"


def mail(headers: bytes, body: bytes = LINE) -> bytes:
    """A mail with these headers more."""
    return HEAD + SUBJECT + headers + b"\r\n" + body


def parts(count: int) -> bytes:
    """A mail of so many parts, the news in the first."""
    one = b"--b\r\nContent-Type: text/plain\r\n\r\n"
    return mail(b"Content-Type: multipart/mixed; boundary=b\r\n", one + LINE + (one + b"x\r\n") * count + b"--b--\r\n")


def multiparts(depth: int) -> bytes:
    """Parts in parts in parts."""
    body = b""
    for level in range(depth):
        body += b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1)
    return mail(b"Content-Type: multipart/mixed; boundary=b0\r\n", body + b"--b%d\r\n\r\n" % depth + LINE)


def forwards(depth: int) -> bytes:
    """Mails in mails in mails."""
    inner = b"Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: again\r\n"
    return HEAD + SUBJECT + inner * depth + b"\r\n" + LINE


def alternatives(depth: int) -> bytes:
    """Alternatives of alternatives, each of which is read to be compared."""
    body = b""
    for level in range(depth):
        body += b"--a%d\r\nContent-Type: multipart/alternative; boundary=a%d\r\n\r\n" % (level, level + 1)
    page = b"--a%d\r\nContent-Type: text/html\r\n\r\n<p>%s</p>" % (depth, LINE) * 200
    return mail(b"Content-Type: multipart/alternative; boundary=a0\r\n", body + page)


def odd_charsets() -> bytes:
    """Parts in encodings that Python knows and no mail has."""
    names = (
        b"punycode",
        b"hex",
        b"zip",
        b"unicode_escape",
        b"idna",
        b"undefined",
        b"utf-7",
        b"\xff",
        b"x" * 5000,
        b"base64",
    )
    pieces = [b"--b\r\nContent-Type: text/plain; charset=" + name + b"\r\n\r\n" + LINE for name in names]
    return mail(b"Content-Type: multipart/mixed; boundary=b\r\n", b"".join(pieces) + b"--b--\r\n")


def mailbox(count: int) -> bytes:
    """A mailbox of so many mails."""
    one = b"From a@b.example Thu Nov 26 08:00:00 2026\r\n" + HEAD + b"Subject: No news\r\n\r\n\r\n\r\n"
    return one * count + b"From a@b.example Thu Nov 26 08:00:00 2026\r\n" + HEAD + SUBJECT + b"\r\n" + LINE


def saved(*pieces: bytes, start: bytes = b"<page>") -> bytes:
    """A saved page of these parts."""
    head = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/\r\nMIME-Version: 1.0\r\n"
    kind = b'Content-Type: multipart/related; type="text/html"; boundary="b"; start="' + start + b'"\r\n\r\n'
    return head + kind + b"".join(b"--b\r\n" + piece + b"\r\n" for piece in pieces) + b"--b--\r\n"


def page(content: bytes) -> bytes:
    """The part of a saved page that is the page."""
    return b"Content-Type: text/html\r\nContent-ID: <page>\r\nContent-Location: cid:page\r\n\r\n" + content


def html(inside: bytes) -> bytes:
    """A web page with the good news on it."""
    return (
        b"<!doctype html><html><head><title>News</title></head><body><p>" + LINE + b"</p>" + inside + b"</body></html>"
    )


def table(*rows: bytes) -> bytes:
    """A table of news."""
    return b"\n".join(
        [b"title,url,date,text", GOOD_TITLE.encode() + b",https://news.example/1,2026-11-26,Power.", *rows]
    )


def formulas() -> bytes:
    """Cells that a spreadsheet would run."""
    cells = (
        b"=cmd|' /C calc'!A0",
        b"@SUM(1+1)*cmd|' /C calc'!A0",
        b"+1+1",
        b"-2+3",
        b'"=HYPERLINK(""' + CANARY + b'"",""x"")"',
    )
    return table(*(cell + b"," + CANARY + b"/" + b",2026-11-26,text" for cell in cells))


def screens() -> bytes:
    """A text that drives a screen."""
    raw = b"".join(b"Foxconn says %s and more of it on Thursday.\n\n" % one for one in SCREEN)
    return LINE + raw + b"\x1b[2J\x1b]52;c;cm0gLXJm\x07\x9b31m\x08\x08\x08 Taipower repairs a line near Hualien.\n"


def outlines() -> bytes:
    """A list of feeds that lie where nobody may ask."""
    where = (
        CANARY,
        b"file:///etc/passwd",
        b"http://169.254.169.254/",
        b"http://[::1]/",
        b"javascript:x",
        b"http://good.example/f",
    )
    rows = b"".join(b'<outline type="rss" text="%s" xmlUrl="%s"/>' % (GOOD_TITLE.encode(), one) for one in where)
    return b'<?xml version="1.0"?><opml version="2.0"><body>' + rows + b"</body></opml>"


def text_file(name: str, attacks: str, make: object, outcome: str = "items", file: str = "") -> Document:
    """A case that is dropped under a name like `a title of nine megabytes.txt`."""
    return Document(name, attacks, make, outcome, "", file or f"{name}.txt")  # type: ignore[arg-type]


TEXTS = (
    text_file("a line of nineteen megabytes", "memory", lambda: LINE + b"x" * 19 * MB),
    text_file("a word and a space again and again", "time", lambda: LINE + b"x " * 3 * MB),
    text_file("nine million blank lines", "time", lambda: LINE + b"\n" * 9 * MB, "more than 100000 lines"),
    text_file("a million bullets", "time", lambda: LINE + b"- \n* \n1. \n" * 500_000, "more than 100000 lines"),
    text_file(
        "headings of headings",
        "time",
        lambda: LINE + b"#" * 5 * MB + b"\n" + b"# # # #\n" * 100_000,
        "more than 100000 lines",
    ),
    text_file(
        "half a million dates",
        "dates",
        lambda: LINE + b"Nov 5 2026 Nov 5 2026 10:00 Nov\n" * 300_000,
        "more than 100000 lines",
    ),
    text_file("dates without end", "dates", lambda: LINE + (b"1 " * 60 + b"\n") * 6000 + b"2026-" * 100_000),
    text_file(
        "quotes of quotes",
        "time",
        lambda: LINE + b"> " * 2 * MB + b"\n" + b">>>>\n" * 200_000,
        "more than 100000 lines",
    ),
    text_file("half a link again and again", "time", lambda: LINE + b"[x](" * 200_000 + b"\n" + b"![" * 200_000),
    text_file("brackets", "time", lambda: LINE + b"[" * MB + b"(" * MB + b"<" * MB),
    text_file("addresses without end", "time", lambda: LINE + b"http://" * 500_000 + b"\n" + b"https://a.b/?" * 90_000),
    text_file("full stops", "time", lambda: LINE + b". " * 300_000 + "。".encode() * 200_000),
    text_file("fences that are never closed", "time", lambda: LINE + b"```\n" * 200_000, "more than 100000 lines"),
    text_file("a text that drives a screen", "the terminal", screens),
    text_file("marks nobody sees", "the reader", lambda: LINE + "\u200b\u202e\u2066\ufeff".encode() * MB),
    text_file("accents without a letter", "the reader", lambda: LINE + "\u0301\u0316".encode() * 400_000),
    text_file("zeros", "encodings", lambda: bytes(5 * MB), "is not a text"),
    text_file("all bytes", "encodings", lambda: bytes(range(256)) * 20_000, "is not a text"),
    text_file("UTF-16 of nothing but halves", "encodings", lambda: b"\xff\xfe" + b"\x00\xd8" * MB, "is not a text"),
    text_file(
        "a web page of nineteen megabytes of tags",
        "HTML",
        lambda: html(b"<b><i>" * 3 * MB),
        "more than 400000 tags",
        file="tags.html",
    ),
    text_file("a web page nested deeply", "HTML", lambda: html(b"<div>" * 150_000), file="deep.html"),
    text_file(
        "a web page of tables",
        "HTML",
        lambda: html(b"<table><tr><td>x" * 300_000),
        "more than 400000 tags",
        file="tables.html",
    ),
    text_file(
        "tables in tables in a page", "HTML", lambda: html(b"<table><tr><td>x" * 20_000), file="nested-tables.html"
    ),
    text_file("a web page of links", "HTML", lambda: html(b"<a href='//x/'>x" * 60_000), file="links.htm"),
    text_file("a web page of open quotes", "HTML", lambda: html(b"<p title=\"'" * 150_000), file="quotes.html"),
    text_file(
        "a web page of half titles",
        "HTML",
        lambda: html(b"<title></titl" * 500_000),
        "more than 400000 tags",
        file="titles.html",
    ),
    text_file(
        "a web page that fetches",
        "connections",
        lambda: html(
            b"<img src='"
            + CANARY
            + b"/a'><iframe src='"
            + CANARY
            + b"/b'></iframe><script src='"
            + CANARY
            + b"/c'></script>"
        ),
        file="fetching.html",
    ),
    text_file(
        "a page of files",
        "files",
        lambda: (
            b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM '
            b'"file:///etc/passwd">]><html><body><p>' + LINE + b"&x;</p></body></html>"
        ),
        file="entities.xhtml",
    ),
    text_file(
        "a picture that is a program",
        "files",
        lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "neither a feed nor a web page",
        "picture.svg",
    ),
    text_file(
        "a dropped feed of laughs",
        "entities",
        lambda: laughs(9, 30),
        "neither a feed nor a web page",
        file="laughs.xml",
    ),
    text_file("a dropped feed of files", "files", lambda: external(b"file:///etc/shadow"), file="stolen.rss"),
    text_file(
        "a dropped feed of nineteen megabytes",
        "memory",
        lambda: rss(GOOD, item(title=b"x" * 19 * MB, id=b"x")),
        "larger than 10 MB",
        "large.atom",
    ),
    text_file("cells of a megabyte", "memory", lambda: table(*[b",,," + b"x" * MB] * 15), file="cells.csv"),
    text_file("a hundred thousand columns", "numbers", lambda: table(b",".join([b"x"] * 100_000)), file="columns.csv"),
    text_file(
        "a header of a hundred thousand columns",
        "numbers",
        lambda: b"title," * 100_000 + b"\n" + LINE.strip() + b"," * 99_999 + b"\nx,y\n",
        file="header.csv",
    ),
    text_file("formulas", "spreadsheets", formulas, file="formulas.csv"),
    text_file("a quote that is never closed", "time", lambda: table(b'"' + b"a,b\n" * MB), file="quote.csv"),
    text_file("nothing but quotes", "time", lambda: table(b'"' * 5 * MB), file="quotes.csv"),
    text_file("a million empty rows", "numbers", lambda: table(b",,,\n" * MB), file="rows.csv"),
    text_file("zeros in cells", "encodings", lambda: table(b"a\0b,c\0,\0,d", b"\0\0"), file="zeros.tsv"),
    text_file(
        "lines that are no JSON",
        "numbers",
        lambda: b'{"title": "' + GOOD_TITLE.encode() + b'"}\n' + b"{broken\n" * 60_000,
        file="broken.jsonl",
    ),
    text_file(
        "one line of fifteen megabytes",
        "memory",
        lambda: b'{"title": "' + GOOD_TITLE.encode() + b'", "body": "' + b"x" * 15 * MB + b'"}\n',
        file="long.jsonl",
    ),
    text_file("lists in lists", "depth", lambda: b"[" * MB + b"]" * MB, "no JSON", file="lists.json"),
    text_file("objects in objects", "depth", lambda: b'{"items":' * 300_000, "no JSON", file="objects.json"),
    text_file(
        "lines nested deeply",
        "depth",
        lambda: b'{"title": "' + GOOD_TITLE.encode() + b'"}\n' + (b"[" * 50_000 + b"\n") * 20,
        file="deep.ndjson",
    ),
    text_file(
        "a list of two million numbers",
        "numbers",
        lambda: b'[{"title": "' + GOOD_TITLE.encode() + b'"}' + b",1" * 2_000_000 + b"]",
        "more than 800000 values",
        file="numbers.json",
    ),
    text_file("a mail of ten thousand parts", "numbers", lambda: parts(10_000), file="parts.eml"),
    text_file(
        "a mail of a thousand multiparts",
        "depth",
        lambda: multiparts(1000),
        "no mail that can be read",
        "multiparts.eml",
    ),
    text_file("a mail of thirty multiparts", "depth", lambda: multiparts(30), file="thirty.eml"),
    text_file("a mail of five hundred mails", "depth", lambda: forwards(500), "", "mails.eml"),
    text_file("a mail of alternatives", "time", lambda: alternatives(80), "items", "alternatives.eml"),
    text_file("a mail in odd encodings", "encodings", odd_charsets, file="charsets.eml"),
    text_file(
        "a mail of broken Base64",
        "encodings",
        lambda: mail(b"Content-Transfer-Encoding: base64\r\n", b"=====" * MB + b"!@#$\r\n" * 1000),
        "",
        "base64.eml",
    ),
    text_file(
        "a mail of half escapes",
        "encodings",
        lambda: mail(b"Content-Transfer-Encoding: quoted-printable\r\n", LINE + b"=3" * 2 * MB),
        file="escapes.eml",
    ),
    text_file(
        "a mail in uuencode",
        "encodings",
        lambda: mail(b"Content-Transfer-Encoding: x-uuencode\r\n", b"begin 644 /etc/passwd\n" + b"M" + b"x" * 5 * MB),
        "",
        "uu.eml",
    ),
    text_file(
        "a header of five megabytes", "memory", lambda: mail(b"X-Long: " + b"x" * 5 * MB + b"\r\n"), file="header.eml"
    ),
    text_file(
        "a subject of a million pieces",
        "time",
        lambda: HEAD + b"Subject: " + b"=?utf-8?b?Rm94?=\r\n " * 200_000 + b"\r\n\r\n" + LINE,
        file="subject.eml",
    ),
    text_file(
        "a hundred thousand headers",
        "numbers",
        lambda: mail(b"Received: from x by y; z\r\n" * 100_000),
        file="received.eml",
    ),
    text_file(
        "a name of a file in ten thousand pieces",
        "time",
        lambda: mail(
            b"Content-Type: text/plain;" + b"".join(b" name*%d*=utf-8''%%41;" % n for n in range(10_000)) + b"\r\n"
        ),
        "",
        "name.eml",
    ),
    text_file(
        "a boundary of a megabyte",
        "time",
        lambda: mail(b"Content-Type: multipart/mixed; boundary=" + b"b" * 200_000 + b"\r\n", LINE),
        "",
        "boundary.eml",
    ),
    text_file(
        "a boundary of nothing",
        "time",
        lambda: mail(b'Content-Type: multipart/mixed; boundary=""\r\n', LINE + b"--\r\n" * 300_000),
        "",
        "nothing.eml",
    ),
    text_file(
        "a subject that drives a screen",
        "the terminal",
        lambda: HEAD + b"Subject: =?utf-8?q?Foxconn_=1B]0;owned=07=1B[2J=0AINFO_ready?=\r\n\r\n" + LINE,
        file="screen.eml",
    ),
    text_file(
        "a date of no time",
        "dates",
        lambda: HEAD.replace(b"Thu, 26 Nov 2026", b"Fri, 99 Foo 99999") + SUBJECT + b"\r\n" + LINE,
        file="date.eml",
    ),
    text_file(
        "a mailbox of fifty thousand mails",
        "numbers",
        lambda: mailbox(50_000),
        "more than 5000 mails",
        file="mailbox.eml",
    ),
    text_file(
        "a saved page in itself",
        "depth",
        lambda: saved(page(b"<p>" + LINE + b"</p><iframe src='cid:page'></iframe>"), page(b"<p>again</p>")),
        file="itself.mhtml",
    ),
    text_file(
        "a saved page without a page",
        "files",
        lambda: saved(b"Content-Type: image/gif\r\n\r\nGIF89a", start=b"<x>"),
        "without a page",
        "nopage.mhtml",
    ),
    text_file(
        "a saved page of ten thousand parts",
        "numbers",
        lambda: saved(page(b"<p>" + LINE + b"</p>"), *[b"Content-Type: text/html\r\n\r\n<p>x</p>"] * 10_000),
        file="parts.mht",
    ),
    text_file(
        "a saved page that fetches",
        "connections",
        lambda: saved(page(b"<base href='" + CANARY + b"/'><p>" + LINE + b"</p><img src='" + CANARY + b"/x.png'>")),
        file="fetching.mht",
    ),
    text_file("a list of forbidden addresses", "connections", outlines, file="forbidden.opml"),
    text_file(
        "a list of feeds nested deeply",
        "depth",
        lambda: b'<opml version="2.0"><body>' + b'<outline text="x">' * 30_000,
        "nested more than 50 deep",
        "deep.opml",
    ),
    text_file(
        "a list of a million feeds",
        "numbers",
        lambda: b'<opml version="2.0"><body>' + b'<outline xmlUrl="h"/>' * 700_000 + b"</body></opml>",
        "larger than 5 MB",
        "million.opml",
    ),
)
