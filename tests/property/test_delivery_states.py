"""Deliveries as a state machine: whatever the far side answers and whenever the daemon dies, nothing is lost.

First the outbox is a dictionary that obeys the moves of pipeline/deliver.py, as the store's does. Then it is the
store's own, with messages that are held back, change, are released or given up: in the end every message that is not
folded into another shows what was last asked of it, with its last buttons.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.contract.store_rows import alert, card
from watchbot.message.codec import dump
from watchbot.model.alert import Act, Delivery, Form, Move, NewDelivery, Outcome, Rank, Result, State
from watchbot.model.panel import Button, Panel, Rows
from watchbot.pipeline.deliver import after, after_bug
from watchbot.store import SqlStore, open_store

START = datetime(2026, 11, 21, tzinfo=UTC)
LAWFUL = {State.PENDING, State.UNCERTAIN, State.SENT, State.PARKED, State.DEAD, State.FOLDED}
ENDS = {State.SENT, State.PARKED, State.DEAD, State.FOLDED}
LONGEST = timedelta(hours=3)
results = st.sampled_from(list(Result))
seconds = st.sampled_from([0.0, 1.0, 30.0, 60.0, 7200.0])


class Deliveries(RuleBasedStateMachine):
    """Queue, claim, answer, die, wait."""

    rows = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.table: dict[int, Delivery] = {}
        self.arrived: dict[int, int] = {}
        self.doubts: dict[int, int] = {}
        self.paused: dict[str, datetime] = {}

    @rule(target=rows, act=st.sampled_from(Act), chat=st.sampled_from(["1", "-5/7", "-5"]), reply=st.booleans())
    def queue(self, act: Act, chat: str, reply: bool) -> int:
        """A new row."""
        number = len(self.table)
        self.table[number] = Delivery(
            id=number,
            chat=chat,
            body="x",
            form=Form.HTML,
            act=act,
            part=0,
            rank=Rank.ALERT,
            silent=False,
            state=State.PENDING,
            attempts=0,
            next_at=self.now,
            created_at=self.now,
            reply_to=3 if reply else None,
            message_id=4 if act is Act.EDIT else None,
        )
        self.arrived[number] = self.doubts[number] = 0
        return number

    @rule(number=rows)
    def claim(self, number: int) -> None:
        """Take a row that is due."""
        row = self.table[number]
        paused = max(self.paused.get(row.chat, START), self.paused.get("*", START))
        due = row.state in (State.PENDING, State.UNCERTAIN) and row.next_at <= self.now and paused <= self.now
        if due:
            again = row.repeat or row.state is State.UNCERTAIN
            self.table[number] = replace(row, state=State.SENDING, attempts=row.attempts + 1, repeat=again)

    @rule(number=rows, result=results, wait=seconds, chat=st.sampled_from(["", "-5", "-9"]), lost=st.booleans())
    def answer(self, number: int, result: Result, wait: float, chat: str, lost: bool) -> None:
        """The call ends somehow."""
        row = self.table[number]
        if row.state is not State.SENDING:
            return
        if result is Result.SENT:
            self._arrives(row)
        if result is Result.UNCERTAIN:
            self.doubts[number] += 1
            if lost:
                self._arrives(row)
        new_id = 9 if result is Result.SENT else None
        outcome = Outcome(result, message_id=new_id, seconds=wait, chat=chat, error=result.value)
        self._carry_out(row, after(row, outcome, self.now, 0.5, flood=lost))

    @rule(number=rows)
    def breaks(self, number: int) -> None:
        """The sender has a bug."""
        row = self.table[number]
        if row.state is State.SENDING:
            self.doubts[number] += 1
            self._carry_out(row, after_bug(row, "KeyError", self.now))

    @rule(number=rows, called=st.booleans())
    def dies(self, number: int, called: bool) -> None:
        """kill -9 before or after the call; the next start finds the row."""
        row = self.table[number]
        if row.state is State.SENDING:
            self.doubts[number] += 1
            if called:
                self._arrives(row)
            due = self.now + timedelta(seconds=20)
            self.table[number] = replace(row, state=State.UNCERTAIN, next_at=due, repeat=True)

    @rule(wait=st.sampled_from([1, 25, 400, 90000]))
    def time_passes(self, wait: int) -> None:
        """Some seconds later."""
        self.now += timedelta(seconds=wait)

    def _arrives(self, row: Delivery) -> None:
        """A message is seen by a person."""
        self.arrived[row.id] += 1
        if row.act is Act.SEND and self.arrived[row.id] > 1:
            assert row.repeat, "told again without the mark"
            assert self.doubts[row.id] > 0, "told again without a lost answer"

    def _carry_out(self, row: Delivery, move: Move) -> None:
        """What the store does with a move."""
        assert move.state in LAWFUL
        assert move.state is State.SENT or move.error
        assert (row.repeat and move.state is not State.SENT) <= move.repeat
        if move.pause_chat:
            self.paused[row.chat] = self.now + timedelta(seconds=move.pause_chat)
        if move.pause_all:
            self.paused["*"] = self.now + timedelta(seconds=move.pause_all)
        self.table[row.id] = replace(
            row,
            state=move.state,
            next_at=move.next_at,
            message_id=move.message_id,
            plain=move.plain,
            repeat=move.repeat,
            reply_to=None if move.drop_reply else row.reply_to,
            chat=move.new_chat or row.chat,
        )

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every row has ended, is under way, or is due within hours."""
        for row in self.table.values():
            waits = row.state in (State.PENDING, State.UNCERTAIN) and row.next_at <= self.now + LONGEST
            assert row.state in ENDS or row.state is State.SENDING or waits

    @invariant()
    def what_is_sent_has_arrived(self) -> None:
        """SENT is never said of a message that nobody saw, and such a row is never sent again."""
        for row in self.table.values():
            assert row.state is not State.SENT or self.arrived[row.id] > 0
            assert self.arrived[row.id] <= self.doubts[row.id] + 1

    @invariant()
    def only_a_fault_of_the_message_gives_it_up(self) -> None:
        """A row is dead only after plain text was refused, a bug struck again and again, or a day of lost answers."""
        for row in self.table.values():
            assert row.state is not State.DEAD or row.plain or row.attempts >= 5

    @invariant()
    def an_edit_is_never_marked_by_an_answer(self) -> None:
        """Only a claim out of doubt or a death marks an edit, and the sender ignores that."""
        for row in self.table.values():
            assert row.act is Act.SEND or not row.repeat or self.doubts[row.id] > 0


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


CHATS = ("1", "-5/7")
BUTTONS: tuple[Rows, ...] = ((), ((Button("Why", "why"),),), ((Button("Undo", "undo"), Button("A", "a:1")),))
ANSWERS = [Result.SENT, Result.SENT, Result.NOT_SENT, Result.UNCERTAIN, Result.UNREACHABLE, Result.BAD_TEXT]


class Outbox(RuleBasedStateMachine):
    """The real outbox in one transaction that is never committed; the far side is a dictionary of messages."""

    store: SqlStore
    rows = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.count = 0
        self._open = self.store.write()
        self.tx = self._open.__enter__()
        self.asked: dict[int, tuple[str, Rows]] = {}
        self.alerts: dict[int, int] = {}
        self.flight: list[Delivery] = []
        self.shown: dict[tuple[str, int], tuple[str, Rows, str]] = {}
        self.doubts: dict[int, int] = {}
        self.arrived: dict[int, int] = {}

    def teardown(self) -> None:
        """Whatever happened, it ends well."""
        try:
            self.ends_well()
        finally:
            with suppress(InterruptedError):
                self._open.__exit__(InterruptedError, InterruptedError(), None)

    @rule(target=rows, chat=st.sampled_from(CHATS), buttons=st.sampled_from(BUTTONS), held=st.booleans())
    def tell(self, chat: str, buttons: Rows, held: bool) -> int:
        """An alert, due or held back."""
        made = alert(self.tx, chat, f"g{self.count}")
        body = self._body()
        state, hold = (State.HELD, "quiet") if held else (State.PENDING, "")
        new = NewDelivery(chat, body, Form.CARD, made, state=state, hold=hold, rows=buttons, panel=Panel("alert"))
        row = self.tx.outbox.queue(new, self.now)
        self.alerts[row] = made
        return self._asked(row, body, buttons)

    @rule(target=rows, chat=st.sampled_from(CHATS), buttons=st.sampled_from(BUTTONS))
    def reply(self, chat: str, buttons: Rows) -> int:
        """An answer to somebody."""
        body = self._body()
        row = self.tx.outbox.queue(NewDelivery(chat, body, Form.CARD, rank=Rank.REPLY, rows=buttons), self.now)
        return self._asked(row, body, buttons)

    @rule(row=rows, buttons=st.none() | st.sampled_from(BUTTONS), wait=st.sampled_from([0, 5]), soon=st.booleans())
    def grow(self, row: int, buttons: Rows | None, wait: int, soon: bool) -> None:
        """An alert has more to say, or its buttons were pressed."""
        if row not in self.alerts:
            return
        self.count += 1
        rank, due = Rank.REPLY if soon else Rank.EDIT, self.now + timedelta(seconds=wait)
        self.tx.outbox.queue_edit(self.alerts[row], card(f"{self.count}"), self.now, due, buttons, rank)
        self._asked(row, dump(card(f"{self.count}")), self.asked[row][1] if buttons is None else buttons)

    @rule(row=rows, buttons=st.sampled_from(BUTTONS))
    def change(self, row: int, buttons: Rows) -> None:
        """A message becomes another one."""
        body = self._body()
        self.tx.outbox.change(row, body, Form.CARD, buttons, self.now)
        self._asked(row, body, buttons)

    @rule(wait=st.sampled_from([0, 5, 400]))
    def claim(self, wait: int) -> None:
        """The courier takes what is due, or soon will be."""
        self.now += timedelta(seconds=wait)
        self.flight += self.tx.outbox.claim(self.now, "n", 60, 9, "telegram")

    @rule(row=rows, buttons=st.sampled_from(BUTTONS))
    def change_on_its_way(self, row: int, buttons: Rows) -> None:
        """A message becomes another one while it is being sent."""
        self.claim(0)
        self.change(row, buttons)

    @rule(result=st.sampled_from(ANSWERS), lost=st.booleans())
    def answer_all(self, result: Result, lost: bool) -> None:
        """All calls end in the same way."""
        while self.flight:
            self._answer(self.flight.pop(), result, lost)

    @rule(place=st.integers(0, 1), result=st.sampled_from(ANSWERS), lost=st.booleans())
    def answer(self, place: int, result: Result, lost: bool) -> None:
        """One of the calls ends."""
        if place < len(self.flight):
            self._answer(self.flight.pop(place), result, lost)

    @rule(called=st.booleans())
    def die(self, called: bool) -> None:
        """kill -9 before or after the calls; the next start finds the rows."""
        for row in self.flight:
            self._doubt(row, called)
        self.flight.clear()
        self.tx.outbox.take_over("n", self.now)

    @rule(chat=st.sampled_from(CHATS), state=st.sampled_from([State.FOLDED, State.PENDING]))
    def release(self, chat: str, state: State) -> None:
        """Quiet hours end: one by one, or all in one message."""
        self._settle([row.id for row in self.tx.outbox.held(chat, "quiet")], state)

    @rule(chat=st.sampled_from(CHATS))
    def fold_backlog(self, chat: str) -> None:
        """What piled up goes out in one message."""
        if chat in self.tx.outbox.backlogs(self.now, 2, self.now):
            self._settle([row.id for row in self.tx.outbox.backlog(chat, self.now)], State.FOLDED)

    @rule()
    def mend(self) -> None:
        """Somebody takes the bot in again, and tries what was given up again."""
        for chat in CHATS:
            self.tx.chats.unpark(chat, self.now)
        for row in self.tx.outbox.dead(99):
            assert self.tx.outbox.retry(row.id, self.now)

    def ends_well(self) -> None:
        """Once everything works every message that is not folded shows what was last asked of it."""
        while self.flight:
            self._answer(self.flight.pop(), Result.SENT, False)
        for chat in CHATS:
            self.release(chat, State.PENDING)
        self.mend()
        while (due := self.tx.outbox.next_due(self.now, "telegram")) is not None:
            self.now = max(self.now, due)
            for row in self.tx.outbox.claim(self.now, "n", 60, 9, "telegram"):
                self._answer(row, Result.SENT, False)
        counts = self.tx.outbox.counts()
        assert sum(counts.values()) == counts[State.SENT] + counts[State.FOLDED]
        for row, (body, buttons) in self.asked.items():
            send = self.tx.outbox.get(row)
            assert send is not None
            if send.state is State.SENT and send.message_id is not None:
                shown = self.shown[send.chat, send.message_id]
                assert shown[:2] == (body, buttons)
                assert not buttons or shown[2] == send.token != ""
                assert self.tx.outbox.by_message(send.chat, send.message_id) == send

    def _body(self) -> str:
        self.count += 1
        return dump(card(f"{self.count}"))

    def _asked(self, row: int, body: str, buttons: Rows) -> int:
        self.asked[row] = (body, buttons)
        self.doubts.setdefault(row, 0)
        return row

    def _settle(self, ids: list[int], state: State) -> None:
        self.tx.outbox.settle(ids, state, self.now)

    def _answer(self, row: Delivery, result: Result, lost: bool) -> None:
        """What the courier does with the end of a call."""
        new_id = None
        if result is Result.SENT:
            new_id = self._arrive(row)
        elif result is Result.UNCERTAIN:
            self._doubt(row, lost)
        outcome = Outcome(result, message_id=new_id, error=result.value)
        self.tx.outbox.finish(row.id, after(row, outcome, self.now, 0.5), self.now)

    def _doubt(self, row: Delivery, arrives: bool) -> None:
        self.doubts[row.id] = self.doubts.get(row.id, 0) + 1
        if arrives:
            self._arrive(row)

    def _arrive(self, row: Delivery) -> int:
        """A message, or a change of one, is seen by a person."""
        message = row.message_id
        if row.act is Act.SEND:
            self.count += 1
            message = self.count
            self.arrived[row.id] = self.arrived.get(row.id, 0) + 1
            assert self.arrived[row.id] == 1 or row.repeat, "told again without the mark"
            assert self.arrived[row.id] <= self.doubts[row.id] + 1
        assert message is not None
        self.shown[row.chat, message] = (row.body, row.rows, row.token)
        return message


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[type[Outbox]]:
    """The machine on a database of its own."""
    store = open_store(f"sqlite:///{tmp_path}/outbox.db")
    yield type("OnStore", (Outbox,), {"store": store})
    store.close()


def test_every_message_shows_in_the_end_what_was_last_asked_of_it(outbox: type[Outbox]) -> None:
    health = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    options = settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=health)
    run_state_machine_as_test(outbox, settings=options)
