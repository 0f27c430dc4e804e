"""A stored card comes back as it was."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.message.codec import dump, load
from watchbot.model.alert import Card, Marked, Report, Why
from watchbot.model.watch import Kind, Level

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
times = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]))
reports = st.builds(Report, words, words, words, times)
cards = st.builds(
    Card,
    watches=st.lists(words, max_size=3).map(tuple),
    headline=st.builds(Marked, words, st.just(((0, 1), (2, 5)))),
    url=words,
    place=words,
    teaser=st.builds(Marked, words),
    why=st.builds(Why, st.sampled_from(Level), words, words, st.sampled_from(Kind)),
    reports=st.lists(reports, max_size=3).map(tuple),
    language=st.sampled_from(["en", "zh-TW"]),
    timezone=words,
)
CARD = Card(
    ("A",),
    Marked("A rises", ((0, 1),)),
    "",
    "",
    Marked(""),
    Why(Level.MAIN, "A", "title", Kind.NAME),
    (Report("Wire", "A rises", "", datetime(2026, 11, 21, tzinfo=UTC)),),
    "en",
    "UTC",
)
STORED = (
    '{"watches":["A"],"headline":{"text":"A rises","marks":[[0,1]]},"url":"","place":"","teaser":{"text":"",'
    '"marks":[]},"why":{"level":"main","term":"A","field":"title","kind":"name"},"reports":[{"source":"Wire",'
    '"title":"A rises","url":"","at":"2026-11-21T00:00:00+00:00"}],"language":"en","timezone":"UTC"}'
)


@given(cards)
def test_round_trip(card: Card) -> None:
    assert load(dump(card)) == card


def test_the_stored_form_stays_as_it_is() -> None:
    """Rows written by this version must be read by every later one."""
    assert dump(CARD) == STORED
    assert load(STORED) == CARD


def test_keys_of_a_newer_version_are_ignored() -> None:
    assert load(STORED.replace('"url":""', '"url":"","picture":1', 1)) == CARD


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "nonsense", '"x"', STORED.replace('"main"', '"other"')])
def test_what_is_no_card_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        load(text)


def test_half_a_surrogate_pair_can_be_stored() -> None:
    broken = Card(("\ud800",), Marked("x"), "", "", Marked(""), CARD.why, (), "en", "UTC")
    assert load(dump(broken).encode().decode()).watches == ("?",)
