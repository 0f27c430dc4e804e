"""What takes hits away again: longer names of the same watchlist, excludes, missing context."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

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
    guesses = [hit for hit in group if hit.kind is Kind.FUZZY]
    if guesses:
        exact = _Places([hit for hit in group if hit.kind is not Kind.FUZZY])
        held = _Places([guess for guess in guesses if exact.lets_in(guess)])
        left = {id(guess) for guess in held.hits if not any(_holds(one, guess) for one in held.touching(guess))}
        group = [hit for hit in group if hit.kind is not Kind.FUZZY or id(hit) in left]
    kept: list[Found] = []
    cover: Found | None = None
    for hit in group:
        if cover is not None and hit.end <= cover.end and hit.end - hit.start < cover.end - cover.start:
            if hit.kind is not Kind.QUERY:
                miss(hit, f"inside the longer name {cover.entry.term!r}")
                continue
        elif (hit.kind in _LONG or hit.kind is Kind.FUZZY) and (cover is None or hit.end > cover.end):
            cover = hit
        kept.append(hit)
    return kept


class _Places:
    """Hits of one field in order, and which of them a guess touches."""

    def __init__(self, hits: list[Found]) -> None:
        """`hits` are sorted by their start."""
        self.hits = hits
        self._starts = [hit.start for hit in hits]
        # The furthest end so far: no hit before a place with a smaller one reaches further.
        self._reach = list(accumulate((hit.end for hit in hits), max))

    def touching(self, guess: Found) -> list[Found]:
        """The hits that overlap the guess."""
        first = bisect_right(self._reach, guess.start)
        last = bisect_left(self._starts, guess.end)
        return [hit for hit in self.hits[first:last] if hit.end > guess.start]

    def lets_in(self, guess: Found) -> bool:
        """Whether a guess stands: nothing exact there, or only names of others that lie inside it."""
        touched = self.touching(guess)
        others = (_holds(guess, hit) and hit.entry.owner is not guess.entry.owner for hit in touched)
        return all(others) and (not touched or guess.last - guess.first > 1)


def _holds(longer: Found, hit: Found) -> bool:
    """Whether a hit lies in a longer one of another watch or name."""
    return longer.start <= hit.start and hit.end <= longer.end and longer.end - longer.start > hit.end - hit.start


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
