"""The parts of feed reading: wishes, mending, dates and their words, large documents, shared ids, quick HTML."""

import json
from datetime import UTC, datetime

import pytest

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources import date_words, feed_xml
from watchbot.sources.charset import decode
from watchbot.sources.date_words import MONTHS, ZONES
from watchbot.sources.dates import parse_date
from watchbot.sources.feed import parse
from watchbot.sources.feed_patient import read_patiently
from watchbot.sources.feed_wishes import wishes, wishes_in
from watchbot.sources.feed_xml import read_xml
from watchbot.sources.mending import LONGEST_RUN, core, entry_tags, mended, shortened, unwrapped
from watchbot.sources.quick_html import quick_text

NOW = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)
URL = "https://site.example/feed.xml"


def read(body: bytes | str, media_type: str = "") -> CutDocument:
    data = body.encode() if isinstance(body, str) else body
    return parse(RawDocument("Wire", data, media_type, NOW, url=URL))


def rss(items: str, head: str = "<title>Wire</title>") -> str:
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'


@pytest.mark.parametrize(
    ("minutes", "period", "frequency", "seconds"),
    [
        ("60", "", "", 3600.0),
        ("", "hourly", "4", 900.0),
        ("30", "daily", "2", 43200.0),
        ("600", "hourly", "1", 36000.0),
        ("99999", "", "", 86400.0),
        ("-5", "never", "x", 0.0),
        ("1e9", "", "", 0.0),
        ("", "weekly", "0", 86400.0),
    ],
)
def test_ttl_is_the_longer_wish_of_a_day_at_most(minutes: str, period: str, frequency: str, seconds: float) -> None:
    assert wishes(minutes, period, frequency, (), ()).ttl == seconds


def test_hours_and_days() -> None:
    found = wishes("", "", "", ["0", "24", "7", " 23 ", "25", "-1", "x", ""], ["Monday", "SUNDAY", "Someday"])
    assert (found.hours, found.days) == ({0, 7, 23}, {0, 6})


def test_wishes_are_the_feeds_and_not_an_entrys() -> None:
    head = "<ttl>15</ttl><skipDays><day>Friday</day></skipDays>"
    assert wishes_in(rss("<item><ttl>600</ttl><day>Monday</day></item>", head)) == wishes("15", "", "", (), ["Friday"])


@pytest.mark.parametrize("breaks", ["", "<x>"])
def test_both_ways_of_reading_tell_the_wishes(breaks: str) -> None:
    head = (
        "<title>Wire</title><ttl>45</ttl><skipHours><hour>24</hour><hour>3</hour></skipHours>"
        "<skipDays><day>Saturday</day></skipDays>"
    )
    found = read(rss(f"<item><title>One</title></item>{breaks}", head))
    assert (found.ttl, found.skip_hours, found.skip_days) == (2700.0, {0, 3}, {5})


def test_mending() -> None:
    broken = "<item><title>A & B &nbsp;C &amp; D &#xD800;&#0;&Foo; &#146;</title><![CDATA[& &nbsp;]]>\x0b<p>"
    assert mended(broken) == (
        "<item><title>A &amp; B &#160;C &amp; D &amp;Foo; ’</title><![CDATA[& &nbsp;]]><p></item>"
    )
    assert mended("<rss><item><title><![CDATA[x") == "<rss><item><title><![CDATA[x]]></title></item></rss>"
    assert mended("<rss><item><titl") == "<rss><item></item></rss>"
    assert mended("<rss><a><b></a></rss>") == "<rss><a><b></a></rss>"


def test_the_core_of_a_document() -> None:
    assert core("warning <b>x</b> <rss><channel/></rss> tail") == "<rss><channel/></rss>"
    assert core("<?xml?><feed a='b'><entry/>") == "<feed a='b'><entry/>"
    assert core("<html><body>none</body></html>") == ""
    assert unwrapped("<pre>&lt;rss&gt;&lt;channel/&gt;&lt;/rss&gt;</pre>") == "<rss><channel/></rss>"
    assert unwrapped("<pre>&lt;b&gt;</pre>") == ""
    assert entry_tags("<item><item /><items><entry\n><![CDATA[<item>]]>") == 3


def test_no_run_of_text_is_read_to_its_end() -> None:
    assert shortened("<a>" + "x" * (LONGEST_RUN + 5) + "</a>y") == "<a>" + "x" * (LONGEST_RUN - 2) + "</a>y"


def test_a_month_has_one_number() -> None:
    assert set(MONTHS.values()) == set(range(1, 13))
    words = date_words._MONTHS.split()
    assert len(words) > 200
    assert all(MONTHS[word] == number for number, names in enumerate(date_words._MONTHS.split("\n\n"), start=1)
               for word in names.split())  # fmt: skip
    assert [MONTHS[name] for name in ("mai", "déc", "ноября", "ağustos", "listopada", "märz")] == [5, 12, 11, 8, 11, 3]
    assert ZONES["IST"] == 19800


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 05 Nov 2026 24:00:00 GMT", (2026, 11, 6, 0, 0)),
        ("民國115年11月5日 17:30", (2026, 11, 5, 9, 30)),
        ("115-11-05", (2026, 11, 4, 16, 0)),
        ("令和8年11月5日 9:30", (2026, 11, 5, 9, 30)),
        ("1793836800", (2026, 11, 5, 0, 0)),
        ("1793836800123", (2026, 11, 5, 0, 0)),
        ("5 de noviembre de 2026 10:00", (2026, 11, 5, 10, 0)),
        ("jeudi 5 novembre 2026 à 10:00", (2026, 11, 5, 10, 0)),
        ("05/11/2026 10:00", (2026, 5, 11, 10, 0)),
        ("05.11.2026, 10:00 Uhr", (2026, 11, 5, 10, 0)),
        ("5 ноября 2026 г. 10:00", (2026, 11, 5, 10, 0)),
        ("2026年11月5日(木)10時", (2026, 11, 5, 10, 0)),
    ],
)
def test_dates_of_the_world(text: str, moment: tuple[int, int, int, int, int]) -> None:
    found = parse_date(text, NOW)
    assert found is not None
    assert found.replace(microsecond=0) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["Thu, 31 Feb 2026 10:00:00 GMT", "2026/13/45", "115/13/05", "31/31/2026", "Mon, 01 Jan 0001", "12345678901"],
)
def test_impossible_numbers_are_no_date(text: str) -> None:
    assert parse_date(text, NOW) is None


def test_a_large_feed_keeps_its_first_entries_and_counts_the_rest() -> None:
    items = "".join(f"<item><guid>{n}</guid><title>T{n}</title></item>" for n in range(30_000))
    body = rss(items).encode()
    assert len(body) > feed_xml.LARGE
    fast = read_xml(body, URL)
    assert fast is not None
    assert (len(fast.entries), fast.total) == (1000, 30_000)
    assert [fast.entries[0].title, fast.entries[-1].title] == ["T0", "T999"]
    for text in (body, body[:-20] + b"<x>"):
        found = read(text)
        assert len(found.items) == 1000
        assert found.skipped == ("29000 entries after the first 1000",)


def test_a_large_feed_with_endless_elements_is_not_read_the_fast_way() -> None:
    assert read_xml(rss("<item><title>T</title></item>" + "<a/>" * 300_000).encode(), URL) is None
    tag = "<item " + " ".join(f"a{n}='1'" for n in range(100_000)) + "><title>T</title></item>"
    assert read_xml(rss(tag).encode(), URL) is None


def test_feedparser_gets_no_more_tags_than_it_can_take() -> None:
    items = "".join(f"<item><title>T{n}</title><b><i>x</b></item>" + "<u>y</u>" * 400 for n in range(400))
    found = read_patiently(rss(items), URL)
    assert found is not None
    assert 200 < len(found.entries) < 400
    assert found.total == 400


def test_json_of_nothing_but_brackets() -> None:
    with pytest.raises(InputError, match="far too many brackets"):
        read('{"version": "https://jsonfeed.org/version/1", "items": [' + "[]," * 600_000 + "1]}")


def test_an_id_that_stands_on_different_entries_is_nobodys() -> None:
    def item(guid: str, link: str, title: str) -> str:
        return f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid></item>"

    found = read(
        rss(item("x", "/1", "One") + item("x", "/2", "Two") + item("y", "/3", "Three") + item("y", "/3", "3!"))
    )
    assert [(one.title, one.id == "y") for one in found.items] == [("One", False), ("Two", False), ("Three", True)]
    assert found.skipped == ("1 entries that repeat the id of another",)
    again = read(rss(item("x", "/2", "Two") + item("x", "/1", "One")))
    assert {one.title: one.id for one in again.items} == {one.title: one.id for one in found.items[:2]}


def test_entries_without_ids_on_one_link_are_told_apart_by_their_headline() -> None:
    found = read(rss("".join(f"<item><title>{name}</title><link>/</link></item>" for name in ("One", "Two", "One"))))
    assert [one.title for one in found.items] == ["One", "Two"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One <b>two</b></p><p>three</p>", "One two\n\nthree"),
        ("a<br>b<br/><br />c", "a\nb\n\nc"),
        ('<P CLASS="x">A &amp; B</P>', "A & B"),
        ('<a href="https://e.example/?a=1&amp;b=2">Go</a> on', "Go on"),
        ("<b>one</b>\ntwo", "one two"),
    ],
)
def test_simple_html(source: str, text: str) -> None:
    assert quick_text(source) == text


@pytest.mark.parametrize(
    "source",
    ["<table><td>x", "<script>x</script>", "<!-- x -->y", "a < b", "<p style='display:none'>x</p>", "<pre>x\ny</pre>",
     "<p>Text. <a href='/x'>Read more</a></p>", '<img alt="1 > 0">x', "<p>open <b", "<i>a&#10;b", "one\ntwo"],
)  # fmt: skip
def test_html_that_is_not_simple(source: str) -> None:
    assert quick_text(source) is None


def test_a_base64_text_that_is_none_and_a_picture() -> None:
    entry = "<entry><title>T</title><content {}>{}</content></entry>"
    atom = f'<feed version="0.3" xmlns="http://purl.org/atom/ns#">{entry}</feed>'
    assert read(atom.format('mode="base64"', "%%%")).items[0].body == ""
    assert read(atom.format('mode="base64" type="image/png"', "iVBORw0KGgo=")).items[0].body == ""


def test_a_json_feed_behind_which_something_stands() -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "title": "J", "items": [{"id": "1", "title": "One"}]}
    assert read(json.dumps(feed) + "\n<script>x</script>").items[0].title == "One"


@pytest.mark.parametrize("label", ["", "text/xml; charset=windows-1252", "text/xml; charset=utf-8"])
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_russian_under_a_wrong_label(encoding: str, label: str) -> None:
    text = "Компания сообщила о запуске новой линии по выпуску микросхем памяти."
    assert decode(text.encode(encoding), label)[0] == text


def test_western_letters_are_no_russian() -> None:
    text = "Ärger über Öl: Größe, Füße, Äste, Übung, Höhe, Maß, Gänse, Söhne, Blüte, Grün"
    assert decode(text.encode("latin-1"))[0] == text


def test_what_libxml2_mends_may_hold_open_references_and_no_characters() -> None:
    typo = "<item><title>A</titel></item><item><title>B &undeclared; &#xD800;</title></item>"
    found = read(rss(typo + "<item><title>C</title></item>"))
    assert [item.title for item in found.items] == ["A", "B &undeclared;", "C"]
    assert read_xml(rss("<item>&open;<title>A</title></item>").encode(), URL, recover=True) is not None
