"""What it costs to assign one item to a story, with 10k and with 100k stories in the window (SQLite).

    python benchmarks/bench_stories.py            about four minutes
    python benchmarks/bench_stories.py --small    1k and 10k, half a minute

Beside it, in the same run and on the same headlines: a rapidfuzz scan of all headlines of the window (what simple
tools do), and datasketch's MinHash LSH where it is installed. Headlines are generated; word frequencies fall as in
real text. The window is filled in bulk, with what the placer would have left there.
"""

import argparse
import gc
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rapidfuzz import fuzz, process
from sqlalchemy import insert, update

from watchbot.model.item import Item
from watchbot.model.records import SourceSpec
from watchbot.store import SqlStore, open_store
from watchbot.store.migrate import upgrade
from watchbot.store.shelf import _packed
from watchbot.store.tables import meta, stories
from watchbot.store.tables_stories import story_postings, story_profiles, story_terms
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.placer import Placer
from watchbot.stories.shelf import Profile
from watchbot.stories.terms import words_of
from watchbot.stories.verdict import Rules
from watchbot.stories.weights import vector
from watchbot.text import words

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MEASURED = 300
TAGGER = CompanyTagger()


class Newsroom:
    """Generated headlines: eight words, few of them frequent, most of them rare."""

    def __init__(self, seed: int = 7) -> None:
        self.random = random.Random(seed)
        known = sorted(word for word in words.load() if len(word) > 4)
        self.random.shuffle(known)
        self.words = known[:40_000]
        self.shares = [1.0 / (rank + 20) for rank in range(len(self.words))]

    def headline(self) -> str:
        return " ".join(self.random.choices(self.words, self.shares, k=8)).capitalize()

    def other_words(self, headline: str) -> str:
        """The same news by another newsroom: some words changed, the order too."""
        parts = headline.lower().split()
        self.random.shuffle(parts)
        return " ".join([*parts[:6], *self.random.choices(self.words, self.shares, k=2)]).capitalize()


def fill(store: SqlStore, headlines: list[str]) -> int:
    """A window full of stories of one item each; gives the row id of the source."""
    rules = Rules()
    found = [words_of(Item("x", title, ""), TAGGER).terms for title in headlines]
    counts = Counter(term for terms in found for term in terms)
    profiles, postings = [], []
    for number, terms in enumerate(found, start=1):
        at = NOW - timedelta(hours=70) * (1 - number / len(found))
        weighed = vector(terms, counts, len(found))
        profile = Profile(number, at, at, 1, weighed, {}, ["Wire"], scripts=["latin"])
        profiles.append({"story": number, "opened_at": at, "last_at": at, "profile": _packed(profile)})
        rarest = sorted((term for term in weighed if term[-1] != "*"), key=lambda term: (-weighed[term], term))
        postings.extend({"term": term, "story": number, "at": at} for term in rarest[: rules.posted])
    with store.write() as tx:
        run = tx.connection.execute
        run(insert(stories), [{"opened_at": row["opened_at"], "last_at": row["last_at"]} for row in profiles])
        run(insert(story_profiles), profiles)
        run(insert(story_postings), postings)
        run(insert(story_terms), [{"term": term, "count": count} for term, count in counts.items()])
        run(update(meta).where(meta.c.name == "stories").values(value=len(found)))
        return tx.sources.sync([SourceSpec("Wire", "feed", "https://wire.example/rss")], NOW)["Wire"].id


def assign(store: SqlStore, source: int, titles: list[str]) -> float:
    """Seconds an item, placed in transactions of twenty, the commits included."""
    placed = 0.0
    for start in range(0, len(titles), 20):
        part = titles[start : start + 20]
        with store.write() as tx:
            keys = [tx.items.add(Item(title, title, ""), source, [title], NOW, False) for title in part]
        began = perf_counter()
        with store.write() as tx:
            placer = Placer(tx.shelf, TAGGER)
            for key, title in zip(keys, part, strict=True):
                placer.place(Item(title, title, ""), key, "Ledger", NOW)
        placed += perf_counter() - began
    return placed / len(titles)


def scan(headlines: list[str], titles: list[str]) -> float:
    """Seconds an item for a rapidfuzz scan of the window."""
    folded = [title.lower() for title in headlines]
    return median(lambda title: process.extractOne(title.lower(), folded, scorer=fuzz.token_set_ratio), titles[:10])


def minhash(headlines: list[str], titles: list[str]) -> float | None:
    """Seconds an item for MinHash LSH: hash, look up, enter. None where datasketch is not installed."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        return None

    def hashed(title: str) -> MinHash:
        made = MinHash(num_perm=64)
        made.update_batch([word.encode() for word in title.lower().split()])
        return made

    index = MinHashLSH(threshold=0.5, num_perm=64)
    with index.insertion_session() as session:
        for number, title in enumerate(headlines):
            session.insert(number, hashed(title))
    names = iter(range(len(headlines), 10**9))

    def one(title: str) -> None:
        made = hashed(title)
        index.query(made)
        index.insert(next(names), made)

    return median(one, titles)


def median(call: Callable[[str], object], titles: list[str]) -> float:
    """The median seconds of a call."""
    taken = []
    for title in titles:
        began = perf_counter()
        call(title)
        taken.append(perf_counter() - began)
    return statistics.median(taken)


def measure(count: int) -> tuple[float, float, float | None]:
    """Seconds an item of the three ways at one size of the window."""
    room = Newsroom()
    headlines = [room.headline() for _ in range(count)]
    titles = [room.other_words(room.random.choice(headlines)) for _ in range(MEASURED // 2)]
    titles += [room.headline() for _ in range(MEASURED - len(titles))]
    room.random.shuffle(titles)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        upgrade(url)
        store = open_store(url)
        source = fill(store, headlines)
        gc.collect()
        assign(store, source, [room.headline() for _ in range(40)])  # the first ones load what is loaded once
        placed = assign(store, source, titles)
        store.close()
    return placed, scan(headlines, titles), minhash(headlines, titles)


def main() -> None:
    """Print a table of milliseconds an item and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--small", action="store_true")
    sizes = (1_000, 10_000) if parser.parse_args().small else (10_000, 100_000)
    rows = {size: measure(size) for size in sizes}
    print(f"{'stories in the window':>22}  {'placer':>9}  {'rapidfuzz scan':>14}  {'MinHash LSH':>11}   (ms an item)")
    for size, row in rows.items():
        cells = [f"{1000 * value:.2f}" if value is not None else "-" for value in row]
        print(f"{size:>22,}  {cells[0]:>9}  {cells[1]:>14}  {cells[2]:>11}")
    small, large = rows[sizes[0]], rows[sizes[1]]
    print(f"\nplacer: {large[0] / small[0]:.2f} times the cost at ten times the stories (at most 4 is asked for)")
    print(
        f"rapidfuzz scan: {large[1] / small[1]:.2f} times; {large[1] / large[0]:.0f} times the placer at {sizes[1]:,}"
    )


if __name__ == "__main__":
    main()
