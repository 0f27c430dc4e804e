"""Quiet hours and digest times as people type them."""

import pytest

from watchbot.model.errors import InputError
from watchbot.pipeline.said_times import MOST, digest_entries, quiet_entries


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("22:30-06:45", ("22:30-06:45",)),
        ("22:30 – 06:45", ("22:30-06:45",)),
        ("22-7", ("22:00-07:00",)),
        ("10pm to 6:45am", ("22:00-06:45",)),
        ("mon-fri 22:00-07:00; sat-sun", ("mon-fri 22:00-07:00", "sat-sun")),
        ("mon-fri 22-7, sat-sun", ("mon-fri 22:00-07:00", "sat-sun")),
        ("mon,wed 22-7 fri 23-8", ("mon,wed 22:00-07:00", "fri 23:00-08:00")),
        ("sat, 22:00-07:00", ("sat", "22:00-07:00")),
        ("22:00-07:00 mon-fri", ("mon-fri 22:00-07:00",)),
        ("22:00-07:00, sat-sun", ("22:00-07:00", "sat-sun")),
        ("sat,sun", ("sat,sun",)),
        ("Saturday-Sunday", ("sat-sun",)),
        ("weekends", ("sat-sun",)),
        ("every day", ("mon-sun",)),
        ("每天 22:30 到 06:45", ("22:30-06:45",)),
        ("平日晚上10點半到早上7點", ("mon-fri 22:30-07:00",)),
        ("週一至週五 22:00－07:00；週末", ("mon-fri 22:00-07:00", "sat-sun")),
        ("星期一到五 晚上12點-早上6點", ("mon-fri 00:00-06:00",)),
        ("周六、周日", ("sat,sun",)),
        ("週六日", ("sat,sun",)),
        ("22:00-24:00", ("22:00-24:00",)),
        ("22-7, 22-7", ("22:00-07:00",)),
    ],
)
def test_quiet_hours(typed: str, entries: tuple[str, ...]) -> None:
    assert quiet_entries(typed) == entries


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("08:20", ("08:20",)),
        ("8:20 18:00", ("08:20", "18:00")),
        ("8.20, 6pm", ("08:20", "18:00")),
        ("0820", ("08:20",)),
        ("12am 12pm", ("00:00", "12:00")),
        ("mon-fri 08:30, sun 20:00", ("mon-fri 08:30", "sun 20:00")),
        ("mon-fri 08:30 18:00", ("mon-fri 08:30", "mon-fri 18:00")),
        ("sat, sun 20:00", ("sat,sun 20:00",)),
        ("08:30 18:00 mon-fri", ("mon-fri 08:30", "mon-fri 18:00")),
        ("平日 08:30、週日 20:00", ("mon-fri 08:30", "sun 20:00")),
        ("週六、週日 晚上8點", ("sat,sun 20:00",)),
    ],
)
def test_digest_times(typed: str, entries: tuple[str, ...]) -> None:
    assert digest_entries(typed) == entries


@pytest.mark.parametrize(
    ("typed", "piece"),
    [
        ("late", "late"),
        ("22:00-07:00 please", "please"),
        ("25:00-03:00", "25:00-03:00"),
        ("22:00-22:00", "22:00-22:00"),
        ("22:30", "22:30"),
        ("", ""),
        (";,", ";,"),
    ],
)
def test_no_quiet_hours(typed: str, piece: str) -> None:
    with pytest.raises(InputError) as error:
        quiet_entries(typed)
    assert str(error.value) == piece


@pytest.mark.parametrize("typed", ["sat", "24:00", "8:61", "13pm", "22:00-07:00", "now", " ".join(["x"] * 999)])
def test_no_digest_times(typed: str) -> None:
    with pytest.raises(InputError) as error:
        digest_entries(typed)
    assert len(str(error.value)) <= 40


def test_too_many_are_none() -> None:
    with pytest.raises(InputError):
        digest_entries(" ".join(f"{hour}:00" for hour in range(MOST + 1)))
