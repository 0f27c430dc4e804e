"""The matcher against raw pyahocorasick and a loop of `in`: interleaved medians, printed as ratios.

    python benchmarks/bench_match.py            about two minutes
    python benchmarks/bench_match.py --million  also 1M terms, with the memory they take (several minutes, 2 GB)

pyahocorasick gets lower-cased text for nothing and gives raw substring hits; the matcher does everything from the raw
text to checked spans in the original. Terms are generated names; documents are generated news, a teaser with one name,
a text with three.
"""

import argparse
import gc
import math
import random
import re
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import ahocorasick

from watchbot.matching.matcher import Matcher
from watchbot.model.item import Item
from watchbot.model.watch import Watch
from watchbot.text import words

PARTS = re.findall(
    "..+?(?=[A-Z]|$)", "AlBeCorDanElFenGraHalIonJunKorLumMorNexOrPanQuaRosSilTekUniVelWexXanYorZenTriMicTaSo"
)
TAILS = (
    "",
    "",
    "",
    " Power",
    " Steel",
    " Semiconductor",
    " Electronics",
    " Holdings",
    " Energy",
    " Systems",
    " Labs Inc.",
)
HAN = "台鴻海華聯電光科技新力晶圓能源國際東方明天宏大同亞太中信長榮精密工業材料半導體友達群創欣興"
DOCUMENTS = 60


def names(count: int, seed: int = 1) -> list[str]:
    """Invented company names, one in ten Chinese, each once."""
    rng = random.Random(seed)
    out: dict[str, None] = {}
    while len(out) < count:
        if rng.random() < 0.1:
            out["".join(rng.choices(HAN, k=rng.randint(3, 5)))] = None
        else:
            stem = "".join(rng.choices(PARTS, k=rng.randint(2, 4))).capitalize()
            out[stem + rng.choice(TAILS)] = None
    return list(out)


def texts(known: list[str], size: int, seed: int = 2, han: bool = False) -> list[str]:
    """Invented news of about `size` characters; one known name of that language stands in a teaser, three in a text."""
    rng = random.Random(seed)
    known = [name for name in known if name.isascii() is not han]
    vocabulary = sorted(word for word in words.load() if 2 < len(word) < 11)[::7]
    rng.shuffle(vocabulary)
    vocabulary.sort(key=lambda word: len(word) > 4)
    weights = [1 / rank for rank in range(2, len(vocabulary) + 2)]  # as words are in any language (Zipf)
    out = []
    for _ in range(DOCUMENTS):
        pieces: list[str] = []
        length = 0
        while length < size:
            if han:
                piece = "".join(chr(rng.randint(0x4E00, 0x6E00)) for _ in range(rng.randint(8, 20))) + "，"
            else:
                piece = " ".join(rng.choices(vocabulary, weights, k=rng.randint(6, 14))).capitalize() + rng.choice(
                    (".", ",", "; said")
                )
            pieces.append(piece)
            length += len(piece) + 1
        for name in rng.sample(known, 1 if size < 1000 else 3):
            pieces.insert(rng.randint(0, len(pieces)), name)
        out.append(("" if han else " ").join(pieces)[: size + 40])
    return out


def filled(terms: list[str]) -> Matcher:
    """A matcher over the terms, three names a watch."""
    matcher = Matcher()
    for start in range(0, len(terms), 3):
        matcher.add("bench", Watch(f"w{start}", terms[start], names=tuple(terms[start : start + 3])))
    return matcher


def interleaved(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """The median CPU time of each run; they take turns, so that noise meets all alike."""
    times: list[list[float]] = [[] for _ in runs]
    for run in runs:
        run()
    gc.disable()
    for _ in range(rounds):
        for own, run in zip(times, runs, strict=True):
            begin = process_time()
            run()
            own.append(process_time() - begin)
    gc.enable()
    return [statistics.median(own) for own in times]


def over(documents: list[str], work: Callable[[str], object]) -> Callable[[], None]:
    """One pass of `work` over all documents."""

    def run() -> None:
        for document in documents:
            work(document)

    return run


def engine_table(terms: list[str], matcher: Matcher) -> None:
    """The matcher, pyahocorasick and a loop of `in` on the same documents."""
    automaton = ahocorasick.Automaton()
    for term in terms:
        automaton.add_word(term.lower(), term)
    automaton.make_automaton()
    lowered = [term.lower() for term in terms]
    print(f"\n{len(terms)} terms                 matcher us   pyahocorasick us   ratio   x faster than `in`")
    for label, size, han in (
        ("teaser 600", 600, False),
        ("text 5000", 5000, False),
        ("Chinese 600", 600, True),
        ("Chinese 1700", 1700, True),
    ):
        documents = texts(terms, size, han=han)
        items = [Item(str(n), "", text) for n, text in enumerate(documents)]
        ready = [text.lower() for text in documents]

        def whole(items: list[Item] = items) -> None:
            for item in items:
                matcher.match(item)

        ours, theirs = interleaved(15, whole, over(ready, lambda text: list(automaton.iter(text))))
        begin = process_time()
        for text in ready[:3]:
            [term for term in lowered if term in text]
        naive = (process_time() - begin) / 3
        each = ours / DOCUMENTS
        print(
            f"  {label:<22} {each * 1e6:9.1f}   {theirs / DOCUMENTS * 1e6:16.1f}   {ours / theirs:5.2f}"
            f"   {naive / each:10.0f}"
        )


def growth(known: list[str], counts: tuple[int, ...]) -> None:
    """How the time an item grows with the number of terms while the hits stay the same."""
    documents = texts(known[:900], 600)
    items = [Item(str(n), text[:80], text[80:]) for n, text in enumerate(documents)]
    matchers = [filled(known[:count]) for count in counts]
    times = interleaved(15, *(lambda m=m: [m.match(item) for item in items] for m in matchers))  # type: ignore[misc]
    print("\ngrowth, hits constant")
    for count, time in zip(counts, times, strict=True):
        print(f"  {count:>9} terms {time / DOCUMENTS * 1e6:8.1f} us an item")
    exponent = math.log(times[-1] / times[0]) / math.log(counts[-1] / counts[0])
    print(f"  exponent {exponent:.3f}")


def changes(matcher: Matcher) -> None:
    """Adding and removing one watch in a full matcher."""
    fresh = [Watch(f"new{n}", name, names=(name, f"{name} Works")) for n, name in enumerate(names(300, seed=9))]
    added, removed = [], []
    for watch in fresh:  # tables that are built once, at the first odd character, are no part of the question
        matcher.add("other", watch)
        matcher.remove("other", watch.id)
    for watch in fresh:
        begin = process_time()
        matcher.add("other", watch)
        middle = process_time()
        matcher.remove("other", watch.id)
        added.append(middle - begin)
        removed.append(process_time() - middle)
    for label, values in (("add", added), ("remove", removed)):
        print(f"  {label:<7} median {statistics.median(values) * 1e6:7.1f} us   worst {max(values) * 1e6:8.1f} us")


def hostile(known: list[str], matcher: Matcher) -> None:
    """Odd input of 100 kB against plain news of the same length, as ratios."""
    size = 100_000
    name = known[0]
    plain = " ".join(texts(known, 5000))[:size]
    typo = next(f"{one[:-2]}q{one[-1]}" for one in known if one.isascii() and one.isalpha() and len(one) > 7)
    han = next(one for one in known if not one.isascii())
    wild = {
        "plain Chinese": "".join(texts(known, 1700, han=True) * 2)[:size],
        "a Chinese name": han * (size // len(han)),
        "one misspelling": f"{typo} " * (size // (len(typo) + 1)),
        "phrases in one": "\ufdfa" * size,
        "full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in plain),
        "<script>": "<script>" * (size // 8),
        "<<<<": "<" * size,
        "<a <a": "<a " * (size // 3),
        "&amp;&amp;": "&amp;" * (size // 5),
        "&&&&": "&" * size,
        "combining flood": "e" + "\u0301" * (size - 1),
        "zero width": "\u200ba" * (size // 2),
        "surrogates": "\ud800" * size,
        "one long word": "a" * size,
        "spaces": " " * size,
        "a@a@": "a@" * (size // 2),
        "http://": "http://" * (size // 7),
        "(((": "(" * size,
        "hashtags": "#aa" * (size // 3),
        "kana marks": "カ\uff9e" * (size // 2),
        "nothing but names": f"{name} " * (size // (len(name) + 1)),
        "all names": " ".join(known[:20_000])[:size],
        "all Unicode": "".join(map(chr, range(0x20, 0x20 + size))),
    }
    items = [Item("x", "", text) for text in (plain, *wild.values())]
    times = interleaved(3, *(lambda item=item: matcher.match(item) for item in items))  # type: ignore[misc]
    print(f"\nhostile input of {size // 1000} kB, 1.0 = plain news ({times[0] * 1e3:.1f} ms)")
    for label, time in zip(wild, times[1:], strict=True):
        print(f"  {label:<20} {time / times[0]:5.2f}")


def memory() -> int:
    """Resident bytes of this process."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def million() -> None:
    """1M terms: memory, time to build, time an item."""
    terms = names(1_000_000)
    gc.collect()
    gc.freeze()
    before, begin = memory(), perf_counter()
    matcher = filled(terms)
    built = perf_counter() - begin
    print(f"\n1M terms: {(memory() - before) / 2**20:.0f} MB with the watches, built in {built:.0f} s")
    engine_table(terms, matcher)
    changes(matcher)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--million", action="store_true", help="also 1M terms")
    options = parser.parse_args()
    known = names(100_000)
    before, begin = memory(), perf_counter()
    matcher = filled(known)
    print(
        f"100k terms indexed in {perf_counter() - begin:.1f} s, {(memory() - before) / 2**20:.0f} MB with the watches"
    )
    engine_table(known, matcher)
    print("\nat 100k terms")
    changes(matcher)
    hostile(known, matcher)
    growth(known, (1_000, 10_000, 100_000))
    if options.million:
        million()


if __name__ == "__main__":
    main()
