"""Deliveries that are kept back, that pile up, or that were given up."""

from datetime import UTC, datetime

from tests.contract.store_rows import NOW, alert, at, card, message, retry, sent
from watchbot.message.codec import dump, load
from watchbot.model.alert import Act, Form, Move, NewDelivery, Rank, State
from watchbot.ports.store import Tx
from watchbot.store import SqlStore
from watchbot.store.backup import check

NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def hold(tx: Tx, chat: str, guid: str, why: str, until: datetime) -> int:
    """A held alert; gives its delivery."""
    made = alert(tx, chat, guid)
    return tx.outbox.queue(
        NewDelivery(chat, dump(card()), Form.CARD, alert=made, state=State.HELD, hold=why), NOW, until
    )


def ready(tx: Tx, chat: str = "7", count: int = 1, **settings: object) -> list[int]:
    """Alerts that are due."""
    rows = []
    for _ in range(count):
        made = alert(tx, chat, f"{chat}.{tx.items.count()}")
        new = NewDelivery(chat, dump(card()), Form.CARD, alert=made, **settings)  # type: ignore[arg-type]
        rows.append(tx.outbox.queue(new, NOW))
    return rows


def test_held_rows_wait_for_whoever_holds_them(store: SqlStore) -> None:
    with store.write() as tx:
        digest = [hold(tx, "7", guid, "digest", at(60)) for guid in ("a", "b")]
        quiet = hold(tx, "7", "c", "quiet", at(30))
        other = hold(tx, "8", "d", "digest", at(60))
        hold(tx, "8", "e", "mute:3", NEVER)
        assert tx.outbox.claim(at(999), "n", 60, 9, "telegram") == []
        assert tx.outbox.next_due(NOW, "telegram") is None
        assert tx.outbox.oldest_due(at(999)) is None
        assert tx.outbox.held_due(at(29)) == []
        assert tx.outbox.held_due(at(59)) == [("7", "quiet")]
        assert tx.outbox.held_due(at(60)) == [("7", "digest"), ("7", "quiet"), ("8", "digest")]
        assert [row.id for row in tx.outbox.held("7")] == [*digest, quiet]
        assert [(row.id, row.hold, row.state) for row in tx.outbox.held("8", "digest")] == [
            (other, "digest", State.HELD)
        ]
        assert tx.outbox.held("9") == []
        assert tx.outbox.hold_until("7", "digest", at(500)) == 2
        assert tx.outbox.held_due(at(60)) == [("7", "quiet"), ("8", "digest")]
        assert tx.outbox.counts()[State.HELD] == 5


def test_held_rows_are_read_in_a_view_too(store: SqlStore) -> None:
    with store.write() as tx:
        row = hold(tx, "7", "a", "quiet", at(60))
        ready(tx, count=2)
    with store.read() as tx:
        assert [one.id for one in tx.outbox.held("7")] == [row]
        assert len(tx.outbox.backlog("7", NOW)) == 2


def test_settled_rows_go_or_are_in_another_message(store: SqlStore, url: str) -> None:
    with store.write() as tx:
        folded, released = (hold(tx, "7", guid, "quiet", NEVER) for guid in ("a", "b"))
        going, gone = ready(tx, "8", 2)
        assert [row.id for row in tx.outbox.claim(NOW, "n", 60, 1, "telegram")] == [going]
        tx.outbox.settle([folded, going], State.FOLDED, at(5))
        tx.outbox.settle([released], State.PENDING, at(5))
        tx.outbox.settle([], State.PENDING, at(5))
        assert [row.id for row in tx.outbox.claim(at(5), "n", 60, 9, "telegram")] == [released]
        tx.outbox.finish(going, sent(), NOW)
        tx.outbox.settle([going, gone], State.FOLDED, at(6))
        states = [one.state for row in (folded, going, gone) if (one := tx.outbox.get(row))]
        assert states == [State.FOLDED, State.SENT, State.FOLDED]
    assert check(url) == []


def test_what_is_released_for_a_chat_that_cannot_be_reached_is_parked(store: SqlStore) -> None:
    with store.write() as tx:
        row = hold(tx, "7", "a", "quiet", at(60))
        (first,) = ready(tx)
        tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        tx.outbox.finish(first, Move(State.PARKED, NOW, error="blocked", park_chat=True), NOW)
        assert tx.outbox.held_due(at(60)) == [("7", "quiet")]
        tx.outbox.settle([row], State.PENDING, at(60))
        assert tx.outbox.counts()[State.PARKED] == 2
        assert tx.chats.unpark("7", at(70)) == 2


def test_a_story_that_grows_changes_its_held_card(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        row = tx.outbox.queue(NewDelivery("7", dump(card()), Form.CARD, made, state=State.HELD, hold="cap"), NOW)
        assert tx.outbox.queue_edit(made, card("grown"), NOW, NOW) is None
        (held,) = tx.outbox.held("7", "cap")
        assert (held.id, load(held.body)) == (row, card("grown"))
        assert tx.outbox.message_id(made) is None


def test_alerts_of_their_own_are_counted(store: SqlStore) -> None:
    with store.write() as tx:
        hold(tx, "7", "held", "cap", at(60))
        sending, *_ = ready(tx, count=3)
        ready(tx, "8")
        ready(tx, reply_to=5, silent=True)
        ready(tx, part=1)
        ready(tx, state=State.WAITING)
        tx.outbox.queue(message(rank=Rank.REPLY), NOW)
        assert tx.outbox.recent_alerts("7", NOW) == 3
        tx.outbox.queue(message(), NOW)  # a roll-up of many alerts
        assert tx.outbox.recent_alerts("7", NOW) == 4
        tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        assert tx.outbox.recent_alerts("7", NOW) == 4
        tx.outbox.finish(sending, sent(), NOW)
        assert tx.outbox.recent_alerts("7", at(-1)) == 4
        assert tx.outbox.recent_alerts("7", at(1)) == 0
        tx.outbox.settle([row.id for row in tx.outbox.backlog("7", NOW)], State.FOLDED, NOW)
        assert tx.outbox.recent_alerts("7", NOW) == 2


def test_what_piles_up_in_a_chat(store: SqlStore) -> None:
    with store.write() as tx:
        rows = ready(tx, count=4)
        ready(tx, "8", 3)
        ready(tx, "console", 9)
        for unlike in ({"rank": Rank.URGENT}, {"state": State.HELD, "hold": "quiet"}):
            ready(tx, **unlike)
        tx.outbox.queue(message(), NOW)
        tx.outbox.queue(message(alert=alert(tx, guid="html")), NOW)
        assert tx.outbox.backlogs(at(1), 3, at(1)) == ["7", "8"]
        assert tx.outbox.backlogs(at(1), 4, at(1)) == ["7"]
        assert tx.outbox.backlogs(at(1), 4, NOW) == []
        assert tx.outbox.backlogs(at(-1), 1, at(1)) == []
        assert [row.id for row in tx.outbox.backlog("7", NOW)] == rows
        urgent = tx.outbox.claim(NOW, "n", 60, 1, "telegram")
        tx.outbox.finish(urgent[0].id, sent(), NOW)
        (tried,) = tx.outbox.claim(NOW, "n", 60, 1, "telegram")
        tx.outbox.finish(tried.id, Move(State.PENDING, at(30), pause_chat=30), NOW)
        assert tried.id == rows[0]
        assert [row.id for row in tx.outbox.backlog("7", at(1))] == rows[1:]
        assert tx.outbox.backlogs(at(1), 3, at(1)) == ["7", "8"]


def test_given_up_rows_are_told_once_and_can_be_tried_again(store: SqlStore) -> None:
    with store.write() as tx:
        first, second = ready(tx, count=2)
        for seconds, row in enumerate((first, second)):
            tx.outbox.claim(NOW, "n", 60, 1, "telegram")
            tx.outbox.finish(row, Move(State.DEAD, NOW, error="refused", plain=True, repeat=True), at(seconds))
        assert [row.id for row in tx.outbox.dead(9)] == [second, first]
        assert [(row.id, row.error) for row in tx.outbox.dead(1)] == [(second, "refused")]
        assert [row.id for row in tx.outbox.untold_dead()] == [first, second]
        assert tx.outbox.untold_dead() == []
        assert tx.outbox.retry(first, at(50))
        assert not tx.outbox.retry(first, at(50))
        assert not tx.outbox.retry(9999, at(50))
        (again,) = tx.outbox.claim(at(50), "n", 60, 9, "telegram")
        assert (again.id, again.attempts, again.plain, again.repeat) == (first, 1, False, True)
        tx.outbox.finish(first, Move(State.DEAD, NOW, error="refused"), at(51))
        assert [row.id for row in tx.outbox.untold_dead()] == [first]


def test_a_row_that_may_still_go_is_not_retried(store: SqlStore) -> None:
    with store.write() as tx:
        (row,) = ready(tx)
        assert not tx.outbox.retry(row, NOW)
        tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        tx.outbox.finish(row, retry(60), NOW)
        assert not tx.outbox.retry(row, NOW)
        assert tx.outbox.claim(at(1), "n", 60, 9, "telegram") == []


def test_check_finds_a_row_that_nobody_will_release(store: SqlStore, url: str) -> None:
    with store.write() as tx:
        made = alert(tx)
        tx.outbox.queue(NewDelivery("7", "x", Form.HTML, made, Act.SEND, state=State.HELD), NOW)
    assert check(url) == ["1 messages that are held back for no reason"]
