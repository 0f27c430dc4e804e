"""Stems, terms, companies as one token, columns, corrections, events."""

import pytest

from watchbot.model.item import Item
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.corrections import is_correction
from watchbot.stories.events import event_names, refers_back
from watchbot.stories.recurring import is_column, rest_of_column
from watchbot.stories.stems import stem
from watchbot.stories.terms import Script, without_publisher, words_of
from watchbot.stories.weights import vector

TAGGER = CompanyTagger(
    [("foxconn", ["Foxconn", "Hon Hai", "鴻海", "ホンハイ"]), ("arm", ["ARM"]), ("apple", ["Apple"]), ("ge", ["GE"])]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("recalls", "recalled"),
        ("planning", "planned"),
        ("companies", "company"),
        ("makes", "making"),
        ("bought", "buys"),
        ("crashes", "crash"),
        ("quickly", "quick"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["bus", "gas", "news", "5g", "is", "virus", "press"])
def test_short_words_and_false_plurals_stay_words(word: str) -> None:
    assert len(stem(word)) >= min(3, len(word))


@pytest.mark.parametrize("text", ["Foxconn opens a lab", "Hon Hai opens a lab", "鴻海 opens a lab", "鸿海 opens a lab"])
def test_all_names_of_a_company_are_one_term(text: str) -> None:
    words = words_of(Item("1", text, ""), TAGGER)
    assert words.companies == {"foxconn"}
    assert "@foxconn" in words.terms
    assert not {"hon", "hai", "foxconn", "鸿海"} & set(words.terms)


@pytest.mark.parametrize("text", ["He lost an arm", "An apple a day", "the age of hon hai", "ge"])
def test_names_need_their_capitals(text: str) -> None:
    assert words_of(Item("1", text, ""), TAGGER).companies == frozenset()


def test_a_name_known_already_keeps_its_owner() -> None:
    tagger = CompanyTagger([("foxconn", ["Foxconn"])])
    assert tagger.add("watch:Fox", ["foxconn", "FXC"]) == "foxconn"
    assert tagger.tag("FXC rises").companies == {"foxconn"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("$1.4 billion", "1.4e+09"),
        ("1.4bn", "1.4e+09"),
        ("14億美元", "1.4e+09"),
        ("1,400 million", "1.4e+09"),
        ("12,000 passengers", "1.2e+04"),
        ("1.2萬人", "1.2e+04"),
        ("17%", "17"),
    ],
)
def test_numbers_have_one_form(text: str, number: str) -> None:
    assert number in words_of(Item("1", text, ""), TAGGER).terms


def test_ideas_join_words_and_languages() -> None:
    english = words_of(Item("1", "Regulator approves takeover as strike ends", ""), TAGGER).terms
    chinese = words_of(Item("1", "主管機關核准收購 罷工落幕", ""), TAGGER).terms
    assert {"~approve", "~buy", "~strike"} <= set(english) & set(chinese)


def test_chinese_is_cut_into_pairs_of_simplified_characters() -> None:
    words = words_of(Item("1", "許家印遭限制出境", ""), TAGGER)
    assert words.script is Script.CJK
    assert {"许家", "家印", "限制", "出境"} <= set(words.terms)
    assert words.terms["限制"] > words.terms["制出"]


def test_kind_of_text() -> None:
    assert words_of(Item("1", "A headline", ""), TAGGER).titled
    assert not words_of(Item("1", "A headline", "And a text."), TAGGER).titled
    assert not words_of(Item("1", "", "word " * 60), TAGGER).titled


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Fed leaves rates alone - Reuters", "Fed leaves rates alone"),
        ("Fed leaves rates alone | Daily Star", "Fed leaves rates alone"),
        ("台電公布供電規劃 | 聯合報", "台電公布供電規劃 | 聯合報"),
        ("台電公布今年冬季的完整供電規劃 | 聯合報", "台電公布今年冬季的完整供電規劃"),
        ("US - China talks resume in Geneva on Monday morning", "US - China talks resume in Geneva on Monday morning"),
    ],
)
def test_publisher_at_the_end(title: str, short: str) -> None:
    assert without_publisher(title) == short


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Micron denies talks with Kioxia", ""),
        ("Correction: profit was 3 million, not 3 billion", ""),
        ("Ministry retracts statement on nuclear plant", ""),
        ("聯電澄清未與格芯合併", ""),
        ("公司否認裁員", ""),
        ("官方駁斥缺電說", ""),
        ("", "更正：本公司十月營收應為一億元"),
    ],
)
def test_corrections_and_denials(title: str, body: str) -> None:
    assert is_correction(title, body)


@pytest.mark.parametrize(
    "title",
    ["Market correction wipes out gains", "Judge denies bail to founder", "Bond market corrects", "鴻海營收創高", ""],
)
def test_what_is_no_correction(title: str) -> None:
    assert is_correction(title, "") == (title == "Bond market corrects")


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Morning briefing: what to watch today", ""),
        ("Stock market live blog", ""),
        ("Your daily horoscope for Monday", "for"),
        ("盤前必讀 11月3日", ""),
        ("Morning Bid: oil shock meets bond rout", "oil shock meets bond rout"),
    ],
)
def test_columns(title: str, rest: str) -> None:
    assert is_column(title)
    assert rest_of_column(title) == rest


@pytest.mark.parametrize("title", ["Foxconn opens plant in Houston", "台電公布供電規劃", "Bank of Japan holds rates"])
def test_news_is_no_column(title: str) -> None:
    assert not is_column(title)


def test_events_of_a_page() -> None:
    assert event_names("Visitors of Hon Hai Tech Day saw it") == {"tech day"}
    assert event_names("announced at HHTD26 (Hon Hai Tech Day)") == {"hhtd", "tech day"}
    assert event_names("鴻海科技日登場") == {"科技日"}
    assert event_names("on Friday it said that every day counts") == frozenset()
    assert refers_back("At the event, Nvidia showed a cluster")
    assert refers_back("活動現場展示電動車")
    assert not refers_back("Shares fell on Friday")


def test_rare_terms_weigh_more() -> None:
    weighed = vector({"company": 1.0, "galveston": 1.0, "plant": 1.0}, {"plant": 900}, 1000)
    assert weighed["galveston"] > weighed["company"]
    assert weighed["galveston"] > weighed["plant"]
    assert sum(worth * worth for worth in weighed.values()) == pytest.approx(1.0)
    assert vector({}, {}, 0) == {}
