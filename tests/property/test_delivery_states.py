"""Deliveries as a state machine: whatever the far side answers and whenever the daemon dies, nothing is lost.

The outbox here is a dictionary that obeys the moves of pipeline/deliver.py, as the store's does.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from watchbot.model.alert import Act, Delivery, Form, Move, Outcome, Rank, Result, State
from watchbot.pipeline.deliver import after, after_bug

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
