"""The outbox: what may be claimed when and in which order, and what finishing does."""

from tests.contract.store_rows import NOW, alert, at, card, edit, message, retry, sent
from watchbot.message.codec import load
from watchbot.model.alert import Act, Delivery, Form, Move, Rank, State
from watchbot.ports.store import Tx
from watchbot.store import SqlStore


def claim(tx: Tx, seconds: float = 0, limit: int = 9, chats: str = "telegram", holder: str = "n1") -> list[Delivery]:
    """Claim for a minute."""
    return tx.outbox.claim(at(seconds), holder, 60, limit, chats)


def bodies(tx: Tx, seconds: float = 0, limit: int = 9, chats: str = "telegram") -> list[str]:
    """What a claim gives."""
    return [row.body for row in claim(tx, seconds, limit, chats)]


def flow(tx: Tx, seconds: float = 0) -> list[str]:
    """Claim and send until nothing comes any more."""
    out = []
    while rows := claim(tx, seconds):
        for row in rows:
            out.append(row.body)
            tx.outbox.finish(row.id, sent(100 + row.id, at(seconds)), at(seconds))
    return out


def test_a_delivery_comes_back_as_it_was_queued(store: SqlStore) -> None:
    new = message("-100/7", "<b>鴻海</b>", Rank.REPLY, silent=True, reply_to=44, part=0)
    with store.write() as tx:
        row = tx.outbox.queue(new, NOW, at(5))
        assert claim(tx, 4) == []
        (got,) = claim(tx, 5)
        assert got == Delivery(
            id=row,
            chat="-100/7",
            body="<b>鴻海</b>",
            form=Form.HTML,
            act=Act.SEND,
            part=0,
            rank=Rank.REPLY,
            silent=True,
            state=State.SENDING,
            attempts=1,
            next_at=at(5),
            created_at=NOW,
            reply_to=44,
        )
        assert tx.outbox.counts()[State.SENDING] == 1
        assert claim(tx, 6) == []


def test_by_rank_then_by_age(store: SqlStore) -> None:
    with store.write() as tx:
        for rank in (Rank.DIGEST, Rank.ALERT, Rank.URGENT, Rank.REPLY, Rank.ALERT):
            tx.outbox.queue(message(body=f"{rank.name}", rank=rank), NOW)
        assert flow(tx) == ["REPLY", "URGENT", "ALERT", "ALERT", "DIGEST"]


def test_one_row_a_chat_and_urgent_chats_first(store: SqlStore) -> None:
    with store.write() as tx:
        for chat in ("7", "8", "9"):
            for number in range(30):
                tx.outbox.queue(message(chat, f"{chat}.{number}"), NOW)
        tx.outbox.queue(message("9", "9!", Rank.URGENT), NOW)
        assert bodies(tx, limit=2) == ["9!", "7.0"]
        assert bodies(tx) == ["8.0"]
        assert bodies(tx) == []


def test_the_console_is_apart(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message("console", "a"), NOW)
        tx.outbox.queue(message("7", "b"), NOW)
        assert tx.outbox.next_due(NOW, "console") == NOW
        assert bodies(tx, chats="console") == ["a"]
        assert bodies(tx, chats="console") == []
        assert bodies(tx) == ["b"]


def test_a_row_to_be_retried_is_not_overtaken_by_its_like(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(body="first"), NOW)
        tx.outbox.queue(message(body="second"), NOW)
        (first,) = claim(tx)
        tx.outbox.finish(first.id, retry(60), NOW)
        tx.outbox.queue(message(body="reply", rank=Rank.REPLY), NOW)
        tx.outbox.queue(message("8", "other chat"), NOW)
        tx.outbox.queue(message(body="urgent", rank=Rank.URGENT), NOW)
        assert flow(tx, 1) == ["reply", "other chat", "urgent"]
        assert tx.outbox.next_due(at(1), "telegram") == at(60)
        (again,) = claim(tx, 60)
        assert (again.body, again.attempts, again.error, again.repeat) == ("first", 2, "not sent", False)
        tx.outbox.finish(again.id, sent(), at(60))
        assert flow(tx, 60) == ["second"]


def test_a_row_held_for_later_is_overtaken(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(body="at seven"), NOW, at(3600))
        tx.outbox.queue(message(body="now"), NOW)
        assert flow(tx) == ["now"]
        assert tx.outbox.next_due(NOW, "telegram") == at(3600)


def test_a_reply_passes_a_stuck_reply_but_its_own_second_part_does_not(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(body="1/2", rank=Rank.REPLY), NOW)
        tx.outbox.queue(message(body="2/2", rank=Rank.REPLY, part=1), NOW)
        (first,) = claim(tx)
        tx.outbox.finish(first.id, retry(60), NOW)
        tx.outbox.queue(message(body="other", rank=Rank.REPLY), NOW)
        assert flow(tx, 1) == ["other"]
        assert flow(tx, 60) == ["1/2", "2/2"]


def test_the_parts_of_an_alert_go_in_their_order(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        for part in (2, 0, 1):
            tx.outbox.queue(message(body=f"part {part}", alert=made, part=part), NOW)
        tx.outbox.queue(message(body="next"), NOW)
        (first,) = claim(tx)
        assert first.body == "part 0"
        tx.outbox.finish(first.id, retry(60), NOW)
        assert claim(tx, 1) == []
        assert flow(tx, 60) == ["part 0", "part 1", "part 2", "next"]


def test_an_edit_waits_for_its_send_and_learns_the_message(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        tx.outbox.queue(message(body="send", alert=made), NOW)
        tx.outbox.queue(edit(made), NOW)
        (send,) = claim(tx)
        assert claim(tx) == []
        tx.outbox.finish(send.id, retry(30), NOW)
        assert claim(tx, 1) == []
        assert tx.outbox.next_due(at(1), "telegram") == at(30)
        (send,) = claim(tx, 30)
        tx.outbox.finish(send.id, sent(77, at(30)), at(30))
        (change,) = claim(tx, 30)
        assert (change.act, change.message_id, change.alert) == (Act.EDIT, 77, made)


def test_queue_edit_replaces_what_is_not_sent_yet(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        assert tx.outbox.queue_edit(made, card("A"), NOW, at(5)) is None
        tx.outbox.queue(message(body="send", alert=made), NOW)
        assert tx.outbox.queue_edit(made, card("B"), NOW, at(5)) is None
        (send,) = claim(tx)
        assert (load(send.body), send.form) == (card("B"), Form.CARD)


def test_queue_edit_while_the_send_is_on_its_way_and_after(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        tx.outbox.queue(message(body="send", alert=made, silent=True), NOW)
        (send,) = claim(tx)
        first = tx.outbox.queue_edit(made, card("C"), NOW, at(5))
        assert first is not None
        assert tx.outbox.queue_edit(made, card("D"), NOW, at(6)) is None
        tx.outbox.finish(send.id, sent(77), NOW)
        assert claim(tx, 4) == []
        (change,) = claim(tx, 5)
        assert (change.id, change.message_id, change.rank, change.silent) == (first, 77, Rank.EDIT, True)
        assert load(change.body) == card("D")
        second = tx.outbox.queue_edit(made, card("E"), at(5), at(10))
        assert second not in (None, first)
        tx.outbox.finish(change.id, sent(77), at(6))
        (change,) = claim(tx, 10)
        assert (change.id, change.message_id) == (second, 77)


def test_a_send_that_is_given_up_takes_its_edit_along(store: SqlStore) -> None:
    with store.write() as tx:
        made = alert(tx)
        tx.outbox.queue(message(body="send", alert=made), NOW)
        (send,) = claim(tx)
        tx.outbox.queue_edit(made, card("newest"), NOW, at(5))
        tx.outbox.finish(send.id, Move(State.DEAD, NOW, error="every way failed"), NOW)
        counts = tx.outbox.counts()
        assert (counts[State.DEAD], counts[State.FOLDED], counts[State.PENDING]) == (1, 1, 0)
        assert tx.outbox.next_due(at(100), "telegram") is None


def test_a_pause_of_a_chat_and_of_all(store: SqlStore) -> None:
    with store.write() as tx:
        for chat in ("7", "8"):
            tx.outbox.queue(message(chat, chat), NOW)
            tx.outbox.queue(message(chat, chat + "b"), NOW)
        one, two = claim(tx)
        tx.outbox.finish(one.id, Move(State.PENDING, at(30), pause_chat=30), NOW)
        tx.outbox.finish(two.id, sent(), NOW)
        assert tx.outbox.pauses(NOW) == {"7": at(30)}
        assert bodies(tx, 1) == ["8b"]
        assert tx.outbox.next_due(at(1), "telegram") == at(30)
        (again,) = claim(tx, 30)
        assert again.body == "7"
        tx.outbox.finish(again.id, Move(State.PENDING, at(90), pause_chat=60, pause_all=60), at(30))
        tx.outbox.queue(message("9", "c"), at(30))
        assert claim(tx, 89) == []
        assert tx.outbox.next_due(at(31), "telegram") == at(90)
        assert tx.outbox.pauses(at(89)) == {"7": at(90), "*": at(90)}
        assert tx.outbox.pauses(at(90)) == {}
        assert bodies(tx, 90) == ["7", "c"]


def test_a_shorter_pause_does_not_end_a_longer_one(store: SqlStore) -> None:
    with store.write() as tx:
        for _ in range(2):
            tx.outbox.queue(message(), NOW)
        (row,) = claim(tx)
        tx.outbox.finish(row.id, Move(State.SENT, NOW, pause_chat=60), NOW)
        tx.outbox.finish(row.id, Move(State.SENT, NOW, pause_chat=5), NOW)
        assert tx.outbox.pauses(NOW) == {"7": at(60)}


def test_a_parked_chat_keeps_everything_until_it_can_be_reached(store: SqlStore) -> None:
    with store.write() as tx:
        for body in ("a", "b"):
            tx.outbox.queue(message(body=body), NOW)
        tx.outbox.queue(message("8", "other"), NOW)
        row = claim(tx, limit=1)[0]
        tx.outbox.finish(row.id, Move(State.PARKED, NOW, error="blocked", park_chat=True), NOW)
        tx.outbox.queue(message(body="c"), NOW)
        assert tx.chats.parked() == {"7": "blocked"}
        assert tx.outbox.counts()[State.PARKED] == 3
        assert flow(tx, 1000) == ["other"]
        assert tx.outbox.next_due(at(1000), "telegram") is None
        assert tx.outbox.oldest_due(at(1000)) is None
        assert tx.chats.unpark("7", at(1000)) == 3
        assert tx.chats.parked() == {}
        assert flow(tx, 1000) == ["a", "b", "c"]


def test_the_marks_of_a_move_stay(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(reply_to=9), NOW)
        for move in (
            Move(State.PENDING, NOW, plain=True),
            Move(State.PENDING, NOW, repeat=True),
            Move(State.PENDING, NOW, drop_reply=True),
            Move(State.PENDING, NOW, error="e" * 900),
        ):
            (row,) = claim(tx)
            tx.outbox.finish(row.id, move, NOW)
        (row,) = claim(tx)
        assert (row.plain, row.repeat, row.reply_to, row.attempts, len(row.error)) == (True, True, None, 5, 500)


def test_an_uncertain_row_comes_once_more_marked(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(body="a"), NOW)
        tx.outbox.queue(message(body="b"), NOW)
        (row,) = claim(tx)
        tx.outbox.finish(row.id, Move(State.UNCERTAIN, at(20), error="no answer"), NOW)
        assert claim(tx, 19) == []
        (again,) = claim(tx, 20)
        assert (again.body, again.repeat, again.state) == ("a", True, State.SENDING)


def test_rows_of_a_dead_holder_are_found(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(body="a"), NOW)
        tx.outbox.queue(message("8", "b"), NOW)
        tx.outbox.queue(message(body="behind"), NOW)
        assert len(claim(tx)) == 2
        assert tx.outbox.next_due(at(1), "telegram") == at(60)
        assert tx.outbox.recover(at(59)) == 0
        assert tx.outbox.recover(at(60)) == 2
        assert claim(tx, 79) == []
        assert [(row.body, row.repeat) for row in claim(tx, 80)] == [("a", True), ("b", True)]


def test_a_restart_takes_its_own_rows_over_at_once(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message(), NOW)
        tx.outbox.queue(message("8"), NOW)
        claim(tx, limit=1, holder="me")
        claim(tx, limit=1, holder="other")
        assert tx.outbox.take_over("me", at(3)) == 1
        counts = tx.outbox.counts()
        assert (counts[State.UNCERTAIN], counts[State.SENDING]) == (1, 1)
        assert tx.outbox.next_due(at(3), "telegram") == at(23)


def test_waiting_rows(store: SqlStore) -> None:
    with store.write() as tx:
        rows = [tx.outbox.queue(message("owner", state=State.WAITING), NOW) for _ in range(3)]
        tx.outbox.queue(message("8", state=State.WAITING), NOW)
        assert claim(tx, 100) == []
        assert tx.outbox.next_due(NOW, "telegram") is None
        assert [row.id for row in tx.outbox.waiting("owner")] == rows
        assert tx.outbox.move_waiting("owner", State.FOLDED, NOW) == 3
        assert tx.outbox.move_waiting("8", State.PENDING, at(50)) == 1
        assert [row.next_at for row in claim(tx, 50)] == [at(50)]
        assert tx.outbox.counts()[State.FOLDED] == 3


def test_the_age_of_the_outbox(store: SqlStore) -> None:
    with store.write() as tx:
        assert tx.outbox.oldest_due(NOW) is None
        assert tx.outbox.next_due(NOW, "telegram") is None
        tx.outbox.queue(message(), at(-50), at(100))
        assert tx.outbox.oldest_due(NOW) is None
        tx.outbox.queue(message(), at(-20))
        tx.outbox.queue(message(), at(-10))
        assert tx.outbox.oldest_due(NOW) == at(-20)
        claim(tx)
        assert tx.outbox.oldest_due(NOW) == at(-20)
        assert tx.outbox.oldest_due(at(100)) == at(-50)
        assert sum(tx.outbox.counts().values()) == 3


def test_next_due_leads_to_every_row_and_never_runs_on_the_spot(store: SqlStore) -> None:
    with store.write() as tx:
        for number, chat in enumerate(("7", "8", "9") * 3):
            tx.outbox.queue(message(chat, f"{number}"), NOW, at(number * 7 % 5))
        moves = [retry(13), Move(State.UNCERTAIN, at(20)), Move(State.PENDING, at(3), pause_chat=11)]
        now, seen, rows = NOW, 0, []
        while (due := tx.outbox.next_due(now, "telegram")) is not None:
            assert due > now or seen == 0 or rows
            rows = tx.outbox.claim(due, "n", 60, 2, "telegram")
            now, seen = due, seen + len(rows)
            for row in rows:
                tx.outbox.finish(row.id, moves.pop() if moves else sent(), now)
        assert seen == 9 + 3
        assert tx.outbox.counts()[State.SENT] == 9


def test_finishing_a_row_that_is_gone_does_nothing(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.finish(99, sent(), NOW)
        assert sum(tx.outbox.counts().values()) == 0


def test_a_pause_of_all_telegram_chats_does_not_hold_the_terminal_up(store: SqlStore) -> None:
    with store.write() as tx:
        tx.outbox.queue(message("1001", "x"), NOW)
        tx.outbox.queue(message("console", "y"), NOW)
        (paused,) = claim(tx)
        tx.outbox.finish(paused.id, Move(State.PENDING, at(60), pause_all=60), NOW)
        assert bodies(tx) == []
        assert tx.outbox.next_due(NOW, "console") == NOW
        assert bodies(tx, chats="console") == ["y"]
