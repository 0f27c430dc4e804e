"""Messages with buttons: tokens, panels, and messages that change after they were queued or sent."""

from tests.contract.store_rows import NOW, alert, at, card, edit, message, retry, sent
from watchbot.message.codec import load
from watchbot.model.alert import Act, Delivery, Form, Move, NewDelivery, Rank, State
from watchbot.model.panel import Button, Panel, PanelRow, Rows
from watchbot.ports.store import Tx
from watchbot.store import SqlStore

ROWS: Rows = ((Button("Why", "why"), Button("靜音 '\"", "mute:1")), (Button("Open", "https://wire.example/?a=1"),))
OTHER: Rows = ((Button("Undo", "undo"),),)
PANEL = Panel("alert", {"page": 2, "words": ["鴻海"], "on": True}, 1001)


def claim(tx: Tx, seconds: float = 0) -> Delivery:
    """The one row that may go."""
    (row,) = tx.outbox.claim(at(seconds), "n", 60, 9, "telegram")
    return row


def found(tx: Tx, delivery: int) -> Delivery:
    """A row that must be there."""
    row = tx.outbox.get(delivery)
    assert row is not None
    return row


def test_buttons_and_their_panel_come_back_as_they_were(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        row = tx.outbox.queue(message(alert=made, rows=ROWS, panel=PANEL), NOW)
        bare = tx.outbox.queue(message("8"), NOW)
        token = found(tx, row).token
        assert (len(token), found(tx, row).rows, found(tx, bare).token, found(tx, bare).rows) == (16, ROWS, "", ())
        expected = PanelRow(row, "7", None, made, PANEL, ROWS)
        assert tx.outbox.panel(token) == tx.outbox.panel_of(made) == expected
        for unknown in ("", "x" * 16, token.swapcase()):
            assert tx.outbox.panel(unknown) is None
        tx.outbox.set_panel(row, Panel("alert", {"page": 3}))
        assert tx.outbox.panel(token) == PanelRow(row, "7", None, made, Panel("alert", {"page": 3}), ROWS)
        assert tx.outbox.panel_of(made + 1) is None
        assert tx.outbox.get(row + 99) is None


def test_every_message_has_a_token_of_its_own(store: SqlStore) -> None:
    with store.write() as tx:
        tokens = {found(tx, tx.outbox.queue(message(rows=ROWS), NOW)).token for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(f"{token}:".encode()) + 44 <= 64 for token in tokens)


def test_a_sent_message_is_found_by_its_id_and_knows_whether_it_may_stand_twice(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.outbox.queue(message(rows=ROWS, panel=PANEL), NOW)
        claim(tx)
        tx.outbox.finish(row, Move(State.UNCERTAIN, at(20), error="lost"), NOW)
        again = claim(tx, 20)
        assert (again.rows, again.token, again.repeat) == (ROWS, found(tx, row).token, True)
        tx.outbox.finish(row, sent(77, at(20)), at(20))
        panel = tx.outbox.panel(again.token)
        assert panel == PanelRow(row, "7", 77, None, PANEL, ROWS, repeat=True)
        assert tx.outbox.by_message("7", 77) == found(tx, row)
        assert tx.outbox.by_message("8", 77) is None
        tx.outbox.change(row, "new", Form.HTML, OTHER, at(30))
        tx.outbox.finish(claim(tx, 30).id, sent(77, at(30)), at(30))
        assert tx.outbox.by_message("7", 77) == found(tx, row)
        assert tx.outbox.panel(again.token) == PanelRow(row, "7", 77, None, PANEL, OTHER, repeat=True)


def test_a_reply_changes_in_place_while_unsent(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.outbox.queue(message(body="one moment", rank=Rank.REPLY), NOW)
        tx.outbox.change(row, "done", Form.HTML, ROWS, at(1))
        got = claim(tx, 1)
        assert (got.id, got.body, got.rows, got.act, len(got.token)) == (row, "done", ROWS, Act.SEND, 16)


def test_a_reply_on_its_way_is_changed_once_it_arrived(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.outbox.queue(message(body="one moment", rank=Rank.REPLY, rows=OTHER), NOW)
        claim(tx)
        tx.outbox.change(row, "half", Form.HTML, OTHER, NOW)
        tx.outbox.change(row, "done", Form.HTML, ROWS, NOW)
        assert tx.outbox.claim(at(9), "n", 60, 9, "telegram") == []
        tx.outbox.finish(row, retry(5), NOW)
        tx.outbox.finish(claim(tx, 5).id, sent(50, at(5)), at(5))
        change = claim(tx, 5)
        assert (change.act, change.message_id, change.body, change.rank) == (Act.EDIT, 50, "done", Rank.REPLY)
        assert (change.rows, change.token) == (ROWS, found(tx, row).token)
        tx.outbox.change(change.id, "again", Form.HTML, (), at(6))
        tx.outbox.finish(change.id, sent(50, at(6)), at(6))
        last = claim(tx, 6)
        assert (last.body, last.rows, last.message_id) == ("again", (), 50)
        assert last.id not in (row, change.id)
        tx.outbox.change(9999, "nothing", Form.HTML, (), NOW)


def test_a_press_does_not_wait_behind_the_edits_of_growing_stories(store: SqlStore) -> None:
    with store.write() as tx:
        made = [alert(tx, guid=guid) for guid in ("g1", "g2")]
        rows = [tx.outbox.queue(message(alert=one, rows=ROWS), NOW) for one in made]
        for row in rows:
            claim(tx)
            tx.outbox.finish(row, sent(100 + row), NOW)
        for one in made:
            assert tx.outbox.queue_edit(one, card("grown"), NOW, at(5)) is not None
        assert tx.outbox.queue_edit(made[1], card("grown"), at(1), at(1), OTHER, Rank.REPLY) is None
        pressed = claim(tx, 1)
        assert (pressed.alert, pressed.rank, pressed.rows, load(pressed.body)) == (
            made[1],
            Rank.REPLY,
            OTHER,
            card("grown"),
        )
        tx.outbox.finish(pressed.id, sent(pressed.message_id, at(1)), at(1))
        assert tx.outbox.queue_edit(made[1], card("more"), at(1), at(6)) is not None
        first = claim(tx, 6)
        tx.outbox.finish(first.id, sent(first.message_id, at(6)), at(6))
        second = claim(tx, 6)
        assert [(one.alert, one.rows) for one in (first, second)] == [(made[0], ROWS), (made[1], OTHER)]


def test_growth_keeps_the_buttons_of_a_message(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        row = tx.outbox.queue(message(alert=made, rows=ROWS, panel=PANEL), NOW)
        token = found(tx, row).token
        tx.outbox.finish(claim(tx).id, sent(7), NOW)
        for seconds, rows, expected in (
            (1, None, ROWS),
            (2, OTHER, OTHER),
            (3, None, OTHER),
            (4, (), ()),
            (5, None, ()),
        ):
            assert tx.outbox.queue_edit(made, card(f"{seconds}"), at(seconds), at(seconds), rows) is not None
            got = claim(tx, seconds)
            assert (got.rows, got.token, got.message_id, load(got.body)) == (expected, token, 7, card(f"{seconds}"))
            tx.outbox.finish(got.id, sent(7, at(seconds)), at(seconds))
        assert tx.outbox.panel(token) == PanelRow(row, "7", 7, made, PANEL, ())


def test_an_edit_that_failed_keeps_its_wait(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        tx.outbox.queue(message(alert=made), NOW)
        tx.outbox.finish(claim(tx).id, sent(7), NOW)
        tx.outbox.queue_edit(made, card("A"), NOW, NOW)
        tx.outbox.finish(claim(tx).id, retry(300), NOW)
        assert tx.outbox.queue_edit(made, card("B"), at(1), at(2)) is None
        assert tx.outbox.claim(at(299), "n", 60, 9, "telegram") == []
        assert load(claim(tx, 300).body) == card("B")


def test_an_edit_queued_by_hand_has_the_buttons_of_its_send(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        row = tx.outbox.queue(message(alert=made, rows=ROWS), NOW)
        tx.outbox.finish(claim(tx).id, sent(7), NOW)
        tx.outbox.queue(edit(made), NOW)
        got = claim(tx)
        assert (got.rows, got.token, got.message_id) == (ROWS, found(tx, row).token, 7)
        loose = tx.outbox.queue(NewDelivery("8", "x", Form.HTML, act=Act.EDIT), NOW)
        assert (found(tx, loose).rows, found(tx, loose).message_id) == ((), None)


def test_a_dead_send_shows_what_it_would_say_now(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.outbox.queue(message(body="old", rows=ROWS), NOW)
        claim(tx)
        tx.outbox.change(row, "new", Form.HTML, OTHER, NOW)
        tx.outbox.finish(row, Move(State.DEAD, NOW, error="refused"), NOW)
        assert (found(tx, row).body, found(tx, row).rows) == ("new", OTHER)
        counts = tx.outbox.counts()
        assert (counts[State.DEAD], counts[State.FOLDED], counts[State.PENDING]) == (1, 1, 0)


def test_the_first_alerts_of_a_chat(store: SqlStore) -> None:
    with store.write() as tx:
        made = [alert(tx, guid=f"g{number}", headline=f"Headline {number}") for number in range(4)]
        alert(tx, "8", "g8")
        first = tx.alerts.get(made[0])
        assert first is not None
        tx.alerts.add("7", first.story, 1, first.item, first.reason, first.card, NOW)
        assert [one.id for one in tx.alerts.latest("7", 3)] == [made[3], made[2], made[1]]
        assert [one.id for one in tx.alerts.latest("7", 9, "Foxconn")] == made[::-1]
        for nobody in ("foxconn", "Fox%", "Headline 1", '"', "鴻海"):
            assert tx.alerts.latest("7", 9, nobody) == []
        assert tx.alerts.latest("9", 9) == []
