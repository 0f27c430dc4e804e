"""The hand-kept overlay is as large and as varied as it must be, counted."""

from collections import Counter
from pathlib import Path

from watchbot.catalogue import Company, load
from watchbot.catalogue.overlay import read_files

OVERLAY = Path(__file__).parents[3] / "watchbot" / "catalogue" / "overlay"


def curated() -> list[Company]:
    """The hand-kept companies."""
    return [company for company in load().companies() if company.curated]


def test_at_least_four_hundred_different_companies_and_bodies() -> None:
    companies = curated()
    assert len(companies) >= 400
    assert len({company.id for company in companies}) == len(companies)
    assert len({frozenset(name.text for name in company.names) for company in companies}) == len(companies)
    assert sum(company.kind == "body" for company in companies) >= 50


def test_names_come_in_every_language_of_the_beat() -> None:
    languages = Counter(language for company in curated() for language in {name.lang for name in company.names})
    assert languages["en"] >= 400
    for language in ("zh-TW", "zh-CN", "ja"):
        assert languages[language] >= 300, language


def test_every_sector_of_the_issue_has_its_file() -> None:
    files = {path.stem for path in OVERLAY.glob("*.yaml")}
    assert len(files) >= 12
    entries, problems = read_files(sorted(OVERLAY.glob("*.yaml")))[:2]
    assert not problems
    assert len(entries) >= 400
