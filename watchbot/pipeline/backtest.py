"""What a watchlist would have fired on the stored items, the baseline included; and against the live one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from watchbot.model.match import Match
from watchbot.model.records import StoredItem
from watchbot.pipeline.directory import Directory


@dataclass(frozen=True, slots=True)
class Fired:
    """One stored item and the watches (watchlist key, watch id) that match it; `change` is "", gained or lost."""

    stored: StoredItem
    match: Match
    label: str
    change: str = ""


@dataclass(slots=True)
class Backtest:
    """Counts over the items looked at. `by_watch` and `by_term` count matches."""

    items: int = 0
    fired: list[Fired] = field(default_factory=list)
    by_watch: Counter[str] = field(default_factory=Counter)
    by_term: Counter[tuple[str, str]] = field(default_factory=Counter)

    def _count(self, fired: Fired) -> None:
        self.fired.append(fired)
        if fired.change != "lost":
            self.by_watch[fired.label] += 1
            self.by_term.update({(fired.label, span.term) for span in fired.match.spans})


def backtest(items: Iterable[StoredItem], tried: Directory, live: Directory | None = None) -> Backtest:
    """Match every stored item against `tried`; with `live` also say what `tried` gains and loses against it.

    Watches are compared by what alerts call them, so that a renamed list is not a loss.
    """
    result = Backtest()
    for stored in items:
        result.items += 1
        now = _labelled(tried, stored)
        before = _labelled(live, stored) if live else now
        for label, match in now.items():
            result._count(Fired(stored, match, label, "" if label in before else "gained"))
        for label, match in before.items():
            if label not in now:
                result._count(Fired(stored, match, label, "lost"))
    return result


def _labelled(directory: Directory, stored: StoredItem) -> dict[str, Match]:
    found: dict[str, Match] = {}
    for match in directory.match(stored.item):
        found.setdefault(directory.label(match.watchlist, match.watch), match)
    return found
