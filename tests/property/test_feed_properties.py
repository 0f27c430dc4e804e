"""Feeds, whatever comes: any bytes, corpus files flipped, cut and spliced, and texts that must come out whole."""

import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from hypothesis import example, given
from hypothesis import strategies as st

from tests.corpus.feedcases import cases
from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.sources import frames
from watchbot.sources.dates import parse_date
from watchbot.sources.feed import parse
from watchbot.sources.feed_patient import read_patiently
from watchbot.sources.feed_xml import read_xml
from watchbot.sources.html import html_text
from watchbot.sources.quick_html import quick_text
from watchbot.text.lines import clean

NOW = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)
URL = "https://site.example/feeds/all.xml"
BODIES = [case.body for case in cases()]
TYPES = ["", "text/xml", "application/rss+xml; charset=utf-8", "text/xml; charset=big5", "text/html; charset=utf-16",
         "application/json", "x; charset=punycode", "text/xml; charset=iso-2022-jp"]  # fmt: skip
MARKS = [b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<!DOCTYPE a [", b"\x00", b"\xff\xfe", b"<item>",
         b"</item>", b"<entry>", b"&#xD800;", b"\xef\xbb\xbf", b"{", b"\x1b$B", b"<?xml ", b'"']  # fmt: skip


def read(body: bytes, media_type: str = "") -> CutDocument:
    return parse(RawDocument("Wire", body, media_type, NOW, url=URL))


def holds(body: bytes, media_type: str) -> None:
    """Items or one plain line, and the same again."""
    found, told = None, ""
    try:
        found = read(body, media_type)
    except InputError as error:
        told = str(error)
    if found is None:
        assert len(told.splitlines()) == 1
        return
    assert all(item.id and item.title for item in found.items)
    assert len({item.id for item in found.items}) == len(found.items)
    assert found == read(body, media_type)
    assert frames.answer(frames.answered(found)) == found


@given(st.binary(max_size=400), st.sampled_from(TYPES))
def test_any_bytes(body: bytes, media_type: str) -> None:
    holds(body, media_type)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A feed of the corpus after a few accidents."""
    body = bytearray(draw(st.sampled_from(BODIES)))
    for _count in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(body)))
        length = draw(st.integers(0, 80))
        match draw(st.sampled_from(["flip", "cut", "mark", "repeat", "splice", "end", "byte"])):
            case "flip" if place < len(body):
                body[place] ^= 1 << draw(st.integers(0, 7))
            case "byte" if place < len(body):
                body[place] = draw(st.integers(0, 255))
            case "cut":
                del body[place : place + length]
            case "mark":
                body[place:place] = draw(st.sampled_from(MARKS))
            case "repeat":
                body[place:place] = body[place : place + length] * draw(st.integers(1, 20))
            case "splice":
                other = draw(st.sampled_from(BODIES))
                start = draw(st.integers(0, len(other)))
                body[place : place + length] = other[start : start + draw(st.integers(0, 600))]
            case "end":
                del body[place:]
            case _:
                pass
    return bytes(body)


@given(mutated(), st.sampled_from(TYPES))
def test_corpus_feeds_after_accidents(body: bytes, media_type: str) -> None:
    holds(body, media_type)


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn"), exclude_characters="\u200b\u2060\ufeff")
    | st.sampled_from("<>&;#\"' \n\t鴻海ぁ한é"),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() and clean(text).strip())


def words(text: str) -> list[str]:
    return clean(text).split()


@given(WORDS, WORDS)
def test_a_text_comes_out_of_json_as_it_went_in(title: str, text: str) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "items": [{"title": title, "content_text": text}],
    }
    (item,) = read(json.dumps(feed).encode()).items
    assert words(item.title) == words(title)
    assert words(item.body) == words(text)


@given(WORDS, WORDS)
def test_a_text_comes_out_of_atom_as_it_went_in(title: str, text: str) -> None:
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>1</id><title>{escape(title)}</title>'
        f'<content type="text">{escape(text)}</content></entry></feed>'
    )
    (item,) = read(body.encode()).items
    assert words(item.title) == words(title)
    assert words(item.body) == words(text)


@given(WORDS.filter(lambda text: "<" not in text and "&" not in text), WORDS.filter(lambda text: "<" not in text))
def test_a_text_comes_out_of_rss_as_it_went_in(title: str, text: str) -> None:
    html = f"<p>{escape(text)}</p>"
    body = (
        f"<rss version='2.0'><channel><title>T</title><item><title>{escape(escape(title))}</title>"
        f"<description>{escape(html)}</description></item></channel></rss>"
    )
    (item,) = read(body.encode()).items
    assert words(item.title) == words(title)
    assert words(item.body) == words(text)


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
ZONES = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


@given(MOMENTS, ZONES)
def test_a_moment_comes_out_of_every_form(moment: datetime, zone: timezone) -> None:
    there = moment.replace(tzinfo=zone)
    offset = there.strftime("%z")
    forms = [
        format_datetime(there),
        there.isoformat(),
        there.strftime("%Y-%m-%d %H:%M:%S ") + offset,
        there.strftime("%B %-d, %Y %I:%M:%S %p ") + offset,
        there.strftime("%Y年%-m月%-d日 %H:%M:%S ") + offset,
        there.strftime("%Y/%m/%d %H:%M:%S ") + offset[:3] + ":" + offset[3:],
        there.strftime("%a %b %e %H:%M:%S ") + offset + there.strftime(" %Y"),
    ]
    assert {parse_date(form, NOW) for form in forms} == {there.astimezone(UTC)}


ENTRY = st.tuples(
    st.sampled_from(["One", "T &amp; U", "鴻海十月營收", "a &lt; b", "<![CDATA[Two & three]]>", "&#8220;Four&#8221;"]),
    st.sampled_from(["/a/1", "https://o.example/2?x=1&amp;y=2", "../3", "//cdn.example/4", "https://e.example/新聞"]),
    MOMENTS,
    st.sampled_from(
        ["<category>c</category>", "<!-- x -->", "<author>a@b.example</author>", "<source url='u'>s</source>", ""]
    ),
)


@given(st.lists(ENTRY, min_size=1, max_size=6), st.booleans())
def test_both_ways_of_reading_agree(made: list[tuple[str, str, datetime, str]], atom: bool) -> None:
    entries = []
    for title, link, moment, more in made:
        there = moment.replace(tzinfo=UTC)
        if atom:
            inside = f'<title type="html">{title}</title><link href="{link}"/><updated>{there.isoformat()}</updated>'
            entries.append(f"<entry>{inside}</entry>")
        else:
            inside = f"<title>{title}</title><link>{link}</link><pubDate>{format_datetime(there)}</pubDate>{more}"
            entries.append(f"<item>{inside}</item>")
    start, end = (
        ("<feed xmlns='http://www.w3.org/2005/Atom'>", "</feed>") if atom else ("<rss><channel>", "</channel></rss>")
    )
    body = f"{start}<title>T</title>{''.join(entries)}{end}"
    fast, patient = read_xml(body.encode(), URL), read_patiently(body, URL)
    assert fast is not None
    assert patient is not None
    assert fast.total == patient.total == len(made)
    for one, other, (_title, _link, moment, _more) in zip(fast.entries, patient.entries, made, strict=True):
        assert (one.title, one.link) == (other.title, other.link)
        assert parse_date(one.dates[0], NOW) == parse_date(other.dates[0], NOW) == moment.replace(tzinfo=UTC)


PIECES = """
    <p> </p> <br> <b> </b> <i> </i> <a_href="https://e.example/"> </a> <li> </li> <ul> </ul> <div_class='x'> </div> <h2>
    </h2> <img_src="x"_alt="a"> words _ &amp; &nbsp; &lt; é 鴻海 . more <span> </span> <hr/> 1_<_2 <P> </DIV> &#10;
    <table> <td> </td> <!--_x_--> <br/> </br> <center> " '
"""
HTML = st.lists(st.sampled_from([*(piece.replace("_", " ") for piece in PIECES.split()), "\n"]), max_size=25)


@given(HTML)
@example(["words", "\n", "words"])
@example(["words", '<a href="https://e.example/">', "more"])
def test_simple_html_reads_as_the_whole_reader_reads_it(pieces: list[str]) -> None:
    source = "".join(pieces)
    quick = quick_text(source)
    assert quick is None or quick == html_text(source)


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS, st.none() | MOMENTS, st.integers(0, 9)), max_size=5),
    TEXTS,
    st.frozensets(st.integers(0, 23)),
)
def test_an_answer_comes_out_of_its_frame(made: list[tuple[str, str, str, datetime | None, int]], title: str,
                                          hours: frozenset[int]) -> None:  # fmt: skip
    items = tuple(
        Item(id, text, text, url, moment.replace(tzinfo=UTC) if moment else None, "Wire", "en", "", line)
        for id, text, url, moment, line in made
    )
    document = CutDocument(items, title, 1.5, ("a", "b"), hours, frozenset([1]))
    assert frames.answer(frames.answered(document)) == document
