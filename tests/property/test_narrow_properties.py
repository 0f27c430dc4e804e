"""Long texts in scripts without spaces are cut only near possible hits; that must change nothing."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from watchbot.matching.matcher import Matcher
from watchbot.matching.scan import Scan
from watchbot.model.item import Item
from watchbot.model.watch import Watch

NAMES = [
    "鴻海",
    "鴻海精密",
    "群創",
    "台積電",
    "東レ",
    "ホンハイ",
    "삼성전자",
    "Foxconn",
    "Hon Hai",
    "AT&T",
    "京东方",
    "Медуза",
]
WATCHES = st.builds(
    lambda name, other, exclude, context, query: Watch(
        name, name, names=(name, other), exclude=exclude, context=context, query=query, tickers=("2317.TW",)
    ),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(["鴻海精密", "新聞", "pie"]), max_size=1).map(tuple),
    st.lists(st.sampled_from(["晶圓", "chip"]), max_size=1).map(tuple),
    st.sampled_from(["", "鴻海 AND 晶圓", "群創 NOT 新聞", "Foxconn NEAR/3 鴻海"]),
)
PIECES = st.sampled_from(
    [
        *NAMES,
        *(
            "Foxcomn",
            "股份有限公司",
            "（2317）",
            "2317.TW",
            "株式会社",
            "社",
            "作者",
            "，",
            "。",
            "\n",
            "\n\n",
            " ",
            "·",
            "・",
        ),
        *(
            "晶圓",
            "新聞",
            "#鴻海",
            "#HonHai",
            "鴻 海",
            "鴻\n海",
            "x" * 60,
            "&amp;",
            "\u200b",
            "３",
            "ﾎﾝﾊｲ",
            "方",
            "的",
            "a",
        ),
        "昨日公布第三季財報表現優於市場預期",
    ]
)
TEXTS = st.lists(PIECES, min_size=8, max_size=60).map("".join)


@given(st.lists(WATCHES, min_size=1, max_size=5, unique_by=lambda watch: watch.id), TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_narrow_equals_whole(watches: list[Watch], title: str, body: str) -> None:
    matcher = Matcher()
    for watch in watches:
        matcher.add("list", watch)
    item = Item("1", title, body)
    with patch.object(Scan, "crowded", lambda _scan: False):
        whole, why = matcher.match(item), matcher.near_misses(item)
    assert matcher.match(item) == whole
    assert {(one.watch, one.because) for one in matcher.near_misses(item)} == {(one.watch, one.because) for one in why}
