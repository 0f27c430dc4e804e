"""/settings in words: every value of every setting, in both languages, and buttons that Telegram takes."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes.botapi_html import parse
from watchbot.message import settings as words
from watchbot.model.panel import LONGEST_DATA
from watchbot.model.preferences import Preference, Preferences

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
VALUES = {
    "language": ("en", "zh-TW"),
    "timezone": ("Asia/Taipei", "Etc/GMT-8", "Etc/UTC"),
    "deliver": ("instant", "digest"),
    "digest_at": ("08:30", "mon-fri 08:30;sun 20:00", "off"),
    "quiet_hours": ("off", "22:00-07:00", "mon,wed 22:00-07:00;sat-sun"),
    "updates": ("silent", "loud", "off"),
    "mentions": ("same", "silent", "digest", "off"),
    "max_per_hour": ("30", "1200", "off"),
    "format": ("full", "compact"),
}


def prefs(key: str = "format", value: str = "full", origin: str = "chat", **more: object) -> Preferences:
    """Settings of which one is looked at."""
    values = {name: Preference(some[0], "default") for name, some in VALUES.items()}
    return Preferences(values | {key: Preference(value, origin)}, NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
@pytest.mark.parametrize("origin", ["chat", "file", "default"])
@pytest.mark.parametrize("key", VALUES)
def test_every_value_has_words(language: str, key: str, origin: str) -> None:
    for value in VALUES[key]:
        found = prefs(key, value, origin, waiting={"digest": 3, "quiet": 1, "cap": 2})
        assert parse(words.overview(language, found)).text
        for topic in words.TOPICS:
            assert parse(words.topic(language, topic, found)).text
            assert len(words.toast(language, topic, found)) <= 200
            for row in (*words.topic_rows(language, topic, found), *words.overview_rows(language)):
                assert all(len(button.data.encode()) <= LONGEST_DATA and button.text for button in row)


def test_days_as_people_read_them() -> None:
    written = ("mon-fri 22:00-07:00", "sat,sun", "08:30")
    assert words.entries("en", written) == "Mon–Fri 22:00–07:00, Sat/Sun all day, 08:30"
    assert words.entries("zh-TW", written) == "週一至週五 22:00–07:00、週六/週日整天、08:30"


def test_what_holds_is_marked() -> None:
    def marked(key: str, found: Preferences) -> list[str]:
        rows = words.topic_rows("en", key, found)
        return [button.text for row in rows for button in row if button.text.startswith("✓")]

    assert marked("quiet_hours", prefs("quiet_hours", "22:00-07:00")) == ["✓ 22:00–07:00"]
    assert marked("digest_at", prefs()) == ["✓ off (alerts at once)"]
    assert marked("digest_at", prefs("deliver", "digest")) == ["✓ 08:30"]
    assert marked("timezone", prefs("timezone", "Europe/Oslo")) == []


def test_what_reigns_now() -> None:
    quiet = prefs("quiet_hours", "07:00-09:00", quiet_until=NOW + timedelta(hours=1))
    assert "It is quiet now, until 17:00." in words.topic("en", "quiet_hours", quiet)
    digest = prefs("deliver", "digest", next_digest=NOW + timedelta(hours=16, minutes=30), waiting={"digest": 1})
    assert "The next one comes Sat 21 Nov 08:30.\n1 alert held back so far." in words.topic("en", "digest_at", digest)


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_what_was_typed_is_harmless(language: str) -> None:
    bad = "<b>&" * 200
    for key in words.TOPICS:
        assert "<b>&" in parse(words.wrong(language, key, bad)).text
    assert "<b>&" in parse(words.wrong_zone(language, bad, ("Asia/Tokyo",))).text
    assert "<b>&" in parse(words.unknown(language, bad, "")).text
    assert "format" in parse(words.unknown(language, bad, "format")).text
