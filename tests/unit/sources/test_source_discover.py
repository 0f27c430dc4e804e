"""Feeds of a web page: what it names, what only looks like one, what is at the usual places; on a real server."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.feedserver import FeedServer
from watchbot.clock import SystemClock
from watchbot.model.errors import FetchError, InputError
from watchbot.model.outline import Discovery
from watchbot.ports.fetcher import FetchRequest
from watchbot.sources.cutter import DocumentCutter
from watchbot.sources.discover import USUAL, best, discover, feeds_in, first_feed
from watchbot.sources.fetch import Fetcher
from watchbot.sources.survey import Answer, survey

HOME = "https://www.news.example/tech/index.html"
RSS = 'rel="alternate" type="application/rss+xml"'


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def fetcher(server: FeedServer) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher("watchbot/1.0", (f"127.0.0.1:{server.port}",), SystemClock(), seconds=10)
    yield fetcher
    await fetcher.close()


@pytest.fixture
async def cutter() -> AsyncIterator[DocumentCutter]:
    cutter = DocumentCutter()
    yield cutter
    await cutter.close()


def urls(html: str, url: str = HOME) -> list[str]:
    return [feed.url for feed in feeds_in(html, url)]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (f'<link {RSS} title="News" href="/rss.xml">', "https://www.news.example/rss.xml"),
        (f"<LINK HREF='feed/' TITLE=x {RSS.upper()}>", "https://www.news.example/tech/feed/"),
        (f"<link {RSS} href=//cdn.example/f.xml />", "https://cdn.example/f.xml"),
        (f'<base href="https://other.example/a/"><link {RSS} href="b.rss">', "https://other.example/a/b.rss"),
        (f'<link {RSS} href="?feed=rss2&amp;lang=zh">', "https://www.news.example/tech/index.html?feed=rss2&lang=zh"),
        ('<link type="application/atom+xml" rel="home alternate" href="/a">', "https://www.news.example/a"),
        ('<link rel="alternate" type="application/feed+json" href="/f.json">', "https://www.news.example/f.json"),
        ('<link rel="alternate" type="application/rss+xml; charset=utf-8" href="/c">', "https://www.news.example/c"),
        ('<link rel="alternate" type="text/xml" href="/rss/all.xml">', "https://www.news.example/rss/all.xml"),
        ('<link rel="alternate" href="/feed.xml">', "https://www.news.example/feed.xml"),
        ('<a href="/tech.rss">RSS</a>', "https://www.news.example/tech.rss"),
        ('<a href="feed://news.example/all">subscribe</a><a href="feed:https://news.example/feed">x</a>',
         "https://news.example/feed"),
        ('<a class=icon href="https://feeds.news.example/world">World</a>', "https://feeds.news.example/world"),
        ('<a href="/index.php?format=feed&type=rss">RSS 2.0</a>', "https://www.news.example/index.php?format=feed&type=rss"),
        ('<a href="/RSS_Content.aspx?Type=4">RSS</a>', "https://www.news.example/RSS_Content.aspx?Type=4"),
        ('<a href="/xml/biz.rdf#top">RDF</a>', "https://www.news.example/xml/biz.rdf"),
        ('<a type="application/rss+xml" href="/podcast">Podcast</a>', "https://www.news.example/podcast"),
    ],
)  # fmt: skip
def test_what_names_a_feed(html: str, wanted: str) -> None:
    assert urls(f"<html><head>{html}</head><body></body></html>") == [wanted]


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" type="text/css" href="/rss.css">',
        '<link rel="alternate" hreflang="en" href="/en/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/7">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=feed">',
        f'<!-- <link {RSS} href="/old.xml"> -->',
        f"<script>var x = '<link {RSS} href=/s.xml>'; /* <a href=/feed> */</script>",
        '<textarea><a href="/feed">x</a></textarea>',
        '<a href="/feedback">Feedback</a>',
        '<a href="/newsfeeders/about">About</a>',
        '<a href="/articles/rss-is-not-dead.html">RSS is not dead</a>',
        '<a href="https://feedly.com/i/subscription/feed/https%3A%2F%2Fnews.example%2Ffeed">Feedly</a>',
        '<a href="javascript:feed()">x</a>',
        f'<link {RSS} href="file:///etc/feed.xml">',
        f'<link {RSS} href="https://[broken/feed">',
        f'<link {RSS} href="http://e.x:99999/feed">',
        f"<link {RSS}>",
        f'<link {RSS} href="">',
        f'<link {RSS} href="/never-closed',
        "<a href='/feed'",
    ],
)
def test_what_does_not(html: str) -> None:
    assert urls(f"<html><body>{html}</body></html>") == []


def test_the_order_of_feeds() -> None:
    html = (
        f'<a href="/rss">RSS</a><link {RSS} title="Site » Comments Feed" href="/comments/feed/">'
        f'<link {RSS} title="Partner" href="https://partner.example/rss"><link {RSS} title="Site" href="/feed/">'
        f'<link {RSS} title="Again" href="/feed/"><a href="/feed/">Feed</a>'
    )
    feeds = feeds_in(html, HOME)
    assert [feed.title for feed in feeds] == ["Site", "Partner", "Site » Comments Feed", "RSS"]
    assert [feed.title for feed in best(feeds)] == ["Site", "Partner"]
    assert [feed.title for feed in best(feeds[3:])] == ["RSS"]
    assert [feed.title for feed in best(feeds[2:3])] == ["Site » Comments Feed"]


def test_titles_and_kinds() -> None:
    html = (
        f'<link {RSS} title="科技 &amp; 商業" href="/1"><link rel=alternate type=application/atom+xml href="/2">'
        '<a href="/3.rss">  All\n the news </a><a href="/4.rss"><img src=x></a>'
    )
    assert [(feed.title, feed.kind, feed.declared) for feed in feeds_in(html, HOME)] == [
        ("科技 & 商業", "rss", True),
        ("", "atom", True),
        ("All the news", "", False),
        ("", "", False),
    ]


def test_only_the_beginning_of_a_page_is_looked_at_and_only_so_many_feeds_are_named() -> None:
    assert urls(" " * 1024 * 1024 + f'<link {RSS} href="/late.xml">') == []
    assert len(urls("".join(f'<a href="/{number}.rss">x</a>' for number in range(500)))) == 50


@given(st.text(alphabet="<>a \"'=/!-linkhrefscriptbase.xm", max_size=400))
def test_no_page_breaks_it(html: str) -> None:
    for feed in feeds_in(html, HOME):
        assert feed.url.startswith(("http://", "https://"))


async def found(server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter, path: str) -> Discovery:
    return await discover(fetcher, cutter, SystemClock(), server.url_of(path))


async def test_a_feed_is_itself_what_is_found(server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter) -> None:
    url = server.feed("/wire", ["Foxconn opens a plant", "Older"], title="The Wire")
    answer = await found(server, fetcher, cutter, "/wire")
    assert [(feed.title, feed.url) for feed in answer.feeds] == [("The Wire", url)]
    assert answer.document is not None
    assert [item.title for item in answer.document.items] == ["Foxconn opens a plant", "Older"]
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/octet-stream"])
async def test_a_feed_with_a_wrong_label(
    server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter, kind: str
) -> None:
    server.feed("/wire", ["A"], content_type=kind)
    assert (await found(server, fetcher, cutter, "/wire")).document is not None


async def test_a_page_is_asked_once_and_what_it_names_is_only_listed(
    server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter
) -> None:
    server.raw("/", f'<html><head><link {RSS} href="a.xml" title="A"><link {RSS} href="b.xml" title="B"></head></html>')
    answer = await found(server, fetcher, cutter, "/")
    assert [feed.title for feed in answer.feeds] == ["A", "B"]
    assert answer.document is None
    assert [request.path for request in server.requests] == ["/"]
    assert await first_feed(fetcher, cutter, SystemClock(), server.url_of("/")) == server.url_of("/a.xml")


async def test_a_page_in_another_encoding(server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter) -> None:
    body = f'<html><head><meta charset=big5><link {RSS} href="/f" title="經濟部新聞"></head></html>'.encode("big5")
    server.raw("/", body, content_type="text/html")
    assert (await found(server, fetcher, cutter, "/")).feeds[0].title == "經濟部新聞"


async def test_the_usual_places(server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter) -> None:
    server.raw("/about/team.html", "<html><body><p>Nothing here</p></body></html>")
    server.raw("/feed", "<html><body>a page that is there for every address</body></html>")
    server.raw("/rss.xml", "not even markup")
    url = server.atom("/atom.xml", ["News"], title="Behind")
    answer = await found(server, fetcher, cutter, "/about/team.html")
    assert [(feed.title, feed.url) for feed in answer.feeds] == [("Behind", url)]
    assert answer.document is not None
    assert [request.path for request in server.requests][1:] == ["/feed", "/rss.xml", "/atom.xml"]


async def test_no_feed_anywhere(server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter) -> None:
    server.raw("/", "<html><body><p>Nothing here</p></body></html>")
    with pytest.raises(InputError, match="names no feed, and none is at the usual places") as caught:
        await found(server, fetcher, cutter, "/")
    assert "\n" not in str(caught.value)
    assert [request.path for request in server.requests] == ["/", *USUAL]


async def test_a_bare_address_is_asked_by_https_and_then_by_http(
    server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter
) -> None:
    url = server.feed("/wire", ["A"])
    answer = await discover(fetcher, cutter, SystemClock(), f" 127.0.0.1:{server.port}/wire ")
    assert answer.feeds[0].url == url
    with pytest.raises(FetchError, match="no such page"):
        await discover(fetcher, cutter, SystemClock(), f"127.0.0.1:{server.port}/nowhere")


async def test_a_feed_that_moved_for_good_is_taken_from_there(
    server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter
) -> None:
    url = server.feed("/new", ["A"])
    server.redirect("/old", "/new", 301)
    server.redirect("/today", "/new", 302)
    assert (await found(server, fetcher, cutter, "/old")).feeds[0].url == url
    assert (await found(server, fetcher, cutter, "/today")).feeds[0].url == server.url_of("/today")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://", "http://127.0.0.1:1/feed", ""]
)
async def test_what_cannot_be_asked(fetcher: Fetcher, cutter: DocumentCutter, address: str) -> None:
    with pytest.raises(FetchError) as caught:
        await discover(fetcher, cutter, SystemClock(), address)
    assert "\n" not in str(caught.value)


async def test_a_survey_tells_in_order_how_each_feed_answers(
    server: FeedServer, fetcher: Fetcher, cutter: DocumentCutter
) -> None:
    asked = [
        server.feed("/a", [{"title": "T", "published": "Fri, 20 Nov 2026 08:00:00 GMT"}, "Undated later"], title="A"),
        server.url_of("/missing?key=hunter2"),
        server.raw("/page", "<html><body><p>A page</p></body></html>"),
        server.feed("/empty", [], title="Quiet"),
    ]
    told: list[tuple[int, Answer]] = []
    await survey(
        fetcher, cutter, SystemClock(), [FetchRequest(url) for url in asked], lambda *answer: told.append(answer)
    )
    assert [place for place, _answer in told] == [0, 1, 2, 3]
    answers = [answer for _place, answer in told]
    assert (answers[0].items, answers[0].title, answers[0].error) == (2, "A", "")
    assert answers[0].newest is not None
    assert answers[1].error == "there is no such page (HTTP 404)"
    assert "web page" in answers[2].error
    assert (answers[3].items, answers[3].error, answers[3].newest) == (0, "", None)
