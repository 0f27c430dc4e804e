"""Times stand in the chat's zone, with as much of the date as is needed."""

from datetime import UTC, datetime

from watchbot.message.times import clock, zone_of

AT = datetime(2026, 11, 20, 23, 5, tzinfo=UTC)
TAIPEI = "Asia/Taipei"


def test_today_is_a_time_alone() -> None:
    assert clock(AT, "en", TAIPEI, datetime(2026, 11, 21, 10, tzinfo=UTC)) == "07:05"


def test_another_day_is_named() -> None:
    assert clock(AT, "en", TAIPEI, datetime(2026, 11, 20, 10, tzinfo=UTC)) == "Sat 21 Nov 07:05"
    assert clock(AT, "zh-TW", TAIPEI, datetime(2026, 11, 20, 10, tzinfo=UTC)) == "11月21日（六）07:05"
    assert clock(AT, "en", "UTC") == "Fri 20 Nov 23:05"


def test_another_year_is_named() -> None:
    later = datetime(2027, 1, 2, tzinfo=UTC)
    assert clock(AT, "en", TAIPEI, later) == "Sat 21 Nov 2026 07:05"
    assert clock(AT, "zh-TW", TAIPEI, later) == "2026年11月21日（六）07:05"


def test_a_wrong_zone_stops_nothing() -> None:
    assert clock(AT, "en", "Mars/Olympus") == "Fri 20 Nov 23:05"
    assert zone_of("../../etc/passwd") is zone_of("UTC") or clock(AT, "en", "../../etc/passwd") == "Fri 20 Nov 23:05"
