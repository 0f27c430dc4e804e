"""What piled up in a chat becomes one round-up, and nothing else is touched."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.pipeline.conftest import Office
from watchbot.message.codec import dump
from watchbot.message.parts import visible
from watchbot.model.alert import Card, Delivery, Form, Marked, Move, NewDelivery, Rank, Report, State, Why
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.watch import Kind, Level
from watchbot.pipeline.backlog import LEAST, fold_backlogs


def arrive(office: Office, number: int, first: int = 0, silent: bool = False) -> None:
    """So many alerts for chat 7 and for the terminal, a second apart."""
    for index in range(first, first + number):
        office.clock.move(1)
        now = office.clock.now()
        with office.store.write() as tx:
            guid = f"g{index}"
            item = tx.items.add(Item(guid, f"{index} tale", ""), office.sources["Wire"].id, [guid], now, False)
            story = tx.stories.open(item, now)
            for chat in ("7", "console"):
                alert = tx.alerts.add(chat, story, 0, item, Reason.FIRST_REPORT, card(index), now)
                tx.outbox.queue(NewDelivery(chat, dump(card(index)), Form.CARD, alert=alert, silent=silent), now)


def card(number: int) -> Card:
    """What an alert shows."""
    url = f"https://wire.example/{number}"
    return Card(
        ("Foxconn",),
        Marked(f"{number} tale"),
        url,
        "",
        Marked(""),
        Why(Level.MAIN, "Foxconn", "title", Kind.NAME),
        (Report("Wire", f"{number} tale", url, datetime(2026, 11, 20, 8, tzinfo=UTC)),),
        "en",
        "Asia/Taipei",
    )


def rows(office: Office, chat: str, state: State) -> list[Delivery]:
    """A chat's rows in a state, oldest first."""
    with office.store.read() as tx:
        found = [tx.outbox.get(number) for number in range(1, 500)]
    return [row for row in found if row and row.chat == chat and row.state is state]


def fold(office: Office) -> int:
    return fold_backlogs(office.store, office.clock.now())


def test_many_that_waited_become_one(office: Office) -> None:
    arrive(office, 19)
    office.clock.move(61)
    assert fold(office) == 19
    (one,) = rows(office, "7", State.PENDING)
    assert (one.form, one.rank, one.silent, one.alert) == (Form.HTML, Rank.ALERT, False, None)
    text = visible(one.body)
    assert "19 stories" in text
    assert "+14 more stories" in text
    for number in range(19):
        assert f"{number} tale" in text
    assert len(rows(office, "7", State.FOLDED)) == 19
    assert len(rows(office, "console", State.PENDING)) == 19, "a terminal shows every alert"
    assert fold(office) == 0, "what was folded is not folded again"


def test_few_or_fresh_ones_stay_alerts(office: Office) -> None:
    arrive(office, LEAST - 1)
    office.clock.move(600)
    assert fold(office) == 0
    arrive(office, 1, first=50)
    assert fold(office) == LEAST


def test_nothing_waits_long_enough(office: Office) -> None:
    arrive(office, LEAST)
    office.clock.move(60 - LEAST)
    assert fold(office) == 0


@pytest.mark.parametrize("loud", [0, 1])
def test_the_round_up_is_silent_where_all_of_them_were(office: Office, loud: int) -> None:
    arrive(office, LEAST, silent=True)
    arrive(office, loud, first=LEAST)
    office.clock.move(61)
    fold(office)
    (one,) = rows(office, "7", State.PENDING)
    assert one.silent is (loud == 0)


def test_one_on_its_way_and_one_tried_are_left_alone(office: Office) -> None:
    arrive(office, LEAST + 2)
    now = office.clock.now()
    with office.store.write() as tx:
        (first,) = [row for row in tx.outbox.claim(now, "test", 600, 9, "telegram") if row.chat == "7"]
        tx.outbox.finish(first.id, Move(State.PENDING, now, error="not sent"), now)
        (again,) = [row for row in tx.outbox.claim(now, "test", 600, 9, "telegram") if row.chat == "7"]
    assert again.id == first.id
    office.clock.move(61)
    assert fold(office) == LEAST + 1
    assert [row.id for row in rows(office, "7", State.SENDING)] == [first.id]


@pytest.mark.parametrize("chat", ["7", "*"])
def test_while_a_chat_is_left_alone_it_goes_on_piling_up(office: Office, chat: str) -> None:
    arrive(office, LEAST)
    now = office.clock.now()
    pause = Move(State.PENDING, now, pause_chat=300, pause_all=300 if chat == "*" else 0)
    with office.store.write() as tx:
        (first,) = [row for row in tx.outbox.claim(now, "test", 600, 9, "telegram") if row.chat == "7"]
        tx.outbox.finish(first.id, pause, now)
    office.clock.move(120)
    arrive(office, 5, first=30)
    assert fold(office) == 0
    office.clock.move(301)
    assert fold(office) == LEAST - 1 + 5


def test_two_hundred_that_waited_lose_no_headline(office: Office) -> None:
    arrive(office, 130)
    office.clock.move(61)
    assert fold(office) == 130
    parts = rows(office, "7", State.PENDING)
    assert len(parts) > 1
    assert [row.part for row in parts] == list(range(len(parts)))
    assert [row.silent for row in parts] == [False, *[True] * (len(parts) - 1)]
    text = "\n".join(visible(row.body) for row in parts)
    assert all(f"{number} tale" in text for number in range(130))
    due = {row.next_at for row in parts}
    assert max(due) - min(due) == timedelta(0)
