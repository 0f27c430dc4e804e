"""Looking things up among 100,000 stored items: making them searchable, /search, and the trial of a new watch.

    python -m benchmarks.bench_search [--items 100000] [--postgres]

Items are invented news, seven in ten in English, the others in Chinese, words as frequent as in any language (Zipf).
Peers are the bare engines on the same texts in a SQLite file of their own, in turns with ours: an FTS5 table (its own
tokenizer) for words and phrases, a LIKE scan for Chinese, which FTS5 cannot cut. They give rows as they find them;
ours looks at each one again, leaves out other chats' sources and gives whole items. --postgres asks the same questions
of a PostgreSQL server of the tests.
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine, text

from watchbot.model.item import Item
from watchbot.model.records import NewItem, SourceSpec
from watchbot.model.watch import Watch
from watchbot.pipeline.finding import search
from watchbot.pipeline.housekeeping import index_some
from watchbot.pipeline.trying import tried, window
from watchbot.store import SqlStore, open_store
from watchbot.store.migrate import upgrade
from watchbot.text import words

NOW = datetime(2026, 11, 27, tzinfo=UTC)
ROUNDS = 15
BATCH = 1000
OFTEN, SELDOM = 0.01, 0.0002  # the share of the items in which the names stand
NAMES = {
    "often": (OFTEN, "Zalvorix", "鴻鹿"),
    "seldom": (SELDOM, "Quendamer Power", "晶鷺"),
}
SEARCHES = (
    ("a word of 1 %", "Zalvorix", "Zalvorix"),
    ("a phrase of .02 %", '"Quendamer Power"', '"Quendamer Power"'),
    ("two words, both frequent", "{common} {other}", "{common} {other}"),
    ("two Chinese characters of 1 %", "鴻鹿", ""),
    ("two Chinese characters of .02 %", "晶鷺", ""),
    ("what nobody wrote", "Xyllophant", "Xyllophant"),
)
WATCHES = (
    ("a name of 1 %", Watch("w", "Zalvorix", names=("Zalvorix", "Zalvorix Corporation"), aliases=("鴻鹿",))),
    ("a name of .02 %", Watch("w", "Quendamer", names=("Quendamer Power", "晶鷺"), tickers=("7777.TW",))),
    ("a keyword of half the items", Watch("w", "often", keywords=("{common}",))),
)


class Writer:
    """Invented news. `common` and `other` are two of the most frequent words."""

    def __init__(self) -> None:
        """Words of the project's own list, and two thousand Chinese characters."""
        self._random = random.Random(5)
        self._words = sorted(word for word in words.load() if 2 < len(word) < 11)[::5]
        self._random.shuffle(self._words)
        self._han = [chr(0x4E00 + number * 5) for number in range(2000)]
        self.common, self.other = self._words[0], self._words[1]
        self._weights = {size: _zipf(size) for size in (len(self._words), len(self._han))}

    def items(self, count: int) -> Iterator[tuple[str, str]]:
        """Title and body of so many items."""
        for number in range(count):
            han = number % 10 >= 7
            title, body = (self._chinese(25), self._chinese(220)) if han else (self._english(9), self._english(75))
            for share, latin, chinese in NAMES.values():
                if self._random.random() < share:
                    title = f"{chinese}{title}" if han else f"{latin} {title}"
            yield title, body

    def _english(self, count: int) -> str:
        weights = self._weights[len(self._words)]
        return " ".join(self._random.choices(self._words, cum_weights=weights, k=count)).capitalize()

    def _chinese(self, count: int) -> str:
        return "".join(self._random.choices(self._han, cum_weights=self._weights[len(self._han)], k=count))


def _zipf(size: int) -> list[float]:
    total, out = 0.0, []
    for rank in range(2, size + 2):
        total += 1 / rank
        out.append(total)
    return out


def fill(store: SqlStore, texts: list[tuple[str, str]]) -> None:
    """Store the items over the last thirty days, nothing searchable yet."""
    with store.write() as tx:
        source = tx.sources.sync([SourceSpec("Wire", "feed", "https://news.example/rss")], NOW)["Wire"].id
    for start in range(0, len(texts), BATCH):
        with store.write() as tx:
            part = texts[start : start + BATCH]
            new = []
            for place, (row, (title, body)) in enumerate(zip(tx.items.reserve(len(part)), part, strict=True), start):
                at = NOW - timedelta(days=30) * (1 - place / len(texts))
                link = f"https://news.example/{place}"
                item = Item(link, title, body, url=link, published=at, source="Wire")
                new.append(NewItem(row, item, source, (f"u:{link}",), at, False))
            tx.items.add_many(new)


def make_searchable(store: SqlStore, count: int) -> None:
    """The daemon's own job, batch after batch."""
    spent = []
    begin = perf_counter()
    while True:
        start = perf_counter()
        if not index_some(store):
            break
        spent.append(perf_counter() - start)
    total = perf_counter() - begin
    worst = sorted(spent)[int(len(spent) * 0.99)]
    print(f"made searchable: {count / total:,.0f} items/s; a batch {1000 * statistics.median(spent):.1f} ms,", end=" ")
    print(f"99 % within {1000 * worst:.1f} ms, longest {1000 * max(spent):.1f} ms")


def bare(path: Path, texts: list[tuple[str, str]]) -> sqlite3.Connection:
    """The same texts in a bare SQLite file: a table for LIKE, an FTS5 table for MATCH."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, title TEXT, body TEXT)")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(title, body, content='raw', content_rowid='id')")
    begin = perf_counter()
    with connection:
        connection.executemany("INSERT INTO raw (title, body) VALUES (?, ?)", texts)
        connection.execute("INSERT INTO words (words) VALUES ('rebuild')")
    print(f"bare SQLite FTS5, one transaction: {len(texts) / (perf_counter() - begin):,.0f} items/s")
    return connection


def ask_bare(peer: sqlite3.Connection, question: str, han: str) -> list[tuple[str, str]]:
    """The newest six that the bare engine finds."""
    if han:
        query = "SELECT title, body FROM raw WHERE title LIKE ?1 OR body LIKE ?1 ORDER BY id DESC LIMIT 6"
        return peer.execute(query, (f"%{han}%",)).fetchall()
    query = "SELECT title, body FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT 6"
    return peer.execute(query, (question,)).fetchall()


def in_turns(*runs: Callable[[], object]) -> list[tuple[float, float]]:
    """Median and 95th percentile of each run in milliseconds."""
    times: list[list[float]] = [[] for _ in runs]
    for run in runs:
        run()
    for _ in range(ROUNDS):
        for own, run in zip(times, runs, strict=True):
            start = perf_counter()
            run()
            own.append(1000 * (perf_counter() - start))
    return [(statistics.median(own), sorted(own)[round(len(own) * 0.95) - 1]) for own in times]


def searches(store: SqlStore, peer: sqlite3.Connection, writer: Writer) -> None:
    """/search beside the bare engine."""
    for name, ours, theirs in SEARCHES:
        question, raw = (one.format(common=writer.common, other=writer.other) for one in (ours, theirs))

        def asked(question: str = question) -> int:
            with store.read() as tx:
                return len(search(tx, "7", question).found)

        def asked_bare(raw: str = raw, han: str = "" if raw else question) -> int:
            return len(ask_bare(peer, raw, han)[:5])

        assert asked() == asked_bare(), name
        (mine, worst), (bare_, _) = in_turns(asked, asked_bare)
        print(f"/search {name:<34} {mine:7.1f} ms (95 %: {worst:6.1f})   bare {bare_:7.2f} ms   {mine / bare_:7.2f} x")


def trials(store: SqlStore, writer: Writer) -> None:
    """/watch: the stored items that may match, then the real matcher over them."""
    for name, watch in WATCHES:
        keywords = tuple(word.format(common=writer.common) for word in watch.keywords)
        wanted = Watch("w", watch.label, names=watch.names, aliases=watch.aliases, keywords=keywords)

        def looked(wanted: Watch = wanted) -> int:
            with store.read() as tx:
                return tried(window(tx, wanted, "7", NOW), wanted).alerts

        assert looked() > 0, name
        ((median, worst),) = in_turns(looked)
        print(f"/watch trial, {name:<28} {median:7.1f} ms (95 %: {worst:6.1f})")


@contextmanager
def address(folder: Path, postgres: bool) -> Iterator[str]:
    """A database with the schema."""
    if not postgres:
        yield f"sqlite:///{folder}/bench.db"
        return
    from tests.fakes.postgres import postgres_server

    server = postgres_server.__wrapped__() if hasattr(postgres_server, "__wrapped__") else postgres_server()
    running = next(server)
    try:
        yield running.url(running.create())
    finally:
        next(server, None)


def main() -> None:
    """Fill, make searchable, ask."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--items", type=int, default=100_000)
    arguments.add_argument("--postgres", action="store_true")
    wanted = arguments.parse_args()
    writer = Writer()
    texts = list(writer.items(wanted.items))
    with tempfile.TemporaryDirectory() as name, address(Path(name), wanted.postgres) as url:
        upgrade(url)
        store = open_store(url)
        fill(store, texts)
        print(f"{len(texts):,} items on {store.kind}")
        make_searchable(store, len(texts))
        if wanted.postgres:
            with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text("ANALYZE"))  # as autovacuum does within a minute
        peer = bare(Path(name) / "raw.db", texts)
        searches(store, peer, writer)
        trials(store, writer)
        peer.close()
        store.close()


if __name__ == "__main__":
    main()
