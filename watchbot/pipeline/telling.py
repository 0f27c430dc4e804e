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
from watchbot.pipeline.policy import DIGEST, QUIET, Tell, Way, cap_of, is_urgent, updates_of
from watchbot.pipeline.ruled import origin_of
from watchbot.pipeline.sight import sources_in_sight
from watchbot.pipeline.sofar import SoFar
from watchbot.pipeline.ways import Course, course
from watchbot.ports.store import Tx
from watchbot.stories.decide import Facts, decide
from watchbot.stories.placer import Placer
from watchbot.stories.verdict import Placement, Verdict

EDIT_WAIT = timedelta(seconds=2)  # several sources of one poll become one edit; the contract allows 3 s


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
        source = arrival.source.spec
        placed = self._placer.split(arrival.item, arrival.id, source.shown, arrival.seen, entities, source.chat)
        arrival = replace(arrival, story=placed.story)
        for chat, found in self._by_chat(arrival, matches).items():
            if chat in chats:
                counted = self._course(arrival, chat, found)
                self._tell_chat(arrival, counted, found, Reason.SPLIT, self._so_far([]))

    def name_source(self, story: int, report: Report, chat: str = "") -> None:
        """A further source carried a told item: the first message of every chat is edited to name it; a source that
        serves one chat only, only in that chat."""
        alerts = [alert for alert in self._tx.alerts.of_story(story) if chat in ("", alert.chat)]
        chats = dict.fromkeys(alert.chat for alert in alerts if not self._directory.is_gone(alert.chat))
        for told in chats:
            root = self._so_far([alert for alert in alerts if alert.chat == told]).root
            if root is not None:
                self._grow(root, (report,))

    def finish(self) -> None:
        """Queue what was held back until the document is through: some of it as one message, some for later."""
        capped = self._leaving.finish()
        self._tx.alerts.decide_many([_capped(decision, capped) for decision in self._decisions])
        self._decisions.clear()

    def _by_chat(self, arrival: Arrival, matches: list[Match]) -> dict[str, list[Match]]:
        by_chat: dict[str, list[Match]] = {}
        source, directory = arrival.source.spec, self._directory
        decided = self._decided(arrival) if matches else {}
        for match in matches:
            hears = directory.hears(directory.watchlist(match.watchlist), source, match.watch)
            for chat in directory.targets_of(match.watchlist, match.watch):
                if not source.serves(chat):
                    continue  # another chat's own source: this one must not even know of it
                if hears:
                    by_chat.setdefault(chat, []).append(match)
                elif (chat, origin_of(match.watchlist), match.watch) not in decided:
                    self._note(arrival, chat, match, Reason.NOT_ITS_SOURCE)
            for chat in directory.switched_off(match.watchlist, match.watch):
                if source.serves(chat) and (chat, match.watchlist, match.watch) not in decided:
                    self._note(arrival, chat, match, Reason.WATCH_OFF)
        return by_chat

    def _decided(self, arrival: Arrival) -> dict[tuple[str, str, str], Reason]:
        """What was decided of a known item, by chat, watchlist and watch: another source changes nothing of that."""
        if not arrival.known:
            return {}
        found = self._tx.alerts.decisions(arrival.id)
        return {(one.chat, one.watchlist, one.watch): one.reason for one in found}

    def _place(self, arrival: Arrival, matches: list[Match]) -> Placement:
        entities = self._directory.naming.companies_in(matches)
        source = arrival.source.spec
        return self._placer.place(arrival.item, arrival.id, source.shown, arrival.seen, entities, source.chat)

    def _decide_chat(
        self, arrival: Arrival, chat: str, matches: list[Match], alerts: list[AlertRow], placed: Placement | None
    ) -> int:
        mine = [alert for alert in alerts if alert.chat == chat]
        counted, so_far = self._course(arrival, chat, matches), self._so_far(mine)
        facts = Facts(
            baseline=arrival.baseline,
            alerted=bool(mine) and not self._is_news(arrival, counted, so_far),
            told=not mine and not arrival.baseline and self._tx.alerts.told(chat, arrival.keys),
            verdict=placed.verdict if placed else None,
            new_watch=bool(mine) and self._names_more(counted.matches, mine),
            loud_again=placed.loud_again if placed else "",
            updates=updates_of(counted.wishes),
            follow_ups=0 if arrival.item.document else sum(alert.reason is Reason.RELATED for alert in mine),
            old=arrival.old,
        )
        reason = decide(facts)
        if reason is Reason.NEW_SOURCE and so_far.root is not None:
            if facts.verdict is Verdict.RELATED:
                self._grow(so_far.root, (), later=1)
            else:
                self._grow(so_far.root, self._reports(arrival, chat))
        return self._tell_chat(arrival, counted, matches, reason, so_far)

    def _so_far(self, mine: list[AlertRow]) -> SoFar:
        return SoFar(mine, self._tx.outbox.sends([alert.id for alert in mine]) if mine else {}, self._leaving.find)

    def _is_news(self, arrival: Arrival, counted: Course, so_far: SoFar) -> bool:
        """Whether a story that the chat has alerts of is news there all the same: mutes keep them, which do not hold
        for this item; or they wait, for a digest or a morning, while this item asks to be told at once."""
        if not so_far.alerts or counted.silence.mute is not None:
            return False
        if so_far.is_unheard(self._directory.mutes(counted.chat), arrival.known):
            return True
        waits = so_far.root_waits()
        if waits is None or not (waits.hold in (DIGEST, QUIET) or is_urgent(counted.wishes)):
            return False
        return counted.way(Reason.FIRST_REPORT, self._now, arrival.old).tell is Tell.NOW

    def _course(self, arrival: Arrival, chat: str, matches: list[Match]) -> Course:
        return course(self._directory, chat, matches, arrival.source.spec.shown, arrival.story, self._now)

    def _tell_chat(self, arrival: Arrival, counted: Course, matches: list[Match], reason: Reason, so_far: SoFar) -> int:
        """Make the alert where the reason asks for one, and keep why; gives 1 where the chat is told, now or later."""
        chat, found = counted.chat, Way(Tell.NOW)
        if reason.tells and reason is not Reason.NEW_SOURCE:
            first = so_far.root_waits() if reason is Reason.RELATED else None
            found = counted.way(reason, self._now, arrival.old, first)
            if found.tell is not Tell.NOT:
                self._alert(arrival, counted, found, reason, so_far)
        elif reason is Reason.NEW_SOURCE and so_far.root is not None:  # it is named where the story is, or waits
            found = so_far.waits(so_far.root) or found
        told = reason.tells and found.tell is not Tell.NOT
        if told:
            self._tx.alerts.tell(chat, arrival.keys, arrival.seen)
        before = self._decided(arrival) if reason is Reason.ALREADY_TOLD else {}
        for match in matches:
            was = before.get((chat, origin_of(match.watchlist), match.watch), reason)
            own = counted.reason_of(match) if told else None
            if was is reason or was.tells:  # what waits, or was left out, is not told already
                self._note(arrival, chat, match, own or found.reason or reason)
        return int(told and found.reason is not Reason.MUTED)

    def _names_more(self, matches: Sequence[Match], mine: list[AlertRow]) -> bool:
        """Whether a watch matches that none of these alerts names, in whichever language they were written. Watches of
        one company are one."""
        named = {name for alert in mine for name in alert.card.watches}
        labels: dict[str, set[str]] = {}
        for match in matches:
            own = [self._directory.label(match.watchlist, match.watch, one) for one in ("", *LANGUAGES)]
            labels.setdefault(self._meant(match) or own[0], set()).update(own)
        return any(named.isdisjoint(own) for own in labels.values())

    def _meant(self, match: Match) -> str:
        """The company that a watch means, by its id; "" for a watch of bare names."""
        watch = self._directory.watch(match.watchlist, match.watch)
        return watch.company if watch else ""

    def _alert(self, arrival: Arrival, counted: Course, way: Way, reason: Reason, so_far: SoFar) -> None:
        """Store the alert and hold its message back until the document is through."""
        assert arrival.story is not None
        chat, card = counted.chat, self._card(arrival, counted)
        root = so_far.root if reason is Reason.RELATED else None
        if way.tell is Tell.NOW and root is None:  # what waited of the story is told by this message
            card, rows = so_far.taken_over(card)
            self._tx.outbox.settle(rows, State.FOLDED, self._now)
        round_ = max((alert.round for alert in so_far.alerts), default=-1) + 1
        alert = self._tx.alerts.add(chat, arrival.story, round_, arrival.id, reason, card, arrival.seen)
        if alert is None:
            return
        pressable = chat not in (CONSOLE, OWNER)
        delivery = NewDelivery(
            chat=chat,
            body="",
            form=Form.CARD,
            alert=alert,
            rank=Rank.URGENT if is_urgent(counted.wishes) else Rank.ALERT,
            reply_to=so_far.message_id(root) if root else None,
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
                first=root.id if root else None,
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
        called: dict[str, str] = {}  # a company that several watches mean is named once
        labelled = []
        for match in sorted(counted.matches, key=lambda match: -match.score):
            name = label(match.watchlist, match.watch, manner.language)
            labelled.append((called.setdefault(self._meant(match) or name, name), match))
        reports = self._reports(arrival, counted.chat)
        compact = manner.format == "compact"
        card = build(arrival.item, labelled, reports, arrival.seen, manner.language, manner.timezone, compact)
        return replace(card, old=arrival.old)

    def _reports(self, arrival: Arrival, chat: str) -> tuple[Report, ...]:
        """Every source that carried the item, the first one with the item's own date; none that serves another chat."""
        at = arrival.item.published or arrival.seen
        seen_here = sources_in_sight(self._tx, arrival.id, chat)
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
