"""The settings of a chat: where a value comes from, what a word means."""

from dataclasses import replace

import pytest

from tests.unit.pipeline.conftest import Office
from watchbot.model.errors import InputError
from watchbot.model.preferences import KEYS, Preference, Preferences
from watchbot.model.settings import Defaults, NamedChat
from watchbot.pipeline import preferences


def look(office: Office, chat: str = "7") -> Preferences:
    """The settings of a chat now."""
    with office.store.read() as tx:
        return preferences.look(tx, office.directory, chat, office.clock.now())


def test_every_setting_has_a_value(office: Office) -> None:
    found = look(office)
    assert tuple(found.values) == KEYS
    assert {one.origin for one in found.values.values()} == {"default"}
    assert found.value("digest_at") == "08:30"
    assert found.next_digest is None
    assert found.quiet_until is None


def test_the_most_particular_wins(office: Office) -> None:
    configured = office.directory.settings
    office.directory.settings = replace(configured, defaults=Defaults(timezone="Asia/Taipei", language="zh-TW"))
    assert look(office).values["timezone"] == Preference("Asia/Taipei", "default")
    changed = replace(office.directory.watchlists["w1"], timezone="Asia/Tokyo", max_per_hour=None, deliver="digest")
    office.directory.watchlists["w1"] = changed
    assert look(office).values["timezone"] == Preference("Asia/Tokyo", "file")
    assert look(office).values["max_per_hour"] == Preference("off", "file")
    assert look(office).next_digest is not None
    assert look(office, "9").values["timezone"].origin == "default"
    named = NamedChat("boss", "7", timezone="Asia/Seoul", max_per_hour=5, deliver="instant", quiet_hours=("off",))
    office.directory.settings = replace(office.directory.settings, chats=(named,))
    assert look(office).values["timezone"] == Preference("Asia/Seoul", "file")
    assert look(office).values["max_per_hour"] == Preference("5", "file")
    assert look(office).values["deliver"] == Preference("instant", "file")
    assert look(office).values["quiet_hours"].entries == ()
    with office.store.write() as tx:
        preferences.change(tx, office.directory, "7", "timezone", "Europe/Paris", office.clock.now())
    assert look(office).values["timezone"] == Preference("Europe/Paris", "chat")
    with office.store.read() as tx:
        assert preferences.timezone(tx, office.directory, "7") == "Europe/Paris"


def test_digest_off_keeps_its_times(office: Office) -> None:
    now = office.clock.now()
    with office.store.write() as tx:
        preferences.change(tx, office.directory, "7", "digest_at", "18:00", now)
        preferences.change(tx, office.directory, "7", "digest_at", "off", now)
    assert (look(office).value("deliver"), look(office).value("digest_at")) == ("instant", "18:00")
    with office.store.write() as tx:
        preferences.change(tx, office.directory, "7", "digest_at", "on", now)
    assert (look(office).value("deliver"), look(office).value("digest_at")) == ("digest", "18:00")
    with office.store.write() as tx:
        preferences.change(tx, office.directory, "7", "digest_at", "", now)
    assert look(office).values["deliver"] == Preference("instant", "default")
    assert look(office).values["digest_at"] == Preference("08:30", "default")


def test_a_digest_for_mentions_alone_has_a_next_time(office: Office) -> None:
    with office.store.write() as tx:
        preferences.change(tx, office.directory, "7", "mentions", "digest", office.clock.now())
    assert look(office).next_digest is not None


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("language", "中文", "zh-TW"),
        ("language", "EN", "en"),
        ("updates", "關閉", "off"),
        ("mentions", "照常", "same"),
        ("format", "精簡", "compact"),
        ("max_per_hour", "007", "7"),
        ("max_per_hour", "none", "off"),
        ("quiet_hours", "off", "off"),
        ("digest_at", "instant", "off"),
        ("digest_at", "digest", "on"),
        ("updates", "預設", ""),
    ],
)
def test_words(key: str, typed: str, value: str) -> None:
    assert preferences.read(key, typed) == value


@pytest.mark.parametrize(
    ("key", "typed"), [("language", "de"), ("updates", "x"), ("max_per_hour", "-1"), ("max_per_hour", "99999")]
)
def test_words_that_mean_nothing(key: str, typed: str) -> None:
    with pytest.raises(InputError, match=typed):
        preferences.read(key, typed)


def test_settings_are_found_by_several_words() -> None:
    words = ("language", "tz", "digest", "quiet", "updates", "提及", "CAP", "格式")
    found = [preferences.key_of(word) for word in words]
    assert found == [
        "language",
        "timezone",
        "digest_at",
        "quiet_hours",
        "updates",
        "mentions",
        "max_per_hour",
        "format",
    ]
    assert preferences.key_of("owner") is None
    assert preferences.nearest_key("formt") == "format"
    assert preferences.nearest_key("qqqqqq") == ""
