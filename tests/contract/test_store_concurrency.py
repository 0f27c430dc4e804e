"""Several threads, nodes and processes at once, and sudden death."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from threading import Barrier

import pytest

from tests.contract.store_rows import NOW, at, card, feed, message, news, sent, source, stored
from watchbot.model.alert import Move, State
from watchbot.model.reason import Reason
from watchbot.ports.store import Tx
from watchbot.store import SqlStore, migrate, open_store

DIES = """
import sys
from tests.contract.store_rows import NOW, alert, message, stored
from watchbot.store import open_store
store = open_store(sys.argv[1])
with store.write() as tx:
    stored(tx, "committed")
with store.write() as tx:
    for number in range(500):
        made = alert(tx, guid=f"{number}")
        tx.outbox.queue(message(alert=made), NOW)
        tx.alerts.tell("7", [f"{number}"], NOW)
    print("inside", flush=True)
    sys.stdin.read()
"""


def test_two_claimers_never_get_the_same_row(store: SqlStore, url: str) -> None:
    with store.write() as tx:
        for number in range(60):
            tx.outbox.queue(message(f"{number % 12}", f"{number}"), NOW)
    nodes = [store, open_store(url)]
    together = Barrier(4)

    def work(number: int) -> list[int]:
        mine, store = [], nodes[number % 2]
        together.wait()
        while True:
            with store.write() as tx:
                rows = tx.outbox.claim(NOW, f"n{number}", 60, 3, "telegram")
            chats = [row.chat for row in rows]
            assert len(set(chats)) == len(chats)
            for row in rows:
                with store.write() as tx:
                    tx.outbox.finish(row.id, sent(row.id), NOW)
                mine.append(row.id)
            if not rows:
                with store.read() as tx:
                    if not tx.outbox.counts()[State.PENDING]:
                        return mine

    with ThreadPoolExecutor(4) as pool:
        got = [row for rows in pool.map(work, range(4)) for row in rows]
    nodes[1].close()
    assert sorted(got) == sorted(set(got))
    assert len(got) == 60


@pytest.mark.postgres
def test_a_row_that_is_just_being_changed_is_not_overtaken(migrated_postgres_url: str) -> None:
    store = open_store(migrated_postgres_url)
    with store.write() as tx:
        first, second = (tx.outbox.queue(message("7", body), NOW) for body in "ab")
        other = tx.outbox.queue(message("8"), NOW)
    with store.write() as ingest:
        ingest.outbox.settle([first], State.PENDING, NOW)  # as a story that grows changes what is unsent
        with store.write() as tx:
            assert [row.id for row in tx.outbox.claim(NOW, "me", 60, 9, "telegram")] == [other]
    with store.write() as tx:
        assert [row.id for row in tx.outbox.claim(NOW, "me", 60, 9, "telegram")] == [first]
        tx.outbox.finish(first, sent(1), NOW)
        assert [row.id for row in tx.outbox.claim(NOW, "me", 60, 9, "telegram")] == [second]
    store.close()


@pytest.mark.postgres
@pytest.mark.parametrize("first", ["queue", "unpark"])
def test_what_is_queued_while_a_chat_comes_back_is_not_left_behind(migrated_postgres_url: str, first: str) -> None:
    store = open_store(migrated_postgres_url)
    with store.write() as tx:
        row = tx.outbox.queue(message("7"), NOW)
        tx.outbox.claim(NOW, "me", 60, 9, "telegram")
        tx.outbox.finish(row, Move(State.PARKED, NOW, error="blocked", park_chat=True), NOW)

    def do(tx: Tx, what: str) -> None:
        if what == "queue":
            tx.outbox.queue(message("7"), NOW)
        else:
            tx.chats.unpark("7", NOW)

    def meanwhile() -> None:
        with store.write() as other:
            do(other, "unpark" if first == "queue" else "queue")

    with ThreadPoolExecutor(1) as pool:
        with store.write() as tx:
            do(tx, first)
            other = pool.submit(meanwhile)
            wait([other], timeout=0.5)  # it may have to wait for the commit
        other.result(20)
    with store.read() as tx:
        counts = tx.outbox.counts()
    assert (counts[State.PENDING], counts[State.PARKED]) == (2, 0)
    store.close()


def test_two_nodes_never_poll_the_same_feed(store: SqlStore) -> None:
    with store.write() as tx:
        tx.sources.sync([feed(f"F{number}") for number in range(40)], NOW)
    together = Barrier(4)

    def work(number: int) -> list[int]:
        together.wait()
        mine: list[int] = []
        while len(mine) < 10:
            with store.write() as tx:
                rows = tx.sources.claim_due(NOW, f"n{number}", 60, 2)
            mine += [row.id for row in rows]
            if not rows:
                break
        return mine

    with ThreadPoolExecutor(4) as pool:
        got = [row for rows in pool.map(work, range(4)) for row in rows]
    assert len(got) == len(set(got)) == 40


def test_the_same_news_at_two_nodes_is_one_item(store: SqlStore) -> None:
    with store.write() as tx:
        wire = source(tx).id
    together = Barrier(6)

    def ingest(_number: int) -> bool:
        together.wait()
        with store.write() as tx:
            if tx.items.known(["g:1", "u:1"]):
                return False
            tx.items.add(news("1"), wire, ["g:1", "u:1"], NOW, False)
            return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ingest, range(6))) == 1
    with store.read() as tx:
        assert tx.items.count() == 1


def test_a_round_is_told_once_whoever_comes_first(store: SqlStore) -> None:
    with store.write() as tx:
        item = stored(tx)
        story = tx.stories.open(item, NOW)
    together = Barrier(6)

    def tell(_number: int) -> int | None:
        together.wait()
        with store.write() as tx:
            made = tx.alerts.add("7", story, 0, item, Reason.FIRST_REPORT, card(), NOW)
            if made is not None:
                tx.outbox.queue(message(alert=made), NOW)
            return made

    with ThreadPoolExecutor(6) as pool:
        assert len([made for made in pool.map(tell, range(6)) if made is not None]) == 1
    with store.read() as tx:
        assert tx.outbox.counts()[State.PENDING] == 1


def test_two_nodes_read_the_configuration_at_once(store: SqlStore) -> None:
    together = Barrier(4)

    def sync(_number: int) -> list[int]:
        together.wait()
        with store.write() as tx:
            return [row.id for row in tx.sources.sync([feed("A"), feed("B")], NOW).values()]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(sync, range(4)))
    assert found == [found[0]] * 4


def test_a_code_is_redeemed_once(store: SqlStore) -> None:
    with store.write() as tx:
        for code in ("a", "b"):
            tx.chats.invite(code, "owner", at(60))
    together = Barrier(6)

    def redeem(number: int) -> str | None:
        together.wait()
        with store.write() as tx:
            return tx.chats.redeem("ab"[number % 2], number, NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(redeem, range(6)), key=str) == [None] * 5 + ["owner"]


def test_readers_are_not_held_up_by_a_writer(store: SqlStore) -> None:
    with ThreadPoolExecutor(1) as pool, store.write() as tx:
        stored(tx)

        def count() -> int:
            with store.read() as other:
                return other.items.count()

        assert pool.submit(count).result(10) == 0


def test_kill_inside_a_write_leaves_nothing_half(url: str, tmp_path: Path) -> None:
    root = Path(migrate.__file__).parents[2]
    dying = subprocess.Popen(
        [sys.executable, "-c", DIES, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    with dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == "inside\n"
        dying.send_signal(signal.SIGKILL)
    store = open_store(url)
    with store.write() as tx:
        assert [row.item.id for row in tx.items.latest(9)] == ["committed"]
        assert not tx.alerts.told("7", ["0"])
        assert sum(tx.outbox.counts().values()) == 0
        stored(tx, "after")
    store.close()


@pytest.mark.timeout(60)
def test_another_process_waits_for_the_writer(sqlite_url: str) -> None:
    here, there = open_store(sqlite_url), open_store(sqlite_url)
    with ThreadPoolExecutor(1) as pool:
        with here.write() as tx:
            stored(tx, "1")

            def second() -> int:
                with there.write() as tx:
                    return tx.items.count()

            waiting = pool.submit(second)
        assert waiting.result(20) == 1
    here.close()
    there.close()
