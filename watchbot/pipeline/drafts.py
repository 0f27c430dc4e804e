"""A watch on its way: what a name becomes, and which of a company's names are on. Nothing is stored here.

typed name + company -> new -> flip(names) -> the Watch that is put on
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from watchbot.catalogue import Company
from watchbot.catalogue.keys import key
from watchbot.model.watch import Watch
from watchbot.pipeline.commands import watch_id

MOST_TOGGLES = 9
MOST_DOUBTFUL = 4


@dataclass(frozen=True, slots=True)
class Toggle:
    """One name of a company and whether it is looked for. `safe` False: the name means other things too."""

    text: str
    on: bool
    safe: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A watch that was not put on yet. `company` is the catalogue id or ""; `flipped` names were switched against what
    is usual."""

    typed: str
    company: str = ""
    flipped: tuple[str, ...] = ()

    def state(self) -> dict[str, Any]:
        """What a panel remembers."""
        return {"typed": self.typed, "company": self.company, "flipped": list(self.flipped)}


def draft_of(state: Mapping[str, Any]) -> Draft:
    """The draft that a panel remembers."""
    return Draft(state["typed"], state["company"], tuple(state["flipped"]))


def new(typed: str, company: Company | None, language: str) -> Watch:
    """The watch that a typed name becomes: with every safe name of the company, and the typed one however unsafe."""
    if company is None:
        return Watch(id=watch_id(typed), label=typed, names=(typed,))
    watch = Watch(id=company.id, label=company.name, tickers=company.tickers, company=company.id)
    typed_names = [name.text for name in company.names if key(name.text) == key(typed) and not name.safe]
    return _settled(replace(watch, names=company.safe_names(), aliases=tuple(typed_names[:1])), company, language)


def watch_of(draft: Draft, company: Company | None, language: str) -> Watch:
    """The watch that a draft is by now."""
    watch = new(draft.typed, company, language)
    for text in draft.flipped:
        watch = flip(watch, company, text, language) or watch
    return watch


def main_only(watch: Watch, only: bool = True) -> Watch:
    """The same watch, for main subjects only (or for mentions too)."""
    return replace(watch, options=replace(watch.options, main_only=only))


def flipped(draft: Draft, text: str) -> Draft:
    """The draft with one more name switched, or back again."""
    rest = tuple(name for name in draft.flipped if key(name) != key(text))
    return replace(draft, flipped=rest if len(rest) < len(draft.flipped) else (*rest, text))


def stricter(watch: Watch, company: Company | None, kind: str, name: str, language: str) -> Watch:
    """The watch without a name ("without"), or for main subjects only ("main")."""
    if kind == "without":
        return without(watch, company, name, language) or watch
    return main_only(watch)


def is_on(watch: Watch, text: str) -> bool:
    """Whether a watch looks for this name."""
    return key(text) in {key(name) for name in (*watch.names, *watch.aliases)}


def is_off(watch: Watch, text: str) -> bool:
    """Whether this is a name of the watch's company that it does not look for."""
    return key(text) in {key(name) for name in watch.unsafe}


def doubtful_off(watch: Watch, company: Company | None) -> tuple[str, ...]:
    """The names that are off because they mean other things too."""
    doubtful = {name.text for name in company.names if not name.safe} if company else set()
    return tuple(text for text in dict.fromkeys(watch.unsafe) if text in doubtful)


def flip(watch: Watch, company: Company | None, text: str, language: str) -> Watch | None:
    """Switch one name on or off; None where that would leave nothing to look for."""
    if is_on(watch, text):
        return without(watch, company, text, language)
    spellings = [name for name in (company.safe_names() if company else ()) if key(name) == key(text)]
    if spellings:
        added = replace(watch, names=(*watch.names, *spellings))
    else:
        added = replace(watch, aliases=(*watch.aliases, text))
    return _settled(added, company, language)


def without(watch: Watch, company: Company | None, text: str, language: str) -> Watch | None:
    """The watch without a name, ticker or keyword; None where that would leave nothing to look for."""
    wanted = key(text)

    def rest(terms: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(term for term in terms if key(term) != wanted)

    left = replace(
        watch,
        names=rest(watch.names),
        aliases=rest(watch.aliases),
        tickers=rest(watch.tickers),
        keywords=rest(watch.keywords),
    )
    if not any((left.names, left.aliases, left.tickers, left.keywords, left.query)):
        return None
    return _settled(left, company, language)


def with_alias(watch: Watch, company: Company | None, text: str, language: str) -> Watch:
    """The watch with a further name."""
    return _settled(replace(watch, aliases=(*watch.aliases, text)), company, language)


def toggles(watch: Watch, company: Company | None, language: str) -> tuple[Toggle, ...]:
    """The names that are offered: those that mean other things first, then the chat's language, then the rest."""
    if company is None:
        return ()
    found: dict[str, Toggle] = {}
    for name in sorted(company.names, key=lambda one: (one.kind == "former", one.lang != language, one.lang != "en")):
        found.setdefault(key(name.text), Toggle(name.text, is_on(watch, name.text), name.safe))
    doubtful = [one for one in found.values() if not one.safe]
    return (*doubtful[:MOST_DOUBTFUL], *(one for one in found.values() if one.safe))[:MOST_TOGGLES]


def spoken(watch: Watch, company: Company | None, language: str) -> tuple[str, ...]:
    """The names and keywords that a watch looks for, as a reader of this language wants them: the label first, then
    those of the language, English ones, the rest; two spellings of one name are one."""
    spelt = {key(name.text): name.lang for name in company.names} if company else {}
    ordered = sorted(
        (*watch.names, *watch.aliases, *watch.keywords),
        key=lambda text: (
            text != watch.label,
            spelt.get(key(text), language) != language,
            spelt.get(key(text)) != "en",
        ),
    )
    found: dict[str, str] = {}
    for text in ordered:
        found.setdefault(key(text), text)
    return tuple(found.values())


def _settled(watch: Watch, company: Company | None, language: str) -> Watch:
    """Names in the catalogue's order with the label first, and what is off of the company's names."""
    if company is None or watch.company != company.id:
        return watch
    display = company.display(language)
    label = display if display in watch.names else company.name
    order = {text: place for place, text in enumerate(dict.fromkeys((label, *company.safe_names())))}
    names = tuple(sorted(dict.fromkeys(watch.names), key=lambda text: order.get(text, len(order))))
    own = {key(text) for text in (*names, *watch.aliases)}
    unsafe = tuple(name.text for name in company.names if key(name.text) not in own)
    return replace(watch, label=label, names=names, unsafe=unsafe)
