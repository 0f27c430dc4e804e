"""Which feeds there are to ask: the configured ones, those of OPML files, and one a watched company for every search.

settings + watchlists -> specs: the sources as the database knows them, without any secret
settings + watchlists -> secrets: how those are really asked whose address, headers or proxy it must not hold
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from watchbot.model.records import SourceSpec
from watchbot.model.settings import Settings, SourceSettings
from watchbot.model.watch import Watchlist
from watchbot.pipeline.questions import NamesOf, asked_companies
from watchbot.text.secrets import without_secrets

QUERY = "{query}"


@dataclass(frozen=True, slots=True)
class Access:
    """How a source is really asked: its whole address, the headers for its own host, the proxy or ""."""

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str = field(default="", repr=False)

    def is_pinned(self, stored: str) -> bool:
        """Whether the source, stored as this address, has keys: they are for nobody but its own host."""
        return bool(self.headers) or self.url != stored

    def place(self, stored: str, location: str) -> str:
        """Where it is asked: where a permanent redirect led for good (`location`), if it may follow one."""
        return self.url if self.is_pinned(stored) or not location else location


def specs(
    settings: Settings, watchlists: Iterable[Watchlist], names_of: NamesOf | None = None
) -> tuple[SourceSpec, ...]:
    """Every source there is to ask, each with a name of its own.

    `watchlists` are all there are, those made in chats too: a search is asked for the companies in them. `names_of`
    gives the names of a catalogue company, for `company:` in a query.
    """
    return tuple(spec for spec, _access in _all(settings, watchlists, names_of))


def secrets(settings: Settings, watchlists: Iterable[Watchlist], names_of: NamesOf | None = None) -> dict[str, Access]:
    """By stored address: how a source is asked. A source that is not in it is asked at its address, without more."""
    return {
        spec.address: access
        for spec, access in _all(settings, watchlists, names_of)
        if access.url != spec.address or access.headers or access.proxy
    }


def counts(settings: Settings, watchlists: Iterable[Watchlist], names_of: NamesOf | None = None) -> dict[str, int]:
    """How many feeds each OPML file and each search became, by its name."""
    found = Counter(spec.family for spec, _access in _all(settings, watchlists, names_of))
    return {entry.name: found[entry.name] for entry in settings.sources if entry.kind in ("opml", "search")}


def _all(
    settings: Settings, watchlists: Iterable[Watchlist], names_of: NamesOf | None
) -> Iterator[tuple[SourceSpec, Access]]:
    """Every source. One address is asked once, whatever names it: an entry of its own goes before a list or search."""
    lists = tuple(watchlists)
    single = [entry for entry in settings.sources if entry.kind in ("feed", "folder")]
    taken = {entry.name for entry in settings.sources}
    known = {without_secrets(entry.address) for entry in single}
    for entry in single:
        access = Access(entry.address, dict(entry.headers), entry.proxy)
        yield _spec(entry, entry.name, entry.address, title_from_feed=entry.title_from_feed), access
    for entry in settings.sources:
        made = _of_opml(entry) if entry.kind == "opml" else _of_search(entry, lists, names_of)
        for spec, access in made:
            if spec.address in known:
                continue
            known.add(spec.address)
            name = free_name(spec.name, taken)
            taken.add(name)
            yield replace(spec, name=name), access


def _of_opml(entry: SourceSettings) -> Iterator[tuple[SourceSpec, Access]]:
    """The feeds of an OPML file; one without a title there is named by its own."""
    for outline in entry.outlines:
        name = outline.title or without_secrets(outline.xml_url)
        spec = _spec(entry, name, outline.xml_url, not outline.title, entry.name, outline.folder)
        yield spec, Access(outline.xml_url, dict(entry.headers), entry.proxy)


def _of_search(
    entry: SourceSettings, watchlists: tuple[Watchlist, ...], names_of: NamesOf | None
) -> Iterator[tuple[SourceSpec, Access]]:
    """A search as one feed a company, over all watchlists that may see it."""
    if entry.kind != "search":
        return
    seeing = [one for one in watchlists if one.sources is None or entry.name in one.sources]
    for company in asked_companies(seeing, names_of):
        address = entry.address.replace(QUERY, quote(company.question, safe=""))
        spec = _spec(entry, f"{entry.name}: {company.label}", address, family=entry.name)
        yield spec, Access(address, dict(entry.headers), entry.proxy)


def _spec(
    entry: SourceSettings,
    name: str,
    address: str,
    title_from_feed: bool = False,
    family: str = "",
    folder: str = "",
) -> SourceSpec:
    """One source as the database knows it."""
    return SourceSpec(
        name=name,
        kind="folder" if entry.kind == "folder" else "feed",
        address=without_secrets(address),
        every=entry.every,
        max_age=entry.max_age,
        title_from_feed=title_from_feed,
        family=family,
        folder=folder,
    )


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, numbered where it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
