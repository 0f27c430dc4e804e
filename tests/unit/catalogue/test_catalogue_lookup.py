"""Lookups as people type them, and what a watchlist may take without doubt."""

import pytest

from watchbot.catalogue import Candidate, Catalogue, Company, CompanyName, candidate_json, candidate_line, load


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def ids(catalogue: Catalogue, text: str, market: str = "TW") -> list[str]:
    return [candidate.company.id for candidate in catalogue.lookup(text, market)]


def test_a_bare_code_gives_all_markets_with_the_readers_own_first(catalogue: Catalogue) -> None:
    assert ids(catalogue, "2317") == ["foxconn", "vedan", "systena"]
    assert ids(catalogue, "2317", "HK")[0] == "vedan"
    assert ids(catalogue, "2317", "JP")[0] == "systena"
    assert [candidate.matched for candidate in catalogue.lookup("2317")] == ["2317.TW", "2317.HK", "2317.T"]


@pytest.mark.parametrize("text", ["2317.TW", "2317-TW", "TWSE:2317", "TPE: 2317", "2317 TT", "(2317.tw)"])
def test_a_code_with_its_market_is_one_company(catalogue: Catalogue, text: str) -> None:
    assert ids(catalogue, text) == ["foxconn"]
    assert catalogue.lookup(text)[0].how == "ticker"
    found = catalogue.resolve(text)
    assert found is not None
    assert found.id == "foxconn"


@pytest.mark.parametrize(
    "text",
    [
        "鴻海",
        "鸿海",
        "ホンハイ",
        "ﾎﾝﾊｲ",
        "foxconn",
        "ＦＯＸＣＯＮＮ",
        "hon-hai",
        "HonHai",
        "富士康",
        "Foxconn Co., Ltd.",
        "鴻海股份有限公司",
    ],
)
def test_a_name_is_found_in_any_script_and_spelling(catalogue: Catalogue, text: str) -> None:
    assert ids(catalogue, text)[0] == "foxconn"
    assert catalogue.lookup(text)[0].how == "name"


def test_display_names_beat_other_names_and_names_beat_foreign_tickers(catalogue: Catalogue) -> None:
    assert catalogue.lookup("Foxconn")[0].score > catalogue.lookup("Hon Hai")[0].score
    assert catalogue.lookup("Hon Hai")[0].score > catalogue.lookup("2317", "KR")[0].score


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Foxcon", "foxconn"),
        ("Foxcom", "foxconn"),
        ("Taiwpower", "taipower"),
        ("Genius Electric Optical", "gseo"),
        ("Delta Electornics", "delta-electronics"),
    ],
)
def test_a_slip_is_asked_back(catalogue: Catalogue, typed: str, meant: str) -> None:
    first = catalogue.lookup(typed)[0]
    assert (first.company.id, first.how) == (meant, "typo")
    assert candidate_line(first).startswith("did you mean ")
    assert catalogue.resolve(typed) is None


def test_a_beginning_is_completed(catalogue: Catalogue) -> None:
    first = catalogue.lookup("Genius Elec")[0]
    assert (first.company.id, first.how, first.matched) == ("gseo", "prefix", "Genius Electronic Optical")


@pytest.mark.parametrize(
    "text", ["", "   ", "zzqxv", "完全沒有這家", "99999999", "!!!", "\x00", "𠀀" * 300, "a" + " " * 100_000 + "b"]
)
def test_the_unknown_gives_nothing(catalogue: Catalogue, text: str) -> None:
    assert catalogue.lookup(text) == []
    assert catalogue.resolve(text) is None


def test_the_limit_holds(catalogue: Catalogue) -> None:
    assert len(catalogue.lookup("a", limit=3)) <= 3
    assert len(catalogue.lookup("first", limit=3)) == 3
    assert catalogue.lookup("first", limit=0) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Foxconn", "foxconn"),
        ("TSMC", "tsmc"),
        ("台积电", "tsmc"),
        ("apple", "apple"),
        ("Apple Inc.", "apple"),
        ("$AAPL", "apple"),
        ("NASDAQ:AAPL", "apple"),
        ("Delta", None),
        ("台電", None),
        ("2317", None),
        ("AAPL", None),
        ("Foxcon", None),
        ("Memory", None),
    ],
)
def test_resolve_speaks_only_without_doubt(catalogue: Catalogue, text: str, expected: str | None) -> None:
    found = catalogue.resolve(text)
    assert (found.id if found else None) == expected


def test_a_us_code_is_enough_for_a_us_reader(catalogue: Catalogue) -> None:
    found = catalogue.resolve("AAPL", "US")
    assert found is not None
    assert found.id == "apple"
    assert catalogue.resolve("all", "US") is None


def test_by_id_and_by_ticker(catalogue: Catalogue) -> None:
    company = catalogue.by_id("foxconn")
    assert company is not None
    assert catalogue.by_ticker("2317.TW") == company
    assert catalogue.by_id("nobody") is None
    assert catalogue.by_ticker("2317") is None


def test_display_follows_the_language(catalogue: Catalogue) -> None:
    company = catalogue.by_id("foxconn")
    assert company is not None
    assert company.display("zh-TW") == "鴻海"
    assert company.display("ja") == "鴻海精密工業"
    assert company.display("en") == company.display("xx") == "Foxconn"


def test_json_has_the_contracts_shape(catalogue: Catalogue) -> None:
    shape = candidate_json(catalogue.lookup("台電")[0])
    assert shape["id"] == "taipower"
    assert shape["name"] == "Taipower"
    safe = shape["safe"]
    assert isinstance(safe, dict)
    assert list(safe) == shape["names"]
    assert safe["Taipower"] is True
    assert safe["台電"] is False
    assert shape["tickers"] == []


def test_a_line_is_one_line_and_marks_the_unsafe() -> None:
    names = (
        CompanyName("Wobble Works", "en", True),
        CompanyName("晃動", "zh-TW", False),
        CompanyName("晃動", "zh-CN", False),
    )
    company = Company("wobble", "Wobble Works", names, ("9999.HK",))
    found = Candidate(company, "Wobble Works", "name", 1.0)
    assert candidate_line(found) == "wobble · Wobble Works, 晃動? · 9999.HK"
    begun = Candidate(company, "Wobble Works", "prefix", 0.5)
    assert candidate_line(begun) == "wobble · Wobble Works, 晃動? · 9999.HK (Wobble Works begins so)"
    many = Company("many", "N0", tuple(CompanyName(f"N{number}", "en", True) for number in range(11)))
    assert candidate_line(Candidate(many, "N0", "name", 1.0)) == "many · N0, N1, N2, N3, N4, N5, N6, N7 +3"


def test_companies_of_the_exchanges_are_there_too(catalogue: Catalogue) -> None:
    assert ids(catalogue, "1301")[0] == "tw-1301" or catalogue.by_ticker("1301.TW") is not None
    assert catalogue.by_ticker("BRK.B") is not None
    assert catalogue.by_ticker("MMM") is not None
    assert len(catalogue) > 3500
    assert sum(1 for _ in catalogue.companies()) == len(catalogue)
