"""Durations, quiet hours and digest times as people write them."""

import pytest

from watchbot.model.errors import InputError
from watchbot.model.schedule import (
    EVERY_DAY,
    DigestTime,
    QuietRule,
    digest_time,
    digest_times,
    quiet_rule,
    quiet_rules,
    seconds,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("90s", 90), ("10m", 600), ("8h", 28800), ("30d", 2592000), ("1h30m", 5400), ("1.5h", 5400), ("0s", 0)],
)
def test_durations(text, wanted):
    assert seconds(text) == wanted


@pytest.mark.parametrize(
    "text", ["", "90", "s", "10 m", "-5s", "5x", "10M", "１０m", "1h 30m", "99999999d", "5m\n", "1.h"]
)
def test_what_is_no_duration(text):
    with pytest.raises(InputError, match="duration"):
        seconds(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("22:00-07:00", QuietRule(EVERY_DAY, 1320, 420)),
        ("sat-sun", QuietRule(frozenset({5, 6}), 0, 1440)),
        ("mon-fri 22:30-6:45", QuietRule(frozenset(range(5)), 1350, 405)),
        ("fri-mon", QuietRule(frozenset({4, 5, 6, 0}), 0, 1440)),
        ("mon,wed 12:00-24:00", QuietRule(frozenset({0, 2}), 720, 1440)),
        ("SUN", QuietRule(frozenset({6}), 0, 1440)),
    ],
)
def test_quiet_rules(text, wanted):
    assert quiet_rule(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "22:00",
        "22:00-25:00",
        "22:60-07:00",
        "22:00-22:00",
        "24:00-07:00",
        "someday",
        "mon 22:00",
        "sat - sun",
        "",
        "a b c",
    ],
)
def test_what_is_no_quiet_rule(text):
    with pytest.raises(InputError):
        quiet_rule(text)


def test_off_and_nothing_are_no_quiet_hours():
    assert quiet_rules(["off", "", "sat"]) == (QuietRule(frozenset({5}), 0, 1440),)


def test_digest_times():
    assert digest_times(["08:30", "mon-fri 08:30", "sun 20:00"]) == (
        DigestTime(EVERY_DAY, 510),
        DigestTime(frozenset(range(5)), 510),
        DigestTime(frozenset({6}), 1200),
    )


@pytest.mark.parametrize("text", ["", "8", "24:00", "08:30-09:00", "mon", "mon fri 08:30", "8.30", "０8:30"])
def test_what_is_no_digest_time(text):
    with pytest.raises(InputError):
        digest_time(text)
