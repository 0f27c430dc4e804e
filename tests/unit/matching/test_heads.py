"""Where terms may begin, and the windows that are cut around those places."""

from watchbot.matching.heads import PER_HEAD, Heads, windows
from watchbot.matching.resources import load
from watchbot.matching.terms import Record, entries
from watchbot.model.watch import Watch


def heads(*names: str) -> Heads:
    """The beginnings of these names."""
    found = Heads()
    for entry in entries(Record("list", Watch("w", "w", names=names)), load().words):
        found.add(entry)
    return found


def test_a_place_needs_both_first_characters_or_a_gap() -> None:
    text = "鸿海与鸿运，鸿 海，群创"
    assert heads("鴻海").find(text) == [0, 6]
    assert heads("鴻海", "群創光電").find(text) == [0, 6, 10]
    assert heads("Foxconn").find(text) == []


def test_a_name_said_a_thousand_times_is_looked_at_so_often() -> None:
    assert len(heads("鴻海").find("鸿海" * 1000)) == PER_HEAD


def test_windows_join_and_cut_no_word() -> None:
    text = f"{'的' * 50}鸿海{'的' * 20}wordwordword{'的' * 50}"
    assert windows(text, [(50, 10), (55, 10)]) == [(44, 65)]
    ((first, last),) = windows(text, [(50, 26)])
    assert (first, last) == (44, 72)
    assert windows(text, []) == []


def test_reach_grows_with_the_longest_name() -> None:
    short, long = heads("鴻海"), heads("鴻海精密工業股份有限公司鴻海精密工業股份有限公司鴻海精密工業")
    assert long.single > short.single
    assert heads("Hon Hai Precision Industry of Taiwan and Elsewhere").word > short.word
