"""Boolean queries: parsing and evaluating one, 100k of them on every item, and a watchlist file of 100k watches.

python benchmarks/bench_query.py           a minute or two
python benchmarks/bench_query.py 10000     fewer of everything
"""

import argparse
import gc
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_match import filled, interleaved, names, texts
from watchbot import catalogue
from watchbot.config import load_watchlists
from watchbot.matching.matcher import build
from watchbot.matching.query import Hit, QueryTerm, parse
from watchbot.model.item import Item
from watchbot.model.watch import Watch

SHAPES = (
    '"AI server {0}" AND (company:foxconn OR Quanta{0}) NOT rumor',
    "title:name{0} OR body:(other{0} AND chip)",
    "name{0} NEAR/5 (factory OR plant OR fab)",
    "name{0}",
)


STANDING = (
    '"{a}" AND ({b} OR {c}) NOT rumor',
    "title:{a} OR body:({b} AND chip)",
    "{a} NEAR/5 (factory OR plant OR fab)",
    "({a} OR {b} OR {c}) AND (price OR order)",
)


def single(count: int) -> None:
    """Parse and evaluate by themselves."""
    rng = random.Random(1)
    parse("warm AND up")
    texts = [rng.choice(SHAPES).format(number) for number in range(count)]
    began = time.process_time()
    queries = [parse(text) for text in texts]
    parsed = time.process_time() - began

    def hits(term: QueryTerm) -> Sequence[Hit]:
        """Half of the terms are found, a few places each."""
        if len(term.text) % 2:
            return ()
        return [Hit("body", place * 9, place * 9 + 8, place * 2, place * 2, term.text) for place in range(3)]

    began = time.process_time()
    true = sum(query.evaluate(hits) is not None for query in queries)
    evaluated = time.process_time() - began
    print(f"queries {count}, true {true}")
    print(f"parse    {parsed / count * 1e6:8.1f} us a query")
    print(f"evaluate {evaluated / count * 1e6:8.1f} us a candidate query = {evaluated / parsed:.2f} of parsing it")


def standing(count: int) -> None:
    """What so many queries add to every item, beside as many plain names."""
    known = [name for name in names(count) if name.isascii() and "." not in name]
    rng = random.Random(4)
    plain, both = filled(known), filled(known)
    began = time.process_time()
    for number in range(count):
        a, b, c = (f'"{name}"' for name in rng.sample(known, 3))
        query = rng.choice(STANDING).format(a=a, b=b, c=c).replace('""', '"')
        both.add("queries", Watch(f"q{number}", "q", query=query))
    print(f"\n{count} queries entered in {time.process_time() - began:.1f} s")
    for size in (600, 5000):
        items = [Item(str(n), text[:80], text[80:]) for n, text in enumerate(texts(known, size))]
        without, with_all = interleaved(
            15,
            lambda items=items: [plain.match(item) for item in items],
            lambda items=items: [both.match(item) for item in items],
        )
        each = len(items)
        print(
            f"  {size:>5} characters: {without / each * 1e6:7.1f} us without, {with_all / each * 1e6:7.1f} us with,"
            f" {(with_all - without) / each * 1e6:7.1f} us an item on top"
        )


def from_file(count: int) -> None:
    """Read, check (with the catalogue's advice) and index a watchlist file of so many watches."""
    lines = ["watches:"]
    for number, name in enumerate(names(count, seed=5)):
        if number % 3:
            lines.append(f"  - {name}")
        else:
            lines.append(
                f"  - {{name: {name}, keywords: [k{number}], exclude: [drama], tickers: [{1000 + number % 9000}.TW]}}"
            )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "watchlist.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        gc.collect()
        began = time.process_time()
        lists = load_watchlists(path, companies=catalogue.load(), environ={})
        read = time.process_time()
        build(lists)
        indexed = time.process_time()
    total = sum(len(one.watches) for one in lists)
    print(f"\n{total} watches of a file: read and checked {read - began:.1f} s, indexed {indexed - read:.1f} s")


def main() -> None:
    """Print one line a measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    count = parser.parse_args().count
    single(min(count, 4_000))
    from_file(count)
    standing(count)


if __name__ == "__main__":
    main()
