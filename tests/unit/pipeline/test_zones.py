"""Time zones as people call them."""

import pytest

from watchbot.pipeline.zones import UnknownZone, zone


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("tokyo", "Asia/Tokyo"),
        ("東京", "Asia/Tokyo"),
        ("台北", "Asia/Taipei"),
        ("臺北", "Asia/Taipei"),
        ("新竹", "Asia/Taipei"),
        ("上海", "Asia/Shanghai"),
        ("倫敦", "Europe/London"),
        ("New  York", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("singapore", "Asia/Singapore"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "Etc/UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("ＵＴＣ＋８", "Etc/GMT-8"),
        ("gmt-5", "Etc/GMT+5"),
        ("+09:00", "Etc/GMT-9"),
        ("UTC+0", "Etc/UTC"),
        ("UTC+5:30", "Asia/Kolkata"),
    ],
)
def test_known_zones(typed: str, name: str) -> None:
    assert zone(typed) == name


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Asia/Taipai", "Asia/Taipei"),
        ("tokio", "Asia/Tokyo"),
        ("Zürich", "Europe/Zurich"),
    ],
)
def test_the_nearest_is_offered(typed: str, near: str) -> None:
    with pytest.raises(UnknownZone) as error:
        zone(typed)
    assert error.value.near[0] == near
    assert len(error.value.near) <= 3


@pytest.mark.parametrize("typed", ["UTC+15", "UTC-13", "UTC+8:17", "", "qqqqqqqqq", "../etc/passwd", "x" * 5000])
def test_what_is_no_zone(typed: str) -> None:
    with pytest.raises(UnknownZone):
        zone(typed)
