"""How sources fare: what polls leave behind, how they are spread, what is to be told of them; on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from tests.contract.store_rows import NOW, at, feed, source
from watchbot.model.errors import StoreError
from watchbot.model.records import FeedFacts, PollFailure, PollResult, SourceRow, SourceSpec
from watchbot.ports.store import Tx
from watchbot.store import SqlStore

DAY = 86400.0


def three(tx: Tx) -> list[int]:
    """Three feeds."""
    rows = tx.sources.sync([feed("A"), feed("B"), feed("C")], NOW)
    return [rows[name].id for name in "ABC"]


def row(tx: Tx, source_id: int) -> SourceRow:
    """A source that is there."""
    found = tx.sources.get(source_id)
    assert found is not None
    return found


def result(seconds: float = 5, **more: Any) -> PollResult:
    """A poll with success."""
    return PollResult(at(seconds), at(seconds + 900), **more)


def names(rows: list[SourceRow]) -> list[str]:
    """Their names."""
    return [one.spec.name for one in rows]


# --- what a poll leaves behind ---


def test_polls_with_and_without_a_document_are_noted_together(store: SqlStore) -> None:
    full = FeedFacts("The A", 3600.0, frozenset({0, 23}), frozenset({5, 6}), 1800.5, at(4))
    bare = FeedFacts()
    with store.write() as tx:
        a, b, c = three(tx)
        tx.sources.claim_due(NOW, "n", 300, 9)
        tx.sources.polled_many(
            [
                (a, result(1, etag=b'"\xff"', last_modified=b"Mon", body_hash="h", facts=full)),
                (b, result(2)),
                (c, result(3, etag=b"c", facts=bare)),
            ]
        )
    with store.read() as tx:
        first, second, third = (row(tx, one) for one in (a, b, c))
    assert (first.etag, first.last_modified, first.body_hash) == (b'"\xff"', b"Mon", "h")
    assert (first.ttl, first.skip_hours, first.skip_days) == (3600.0, frozenset({0, 23}), frozenset({5, 6}))
    assert (first.gap, first.newest_at, first.next_at) == (1800.5, at(4), at(901))
    assert (second.etag, second.gap, second.newest_at, second.ok_at) == (None, None, None, at(2))
    assert (third.etag, third.gap, third.newest_at, third.checked_at) == (b"c", None, None, at(3))
    assert first.baseline_done
    assert second.baseline_done
    assert third.baseline_done


def test_many_documents_of_which_only_some_know_their_rhythm(store: SqlStore) -> None:
    """One statement with NULL in some rows and numbers in others: PostgreSQL wants to know the types."""
    facts = [FeedFacts(), FeedFacts(gap=60.0), FeedFacts(newest_at=at(3)), FeedFacts("T", 60.0), FeedFacts(gap=0.5)]
    with store.write() as tx:
        ids = [source(tx, f"S{number}").id for number in range(len(facts))]
        tx.sources.polled_many([(one, result(facts=said)) for one, said in zip(ids, facts, strict=True)])
        found = [row(tx, one) for one in ids]
    assert [one.gap for one in found] == [None, 60.0, None, None, 0.5]
    assert [one.newest_at for one in found] == [None, None, at(3), None, None]
    assert [one.ttl for one in found] == [0, 0, 0, 60.0, 0]


def test_nothing_to_note_is_nothing(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        before = row(tx, a)
        tx.sources.polled_many([])
        assert row(tx, a) == before


def test_what_a_document_does_not_say_stays_known(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.polled(a, result(1, facts=FeedFacts("T", 600.0, frozenset({3}), frozenset(), 7200.0, at(1))))
        tx.sources.polled(a, result(2))
        unchanged = row(tx, a)
        tx.sources.polled(a, result(3, facts=FeedFacts("", 0.0)))
        changed = row(tx, a)
    assert (unchanged.ttl, unchanged.skip_hours, unchanged.gap, unchanged.newest_at) == (
        600.0,
        frozenset({3}),
        7200.0,
        at(1),
    )
    assert (changed.ttl, changed.skip_hours) == (0.0, frozenset())
    assert (changed.gap, changed.newest_at) == (7200.0, at(1))


@pytest.mark.parametrize("facts", [None, FeedFacts("50 % of A\0\ud83d: %s ?", newest_at=at(1))])
def test_whatever_stands_in_a_poll_is_only_text(store: SqlStore, facts: FeedFacts | None) -> None:
    place = "https://new/rss?q=%s&a=100%&b='; DROP TABLE sources; --"
    spec = SourceSpec("https://w/rss", "feed", "https://w/rss", title_from_feed=True)
    with store.write() as tx:
        a = tx.sources.sync([spec], NOW)[spec.name].id
        tx.sources.polled(
            a, result(etag=b"\0\xff%s?", body_hash="h", location=place, moved_to=f"{place}\0", facts=facts)
        )
        found = row(tx, a)
    assert (found.etag, found.location, found.moved_to) == (b"\0\xff%s?", place, place)
    assert found.spec.name == ("https://w/rss" if facts is None else "50 % of A?: %s ?")


def test_every_hour_and_every_day_can_be_slept_through(store: SqlStore) -> None:
    hours, days = frozenset(range(24)), frozenset(range(7))
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.polled(a, result(facts=FeedFacts(skip_hours=hours, skip_days=days)))
        assert (row(tx, a).skip_hours, row(tx, a).skip_days) == (hours, days)


def test_a_place_counts_its_confirmations(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.polled(a, result(1, moved_to="https://new/rss", moved_times=2))
        assert (row(tx, a).location, row(tx, a).moved_to, row(tx, a).moved_times) == ("", "https://new/rss", 2)
        tx.sources.polled(a, result(2, location="https://new/rss"))
        assert (row(tx, a).location, row(tx, a).moved_to, row(tx, a).moved_times) == ("https://new/rss", "", 0)


@pytest.mark.parametrize("facts", [None, FeedFacts("T")])
def test_a_told_move_is_told_again_only_for_another_place(store: SqlStore, facts: FeedFacts | None) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.polled(a, result(1, location="https://new/rss", facts=facts))
        tx.sources.note(a, moved_told=True)
        tx.sources.polled(a, result(2, location="https://new/rss", facts=facts))
        assert row(tx, a).moved_told
        tx.sources.polled(a, result(3, location="https://newer/rss", facts=facts))
        assert not row(tx, a).moved_told


def test_a_told_silence_ends_with_news_and_not_with_a_poll(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.note(a, quiet_told=True)
        tx.sources.polled(a, result(1))
        tx.sources.polled(a, result(2, facts=FeedFacts("T", gap=60.0)))
        assert row(tx, a).quiet_told
        tx.sources.polled(a, result(3, facts=FeedFacts("T", newest_at=at(3))))
        assert not row(tx, a).quiet_told


def test_a_failure_is_counted_and_its_beginning_kept(store: SqlStore) -> None:
    with store.write() as tx:
        a, b, _c = three(tx)
        tx.sources.polled(a, result(1, etag=b"v", body_hash="h", moved_to="https://new", moved_times=2))
        assert tx.sources.failed(a, PollFailure(at(2), at(60), "no answer")) == 1
        assert tx.sources.failed(a, PollFailure(at(61), at(200), "HTTP 500")) == 2
        ill = row(tx, a)
        assert (ill.failures, ill.failing_since, ill.checked_at, ill.error) == (2, at(2), at(61), "HTTP 500")
        assert (ill.ok_at, ill.next_at, ill.baseline_done) == (at(1), at(200), True)
        assert (ill.moved_to, ill.moved_times) == ("", 0)
        assert (ill.etag, ill.body_hash) == (b"v", "h")
        assert row(tx, b).failures == 0


def test_a_place_that_is_given_up_takes_its_validators_along(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        there = result(1, etag=b"v", last_modified=b"Mon", body_hash="h", location="https://new/rss")
        tx.sources.polled(a, there)
        tx.sources.failed(a, PollFailure(at(2), at(60), "HTTP 503", location="https://new/rss"))
        assert (row(tx, a).etag, row(tx, a).last_modified, row(tx, a).body_hash) == (b"v", b"Mon", "h")
        tx.sources.failed(a, PollFailure(at(3), at(60), "HTTP 404"))
        assert (row(tx, a).etag, row(tx, a).last_modified, row(tx, a).body_hash) == (None, None, "")
        assert row(tx, a).location == ""


def test_what_is_gone_is_never_claimed_until_it_is_revived(store: SqlStore) -> None:
    with store.write() as tx:
        a, b, c = three(tx)
        tx.sources.failed(a, PollFailure(at(1), at(2), "HTTP 410", gone=True))
        tx.sources.note(a, gone_told=True)
        assert names(tx.sources.claim_due(at(9999), "n", 30, 9)) == ["B", "C"]
        tx.sources.revive(a, at(10_000))
        back = row(tx, a)
        assert (back.gone, back.gone_told, back.failures, back.failing_since, back.error) == (False, False, 0, None, "")
        assert names(tx.sources.claim_due(at(10_000), "m", 30, 9)) == ["A"]
        assert {b, c} == {one.id for one in tx.sources.claim_due(at(10_100), "o", 30, 9)} - {a}


# --- spreading and hastening ---


def test_what_fell_due_long_ago_begins_one_after_the_other(store: SqlStore) -> None:
    with store.write() as tx:
        rows = tx.sources.sync([feed(f"F{number}") for number in range(40)], NOW)
        ids = [one.id for one in rows.values()]
        tx.sources.polled_many([(one, result()) for one in ids])
        now = at(7200)
        assert tx.sources.spread(now, now - timedelta(seconds=60)) == 40
        waits = sorted((row(tx, one).next_at - now).total_seconds() for one in ids)
    assert 0 <= waits[0] < 1
    assert 8 < waits[-1] <= 10
    assert len(set(waits)) == 40


def test_thousands_are_spread_over_five_minutes(store: SqlStore) -> None:
    with store.write() as tx:
        rows = tx.sources.sync([feed(f"F{number}") for number in range(1500)], NOW)
        tx.sources.polled_many([(one.id, result()) for one in rows.values()])
        now = at(7200)
        tx.sources.spread(now, now)
        waits = [(one.next_at - now).total_seconds() for one in tx.sources.active()]
    assert 280 < max(waits) <= 300
    for minute in range(5):
        assert 200 < sum(60 * minute <= wait < 60 * (minute + 1) for wait in waits) < 400


def test_only_what_is_late_is_spread(store: SqlStore) -> None:
    now = at(7200)
    made = ("late", "soon", "new", "held", "off", "gone")
    with store.write() as tx:
        rows = tx.sources.sync([*map(feed, made), SourceSpec("In", "folder", "/in")], NOW)
        ids = {name: one.id for name, one in rows.items()}
        for name, due in (("late", at(900)), ("off", at(900)), ("held", at(-9)), ("soon", now - timedelta(seconds=30))):
            tx.sources.polled(ids[name], PollResult(at(-99), due))
        tx.sources.failed(ids["gone"], PollFailure(at(1), at(900), "HTTP 410", gone=True))
        tx.sources.remove(ids["off"])
        assert names(tx.sources.claim_due(at(-5), "other node", 99_999, 9)) == ["held"]
        before = {name: row(tx, one).next_at for name, one in ids.items()}
        assert tx.sources.spread(now, now - timedelta(seconds=60)) == 1
        after = {name: row(tx, one).next_at for name, one in ids.items()}
    assert {name for name in ids if before[name] != after[name]} == {"late"}
    assert now <= after["late"] <= now + timedelta(seconds=1)


def test_who_is_asked_every_second_is_spread_over_one(store: SqlStore) -> None:
    now = at(7200)
    with store.write() as tx:
        rows = tx.sources.sync([feed("eager", every=1.0), *(feed(f"F{number}") for number in range(100))], NOW)
        tx.sources.polled_many([(one.id, result()) for one in rows.values()])
        tx.sources.spread(now, now)
        assert now <= row(tx, rows["eager"].id).next_at <= now + timedelta(seconds=1)


def test_only_what_failed_since_then_is_hastened_and_nothing_is_slowed_down(store: SqlStore) -> None:
    now = at(7200)
    with store.write() as tx:
        made = ("before", "since", "nearly", "well", "gone", "off", "held")
        rows = tx.sources.sync([feed(name) for name in made], NOW)
        ids = {name: one.id for name, one in rows.items()}
        for name, failed_at, due in (
            ("before", 100, 9e4),
            ("since", 1000, 9e4),
            ("nearly", 1000, 7200.001),
            ("off", 1000, 9e4),
            ("held", 1000, 50),
        ):
            tx.sources.failed(ids[name], PollFailure(at(failed_at), at(due), "no answer"))
        tx.sources.failed(ids["gone"], PollFailure(at(1000), at(9e4), "HTTP 410", gone=True))
        tx.sources.polled(ids["well"], PollResult(at(1000), at(9e4)))
        tx.sources.remove(ids["off"])
        assert names(tx.sources.claim_due(at(50), "n", 99_999, 9)) == ["held"]
        tx.sources.hasten(at(1000), now, 120)
        due = {name: row(tx, one).next_at for name, one in ids.items()}
    assert now <= due["since"] <= now + timedelta(seconds=120)
    assert due["nearly"] <= at(7200.001)
    assert [due[name] for name in ("before", "well", "gone", "off")] == [at(9e4)] * 4
    assert due["held"] == at(50)


def test_hastened_feeds_do_not_all_come_at_once(store: SqlStore) -> None:
    with store.write() as tx:
        rows = tx.sources.sync([feed(f"F{number}") for number in range(50)], NOW)
        for one in rows.values():
            tx.sources.failed(one.id, PollFailure(at(1), at(9e4), "no answer"))
        assert tx.sources.hasten(at(0), at(10), 120) == 50
        waits = {(row(tx, one.id).next_at - at(10)).total_seconds() for one in rows.values()}
    assert len(waits) == 50
    assert max(waits) - min(waits) > 90


# --- what is to be told ---


def noteworthy(tx: Tx, seconds: float) -> list[str]:
    """What is worth a word so many seconds from the beginning."""
    return names(tx.sources.noteworthy(at(seconds) - timedelta(minutes=30), at(seconds) - timedelta(days=3)))


def test_an_outage_and_its_end(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.failed(a, PollFailure(at(0), at(9), "no answer"))
        assert noteworthy(tx, 1799) == []
        assert noteworthy(tx, 1800) == ["A"]
        tx.sources.note(a, outage_since=at(0))
        assert noteworthy(tx, 9999) == []
        tx.sources.polled(a, result(10_000))
        assert noteworthy(tx, 10_001) == ["A"]
        assert row(tx, a).outage_since == at(0)
        tx.sources.note(a, outage_since=None)
        assert noteworthy(tx, 10_002) == []


def test_a_move_a_farewell_and_a_silence(store: SqlStore) -> None:
    with store.write() as tx:
        a, b, c = three(tx)
        tx.sources.polled(a, result(1, location="https://new"))
        tx.sources.failed(b, PollFailure(at(1), at(9), "HTTP 410", gone=True))
        tx.sources.polled(c, result(1, facts=FeedFacts(gap=60.0, newest_at=at(1))))
        assert noteworthy(tx, 3 * DAY) == ["A", "B"]
        assert noteworthy(tx, 3 * DAY + 1) == ["A", "B", "C"]
        tx.sources.note(a, moved_told=True)
        tx.sources.note(b, gone_told=True)
        tx.sources.note(c, quiet_told=True)
        assert noteworthy(tx, 4 * DAY) == []


def test_no_silence_of_what_has_no_rhythm_or_does_not_answer(store: SqlStore) -> None:
    with store.write() as tx:
        a, b, _c = three(tx)
        tx.sources.polled(a, result(1, facts=FeedFacts(newest_at=at(1))))
        tx.sources.polled(b, result(1, facts=FeedFacts(gap=60.0, newest_at=at(1))))
        tx.sources.failed(b, PollFailure(at(5 * DAY), at(6 * DAY), "no answer"))
        assert noteworthy(tx, 5 * DAY + 1) == []


def test_what_is_switched_off_is_not_noteworthy_nor_told_later(store: SqlStore) -> None:
    with store.write() as tx:
        a, b, _c = three(tx)
        for one in (a, b):
            tx.sources.failed(one, PollFailure(at(0), at(9), "no answer"))
            tx.sources.note(one, outage_since=at(0))
        tx.sources.remove(a)
        tx.sources.sync([feed("C")], at(10))
        assert noteworthy(tx, 9999) == []
        assert row(tx, a).outage_since is None
        assert row(tx, b).outage_since is None
        tx.sources.sync([feed("B"), feed("C")], at(20_000))
        assert noteworthy(tx, 20_001) == []


def test_looking_alone_writes_nothing_and_is_allowed_where_only_reading_is(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.failed(a, PollFailure(at(0), at(9), "no answer"))
    with store.read() as tx:
        assert noteworthy(tx, 1800) == ["A"]
        assert tx.sources.ailing() == [("A", False)]
    with pytest.raises(StoreError, match="read"), store.read() as tx:
        tx.sources.note(a, gone_told=True)


def test_the_ailing_the_longest_first(store: SqlStore) -> None:
    with store.write() as tx:
        a, b, c = three(tx)
        tx.sources.add(feed("Of a chat", chat="7", added=True), NOW)
        own = next(one for one in tx.sources.active() if one.spec.chat)
        tx.sources.failed(own.id, PollFailure(at(1), at(9), "no answer"))
        tx.sources.failed(c, PollFailure(at(2), at(9), "HTTP 410", gone=True))
        tx.sources.failed(a, PollFailure(at(3), at(9), "no answer"))
        assert tx.sources.ailing() == [("C", True), ("A", False)]
        tx.sources.polled(a, result(10))
        tx.sources.remove(c)
        assert tx.sources.ailing() == []
        assert row(tx, b).failures == 0
