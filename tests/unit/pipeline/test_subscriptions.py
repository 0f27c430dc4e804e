"""Which feeds there are to ask: single ones, those of OPML files, one a watched company for a search."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.pipeline.conftest import settings
from watchbot.catalogue import load
from watchbot.model.outline import Outline
from watchbot.model.records import SourceSpec
from watchbot.model.settings import Settings, SourceSettings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.questions import LONGEST, asked_companies, question, telling
from watchbot.pipeline.subscriptions import Access, counts, secrets, specs

SEARCH = SourceSettings("search", "News search", "https://news.example/rss?hl=zh&q={query}", every=1800.0)
FOXCONN = Watch("foxconn", "Foxconn", names=("Foxconn", "Hon Hai", "鴻海"), company="foxconn")
TAIPOWER = Watch("taipower", "Taipower", names=("Taipower",), aliases=("台電",))
MEMORY = Watch("memory", "Memory chips", keywords=("DRAM", "NAND"))


def asks(*watches: Watch, sources: tuple[str, ...] | None = None, key: str = "w1") -> Watchlist:
    return Watchlist(key, key, watches, sources=sources)


@pytest.fixture
def configured(tmp_path: Path):
    def _configured(*sources: SourceSettings) -> Settings:
        return settings((), tmp_path, sources=sources)

    return _configured


def questions_of(found: tuple[SourceSpec, ...]) -> dict[str, str]:
    return {spec.name: parse_qs(urlsplit(spec.address).query)["q"][0] for spec in found}


def test_single_sources_are_as_configured(configured) -> None:
    found = specs(
        configured(
            SourceSettings("feed", "Wire", "https://wire.example/rss", 600.0, None),
            SourceSettings("folder", "Inbox", "/inbox", max_age=None),
            SourceSettings("feed", "https://post.example/rss", "https://post.example/rss", title_from_feed=True),
        ),
        (),
    )
    assert found == (
        SourceSpec("Wire", "feed", "https://wire.example/rss", 600.0, None),
        SourceSpec("Inbox", "folder", "/inbox", max_age=None),
        SourceSpec("https://post.example/rss", "feed", "https://post.example/rss", title_from_feed=True),
    )


def test_the_feeds_of_a_list_share_its_settings_and_have_names_of_their_own(configured) -> None:
    outlines = (
        Outline("Wire", "https://a.example/rss", folder="Asia/Taiwan"),
        Outline("Wire", "https://b.example/rss"),
        Outline("", "https://c.example/rss"),
        Outline("mine.opml", "https://d.example/rss"),
        Outline("Direct too", "https://direct.example/rss"),
    )
    mine = SourceSettings("opml", "mine.opml", "/x/mine.opml", 900.0, 3600.0, outlines=outlines)
    other = SourceSettings("opml", "Other", "/x/o.opml", outlines=(outlines[0], Outline("New", "https://n.example/")))
    direct = SourceSettings("feed", "Direct", "https://direct.example/rss")
    found = specs(configured(mine, other, direct), ())
    assert [(spec.name, spec.address, spec.family, spec.folder) for spec in found] == [
        ("Direct", "https://direct.example/rss", "", ""),
        ("Wire", "https://a.example/rss", "mine.opml", "Asia/Taiwan"),
        ("Wire (2)", "https://b.example/rss", "mine.opml", ""),
        ("https://c.example/rss", "https://c.example/rss", "mine.opml", ""),
        ("mine.opml (2)", "https://d.example/rss", "mine.opml", ""),
        ("New", "https://n.example/", "Other", ""),
    ]
    assert {(spec.every, spec.max_age) for spec in found if spec.family == "mine.opml"} == {(900.0, 3600.0)}
    assert [spec.name for spec in found if spec.title_from_feed] == ["https://c.example/rss"]
    assert counts(configured(mine, other, direct), ()) == {"mine.opml": 4, "Other": 1}


def test_a_search_is_asked_once_for_every_company(configured) -> None:
    lists = (
        asks(FOXCONN, MEMORY),
        asks(TAIPOWER, Watch("f2", "Hon Hai", names=("Hon Hai",), aliases=("Foxconn Technology",)), key="w2"),
        asks(Watch("q", "Quanta", names=("Quanta",)), sources=("Wire",), key="w3"),
        asks(Watch("g", "GSEO", names=("Genius Electronic Optical",)), sources=("News search",), key="w4"),
        Watchlist("chat:7", "", (Watch("w", "Wistron", names=("Wistron",)), FOXCONN), chats=("7",)),
    )
    found = specs(configured(SEARCH), lists)
    assert questions_of(found) == {
        "News search: Foxconn": '"Foxconn" OR 鴻海 OR "Hon Hai"',
        "News search: Taipower": '"Taipower" OR 台電',
        "News search: GSEO": '"Genius Electronic Optical"',
        "News search: Wistron": '"Wistron"',
    }
    assert {(spec.kind, spec.family, spec.every, spec.title_from_feed) for spec in found} == {
        ("feed", "News search", 1800.0, False)
    }
    assert found[0].address == (
        "https://news.example/rss?hl=zh&q=%22Foxconn%22%20OR%20%E9%B4%BB%E6%B5%B7%20OR%20%22Hon%20Hai%22"
    )
    assert counts(configured(SEARCH), lists) == {"News search": 4}
    assert specs(configured(SEARCH), (asks(MEMORY),)) == ()


def test_two_searches_and_companies_of_one_name(configured) -> None:
    other = SourceSettings("search", "Archive", "https://archive.example/{query}/feed")
    lists = (asks(Watch("a", "Delta", names=("Delta Electronics",), company="delta-electronics")),
             asks(Watch("b", "Delta", names=("Delta Air Lines",), company="delta-air"), key="w2"))  # fmt: skip
    found = specs(configured(SEARCH, other), lists)
    assert [spec.name for spec in found] == [
        "News search: Delta", "News search: Delta (2)", "Archive: Delta", "Archive: Delta (2)",
    ]  # fmt: skip
    assert found[2].address == "https://archive.example/%22Delta%20Electronics%22/feed"


def test_companies_in_queries_are_asked_for() -> None:
    catalogue = load()

    def names_of(company: str) -> tuple[str, ...]:
        found = catalogue.resolve(company)
        return found.safe_names() if found else ()

    query = Watch("ai", "AI servers", query='"AI server" AND (company:Wistron OR company:Foxconn) NOT company:Quanta')
    asked = asked_companies([asks(query, FOXCONN)], names_of)
    assert [company.label for company in asked] == ["Wistron", "Foxconn"]
    assert asked[0].question.startswith('"Wistron"')
    assert asked_companies([asks(query)]) == []
    words = Watch("x", "Words", query="chips AND Taiwan")
    assert asked_companies([asks(words)], names_of) == []


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("Foxconn",), '"Foxconn"'),
        (("Hon Hai", "Hon-Hai", "HON HAI"), '"Hon Hai"'),
        (("Hon Hai Precision Industry", "Hon Hai"), '"Hon Hai"'),
        (("台電", "台灣電力", "台電公司"), "台電 OR 台灣電力"),
        (("TSMC", "台積電", "台积电"), '"TSMC" OR 台積電 OR 台积电'),
        (("TSMC Arizona", "SMC"), '"TSMC Arizona" OR "SMC"'),
        (('Toys "R" Us',), '"Toys R Us"'),
        (("ホンハイ", "鴻海"), "ホンハイ OR 鴻海"),
        (("オープンAI",), '"オープンAI"'),
        (("AT&T", "C++"), '"AT&T" OR "C++"'),
        (("", '"', "  "), ""),
        ((), ""),
    ],
)
def test_questions(names: tuple[str, ...], wanted: str) -> None:
    assert question(names) == wanted


def test_a_question_stays_short_and_keeps_the_most_telling_names() -> None:
    many = ("Foxconn", *(f"Subsidiary {number} of Hon Hai Group" for number in range(20)), "鴻海", "ホンハイ")
    asked = question(many)
    assert asked.startswith('"Foxconn" OR 鴻海 OR ホンハイ OR "Subsidiary 0')
    assert asked.count(" OR ") == 7
    assert len(asked) <= LONGEST
    assert question(("x" * 400, "short")) == f'"{"x" * 400}"'
    assert telling(("Hon Hai", "Hon Hai Precision", "hon hai")) == ["Hon Hai"]


def test_secrets_stay_out_of_what_is_stored(configured) -> None:
    given = configured(
        SourceSettings("feed", "Paid", "https://u:hunter2@paid.example/rss"),
        SourceSettings("feed", "Keyed", "https://keyed.example/rss", headers=(("X-Key", "hunter2"),)),
        SourceSettings("feed", "Through", "https://through.example/rss", proxy="http://u:hunter2@proxy.example:3128"),
        SourceSettings("feed", "Plain", "https://plain.example/rss"),
        SourceSettings(
            "opml",
            "list",
            "/l.opml",
            headers=(("X-List", "hunter2"),),
            outlines=(Outline("Mine", "https://list.example/rss?token=hunter2"),),
        ),
        SourceSettings("search", "Search", "https://s.example/?apikey=hunter2&q={query}"),
    )
    found = specs(given, (asks(TAIPOWER),))
    assert "hunter2" not in repr(found)
    kept = secrets(given, (asks(TAIPOWER),))
    assert "hunter2" not in repr(kept)
    by_name = {spec.name: kept.get(spec.address) for spec in found}
    assert by_name == {
        "Paid": Access("https://u:hunter2@paid.example/rss"),
        "Keyed": Access("https://keyed.example/rss", {"X-Key": "hunter2"}),
        "Through": Access("https://through.example/rss", {}, "http://u:hunter2@proxy.example:3128"),
        "Plain": None,
        "Mine": Access("https://list.example/rss?token=hunter2", {"X-List": "hunter2"}),
        "Search: Taipower": Access("https://s.example/?apikey=hunter2&q=%22Taipower%22%20OR%20%E5%8F%B0%E9%9B%BB"),
    }


@pytest.mark.parametrize(
    ("named", "heard"),
    [
        (("News search",), {"News search: Foxconn"}),
        (("feeds.opml",), {"Wire", "Post"}),
        (("Post",), {"Post"}),
        (("https://wire.example/rss", "Direct"), {"Wire", "Direct"}),
        ((), set()),
        (None, {"News search: Foxconn", "Wire", "Post", "Direct"}),
    ],
)
def test_a_watchlist_hears_a_search_or_list_by_its_name(
    tmp_path: Path, named: tuple[str, ...] | None, heard: set[str]
) -> None:
    watchlist = asks(TAIPOWER, sources=named)
    directory = Directory(settings((watchlist,), tmp_path))
    sources = (
        SourceSpec("News search: Foxconn", "feed", "https://s.example/?q=Foxconn", family="News search"),
        SourceSpec("Wire", "feed", "https://wire.example/rss", family="feeds.opml"),
        SourceSpec("Post", "feed", "https://post.example/rss", family="feeds.opml"),
        SourceSpec("Direct", "feed", "https://direct.example/rss"),
    )
    assert {spec.name for spec in sources if directory.hears(watchlist, spec)} == heard
