"""One arrived item, from its matches to what every chat gets of it.

match -> by chat -> place -> decide -> way (now, later, not) -> compose -> alert row, told-keys
      -> hold back until the document is through (leaving.py) -> queue
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchbot.message.card import build, buttons
from watchbot.message.words import LANGUAGES
from watchbot.model.alert import Card, Form, NewDelivery, Rank, Report, State
from watchbot.model.item import Item
from watchbot.model.match import Match
from watchbot.model.panel import Panel
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, Decision, SourceRow
from watchbot.pipeline.directory import CONSOLE, OWNER, Directory
from watchbot.pipeline.leaving import Leaver, Leaving
from watchbot.pipeline.policy import CAP, DIGEST, QUIET, Tell, Way, cap_of, is_urgent, updates_of
from watchbot.pipeline.ruled import origin_of
from watchbot.pipeline.ways import Course, course
from watchbot.ports.store import Tx
from watchbot.stories.decide import Facts, decide
from watchbot.stories.placer import Placer
from watchbot.stories.verdict import Placement, Verdict

EDIT_WAIT = timedelta(seconds=2)  # several sources of one poll become one edit; the contract allows 3 s
_HELD_FOR = {DIGEST: Reason.DIGEST_DUE, QUIET: Reason.QUIET_HOURS, CAP: Reason.CAPPED}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One item on its way through the transaction. `known`: it was stored before (edited, or a further source).
    `old`: it was published too long before its feed last answered."""

    id: int
    item: Item
    keys: tuple[str, ...]
    source: SourceRow
    seen: datetime
    story: int | None
    baseline: bool
    known: bool = False
    old: bool = False


class Telling:
    """The telling of one document, inside one transaction."""

    def __init__(self, tx: Tx, directory: Directory, now: datetime) -> None:
        """Begin with nothing held back. `queued` becomes true with the first row for the courier."""
        self._tx = tx
        self._directory = directory
        self._now = now
        self._placer = Placer(tx.shelf, directory.naming.tagger)
        self._leaving = Leaving(tx, now)
        self._decisions: list[Decision] = []
        self.queued = False

    def tell(self, arrival: Arrival) -> tuple[int, int]:
        """Decide one item for every chat; gives how many matches it has and how many chats are told."""
        matches = self._directory.match(arrival.item)
        by_chat = self._by_chat(arrival, matches)
        if not by_chat:
            return len(matches), 0
        placed = None
        if arrival.story is None and not arrival.baseline:
            placed = self._place(arrival, matches)
            arrival = replace(arrival, story=placed.story)
        alerts = self._tx.alerts.of_story(arrival.story) if arrival.story is not None else []
        told = [self._decide_chat(arrival, chat, found, alerts, placed) for chat, found in by_chat.items()]
        return len(matches), sum(told)

    def split(self, arrival: Arrival, chats: frozenset[str]) -> None:
        """Open a story of its own for an item of another one, and tell these chats, who only saw it folded in."""
        matches = self._directory.match(arrival.item)
        entities = self._directory.naming.companies_in(matches)
        name = arrival.source.spec.shown
        placed = self._placer.split(arrival.item, arrival.id, name, arrival.seen, entities)
        arrival = replace(arrival, story=placed.story)
        for chat, found in self._by_chat(arrival, matches).items():
            if chat in chats:
                counted = self._course(arrival, chat, found)
                self._tell_chat(arrival, counted, found, Reason.SPLIT, [])

    def name_source(self, story: int, report: Report, chat: str = "") -> None:
        """A further source carried a told item: the first message of every chat is edited to name it; a source that
        serves one chat only, only in that chat."""
        for alert in self._tx.alerts.of_story(story):
            if alert.round == 0 and chat in ("", alert.chat):
                self._grow(alert, (report,))

    def finish(self) -> None:
        """Queue what was held back until the document is through: some of it as one message, some for later."""
        capped = self._leaving.finish()
        self._tx.alerts.decide_many([_capped(decision, capped) for decision in self._decisions])
        self._decisions.clear()

    def _by_chat(self, arrival: Arrival, matches: list[Match]) -> dict[str, list[Match]]:
        by_chat: dict[str, list[Match]] = {}
        source, directory = arrival.source.spec, self._directory
        for match in matches:
            hears = directory.hears(directory.watchlist(match.watchlist), source, match.watch)
            for chat in directory.targets_of(match.watchlist, match.watch):
                if source.chat not in ("", chat):
                    continue  # another chat's own source: this one must not even know of it
                if hears:
                    by_chat.setdefault(chat, []).append(match)
                else:
                    self._note(arrival, chat, match, Reason.NOT_ITS_SOURCE)
            for chat in directory.switched_off(match.watchlist, match.watch):
                if source.chat in ("", chat):
                    self._note(arrival, chat, match, Reason.WATCH_OFF)
        return by_chat

    def _place(self, arrival: Arrival, matches: list[Match]) -> Placement:
        entities = self._directory.naming.companies_in(matches)
        return self._placer.place(arrival.item, arrival.id, arrival.source.spec.shown, arrival.seen, entities)

    def _decide_chat(
        self, arrival: Arrival, chat: str, matches: list[Match], alerts: list[AlertRow], placed: Placement | None
    ) -> int:
        mine = [alert for alert in alerts if alert.chat == chat]
        counted = self._course(arrival, chat, matches)
        facts = Facts(
            baseline=arrival.baseline,
            alerted=bool(mine),
            told=not mine and not arrival.baseline and self._tx.alerts.told(chat, arrival.keys),
            verdict=placed.verdict if placed else None,
            new_watch=bool(mine) and self._names_more(counted.matches, mine),
            loud_again=placed.loud_again if placed else "",
            updates=updates_of(counted.wishes),
            follow_ups=0 if arrival.item.document else sum(alert.reason is Reason.RELATED for alert in mine),
            old=arrival.old,
        )
        reason = decide(facts)
        if reason is Reason.NEW_SOURCE:
            if facts.verdict is Verdict.RELATED:
                self._grow(mine[0], (), later=1)
            else:
                self._grow(mine[0], self._reports(arrival, chat))
        return self._tell_chat(arrival, counted, matches, reason, mine)

    def _course(self, arrival: Arrival, chat: str, matches: list[Match]) -> Course:
        return course(self._directory, chat, matches, arrival.source.spec.shown, arrival.story, self._now)

    def _tell_chat(
        self, arrival: Arrival, counted: Course, matches: list[Match], reason: Reason, mine: list[AlertRow]
    ) -> int:
        """Make the alert where the reason asks for one, and keep why; gives 1 where the chat is told, now or later."""
        chat, found = counted.chat, Way(Tell.NOW)
        if reason.tells and reason is not Reason.NEW_SOURCE:
            found = counted.way(reason, self._now, arrival.old, self._first(reason, mine))
            if found.tell is not Tell.NOT:
                self._alert(arrival, counted, found, reason, mine)
        told = reason.tells and found.tell is not Tell.NOT
        if told:
            self._tx.alerts.tell(chat, arrival.keys, arrival.seen)
        for match in matches:
            self._note(arrival, chat, match, found.reason or reason)
        return int(told and found.reason is not Reason.MUTED)

    def _names_more(self, matches: Sequence[Match], mine: list[AlertRow]) -> bool:
        """Whether a watch matches that none of these alerts names, in whichever language they were written."""
        named = {name for alert in mine for name in alert.card.watches}
        return any(
            named.isdisjoint(self._directory.label(match.watchlist, match.watch, one) for one in ("", *LANGUAGES))
            for match in matches
        )

    def _first(self, reason: Reason, mine: list[AlertRow]) -> Way | None:
        """How the first alert of a story is held back that a follow-up belongs to; None where it is not."""
        if reason is not Reason.RELATED or not mine:
            return None
        leaver = self._leaving.find(mine[0].id)
        if leaver is not None:
            return leaver.way if leaver.way.tell is Tell.HOLD else None
        for row in self._tx.outbox.held(mine[0].chat):
            if row.alert == mine[0].id:
                return Way(Tell.HOLD, True, row.hold, row.next_at, _HELD_FOR.get(row.hold, Reason.MUTED))
        return None

    def _alert(self, arrival: Arrival, counted: Course, way: Way, reason: Reason, mine: list[AlertRow]) -> None:
        """Store the alert and hold its message back until the document is through."""
        assert arrival.story is not None
        chat, card = counted.chat, self._card(arrival, counted)
        round_ = max((alert.round for alert in mine), default=-1) + 1
        alert = self._tx.alerts.add(chat, arrival.story, round_, arrival.id, reason, card, arrival.seen)
        if alert is None:
            return
        follows = reason is Reason.RELATED
        pressable = chat not in (CONSOLE, OWNER)
        delivery = NewDelivery(
            chat=chat,
            body="",
            form=Form.CARD,
            alert=alert,
            rank=Rank.URGENT if is_urgent(counted.wishes) else Rank.ALERT,
            reply_to=self._tx.outbox.message_id(mine[0].id) if follows else None,
            state=State.WAITING if chat == OWNER else State.PENDING,
            rows=buttons(card.language) if pressable else (),
            panel=Panel("alert", {"alert": alert}) if pressable else None,
        )
        self.queued = True
        self._leaving.add(
            Leaver(
                delivery,
                alert,
                arrival.id,
                card,
                arrival.item.document,
                arrival.source,
                way,
                urgent=is_urgent(counted.wishes),
                cap=cap_of(counted.wishes),
                first=mine[0].id if follows else None,
            )
        )

    def _grow(self, alert: AlertRow, reports: tuple[Report, ...], later: int = 0) -> None:
        """Name further reports in a message that was sent, or is about to be; count follow-ups that are no message."""
        leaver = self._leaving.find(alert.id)
        card = leaver.card if leaver else alert.card
        known = {(report.source, report.title) for report in card.reports}
        fresh = tuple(report for report in reports if (report.source, report.title) not in known)
        if not fresh and not later:
            return
        card = replace(card, reports=(*card.reports, *fresh), later=card.later + later)
        self._tx.alerts.set_card(alert.id, card)
        if leaver:
            leaver.card = card
        else:
            self._tx.outbox.queue_edit(alert.id, card, self._now, self._now + EDIT_WAIT)
            self.queued = True

    def _card(self, arrival: Arrival, counted: Course) -> Card:
        manner, label = counted.wishes[0].manner, self._directory.label
        labelled = [(label(match.watchlist, match.watch, manner.language), match) for match in counted.matches]
        reports = self._reports(arrival, counted.chat)
        compact = manner.format == "compact"
        card = build(arrival.item, labelled, reports, arrival.seen, manner.language, manner.timezone, compact)
        return replace(card, old=arrival.old)

    def _reports(self, arrival: Arrival, chat: str) -> tuple[Report, ...]:
        """Every source that carried the item, the first one with the item's own date; none that serves another chat."""
        at = arrival.item.published or arrival.seen
        seen_here = [row for row in self._tx.items.sources(arrival.id) if row.chat in ("", chat)]
        return tuple(
            Report(row.name, row.title, row.url, at if number == 0 else row.at) for number, row in enumerate(seen_here)
        )

    def _note(self, arrival: Arrival, chat: str, match: Match, reason: Reason) -> None:
        watchlist = origin_of(match.watchlist)
        self._decisions.append(Decision(chat, arrival.id, watchlist, match.watch, reason, arrival.seen))


def _capped(decision: Decision, capped: Mapping[tuple[str, int], Way]) -> Decision:
    """The decision as it stands after the cap of the chat."""
    way = capped.get((decision.chat, decision.item))
    return replace(decision, reason=way.reason) if way and way.reason and decision.reason.tells else decision
