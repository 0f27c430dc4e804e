"""Helpers: write configuration files into a temporary folder and read them back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from watchbot.catalogue.companies import Candidate, Company, CompanyName
from watchbot.config import load, load_watchlists
from watchbot.model.errors import ConfigError


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file below the temporary folder."""

    def _write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


@pytest.fixture
def daemon_problems(write) -> Callable[..., list[str]]:
    """What is wrong with a watchbot.yaml: `line:column: message` each."""

    def _problems(text: str | bytes, environ: dict[str, str] | None = None, companies: object = None) -> list[str]:
        path = write("watchbot.yaml", text)
        with pytest.raises(ConfigError) as caught:
            load(path, environ or {}, companies)
        folder = str(path.parent) + "/"
        return [str(one).removeprefix(folder).removeprefix("watchbot.yaml:") for one in caught.value.problems]

    return _problems


@pytest.fixture
def list_problems(write) -> Callable[..., list[str]]:
    """What is wrong with a watchlist file: `line:column: message` each."""

    def _problems(text: str | bytes, companies: object = None) -> list[str]:
        path = write("list.yaml", text)
        with pytest.raises(ConfigError) as caught:
            load_watchlists(path, companies, {})
        return [str(one).removeprefix(f"{path}:") for one in caught.value.problems]

    return _problems


@pytest.fixture
def watch(write) -> Callable[..., object]:
    """The one watch of a watchlist file, given as the lines below `watches:`."""

    def _watch(text: str, companies: object = None, environ: dict[str, str] | None = None) -> object:
        lists = load_watchlists(write("list.yaml", "watches:\n" + text), companies, environ or {})
        assert len(lists) == 1
        assert len(lists[0].watches) == 1
        return lists[0].watches[0]

    return _watch


class FakeCatalogue:
    """Three companies: one plain, two that share a code."""

    foxconn = Company(
        "foxconn",
        "Foxconn",
        (CompanyName("Foxconn", "en", True), CompanyName("鴻海", "zh-TW", True), CompanyName("富士康", "zh-CN", True)),
        ("2317.TW", "HNHPF"),
    )
    apple = Company(
        "apple", "Apple", (CompanyName("Apple", "en", False), CompanyName("Apple Inc", "en", True)), ("AAPL",)
    )
    systena = Company("systena", "Systena", (CompanyName("Systena", "en", True),), ("2317.T",))

    def resolve(self, text: str) -> Company | None:
        """By name, any case."""
        for company in (self.foxconn, self.apple, self.systena):
            if text.lower() in [name.text.lower() for name in company.names]:
                return company
        return None

    def lookup(self, text: str, market: str = "TW") -> list[Candidate]:
        """By the code of a ticker."""
        found = [company for company in (self.foxconn, self.systena) if company.tickers[0].startswith(text)]
        return [Candidate(company, text, "ticker", 0.9) for company in found]


@pytest.fixture
def catalogue() -> FakeCatalogue:
    """A small catalogue."""
    return FakeCatalogue()
