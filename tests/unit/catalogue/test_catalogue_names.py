"""Name keys, tickers and legal forms on their own."""

import pytest

from watchbot.catalogue.keys import key, language_of
from watchbot.catalogue.rules import bare_form, strip_form
from watchbot.catalogue.tickers import at_home, canonical, is_canonical, spellings, split
from watchbot.text import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hon Hai", "HON-HAI"),
        ("Hon Hai", "honhai"),
        ("鴻海", "鸿海"),
        ("台積電", "臺積電"),
        ("ＴＳＭＣ", "tsmc"),
        ("ﾎﾝﾊｲ", "ホンハイ"),
        ("Société Générale", "societe generale"),
        ("マイクロン・テクノロジー", "マイクロンテクノロジー"),
        ("T.S.M.C.", "TSMC"),
        ("STRASSE", "Straße"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("AT&T", "ATT"), ("C++", "C"), ("ガス", "カス"), ("Micron", "Micro")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2317.TW", "2317.TW"),
        ("2317.tw", "2317.TW"),
        ("TPEX:6488", "6488.TWO"),
        ("HKEX:700", "0700.HK"),
        ("700 HK", "0700.HK"),
        ("600519.SS", "600519.SS"),
        ("SHE:000001", "000001.SZ"),
        ("285A.T", "285A.T"),
        ("KRX:005930", "005930.KS"),
        ("LON:BARC", "BARC.L"),
        ("NYSE:BRK.B", "BRK.B"),
        ("BRK-B.US", "BRK.B"),
        ("$aapl", "AAPL"),
        ("AAPL US", "AAPL"),
        ("2317", ""),
        ("AAPL", ""),
        ("XYZ:1", ""),
        ("12.TW", ""),
        ("hello world", ""),
        ("", ""),
    ],
)
def test_tickers_have_one_form(text: str, expected: str) -> None:
    assert canonical(text) == expected
    assert not expected or is_canonical(expected)


def test_bare_codes_try_the_readers_market_first() -> None:
    assert spellings("2317", "TW")[:2] == ["2317.TW", "2317.TWO"]
    assert spellings("2317", "JP")[0] == "2317.T"
    assert spellings("aapl", "TW")[0] == "AAPL"
    assert spellings("700", "HK")[0] == "0700.HK"
    assert at_home("6488.TWO", "TW")
    assert not at_home("2317.HK", "TW")
    assert split("BRK.B") == ("BRK.B", "")
    assert split("NOVO-B.CO") == ("NOVO-B", "CO")


@pytest.mark.parametrize(
    ("full", "stripped"),
    [
        ("Adobe Systems Inc.", "Adobe Systems"),
        ("Addus HomeCare Corp.", "Addus HomeCare"),
        ("Zebra Holdings Co., Ltd.", "Zebra Holdings"),
        ("Box, Inc.", "Box, Inc."),
        ("HP Inc.", "HP Inc."),
        ("Mitsui & Co.", "Mitsui"),
        ("鴻海精密股份有限公司", "鴻海精密"),
        ("株式会社システナ", "システナ"),
    ],
)
def test_legal_forms_go_where_a_telling_name_is_left(full: str, stripped: str) -> None:
    assert strip_form(full, words.load()) == stripped


def test_for_finding_any_legal_form_goes() -> None:
    assert bare_form("Box, Inc.") == "Box"
    assert bare_form("Foxconn Technology Co., Ltd.") == "Foxconn Technology"
    assert bare_form("Inc.") == "Inc."


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("フォックスコン", "ja"),
        ("폭스콘", "ko"),
        ("鸿海", "zh-CN"),
        ("鴻海", "zh-TW"),
        ("Hon Hai", "en"),
        ("91APP", "en"),
    ],
)
def test_the_language_is_told_by_the_script(name: str, language: str) -> None:
    assert language_of(name) == language
