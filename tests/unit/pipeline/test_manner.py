"""Whose word counts: the chat's, its named entry's, the watch's, the watchlist's, the defaults'."""

from collections.abc import Mapping

import pytest

from watchbot.model.schedule import digest_times, quiet_rules
from watchbot.model.settings import Defaults, NamedChat
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.manner import CAP, Manner, Wanted, manner_of

DEFAULTS = Defaults("Asia/Taipei", "en", ("23:00-06:00",), ("08:30",))
WATCH = Watch("w", "W", deliver="digest")
LIST = Watchlist(
    "l", "l", (WATCH,), timezone="Asia/Tokyo", quiet_hours=("sat-sun",), mentions="same", max_per_hour=9, updates="off"
)
NAMED = NamedChat("desk", "7", language="zh-TW", digest_at=("09:00",), mentions="off", max_per_hour=0)


def manner(
    said: Mapping[str, str] | None = None,
    named: NamedChat | None = None,
    watch: Watch | None = None,
    watchlist: Watchlist | None = None,
    beside: Mapping[str, str] | None = None,
) -> Manner:
    """A manner from these places."""
    return manner_of(Wanted(beside or {}, said or {}, named, watch, watchlist, DEFAULTS))


def test_defaults() -> None:
    found = manner()
    assert found == Manner(
        "en", "Asia/Taipei", "instant", digest_times(["08:30"]), quiet_rules(["23:00-06:00"]), "silent", "silent", CAP
    )


def test_every_place_in_its_turn() -> None:
    found = manner({"timezone": "Europe/Berlin", "updates": "loud", "format": "compact"}, NAMED, WATCH, LIST)
    assert found == Manner(
        language="zh-TW",
        timezone="Europe/Berlin",
        deliver="digest",
        digest_at=digest_times(["09:00"]),
        quiet=quiet_rules(["sat-sun"]),
        updates="loud",
        mentions="off",
        max_per_hour=None,
        format="compact",
    )


@pytest.mark.parametrize(
    ("said", "named", "wanted"),
    [
        ("22:00-07:00; sat-sun", None, ["22:00-07:00", "sat-sun"]),
        ("off", None, []),
        ("", NamedChat("d", "7", quiet_hours=("off",)), []),
        ("", NamedChat("d", "7", quiet_hours=("12:00-13:00",)), ["12:00-13:00"]),
        ("nonsense", None, ["sat-sun"]),
    ],
)
def test_quiet_hours(said: str, named: NamedChat | None, wanted: list[str]) -> None:
    assert manner({"quiet_hours": said}, named, WATCH, LIST).quiet == quiet_rules(wanted)


def test_no_digest_in_a_chat() -> None:
    found = manner({"digest_at": "off"}, None, WATCH, LIST)
    assert (found.deliver, found.digest_at) == ("instant", digest_times(["08:30"]))
    assert manner({"digest_at": "off"}, NamedChat("d", "7", mentions="digest")).mentions == "silent"


def test_what_a_chat_said_of_one_watch_goes_before_all() -> None:
    said = {"digest_at": "off", "deliver": "instant", "mentions": "same"}
    found = manner(said, NAMED, WATCH, LIST, {"deliver": "digest", "mentions": "digest"})
    assert (found.deliver, found.mentions, found.digest_at) == ("digest", "digest", digest_times(["09:00"]))


@pytest.mark.parametrize(
    ("said", "named", "watchlist", "wanted"),
    [
        ("off", NamedChat("d", "7", max_per_hour=3), LIST, None),
        ("12", None, LIST, 12),
        ("many", None, LIST, 9),
        ("", NamedChat("d", "7", max_per_hour=3), LIST, 3),
        ("", None, Watchlist("l", "l", (), max_per_hour=None), None),
        ("", None, None, CAP),
    ],
)
def test_caps(said: str, named: NamedChat | None, watchlist: Watchlist | None, wanted: int | None) -> None:
    assert manner({"max_per_hour": said}, named, None, watchlist).max_per_hour == wanted
