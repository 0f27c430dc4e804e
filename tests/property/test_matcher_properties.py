"""The matcher, whatever comes and in whatever order watches come and go."""

from hypothesis import given, settings
from hypothesis import strategies as st

from watchbot.matching.matcher import Matcher
from watchbot.model.item import Item
from watchbot.model.watch import Options, Watch

TERMS = st.sampled_from(
    [
        "Foxconn",
        "Hon Hai",
        "Hon",
        "鴻海",
        "鴻海精密",
        "ホンハイ",
        "Apple",
        "Apple Inc.",
        "AT&T",
        "C++",
        ".NET",
        "Hon Hai Precision Industry",
    ]
)
WATCHES = st.builds(
    lambda name, names, keywords, exclude, context, query, urls, tickers: Watch(
        name, name, names, (), tickers, keywords, exclude, context, query, options=Options(urls=urls)
    ),
    st.sampled_from("abcdef"),
    st.lists(TERMS, max_size=3).map(tuple),
    st.lists(TERMS, max_size=1).map(tuple),
    st.lists(st.sampled_from(["pie", "Apple Inc", "鴻海精密"]), max_size=1).map(tuple),
    st.lists(st.sampled_from(["chip", "說"]), max_size=1).map(tuple),
    st.sampled_from(["", "hon AND hai", "company:a OR foxconn", "apple NOT pie", "chip NEAR/3 foxconn"]),
    st.booleans(),
    st.lists(st.sampled_from(["2317.TW", "AAPL", "BRK.B"]), max_size=1).map(tuple),
)
WORDS = st.sampled_from(
    [
        *(
            "Foxconn",
            "Foxcomn",
            "hon",
            "Hon",
            "Hai",
            "hai",
            "Precision",
            "Industry",
            "Co., Ltd.",
            "鴻海",
            "鸿海精密",
            "社",
            "ﾎﾝﾊｲ",
            "apple",
            "Apple",
        ),
        *(
            "Inc",
            "AT&amp;T",
            "AT&T",
            "C++",
            ".NET",
            "pie",
            "chip",
            "說",
            "(2317)",
            "2317.TW",
            "$AAPL",
            "AAPL",
            "BRK.B",
            "NYSE:",
        ),
        *(
            "https://",
            "@",
            "#HonHai",
            "#",
            ".",
            ",",
            "\n\n",
            "<p>",
            "<b>",
            "-",
            "\u200b",
            "\u0301",
            "\ud800",
            "(",
            ")",
            "'s",
        ),
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=25).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda glue: glue.join(words))
)
ITEMS = st.builds(lambda title, body, url: Item("1", title, body, url), TEXTS, TEXTS, TEXTS)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("xy"), WATCHES), max_size=14), ITEMS)
@settings(max_examples=150, deadline=None)
def test_adding_and_removing_equals_building_anew(steps: list[tuple[bool, str, Watch]], item: Item) -> None:
    changed = Matcher()
    live: dict[tuple[str, str], Watch] = {}
    for add, watchlist, watch in steps:
        changed.match(item)
        if add:
            changed.add(watchlist, watch)
            live[watchlist, watch.id] = watch
        else:
            changed.remove(watchlist, watch.id)
            live.pop((watchlist, watch.id), None)
    fresh = Matcher()
    for (watchlist, _id), watch in live.items():
        fresh.add(watchlist, watch)
    assert changed.match(item) == fresh.match(item)
    assert set(changed.near_misses(item)) == set(fresh.near_misses(item))


@given(st.lists(WATCHES, max_size=6), ITEMS)
@settings(max_examples=200, deadline=None)
def test_spans_are_what_stands_there(watches: list[Watch], item: Item) -> None:
    matcher = Matcher()
    for watch in watches:
        matcher.add("list", watch)
    matches = matcher.match(item)
    assert [match.watch for match in matches] == sorted({match.watch for match in matches})
    fields = {"title": item.title, "body": item.body, "url": item.url}
    for match in matches:
        assert match.spans
        assert 0 < match.score <= 1
        for span in match.spans:
            assert span.start < span.end
            assert fields[span.field][span.start : span.end] == span.text
    for miss in matcher.near_misses(item):
        assert miss.because
        assert fields[miss.span.field][miss.span.start : miss.span.end] == miss.span.text
