"""Raw text in, matches out. The path of an item:

    fields -fold, split-> scans -lexicon-> entries -exact.check-> hits (+ spelling guesses, + true queries)
           -longest-> -excludes, context-> -level-> one Match per watch

Most items end at the lexicon. What a rule stops is handed to `miss`, which does nothing unless someone asks why.
"""

from collections.abc import Callable, Iterable

from watchbot.matching import exclude, queries
from watchbot.matching.bright import Bright
from watchbot.matching.exact import Found, check, code_after, joined, locate
from watchbot.matching.guesses import Guesses
from watchbot.matching.level import judge
from watchbot.matching.lexicon import Lexicon
from watchbot.matching.resources import Resources, load
from watchbot.matching.scan import Scan
from watchbot.matching.terms import Entry, Record, entries
from watchbot.model.item import Item
from watchbot.model.match import Match, NearMiss, Span
from watchbot.model.watch import Kind, Level, Watch, Watchlist
from watchbot.text.fold import fold
from watchbot.text.tokens import split

# So many hits of one term are looked at in one field, so that no page can make matching slow.
PER_TERM = 64
MOST_SPANS = 200
MENTIONED = "only mentioned, and the watch asks for main subjects"
UNTRUE = "the query as a whole is not true of this item"
_FIELDS = {"title": 0, "body": 1, "url": 2}
_KINDS = {kind: place for place, kind in enumerate(Kind)}

NamesOf = Callable[[str], tuple[str, ...]]


def _nothing(_found: Found, _because: str) -> None:
    """Nobody asked why."""


class Matcher:
    """All watches of all watchlists. Not thread-safe: match and change it from one thread."""

    def __init__(self, resources: Resources | None = None, names_of: NamesOf | None = None) -> None:
        """`names_of` gives the names of a catalogue company for `company:` in queries, () for an unknown one."""
        self._words = (resources or load()).words
        self._names_of = names_of
        self._lexicon = Lexicon()
        self._guesses = Guesses(self._words)
        self._bright = Bright(self._lexicon, self._guesses)
        self._records: dict[str, dict[str, Record]] = {}
        self._with_urls = 0
        # Of watchlists with a query that asks for a company: folded name -> watches that go by it.
        self._by_name: dict[str, dict[str, list[Record]]] = {}
        # (watchlist, folded name) -> watches whose queries ask for it.
        self._asking: dict[tuple[str, str], list[Record]] = {}

    def add(self, watchlist: str, watch: Watch) -> None:
        """Enter a watch; one of the same id in the same watchlist is replaced. QueryError or InputError if wrong."""
        record = Record(watchlist, watch)
        own = list(entries(record, self._words))
        if watch.query:
            own += queries.prepare(record, self._words, self._company)
        record.entries = tuple(own)
        self.remove(watchlist, watch.id)
        self._records.setdefault(watchlist, {})[watch.id] = record
        if watchlist in self._by_name:
            _list(self._by_name[watchlist], record)
        self._enter(record)
        self._with_urls += watch.options.urls
        for name in record.companies:
            self._asking.setdefault((watchlist, _key(name)), []).append(record)
        self._refresh(record)

    def remove(self, watchlist: str, watch_id: str) -> None:
        """Take a watch out; one that is not there is ignored."""
        group = self._records.get(watchlist, {})
        record = group.pop(watch_id, None)
        if record is None:
            return
        if not group:
            del self._records[watchlist]
        known = self._by_name.get(watchlist, {})
        for own in _own_keys(record.watch) if known else ():
            known[own] = [one for one in known.get(own, ()) if one is not record]
        self._leave(record)
        self._with_urls -= record.watch.options.urls
        for name in record.companies:
            key = (watchlist, _key(name))
            rest = [one for one in self._asking.get(key, ()) if one is not record]
            if rest:
                self._asking[key] = rest
            else:
                self._asking.pop(key, None)
        self._refresh(record)

    def match(self, item: Item) -> list[Match]:
        """One match per watchlist and watch, in the order of their keys."""
        scans = self._scans(item)
        hits = self._hits(scans, _nothing)
        return self._matches(hits, scans, _nothing) if hits else []

    def near_misses(self, item: Item) -> list[NearMiss]:
        """The hits that a rule stopped, of watches that did not fire otherwise first, each with the rule in words."""
        misses: dict[tuple[str, str, Span, str], NearMiss] = {}

        def miss(found: Found, because: str) -> None:
            owner = found.entry.owner
            span = _span(found)
            misses.setdefault(
                (owner.watchlist, owner.watch.id, span, because),
                NearMiss(owner.watchlist, owner.watch.id, span, because),
            )

        scans = self._scans(item)
        matches = self._matches(self._hits(scans, miss), scans, miss)
        fired = {(match.watchlist, match.watch) for match in matches}
        told = {
            (match.watchlist, match.watch, span.field, at)
            for match in matches
            for span in match.spans
            for at in range(span.start, span.end)
        }
        return sorted(
            (one for one in misses.values() if (*_owner(one), one.span.field, one.span.start) not in told),
            key=lambda one: (
                (one.watchlist, one.watch) in fired,
                one.watchlist,
                one.watch,
                _FIELDS[one.span.field],
                one.span.start,
                one.because,
            ),
        )

    def _enter(self, record: Record) -> None:
        for entry in record.entries:
            self._lexicon.add(entry)
            self._guesses.enter(entry)
        self._bright.forget(record.entries)

    def _leave(self, record: Record) -> None:
        for entry in record.entries:
            self._lexicon.remove(entry)
            self._guesses.leave(entry)
        self._bright.forget(record.entries)

    def _company(self, record: Record, name: str) -> tuple[str, ...]:
        """All names of a watch of the same watchlist, else of a catalogue company."""
        known = self._by_name.get(record.watchlist)
        if known is None:
            known = self._by_name[record.watchlist] = {}
            for one in self._records.get(record.watchlist, {}).values():
                _list(known, one)
        for one in known.get(_key(name), ()):
            # Never the asking watch itself, whether it is entered yet or not.
            if one.watch.id != record.watch.id:
                return (*one.watch.names, *one.watch.aliases)
        return self._names_of(name) if self._names_of else ()

    def _refresh(self, changed: Record) -> None:
        """Work out again the queries that ask for a watch which came or went."""
        if not self._asking:
            return
        for key in _own_keys(changed.watch):
            for record in self._asking.get((changed.watchlist, key), ()):
                if record is changed:
                    continue
                self._leave(record)
                own = [entry for entry in record.entries if entry.kind is not Kind.QUERY]
                record.entries = (*own, *queries.prepare(record, self._words, self._company))
                self._enter(record)

    def _scans(self, item: Item) -> list[Scan]:
        scans = [Scan("title", item.title)] if item.title else []
        if item.body:
            scans.append(Scan("body", item.body))
        if self._with_urls and item.url:
            scans.append(Scan("url", item.url))
        return scans

    def _hits(self, scans: list[Scan], miss: exclude.Miss) -> list[Found]:
        hits: list[Found] = []
        asked: dict[Record, Found] = {}
        for scan in scans:
            places, guesses = self._bright.places(scan, every=miss is not _nothing)
            if not places and not guesses and "#" not in scan.folded.text:
                continue
            for found in self._candidates(scan, places):
                entry = found.entry
                if scan.field == "url" and not entry.owner.watch.options.urls:
                    continue
                if entry.kind is Kind.QUERY:
                    asked.setdefault(entry.owner, found)
                    continue
                because = check(found)
                code = code_after(found) if entry.owner.watch.tickers else None
                if code is not None:
                    hits.append(code)
                    because = ""
                if because:
                    miss(found, because)
                else:
                    hits.append(found)
            if guesses and scan.field != "url":
                hits.extend(self._guesses.look(scan))
        for record, first in asked.items():
            fields = scans if record.watch.options.urls else [scan for scan in scans if scan.field != "url"]
            true = queries.evaluate(record, fields)
            hits.extend(true)
            if not true:
                miss(first, UNTRUE)
        return hits

    def _candidates(self, scan: Scan, places: list[int]) -> list[Found]:
        """Everything that stands in the field, unchecked; hashtags of several words in one included."""
        pairs = self._lexicon.find(scan.tokens, places)
        if len(pairs) > PER_TERM:
            pairs = _at_most(pairs)
        found = [locate(entry, scan, place) for place, entry in pairs]
        for word, start, end in scan.hashtags()[:PER_TERM]:
            for entry in dict.fromkeys(entry for entry, _count in self._lexicon.parts(word)):
                if entry.kind in (Kind.NAME, Kind.ALIAS) and entry.signs is None:
                    found.append(joined(entry, scan, start, end))
        return found

    def _matches(self, hits: list[Found], scans: list[Scan], miss: exclude.Miss) -> list[Match]:
        by_record: dict[Record, list[Found]] = {}
        for hit in exclude.longest(hits, miss):
            by_record.setdefault(hit.entry.owner, []).append(hit)
        matches: list[Match] = []
        for record, own in by_record.items():
            watch = record.watch
            if watch.exclude or watch.context:
                own = exclude.allowed(record, own, scans, miss)
            if not own:
                continue
            level, score = judge(own)
            if watch.options.main_only and level is not Level.MAIN:
                for hit in own:
                    miss(hit, MENTIONED)
                continue
            matches.append(Match(record.watchlist, watch.id, score, level, _spans(own)))
        matches.sort(key=lambda match: (match.watchlist, match.watch))
        return matches


def build(watchlists: Iterable[Watchlist], names_of: NamesOf | None = None) -> Matcher:
    """A matcher over these watchlists."""
    matcher = Matcher(names_of=names_of)
    for watchlist in watchlists:
        for watch in watchlist.watches:
            matcher.add(watchlist.key, watch)
    return matcher


def _key(name: str) -> str:
    """A name as `company:` compares it."""
    return " ".join(split(fold(name).text))


def _list(known: dict[str, list[Record]], record: Record) -> None:
    """Enter a watch under everything it goes by."""
    for key in _own_keys(record.watch):
        known.setdefault(key, []).append(record)


def _owner(miss: NearMiss) -> tuple[str, str]:
    return miss.watchlist, miss.watch


def _own_keys(watch: Watch) -> set[str]:
    """Everything a watch goes by."""
    return {_key(name) for name in (watch.id, watch.label, watch.company, *watch.names, *watch.aliases)}


def _at_most(pairs: list[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    """The first places of every entry."""
    counts: dict[Entry, int] = {}
    kept: list[tuple[int, Entry]] = []
    for pair in pairs:
        count = counts.get(pair[1], 0)
        if count < PER_TERM:
            counts[pair[1]] = count + 1
            kept.append(pair)
    return kept


def _spans(hits: list[Found]) -> tuple[Span, ...]:
    """The spans of one watch, each place once, in reading order."""
    if len(hits) == 1:
        return (_span(hits[0]),)
    hits.sort(key=lambda hit: (_FIELDS[hit.scan.field], hit.start, hit.end, _KINDS[hit.kind]))
    spans: dict[tuple[str, int, int], Span] = {}
    for hit in hits:
        span = _span(hit)
        spans.setdefault((span.field, span.start, span.end), span)
    return tuple(spans.values())[:MOST_SPANS]


def _span(hit: Found) -> Span:
    """A hit as places in the field as given."""
    folded = hit.scan.folded
    start, end = folded.span(hit.start, hit.end)
    return Span(hit.scan.field, start, end, folded.original[start:end], hit.entry.term, hit.kind)
