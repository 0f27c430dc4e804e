"""Tickers: every accepted form, the canonical one, the market, and the written forms."""

import pytest

from watchbot import catalogue
from watchbot.matching.tickers import canonical, forms, market
from watchbot.model.errors import InputError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2317.TW", "2317.TW"),
        ("2317.tw", "2317.TW"),
        (" 2317-TW ", "2317.TW"),
        ("TWSE:2317", "2317.TW"),
        ("TWSE: 2317", "2317.TW"),
        ("TPE:2317", "2317.TW"),
        ("2317 TT", "2317.TW"),
        ("(2317.TW)", "2317.TW"),
        ("00878.TW", "00878.TW"),
        ("3008.TWO", "3008.TWO"),
        ("TPEX:3008", "3008.TWO"),
        ("OTC:3008", "3008.TWO"),
        ("700.HK", "0700.HK"),
        ("0700.HK", "0700.HK"),
        ("00700.HK", "0700.HK"),
        ("SEHK:700", "0700.HK"),
        ("HKEX:700", "0700.HK"),
        ("700 HK", "0700.HK"),
        ("80700.HK", "80700.HK"),
        ("600519.SS", "600519.SS"),
        ("600519.SH", "600519.SS"),
        ("SSE:600519", "600519.SS"),
        ("SHA:600519", "600519.SS"),
        ("000001.SZ", "000001.SZ"),
        ("SZSE:000001", "000001.SZ"),
        ("SHE:000001", "000001.SZ"),
        ("7203.T", "7203.T"),
        ("TYO:7203", "7203.T"),
        ("TSE:7203", "7203.T"),
        ("7203 JP", "7203.T"),
        ("285A.T", "285A.T"),
        ("005930.KS", "005930.KS"),
        ("KRX:005930", "005930.KS"),
        ("035720.KQ", "035720.KQ"),
        ("KOSDAQ:035720", "035720.KQ"),
        ("ASML.AS", "ASML.AS"),
        ("SAP.DE", "SAP.DE"),
        ("VOD.L", "VOD.L"),
        ("HSBA:LN", "HSBA.L"),
        ("MC.PA", "MC.PA"),
        ("NESN.SW", "NESN.SW"),
        ("VOLV-B.ST", "VOLV-B.ST"),
        ("VOLV B.ST", "VOLV-B.ST"),
        ("1COV.DE", "1COV.DE"),
        ("AAPL", "AAPL"),
        ("aapl", "AAPL"),
        ("$AAPL", "AAPL"),
        ("BRK.B", "BRK.B"),
        ("BRK-B", "BRK.B"),
        ("BRK/B", "BRK.B"),
        ("NASDAQ:AAPL", "AAPL"),
        ("NYSE: BRK.B", "BRK.B"),
        ("AAPL.O", "AAPL"),
        ("AAPL US", "AAPL"),
        ("AAPL:US", "AAPL"),
        ("AAPL US Equity", "AAPL"),
        ("T", "T"),
        ("OTC:FXCOF", "FXCOF"),
    ],
)
def test_canonical(text: str, expected: str) -> None:
    assert canonical(text) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2317",
        "0050",
        "hello world",
        "XX:2317",
        "ASML.XX",
        "AAPL.TW",
        "A.B.C",
        "台積電",
        "EURONEXT:ASML",
        "$",
        ":",
        "NYSE:",
        "12345678.TW",
        "TOOLONGONE",
        "\x00",
        "²317.TW",
        "9" * 10_000,
    ],
)
def test_anything_else_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        canonical(text)
    assert "write" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_market() -> None:
    assert [
        market(one) for one in ("2317.TW", "3008.TWO", "0700.HK", "7203.T", "ASML.AS", "AAPL", "BRK.B", "VOD.L")
    ] == [
        "TW",
        "TWO",
        "HK",
        "T",
        "AS",
        "US",
        "US",
        "L",
    ]


@pytest.mark.parametrize(
    ("ticker", "some"),
    [
        ("2317.TW", "2317.TW|2317-TW|TWSE:2317|TWSE: 2317|TPE:2317|2317 TT|TT:2317|股票代號2317"),
        ("AAPL", "$AAPL|NASDAQ: AAPL|NYSE:AAPL|AAPL.O|AAPL.N|AAPL US"),
        ("BRK.B", "BRK.B|$BRK.B|NYSE:BRK.B|NYSE: BRK.B|BRK-B|BRKb.N"),
        ("005930.KS", "005930.KS|KRX:005930|005930 KS"),
        ("7203.T", "7203.T|TYO:7203|TSE:7203|7203 JP"),
        ("0700.HK", "0700.HK|700.HK|HKEX: 700|SEHK:0700|700 HK|00700.HK"),
        ("600519.SS", "600519.SS|600519.SH|SSE:600519|600519 CH|SH600519"),
        ("ASML.AS", "ASML.AS|AMS:ASML|ASML NA|EURONEXT:ASML"),
    ],
)
def test_written_forms(ticker: str, some: str) -> None:
    found = forms(ticker)
    assert set(some.split("|")) <= set(found.written)
    assert len(set(found.written)) == len(found.written)
    assert found.code == found.codes[0]


@pytest.mark.parametrize("ticker", ["2317.TW", "AAPL", "IT", "T", "U", "0700.HK", "SAP.DE", "0005.HK", "GOOGL"])
def test_bare_codes_are_no_written_form(ticker: str) -> None:
    found = forms(ticker)
    assert not set(found.codes) & set(found.written)
    assert not any(form.isdigit() for form in found.written)


def test_words_and_abbreviations_are_no_tickers() -> None:
    assert "ON US" not in forms("ON").written
    assert "ON US Equity" in forms("ON").written
    assert "U.N" not in forms("U").written
    assert "5 HK" not in forms("0005.HK").written


def test_every_spaceless_form_reads_back() -> None:
    for ticker in ("2317.TW", "0700.HK", "7203.T", "SAP.DE", "ASML.AS", "AAPL", "BRK.B", "600519.SS", "005930.KS"):
        for form in forms(ticker).written:
            if form.isascii() and not form.startswith(("SH6", "EURONEXT:", "EURONEXT: ", "TSE")) and form != "BRKb.N":
                assert canonical(form) == ticker, form


def test_every_ticker_of_the_catalogue_can_be_watched() -> None:
    tickers = [ticker for company in catalogue.load().companies() for ticker in company.tickers]
    assert len(tickers) > 4000
    assert [ticker for ticker in tickers if canonical(ticker) != ticker] == []
