"""Users' own company files, and the rules every hand-kept file must keep."""

from pathlib import Path

import pytest

from watchbot.catalogue import load
from watchbot.catalogue.check import check
from watchbot.model.errors import ConfigError


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(folder: Path, text: str) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in check([write(folder, text)])]


ONE = """companies:
  - id: {id}
    names: {{en: [{en}]}}
"""


def test_an_own_company_is_found_like_any_other(tmp_path: Path) -> None:
    text = """
companies:
  - id: wobble-works
    names:
      en: [Wobble Works, NO]
      zh-TW: [晃動工業]
    former: [Shakewell Industries]
    trade: [ワブル]
    unsafe: [NO]
    tickers: [9797.HK]
"""
    catalogue = load([write(tmp_path, text)])
    for query in ("wobbleworks", "晃动工业", "Shakewell Industries", "ワブル", "9797.HK"):
        assert catalogue.lookup(query)[0].company.id == "wobble-works", query
    company = catalogue.by_id("wobble-works")
    assert company is not None
    assert company.safe_names() == ("Wobble Works", "晃動工業", "Shakewell Industries", "ワブル")
    assert [(name.lang, name.kind) for name in company.names[-2:]] == [("en", "former"), ("ja", "trade")]
    assert catalogue.by_id("foxconn") == load().by_id("foxconn")


def test_a_known_id_corrects_the_built_in_company(tmp_path: Path) -> None:
    text = "companies: [{id: foxconn, names: {en: [Foxconn, Foxconn Group Own]}, tickers: [2317.TW]}]"
    catalogue = load([write(tmp_path, text)])
    company = catalogue.by_id("foxconn")
    assert company is not None
    assert company.safe_names() == ("Foxconn", "Foxconn Group Own")
    assert catalogue.by_ticker("2317.TW") == company
    assert "foxconn" not in [candidate.company.id for candidate in catalogue.lookup("ホンハイ")]
    assert len(catalogue) == len(load())


def test_an_own_company_absorbs_the_exchanges_row(tmp_path: Path) -> None:
    before = next(company for company in load().companies() if not company.curated and company.tickers)
    text = ONE.format(id="my-own-share", en="Zzyzx Holdings") + f"    tickers: [{before.tickers[0]}]\n"
    catalogue = load([write(tmp_path, text)])
    found = catalogue.by_ticker(before.tickers[0])
    assert found is not None
    assert found.id == "my-own-share"
    assert catalogue.by_id(before.id) is None


def test_a_hand_kept_companys_ticker_and_names_are_not_taken_by_accident(tmp_path: Path) -> None:
    text = ONE.format(id="my-foxconn", en="Foxconn") + "    tickers: [2317.TW]\n"
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load([path])
    problems = [(problem.line, problem.column, problem.message) for problem in caught.value.problems]
    assert problems[0][:2] == (3, 18)
    assert "Foxconn is a name of foxconn too" in problems[0][2]
    assert problems[1][:2] == (4, 15)
    assert "correct it under that id" in problems[1][2]


def test_a_name_listed_as_safe_is_taken_over(tmp_path: Path) -> None:
    text = ONE.format(id="my-tsmc", en="TSMC") + "    safe: [TSMC]\n"
    catalogue = load([write(tmp_path, text)])
    found = catalogue.resolve("tsmc")
    assert found is not None
    assert found.id == "my-tsmc"
    built_in = catalogue.by_id("tsmc")
    assert built_in is not None
    assert "TSMC" not in built_in.safe_names()
    fresh = load().resolve("tsmc")
    assert fresh is not None
    assert fresh.id == "tsmc"


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    first = write(tmp_path, "companies: [", "one.yaml")
    second = write(tmp_path, "companys: []\n", "two.yaml")
    with pytest.raises(ConfigError) as caught:
        load([first, second, tmp_path / "none.yaml"])
    text = str(caught.value)
    assert "one.yaml:" in text
    assert "two.yaml:1:1: unknown key `companys`; did you mean `companies`?" in text
    assert "none.yaml:0:0: cannot be read" in text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "    tickers: [TWSE:2317]\n",
            "mine.yaml:4:15: ticker `TWSE:2317` is not in the canonical form; write 2317.TW",
        ),
        ("    tickers: [700.HK]\n", "mine.yaml:4:15: ticker `700.HK` is not in the canonical form; write 0700.HK"),
        ("    unsafe: [Wobbly]\n", "mine.yaml:4:14: Wobbly is marked, but is no name of wobble"),
        ("    kind: firm\n", "mine.yaml:4:11: kind `firm`: company or body"),
        ("    ticker: [AAPL]\n", "mine.yaml:4:5: unknown key `ticker`; did you mean `tickers`?"),
        ("    tickers: {a: b}\n", "mine.yaml:4:14: expected a list, not a mapping"),
        ("    trade: ['']\n", "mine.yaml:4:13: expected a text, not an empty text"),
        ("    id: again\n", "mine.yaml:4:5: `id` stands here twice"),
        ("    trade: [*a]\n", "mine.yaml:4:13: aliases (*name) are not taken here; write the value out"),
    ],
)
def test_mistakes_are_told_at_their_place(tmp_path: Path, body: str, expected: str) -> None:
    assert told(tmp_path, ONE.format(id="wobble", en="Wobble Works") + body) == [expected]


@pytest.mark.parametrize(
    ("language", "name", "expected"),
    [
        ("zh-CN", "鴻海精密", "鴻海精密 is listed as zh-CN, but 鴻 is a traditional character"),
        ("zh-TW", "鸿海精密", "鸿海精密 is listed as zh-TW, but 鸿 is a simplified character"),
        ("en", "鴻海精密", "鴻海精密 is listed as en, but 鴻 is a Chinese character"),
        ("zh-TW", "ホンハイ", "ホンハイ is listed as zh-TW, but ホ is kana"),
        ("ja", "폭스콘", "폭스콘 is listed as ja, but 폭 is Korean"),
        ("ko", "ホンハイ", "ホンハイ is listed as ko, but ホ is kana"),
    ],
)
def test_names_stand_in_the_script_of_their_language(tmp_path: Path, language: str, name: str, expected: str) -> None:
    lists = f"en: [Wobble Works, {name}]" if language == "en" else f"en: [Wobble Works], {language}: [{name}]"
    lines = told(tmp_path, f"companies:\n  - id: wobble\n    names: {{{lists}}}\n")
    assert len(lines) == 1
    assert lines[0].endswith(expected)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("鴻海", "only two characters"),
        ("Target", "a dictionary word"),
        ("HP", "fewer than three letters"),
        ("Kimberly", "a person's name"),
        ("Houston", "a place's name"),
        ("First National", "made of words that many names are made of"),
        ("台灣大", "an everyday word"),
        ("1101", "only digits"),
    ],
)
def test_doubtful_names_must_be_marked_one_way_or_the_other(tmp_path: Path, name: str, why: str) -> None:
    text = f"companies:\n  - id: wobble\n    names: {{en: [Wobble Works]}}\n    trade: [{name}]\n"
    assert len(told(tmp_path, text)) == 1
    assert f"{name} is {why}" in told(tmp_path, text)[0]
    assert told(tmp_path, text + f"    unsafe: [{name}]\n") == []
    assert told(tmp_path, text + f"    safe: [{name}]\n") == []
    both = told(tmp_path, text + f"    safe: [{name}]\n    unsafe: [{name}]\n")
    assert [line.split(": ", 1)[1] for line in both] == [f"{name} is marked both safe and unsafe"]


@pytest.mark.parametrize(
    "name", ["Foxconn", "ARM", "Best Buy", "Western Digital", "台積電", "世芯-KY", "ホンハイ", "Hon Hai"]
)
def test_names_that_tell_need_no_mark(tmp_path: Path, name: str) -> None:
    text = f"companies:\n  - id: wobble\n    names: {{en: [Wobble Works]}}\n    trade: [{name}]\n"
    assert told(tmp_path, text) == []


def test_a_name_belongs_to_one_company(tmp_path: Path) -> None:
    text = ONE.format(id="one", en="Wobble Works") + ONE.format(id="two", en="WobbleWorks").removeprefix("companies:\n")
    assert told(tmp_path, text) == [
        "mine.yaml:5:18: WobbleWorks is a name of one too (Wobble Works): "
        "list it under `unsafe` in one of the two, or in both"
    ]
    assert told(tmp_path, text + "    unsafe: [Wobble Works]\n") == []


def test_ids_and_tickers_belong_to_one_company_and_english_is_needed(tmp_path: Path) -> None:
    text = """companies:
  - {id: one, names: {en: [Wobble Works]}, tickers: [1234.HK]}
  - {id: one, names: {en: [Dangle Works]}}
  - {id: Two!, names: {zh-TW: [晃動工業]}, tickers: [1234.HK]}
  - {names: {en: [Nobody]}}
  - just text
"""
    lines = told(tmp_path, text)
    assert any("3:10: id `one` is taken already" in line for line in lines)
    assert any("4:10: id `Two!`: only a-z" in line for line in lines)
    assert any("Two! has no English name" in line for line in lines)
    assert any("ticker `1234.HK` belongs to one already" in line for line in lines)
    assert any("5:5: a company without `id`" in line for line in lines)
    assert any("6:5: a company must be a mapping, not a text" in line for line in lines)


def test_taiwan_codes_are_checked_against_the_exchange(tmp_path: Path) -> None:
    text = """companies:
  - id: one
    names: {en: [Wobble Works], zh-TW: [晃動工業]}
    tickers: [1234.TW, 5678.TW, 4321.TW]
"""
    official = {"1234": ("TWO", "晃動工業"), "5678": ("TW", "別家工業")}
    lines = [problem.message for problem in check([write(tmp_path, text)], official)]
    assert lines == [
        "1234.TW: the exchange has it as 1234.TWO",
        "5678.TW is 別家工業 there: add that to the zh-TW names",
        "4321.TW: the exchange lists no share 4321",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"a: &a [*a, *a]\nb: *a\n",
        b"\xff\xfe\x00",
        b"companies:\n\t- id: x\n",
        b"companies: [{id: x, names: {en: [\x01]}}]",
        b"--- 1\n--- 2\n",
        b"companies: 7",
        b"- a\n- b\n",
        b"? [a]\n: b\n",
        b"companies:\n  - id: [x]\n",
        b"companies:\n  - id: x\n",
        b"companies:\n  - id: x\n    names: {en: {a: b}, xx: [q]}\n",
    ],
)
def test_no_file_does_more_than_be_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(data)
    assert check([path])
    with pytest.raises(ConfigError):
        load([path])


@pytest.mark.parametrize("data", [b"", b"# nothing yet\n", b"companies: []\n"])
def test_an_empty_file_is_fine(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "empty.yaml"
    path.write_bytes(data)
    assert check([path]) == []
    assert len(load([path])) == len(load())
