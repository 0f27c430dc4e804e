"""The word lists: inflected, without names, small enough."""

import pytest

from watchbot.text import words


@pytest.mark.parametrize(
    "word",
    [
        "apple",
        "target",
        "delta",
        "quanta",
        "micron",
        "gigabyte",
        "oracle",
        "intel",
        "companies",
        "acquired",
        "rumors",
        "rumours",
        "semiconductor",
        "won",
        "cafe",
    ],
)
def test_words_hold_inflected_and_company_like_words(word: str) -> None:
    assert word in words.load()


@pytest.mark.parametrize("word", ["foxconn", "nvidia", "taipei", "phillips", "company's", "Apple", ""])
def test_names_and_possessives_are_no_words(word: str) -> None:
    assert word not in words.load()


def test_names_are_apart_from_words() -> None:
    assert {"phillips", "taipei"} <= words.names()
    assert not words.names() & words.load()


def test_size() -> None:
    assert 60_000 <= len(words.load()) <= 100_000
    assert all(word.isascii() and word.islower() for word in words.load())
