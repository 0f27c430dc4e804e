"""Which companies an item names: the catalogue's safe names and what the watchlists call companies, for stories."""

from collections.abc import Iterable

from watchbot.catalogue.companies import Company
from watchbot.model.match import Match
from watchbot.model.watch import Kind, Watchlist
from watchbot.stories.companies import CompanyTagger

NAMING = (Kind.NAME, Kind.ALIAS, Kind.TICKER, Kind.FUZZY)


class Naming:
    """One token a company, whatever it is called. Watches that leave are not forgotten: their names stay true."""

    def __init__(self, companies: Iterable[Company] = ()) -> None:
        """Know the catalogue."""
        self.tagger = CompanyTagger((company.id, company.safe_names()) for company in companies)
        self._owners: dict[tuple[str, str], str] = {}

    def add(self, watchlist: Watchlist) -> None:
        """Know what a watchlist calls companies; subjects with keywords only are none."""
        for watch in watchlist.watches:
            names = (*watch.names, *watch.aliases)
            if names:
                owner = watch.company or f"watch:{watch.label}"
                self._owners[watchlist.key, watch.id] = self.tagger.add(owner, names)

    def companies_in(self, matches: Iterable[Match]) -> frozenset[str]:
        """The companies whose names (not only keywords) matched."""
        named = (match for match in matches if any(span.kind in NAMING for span in match.spans))
        keys = ((match.watchlist, match.watch) for match in named)
        return frozenset(self._owners[key] for key in keys if key in self._owners)
