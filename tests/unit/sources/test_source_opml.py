"""Lists of feeds: what readers export, what is broken in them, what is hostile, and that nothing is lost on the way."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.model.errors import InputError
from watchbot.sources.opml import DEEPEST, LARGEST, MOST_OUTLINES, Outline, read_list, read_opml, write_opml


def opml(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head>{head}</head><body>{body}</body></opml>'.encode()


def test_folders_in_folders() -> None:
    found = read_list(
        opml(
            '<outline text="Asia"><outline text="Taiwan"><outline type="rss" text="中央社" xmlUrl="https://cna.example/rss"'
            ' htmlUrl="https://cna.example/" description="News &amp; more"/></outline>'
            '<outline type="rss" text="Nikkei" xmlUrl="https://nikkei.example/rss"/></outline>'
            '<outline type="atom" text="Loose" xmlUrl="https://loose.example/atom"/>',
            "<title>My feeds</title><ownerName>x</ownerName>",
        )
    )
    assert found.title == "My feeds"
    assert found.refused == ()
    assert found.outlines == (
        Outline("中央社", "https://cna.example/rss", "https://cna.example/", "Asia/Taiwan", "News & more"),
        Outline("Nikkei", "https://nikkei.example/rss", "", "Asia"),
        Outline("Loose", "https://loose.example/atom"),
    )


@pytest.mark.parametrize(
    ("attributes", "wanted"),
    [
        ('text="A" xmlUrl="https://e.x/1"', ("A", "https://e.x/1")),
        ('title="B" xmlurl="https://e.x/2"', ("B", "https://e.x/2")),
        ('TEXT="C" XMLURL="https://e.x/3"', ("C", "https://e.x/3")),
        ('text="D" title="not D" xmlURL=" https://e.x/4 "', ("D", "https://e.x/4")),
        ('text="E" type="rss" url="https://e.x/5"', ("E", "https://e.x/5")),
        ('text="F" url="https://e.x/6"', ("F", "https://e.x/6")),
        ('text="" title="G" xmlUrl="https://e.x/7"', ("G", "https://e.x/7")),
        ('text="https://e.x/8" xmlUrl="https://e.x/8"', ("", "https://e.x/8")),
        ('xmlUrl="https://e.x/9"', ("", "https://e.x/9")),
        ('text="H" xmlUrl="feed://e.x/10"', ("H", "http://e.x/10")),
        ('text="I" xmlUrl="feed:https://e.x/11"', ("I", "https://e.x/11")),
        ('text="J&#10;  K" xmlUrl="https://e.x/12?a=1&amp;b=2"', ("J K", "https://e.x/12?a=1&b=2")),
    ],
)
def test_spellings(attributes: str, wanted: tuple[str, str]) -> None:
    (outline,) = read_opml(opml(f"<outline {attributes}/>"))
    assert (outline.title, outline.xml_url) == wanted


@pytest.mark.parametrize(
    "outline",
    [
        '<outline text="A page" type="link" url="https://e.x/page"/>',
        '<outline text="Another list" type="include" url="https://e.x/more.opml"/>',
        '<outline text="An empty folder"/>',
        '<outline text="No address" xmlUrl=""/>',
        '<outline text="Only a page" htmlUrl="https://e.x/"/>',
    ],
)
def test_what_is_no_feed(outline: str) -> None:
    assert read_opml(opml(outline)) == ()


def test_a_feed_that_stands_twice_counts_once() -> None:
    one = '<outline text="{}" xmlUrl="https://e.x/{}"/>'
    body = f'<outline text="X">{one.format("A", 1)}</outline>{one.format("Again", 1)}{one.format("B", 2)}'
    assert [(found.title, found.folder) for found in read_opml(opml(body))] == [("A", "X"), ("B", "")]


def test_feeds_below_a_feed_lie_in_its_folder() -> None:
    body = (
        '<outline text="F"><outline text="A" xmlUrl="https://e.x/a"><outline text="B" xmlUrl="https://e.x/b"/>'
        "</outline></outline>"
    )
    assert [(found.title, found.folder) for found in read_opml(opml(body))] == [("A", "F"), ("B", "F")]


@pytest.mark.parametrize(
    "body",
    [
        b'<opml><body><outline text="R&D" xmlUrl="https://e.x/f?a=1&b=2"/></body></opml>',
        b'<opml><body><outline text="R&D" xmlUrl="https://e.x/f?a=1&b=2">',
        b'\xef\xbb\xbf\n<opml><body><outline text="R&amp;D" xmlUrl="https://e.x/f?a=1&amp;b=2"/></body></opml>\x00trailing',
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE opml SYSTEM "http://127.0.0.1:1/opml.dtd">\n'
        b'<opml><body><outline text="R&amp;D" xmlUrl="https://e.x/f?a=1&amp;b=2"></outline></body></opml>',
        b'<OPML><BODY><OUTLINE text="R&amp;D" xmlUrl="https://e.x/f?a=1&amp;b=2"/></BODY></OPML>',
        b'<o:opml xmlns:o="urn:x"><o:body><o:outline o:text="R&amp;D" x:xmlUrl="https://e.x/f?a=1&amp;b=2"/></o:body></o:opml>',
    ],
    ids=["bare ampersands", "unclosed", "BOM and trailing bytes", "doctype", "capitals", "namespaces"],
)
def test_broken_lists_are_read_as_far_as_they_go(body: bytes) -> None:
    (outline,) = read_opml(body)
    assert (outline.title, outline.xml_url) == ("R&D", "https://e.x/f?a=1&b=2")


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("big5", "Big5"),
        ("gb18030", "GB2312"),
        ("utf-16", "UTF-16"),
        ("utf-8", "iso-8859-1"),
        ("shift_jis", "Shift_JIS"),
    ],
)
def test_encodings(encoding: str, label: str) -> None:
    name = "経済産業" if encoding == "shift_jis" else "經濟部新聞" if encoding != "gb18030" else "经济部新闻"
    text = f'<?xml version="1.0" encoding="{label}"?><opml><body><outline text="{name}" xmlUrl="https://e.x/"/></body></opml>'
    assert read_opml(text.encode(encoding))[0].title == name


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("javascript:alert(1)", "not javascript:"),
        ("file:///etc/passwd", "not file:"),
        ("ftp://e.x/feed", "not ftp:"),
        ("data:text/xml,&lt;rss/&gt;", "not data:"),
        ("//e.x/feed", "only http and https"),
        ("e.x/feed", "only http and https"),
        ("https://", "names no host"),
        ("https://e.x:99999/", "no address"),
        ("https://e.x/a b", "holds spaces"),
        ("https://e.x/" + "a" * 9000, "too long"),
    ],
)
def test_addresses_that_nobody_should_ask_are_refused_by_name(address: str, says: str) -> None:
    good = '<outline text="Good" xmlUrl="https://good.example/"/>'
    found = read_list(opml(f'<outline text="Evil twin" xmlUrl="{address}"/>{good}'))
    assert [outline.title for outline in found.outlines] == ["Good"]
    (refused,) = found.refused
    assert refused.startswith("Evil twin: ")
    assert says in refused
    assert "\n" not in refused
    assert len(refused) < 200


def test_a_page_that_is_no_web_address_is_left_out() -> None:
    (outline,) = read_opml(opml('<outline text="A" xmlUrl="https://e.x/" htmlUrl="javascript:alert(1)"/>'))
    assert outline.html_url == ""


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    '<opml><body><outline text="x&j;&f;y" xmlUrl="https://e.x/"/></body></opml>'
)


def test_entities_are_never_expanded() -> None:
    (outline,) = read_opml(BOMB.encode())
    assert len(outline.title) < 20
    assert "root" not in outline.title


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"Wire: https://e.x/rss", "no list of feeds"),
        (b'{"feeds": ["https://e.x/rss"]}', "no list of feeds"),
        (b"<rss version='2.0'><channel><title>W</title></channel></rss>", "no list of feeds"),
        (b"<html><body><outline xmlUrl='https://e.x/'/></body></html>", "no list of feeds"),
        (bytes(range(256)) * 40, "no list of feeds"),
        (b"<opml>" + b" " * LARGEST, "larger than 5 MB"),
        (opml("<outline>" * (DEEPEST + 1) + "</outline>" * (DEEPEST + 1)), f"more than {DEEPEST} deep"),
        (opml('<outline text="f">' * 30_000), "more than 20000 outlines|deep"),
        (opml("<outline/>" * (MOST_OUTLINES + 1)), "more than 20000 outlines"),
        (opml("<a/>" * (4 * MOST_OUTLINES + 1)), "more than 20000 outlines"),
    ],
    ids=[
        "nothing", "blanks", "text", "json", "rss", "page", "bytes", "large", "deep", "very deep", "many", "other tags",
    ],
)  # fmt: skip
def test_what_is_no_list_is_one_line(body: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_opml(body)
    assert "\n" not in str(caught.value)


def test_as_many_and_as_deep_as_allowed() -> None:
    many = "".join(f'<outline xmlUrl="https://e.x/{number}"/>' for number in range(MOST_OUTLINES))
    assert len(read_opml(opml(many))) == MOST_OUTLINES
    (deep,) = read_opml(opml('<outline text="f">' * 48 + '<outline xmlUrl="https://e.x/"/>' + "</outline>" * 48))
    assert deep.folder.count("/") == 47


def test_huge_attributes_are_cut() -> None:
    body = f'<outline text="{"長" * 100_000}" description="{"d" * 1_000_000}" xmlUrl="https://e.x/"/>'
    (outline,) = read_opml(opml(f"<outline {' '.join(f'a{n}={chr(34)}1{chr(34)}' for n in range(100_000))}/>{body}"))
    assert len(outline.title) == 300
    assert len(outline.description) == 300


def test_what_is_written_reads_as_opml() -> None:
    text = write_opml(
        (
            Outline('A "quoted" <name> & more', "https://e.x/?a=1&b=2", "https://e.x/", "科技/Chips", "So & so"),
            Outline("", "https://e.x/untitled"),
            Outline("In the same folder", "https://e.x/3", folder="科技/Chips"),
        ),
        "Mine & yours",
    )
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">')
    assert text.count('<outline text="科技">') == 1
    assert text.count('<outline text="Chips">') == 1
    assert 'text="https://e.x/untitled"' in text  # OPML wants a text
    assert read_list(text.encode()).title == "Mine & yours"


WORDS = st.text(max_size=40)
ADDRESSES = st.text(min_size=1, max_size=40).map(lambda text: f"https://e.x/{quote(text, safe='?&=')}")
OUTLINES = st.lists(
    st.builds(Outline, WORDS, ADDRESSES, st.just("") | ADDRESSES, st.lists(WORDS, max_size=40).map("/".join), WORDS),
    max_size=12,
    unique_by=lambda outline: outline.xml_url,
)


@given(OUTLINES)
def test_nothing_is_lost_between_writing_and_reading(outlines: list[Outline]) -> None:
    once = read_opml(write_opml(outlines, "t").encode())
    assert {outline.xml_url for outline in once} == {outline.xml_url for outline in outlines}
    assert sorted(map(repr, read_opml(write_opml(once, "t").encode()))) == sorted(map(repr, once))
    titles = {one.xml_url: one.title for one in once}
    for outline in outlines:
        if outline.title.isalnum() and outline.title.isascii():
            assert titles[outline.xml_url] == outline.title


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda body: b"<opml><body><outline " + body))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    try:
        found = read_opml(body)
    except InputError as error:
        said = str(error)
    else:
        said = ""
        assert all(outline.xml_url.lower().startswith(("http://", "https://")) for outline in found)
    assert "\n" not in said
