"""Sentences are found in English and in CJK text."""

import pytest

from watchbot.message.sentences import sentences


def split(text: str) -> list[str]:
    """The sentences as texts."""
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Hon Hai Co. said so. It rose.", ["Hon Hai Co. said so.", "It rose."]),
        ("The U.S. unit of J. Smith Inc. fell 3.5 percent. Then it rose.", None),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("台電說明。經濟部表示：「會漲！」然後呢？", ["台電說明。", "經濟部表示：「會漲！」", "然後呢？"]),
        ("A headline\n\nand a text. More.", ["A headline", "and a text.", "More."]),
        ("One line\nbroken here. End.", ["One line\nbroken here.", "End."]),
        ("e.g. this one. iPhone sales rose.", ["e.g. this one. iPhone sales rose."]),
        ("It ranks No. 3 there. No. Not so.", ["It ranks No. 3 there.", "No.", "Not so."]),
        ("  \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str] | None) -> None:
    if expected is None:
        expected = ["The U.S. unit of J. Smith Inc. fell 3.5 percent.", "Then it rose."]
    assert split(text) == expected
