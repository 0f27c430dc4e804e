"""What a news search is asked: one question for every watched company, made of its names.

watchlists -> companies, each once -> its names, the most telling first -> "Foxconn" OR "Hon Hai" OR 鴻海
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from watchbot.catalogue.keys import is_han, is_hangul, is_kana, key, language_of
from watchbot.model.watch import Watch, Watchlist

NamesOf = Callable[[str], tuple[str, ...]]
MOST_NAMES = 8
LONGEST = 300
_QUOTES = str.maketrans("", "", '"“”„«»\\')


@dataclass(frozen=True, slots=True)
class Asked:
    """One company as a search is asked for it."""

    label: str
    question: str


def asked_companies(watchlists: Iterable[Watchlist], names_of: NamesOf | None = None) -> list[Asked]:
    """The companies of these watchlists, each once, in order. A watch of keywords only is a subject, no company."""
    groups: dict[str, tuple[str, list[str]]] = {}
    owner: dict[str, str] = {}
    wanted = [one for watchlist in watchlists for one in _companies(watchlist, names_of)]
    # Those that the catalogue knows go first: a plain name of the same company joins them, not they it.
    for company, label, names in sorted(wanted, key=lambda one: not one[0]):
        first = key(names[0])
        group = company or owner.get(first, first)
        _label, together = groups.setdefault(group, (label, []))
        together.extend(names)
        for name in names:
            owner.setdefault(key(name), group)
    order = {key(label): place for place, (_company, label, _names) in reversed(list(enumerate(wanted)))}
    found = [Asked(label, question(names)) for label, names in groups.values()]
    return sorted((one for one in found if one.question), key=lambda one: order[key(one.label)])


def question(names: Sequence[str]) -> str:
    """The names joined by OR, as many as a search takes; "" for none."""
    terms: list[str] = []
    size = 0
    for name in telling(names):
        term = _quoted(name)
        if terms and (len(terms) == MOST_NAMES or size + 4 + len(term) > LONGEST):
            continue
        size += len(term) + 4 * bool(terms)
        terms.append(term)
    return " OR ".join(terms)


def telling(names: Sequence[str]) -> list[str]:
    """The names that find something of their own, the most telling first.

    A name that holds another one whole is found with it. The first name of each language goes before further ones.
    """
    forms: dict[str, str] = {}
    for name in map(_clean, names):
        if form := _form(name):
            forms.setdefault(form, name)
    kept = [name for form, name in forms.items() if not any(_holds(form, other) for other in forms if other != form)]
    seen: Counter[str] = Counter()
    ranks: list[int] = []
    for name in kept:
        language = language_of(name)
        ranks.append(seen[language])
        seen[language] += 1
    return [name for _rank, name in sorted(zip(ranks, kept, strict=True), key=lambda pair: pair[0])]


def _companies(watchlist: Watchlist, names_of: NamesOf | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Catalogue id or "", label and names of every company that a watchlist watches."""
    for watch in watchlist.watches:
        names = tuple(name for name in (*watch.names, *watch.aliases) if _form(_clean(name)))
        if names:
            yield watch.company, watch.label, names
        elif "company:" in watch.query and names_of is not None:
            yield from _queried(watch, watchlist, names_of)


def _queried(watch: Watch, watchlist: Watchlist, names_of: NamesOf) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The companies that a query looks for; those of the watchlist's own watches are asked for already."""
    from watchbot.matching.query import parse

    own = {key(text) for one in watchlist.watches for text in (one.id, one.label)}
    for term in parse(watch.query).wanted():
        if term.company and key(term.text) not in own and (names := names_of(term.text)):
            yield "", term.text, names


def _clean(name: str) -> str:
    """A name without quotation marks, which would end the phrase."""
    return " ".join(name.translate(_QUOTES).split())


def _quoted(name: str) -> str:
    """A name as a phrase. East Asian names without spaces are understood as they are."""
    plain = " " not in name and all(is_han(mark) or is_kana(mark) or is_hangul(mark) for mark in name)
    return name if plain else f'"{name}"'


def _holds(name: str, other: str) -> bool:
    """Whether a name holds another one: as whole words, or anywhere where that is East Asian."""
    if any(is_han(mark) or is_kana(mark) or is_hangul(mark) for mark in other):
        return other in name
    return f" {other} " in f" {name} "


def _form(name: str) -> str:
    """The words of a name in lower case, one space apart: how a search compares two names."""
    return " ".join("".join(mark if mark.isalnum() or mark in "&+" else " " for mark in name.casefold()).split())
