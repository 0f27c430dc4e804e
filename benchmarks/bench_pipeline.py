"""Items per second through the whole pipeline (document -> queued alert) on SQLite, and where the time goes.

    python -m benchmarks.bench_pipeline [--documents 200]

Every document is an RSS feed of 20 items with teasers; one item in five names a watched company. The stages are timed
inside the same run: cut (parse), match, store (everything else of the transaction). The peer is the raw engine: the
same rows inserted into the same schema with plain executemany, one transaction a document, interleaved with the run.
"""

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import create_engine, text

from watchbot.clock import SystemClock
from watchbot.model.item import RawDocument
from watchbot.model.records import PollResult, SourceSpec
from watchbot.model.settings import FetchSettings, Settings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.ingest import Ingest
from watchbot.sources.feed import parse
from watchbot.store import open_store
from watchbot.store.migrate import upgrade

ITEMS = 20
WORDS = ["plant", "opens", "server", "quarter", "revenue", "supplier", "power", "grid", "memory", "order", "price"]


def documents(count: int) -> list[bytes]:
    """Feeds that differ in every item."""
    random = Random(7)
    made = []
    for number in range(count):
        entries = []
        for entry in range(ITEMS):
            name = f"Company{random.randrange(1000)}" if entry % 5 == 0 else "Somebody"
            title = f"{name} {' '.join(random.choices(WORDS, k=6))} {number}-{entry}"
            body = f"{' '.join(random.choices(WORDS, k=80))}."
            link = f"https://news.example/{number}/{entry}"
            entries.append(
                f"<item><guid>{link}</guid><link>{link}</link><title>{title}</title>"
                f"<description>{body}</description><pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item>"
            )
        made.append(f"<rss version='2.0'><channel><title>W</title>{''.join(entries)}</channel></rss>".encode())
    return made


class Timed:
    """Adds up the time spent inside a function."""

    def __init__(self, work: Any) -> None:
        """Wrap `work`."""
        self._work = work
        self.seconds = 0.0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call and count."""
        start = time.perf_counter()
        try:
            return self._work(*args, **kwargs)
        finally:
            self.seconds += time.perf_counter() - start


def raw_insert(path: Path, rows: int) -> float:
    """Seconds for `rows` plain rows in one FULL-synchronous transaction: the floor of what a document can cost."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("PRAGMA synchronous=FULL"))
        connection.execute(text("CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, title TEXT, body TEXT)"))
    start = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO raw (title, body) VALUES (:t, :b)"), [{"t": "x" * 60, "b": "y" * 600}] * rows
        )
    spent = time.perf_counter() - start
    engine.dispose()
    return spent


def main() -> None:
    """Run and print one small table."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--documents", type=int, default=200)
    count = arguments.parse_args().documents
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        upgrade(url)
        store = open_store(url)
        watches = tuple(Watch(f"w{n}", f"Company{n}", names=(f"Company{n}",)) for n in range(1000))
        settings = Settings(
            Path(folder), url, FetchSettings("bench"), watchlists=(Watchlist("w", "w", watches, chats=("console",)),)
        )
        directory = Directory(settings)
        with store.write() as tx:
            row = tx.sources.sync([SourceSpec("Wire", "feed", "https://news.example/rss")], clock.now())["Wire"]
            tx.sources.polled(row.id, PollResult(clock.now(), clock.now()))
            row = tx.sources.get(row.id)
        assert row
        cut, match = Timed(parse), Timed(directory.match)
        directory.match = match  # type: ignore[method-assign]
        ingest = Ingest(store, directory, clock)
        per_document, floor = [], []
        for body in documents(count):
            start = time.perf_counter()
            found = cut(RawDocument("Wire", body, "application/rss+xml", datetime.now(UTC)))
            taken = ingest.take(row, found, PollResult(clock.now(), clock.now() + timedelta(minutes=15)))
            per_document.append(time.perf_counter() - start)
            assert taken.new == ITEMS
            floor.append(raw_insert(Path(folder) / "raw.db", ITEMS))
        total = sum(per_document)
        store.close()
    median = statistics.median(per_document)
    print(f"{count} documents of {ITEMS} items, 1,000 watches, one item in five matches")
    print(f"whole pipeline   {ITEMS / median:8.0f} items/s (median document {median * 1000:.1f} ms)")
    for name, seconds in (
        ("cut", cut.seconds),
        ("match", match.seconds),
        ("store", total - cut.seconds - match.seconds),
    ):
        print(f"  {name:<6} {100 * seconds / total:5.1f} %")
    print(f"raw SQLite insert of the same items, one transaction: {median / statistics.median(floor):.1f}x faster")


if __name__ == "__main__":
    main()
