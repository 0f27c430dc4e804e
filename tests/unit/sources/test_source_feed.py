"""Feed documents to items."""

from datetime import UTC, datetime
from io import BytesIO

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources import entries
from watchbot.sources.dates import parse_date
from watchbot.sources.feed import parse
from watchbot.sources.feed_xml import read_xml

NOW = datetime(2026, 4, 6, 10, 0, tzinfo=UTC)
URL = "https://site.example/feeds/all.xml"


def read(body: str | bytes, media_type: str = "", url: str = URL) -> CutDocument:
    data = body.encode() if isinstance(body, str) else body
    return parse(RawDocument("Wire", data, media_type, NOW, url=url))


def rss(items: str, channel: str = "<title>Wire</title>", root: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {root}><channel>{channel}{items}</channel></rss>'


ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def test_rss_2() -> None:
    found = read(
        rss(
            "<item><title>AT&amp;amp;T &lt;b&gt;buys&lt;/b&gt;</title><link>/a?x=1&amp;y=2</link>"
            '<guid isPermaLink="false">g1</guid><pubDate>Mon, 06 Apr 2026 10:00:00 +0800</pubDate>'
            "<description>Short.</description>"
            "<content:encoded><![CDATA[<p>Foxconn said.</p><script>no</script><p>More&nbsp;here.</p>]]>"
            "</content:encoded></item>",
            "<title>Wire &amp; Co</title><ttl>30</ttl><language>en-us</language>",
            CONTENT,
        )
    )
    (item,) = found.items
    assert (found.title, found.ttl) == ("Wire & Co", 1800.0)
    assert (item.id, item.title, item.url) == ("g1", "AT&T buys", "https://site.example/a?x=1&y=2")
    assert item.body == "Foxconn said.\n\nMore here."
    assert item.published == datetime(2026, 4, 6, 2, 0, tzinfo=UTC)
    assert (item.lang, item.source, item.document, item.line) == ("en-us", "Wire", "", 0)


def test_atom_1() -> None:
    found = read(
        f'<feed {ATOM} xml:lang="zh-TW" xml:base="https://other.example/b/"><title type="html">A &amp;amp; B</title>'
        '<link rel="self" href="feed"/><link href="/"/><entry><id>urn:1</id><title type="text">x &lt;b> y</title>'
        '<link rel="enclosure" href="z.mp3"/><link rel="alternate" type="text/html" href="c"/>'
        "<published>2026-04-05T23:00:00Z</published><updated>2026-04-06T01:02:03Z</updated><summary>s</summary>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>one</p><p>two</p></div></content></entry></feed>'
    )
    (item,) = found.items
    assert found.title == "A & B"
    assert (item.id, item.title, item.body) == ("urn:1", "x <b> y", "one\n\ntwo")
    assert (item.url, item.lang) == ("https://other.example/b/c", "zh-TW")
    assert item.published == datetime(2026, 4, 5, 23, 0, tzinfo=UTC)


def test_atom_0_3() -> None:
    (item,) = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><entry><title>One</title>'
        '<link rel="alternate" href="https://e.example/1"/><id>i</id><issued>2026-04-06T08:00:00+08:00</issued>'
        '<content type="text/html" mode="escaped">&lt;p&gt;Body.&lt;/p&gt;</content></entry></feed>'
    ).items
    assert (item.id, item.title, item.body, item.url) == ("i", "One", "Body.", "https://e.example/1")
    assert item.published == datetime(2026, 4, 6, 0, 0, tzinfo=UTC)


def test_rdf() -> None:
    (item,) = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>T</title></channel>'
        '<item rdf:about="https://e.example/1"><title>One</title><link>https://e.example/1</link>'
        "<description>Body.</description><dc:date>2026-04-06</dc:date></item></rdf:RDF>"
    ).items
    assert (item.id, item.title, item.body) == ("https://e.example/1", "One", "Body.")
    assert item.published == datetime(2026, 4, 6, 0, 0, tzinfo=UTC)


def test_rss_0_9x() -> None:
    (item,) = read(
        '<rss version="0.91"><channel><title>T</title><item><title>One</title><link>/1</link></item></channel></rss>'
    ).items
    assert (item.title, item.url) == ("One", "https://site.example/1")


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_json_feed(version: str) -> None:
    found = read(
        '{"version": "VERSION", "title": "J", "home_page_url": "https://e.example/", "language": "ja", "items": ['
        '{"id": 7, "title": "One", "content_html": "<p>Body</p><p>two</p>", "url": "/1",'
        ' "date_published": "2026-04-06T00:00:00Z"},'
        '{"id": "b", "content_text": "Only a text. And more.", "external_url": "https://o.example/2"}, 5, {}]}'.replace(
            "VERSION", version
        )
    )
    one, two = found.items
    assert (one.id, one.title, one.body, one.url, one.lang) == ("7", "One", "Body\n\ntwo", "https://e.example/1", "ja")
    assert (two.id, two.title, two.url) == ("b", "Only a text.", "https://o.example/2")
    assert found.skipped == ("1 entries without any text",)


def test_fall_backs_of_title_link_and_id() -> None:
    long = "word " * 60
    found = read(
        rss(
            "<item><description>First sentence. Second.</description></item>"
            f"<item><description>{long}</description></item>"
            "<item><link>https://e.example/only</link></item>"
            "<item><title>By guid</title><guid>https://e.example/guid</guid></item>"
            '<item><media:group xmlns:media="http://search.yahoo.com/mrss/"><media:title>Film</media:title></media:group></item>'
            "<item/>"
        )
    )
    first, second, third, fourth, fifth = found.items
    assert first.title == "First sentence."
    assert second.title.endswith("word…")
    assert len(second.title) <= 90
    assert (third.title, third.url) == ("https://e.example/only", "https://e.example/only")
    assert fourth.url == "https://e.example/guid"
    assert fifth.title == "Film"
    assert len({item.id for item in found.items}) == 5
    assert found.skipped == ("1 entries without any text",)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b.example"]
)
def test_links_that_are_no_pages(link: str) -> None:
    (item,) = read(rss(f"<item><title>One</title><link>{link}</link></item>")).items
    assert item.url == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("x &lt; y &amp;amp; z", "x < y & z"),
        ("List&lt;String&gt; is generic", "List<String> is generic"),
        ("&lt;i&gt;Nature&lt;/i&gt; says", "Nature says"),
        ("<![CDATA[A &amp; B]]>", "A & B"),
        (" two\n  lines ", "two lines"),
        ("&amp;#8220;x&amp;#8221;", "“x”"),
    ],
)
def test_titles(written: str, shown: str) -> None:
    (item,) = read(rss(f"<item><title>{written}</title></item>")).items
    assert item.title == shown


def test_html_escaped_twice() -> None:
    (item,) = read(
        rss(
            "<item><title>T</title><description>&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;b</description></item>"
        )
    ).items
    assert item.body == "a\n\nb"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 06 Apr 2026 10:00:00 GMT", (2026, 4, 6, 10, 0)),
        ("Mon, 06 Apr 2026 10:00:00 EST", (2026, 4, 6, 15, 0)),
        ("6 Apr 2026 10:00 +0800", (2026, 4, 6, 2, 0)),
        ("2026-04-06T10:00:00+08:00", (2026, 4, 6, 2, 0)),
        ("2026-04-06T10:00:00.123Z", (2026, 4, 6, 10, 0)),
        ("2026-04-06 10:00:00", (2026, 4, 6, 10, 0)),
        ("20260406T100000Z", (2026, 4, 6, 10, 0)),
        ("2026/04/06 10:00", (2026, 4, 6, 10, 0)),
        ("April 6, 2026 10:00 AM", (2026, 4, 6, 10, 0)),
        ("Monday, April 6, 2026 - 10:00", (2026, 4, 6, 10, 0)),
        ("2026年4月6日 10:00", (2026, 4, 6, 10, 0)),
        ("2026-04-06 10:00 JST", (2026, 4, 6, 1, 0)),
        ("Mon, 6 April 2026 10:00:00 +0000", (2026, 4, 6, 10, 0)),
    ],
)
def test_dates(text: str, moment: tuple[int, int, int, int, int]) -> None:
    found = parse_date(text, NOW)
    assert found is not None
    assert found.replace(microsecond=0) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "10:30", "0000-00-00", "2026-13-45", "x" * 500, "9999-12-31T23:59:59-12:00", "0001-01-01"]
)
def test_no_dates(text: str) -> None:
    assert parse_date(text, NOW) is None


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    parse_date(text, NOW)


@pytest.mark.parametrize(
    ("encoding", "label", "declared"),
    [
        ("big5", "", "big5"),
        ("big5", "text/xml; charset=big5", "utf-8"),
        ("gb18030", "", "gb2312"),
        ("utf-8", "text/xml; charset=iso-8859-1", "iso-8859-1"),
        ("utf-16", "", "utf-16"),
        ("big5", "", "utf-8"),
    ],
)
def test_encodings(encoding: str, label: str, declared: str) -> None:
    body = (
        f'<?xml version="1.0" encoding="{declared}"?>'
        + rss(
            "<item><title>鴻海今天宣布將在德州投資興建工廠</title><description>台電表示，四月起電價調漲。</description></item>"
        ).partition("?>")[2]
    )
    (item,) = read(body.encode(encoding), label).items
    assert item.title == "鴻海今天宣布將在德州投資興建工廠"


BROKEN = [
    rss("<item><title>One & two</title></item>"),
    rss("<item><title>One &nbsp; two</title></item>"),
    rss("<item><title>One</title></item>").replace("</channel></rss>", ""),
    rss("<item><title>One\x0b two</title></item>"),
    rss("<item><title>One</title><description><p>a<br>b</description></item>"),
    "\n\n junk before " + rss("<item><title>One</title></item>"),
    '<!DOCTYPE rss PUBLIC "-//Netscape//DTD" "http://e.example/x.dtd">'
    + rss("<item><title>One</title></item>").partition("?>")[2],
    rss("<item><title>One</title></item>").replace("2.0", '2.0" xmlns:x="a" x:y="1'),
    '<?xml version="1.0" encoding="punycode"?>' + rss("<item><title>One &#xD800;</title></item>").partition("?>")[2],
    "<RSS><CHANNEL><ITEM><TITLE>One</TITLE></ITEM></CHANNEL></RSS>",
]


@pytest.mark.parametrize("body", BROKEN)
def test_broken_feeds_are_read_all_the_same(body: str) -> None:
    (item,) = read(body).items
    assert item.title.startswith("One")


def test_a_document_type_brings_nothing_in() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<!DOCTYPE rss [<!ENTITY a0 "aaaaaaaaaa">{bomb}<!-- ]> -->]>'
        + rss("<item><title>One &a11;</title></item>").partition("?>")[2]
    )
    (item,) = read(body).items
    assert len(item.title) < 100
    outside = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + rss("<item><title>One &x;</title></item>").partition("?>")[2]
    )
    assert "root" not in read(outside).items[0].title


@pytest.mark.parametrize(
    "body",
    ["", "   ", "hello", "<html><body>x</body></html>", "<!doctype html><title>x</title>", "{}", "[1]", "{",
     '{"items": 5}', "<x/>", "<opml/>", b"\x00" * 50, b"\xff\xfe", b"PK\x03\x04", "<" * 1000, "&" * 1000,
     '{"items": [], "version": 1}'],
)  # fmt: skip
def test_what_is_no_feed(body: str | bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(body)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 120


def test_an_empty_feed_is_a_feed() -> None:
    found = read(rss("", "<title>Quiet</title>"))
    assert (found.title, found.items) == ("Quiet", ())


def test_caps() -> None:
    many = rss("<item><title>T</title></item>" * 5 + "".join(f"<item><title>T{n}</title></item>" for n in range(1100)))
    found = read(many)
    assert len(found.items) == 996
    assert found.skipped == ("105 entries after the first 1000", "4 entries that repeat the id of another")
    (item,) = read(rss(f"<item><title>{'t' * 5000}</title><description>{'d' * 50_000}</description></item>")).items
    assert (len(item.title), len(item.body)) == (entries.LONGEST_TITLE, entries.LONGEST_BODY)
    with pytest.raises(InputError, match="larger than"):
        read(b" " * (10 * 1024 * 1024 + 1))


WELL_FORMED = st.lists(
    st.tuples(
        st.sampled_from(["", "One", "T &amp; U", "鴻海", "<![CDATA[<b>x</b>]]>"]),
        st.sampled_from(["", "Text.", "&lt;p&gt;a&lt;/p&gt;", "<![CDATA[<p>a</p>]]>"]),
        st.sampled_from(["", "<link>https://e.example/1</link>", "<guid>g</guid>", "<category>c</category>"]),
    ),
    min_size=1,
    max_size=6,
)


@given(WELL_FORMED)
def test_the_fast_way_finds_as_many_entries_as_feedparser(made: list[tuple[str, str, str]]) -> None:
    items = "".join(
        f"<item><title>{title}</title><description>{text}</description>{more}</item>" for title, text, more in made
    )
    body = rss(items).encode()
    fast = read_xml(body, URL)
    assert fast is not None
    patient = feedparser.parse(BytesIO(body), sanitize_html=False)
    assert fast.total == len(fast.entries) == len(patient.entries)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_an_input_error(body: bytes) -> None:
    try:
        read(body)
    except InputError:
        pass


PIECES = ["<rss>", "<channel>", "<item>", "</item>", "<title>", "x", "&", "<![CDATA[", "]]>", "<!DOCTYPE a [", "]>",
          '"', "'", "<!--", "-->", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<link href='", "/>",
          "&#xD800;", "\x00", "<?xml ", "?>"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_pieces_of_a_feed_too(pieces: list[str]) -> None:
    try:
        read("".join(pieces))
    except InputError:
        pass
