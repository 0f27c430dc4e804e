"""News sets in our own words, labelled with the companies that are truly meant, and the figures matching must reach.

A line of news/*.jsonl is an item with `meant`, the ids of the watches of watches-*.yaml that it is about or names. The
figures count pairs of item and watch. `pytest -s` prints them, and each miss and false alert below its set.
"""

import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest

from watchbot.config import load_watchlists
from watchbot.matching.matcher import Matcher, build
from watchbot.model.item import Item

FOLDER = Path(__file__).parent / "news"
LISTS = {"en": "watches-en.yaml", "zh-Hant": "watches-zh.yaml", "zh-Hans": "watches-zh.yaml", "ja": "watches-ja.yaml"}
SIZES = {"english": 150, "tweets": 60, "traditional": 50, "simplified": 50, "japanese": 60, "variants": 40, "typos": 80}


@dataclass
class Figures:
    """Pairs of item and watch, counted."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what fired, the part that was meant."""
        return self.right / max(1, self.right + len(self.false))

    @property
    def recall(self) -> float:
        """Of what was meant, the part that fired."""
        return self.right / max(1, self.right + len(self.missed))

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / max(1, 2 * self.right + len(self.missed) + len(self.false))


@cache
def lines(name: str) -> tuple[dict[str, object], ...]:
    """The items of a set."""
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


@cache
def matcher(path: str, fuzzy: bool) -> Matcher:
    """A matcher over one watchlist file, with spelling guesses or without."""
    lists = load_watchlists(FOLDER / path, environ={})
    if not fuzzy:
        lists = tuple(
            replace(
                one, watches=tuple(replace(each, options=replace(each.options, fuzzy=False)) for each in one.watches)
            )
            for one in lists
        )
    return build(lists)


def measure(items: tuple[dict[str, object], ...], name: str, fuzzy: bool = True) -> Figures:
    """Match every item and count; print the outcome."""
    figures = Figures()
    for line in items:
        item = Item(id=str(line["id"]), title=str(line["title"]), body=str(line["body"]))
        found = {match.watch for match in matcher(LISTS[str(line["lang"])], fuzzy).match(item)}
        meant = set(line["meant"])  # type: ignore[call-overload]
        figures.right += len(found & meant)
        figures.missed += [f"{watch}: {item.id} {item.title} / {item.body}" for watch in sorted(meant - found)]
        figures.false += [f"{watch}: {item.id} {item.title} / {item.body}" for watch in sorted(found - meant)]
    print(f"\n{name}: F1 {figures.f1:.3f} precision {figures.precision:.3f} recall {figures.recall:.3f}")
    print("".join(f"  missed {one}\n" for one in figures.missed), end="")
    print("".join(f"  false  {one}\n" for one in figures.false), end="")
    return figures


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_sizes_and_labels(name: str, size: int) -> None:
    """The sets are as large as they claim, and speak only of watches that exist."""
    assert len(lines(name)) >= size
    for line in lines(name):
        known = {
            watch.id for one in load_watchlists(FOLDER / LISTS[str(line["lang"])], environ={}) for watch in one.watches
        }
        assert set(line["meant"]) <= known, line["id"]  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("name", "f1", "precision"),
    [
        ("english", 0.97, 0.95),
        ("tweets", 0.92, 0.0),
        ("traditional", 0.89, 0.0),
        ("simplified", 0.98, 0.0),
        ("japanese", 0.975, 0.0),
    ],
)
def test_news(name: str, f1: float, precision: float) -> None:
    """Edited news, short posts, Chinese and Japanese."""
    figures = measure(lines(name), name)
    assert figures.f1 >= f1, figures
    assert figures.precision >= precision, figures


def test_variants() -> None:
    """Other ways to write the same cost nothing."""
    originals = {line["of"] for line in lines("variants")}
    plain = tuple(
        line
        for name in ("english", "traditional", "simplified", "japanese")
        for line in lines(name)
        if line["id"] in originals
    )
    before = measure(plain, "plain form of the variants")
    after = measure(lines("variants"), "variants")
    assert after.f1 >= before.f1 - 0.02, after


def test_typos() -> None:
    """Most one-edit typos are found, and looking for them costs next to no precision anywhere."""
    figures = measure(lines("typos"), "typos")
    assert figures.recall >= 0.75, figures
    edited = tuple(line for name in ("english", "tweets") for line in lines(name))
    every = edited + lines("typos")
    for items, what in ((edited, "news and posts"), (every, "news, posts and typos")):
        without = measure(items, f"{what} without guesses", fuzzy=False)
        assert measure(items, f"{what} with guesses").precision >= without.precision - 0.01
