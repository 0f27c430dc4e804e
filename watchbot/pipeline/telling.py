"""One arrived item, from its matches to what every chat gets of it.

match -> by chat -> place -> decide -> compose -> alert row, told-keys -> hold back until the document is through
      -> (five blocks of one watch: one roll-up) -> queue
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchbot.message.card import build
from watchbot.message.codec import dump
from watchbot.message.roundup import flood, page
from watchbot.model.alert import Card, Form, NewDelivery, Rank, Report, State
from watchbot.model.item import Item
from watchbot.model.match import Match
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, Decision, SourceRow
from watchbot.model.watch import Priority
from watchbot.pipeline.directory import OWNER, Directory
from watchbot.ports.store import Tx
from watchbot.stories.decide import Facts, decide
from watchbot.stories.placer import Placer
from watchbot.stories.verdict import Placement

EDIT_WAIT = timedelta(seconds=2)  # several sources of one poll become one edit; the contract allows 3 s
ROLL_UP_FROM = 5
FLOOD, FLOOD_WINDOW = 20, timedelta(minutes=1)
PROMPTEST = ("loud", "silent", "off")


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


@dataclass(slots=True)
class _Held:
    """A message that leaves when the document is through."""

    delivery: NewDelivery
    alert: int
    card: Card
    document: str
    source: SourceRow


class Telling:
    """The telling of one document, inside one transaction."""

    def __init__(self, tx: Tx, directory: Directory, now: datetime) -> None:
        """Begin with nothing held back. `queued` becomes true with the first row for the courier."""
        self._tx = tx
        self._directory = directory
        self._now = now
        self._placer = Placer(tx.shelf, directory.naming.tagger)
        self._held: list[_Held] = []
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
                self._alert(arrival, chat, found, Reason.SPLIT, [], quiet=False)
                for match in found:
                    self._note(arrival, chat, match, Reason.SPLIT)

    def name_source(self, story: int, report: Report, chat: str = "") -> None:
        """A further source carried a told item: the first message of every chat is edited to name it; a source that
        serves one chat only, only in that chat."""
        for alert in self._tx.alerts.of_story(story):
            if alert.round == 0 and chat in ("", alert.chat):
                self._grow(alert, (report,))

    def finish(self) -> None:
        """Queue what was held back: from five blocks of one page and watch on, or where a source brings a chat more
        than twenty alerts within a minute, as one roll-up with every headline."""
        self.queued = self.queued or bool(self._held)
        self._tx.alerts.decide_many(self._decisions)
        self._decisions.clear()
        groups: dict[tuple[str, str, str, int], list[_Held]] = {}
        for held in self._held:
            watch = held.card.watches[0] if held.document else ""
            groups.setdefault((held.delivery.chat, held.document, watch, held.source.id), []).append(held)
        for (chat, document, _watch, _source), group in groups.items():
            if chat != OWNER and (len(group) >= ROLL_UP_FROM if document else self._is_flood(group)):
                self._roll_up(group)
            else:
                for held in group:
                    self._tx.outbox.queue(replace(held.delivery, body=dump(held.card)), self._now)
        self._held.clear()

    def _is_flood(self, group: list[_Held]) -> bool:
        """Whether these alerts are part of more than twenty that one source brings one chat within a minute."""
        chat, source = group[0].delivery.chat, group[0].source.id
        return self._tx.alerts.recent(chat, source, self._now - FLOOD_WINDOW, FLOOD + 1) > FLOOD

    def _by_chat(self, arrival: Arrival, matches: list[Match]) -> dict[str, list[Match]]:
        by_chat: dict[str, list[Match]] = {}
        for match in matches:
            watchlist = self._directory.watchlists[match.watchlist]
            hears = self._directory.hears(watchlist, arrival.source.spec)
            for chat in self._directory.targets(watchlist):
                if arrival.source.spec.chat not in ("", chat):
                    continue  # another chat's own source: this one must not even know of it
                if hears:
                    by_chat.setdefault(chat, []).append(match)
                else:
                    self._note(arrival, chat, match, Reason.NOT_ITS_SOURCE)
        return by_chat

    def _place(self, arrival: Arrival, matches: list[Match]) -> Placement:
        entities = self._directory.naming.companies_in(matches)
        return self._placer.place(arrival.item, arrival.id, arrival.source.spec.shown, arrival.seen, entities)

    def _decide_chat(
        self, arrival: Arrival, chat: str, matches: list[Match], alerts: list[AlertRow], placed: Placement | None
    ) -> int:
        mine = [alert for alert in alerts if alert.chat == chat]
        labels = {self._directory.label(match.watchlist, match.watch) for match in matches}
        facts = Facts(
            baseline=arrival.baseline,
            alerted=bool(mine),
            told=not mine and not arrival.baseline and self._tx.alerts.told(chat, arrival.keys),
            verdict=placed.verdict if placed else None,
            new_watch=bool(mine) and not labels <= {name for alert in mine for name in alert.card.watches},
            loud_again=placed.loud_again if placed else "",
            updates=self._updates(chat, matches),
            follow_ups=0 if arrival.item.document else sum(alert.reason is Reason.RELATED for alert in mine),
            old=arrival.old,
        )
        reason = decide(facts)
        if reason is Reason.NEW_SOURCE:
            self._grow(mine[0], self._reports(arrival, chat))
        elif reason.tells:
            self._alert(arrival, chat, matches, reason, mine, quiet=facts.updates != "loud")
        if reason.tells:
            self._tx.alerts.tell(chat, arrival.keys, arrival.seen)
        for match in matches:
            self._note(arrival, chat, match, reason)
        return 1 if reason.tells else 0

    def _alert(
        self, arrival: Arrival, chat: str, matches: list[Match], reason: Reason, mine: list[AlertRow], quiet: bool
    ) -> None:
        """Store the alert and hold its message back until the document is through."""
        assert arrival.story is not None
        card = self._card(arrival, chat, matches)
        round_ = max((alert.round for alert in mine), default=-1) + 1
        alert = self._tx.alerts.add(chat, arrival.story, round_, arrival.id, reason, card, arrival.seen)
        if alert is None:
            return
        follows = reason is Reason.RELATED
        delivery = NewDelivery(
            chat=chat,
            body="",
            form=Form.CARD,
            alert=alert,
            rank=Rank.URGENT if self._has(matches, Priority.HIGH, any) else Rank.ALERT,
            silent=arrival.old or self._has(matches, Priority.LOW, all) or (follows and quiet),
            reply_to=self._tx.outbox.message_id(mine[0].id) if follows else None,
            state=State.WAITING if chat == OWNER else State.PENDING,
        )
        self._held.append(_Held(delivery, alert, card, arrival.item.document, arrival.source))

    def _grow(self, alert: AlertRow, reports: tuple[Report, ...]) -> None:
        """Name further reports in a message that was sent, or is about to be."""
        held = next((held for held in self._held if held.alert == alert.id), None)
        card = held.card if held else alert.card
        known = {(report.source, report.title) for report in card.reports}
        fresh = tuple(report for report in reports if (report.source, report.title) not in known)
        if not fresh:
            return
        card = replace(card, reports=(*card.reports, *fresh))
        self._tx.alerts.set_card(alert.id, card)
        if held:
            held.card = card
        else:
            self._tx.outbox.queue_edit(alert.id, card, self._now, self._now + EDIT_WAIT)
            self.queued = True

    def _roll_up(self, group: list[_Held]) -> None:
        """One message for many blocks of one page, or for a flood of one feed."""
        first, cards = group[0], [held.card for held in group]
        bodies = page(first.document, cards) if first.document else flood(first.source.spec.shown, cards)
        rank = min((held.delivery.rank for held in group), key=lambda rank: rank.value)
        silent = all(held.delivery.silent for held in group)
        for part, body in enumerate(bodies):
            delivery = replace(first.delivery, body=body, form=Form.HTML, alert=None, part=part, silent=silent)
            self._tx.outbox.queue(replace(delivery, rank=rank, reply_to=None), self._now)

    def _updates(self, chat: str, matches: list[Match]) -> str:
        """The chat's own entry decides, else the promptest setting of all matching watches."""
        named = self._directory.named(chat)
        if named and named.updates:
            return named.updates
        wishes = set()
        for match in matches:
            watch = self._directory.watch(match.watchlist, match.watch)
            wishes.add((watch and watch.updates) or self._directory.watchlists[match.watchlist].updates)
        return next((wish for wish in PROMPTEST if wish in wishes), "silent")

    def _has(self, matches: list[Match], priority: Priority, how: Callable[[Iterable[bool]], bool]) -> bool:
        watches = (self._directory.watch(match.watchlist, match.watch) for match in matches)
        return how([watch is not None and watch.priority is priority for watch in watches])

    def _card(self, arrival: Arrival, chat: str, matches: list[Match]) -> Card:
        labelled = [(self._directory.label(match.watchlist, match.watch), match) for match in matches]
        view = self._directory.view(chat, self._directory.watchlists[matches[0].watchlist])
        card = build(arrival.item, labelled, self._reports(arrival, chat), arrival.seen, view.language, view.timezone)
        return replace(card, old=arrival.old)

    def _reports(self, arrival: Arrival, chat: str) -> tuple[Report, ...]:
        """Every source that carried the item, the first one with the item's own date; none that serves another chat."""
        at = arrival.item.published or arrival.seen
        seen_here = [row for row in self._tx.items.sources(arrival.id) if row.chat in ("", chat)]
        return tuple(
            Report(row.name, row.title, row.url, at if number == 0 else row.at) for number, row in enumerate(seen_here)
        )

    def _note(self, arrival: Arrival, chat: str, match: Match, reason: Reason) -> None:
        self._decisions.append(Decision(chat, arrival.id, match.watchlist, match.watch, reason, arrival.seen))
