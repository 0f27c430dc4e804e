"""What is set aside before anything is looked up, and what may not be."""

import pytest

from watchbot.matching.matcher import Matcher, build
from watchbot.model.item import Item
from watchbot.model.match import NearMiss
from watchbot.model.watch import Watch, Watchlist

AGILENT = Watch("agilent", "Agilent", names=("Agilent Technologies",), tickers=("A",))
ONSEMI = Watch("onsemi", "onsemi", names=("ON Semiconductor",), tickers=("ON",))
BERKSHIRE = Watch("berkshire", "Berkshire", tickers=("BRK.B",))
TENCENT = Watch("tencent", "Tencent", names=("騰訊",), tickers=("0700.HK",))


def matcher(*watches: Watch) -> Matcher:
    return build([Watchlist("list", "list", watches)])


def spans(on: Matcher, text: str) -> list[str]:
    return [span.text for match in on.match(Item("1", "", text)) for span in match.spans]


@pytest.mark.parametrize(
    ("watch", "text", "found"),
    [
        (AGILENT, "A vote on a budget: Agilent is a word of its own here", []),
        (AGILENT, "Lab gear sold well, said the maker (NYSE:A) on Monday", ["NYSE:A"]),
        (AGILENT, "Lab gear sold well, said the maker (Nyse: A) on Monday", ["Nyse: A"]),
        (AGILENT, "A grade of A: US schools keep it", []),
        (AGILENT, "Buy $A, hold the rest", ["$A"]),
        (ONSEMI, "ON SALE: heaters for patios", []),
        (ONSEMI, "Chips rally; nasdaq:ON gains 4 %", ["nasdaq:ON"]),
        (ONSEMI, "Chips rally; nasdaq:on gains 4 %", []),
        (ONSEMI, "on. ON.O is the code at terminals", ["ON.O"]),
        (ONSEMI, "Carry on, Semiconductor users: this is not it", []),
        (ONSEMI, "Work on ON Semiconductor goes on", ["ON Semiconductor"]),
        (BERKSHIRE, "Insurers led: BRK.B rose, BRK fell", ["BRK.B"]),
        (BERKSHIRE, "Terminals print BRKb.N for it", ["BRKb.N"]),
        (TENCENT, "A bus 700 came at 07:00", []),
        (TENCENT, "Games lifted 700 HK and 0700.HK; HKEX: 700 too", ["700 HK", "0700.HK", "HKEX: 700"]),
        (TENCENT, "三地同時公布，股份代號：0700 收市報高", ["股份代號:0700"]),
    ],
)
def test_a_code_counts_where_one_of_its_forms_stands(watch: Watch, text: str, found: list[str]) -> None:
    assert [piece.replace("：", ":") for piece in spans(matcher(watch), text)] == found


def test_what_is_set_aside_is_told_to_whoever_asks_why() -> None:
    on = matcher(ONSEMI)
    item = Item("1", "ON SALE: heaters", "")
    assert on.match(item) == []
    (miss,) = on.near_misses(item)
    assert isinstance(miss, NearMiss)
    assert (miss.watch, miss.span.text, miss.because) == ("onsemi", "ON", "a bare code without its market or exchange")


def test_a_word_that_was_set_aside_counts_once_a_name_begins_with_it() -> None:
    on = matcher(ONSEMI)
    text = "The Galway ferry, the heaters and Kowalski (NASDAQ:BE) were late"
    assert spans(on, text) == []
    for name, added in (("Galway", ("Galway Ferry",)), ("heaters", ("heaters",)), ("K", ("Kowalsky",))):
        on.add("list", Watch(name, name, names=added))
    on.add("list", Watch("bloom", "Bloom", tickers=("BE",)))
    assert sorted(spans(on, text)) == ["Galway ferry", "Kowalski", "NASDAQ:BE", "heaters"]
    for gone in ("Galway", "heaters", "K", "bloom"):
        on.remove("list", gone)
    assert spans(on, text) == []


def test_a_longer_name_beside_a_ticker_of_the_same_word() -> None:
    on = matcher(ONSEMI, Watch("onto", "Onto", names=("On Running", "On Holding")))
    text = "It is on. On Running grew, and so did ON Semiconductor"
    assert spans(on, text) == ["ON Semiconductor", "On Running"]


def test_many_names_that_begin_alike() -> None:
    on = matcher(*(Watch(f"w{n}", "w", names=(f"United {word}",)) for n, word in enumerate(WORDS)))
    assert spans(on, "United we stand, United Barley does not, and United Cranes is united") == [
        "United Barley",
        "United Cranes",
    ]


def test_a_long_field_with_more_places_than_are_looked_at() -> None:
    on = matcher(ONSEMI, AGILENT)
    text = f"NYSE:A rose. {'On a roll, on a par. ' * 400}At last ON Semiconductor spoke."
    assert spans(on, text) == ["NYSE:A", "ON Semiconductor"]


WORDS = ("Acorn", "Barley", "Cranes", "Dynamo", "Ember", "Fjord", "Gravel", "Harbour", "Ivory")
