"""The catalogue itself: built data in, answers out.

The data file carries its own index (folded name -> company and name), so that loading folds nothing and makes no
Company before somebody asks for it. Own files come on top: an entry with a known id replaces the built-in one.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from watchbot.catalogue.companies import Candidate, Company, How
from watchbot.catalogue.keys import is_han, key
from watchbot.catalogue.rows import Index, Row, unpack
from watchbot.catalogue.rules import bare_form
from watchbot.catalogue.tickers import at_home, canonical, spellings

DATA = "catalogue.json.gz"
LONGEST = 200  # no name is longer; what is longer is not folded or searched at all

# Row -> why it is an answer: score, the name or ticker found, and how.
Found = dict[int, tuple[float, str, How]]


class Catalogue:
    """All companies, found by name, ticker or id. Made by `load()`."""

    def __init__(self, rows: list[Row], index: Index) -> None:
        """`index` maps a folded name to pairs: the row, and the name in it."""
        self._rows = rows
        self._index = index
        self._companies: dict[int, Company] = {}
        self._ids = {row.id: place for place, row in enumerate(rows)}
        self._tickers: dict[str, int] | None = None
        self._sorted: list[str] | None = None

    def __len__(self) -> int:
        """How many companies there are."""
        return len(self._rows)

    def companies(self) -> Iterator[Company]:
        """Every company, hand-kept ones first."""
        return (self._company(place) for place in range(len(self._rows)))

    def by_id(self, identity: str) -> Company | None:
        """The company with this id."""
        place = self._ids.get(identity)
        return None if place is None else self._company(place)

    def by_ticker(self, ticker: str) -> Company | None:
        """The company with this canonical ticker."""
        place = self._by_ticker().get(ticker)
        return None if place is None else self._company(place)

    def resolve(self, text: str, market: str = "TW") -> Company | None:
        """The one company a text means without doubt: by a safe name of its own, or a ticker with its market.

        A bare code is never without doubt, whatever the reader's market, unless it is a US one and the market is US.
        """
        if len(text) > LONGEST:
            return None
        for form in dict.fromkeys((text, bare_form(text))):
            owners = {place for place, name in self._named(key(form)) if self._rows[place].names[name].safe}
            if len(owners) == 1:
                return self._company(owners.pop())
            if owners:
                return None
        ticker = canonical(text)
        if not ticker and market.upper() == "US":
            ticker = canonical(f"{text}.US") if text.isupper() else ""
        return self.by_ticker(ticker) if ticker else None

    def names_of(self, company: str) -> tuple[str, ...]:
        """What `company:` of a query asks: the safe names of the company with this id or name, () for none."""
        found = self.by_id(company) or self.resolve(company)
        return found.safe_names() if found else ()

    def lookup(self, text: str, market: str = "TW", limit: int = 10) -> list[Candidate]:
        """Whom a text may mean, the likeliest first; [] where nobody comes near.

        Exact name > ticker on the reader's market > other exact names > tickers elsewhere > prefix > spelling.
        """
        wanted = key(text) if len(text) <= LONGEST else ""
        if not wanted or limit < 1:
            return []
        found: Found = {}
        self._find_names(text, wanted, found)
        self._find_tickers(text, market, found)
        if len(found) < limit:
            self._find_prefixes(wanted, found)
        if not found:
            self._find_typos(wanted, limit, found)
        ranked = sorted(found.items(), key=lambda pair: self._rank(pair[0], pair[1][0], market))
        return [Candidate(self._company(place), matched, how, score) for place, (score, matched, how) in ranked[:limit]]

    def _rank(self, place: int, score: float, market: str) -> tuple[float, bool, bool, str]:
        """The order among candidates: score, then hand-kept ones, then those listed at home."""
        row = self._rows[place]
        return (-score, not row.curated, not any(at_home(ticker, market) for ticker in row.tickers), row.id)

    def _find_names(self, text: str, wanted: str, found: Found) -> None:
        """Exact names, display names before the others; then the same with the legal form left out."""
        for place, name in self._named(wanted):
            row = self._rows[place]
            score = 1.0 if row.displays(name) else 0.9 if row.names[name].safe else 0.88
            _keep(found, place, score, row.names[name].text, "name")
        bare = key(bare_form(text))
        if bare != wanted:
            for place, name in self._named(bare):
                _keep(found, place, 0.85, self._rows[place].names[name].text, "name")

    def _find_tickers(self, text: str, market: str, found: Found) -> None:
        """A ticker with its market, or a bare code on every market that has it."""
        tickers = self._by_ticker()
        full = canonical(text)
        if full in tickers:
            _keep(found, tickers[full], 0.98, full, "ticker")
        typed = text.strip().strip("()$")
        for order, ticker in enumerate(spellings(typed, market)):
            if ticker not in tickers:
                continue
            score = 0.95 if at_home(ticker, market) else 0.8 - order / 1000
            if typed.upper() != typed:
                score -= 0.4
            _keep(found, tickers[ticker], score, ticker, "ticker")

    def _find_prefixes(self, wanted: str, found: Found) -> None:
        """Names that go on where the text ends. Where only one letter is missing it was a slip."""
        if len(wanted) < 2:
            return
        ordered = self._ordered()
        for folded in ordered[bisect_left(ordered, wanted) :]:
            if not folded.startswith(wanted):
                break
            slip = len(wanted) >= 5 and len(folded) == len(wanted) + 1
            for place, name in self._named(folded) if folded != wanted else ():
                score = 0.5 + 0.1 * len(wanted) / len(folded)
                _keep(found, place, score, self._rows[place].names[name].text, "typo" if slip else "prefix")

    def _find_typos(self, wanted: str, limit: int, found: Found) -> None:
        """Names that were perhaps meant."""
        from watchbot.text.nearest import nearest

        least, cutoff = (3, 0.66) if any(is_han(char) for char in wanted) else (4, 0.75 if len(wanted) < 6 else 0.7)
        if len(wanted) < least or wanted.isdecimal():
            return
        slack = max(1, len(wanted) // 4)
        choices = [folded for folded in self._ordered() if abs(len(folded) - len(wanted)) <= slack]
        for order, folded in enumerate(nearest(wanted, choices, limit * 2, cutoff)):
            for place, name in self._named(folded):
                _keep(found, place, 0.45 - order / 100, self._rows[place].names[name].text, "typo")

    def _named(self, folded: str) -> list[tuple[int, int]]:
        """Row and name of everything that is called so."""
        return self._index.get(folded, [])

    def _ordered(self) -> list[str]:
        """All folded names in order."""
        if self._sorted is None:
            self._sorted = sorted(self._index)
        return self._sorted

    def _by_ticker(self) -> dict[str, int]:
        """Canonical ticker -> row."""
        if self._tickers is None:
            self._tickers = {ticker: place for place, row in enumerate(self._rows) for ticker in row.tickers}
        return self._tickers

    def _company(self, place: int) -> Company:
        """The company of a row, made when first asked for."""
        made = self._companies.get(place)
        if made is None:
            made = self._companies[place] = self._rows[place].company()
        return made


def _keep(found: Found, place: int, score: float, matched: str, how: How) -> None:
    """Remember the best reason for a company to be an answer."""
    if place not in found or found[place][0] < score:
        found[place] = (score, matched, how)


def load(own: Iterable[Path] = ()) -> Catalogue:
    """The built catalogue with the user's own companies on top; ConfigError where their files are wrong."""
    rows, index = unpack(files("watchbot.catalogue").joinpath("data", DATA).read_bytes())
    paths = list(own)
    if paths:
        from watchbot.catalogue.own import add_own

        rows, index = add_own(rows, index, paths)
    return Catalogue(rows, index)
