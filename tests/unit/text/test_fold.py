"""Folding: every writing of a name becomes one, and places lead back."""

import pytest

from watchbot.text.fold import fold
from watchbot.text.tokens import split, starts, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Foxconn", "foxconn"),
        ("Ｆｏｘｃｏｎｎ　２３１７", "foxconn 2317"),
        ("AT&amp;T", "at&t"),
        ("AT&amp;amp;T", "at&t"),
        ("AT&#38;T &#x41;", "at&t a"),
        ("a &nosuch; b", "a &nosuch, b"),
        ("Fox\u00adconn Fox\u200bconn \u202aFoxconn\u202c \ufefffoxconn", "foxconn foxconn foxconn foxconn"),
        ("Moody’s Moodyʼs Moody＇s", "moody's moody's moody's"),
        ("“Delta”", '"delta"'),
        ("Nestlé Nestle\u0301 Škoda Øyafestivalen Łódź", "nestle nestle skoda oyafestivalen lodz"),
        ("Straße ﬁne Æon Œuvre", "strasse fine aeon oeuvre"),
        ("Hon\u2011Hai Hon–Hai Hon\u00a0Hai", "hon-hai hon-hai hon hai"),
        ("鴻海 臺灣 台積電", "鸿海 台湾 台积电"),
        ("ﾎﾝﾊｲ ﾊﾞﾌﾞﾙ ﾊﾟ", "ホンハイ バブル パ"),
        ("か\u3099", "が"),
        ("㈱鴻海", "(株)鸿海"),
        ("ΑΣ Ας", "ασ ασ"),
        ("İstanbul", "istanbul"),
        ("Foxconn™ ®", "foxconn   "),
        ("<b>Fox</b>conn", "foxconn"),
        ("<P CLASS=x>a</P>b", "\n\na\n\nb"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("x <notatag> y <鴻海>", "x |notatag> y |鸿海>"),
        ("a < b", "a | b"),
        ("\ud800x", "\ufffdx"),
        ("삼성전자", "삼성전자"),
    ],
)
def test_folds(written: str, folded: str) -> None:
    result = fold(written)
    assert result.text == folded
    assert fold(result.text).text == folded


@pytest.mark.parametrize(
    ("written", "piece", "original"),
    [
        ("buy Foxconn now", "foxconn", "Foxconn"),
        ("x AT&amp;T y", "at&t", "AT&amp;T"),
        ("x Fox\u00adconn y", "foxconn", "Fox\u00adconn"),
        ("x <b>Fox</b>conn</b> y", "foxconn", "Fox</b>conn"),
        ("in cafe\u0301 x", "cafe", "cafe\u0301"),
        ("ﾎﾝﾊｲとﾊﾞﾌﾞﾙ。", "バブル", "ﾊﾞﾌﾞﾙ"),
        ("㈱鴻海は", "鸿海", "鴻海"),
        ("㈱鴻海は", "株", "㈱"),
        ("&lt;鴻海&gt;", "鸿海", "鴻海"),
        ("\u200b\u200b鴻海\u200b", "鸿海", "鴻海"),
    ],
)
def test_places_lead_back(written: str, piece: str, original: str) -> None:
    result = fold(written)
    start = result.text.index(piece)
    first, last = result.span(start, start + len(piece))
    assert written[first:last] == original


def test_cased_keeps_the_case_and_the_length() -> None:
    result = fold("Ｆox&amp;Co ΑΣ")
    assert result.cased == "Fox&Co ΑΣ"
    assert len(result.cased) == len(result.text)


def test_plain_text_is_itself() -> None:
    result = fold("Plain text; with marks.")
    assert result.text == "plain text; with marks."
    assert result.span(6, 10) == (6, 10)


@pytest.mark.parametrize(
    ("written", "cased"),
    [
        ("“Nobody’s idea” — a loan & a bond", '"Nobody\'s idea" - a loan & a bond'),
        ("Café Zoë; 5\u00a0% more…", "Cafe Zoe, 5 % more..."),
        ("Größe ½ of Ærø", "Grosse 1⁄2 of AEro"),
        ("soft\u00adhyphen’s end", "softhyphen's end"),
        ("\u30ac in \u30ab\u3099 and “both”", '\u30ac in \u30ac and "both"'),
        ("€5 for “A&amp;B”", '€5 for "A&B"'),
        ("台積電 in “full” English text of this length", '台积电 in "full" English text of this length'),
    ],
)
def test_few_odd_characters_in_latin_text(written: str, cased: str) -> None:
    """The quick way for text like most news gives what the full way gives."""
    assert fold(written).cased == cased
    # Markup asks for the full way.
    assert fold(f"{written}<b>").cased == cased


@pytest.mark.parametrize(
    "flood",
    ["<" * 300_000, "<a " * 100_000, "&" * 300_000, "&amp;" * 60_000, "e" + "\u0301" * 300_000, "\ud800" * 300_000],
)
def test_floods_are_folded(flood: str) -> None:
    result = fold(flood)
    assert result.span(0, len(result.text))[1] <= len(flood)


def test_tokens_of_mixed_scripts() -> None:
    text = fold("鴻海(2317) said Moody's GMI雲端 ホン・ハイ 삼성 привет").text
    tokens = split(text)
    assert tokens == [*"鸿海", "2317", "said", "moody", "s", "gmi", *"云端ホンハイ삼성", "привет"]
    assert [text[at : at + len(token)] for at, token in zip(starts(text, tokens), tokens, strict=True)] == tokens


def test_tokens_of_plain_english() -> None:
    text = "the chip maker -- at&t's\n\tX_y"
    assert split(text.lower()) == ["the", "chip", "maker", "at", "t", "s", "x", "y"]


def test_signs_beyond_ascii_part_tokens_and_vowel_signs_do_not() -> None:
    assert split("5€·per·share… “so” 20°c") == ["5", "per", "share", "so", "20", "c"]
    assert split("ก็ a") == ["ก", "็", "a"]


def test_words_are_those_of_spaced_scripts_with_their_places() -> None:
    text = "gmi云端ab1 привет삼성_x"
    assert words(text) == [("gmi", 0), ("ab1", 5), ("привет", 9), ("x", 18)]


def test_code_is_no_text() -> None:
    folded = fold("<p>one</p><script>var two = 1;</script>three<STYLE>.four {}</style >five")
    assert [word for word in ("one", "two", "three", "four", "five") if word in folded.text] == ["one", "three", "five"]
    at = folded.text.index("five")
    assert folded.original[slice(*folded.span(at, at + 4))] == "five"


def test_code_that_is_never_closed_is_text() -> None:
    assert "foxconn" in fold("how <script> works, by Foxconn, and </p> too").text


def test_a_phrase_in_one_character_stays() -> None:
    assert len(fold("\ufdfa" * 100).text) == 100
