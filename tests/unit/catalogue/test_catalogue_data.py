"""The built data as a whole, and the hand-kept files it is built from."""

from collections import defaultdict
from importlib.resources import files

import pytest

from watchbot.catalogue import Catalogue, load
from watchbot.catalogue.check import check
from watchbot.catalogue.keys import key
from watchbot.catalogue.rows import pack, row_of, unpack
from watchbot.catalogue.tickers import is_canonical


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def test_the_overlay_keeps_its_rules_and_agrees_with_the_taiwan_exchanges() -> None:
    pytest.importorskip("twstock", reason="dependency group `data` is not installed")
    from tools.build_catalogue import overlay_files, taiwan_shares

    assert [str(problem) for problem in check(overlay_files(), taiwan_shares())] == []


def test_the_data_file_is_what_the_builder_makes() -> None:
    pytest.importorskip("twstock", reason="dependency group `data` is not installed")
    pytest.importorskip("pytickersymbols", reason="dependency group `data` is not installed")
    from tools.build_catalogue import TARGET, build

    assert build() == TARGET.read_bytes(), "run python -m tools.build_catalogue"


def test_no_name_is_safe_in_two_companies(catalogue: Catalogue) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for company in catalogue.companies():
        for name in company.names:
            if name.safe:
                owners[key(name.text)].add(company.id)
    assert {folded: ids for folded, ids in owners.items() if len(ids) > 1} == {}


def test_no_name_is_safe_in_one_spelling_and_unsafe_in_another(catalogue: Catalogue) -> None:
    for company in catalogue.companies():
        by_key: dict[str, set[bool]] = defaultdict(set)
        for name in company.names:
            by_key[key(name.text)].add(name.safe)
        assert all(len(flags) == 1 for flags in by_key.values()), company.id


def test_ids_and_tickers_are_unique_and_well_formed(catalogue: Catalogue) -> None:
    owner: dict[str, str] = {}
    ids = [company.id for company in catalogue.companies()]
    assert len(ids) == len(set(ids))
    for company in catalogue.companies():
        assert company.names
        for ticker in company.tickers:
            assert is_canonical(ticker), ticker
            assert owner.setdefault(ticker, company.id) == company.id, ticker


def test_two_character_names_from_the_exchange_are_unsafe(catalogue: Catalogue) -> None:
    loose = [
        name.text
        for company in catalogue.companies()
        if not company.curated
        for name in company.names
        if name.safe and len(name.text) < 3
    ]
    assert loose == []


def test_every_name_finds_its_company(catalogue: Catalogue) -> None:
    for company in list(catalogue.companies())[::37]:
        for name in company.names:
            assert company in [candidate.company for candidate in catalogue.lookup(name.text, limit=20)], name.text


def test_packing_is_deterministic_and_turns_back(catalogue: Catalogue) -> None:
    rows = [row_of(company) for company in catalogue.companies()]
    packed = pack(rows)
    assert packed == pack(rows)
    again, index = unpack(packed)
    assert again == rows
    assert (0, 0) in index[key(rows[0].names[0].text)]


def test_the_file_is_small_and_tells_nothing_of_the_machine() -> None:
    data = files("watchbot.catalogue").joinpath("data", "catalogue.json.gz").read_bytes()
    assert len(data) < 1_000_000
    assert data[3] == 0  # no file name in the gzip header
    assert data[4:8] == b"\0\0\0\0"  # no time of building
