"""Durations, quiet hours and digest times as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from watchbot.model.errors import InputError
from watchbot.model.schedule import (
    EVERY_DAY,
    DigestTime,
    QuietRule,
    digest_time,
    digest_times,
    next_digest,
    quiet_rule,
    quiet_rules,
    quiet_until,
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


TAIPEI, BERLIN = ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Berlin")


def at(zone, text):
    """A moment by the clock of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("times", "zone", "after", "wanted"),
    [
        (["08:30"], TAIPEI, "2026-11-27 08:29", "2026-11-27 08:30"),
        (["08:30"], TAIPEI, "2026-11-27 08:30", "2026-11-28 08:30"),
        (["mon-fri 08:30", "sun 20:00"], TAIPEI, "2026-11-27 09:00", "2026-11-29 20:00"),  # a Friday
        (["08:30", "18:00"], TAIPEI, "2026-11-27 12:00", "2026-11-27 18:00"),
        (["fri 08:30"], TAIPEI, "2026-11-27 08:30", "2026-12-04 08:30"),
        (["08:30"], BERLIN, "2026-03-28 12:00", "2026-03-29 08:30"),  # the clock went forward in between
        (["08:30"], BERLIN, "2026-10-24 12:00", "2026-10-25 08:30"),
        (["02:30"], BERLIN, "2026-03-29 01:00", "2026-03-29 03:30"),  # there is no 02:30 that day
    ],
)
def test_the_next_digest(times, zone, after, wanted):
    found = next_digest(digest_times(times), at(zone, after), zone)
    assert found == at(zone, wanted)
    assert found.tzinfo is UTC


def test_an_hour_that_comes_twice_has_one_digest():
    first = next_digest(digest_times(["02:30"]), at(BERLIN, "2026-10-25 00:00"), BERLIN)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_digest(digest_times(["02:30"]), first, BERLIN) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_no_digest_without_a_time():
    assert next_digest((), at(TAIPEI, "2026-11-27 08:30"), TAIPEI) is None


@pytest.mark.parametrize(
    ("rules", "zone", "now", "end"),
    [
        ([], TAIPEI, "2026-11-27 23:00", None),
        (["22:00-07:00"], TAIPEI, "2026-11-27 21:59", None),
        (["22:00-07:00"], TAIPEI, "2026-11-27 22:00", "2026-11-28 07:00"),
        (["22:00-07:00"], TAIPEI, "2026-11-28 06:59", "2026-11-28 07:00"),
        (["22:00-07:00"], TAIPEI, "2026-11-28 07:00", None),
        (["sat-sun"], TAIPEI, "2026-11-28 12:00", "2026-11-30 00:00"),
        (["22:00-07:00", "sat-sun"], TAIPEI, "2026-11-27 23:00", "2026-11-30 07:00"),  # one silence until Monday
        (["22:00-00:00", "00:00-06:00"], TAIPEI, "2026-11-26 23:00", "2026-11-27 06:00"),
        (["mon-thu 22:00-07:00"], TAIPEI, "2026-11-27 06:00", "2026-11-27 07:00"),  # begun on Thursday
        (["mon-thu 22:00-07:00"], TAIPEI, "2026-11-27 23:00", None),
        (["22:00-07:00"], BERLIN, "2026-03-28 23:00", "2026-03-29 07:00"),
        (["22:00-07:00"], BERLIN, "2026-10-24 23:00", "2026-10-25 07:00"),
        (["12:00-13:00"], TAIPEI, "2026-11-27 12:30", "2026-11-27 13:00"),
    ],
)
def test_when_quiet_hours_end(rules, zone, now, end):
    found = quiet_until(quiet_rules(rules), at(zone, now), zone)
    assert found == (at(zone, end) if end else None)


def test_silence_without_end_is_looked_at_again():
    now = at(TAIPEI, "2026-11-27 12:00")
    found = quiet_until(quiet_rules(["mon-sun"]), now, TAIPEI)
    assert timedelta(days=6) < found - now < timedelta(days=10)
