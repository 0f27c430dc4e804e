"""The index: what goes in is found, what goes out is gone, whatever shares its path."""

from watchbot.matching.case import CaseRule
from watchbot.matching.lexicon import BUCKET, Lexicon
from watchbot.matching.terms import Entry, Record
from watchbot.model.watch import Kind, Watch


def entry(*tokens: str) -> Entry:
    term = " ".join(tokens)
    return Entry(Record("list", Watch("w", term)), term, term, tokens, Kind.NAME, CaseRule.ANY, None)


def found(lexicon: Lexicon, text: str) -> list[tuple[int, str]]:
    tokens = text.split()
    return sorted((place, one.term) for place, one in lexicon.find(tokens, range(len(tokens))))


def test_one_entry() -> None:
    lexicon = Lexicon()
    lexicon.add(entry("hon", "hai"))
    assert found(lexicon, "hon hai hon x hon hai") == [(0, "hon hai"), (4, "hon hai")]
    assert found(lexicon, "hai hon") == []
    assert found(lexicon, "") == []


def test_many_below_one_token() -> None:
    lexicon = Lexicon()
    entries = [entry("first", f"bank{n}", "of", "x") for n in range(3 * BUCKET)] + [
        entry("first"),
        entry("first", "bank1"),
    ]
    for one in entries:
        lexicon.add(one)
    assert found(lexicon, "the first bank1 of x") == [(1, "first"), (1, "first bank1"), (1, "first bank1 of x")]
    for one in entries:
        lexicon.remove(one)
        lexicon.remove(one)
    assert lexicon.root == {}


def test_equal_terms_of_many_watches() -> None:
    lexicon = Lexicon()
    entries = [entry("apple") for _ in range(50)]
    for one in entries:
        lexicon.add(one)
    assert len(found(lexicon, "apple")) == 50
    for one in entries[:49]:
        lexicon.remove(one)
    assert [one for _place, one in lexicon.find(["apple"], [0])] == [entries[49]]


def test_removing_the_unknown_changes_nothing() -> None:
    lexicon = Lexicon()
    lexicon.add(entry("a", "b"))
    lexicon.remove(entry("a", "b"))
    lexicon.remove(entry("c"))
    assert found(lexicon, "a b") == [(0, "a b")]


def test_words_written_together() -> None:
    lexicon = Lexicon()
    for one in (entry("hon", "hai"), entry("honhai"), *(entry("hon", f"x{n}", "y") for n in range(200))):
        lexicon.add(one)
    assert {one.term for one, _count in lexicon.parts("honhai")} == {"hon hai"}
    assert {one.term for one, _count in lexicon.parts("honx7y")} == {"hon x7 y"}
    assert lexicon.parts("honha") == []
