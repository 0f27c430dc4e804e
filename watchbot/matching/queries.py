"""Queries in the index: entered under their cheapest terms, evaluated only where one of those stands."""

from collections.abc import Callable, Sequence

from watchbot.matching.exact import Found, check, locate
from watchbot.matching.query import Hit, Query, QueryTerm, parse
from watchbot.matching.scan import Scan
from watchbot.matching.terms import Entry, Record, term_entries
from watchbot.model.watch import Kind

Names = Callable[[Record, str], tuple[str, ...]]

# A term is looked up at no more places of one field than this: enough for NEAR, and no page can make it costly.
PLACES = 200


def prepare(record: Record, words: frozenset[str], names: Names) -> tuple[Entry, ...]:
    """Parse the watch's query, work out all its terms, and give the entries to index."""
    query = parse(record.watch.query)
    record.query = query
    record.queried = {term: _entries(record, term, words, names) for term in query.terms}
    record.companies = tuple(term.text for term in query.terms if term.company)
    return tuple(entry for term in query.required() for entry in record.queried[term])


def _entries(record: Record, term: QueryTerm, words: frozenset[str], names: Names) -> tuple[Entry, ...]:
    """The entries of one query term: its own, or those of all names of a company."""
    texts = names(record, term.text) or (term.text,) if term.company else (term.text,)
    return tuple(entry for text in texts for entry in term_entries(record, text, Kind.QUERY, words))


def evaluate(record: Record, scans: Sequence[Scan]) -> list[Found]:
    """The hits that make the watch's query true; none where it is false."""
    query, queried = record.query, record.queried
    if query is None or queried is None:
        return []
    return _evaluate(query, queried, {scan.field: scan for scan in scans})


def _evaluate(query: Query, queried: dict[QueryTerm, tuple[Entry, ...]], scans: dict[str, Scan]) -> list[Found]:
    known: dict[QueryTerm, list[Hit]] = {}
    found: dict[Hit, Found] = {}

    def look(term: QueryTerm) -> list[Hit]:
        hits = known.get(term)
        if hits is None:
            hits = known[term] = []
            fields = [scans[term.field]] if term.field in scans else [] if term.field else list(scans.values())
            for scan in fields:
                present = scan.present()
                for entry in queried[term]:
                    if entry.tokens[0] not in present:
                        continue
                    for place in scan.places(entry.tokens)[:PLACES]:
                        one = locate(entry, scan, place)
                        if not check(one):
                            hit = Hit(scan.field, one.start, one.end, one.first, one.last - 1, term.text)
                            hits.append(hit)
                            found.setdefault(hit, one)
        return hits

    result = query.evaluate(look)
    return [] if result is None else [found[hit] for hit in result]
