"""What takes hits away again: longer names of the same watchlist, excludes, missing context."""

from collections.abc import Callable, Iterable

from watchbot.matching.exact import Found
from watchbot.matching.scan import Scan
from watchbot.matching.terms import Phrase, Record, phrases
from watchbot.model.watch import Kind

Miss = Callable[[Found, str], None]

_LONG = frozenset({Kind.NAME, Kind.ALIAS, Kind.TICKER})
NO_CONTEXT = "none of the context words stands here"


def longest(hits: list[Found], miss: Miss) -> list[Found]:
    """Without the hits inside a longer name of the same watchlist, and without guesses that touch an exact hit."""
    if len(hits) < 2:
        return hits
    groups: dict[tuple[str, str], list[Found]] = {}
    for hit in hits:
        groups.setdefault((hit.entry.owner.watchlist, hit.scan.field), []).append(hit)
    kept: list[Found] = []
    for group in groups.values():
        kept.extend(group if len(group) == 1 else _longest(group, miss))
    return kept


def _longest(group: list[Found], miss: Miss) -> list[Found]:
    """The same for one watchlist and field: sorted, so that whatever covers a hit comes before it."""
    group.sort(key=lambda hit: (hit.start, -hit.end, hit.kind is Kind.FUZZY))
    kept: list[Found] = []
    cover: Found | None = None
    exact_end = -1
    for hit in group:
        if hit.kind is Kind.FUZZY and hit.start < exact_end:
            continue
        if cover is not None and hit.end <= cover.end and hit.end - hit.start < cover.end - cover.start:
            if hit.kind is not Kind.QUERY:
                miss(hit, f"inside the longer name {cover.entry.term!r}")
                continue
        elif hit.kind in _LONG and (cover is None or hit.end > cover.end):
            cover = hit
        if hit.kind is not Kind.FUZZY:
            exact_end = max(exact_end, hit.end)
        kept.append(hit)
    starts = [hit for hit in kept if hit.kind is not Kind.FUZZY]
    return [hit for hit in kept if hit.kind is not Kind.FUZZY or not _touched(hit, starts)]


def _touched(guess: Found, exact: list[Found]) -> bool:
    """Whether an exact hit overlaps a guess."""
    return any(hit.start < guess.end and guess.start < hit.end for hit in exact)


def allowed(record: Record, hits: list[Found], scans: Iterable[Scan], miss: Miss) -> list[Found]:
    """The hits of one watch that its excludes and its context leave."""
    watch = record.watch
    texts = [scan for scan in scans if scan.field != "url"]
    if watch.exclude:
        if record.excludes is None:
            record.excludes = phrases(watch.exclude, watch)
        hits = _not_excluded(record.excludes, hits, texts, miss)
    if watch.context and hits:
        if record.contexts is None:
            record.contexts = phrases(watch.context, watch)
        if not any(_stands(phrase, texts, hits) for phrase in record.contexts):
            for hit in hits:
                miss(hit, NO_CONTEXT)
            return []
    return hits


def _not_excluded(excludes: tuple[Phrase, ...], hits: list[Found], texts: list[Scan], miss: Miss) -> list[Found]:
    """Excludes that contain a name hide what is inside them; any other one silences the item."""
    for phrase in excludes:
        for scan in texts:
            spans = _spans(phrase.tokens, scan)
            if not spans:
                continue
            if not phrase.hides:
                kind = "word" if len(phrase.tokens) == 1 else "phrase"
                for hit in hits:
                    miss(hit, f"the {kind} {phrase.text!r} excludes this item")
                return []
            inside = [
                hit for hit in hits if hit.scan is scan and any(a <= hit.start and hit.end <= b for a, b in spans)
            ]
            for hit in inside:
                miss(hit, f"inside the excluded {phrase.text!r}")
            hits = [hit for hit in hits if hit not in inside]
    return hits


def _spans(tokens: tuple[str, ...], scan: Scan) -> list[tuple[int, int]]:
    """Where a phrase stands in a field, outside addresses."""
    found = [(scan.start(place), scan.end(place + len(tokens) - 1)) for place in scan.places(tokens)]
    return [span for span in found if not scan.masked(*span)]


def _stands(phrase: Phrase, texts: list[Scan], hits: list[Found]) -> bool:
    """Whether a context phrase, or its plural, stands in the item outside the hits themselves."""
    last = phrase.tokens[-1]
    forms = [phrase.tokens]
    if last.isascii() and last.isalpha():
        forms.append((*phrase.tokens[:-1], f"{last}s"))
    for scan in texts:
        taken = [(hit.start, hit.end) for hit in hits if hit.scan is scan][:100]
        for form in forms:
            for start, end in _spans(form, scan):
                if not any(a <= start and end <= b for a, b in taken):
                    return True
    return False
