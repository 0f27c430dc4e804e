"""Parse and evaluate per query: microseconds each, and evaluation as a share of parsing.

Run: python -m benchmarks.bench_query [queries]
"""

import random
import sys
import time
from collections.abc import Sequence

from watchbot.matching.query import Hit, QueryTerm, parse

SHAPES = (
    '"AI server {0}" AND (company:foxconn OR Quanta{0}) NOT rumor',
    "title:name{0} OR body:(other{0} AND chip)",
    "name{0} NEAR/5 (factory OR plant OR fab)",
    "name{0}",
)


def main() -> None:
    """Print one line a measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    rng = random.Random(1)
    parse("warm AND up")
    texts = [rng.choice(SHAPES).format(number) for number in range(count)]
    began = time.perf_counter()
    queries = [parse(text) for text in texts]
    parsed = time.perf_counter() - began

    def hits(term: QueryTerm) -> Sequence[Hit]:
        """Half of the terms are found, a few places each."""
        if len(term.text) % 2:
            return ()
        return [Hit("body", place * 9, place * 9 + 8, place * 2, place * 2, term.text) for place in range(3)]

    began = time.perf_counter()
    true = sum(query.evaluate(hits) is not None for query in queries)
    evaluated = time.perf_counter() - began
    print(f"queries {count}, true {true}")
    print(f"parse    {parsed / count * 1e6:8.1f} us a query")
    print(f"evaluate {evaluated / count * 1e6:8.1f} us a candidate query = {evaluated / parsed:.2f} of parsing it")


if __name__ == "__main__":
    main()
