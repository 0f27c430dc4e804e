"""A watch is tried on what is stored before it is put on: how loud it would have been, and what it would have told.

watch -> terms -> tx.search.candidates (a superset) -> the real matcher -> Tried
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from watchbot.catalogue import Company
from watchbot.catalogue.keys import key
from watchbot.catalogue.tickers import split
from watchbot.matching.matcher import Matcher
from watchbot.message.card import headline_text
from watchbot.message.watching import Loud, Sample, Tried
from watchbot.model.match import Match
from watchbot.model.records import StoredItem
from watchbot.model.watch import Level, Watch
from watchbot.pipeline.drafts import is_on, main_only, without
from watchbot.ports.store import Tx

LOOK_BACK = 30
MOST_ITEMS = 500
LOUD_A_DAY = 10
BUSY_A_DAY = 3
MOST_SAMPLES = 3
NamesOf = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Window:
    """The stored items that a watch may find, the newest first, over how many days they came in, until when."""

    items: tuple[StoredItem, ...]
    days: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Stricter:
    """A quieter form of a watch: `kind` is "main" (main subjects only) or "without" (a name less: `name`)."""

    kind: str
    name: str
    watch: Watch
    tried: Tried


def window(tx: Tx, watch: Watch, chat: str, now: datetime) -> Window:
    """What is stored that could match, of the last thirty days or as far as it reaches."""
    start = now - timedelta(days=LOOK_BACK)
    oldest = next(iter(tx.items.since(start, batch=1)), None)
    if oldest is None:
        return Window((), 0, now)
    found = tx.search.candidates(terms(watch), chat, start, MOST_ITEMS)
    since = min(one.seen_at for one in found) if len(found) == MOST_ITEMS else oldest.seen_at
    return Window(tuple(found), min(LOOK_BACK, _days(now - since)), now)


def terms(watch: Watch) -> tuple[str, ...]:
    """What to look for in the store: one of these stands in everything that the watch finds, typing mistakes apart."""
    codes = (split(ticker.rpartition(":")[2])[0] for ticker in watch.tickers)
    queried = _queried(watch.query)
    long = (code for code in codes if len(code) > 2)
    return tuple(dict.fromkeys((*watch.names, *watch.aliases, *long, *watch.keywords, *queried)))


def tried(seen: Window, watch: Watch, names_of: NamesOf | None = None, days: int = 0) -> Tried:
    """What the watch would have told, each story once, in the last `days` days by the dates of the news: what the first
    poll of a feed brings is older than it. Without `days` in as many as news came in, or, where there is none of it in
    these, in as many as it reaches back."""
    matcher = Matcher(names_of=names_of)
    matcher.add("", watch)
    found: dict[int, tuple[StoredItem, Match]] = {}
    for stored in seen.items:
        matches = matcher.match(stored.item)
        if matches:
            found.setdefault(-stored.id if stored.story is None else stored.story, (stored, matches[0]))
    ages = {story: _days(seen.now - _at(stored)) for story, (stored, _match) in found.items()}
    days = days or (seen.days if not ages or min(ages.values()) <= seen.days else max(ages.values()))
    found = {story: one for story, one in found.items() if ages[story] <= days}
    by: Counter[str] = Counter()
    for _stored, match in found.values():
        by.update({span.term for span in match.spans})
    mains = [stored for stored, match in found.values() if match.level is Level.MAIN]
    mentions = [stored for stored, match in found.values() if match.level is not Level.MAIN]
    shown = [*mains, *mentions][:MOST_SAMPLES]
    return Tried(len(found), days, tuple(by.most_common()), tuple(_sample(stored) for stored in shown), len(mains))


def loud(found: Tried, watch: Watch, company: Company | None) -> Loud | None:
    """Why a watch should not be put on unasked; None where it is quiet enough.

    It would tell more than ten a day; or one name that means other things too is on, or one that nobody would call the
    company by brings most of a lot.
    """
    name, times = found.by[0] if found.by else ("", 0)
    doubtful = _doubtful(watch, company)
    if found.per_day > LOUD_A_DAY:
        noisy = times * 3 >= found.alerts * 2 and len(found.by) > 1
        if noisy or not doubtful:
            return Loud(name if noisy else "", times)
    if doubtful:
        return Loud(doubtful, dict(found.by).get(doubtful, 0), doubtful=True)
    known = {key(one.text) for one in company.names if one.kind == "name"} if company else {key(watch.label)}
    if found.per_day > BUSY_A_DAY and times * 3 >= found.alerts * 2 and key(name) not in known:
        return Loud(name, times)
    return None


def stricter(seen: Window, watch: Watch, why: Loud | None, found: Tried, names_of: NamesOf | None) -> Stricter | None:
    """The quieter form that the stored news speak for: without the name that makes the noise, or main subjects only.
    None where neither is quieter."""
    ways: list[Stricter] = []
    less = without(watch, None, why.name, "en") if why and why.name and is_on(watch, why.name) else None
    if why and less is not None and (less.names or less.aliases):
        # A name that is off stays known, so that no longer name is cut down to it.
        less = replace(less, unsafe=(*less.unsafe, why.name))
        ways.append(Stricter("without", why.name, less, tried(seen, less, names_of, found.days)))
    if not watch.options.main_only:
        ways.append(Stricter("main", "", main_only(watch), Tried(found.mains, found.days, mains=found.mains)))
    quieter = [way for way in ways if way.tried.alerts < found.alerts or (way.kind == "without" and why)]
    if not quieter:
        return None
    return next((way for way in quieter if 0 < way.tried.per_day <= LOUD_A_DAY), quieter[0])


def _doubtful(watch: Watch, company: Company | None) -> str:
    """A name that is on although it means other things too, "" for none."""
    if company is None:
        return ""
    safe = {key(text) for text in company.safe_names()}
    names = [name.text for name in company.names if not name.safe and key(name.text) not in safe]
    return next((text for text in names if is_on(watch, text)), "")


def _sample(stored: StoredItem) -> Sample:
    """One story as it is shown."""
    item = stored.item
    return Sample(headline_text(item), item.url, item.source, item.published or stored.seen_at)


def _at(stored: StoredItem) -> datetime:
    """When something was news."""
    return min(stored.item.published or stored.seen_at, stored.seen_at)


def _days(length: timedelta) -> int:
    """In days, a begun one for a whole one."""
    return max(1, ceil(length / timedelta(days=1)))


def _queried(query: str) -> Sequence[str]:
    """The terms a query looks for."""
    if not query:
        return ()
    from watchbot.matching.query import parse

    return [term.text for term in parse(query).wanted()]
