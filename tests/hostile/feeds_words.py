"""Hostile feeds that attack by what their entries say: texts, links, ids, dates, HTML and encodings."""

import base64
import codecs
import zlib

from tests.hostile.case import CANARY, GOOD, Document, item, rss

MB = 1024 * 1024
LINKS = (
    b"javascript:alert(1)",
    b"JaVaScRiPt:alert(1)",
    b"java&#10;script:alert(1)",
    b"data:text/html,<b>x",
    b"vbscript:x",
    b"file:///etc/passwd",
    b"file://host/share",
    b"\\\\host\\share",
    b"//\x00",
    b"tg://resolve?domain=x",
    b"about:blank",
    b"http://",
    b"http://[::1",
    b"http://h:99999/",
    b"https://user:word@news.example/x",
    b"http://" + b"a" * 100_000,
    b'http://news.example/"onmouseover="alert(1)',
    b"http://news.example/&#27;[2J",
    b"http://\xe2\x80\xae.example/x",
)
DATES = (
    b"1 " * 200_000,
    b"99999-01-01T00:00:00Z",
    b"-1-01-01T00:00:00Z",
    b"0000-00-00",
    b"1e400",
    b"9" * 4000,
    b"Thu, 32 Foo 2026 99:99:99 +9999",
    b"2026-11-26T08:00:00+99:99",
    b"Mon" * 100,
    b"10:10:10 " * 40,
    b"::::::::::",
    b"Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu Thu",
    b"20261126" * 14,
    b"nan",
    b"inf",
    b"\xe6\xb0\x91\xe5\x9c\x8b 9999 \xe5\xb9\xb4 1 \xe6\x9c\x88 1 \xe6\x97\xa5",
    b"1/1/1/1/1/1/1/1",
    b"-" * 119,
    b"Nov" + b" " * 100 + b"5 2026",
    b"9999999999999",
    b"-62135596801",
    b"5 de de de de de de Nov 2026",
    b"\x1d" * 50,
)
SCREEN = (
    b"&#27;]0;owned&#7;",
    b"&#27;[2J&#27;[1;1H",
    b"&#155;31m",
    b"\x1b[31mred",
    b"&lt;b&gt;bold&lt;/b&gt;",
    b"a&#13;b",
    b"&lt;a href=&quot;tg://user?id=1&quot;&gt;x&lt;/a&gt;",
    b"*bold* _it_ `code` [x](http://x.example)",
    b"&#8;&#8;&#8;",
    b"line one&#10;line two&#13;&#10;line three&#8232;line four&#8233;line five&#133;line six",
    b"&#127;",
    b"&#8238;txt.exe",
    b"Wire: &lt;script&gt;alert(1)&lt;/script&gt;",
    b"%s %d %(name)s {0} {x.__class__} ${HOME} $(reboot)",
    b"[/bold][link=x]",
    b"&lt;tg-spoiler&gt;x",
    b"&lt;/code&gt;&lt;/pre&gt;&lt;/b&gt;",
    b"&#0;nul",
    b"INFO watchbot ready: all is well",
)


def described(html: bytes) -> bytes:
    """A feed whose entry has this as its description, in a CDATA section."""
    return rss(item(b"<description><![CDATA[" + html + b"]]></description>", id=b"words"), GOOD)


def many(pieces: tuple[bytes, ...], template: bytes) -> bytes:
    """One entry for each piece, beside the good one."""
    entries = (item(template % piece, title=b"Case %d" % n, id=b"case-%d" % n) for n, piece in enumerate(pieces))
    return rss(GOOD, *entries)


def titles() -> bytes:
    """Headlines that want to drive the terminal, the chat or the log."""
    return rss(GOOD, *(item(title=b"Foxconn " + one, id=b"t%d" % n) for n, one in enumerate(SCREEN)))


def declared(name: bytes, body: bytes = b"") -> bytes:
    """A feed that calls its encoding by this name."""
    return b'<?xml version="1.0" encoding="' + name + b'"?>' + (body or rss(GOOD, declaration=b""))


def packed(levels: int) -> bytes:
    """Base64 of a large text, again and again, as Atom 0.3 allows."""
    data = b"<b>" + b"x" * 4 * MB
    for _level in range(levels):
        data = base64.b64encode(data)
    entry = b"<entry><title>Packed</title><content type='text/html' mode='base64'>" + data + b"</content></entry>"
    return b"<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>Wire</title>" + entry + b"</feed>"


def compressed() -> bytes:
    """A feed that calls its encoding `zip` and is: a codec that Python knows."""
    return declared(b"zip") + zlib.compress(b"x" * 20 * MB, 9)


def mixed_marks() -> bytes:
    """A byte order mark of every kind, one behind the other."""
    return codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + codecs.BOM_UTF16_BE + codecs.BOM_UTF32_LE + rss(GOOD)


def broken_wide() -> bytes:
    """UTF-16 that ends within a pair of surrogates, with lone ones before."""
    return codecs.BOM_UTF16_LE + rss(GOOD).decode().encode("utf-16-le") + b"\x00\xd8\x00\xd8\x00\xdc\x01"


def colliding() -> bytes:
    """Five hundred entries with one id, one address, and five hundred headlines."""
    return rss(GOOD, *(item(title=b"Story number %d" % n, id=b"same") for n in range(500)))


def as_others() -> bytes:
    """A feed that calls itself as other sources are called."""
    return rss(GOOD).replace(b"<title>Wire</title>", b"<title>Good 1\nInbox&#10;Good 2 &lt;b&gt;</title>")


WORDS = (
    Document("a title of nine megabytes", "memory", lambda: rss(item(title=b"x" * 9 * MB, id=b"long"), GOOD)),
    Document("a title of a million words", "time", lambda: rss(item(title=b"Foxconn " * MB, id=b"w"), GOOD)),
    Document("nine megabytes in a section", "memory", lambda: described(b"x" * 9 * MB)),
    Document("nine megabytes of Chinese without an end", "time", lambda: described("台積電".encode() * MB)),
    Document("titles that drive a screen", "the terminal", titles),
    Document("a feed that is called like others", "names", as_others),
    Document(
        "a floods of marks nobody sees",
        "the reader",
        lambda: rss(GOOD, item(title="\u200b\u202e\u2066\ufeff\u00ad".encode() * 50_000 + b"Taipower", id=b"z")),
    ),
    Document(
        "a hundred thousand accents on one letter",
        "the reader",
        lambda: rss(GOOD, item(title=b"Z" + "\u0301\u0316".encode() * 50_000 + b"algo", id=b"z")),
    ),
    Document("ligatures that grow eighteenfold", "memory", lambda: described("\ufdfa".encode() * 200_000)),
    Document(
        "links that are none",
        "addresses",
        lambda: many(LINKS, b"<source url='%s'/>").replace(b"<source url='", b"<link>").replace(b"'/>", b"</link>"),
    ),
    Document(
        "links in Atom that are none",
        "addresses",
        lambda: many(LINKS, b"<a:link xmlns:a='http://www.w3.org/2005/Atom' href='%s'/>"),
        "a tag in it is far too long",
    ),
    Document("ids of a megabyte", "memory", lambda: rss(GOOD, *(item(id=b"%d" % n + b"i" * MB) for n in range(4)))),
    Document("one id for five hundred stories", "ids", colliding),
    Document(
        "ids that drive a screen",
        "the terminal",
        lambda: many(SCREEN, b"<dc:identifier xmlns:dc='http://purl.org/dc/elements/1.1/'>%s</dc:identifier>"),
    ),
    Document("dates that are none", "dates", lambda: many(DATES, b"<pubDate>%s</pubDate>")),
    Document(
        "dates by Dublin core",
        "dates",
        lambda: many(DATES, b"<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>%s</dc:date>"),
    ),
    Document(
        "a thousand entries with slow dates",
        "dates",
        lambda: rss(
            GOOD,
            *(
                item(b"<pubDate>%s %d 2026 Foo %s</pubDate>" % (b"Thu " * 8, n % 31, b"12:" * 20), id=b"d%d" % n)
                for n in range(1000)
            ),
        ),
    ),
    Document(
        "wishes beyond reason",
        "manners",
        lambda: rss(
            b"<ttl>" + b"9" * 300 + b"</ttl><skipHours>" + b"<hour>-5</hour><hour>1e9</hour>" * 500 + b"</skipHours>"
            b"<skipDays><day>Someday</day></skipDays>",
            GOOD,
        ),
    ),
    Document(
        "a feed that sleeps always",
        "manners",
        lambda: rss(b"<skipHours>" + b"".join(b"<hour>%d</hour>" % n for n in range(25)) + b"</skipHours>", GOOD),
    ),
    Document("HTML nested deeply", "HTML", lambda: described(b"<div>" * 80_000 + b"x")),
    Document("tables nested deeply", "HTML", lambda: described(b"<table><tr><td>" * 30_000 + b"x")),
    Document("lists with open links", "HTML", lambda: described(b"<li><a href=http://x.example/>" * 12_000)),
    Document("five megabytes of half a tag", "HTML", lambda: described(b"<a " * (5 * MB // 3))),
    Document("half a comment again and again", "HTML", lambda: described(b"<!--" * MB)),
    Document("five megabytes of one reference", "HTML", lambda: described(b"&amp;" * MB)),
    Document("references of references", "HTML", lambda: described(b"&amp;" + b"amp;" * 90_000 + b"lt;b&gt;")),
    Document("attributes with open quotes", "HTML", lambda: described(b"<p title=\"x' " * 40_000)),
    Document("an attribute of equal signs", "HTML", lambda: described(b"<p " + b"=" * 300_000 + b">x</p>")),
    Document(
        "scripts, styles and frames",
        "HTML",
        lambda: described(
            b"<script>while(1);</script><style>@import '" + CANARY + b"/x.css';</style><iframe srcdoc='<script>x'>"
            b"</iframe><img src='" + CANARY + b"/pixel.gif'><link rel=stylesheet href='" + CANARY + b"/y.css'>"
            b"<base href='" + CANARY + b"/'><meta http-equiv=refresh content='0;" + CANARY + b"'>Power is back"
        ),
    ),
    Document("scripts that are never closed", "HTML", lambda: described(b"<script>" * 50_000 + b"x")),
    Document("a script's end that never comes", "HTML", lambda: described(b"<title>" + b"</titl" * 60_000)),
    Document("line breaks", "HTML", lambda: described(b"<br>" * 90_000 + b"x")),
    Document("blank lines", "HTML", lambda: described(b"<p>\n \n\t\n</p>" * 30_000 + b"x")),
    Document("white space between nothing", "time", lambda: rss(item(title=b" \t\n" * 2 * MB + b"x", id=b"s"), GOOD)),
    Document("Base64 of Base64", "memory", lambda: packed(1), ""),
    Document("Base64 three times", "memory", lambda: packed(3), ""),
    Document("an encoding that Python calls punycode", "encodings", lambda: declared(b"punycode")),
    Document("an encoding that Python calls hex", "encodings", lambda: declared(b"hex")),
    Document("an encoding that Python calls idna", "encodings", lambda: declared(b"idna")),
    Document("an encoding that unpacks", "encodings", compressed),
    Document(
        "an encoding with escapes",
        "encodings",
        lambda: declared(b"unicode_escape", rss(item(title=b"\\x1b[31m Foxconn", id=b"e"), GOOD)),
    ),
    Document("UTF-7", "encodings", lambda: declared(b"utf-7", rss(item(title=b"+ADw-script+AD4-", id=b"7"), GOOD))),
    Document("an encoding with a name of four megabytes", "encodings", lambda: declared(b"x" * 4 * MB)),
    Document(
        "EBCDIC",
        "encodings",
        lambda: declared(b"cp037", rss(GOOD, declaration=b"")).decode().encode("cp037"),
        "this is no feed",
    ),
    Document("all byte order marks", "encodings", mixed_marks),
    Document("UTF-16 that breaks off", "encodings", broken_wide),
    Document(
        "UTF-8 that is none",
        "encodings",
        lambda: rss(GOOD, item(title=b"\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80\xff\xfe" * 1000, id=b"u")),
    ),
    Document("nothing but zeros", "encodings", lambda: bytes(3 * MB), "the feed is empty"),
    Document("zeros between the letters", "encodings", lambda: rss(GOOD).replace(b"e", b"e\0\0\0")),
    Document("every escape of ISO-2022", "encodings", lambda: b"\x1b$B\x1b(B\x1b$)C\x1b(J" * 100_000 + rss(GOOD)),
    Document(
        "references to surrogates",
        "encodings",
        lambda: rss(GOOD, item(title=b"Taipower &#xD800;&#xDFFF;&#x110000;&#99999999999; rates", id=b"r")),
    ),
    Document("random bytes", "encodings", lambda: zlib.compress(rss(*[GOOD] * 3)) * 3000, "this is no feed"),
    Document(
        "a web page of nine megabytes",
        "time",
        lambda: b"<!doctype html><html><body>" + b"<p>no feed here</p>" * 450_000,
        "web page",
    ),
    Document(
        "a feed escaped in a feed escaped in a feed",
        "depth",
        lambda: rss(GOOD).replace(b"<", b"&amp;amp;amp;amp;amp;amp;lt;").replace(b">", b"&amp;amp;amp;amp;amp;amp;gt;"),
        "this is no feed",
    ),
    Document(
        "an escaped feed that grows", "memory", lambda: b"<pre>&lt;rss>" + b"&lt;item/>" * 800_000, "this is no feed"
    ),
)
