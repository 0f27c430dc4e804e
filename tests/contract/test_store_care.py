"""Sources as commands and configuration change them, items in one go, what notices look up, and older databases."""

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, text

from tests.contract.store_rows import NOW, at, card, feed, source, stored
from tests.contract.test_store_polls import names, result, row, three
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.records import Decision, FeedFacts, NewItem, PollFailure, SourceSpec
from watchbot.store import SqlStore, migrate, open_store
from watchbot.store.backup import check
from watchbot.store.tables import to_micros

# --- commands and configuration ---


def test_an_added_source_stays_beside_the_configured_ones(store: SqlStore) -> None:
    with store.write() as tx:
        three(tx)
        added, new = tx.sources.add(feed("D", added=True), at(5))
        assert (new, added.next_at, added.baseline_done, added.spec.added) == (True, at(5), False, True)
        assert tx.sources.add(feed("Same", "https://d.example/rss", added=True), at(6)) == (added, False)
        tx.sources.sync([feed("A")], at(7))
        assert names(tx.sources.active()) == ["A", "D"]


def test_what_a_chat_added_is_its_own(store: SqlStore) -> None:
    with store.write() as tx:
        everyones, _new = tx.sources.add(feed("D", added=True), NOW)
        own, new = tx.sources.add(feed("D", chat="7", added=True), NOW)
        assert new
        assert own.id != everyones.id
        assert tx.sources.add(feed("D", chat="8", added=True), NOW)[0].id not in (own.id, everyones.id)


def test_an_added_source_that_the_configuration_names_becomes_a_configured_one(store: SqlStore) -> None:
    with store.write() as tx:
        added, _new = tx.sources.add(feed("D", added=True), NOW)
        tx.sources.polled(added.id, result(1, etag=b"v"))
        kept = tx.sources.sync([feed("The D", "https://d.example/rss", every=60.0)], at(2))["The D"]
        assert (kept.id, kept.etag, kept.spec.added, kept.spec.every) == (added.id, b"v", False, 60.0)
        tx.sources.sync([], at(3))
        assert tx.sources.active() == []


def test_a_configured_name_does_not_take_an_added_source_at_another_address(store: SqlStore) -> None:
    with store.write() as tx:
        added, _new = tx.sources.add(feed("D", added=True), NOW)
        configured = tx.sources.sync([feed("D", "https://elsewhere/rss")], at(1))["D"]
        assert configured.id != added.id
        assert row(tx, added.id).spec.address == "https://d.example/rss"


def test_two_entries_with_one_address_are_two_sources_each_time(store: SqlStore) -> None:
    specs = [feed("A", "https://x/rss"), feed("B", "https://x/rss")]
    with store.write() as tx:
        first = tx.sources.sync(specs, NOW)
        assert first["A"].id != first["B"].id
        assert tx.sources.sync(specs, at(1)) == first
        one = tx.sources.sync(specs[1:], at(2))
        assert one["B"].id == first["B"].id
        assert names(tx.sources.active()) == ["B"]


def test_a_removed_source_and_its_return(store: SqlStore) -> None:
    with store.write() as tx:
        added, _new = tx.sources.add(feed("D", added=True), NOW)
        tx.sources.polled(added.id, result(1, etag=b"v"))
        tx.sources.failed(added.id, PollFailure(at(2), at(9e4), "no answer"))
        tx.sources.remove(added.id)
        assert tx.sources.active() == []
        assert tx.sources.claim_due(at(9e5), "n", 30, 9) == []
        back, new = tx.sources.add(feed("D again", "https://d.example/rss", added=True), at(50))
        assert (back.id, new, back.next_at, back.etag) == (added.id, True, at(50), b"v")
        assert (back.failures, back.failing_since, back.error) == (0, None, "")


def test_a_gone_source_is_asked_again_at_another_address_or_when_it_is_added_again(store: SqlStore) -> None:
    with store.write() as tx:
        a, b, c = three(tx)
        for one in (a, b, c):
            tx.sources.failed(one, PollFailure(at(1), at(2), "HTTP 410", gone=True))
            tx.sources.note(one, gone_told=True)
        rows = tx.sources.sync([feed("A", "https://better/rss"), feed("New name", feed("B").address), feed("C")], at(3))
        assert (rows["A"].id, rows["A"].gone, rows["A"].gone_told, rows["A"].failures) == (a, False, False, 0)
        assert (rows["New name"].id, rows["New name"].gone) == (b, True)
        assert rows["C"].gone
        back, new = tx.sources.add(feed("C", added=True), at(4))
        assert (back.id, new, back.gone, back.next_at) == (c, True, False, at(4))


def test_another_address_begins_with_a_clean_sheet(store: SqlStore) -> None:
    with store.write() as tx:
        a, *_rest = three(tx)
        tx.sources.polled(a, result(1, location="https://new", etag=b"v"))
        tx.sources.failed(a, PollFailure(at(2), at(9e4), "HTTP 500", location="https://new"))
        tx.sources.note(a, outage_since=at(2), moved_told=True)
        fresh = tx.sources.sync([feed("A", "https://other/rss")], at(100))["A"]
    assert (fresh.id, fresh.location, fresh.etag, fresh.next_at) == (a, "", None, at(100))
    assert (fresh.failures, fresh.failing_since, fresh.error, fresh.outage_since) == (0, None, "", None)
    assert (fresh.moved_told, fresh.baseline_done, fresh.ok_at) == (False, True, at(1))


def test_family_and_folder_come_back(store: SqlStore) -> None:
    spec = SourceSpec("Papers: 鴻海", "feed", "https://s/rss?q=1", family="Papers", folder="Asien/台灣")
    with store.write() as tx:
        assert tx.sources.sync([spec], NOW)[spec.name].spec == spec
        moved = SourceSpec("Papers: 鴻海", "feed", "https://s/rss?q=1", family="List", folder="")
        assert tx.sources.sync([moved], at(1))[spec.name].spec == moved


# --- items in one go ---


def test_reserved_ids_are_nobody_elses(store: SqlStore) -> None:
    with store.write() as tx:
        first = stored(tx, "g1")
        assert tx.items.reserve(0) == []
        mine = tx.items.reserve(3)
        more = tx.items.reserve(2)
        assert len({first, *mine, *more}) == 6
        wire = source(tx).id
        tx.items.add_many([NewItem(mine[1], Item("x", "X", ""), wire, ("k:x",), NOW, False)])
        later = stored(tx, "g2")
        assert later not in (first, *mine, *more)
    with store.write() as tx:
        assert not {first, mine[1], later} & set(tx.items.reserve(5))
        assert tx.items.known(["k:x"]) == {"k:x": mine[1]}


def test_ids_are_not_given_again_after_the_newest_items_are_gone(store: SqlStore) -> None:
    with store.write() as tx:
        old = stored(tx, "g1")
        tx.connection.exec_driver_sql("DELETE FROM item_sources")
        tx.connection.exec_driver_sql("DELETE FROM items")
    with store.write() as tx:
        assert min(tx.items.reserve(1)) > old


def test_many_items_come_back_as_they_were(store: SqlStore) -> None:
    with store.write() as tx:
        wire, post = source(tx).id, source(tx, "Post").id
        one, two = tx.items.reserve(2)
        new = [
            NewItem(one, Item("1", "鴻海", "a\0b", "https://a", at(-5), "Wire", "zh"), wire, ("a", "b"), NOW, True),
            NewItem(two, Item("2", "Two", "", document="p.txt", line=7), post, ("b", "c"), at(1), False),
        ]
        tx.items.add_many(new)
        tx.items.add_many([])
    with store.read() as tx:
        first, second = tx.items.get(one), tx.items.get(two)
        assert first is not None
        assert second is not None
        assert (first.item.title, first.item.body, first.item.published, first.baseline) == ("鴻海", "ab", at(-5), True)
        assert (second.item.document, second.item.line, second.item.published, second.source_id) == (
            "p.txt",
            7,
            None,
            post,
        )
        assert tx.items.known(["a", "b", "c"]) == {"a": one, "b": one, "c": two}
        assert [(one.name, one.title) for one in tx.items.sources(two)] == [("Post", "Two")]


def test_a_further_source_brings_its_own_keys(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx, "g1")
        post = source(tx, "Post").id
        assert tx.items.add_source(item, post, "https://p", "As the Post has it", at(1), ["p:1", "g:g1"])
        assert not tx.items.add_source(item, post, "https://p", "Again", at(2), ["p:2"])
        assert tx.items.known(["p:1", "g:g1", "p:2"]) == {"p:1": item, "g:g1": item}
        assert not tx.items.add_source(item + 999, post, "https://p", "Of nothing", at(3), ["p:3"])
        assert tx.items.known(["p:3"]) == {}


# --- alerts and people that notices ask for ---


def test_recent_alerts_of_one_source_for_one_chat(store: SqlStore) -> None:
    with store.write() as tx:
        wire, post = source(tx).id, source(tx, "Post").id
        for number, (chat, of, seconds) in enumerate(
            [("7", wire, 0), ("7", wire, 30), ("7", wire, 59), ("7", post, 40), ("8", wire, 40)]
        ):
            item = tx.items.add(Item(f"i{number}", "T", ""), of, [f"i{number}"], at(seconds), False)
            tx.alerts.add(chat, tx.stories.open(item, at(seconds)), 0, item, Reason.FIRST_REPORT, card(), at(seconds))
        assert tx.alerts.recent("7", wire, at(0), 99) == 3
        assert tx.alerts.recent("7", wire, at(1), 99) == 2
        assert tx.alerts.recent("7", wire, at(0), 2) == 2
        assert tx.alerts.recent("7", post, at(0), 99) == 1
        assert tx.alerts.recent("9", wire, at(0), 99) == 0


def test_how_often_watches_fire(store: SqlStore) -> None:
    with store.write() as tx:
        items = [stored(tx, f"g{number}") for number in range(4)]
        for chat in ("7", "8"):  # told to two chats, it fired once
            for item, seconds in zip(items[:3], (10, 20, 30), strict=True):
                tx.alerts.decide(Decision(chat, item, "w", "foxconn", Reason.FIRST_REPORT, at(seconds)))
        tx.alerts.decide(Decision("7", items[3], "w", "foxconn", Reason.BASELINE, at(99)))
        tx.alerts.decide(Decision("7", items[0], "w2", "memory", Reason.ALREADY_TOLD, at(5)))
        found = {(one.watchlist, one.watch): one for one in tx.alerts.rhythms(at(0))}
        foxconn, memory = found["w", "foxconn"], found["w2", "memory"]
        assert (foxconn.fired, foxconn.first_at, foxconn.last_at, foxconn.told_at) == (3, at(10), at(30), None)
        assert (memory.fired, memory.last_at) == (1, at(5))
        assert [(one.watch, one.fired) for one in tx.alerts.rhythms(at(15))] == [("foxconn", 2)]


def test_a_silence_is_noted_once(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx)
        tx.alerts.decide(Decision("7", item, "w", "foxconn", Reason.FIRST_REPORT, at(10)))
        assert tx.alerts.note_silence("w", "foxconn", at(10))
        assert not tx.alerts.note_silence("w", "foxconn", at(10))
        assert tx.alerts.note_silence("w", "other", at(10))
        assert [one.told_at for one in tx.alerts.rhythms(at(0))] == [at(10)]
        assert tx.alerts.note_silence("w", "foxconn", at(20))
        assert [one.told_at for one in tx.alerts.rhythms(at(0))] == [at(20)]


def test_who_is_in_charge(store: SqlStore) -> None:
    with store.write() as tx:
        assert tx.chats.people("admin") == []
        for user, role in ((9, "admin"), (5_000_000_000, "admin"), (3, "user"), (1, "owner"), (2, "admin")):
            tx.chats.set_role(user, role, NOW)
        tx.chats.set_role(9, "", NOW)
        assert tx.chats.people("admin") == [2, 5_000_000_000]
        assert tx.chats.people("owner") == [1]


# --- a database of before ---


def insert(connection: Connection, table: str, **values: Any) -> None:
    """One row as an older version wrote it."""
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"), values)


def as_it_was(url: str) -> None:
    """A database of revision 0003 with a feed that is well, one that fails, a folder and an item."""
    with migrate._connection(url, write=True) as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        command.upgrade(made, "0003")
        common = {
            "title": "", "every": None, "max_age": 172800.0, "chat": "", "title_from_feed": False, "active": True,
            "next_at": to_micros(at(900)), "last_modified": None, "body_hash": "h", "checked_at": to_micros(at(5)),
            "claimed_by": "", "claimed_until": None,
        }  # fmt: skip
        ill = {"failing_since": to_micros(at(1)), "failures": 3, "error": "HTTP 500", "ok_at": None, "etag": None}
        well = {"failing_since": None, "failures": 0, "error": "", "ok_at": to_micros(at(5)), "etag": b'W/"\xff"'}
        for number, name, kind, state in (
            (1, "Wire", "feed", well),
            (2, "Post", "feed", ill),
            (3, "In", "folder", well),
        ):
            place = {
                "id": number,
                "name": name,
                "kind": kind,
                "address": f"https://{name}",
                "baseline_done": state is well,
            }
            insert(connection, "sources", **place, **common, **state)
        insert(
            connection, "items", id=7, source_id=1, guid="g", title="鴻海", body="", url="", published=None,
            source="Wire", lang="", document="", line=0, seen_at=to_micros(NOW), baseline=False, story=None,
        )  # fmt: skip
        insert(connection, "item_keys", key="k", item_id=7)
        if connection.dialect.name == "postgresql":
            for table, last in (("sources", 3), ("items", 7)):
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))


def test_a_database_of_before_is_taken_over_with_its_rows(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).parent.mkdir()
    as_it_was(empty_url)
    assert migrate.current(empty_url) == "0003"
    migrate.upgrade(empty_url)
    assert [one for one in check(empty_url) if "item_sources" not in one and "without a source" not in one] == []
    store = open_store(empty_url, create=False)
    with store.write() as tx:
        wire, post = row(tx, 1), row(tx, 2)
        assert (wire.etag, wire.baseline_done, wire.ok_at, wire.next_at) == (b'W/"\xff"', True, at(5), at(900))
        assert (post.failures, post.failing_since, post.error) == (3, at(1), "HTTP 500")
        for one in (wire, post):
            assert (one.location, one.moved_to, one.moved_times, one.gone, one.ttl) == ("", "", 0, False, 0.0)
            assert (one.skip_hours, one.skip_days, one.gap, one.newest_at) == (frozenset(), frozenset(), None, None)
            assert (one.outage_since, one.moved_told, one.gone_told, one.quiet_told) == (None, False, False, False)
            assert (one.spec.family, one.spec.folder, one.spec.added) == ("", "", False)
        assert tx.items.known(["k"]) == {"k": 7}
        tx.sources.polled(1, result(10, facts=FeedFacts("The Wire", 60.0, frozenset({3}), frozenset(), 99.5, at(9))))
        tx.sources.failed(2, PollFailure(at(10), at(60), "HTTP 410", gone=True))
        assert (row(tx, 1).gap, row(tx, 1).skip_hours, row(tx, 2).gone) == (99.5, frozenset({3}), True)
        assert tx.sources.sync([feed("Wire", "https://Wire"), feed("New")], at(20))["New"].id == 4
        assert tx.items.reserve(1) == [8]
        assert tx.alerts.note_silence("w", "foxconn", NOW)
    store.close()


def test_taking_it_over_twice_changes_nothing(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).parent.mkdir()
    as_it_was(empty_url)
    migrate.upgrade(empty_url)
    migrate.upgrade(empty_url)
    store = open_store(empty_url, create=False)
    with store.read() as tx:
        assert names(tx.sources.active()) == ["In", "Post", "Wire"]
    store.close()
