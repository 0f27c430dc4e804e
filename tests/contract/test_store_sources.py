"""Sources: what the configuration makes of the stored ones, claims, health."""

from tests.contract.store_rows import NOW, at, feed, source
from watchbot.model.records import FeedFacts, PollFailure, PollResult, SourceSpec
from watchbot.store import SqlStore

WELL = PollResult(at(5), at(900), b'W/"\xff"', b"Mon", "hash")


def test_a_new_source_is_due_at_once_and_in_its_baseline(store: SqlStore) -> None:
    spec = SourceSpec("Wire", "feed", "https://w/rss", 600.0, None)
    with store.write() as tx:
        row = tx.sources.sync([spec, SourceSpec("Inbox", "folder", "/in")], NOW)["Wire"]
        assert (row.spec, row.next_at, row.baseline_done, row.failures) == (spec, NOW, False, 0)
        assert [one.spec.name for one in tx.sources.active()] == ["Inbox", "Wire"]
        assert tx.sources.get(row.id) == row
        assert tx.sources.get(99) is None


def test_sync_again_changes_nothing(store: SqlStore) -> None:
    specs = [feed("A"), feed("B"), SourceSpec("Inbox", "folder", "/in")]
    with store.write() as tx:
        first = tx.sources.sync(specs, NOW)
        assert tx.sources.sync(specs[::-1], at(50)) == first


def test_a_renamed_source_keeps_everything(store: SqlStore) -> None:
    with store.write() as tx:
        old = tx.sources.sync([feed("A", "https://x")], NOW)["A"]
        tx.sources.polled(old.id, WELL)
        new = tx.sources.sync([feed("Better", "https://x")], at(10))["Better"]
        assert (new.id, new.etag, new.baseline_done, new.next_at) == (old.id, WELL.etag, True, at(900))


def test_a_moved_source_keeps_its_history_but_not_the_validators(store: SqlStore) -> None:
    with store.write() as tx:
        old = tx.sources.sync([feed("A", "https://x")], NOW)["A"]
        tx.sources.polled(old.id, WELL)
        new = tx.sources.sync([feed("A", "https://y")], at(10))["A"]
        assert (new.id, new.baseline_done, new.ok_at) == (old.id, True, at(5))
        assert (new.etag, new.last_modified, new.body_hash, new.next_at) == (None, None, "", at(10))


def test_name_and_address_changed_is_a_new_source(store: SqlStore) -> None:
    with store.write() as tx:
        old = tx.sources.sync([feed("A", "https://x")], NOW)["A"]
        tx.sources.polled(old.id, WELL)
        new = tx.sources.sync([feed("B", "https://y")], at(10))["B"]
        assert new.id != old.id
        assert not new.baseline_done
        assert [row.id for row in tx.sources.active()] == [new.id]


def test_two_sources_that_swap_names_are_told_apart_by_address(store: SqlStore) -> None:
    with store.write() as tx:
        before = tx.sources.sync([feed("A", "https://x"), feed("B", "https://y")], NOW)
        after = tx.sources.sync([feed("A", "https://y"), feed("B", "https://x")], at(1))
        assert after["A"].id == before["B"].id
        assert after["B"].id == before["A"].id


def test_the_exact_source_is_never_taken_by_a_kin_of_it(store: SqlStore) -> None:
    with store.write() as tx:
        before = tx.sources.sync([feed("A", "https://x"), feed("B", "https://x")], NOW)
        after = tx.sources.sync([feed("C", "https://x"), feed("B", "https://x")], at(1))
        assert after["B"].id == before["B"].id
        assert after["C"].id == before["A"].id


def test_a_gone_source_comes_back_with_its_history(store: SqlStore) -> None:
    with store.write() as tx:
        old = tx.sources.sync([feed("A"), feed("B")], NOW)["A"]
        tx.sources.polled(old.id, WELL)
        tx.sources.sync([feed("B")], at(1))
        assert [row.spec.name for row in tx.sources.active()] == ["B"]
        assert tx.sources.get(old.id) is not None
        back = tx.sources.sync([feed("A"), feed("B")], at(2))["A"]
        assert (back.id, back.baseline_done, back.etag, back.next_at) == (old.id, True, WELL.etag, at(2))


def test_an_old_name_with_a_new_address_is_new_once_the_source_was_gone(store: SqlStore) -> None:
    with store.write() as tx:
        old = tx.sources.sync([feed("A", "https://x")], NOW)["A"]
        tx.sources.polled(old.id, WELL)
        tx.sources.sync([], at(1))
        new = tx.sources.sync([feed("A", "https://y")], at(2))["A"]
        assert new.id != old.id
        assert not new.baseline_done


def test_a_folder_never_becomes_a_feed(store: SqlStore) -> None:
    with store.write() as tx:
        folder = tx.sources.sync([SourceSpec("A", "folder", "/x")], NOW)["A"]
        assert tx.sources.sync([SourceSpec("A", "feed", "/x")], NOW)["A"].id != folder.id


def test_a_source_of_a_chat_is_left_alone(store: SqlStore) -> None:
    with store.write() as tx:
        row = source(tx, "Own").id
        tx.connection.exec_driver_sql("UPDATE sources SET chat = '7'")
        tx.sources.sync([feed("Own")], NOW)
        assert [one.spec.chat for one in tx.sources.active()] == ["7", ""]
        tx.sources.sync([], NOW)
        assert [one.id for one in tx.sources.active()] == [row]


def test_a_shorter_rhythm_counts_at_once(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.sources.sync([feed("A")], NOW)["A"]
        tx.sources.polled(row.id, WELL)
        assert tx.sources.sync([feed("A", every=60.0)], at(10))["A"].next_at == at(70)
        assert tx.sources.sync([feed("A", every=6000.0)], at(20))["A"].next_at == at(70)


def test_a_feed_names_itself(store: SqlStore) -> None:
    spec = SourceSpec("https://w/rss", "feed", "https://w/rss", title_from_feed=True)
    with store.write() as tx:
        row = tx.sources.sync([spec], NOW)[spec.name]
        tx.sources.polled(row.id, PollResult(NOW, at(60), facts=FeedFacts("The Wire")))
        again = tx.sources.sync([spec], at(1))[spec.name]
        assert (again.id, again.spec.name, again.spec.address) == (row.id, "The Wire", "https://w/rss")
        tx.sources.polled(row.id, PollResult(at(1), at(60)))
        assert [one.spec.name for one in tx.sources.active()] == ["The Wire"]


def test_due_feeds_are_claimed_once_the_longest_due_first(store: SqlStore) -> None:
    with store.write() as tx:
        rows = tx.sources.sync([feed("A"), feed("B"), feed("C"), SourceSpec("In", "folder", "/in")], NOW)
        tx.sources.polled(rows["B"].id, PollResult(NOW, at(-50)))
        tx.sources.polled(rows["C"].id, PollResult(NOW, at(50)))
        assert [row.spec.name for row in tx.sources.claim_due(NOW, "n1", 30, 1)] == ["B"]
        assert [row.spec.name for row in tx.sources.claim_due(NOW, "n2", 30, 9)] == ["A"]
        assert tx.sources.claim_due(at(29), "n3", 30, 9) == []
        assert [row.spec.name for row in tx.sources.claim_due(at(30), "n3", 30, 9)] == ["B", "A"]


def test_claims_are_given_back(store: SqlStore) -> None:
    with store.write() as tx:
        tx.sources.sync([feed("A"), feed("B")], NOW)
        assert len(tx.sources.claim_due(NOW, "n1", 30, 9)) == 2
        tx.sources.release("n2")
        assert tx.sources.claim_due(NOW, "n2", 30, 9) == []
        tx.sources.release("n1")
        assert len(tx.sources.claim_due(NOW, "n2", 30, 9)) == 2


def test_an_outage_is_counted_from_its_beginning(store: SqlStore) -> None:
    with store.write() as tx:
        row = tx.sources.sync([feed("A")], NOW)["A"]
        tx.sources.claim_due(NOW, "n1", 300, 9)
        assert tx.sources.failed(row.id, PollFailure(at(1), at(60), "no answer")) == 1
        assert tx.sources.failed(row.id, PollFailure(at(61), at(180), "x" * 9000)) == 2
        ill = tx.sources.get(row.id)
        assert ill is not None
        assert (ill.failing_since, ill.checked_at, ill.ok_at, ill.next_at) == (at(1), at(61), None, at(180))
        assert len(ill.error) == 500
        assert not ill.baseline_done
        assert len(tx.sources.claim_due(at(180), "n2", 300, 9)) == 1
        tx.sources.polled(row.id, PollResult(at(181), at(900)))
        well = tx.sources.get(row.id)
        assert well is not None
        assert (well.failures, well.error, well.failing_since, well.ok_at) == (0, "", None, at(181))
        assert well.baseline_done


def test_a_claim_lasts_while_its_holder_says_so(store: SqlStore) -> None:
    with store.write() as tx:
        tx.sources.sync([feed("A")], NOW)
        assert len(tx.sources.claim_due(NOW, "one", 30, 9)) == 1
        tx.sources.extend("one", at(60))
        tx.sources.extend("other", at(600))
        assert tx.sources.claim_due(at(45), "two", 30, 9) == []
        assert len(tx.sources.claim_due(at(61), "two", 30, 9)) == 1
