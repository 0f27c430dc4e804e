"""Places an item: into a story it belongs to, or at the head of a new one.

    exact headline -> terms -> rare terms -> stories that share them -> nearness -> threshold -> verdict

Deterministic and in order of arrival; what it remembers lies on the shelf.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from watchbot.model.item import Item
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.corrections import is_correction
from watchbot.stories.events import event_names, refers_back
from watchbot.stories.keys import title_key
from watchbot.stories.profile import Arrival, core_companies, grown
from watchbot.stories.recurring import COLUMN, is_column, rest_of_column, series_key
from watchbot.stories.score import breadth, nearness, neutral, shared
from watchbot.stories.shelf import ItemKey, Profile, Shelf, TitleOnShelf
from watchbot.stories.terms import Script, without_publisher, words_of
from watchbot.stories.verdict import Pair, Placement, Rules, Verdict
from watchbot.stories.weights import vector

SHORTEST_KEY = 12
LONGEST_READ = 4000
_SHORT_NUMBER = re.compile(r"\d(?:\.\d+)?e\+\d+")  # as terms write 40,000


@dataclass(frozen=True, slots=True)
class _Best:
    """The nearest story, its nearness and what it had to reach."""

    profile: Profile
    score: float
    low: float
    high: float


class Placer:
    """Places items one by one. Not thread-safe; one `place` belongs into one transaction of its shelf."""

    def __init__(self, shelf: Shelf, companies: CompanyTagger, rules: Rules | None = None) -> None:
        """Use this shelf and these companies."""
        self._shelf = shelf
        self._tagger = companies
        self._rules = rules or Rules()

    def place(
        self,
        item: Item,
        item_key: ItemKey,
        source: str,
        at: datetime,
        entities: frozenset[str] = frozenset(),
        chat: str = "",
    ) -> Placement:
        """Find the item's story or open one; `entities` are companies that the caller found in it.

        What is one chat's own (`chat`) finds its place like all else, but changes nothing for the items of others: no
        story of everyone's grows by it, and one of its own is as new as soon as an item of everyone's joins it.
        """
        arrival = replace(self._arrival(item, item_key, source, at, entities), chat=chat)
        placed = (
            self._by_title(arrival) or self._by_event(arrival) or self._by_series(arrival) or self._by_terms(arrival)
        )
        self._remember(arrival, placed)
        return placed

    def split(
        self,
        item: Item,
        item_key: ItemKey,
        source: str,
        at: datetime,
        entities: frozenset[str] = frozenset(),
        chat: str = "",
    ) -> Placement:
        """Give an item that stood in the wrong story one of its own."""
        arrival = replace(self._arrival(item, item_key, source, at, entities), chat=chat)
        placed = self._open(arrival, None)
        self._remember(arrival, placed)
        return placed

    def _arrival(self, item: Item, key: ItemKey, source: str, at: datetime, entities: frozenset[str]) -> Arrival:
        column = is_column(item.title)
        words = words_of(item, self._tagger, COLUMN if column else None)
        terms = words.terms | {f"@{company}": 1.0 for company in entities - words.companies}
        weighted = vector(terms, self._shelf.counts(list(terms)), self._shelf.items())
        document = f"{source}\n{item.document}" if item.document else ""
        companies = words.companies | entities
        if not document:
            return Arrival(item, key, source, "", at, words, weighted, companies, column)
        text = f"{item.title}\n{item.body[:LONGEST_READ]}"
        events = event_names(text)
        return Arrival(item, key, source, document, at, words, weighted, companies, column, events, refers_back(text))

    def _by_title(self, arrival: Arrival) -> Placement | None:
        """The exact headline, told less than a window ago. A column's headline says nothing."""
        key = _headline(arrival.item)
        if not key or (arrival.column and len(rest_of_column(arrival.item.title)) <= SHORTEST_KEY):
            return None
        found = self._shelf.title(key, arrival.at - self._rules.window)
        if found is None or found.item == arrival.key:
            return None
        again = found.source == arrival.source and found.text != _text(arrival.item)
        if again and (arrival.column or arrival.document):
            return None
        profile = self._shelf.profiles([found.story]).get(found.story)
        if profile is None or _is_anothers(profile, arrival):
            return None
        verdict = Verdict.RELATED if again else Verdict.DUPLICATE
        return Placement(
            verdict, found.story, 1.0, "the same headline", 1.0, (), self._loud_again(arrival, profile, exact=True)
        )

    def _by_series(self, arrival: Arrival) -> Placement | None:
        """A source that says the same with another number has more news, not the same again: nothing may be lost."""
        key = series_key(arrival.item, arrival.source)
        found = self._shelf.title(key, arrival.at - self._rules.window) if key else None
        if found is None or found.item == arrival.key or found.text == _said(arrival.item):
            return None
        profile = self._shelf.profiles([found.story]).get(found.story) if arrival.chat else None
        return None if profile and _is_anothers(profile, arrival) else self._open(arrival, None)

    def _by_event(self, arrival: Arrival) -> Placement | None:
        """The story of the same page that is about the same event."""
        if not (arrival.events or arrival.back):
            return None
        found = self._shelf.profiles(self._shelf.stories_of(arrival.document)).values()
        told = [one for one in found if one.events and not _is_anothers(one, arrival)]
        for profile in sorted(told, key=lambda one: (-one.size, one.story)):
            common = arrival.events.intersection(profile.events)
            if common or (arrival.back and not arrival.events):
                because = f"the same page on {', '.join(sorted(common) or profile.events[:1])}"
                again = self._loud_again(arrival, profile)
                return Placement(Verdict.RELATED, profile.story, 1.0, because, 1.0, (), again)
        return None

    def _by_terms(self, arrival: Arrival) -> Placement:
        """The nearest story, where it is near enough, else a story of its own."""
        best = self._nearest(arrival)
        if best is None or best.score < best.low:
            return self._open(arrival, best)
        same = best.score >= best.high
        verdict = Verdict.SAME if same else Verdict.RELATED
        common = tuple(map(readable, shared(arrival.vector, best.profile)))
        threshold = best.high if same else best.low
        because = f"shares {', '.join(common)}"
        again = self._loud_again(arrival, best.profile)
        return Placement(verdict, best.profile.story, round(best.score, 3), because, round(threshold, 3), common, again)

    def _nearest(self, arrival: Arrival) -> _Best | None:
        """The best of the stories that share rare terms."""
        if arrival.column and not rest_of_column(arrival.item.title):
            return None
        best: _Best | None = None
        for profile in self._shelf.profiles(self._candidates(arrival)).values():
            judged = self._judge(arrival, profile)
            if judged and (best is None or _rank(judged) > _rank(best)):
                best = judged
        return best

    def _candidates(self, arrival: Arrival) -> list[int]:
        """The stories that share the item's rarest terms, those that share most first."""
        rules = self._rules
        since = arrival.at - rules.window
        rare = _rarest(arrival, rules.asked) + _named(arrival, rules.asked)
        worth: dict[int, float] = {}
        for term, stories in self._shelf.stories_with(rare, since, rules.postings).items():
            for story in stories:
                worth[story] = worth.get(story, 0.0) + arrival.vector[term]
        ordered = sorted(worth, key=lambda story: (-worth[story], -story))[: rules.candidates]
        if arrival.document:
            ordered += [story for story in self._shelf.stories_of(arrival.document) if story not in worth]
        return ordered

    def _judge(self, arrival: Arrival, profile: Profile) -> _Best | None:
        """How near a story is and what it must reach; None where it cannot be."""
        rules = self._rules
        if arrival.at - profile.last_at > rules.window or _is_anothers(profile, arrival):
            return None
        of_document = bool(arrival.document) and arrival.document in profile.documents
        about = core_companies(profile)
        if arrival.companies and about and not of_document and arrival.companies.isdisjoint(about):
            return None
        more = rules.same_source if arrival.source and arrival.source in profile.sources and not of_document else 0.0
        more += rules.column if arrival.column else 0.0
        pair = rules.document if of_document else rules.pair(arrival.words.script, arrival.words.titled)
        cold = rules.cold * max(0.0, 1 - self._shelf.items() / rules.warm)
        pair = replace(pair, high=pair.high + cold)
        plain = _measured(arrival.vector, profile, profile.centre, pair, more)
        if arrival.words.script.value in profile.scripts:
            return plain
        mine, theirs = neutral(arrival.vector, profile.centre), neutral(profile.centre, arrival.vector)
        return max(plain, _measured(mine, profile, theirs, rules.across, more), key=_rank)

    def _open(self, arrival: Arrival, best: _Best | None) -> Placement:
        """A story of its own."""
        story = self._shelf.open(arrival.key, arrival.at)
        if best is None:
            return Placement(Verdict.NEW, story, 0.0, "no story shares its rare words")
        because = f"the nearest story is too far ({best.score:.2f} of {best.low:.2f})"
        return Placement(Verdict.NEW, story, round(best.score, 3), because, round(best.low, 3))

    def _loud_again(self, arrival: Arrival, profile: Profile, exact: bool = False) -> str:
        """Why this item is worth a second sound inside its story, "" where it is not."""
        if arrival.at - profile.last_at > self._rules.silence:
            return "silence"
        if exact or profile.corrected or not is_correction(arrival.item.title, arrival.item.body):
            return ""
        return "correction"

    def _remember(self, arrival: Arrival, placed: Placement) -> None:
        """Write down what the item changes."""
        shelf, rules, at = self._shelf, self._rules, arrival.at
        if placed.verdict is not Verdict.NEW:
            shelf.join(placed.story, arrival.key)
        profile = shelf.profiles([placed.story]).get(placed.story)
        if profile is None or (profile.chat and not arrival.chat):
            profile = Profile(placed.story, at, at, chat=arrival.chat)
        if profile.chat == arrival.chat:
            shelf.save(grown(profile, arrival, rules), _rarest(arrival, rules.posted), at)
            self._remember_title(_headline(arrival.item), arrival, placed.story, _text(arrival.item))
            self._remember_title(series_key(arrival.item, arrival.source), arrival, placed.story, _said(arrival.item))
        if not arrival.chat:
            shelf.count(list(arrival.vector))
        why = {"verdict": placed.verdict.value, "score": placed.score, "threshold": placed.threshold}
        shelf.note(arrival.key, why | {"because": placed.because, "terms": list(placed.terms)}, at)

    def _remember_title(self, key: str, arrival: Arrival, story: int, text: str) -> None:
        """Who had a headline last; a chat's own item takes no place that is taken."""
        if not key or (arrival.chat and self._shelf.title(key, arrival.at - self._rules.window)):
            return
        self._shelf.add_title(key, TitleOnShelf(story, arrival.key, arrival.source, text, arrival.at))


def _is_anothers(profile: Profile, arrival: Arrival) -> bool:
    """Whether a story is made of another chat's own items, which nobody's but everyone's may join."""
    return bool(arrival.chat) and profile.chat not in ("", arrival.chat)


def readable(term: str) -> str:
    """A term as a reader may see it."""
    if _SHORT_NUMBER.fullmatch(term):
        return f"{float(term):,.0f}"
    return term.lstrip("@~").removeprefix("watch:").replace("*", "…")


def _measured(vector: dict[str, float], profile: Profile, centre: dict[str, float], pair: Pair, more: float) -> _Best:
    """Nearness against a pair of thresholds; what rests on too few terms stays below the low one."""
    score = nearness(vector, centre)
    if breadth(vector, centre) < pair.breadth:
        score = min(score, pair.low - 0.01)
    return _Best(profile, score, pair.low + more, pair.high + more)


def _rank(best: _Best) -> tuple[float, int]:
    """How far over its threshold a story is; of equals the older story wins."""
    return (best.score - best.low, -best.profile.story)


def _rarest(arrival: Arrival, most: int) -> list[str]:
    """The weightiest terms of an item; of two forms of one word the whole word."""
    terms = [term for term in arrival.vector if term[-1] != "*"]
    return sorted(terms, key=lambda term: (-arrival.vector[term], term))[:most]


def _headline(item: Item) -> str:
    """The headline as a key, "" where it is too short to be one."""
    key = title_key(without_publisher(item.title))
    return key if len(key) > SHORTEST_KEY else ""


def _said(item: Item) -> str:
    return title_key(item.title) or _text(item)


def _text(item: Item) -> str:
    return title_key(item.body)[:200]


def _named(arrival: Arrival, but: int) -> list[str]:
    """Companies and, in Chinese, words in other letters: they hold across languages, however common they are."""
    done = set(_rarest(arrival, but))
    cjk = arrival.words.script is Script.CJK
    return [
        term
        for term in arrival.vector
        if term not in done
        and (term[0] == "@" or (cjk and term[0].isascii() and term[0].isalnum() and term[-1] != "*"))
    ][:4]
