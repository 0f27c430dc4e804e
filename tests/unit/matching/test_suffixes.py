"""Legal forms: what is taken off a name, what never is, and the token sequences for the text."""

import pytest

from watchbot.matching.suffixes import PREFIX_TOKENS, SUFFIX_TOKENS, base
from watchbot.text import words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hon Hai Precision Industry Co., Ltd.", "Hon Hai Precision Industry"),
        ("Hon Hai Precision Industry Co.,Ltd.", "Hon Hai Precision Industry"),
        ("HON HAI PRECISION INDUSTRY CO LTD", "HON HAI PRECISION INDUSTRY"),
        ("NVIDIA Corporation", "NVIDIA"),
        ("JPMorgan Chase & Co.", "JPMorgan Chase"),
        ("The Coca-Cola Company", "Coca-Cola"),
        ("ASML Holding N.V.", "ASML"),
        ("Alibaba Group Holding Limited", "Alibaba"),
        ("Merck KGaA", "Merck"),
        ("Ferrari S.p.A.", "Ferrari"),
        ("Novo Nordisk A/S", "Novo Nordisk"),
        ("Infineon Technologies AG", "Infineon Technologies"),
        ("Genting Bhd", "Genting"),
        ("Foxlink (Holdings) Pte. Ltd.", "Foxlink"),
        ("鴻海精密工業股份有限公司", "鴻海精密工業"),
        ("鸿海精密工业股份有限公司", "鸿海精密工业"),
        ("騰訊控股有限公司", "騰訊"),
        ("台塑集團", "台塑"),
        ("トヨタ自動車株式会社", "トヨタ自動車"),
        ("株式会社東芝", "東芝"),
        ("㈱日立製作所", "日立製作所"),
        ("日立製作所（株）", "日立製作所"),
        ("ソフトバンクグループ株式会社", "ソフトバンク"),
        ("富士通ホールディングス", "富士通"),
        ("삼성전자 주식회사", "삼성전자"),
        ("삼성전자(주)", "삼성전자"),
    ],
)
def test_base(name: str, expected: str) -> None:
    assert base(name, words.load()) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Apple Inc.",
        "Block, Inc.",
        "Sea Limited",
        "HP Inc.",
        "SK Group",
        "Arm Holdings",
        "The Gap",
        "Costco",
        "Inc",
        "Co., Ltd.",
        "",
        "Nvidia",
        "元公司",
        "Pegasus",
        "Cisco",
        "  ",
        "Disco",
    ],
)
def test_too_little_would_be_left(name: str) -> None:
    assert base(name, words.load()) == name


def test_twice_is_once() -> None:
    for name in ("Alibaba Group Holding Limited", "ASML Holding N.V.", "騰訊控股有限公司", "The Coca-Cola Company"):
        assert base(base(name, words.load()), words.load()) == base(name, words.load())


def test_tokens_are_folded_longest_first() -> None:
    wanted = {("co", "ltd"), ("n", "v"), ("gmbh",), tuple("集团"), tuple("股份有限公司"), tuple("グループ")}
    assert wanted <= set(SUFFIX_TOKENS)
    assert {tuple("株式会社"), ("株",)} <= set(PREFIX_TOKENS)
    assert ("株",) not in SUFFIX_TOKENS  # トヨタ株 are Toyota's shares
    assert [len(tokens) for tokens in SUFFIX_TOKENS] == sorted((len(t) for t in SUFFIX_TOKENS), reverse=True)
    assert all(token == token.lower() for tokens in SUFFIX_TOKENS + PREFIX_TOKENS for token in tokens)
    assert tuple("科技") not in SUFFIX_TOKENS


def test_hostile_names_are_quick() -> None:
    for name in (" " * 20_000 + "x", "Co., " * 5_000, "公司" * 5_000, "(" * 20_000):
        assert len(base(name, words.load())) <= len(name)
