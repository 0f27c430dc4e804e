"""The matcher's rules, each both ways."""

from dataclasses import replace

import pytest

from watchbot.matching.matcher import Matcher, build
from watchbot.model.item import Item
from watchbot.model.match import Match
from watchbot.model.watch import Case, Kind, Level, Options, Watch, Watchlist

HON_HAI = Watch(
    "foxconn",
    "Foxconn",
    names=("Foxconn", "鴻海", "ホンハイ", "Hon Hai", "Hon Hai Precision Industry Co., Ltd."),
    tickers=("2317.TW",),
)
APPLE = Watch("apple", "Apple", names=("Apple",), tickers=("AAPL",), exclude=("Apple Hospitality", "pie"))


def matcher(*watches: Watch) -> Matcher:
    return build([Watchlist("list", "list", watches)])


def run(watch: Watch, title: str, body: str = "", url: str = "") -> Match | None:
    found = matcher(watch).match(Item("1", title, body, url))
    assert len(found) <= 1
    return found[0] if found else None


def texts(watch: Watch, title: str, body: str = "", url: str = "") -> list[str]:
    found = run(watch, title, body, url)
    if found is None:
        return []
    fields = {"title": title, "body": body, "url": url}
    for span in found.spans:
        assert fields[span.field][span.start : span.end] == span.text
    return [span.text for span in found.spans]


def named(*names: str) -> Watch:
    return Watch("w", names[0], names=names, options=Options(fuzzy=False))


def why(watch: Watch, title: str, body: str = "") -> list[str]:
    return [miss.because for miss in matcher(watch).near_misses(Item("1", title, body))]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        # edges by script
        ("Foxconn", "Foxconn said", ["Foxconn"]),
        ("Foxconn", "(Foxconn)", ["Foxconn"]),
        ("Foxconn", "Foxconns", []),
        ("Foxconn", "xFoxconn", []),
        ("Foxconn", "Foxconn2", []),
        ("Foxconn", "富士康Foxconn宣布", ["Foxconn"]),
        ("鴻海", "台灣鴻海宣布", ["鴻海"]),
        ("鴻海", "鸿海集团", ["鸿海"]),
        ("台積電", "看台积电股价", ["台积电"]),
        ("GMI雲端", "GMI 雲端上市", ["GMI 雲端"]),
        ("GMI雲端", "AGMI雲端", []),
        # written variants
        ("Hon Hai", "HON HAI", ["HON HAI"]),
        ("Hon Hai", "Hon-Hai", ["Hon-Hai"]),
        ("Hon Hai", "Hon\nHai", ["Hon\nHai"]),
        ("Hon Hai", "Hon \u00a0 Hai", ["Hon \u00a0 Hai"]),
        ("Hon Hai", "Ｈｏｎ　Ｈａｉ", ["Ｈｏｎ　Ｈａｉ"]),
        ("Hon-Hai", "Hon Hai", ["Hon Hai"]),
        ("Nestlé", "Nestle said", ["Nestle"]),
        ("Nestle", "NESTLÉ said", ["NESTLÉ"]),
        ("AT&T", "AT&amp;T said", ["AT&amp;T"]),
        ("ホンハイ", "ﾎﾝﾊｲが", ["ﾎﾝﾊｲ"]),
        ("ホンハイ", "ホン・ハイが", ["ホン・ハイ"]),
        ("鴻海精密", "鴻海\n精密", ["鴻海\n精密"]),
        # hard stops and sentences
        ("Hon Hai", "Hon\n\nHai", []),
        ("Hon Hai", "<p>Hon</p><p>Hai</p>", []),
        ("Hon Hai", "Hon, Hai", []),
        ("Pear Tree", "He ate a Pear. Tree houses", []),
        ("St. Jude", "St. Jude said", ["St. Jude"]),
        ("Booking.com", "Booking.com fell", ["Booking.com"]),
        # possessives
        ("Moody's", "MOODY’S cut", ["MOODY’S"]),
        ("Moody's", "Moodys", ["Moodys"]),
        ("Moody's", "moody s", []),
        ("Foxconn", "Foxconn's plan", ["Foxconn"]),
        # punctuation names
        ("AT&T", "AT & T", ["AT & T"]),
        ("AT&T", "AT T and at t", []),
        ("C++", "in C++ today", ["C++"]),
        ("C++", "in C today", []),
        ("C", "in C++ or C#", []),
        (".NET", "for .NET devs", [".NET"]),
        (".NET", "the NET gain", []),
        ("Yahoo!", "Yahoo! and Yahoo", ["Yahoo!", "Yahoo"]),
        ("Yahoo", "Yahoo! buys", ["Yahoo"]),
        ("J.P. Morgan", "JP Morgan and J. P. Morgan", ["JP Morgan", "J. P. Morgan"]),
        ("JP Morgan", "J.P. Morgan", ["J.P. Morgan"]),
        ("Arm Holdings plc", "Arm Holdings said", ["Arm Holdings"]),
        ("緯創", "廣達、緯創出貨旺", ["緯創"]),
        ("台電", "這台電腦", []),
        ("Procter & Gamble", "Procter and Gamble", ["Procter and Gamble"]),
        ("Ernst and Young", "Ernst & Young", ["Ernst & Young"]),
        # smart case
        ("Apple", "an apple a day", []),
        ("Apple", "Apple and APPLE", ["Apple", "APPLE"]),
        ("ARM", "the arm of Arm", []),
        ("ARM", "ARM rises", ["ARM"]),
        ("foxconn", "FOXCONN Foxconn", ["FOXCONN", "Foxconn"]),
        # legal suffixes
        ("Hon Hai Precision Industry Co., Ltd.", "Hon Hai Precision Industry said", ["Hon Hai Precision Industry"]),
        ("鴻海精密工業股份有限公司", "鴻海精密工業宣布", ["鴻海精密工業"]),
        ("Apple Inc.", "Apple Inc said", ["Apple Inc"]),
        ("Apple Inc.", "Apple Incorporated said", ["Apple Incorporated"]),
        ("Apple Inc.", "Apple said", []),
        # masks
        ("Foxconn", "see https://foxconn.com/x now", []),
        ("Foxconn", "mail pr@foxconn.com, @foxconn, www.foxconn.com", []),
        ("Foxconn", "#Foxconn rises", ["#Foxconn"]),
        ("Hon Hai", "#HonHai rises", ["#HonHai"]),
        ("Hon Hai", "#HonHaix rises", []),
        ("Amazon", "Amazon.com said", ["Amazon"]),
        # Chinese accidents, kana and Hangul edges
        ("群創", "社群創作者", []),
        ("群創", "群創光電", ["群創"]),
        ("京东", "北京东站", []),
        ("京东", "京东集团", ["京东"]),
        ("台電", "平台 電價", []),
        ("インテル", "ポインテル", []),
        ("インテル", "米インテルは", ["インテル"]),
        ("현대", "현대는", ["현대"]),
        ("현대", "비현대", []),
    ],
)
def test_names(name: str, text: str, found: list[str]) -> None:
    assert texts(named(name), text) == found
    assert texts(named(name), "", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("buy 2317.TW", ["2317.TW"]),
        ("TWSE:2317 and TPE: 2317 and 2317-TW", ["TWSE:2317", "TPE: 2317", "2317-TW"]),
        ("2317 TT rose", ["2317 TT"]),
        ("2317 people", []),
        ("12317.TW", []),
        ("鴻海(2317)宣布", ["鴻海", "2317"]),
        ("鴻海（2317）宣布", ["鴻海", "2317"]),
        ("某公司(2317)宣布", []),
    ],
)
def test_tickers(text: str, found: list[str]) -> None:
    assert texts(HON_HAI, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$AAPL up", ["$AAPL"]),
        ("NASDAQ: AAPL", ["NASDAQ: AAPL"]),
        ("AAPL.O and AAPL US", ["AAPL.O", "AAPL US"]),
        ("AAPL alone", []),
        ("aapl.o", []),
        ("apple (AAPL) gains", ["apple", "AAPL"]),
        ("Apple Inc. (AAPL)", ["Apple", "AAPL"]),
    ],
)
def test_us_tickers(text: str, found: list[str]) -> None:
    assert texts(APPLE, text) == found


def test_exclude_that_contains_a_name_only_hides_the_names_inside() -> None:
    assert texts(APPLE, "Apple Hospitality and Apple") == ["Apple"]
    assert texts(APPLE, "Apple Hospitality") == []
    assert why(APPLE, "Apple Hospitality") == ["inside the excluded 'Apple Hospitality'"]


def test_any_other_exclude_silences_the_item() -> None:
    assert texts(APPLE, "Apple", "a PIE recipe") == []
    assert texts(APPLE, "Apple", "pies https://x.com/pie") == ["Apple"]
    assert why(APPLE, "Apple", "a PIE recipe") == ["the word 'pie' excludes this item"]


def test_context_must_stand_in_the_item() -> None:
    watch = Watch("m", "m", keywords=("DRAM",), context=("chip", "晶圓"))
    assert texts(watch, "DRAM prices", "the chip maker") == ["DRAM"]
    assert texts(watch, "DRAM prices", "chips") == ["DRAM"]
    assert texts(watch, "DRAM prices", "晶圆厂") == ["DRAM"]
    assert texts(watch, "DRAM prices", "chipmunk") == []
    assert why(watch, "DRAM prices") == ["none of the context words stands here"]


def test_context_inside_the_name_itself_does_not_count() -> None:
    assert texts(Watch("c", "c", names=("Blue Chip Works",), context=("chip",)), "Blue Chip Works rises") == []


def test_keywords_match_in_any_case_and_never_with_typos() -> None:
    watch = Watch("k", "k", keywords=("Supermicro", "AI"))
    assert texts(watch, "SUPERMICRO supermicro ai") == ["SUPERMICRO", "supermicro", "ai"]
    assert texts(watch, "Supermicra") == []


def test_case_option() -> None:
    watch = Watch("a", "a", names=("Apple",))
    assert texts(replace(watch, options=Options(case=Case.ANY)), "apple") == ["apple"]
    exact = replace(watch, options=Options(case=Case.EXACT, fuzzy=False))
    assert texts(exact, "APPLE apple") == []
    assert texts(exact, "Apple") == ["Apple"]


def test_urls_option_matches_in_addresses_and_the_url_field() -> None:
    watch = Watch("a", "a", names=("Foxconn", "Apple"), options=Options(urls=True))
    assert texts(watch, "see https://foxconn.com", "", "https://x.com/apple-news") == ["foxconn", "apple"]
    assert texts(replace(watch, options=Options()), "x", "", "https://x.com/foxconn") == []


def test_longest_match_inside_one_watchlist() -> None:
    apple, reit = named("Apple"), Watch("reit", "reit", names=("Apple Hospitality",))
    item = Item("1", "Apple Hospitality buys hotels", "")
    assert [match.watch for match in matcher(apple, reit).match(item)] == ["reit"]
    assert matcher(apple, reit).near_misses(item)[0].because == "inside the longer name 'Apple Hospitality'"
    two = build([Watchlist("one", "", (apple,)), Watchlist("two", "", (reit,))])
    assert [(match.watchlist, match.watch) for match in two.match(item)] == [("one", "w"), ("two", "reit")]


def test_a_shorter_name_beside_the_longer_one_still_fires() -> None:
    found = matcher(named("Apple"), Watch("reit", "", names=("Apple Hospitality",))).match(
        Item("1", "Apple Hospitality and Apple", "")
    )
    assert [(match.watch, match.spans[0].start) for match in found] == [("reit", 0), ("w", 22)]


def test_the_longest_name_of_a_watch_is_its_span() -> None:
    assert texts(HON_HAI, "Hon Hai Precision Industry") == ["Hon Hai Precision Industry"]


@pytest.mark.parametrize(
    ("title", "body", "level"),
    [
        ("Foxconn rises", "", Level.MAIN),
        ("News", "Foxconn rose. Others fell.", Level.MAIN),
        ("News", "Others fell in the U.S. as Foxconn rose. More.", Level.MAIN),
        ("News", "Others fell. Then Foxconn rose.", Level.MENTION),
        ("News", "其他公司下跌。鴻海上漲。", Level.MENTION),
        ("News", "Others fell. Then Foxconn rose. Foxconn won.", Level.MAIN),
        ("News", "Others fell. " + "Nothing else. " * 40 + "Foxconn rose. Foxconn won.", Level.MENTION),
        ("News", "Others fell. " + "Nothing else. " * 40 + "Foxconn rose. Foxconn won. Foxconn.", Level.MAIN),
    ],
)
def test_level(title: str, body: str, level: Level) -> None:
    found = run(HON_HAI, title, body)
    assert found is not None
    assert found.level is level
    assert 0 < found.score <= 1
    main_only = replace(HON_HAI, options=Options(main_only=True))
    assert (run(main_only, title, body) is not None) == (level is Level.MAIN)


def test_scores_fall_from_headline_to_mention_to_guess() -> None:
    scores = [
        found.score
        for title, body in (
            ("Foxconn", ""),
            ("x", "Foxconn rose."),
            ("x", "Others fell. Then Foxconn."),
            ("x", "Others fell. Then Foxcomn."),
        )
        if (found := run(HON_HAI, title, body))
    ]
    assert scores[0] == 1
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 4


def test_typos_are_labelled_guesses() -> None:
    watch = Watch("t", "Taipower", names=("Taipower",))
    found = run(watch, "Taiwpower plans")
    assert found is not None
    assert [(span.kind, span.text, span.term) for span in found.spans] == [(Kind.FUZZY, "Taiwpower", "Taipower")]
    assert run(replace(watch, options=Options(fuzzy=False)), "Taiwpower plans") is None
    assert run(watch, "see https://taiwpower.com/x") is None


def test_two_watches_and_aliases() -> None:
    found = matcher(HON_HAI, replace(APPLE, aliases=("蘋果",))).match(Item("1", "Foxconn與蘋果", ""))
    assert [(match.watch, match.spans[0].kind) for match in found] == [("apple", Kind.ALIAS), ("foxconn", Kind.NAME)]


def test_query() -> None:
    watch = Watch("q", "q", query='"AI server" AND (company:foxconn OR Quanta) NOT rumor')
    both = matcher(HON_HAI, watch)

    def fired(title: str, body: str = "") -> list[str]:
        return [match.watch for match in both.match(Item("1", title, body))]

    assert fired("AI server boom", "by Quanta") == ["q"]
    assert fired("AI servers", "by Quanta") == []
    assert fired("Hon Hai AI server") == ["foxconn", "q"]
    assert fired("AI server", "Quanta rumor") == []
    match = both.match(Item("1", "Hon Hai AI server", ""))[1]
    assert [(span.text, span.kind) for span in match.spans] == [("Hon Hai", Kind.QUERY), ("AI server", Kind.QUERY)]


def test_query_company_follows_changes_and_the_catalogue() -> None:
    found = Matcher(names_of=lambda name: ("Pegatron", "和碩") if name == "pegatron" else ())
    found.add("list", Watch("q", "q", query="company:foxconn AND plant"))
    found.add("list", Watch("p", "p", query="company:pegatron AND plant"))
    item = Item("1", "A plant of Hon Hai", "")
    assert found.match(item) == []
    found.add("list", HON_HAI)
    assert [match.watch for match in found.match(item)] == ["foxconn", "q"]
    found.remove("list", "foxconn")
    assert found.match(item) == []
    assert [match.watch for match in found.match(Item("1", "和碩 plant", ""))] == ["p"]


def test_query_fields_and_near() -> None:
    assert texts(Watch("q", "q", query="title:quanta"), "x", "quanta") == []
    assert texts(Watch("q", "q", query="title:quanta"), "quanta") == ["quanta"]
    near = Watch("q", "q", query="merger NEAR/2 quanta")
    assert texts(near, "quanta in a merger") == ["quanta", "merger"]
    assert texts(near, "quanta is now in a merger") == []
    assert texts(near, "quanta", "merger") == []


def test_near_misses_say_why() -> None:
    watch = named("Apple", "群創", "AT&T")
    assert why(watch, "an apple") == ["written in lower case, as the common word is"]
    assert why(watch, "社群創作者") == ["two-character accident: the characters belong to other words"]
    assert why(watch, "https://apple.com/") == ["inside an address"]
    assert why(HON_HAI, "2317 people") == ["a bare code without its market or exchange"]
    assert why(Watch("q", "q", query="quanta AND plant"), "quanta") == ["the query as a whole is not true of this item"]
    assert why(HON_HAI, "鴻海(2317)") == []


def test_add_replaces_and_remove_forgets() -> None:
    found = Matcher()
    found.add("a", named("Foxconn"))
    found.add("b", named("Foxconn"))
    found.add("a", named("Quanta"))
    item = Item("1", "Foxconn and Quanta", "")
    assert [(match.watchlist, match.spans[0].text) for match in found.match(item)] == [
        ("a", "Quanta"),
        ("b", "Foxconn"),
    ]
    found.remove("a", "w")
    found.remove("a", "w")
    found.remove("nowhere", "w")
    assert [match.watchlist for match in found.match(item)] == ["b"]
    found.add("a", named("Quanta"))
    assert [match.watchlist for match in found.match(item)] == ["a", "b"]


def test_nothing_watched_and_nothing_said() -> None:
    assert Matcher().match(Item("1", "Foxconn", "x")) == []
    assert matcher(HON_HAI).match(Item("1", "", "")) == []
    assert matcher(Watch("e", "e", names=("", "!!!"))).match(Item("1", "!!!", "")) == []


@pytest.mark.parametrize(
    ("name", "unsafe", "text", "found"),
    [
        ("美的集團", "美的", "完美的一天", []),
        ("美的集團", "美的", "美的集團擴產", ["美的集團"]),
        ("Nasdaq, Inc.", "Nasdaq", "The Nasdaq fell", []),
        ("Nasdaq, Inc.", "Nasdaq", "Nasdaq Inc said", ["Nasdaq Inc"]),
        ("Linde plc", "LINDE", "Linde sang", []),
        ("China Steel Corporation", "China Steel", "China Steel exports fall", []),
        ("China Steel Corporation", "China Steel", "China Steel Corporation sells", ["China Steel Corporation"]),
        ("China Steel Corporation", "", "China Steel sells", ["China Steel"]),
        ("Linde plc", "", "Linde sang", ["Linde"]),
    ],
)
def test_no_name_is_cut_down_to_an_unsafe_one(name: str, unsafe: str, text: str, found: list[str]) -> None:
    watch = Watch("a", "a", names=(name,), unsafe=(unsafe,) if unsafe else ())
    assert texts(watch, text) == found
