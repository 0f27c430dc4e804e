"""The terms of one watch as entries of the index: folded tokens, the case rule, the signs that belong to a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from watchbot.matching import suffixes, tickers
from watchbot.matching.case import CaseRule, rule
from watchbot.matching.query import Query, QueryTerm
from watchbot.model.watch import Case, Kind, Watch
from watchbot.text.fold import fold
from watchbot.text.tokens import split, starts

_LOOSE = re.compile(r"[\s\-_]+")
_LEAD = re.compile(r"[.@#$+*]+$")
_TRAIL = re.compile(r"[+#*]+")
# Legal forms written in two ways; a name that keeps its form (Apple Inc.) is found under the other one too.
_TWINS = {"inc": "incorporated", "corp": "corporation", "co": "company", "ltd": "limited"}
_TWINS |= {long: short for short, long in _TWINS.items()}
_LEGAL = frozenset(token for form in suffixes.SUFFIX_TOKENS for token in form)
# Between a small letter and a capital, or before the last of several capitals.
_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Two words written as one have so many letters; a word whose 's lost its apostrophe has so many.
JOINED = 6
LONGEST_JOINED = 20
PLURAL = 5


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs that belong to a name: before (.NET), after (C++), between its tokens (AT&T).

    `mark`: it is written with a `!` at its end, which may be missing (Yahoo!).
    """

    lead: str
    trail: str
    gaps: tuple[str, ...]
    mark: bool = False


# Another way to write a name: its base, tokens and signs.
_Writing = tuple[str, tuple[str, ...], Signs | None]


class Record:
    """One watch of one watchlist in the index, and what is worked out once it is first hit."""

    __slots__ = ("companies", "contexts", "entries", "excludes", "queried", "query", "unsafe", "watch", "watchlist")

    def __init__(self, watchlist: str, watch: Watch) -> None:
        """`entries` are filled by the matcher; the rest is left for the first hit."""
        self.watchlist = watchlist
        self.watch = watch
        self.entries: tuple[Entry, ...] = ()
        self.query: Query | None = None
        self.queried: dict[QueryTerm, tuple[Entry, ...]] | None = None
        self.companies: tuple[str, ...] = ()
        self.unsafe: frozenset[str] | None = None  # the watch's, folded
        self.excludes: tuple[Phrase, ...] | None = None
        self.contexts: tuple[Phrase, ...] | None = None


class Entry:
    """One way to write one term of a watch. Identity is what counts: equal terms of two watches are two entries."""

    __slots__ = ("base", "kind", "owner", "rule", "signs", "term", "tokens", "variant")

    def __init__(
        self,
        owner: Record,
        term: str,
        base: str,
        tokens: tuple[str, ...],
        kind: Kind,
        rule: CaseRule,
        signs: Signs | None,
        variant: bool = False,
    ) -> None:
        """`term` as the user typed it, `base` without legal forms, `tokens` those of the folded base.

        `variant`: another way to write a name that has an entry of its own; nobody misspells those too.
        """
        self.owner = owner
        self.term = term
        self.base = base
        self.tokens = tokens
        self.kind = kind
        self.rule = rule
        self.signs = signs
        self.variant = variant


@dataclass(frozen=True, slots=True)
class Phrase:
    """An exclude or context word: its folded tokens. `hides`: it contains one of the watch's names."""

    text: str
    tokens: tuple[str, ...]
    hides: bool


def entries(owner: Record, words: frozenset[str]) -> Iterator[Entry]:
    """All entries of a watch but those of its query."""
    watch = owner.watch
    seen: set[tuple[tuple[str, ...], Signs | None]] = set()
    for kind, terms in ((Kind.NAME, watch.names), (Kind.ALIAS, watch.aliases), (Kind.KEYWORD, watch.keywords)):
        for term in terms:
            for entry in term_entries(owner, term, kind, words):
                key = (entry.tokens, entry.signs)
                if key not in seen:
                    seen.add(key)
                    yield entry
    for ticker in watch.tickers:
        for tokens in ticker_tokens(ticker):
            yield Entry(owner, ticker, ticker, tokens, Kind.TICKER, CaseRule.EXACT, None)


def term_entries(owner: Record, term: str, kind: Kind, words: frozenset[str]) -> Iterator[Entry]:
    """The entries of one name, alias, keyword or query term."""
    case = owner.watch.options.case
    named = kind is Kind.NAME or kind is Kind.ALIAS
    base = _base(owner, term, words) if named else term
    found = _entry(owner, term, base, kind, words, case)
    if found is None:
        return
    yield found
    tokens, signs = found.tokens, found.signs
    if named and found.tokens[0].isascii():
        yield from _variants(found, words)
    if len(tokens) > 2 and kind is not Kind.KEYWORD and (tokens[-1],) in suffixes.SUFFIX_TOKENS and " " in base:
        # Arm Holdings plc keeps its forms, because Arm is a word; the last of them may still be missing.
        shorter = base.rsplit(None, 1)[0]
        less = _entry(owner, term, shorter, kind, words, case)
        if less is not None and less.tokens == tokens[:-1] and not _is_off(owner, less.tokens):
            yield less
    twin = _TWINS.get(tokens[-1])
    if twin and len(tokens) > 1 and kind is not Kind.KEYWORD:
        yield Entry(owner, term, base, (*tokens[:-1], twin), kind, found.rule, None)
    if kind is Kind.KEYWORD or len(tokens) < 2:
        return
    yield from _initials(found)
    if signs and "&" in signs.gaps:
        at = signs.gaps.index("&")
        if min(len(tokens[at]), len(tokens[at + 1])) > 1:
            spelt = (*tokens[: at + 1], "and", *tokens[at + 1 :])
            yield Entry(owner, term, base, spelt, kind, found.rule, None)
    elif "and" in tokens[1:-1]:
        at = tokens.index("and", 1)
        if min(len(tokens[at - 1]), len(tokens[at + 1])) > 1:
            gaps = tuple("&" if place == at - 1 else "" for place in range(len(tokens) - 2))
            short = tokens[:at] + tokens[at + 1 :]
            yield Entry(owner, term, base, short, kind, found.rule, Signs("", "", gaps))


def _variants(entry: Entry, words: frozenset[str]) -> Iterator[Entry]:
    """Latin names as they are written beside the way they were typed; none that is off."""
    for base, tokens, signs in (*_other_words(entry, words), *_other_ends(entry, words)):
        if not _is_off(entry.owner, tokens):
            how = rule(base, entry.owner.watch.options.case, words)
            yield Entry(entry.owner, entry.term, base, tokens, entry.kind, how, signs, True)


def _other_words(entry: Entry, words: frozenset[str]) -> Iterator[_Writing]:
    """Two words as one (Honhai), and one with capitals inside as two (JP Morgan)."""
    tokens, signs = entry.tokens, entry.signs
    if len(tokens) == 2 and signs is None and len(tokens[0]) > 1 < len(tokens[1]) and tokens[1] not in _LEGAL:
        joined = tokens[0] + tokens[1]
        if JOINED <= len(joined) <= LONGEST_JOINED and joined.isascii() and joined.isalpha() and joined not in words:
            yield _LOOSE.sub("", entry.base), (joined,), None
    if len(tokens) == 1 and signs is None and tokens[0].isascii() and tokens[0].isalpha():
        parts = _INNER.sub(" ", entry.base).split(" ")
        # "We Work" and "Linked In" are words of any headline.
        if len(parts) == 2 and all(len(part) > 1 and (len(part) > 2 or part.isupper()) for part in parts):
            yield " ".join(parts), tuple(part.lower() for part in parts), None


def _other_ends(entry: Entry, words: frozenset[str]) -> Iterator[_Writing]:
    """McDonald's and McDonalds; The Gap, Inc. and Gap Inc."""
    tokens, signs = entry.tokens, entry.signs
    if len(tokens) > 1 and tokens[-1] == "s" and signs and signs.gaps[-1:] == ("'",) and not any(signs.gaps[:-1]):
        plural = f"{tokens[-2]}s"
        if len(plural) >= PLURAL and plural not in words and not (signs.lead or signs.trail):
            yield f"{entry.base[:-2]}s", (*tokens[:-2], plural), None
    last = tokens[-1]
    if signs is None and len(last) >= PLURAL and last.endswith("s") and last.isascii() and last not in words:
        gaps = (*("" for _ in tokens[1:]), "'")
        yield f"{entry.base[:-1]}'s", (*tokens[:-1], last[:-1], "s"), Signs("", "", gaps)
    if tokens[0] == "the" and entry.term != entry.base:
        base = suffixes.base(entry.term.strip()[3:].strip(), words)
        rest = tuple(split(fold(base).text))
        if len(rest) > 1 and rest[-1] in _LEGAL:
            yield base, rest, None


def _is_off(owner: Record, tokens: tuple[str, ...]) -> bool:
    """Whether this is a name of the watch's company that the watch does not look for."""
    if not owner.watch.unsafe:
        return False
    if owner.unsafe is None:
        owner.unsafe = frozenset(" ".join(split(fold(name).text)) for name in owner.watch.unsafe)
    return " ".join(tokens) in owner.unsafe


def _base(owner: Record, term: str, words: frozenset[str]) -> str:
    """The name without its legal forms, but never stripped to a name that is off."""
    base = suffixes.base(term, words)
    return term if base != term and _is_off(owner, tuple(split(fold(base).text))) else base


def _initials(entry: Entry) -> Iterator[Entry]:
    """J.P. Morgan as JP Morgan, and JP Morgan as J.P. Morgan."""
    tokens = entry.tokens
    letters = next((at for at, token in enumerate(tokens) if len(token) > 1 or not token.isascii()), len(tokens))
    other: tuple[str, ...] = ()
    if 2 <= letters <= 3 and letters < len(tokens) and "&" not in entry.base:
        other = ("".join(tokens[:letters]), *tokens[letters:])
    elif len(tokens[0]) == 2 and tokens[0].isascii() and tokens[0].isalpha() and entry.base[:2].isupper():
        other = (*tokens[0], *tokens[1:])
    if other:
        yield Entry(entry.owner, entry.term, entry.base, other, entry.kind, entry.rule, None)


def _entry(owner: Record, term: str, base: str, kind: Kind, words: frozenset[str], case: Case) -> Entry | None:
    """One entry, or None for a term without a letter or digit."""
    text = fold(base).text
    tokens = tuple(split(text))
    if not tokens:
        return None
    how = CaseRule.ANY if kind is Kind.KEYWORD and case is Case.SMART else rule(base, case, words)
    return Entry(owner, term, base, tokens, kind, how, _signs(text, tokens))


def _signs(text: str, tokens: tuple[str, ...]) -> Signs | None:
    """The signs of a folded term, None where there are none (nearly always)."""
    if text.isalnum() or text.replace(" ", "").isalnum():
        return None
    places = starts(text, list(tokens))
    lead = _LEAD.search(text[: places[0]])
    trail = _TRAIL.match(text, places[-1] + len(tokens[-1]))
    gaps = tuple(
        _LOOSE.sub("", text[place + len(token) : after])
        for place, token, after in zip(places, tokens, places[1:], strict=False)
    )
    mark = text.rstrip().endswith("!")
    if not (lead or trail or mark or any(gaps)):
        return None
    return Signs(lead.group() if lead else "", trail.group() if trail else "", gaps if any(gaps) else (), mark)


@lru_cache(maxsize=4096)
def ticker_forms(ticker: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The written forms and the bare codes of a ticker, folded with their case kept."""
    found = tickers.forms(ticker)
    codes = dict.fromkeys((found.code, *found.codes))
    return tuple(fold(form).cased for form in found.written), tuple(codes)


def ticker_tokens(ticker: str) -> set[tuple[str, ...]]:
    """The token sequences under which a ticker is indexed: its codes, and forms that glue something to the code."""
    found = tickers.forms(ticker)
    codes = tuple(dict.fromkeys((found.code, *found.codes)))
    out = {tuple(split(code.lower())) for code in codes}
    for form in found.written:
        if form.isascii() and not any(_stands_alone(code, form) for code in codes):
            out.add(tuple(split(form.lower())))
    return out


def _stands_alone(code: str, form: str) -> bool:
    """Whether the code is a token of its own in a written form."""
    at = form.find(code)
    return at >= 0 and not form[at - 1 : at].isalnum() and not form[at + len(code) : at + len(code) + 1].isalnum()


def phrases(texts: tuple[str, ...], watch: Watch) -> tuple[Phrase, ...]:
    """Exclude or context entries, tokenised; each knows whether it contains one of the watch's names."""
    names = [tuple(split(fold(name).text)) for name in (*watch.names, *watch.aliases)]
    out = []
    for text in texts:
        tokens = tuple(split(fold(text).text))
        if tokens:
            out.append(Phrase(text, tokens, any(_contains(tokens, name) for name in names)))
    return tuple(out)


def _contains(tokens: tuple[str, ...], part: tuple[str, ...]) -> bool:
    size = len(part)
    return 0 < size < len(tokens) and any(tokens[at : at + size] == part for at in range(len(tokens) - size + 1))
