"""Longer phrases around a wrong match, and words to ask for beside a name."""

import pytest

from watchbot.pipeline.candidates import context_words, phrases


@pytest.mark.parametrize(
    ("text", "match", "wanted"),
    [
        ("Apple Hospitality REIT raises its dividend", "Apple", ["Apple Hospitality REIT", "Apple Hospitality"]),
        ("Apple Hospitality Raises Its Dividend Again, Analysts Say", "Apple", ["Apple Hospitality"]),
        ("The best apple pie in town", "apple", ["apple pie", "best apple"]),
        ("Green Apple's orchard opens", "Apple", ["Green Apple", "Apple's orchard"]),
        ("Delta Air Lines cancels flights", "Delta", ["Delta Air Lines", "Delta Air"]),
        ("We met. Apple. Then home", "Apple", []),
        ("Apple", "Apple", []),
        ("AT&T Stadium sells out", "AT&T", ["AT&T Stadium"]),
        ("大同區公所今日開放參觀", "大同", ["大同區公所"]),
        ("他在台積電廠工作", "台積", ["台積電廠"]),
    ],
)
def test_phrases(text: str, match: str, wanted: list[str]) -> None:
    start = text.index(match)
    assert phrases(text, start, start + len(match)) == wanted


def test_every_phrase_stands_in_the_text_and_holds_the_match() -> None:
    text = "In Reno, the Apple & Pear Cider House of Ohio won; Apple-Tree Inn 2 lost"
    for start in (text.index("Apple"), text.rindex("Apple")):
        for phrase in phrases(text, start, start + 5):
            assert "Apple" in phrase
            assert phrase in text
    assert phrases(text, 3, 3) == []


def test_context_words_come_from_earlier_headlines() -> None:
    earlier = ["Apple unveils iPhone chip", "iPhone sales of Apple grow", "A chip for every iPhone"]
    assert context_words(earlier, "Apple Hospitality raises", ["Apple"]) == ["iphone", "chip", "shares"]
    assert context_words(["鴻海營收創新高", "鴻海伺服器營收成長"], "鴻海大飯店開幕", ["鴻海"])[0] == "營收"


def test_general_words_where_nothing_is_known() -> None:
    assert context_words([], "Apple shares rise", ["Apple"]) == ["revenue", "CEO"]
    assert context_words([], "大同區公所", ["大同"]) == ["營收", "股價", "董事長"]
