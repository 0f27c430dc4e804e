"""Items, keys and the sources that carried them, on both databases."""

import pytest

from tests.contract.store_rows import NOW, at, news, source, stored
from watchbot.model.errors import StoreError
from watchbot.model.item import Item
from watchbot.ports.store import Tx
from watchbot.store import SqlStore


def test_an_item_comes_back_as_it_was(store: SqlStore) -> None:
    item = Item(
        "tag:1", "鴻海 & Co", "Line 1\n\n第二行 🚀", "https://a.example/x?y=1", at(-60), "Wire", "zh", "page.txt", 7
    )
    with store.write() as tx:
        row = tx.items.add(item, source(tx).id, ["g:1", "u:x"], NOW, True)
    with store.read() as tx:
        found = tx.items.get(row)
        assert found is not None
        assert found.item == item
        assert (found.seen_at, found.baseline, found.story) == (NOW, True, None)
        assert tx.items.known(["u:x", "nothing", "g:1"]) == {"u:x": row, "g:1": row}
        assert [(one.name, one.url, one.title, one.at) for one in tx.items.sources(row)] == [
            ("Wire", item.url, item.title, NOW)
        ]


def test_keys_stay_with_their_first_item(store: SqlStore) -> None:
    with store.write() as tx:
        wire = source(tx).id
        first = tx.items.add(news("1"), wire, ["a", "b"], NOW, False)
        second = tx.items.add(news("2"), wire, ["b", "c", "c"], NOW, False)
        tx.items.update(second, news("2", "New title"), ["a", "d"])
    with store.read() as tx:
        assert tx.items.known(list("abcd")) == {"a": first, "b": first, "c": second, "d": second}
        changed = tx.items.get(second)
        assert changed is not None
        assert changed.item.title == "New title"
        assert changed.item.id == "2"


def test_very_long_and_unstorable_text_is_kept_as_far_as_it_can_be(store: SqlStore) -> None:
    long, other = "u:" + "x" * 50_000, "u:" + "x" * 49_999 + "y"
    with store.write() as tx:
        row = tx.items.add(
            Item("g\0", "a\0b", "half \ud83d pair"), source(tx).id, [long, "k\0ey", "é" * 900], NOW, False
        )
        found = tx.items.get(row)
        assert found is not None
        assert (found.item.id, found.item.title, found.item.body) == ("g", "ab", "half ? pair")
        assert tx.items.known([long, other, "k\0ey", "é" * 900]) == {long: row, "k\0ey": row, "é" * 900: row}
        tx.alerts.tell("7", [long], NOW)
        assert tx.alerts.told("7", [other, long])
        assert not tx.alerts.told("7", [other])


def test_further_sources_are_named_once_in_order(store: SqlStore) -> None:
    with store.write() as tx:
        row = stored(tx)
        b, a = source(tx, "Beta").id, source(tx, "Alpha").id
        assert tx.items.add_source(row, b, "https://b", "B title", at(1))
        assert tx.items.add_source(row, a, "https://a", "A title", at(1))
        assert not tx.items.add_source(row, b, "https://b2", "again", at(2))
        assert not tx.items.add_source(row, source(tx).id, "", "", at(2))
        assert [one.name for one in tx.items.sources(row)] == ["Wire", "Beta", "Alpha"]


def test_a_key_whose_item_is_gone_is_still_known(store: SqlStore) -> None:
    with store.write() as tx:
        row = stored(tx)
        tx.connection.exec_driver_sql("DELETE FROM items")
        assert tx.items.known(["g:g1"]) == {"g:g1": row}
        assert tx.items.get(row) is None
        assert not tx.items.add_source(row, source(tx, "Beta").id, "", "", NOW)
        tx.items.update(row, news(), ["new key"])
        assert tx.items.known(["new key"]) == {}
        assert tx.items.sources(row) == []
        assert stored(tx, "g2") > row


def test_since_reads_all_in_order_and_in_batches(store: SqlStore) -> None:
    with store.write() as tx:
        wire = source(tx).id
        rows = [tx.items.add(news(str(n)), wire, [f"{n}"], at(n // 3), False) for n in range(20)]
    with store.read() as tx:
        for batch in (1, 3, 7, 20, 500):
            assert [row.id for row in tx.items.since(at(1), batch)] == rows[3:]
        assert [row.id for row in tx.items.latest(3)] == rows[:-4:-1]
        assert tx.items.count() == 20


def test_many_keys_at_once(store: SqlStore) -> None:
    keys = [f"key {n}" for n in range(1700)]
    with store.write() as tx:
        row = tx.items.add(news(), source(tx).id, keys, NOW, False)
        assert tx.items.known([*keys, "no"]) == dict.fromkeys(keys, row)
        assert tx.items.known([]) == {}


def test_a_story_holds_its_items(store: SqlStore) -> None:
    with store.write() as tx:
        first, second = stored(tx, "1"), stored(tx, "2")
        one, two = tx.stories.open(first, NOW), tx.stories.open(second, NOW)
        assert one != two
        assert tx.stories.items(one) == [first]
        found = tx.items.get(second)
        assert found is not None
        assert found.story == two


def test_an_error_rolls_everything_back(store: SqlStore) -> None:
    def fail(tx: Tx) -> None:
        stored(tx)
        raise KeyError

    with pytest.raises(KeyError), store.write() as tx:
        fail(tx)
    with store.read() as tx:
        assert tx.items.count() == 0
        assert tx.sources.active() == []


def test_reading_cannot_write(store: SqlStore) -> None:
    with pytest.raises(StoreError, match=r"read-?only"), store.read() as tx:
        tx.chats.set("7", "language", "en")
    with store.write() as tx:
        tx.chats.set("7", "language", "en")


def test_a_reader_keeps_one_view(store: SqlStore) -> None:
    with store.read() as before:
        assert before.items.count() == 0
        with store.write() as tx:
            stored(tx)
        assert before.items.count() == 0
    with store.read() as after:
        assert after.items.count() == 1


def test_a_time_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="zone"), store.write() as tx:
        tx.items.add(news(), source(tx).id, [], NOW.replace(tzinfo=None), False)
