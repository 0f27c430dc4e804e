"""Spelling guesses: one edit of a long name, and everything that is not one."""

import random
import string

import pytest

from watchbot.matching.fuzzy import FuzzyIndex
from watchbot.text import words

NAMES = {
    "taipower": "taipower",
    "foxconn": "foxconn",
    "foxtron": "foxtron",
    "marvell": "marvell",
    "gseo": "genius electronic optical",
    "honhai": "hon hai precision",
    "delta": "delta electronics",
    "acer": "acer",
    "philips": "philips",
    "asrock": "asrock",
    "nvidia": "nvidia",
    "micro": "advanced micro devices",
    "general": "general electric company",
    "q": "qualcomm",
}


@pytest.fixture(scope="module")
def index() -> FuzzyIndex:
    made = FuzzyIndex(words.load())
    for owner, name in NAMES.items():
        made.add(owner, tuple(name.split()))
    return made


def owners(index: FuzzyIndex, text: str) -> list[object]:
    return [hit.owner for hit in index.find(["" if token == "_" else token for token in text.split()])]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("taiwpower said", "taipower"),
        ("the foxcon plant", "foxconn"),
        ("fxoconn", "foxconn"),
        ("oxconn", "foxconn"),
        ("goxconn", "foxconn"),
        ("foxconnn", "foxconn"),
        ("foxcomn", "foxconn"),
        ("foxconns", "foxconn"),
        ("hon hai precisoin rose", "honhai"),
        ("delta elektronics", "delta"),
        ("genius electronik optical", "gseo"),
        ("genius electric optical", "gseo"),
        ("genius electronics optical", "gseo"),
        ("advanced micro device", "micro"),
        ("qualcom", "q"),
    ],
)
def test_found(index: FuzzyIndex, text: str, owner: str) -> None:
    assert owners(index, text) == [owner]


@pytest.mark.parametrize(
    "text",
    [
        "foxconn",  # spelled right: not a guess
        "foxtron",  # another known name
        "marvel film",  # a word
        "phillips curve",  # a surname
        "acre acerr acr",  # too short
        "asrok asrockk",  # six letters
        "nvidai",
        "fooxconnn",  # two edits
        "hon hao precision",  # the wrong word is too short
        "hon hai precisoim",  # two edits
        "genius precisoin",  # another name's word
        "delta elektroniks",
        "genius _ optical",  # masked
        "genius optical",
        "genius mechanical optical",  # begins differently
        "general electronic company",  # a legal form is no telling word
        "qual com",
        "",
        "_ _ _",
    ],
)
def test_not_found(index: FuzzyIndex, text: str) -> None:
    assert owners(index, text) == []


def test_place_term_and_score(index: FuzzyIndex) -> None:
    (hit,) = index.find(["shares", "of", "hon", "hai", "precisoin", "rose"])
    assert (hit.start, hit.end, hit.term) == (2, 5, ("hon", "hai", "precision"))
    assert 0.5 < hit.score < 1


def test_one_name_of_two_owners_and_removal() -> None:
    made = FuzzyIndex(words.load())
    made.add(1, ("foxconn",))
    made.add(2, ("foxconn",))
    made.add(2, ("foxconn",))
    assert owners(made, "foxcon") == [1, 2]
    made.remove(1, ("foxconn",))
    assert owners(made, "foxcon") == [2]
    made.remove(2, ("foxconn",))
    made.remove(2, ("foxconn",))
    made.remove(3, ("never", "there"))
    assert owners(made, "foxcon") == []


def test_removing_all_leaves_what_an_empty_index_finds(index: FuzzyIndex) -> None:
    made = FuzzyIndex(words.load())
    for owner, name in NAMES.items():
        made.add(owner, tuple(name.split()))
    for owner, name in NAMES.items():
        made.remove(owner, tuple(name.split()))
    left = {key: value for key, value in vars(made).items() if key not in ("_words", "_known", "_starts", "_ends")}
    assert not any(left.values())


def test_known_names_given_from_outside_are_no_typos() -> None:
    made = FuzzyIndex(words.load(), known=frozenset({"megatron"}))
    made.add(1, ("pegatron",))
    assert owners(made, "megatron") == []
    assert owners(made, "pegatrom") == [1]


def test_a_text_of_unknown_words_is_left_alone(index: FuzzyIndex) -> None:
    foreign = [f"wort{letter}unbekannt" for letter in string.ascii_lowercase]
    assert owners(index, " ".join([*foreign, "foxcon"])) == []
    assert owners(index, " ".join([*foreign[:5], "foxcon"])) == ["foxconn"]


def test_recall_on_one_edit() -> None:
    rng = random.Random(5)
    names = [
        "taipower",
        "foxconn",
        "pegatron",
        "realtek",
        "winbond",
        "wistron",
        "inventec",
        "qualcomm",
        "broadcom",
        "siemens",
    ]
    made = FuzzyIndex(words.load())
    for name in names:
        made.add(name, (name,))
    tried = found = 0
    for name in names * 40:
        at, letter = rng.randrange(len(name) - 1), rng.choice(string.ascii_lowercase)
        bad = rng.choice(
            [
                name[:at] + letter + name[at:],
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
        if bad != name:
            tried += 1
            found += owners(made, f"shares of {bad} rose") == [name]
    assert found / tried >= 0.97
