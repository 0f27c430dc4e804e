"""Which words of /mute are the name, and which say how long."""

import pytest

from tests.unit.pipeline.conftest import Office
from watchbot.pipeline import mute_words


@pytest.mark.parametrize(
    ("typed", "name", "length"),
    [
        ("Foxconn 8h", "Foxconn", "8h"),
        ("Hon Hai 1h30m", "Hon Hai", "1h30m"),
        ("Foxconn for 8h", "Foxconn", "8h"),
        ("Foxconn 2 hours", "Foxconn", "2h"),
        ("Foxconn for 45 min", "Foxconn", "45m"),
        ("Foxconn 1 week", "Foxconn", "7d"),
        ("鴻海 8小時", "鴻海", "8h"),
        ("鴻海 ３０ 分鐘", "鴻海", "30m"),
        ("鴻海 今天", "鴻海", "今天"),
        ("Foxconn TODAY", "Foxconn", "today"),
        ("Foxconn off", "Foxconn", "off"),
        ("Foxconn", "Foxconn", ""),
        ("Boeing 737", "Boeing 737", ""),
        ("Studio 54 Club", "Studio 54 Club", ""),
        ("8h", "", "8h"),
        ("", "", ""),
    ],
)
def test_split(typed: str, name: str, length: str) -> None:
    assert mute_words.split(typed) == (name, length)


def test_a_name_that_ends_like_a_time_goes_before_it(office: Office) -> None:
    from watchbot.model.watch import Watch

    with office.store.write() as tx:
        tx.chats.add_watch("7", Watch("studio", "Studio 8h", names=("Studio 8h",)), office.clock.now())
        office.directory.refresh(tx)
        sources = tx.sources.active()
    found = mute_words.asked(office.directory, sources, "7", "Studio 8h")
    assert found.target is not None
    assert (found.target.label, found.length) == ("Studio 8h", "")
    found = mute_words.asked(office.directory, sources, "7", "Studio 8h 2d")
    assert (found.target is not None, found.length) == (True, "2d")


def test_what_was_perhaps_meant(office: Office) -> None:
    with office.store.read() as tx:
        sources = tx.sources.active()
    assert mute_words.asked(office.directory, sources, "7", "Foxcom 8h").near == ("Foxconn",)
    odd = mute_words.asked(office.directory, sources, "7", "Foxconn soon")
    assert (odd.target is not None, odd.odd) == (True, "soon")
    assert mute_words.example(office.directory, sources, "404") in {"Wire", "Post", "Inbox"}
    assert mute_words.example(office.directory, [], "404") == "Foxconn"
