"""Marked texts keep their marks on their words."""

from hypothesis import given
from hypothesis import strategies as st

from watchbot.message.marked import (
    clean,
    columns,
    merge,
    piece,
    shorten,
    shorten_marked,
    squeeze,
    units,
)
from watchbot.model.alert import Marked

texts = st.text(alphabet=st.sampled_from(list("ab 鴻海。. \n\t\u00a0\u200dé\U0001f600\x00\ud800\u202e")), max_size=40)


def test_columns_count_cjk_twice_and_marks_not() -> None:
    assert columns("Hon Hai") == 7
    assert columns("鴻海") == 4
    assert columns("e\u0301") == 1


def test_units_are_utf16() -> None:
    assert units("a鴻\U0001f600") == 4


def test_squeeze_moves_marks() -> None:
    squeezed = squeeze(Marked("  Hon\n\nHai  builds ", ((2, 10),)))
    assert squeezed == Marked("Hon Hai builds", ((0, 7),))


def test_squeeze_drops_what_cannot_be_shown() -> None:
    assert clean("a\x00b\u202ec\ud800d\x1b[31m") == "abcd[31m"


def test_marks_do_not_end_on_the_space_before_the_next_word() -> None:
    assert squeeze(Marked("DRAM   prices", ((0, 6),))) == Marked("DRAM prices", ((0, 4),))


def test_piece_keeps_what_overlaps() -> None:
    assert piece(Marked("0123456789", ((0, 3), (5, 9))), 2, 6) == Marked("2345", ((0, 1), (3, 4)))


def test_merge_joins_overlaps_and_drops_empty_ranges() -> None:
    assert merge([(4, 6), (1, 3), (2, 5), (8, 8)]) == ((1, 6),)
    assert merge([(0, 2), (2, 4)]) == ((0, 2), (2, 4))


def test_shorten_cuts_between_words() -> None:
    assert shorten("Foxconn to build a plant", 20) == "Foxconn to build a…"
    assert shorten("Foxconn", 7) == "Foxconn"


def test_shorten_counts_cjk_columns() -> None:
    assert shorten("鴻海將在休士頓興建廠房", 10) == "鴻海將在…"


def test_shorten_breaks_a_word_that_is_all_there_is() -> None:
    assert shorten("x" * 50, 10) == "x" * 9 + "…"


def test_shorten_leaves_no_mark_on_nothing() -> None:
    assert shorten_marked(Marked("Foxconn builds", ((8, 14),)), 9) == Marked("Foxconn…", ())


@given(texts, st.data())
def test_squeezed_marks_cover_the_same_characters(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    squeezed = squeeze(Marked(text, ((start, end),)))
    marked = "".join(squeezed.text[a:b] for a, b in squeezed.marks)
    assert marked.replace(" ", "") == clean(text[start:end]).replace(" ", "")
    assert squeezed.text == " ".join(squeezed.text.split())


@given(texts, st.integers(2, 30))
def test_shortened_fits(text: str, limit: int) -> None:
    short = shorten(clean(text), limit)
    assert columns(short) <= limit
    assert units(short) <= limit
