"""/settings, /quiet and /digest: what they show, what they take, what a press changes."""

from datetime import UTC, datetime

import pytest

from tests.unit.bot.conftest import GROUP, STRANGER, USER, Desk
from tests.unit.pipeline.conftest import news


def kept(desk: Desk, chat: str = "7") -> dict[str, str]:
    """What is stored for a chat."""
    with desk.store.read() as tx:
        return {name: value for name, value in tx.chats.settings(chat).items() if name != "app_language"}


def test_settings_shows_every_value_with_where_it_comes_from(desk: Desk) -> None:
    (answer,) = desk.says("/settings")
    for line in (
        "Language: English · as your Telegram app",
        "Quiet hours: none · default",
        "Cap: 30 an hour · default",
    ):
        assert line in answer.text
    assert "/settings timezone Asia/Tokyo" in answer.text
    desk.says("/settings cap 12")
    assert "Cap: 12 an hour · set here" in desk.says("/settings")[0].text


def test_a_named_chat_says_from_the_configuration(desk: Desk) -> None:
    from dataclasses import replace

    from watchbot.model.settings import NamedChat

    named = NamedChat("boss", "7", timezone="Asia/Taipei", quiet_hours=("sat-sun",), max_per_hour=0)
    desk.directory.settings = replace(desk.directory.settings, chats=(named,))
    (answer,) = desk.says("/settings")
    assert "Time zone: Asia/Taipei · from the configuration" in answer.text
    assert "Quiet hours: Sat–Sun all day · from the configuration" in answer.text
    assert "Cap: none · from the configuration" in answer.text


def test_quiet_answers_with_zone_and_the_time_there(desk: Desk) -> None:
    desk.says("/settings timezone taipei")
    (answer,) = desk.says("/quiet 22:30-06:45")
    assert "Quiet hours: 22:30–06:45 · set here" in answer.text
    assert "In Asia/Taipei it is 16:00 now." in answer.text
    assert "It is not quiet now." in answer.text
    assert kept(desk)["quiet_hours"] == "22:30-06:45"
    (answer,) = desk.says("/quiet mon-fri 15:00-17:00; sat-sun")
    assert "It is quiet now, until 17:00." in answer.text
    assert kept(desk)["quiet_hours"] == "mon-fri 15:00-17:00;sat-sun"
    (answer,) = desk.says("/quiet off")
    assert "Alerts ring at any hour." in answer.text
    assert kept(desk)["quiet_hours"] == "off"


def test_quiet_alone_offers_presets(desk: Desk) -> None:
    (answer,) = desk.says("/quiet")
    assert "Quiet hours: none · default" in answer.text
    assert "/quiet mon-fri 22:30-06:45; sat-sun" in answer.text
    (changed,) = desk.press(answer, "23:00–08:00")
    assert kept(desk)["quiet_hours"] == "23:00-08:00"
    assert changed.id == answer.id
    assert "✓ 23:00–08:00" in changed.buttons
    assert desk.toast == "Quiet hours: 23:00–08:00"
    desk.press(changed, "23:00–08:00")
    assert kept(desk)["quiet_hours"] == "23:00-08:00"


def test_digest_says_when_the_next_one_comes(desk: Desk) -> None:
    desk.says("/settings timezone Asia/Taipei")
    (answer,) = desk.says("/digest mon-fri 08:30, sun 20:00")
    assert "Digest: Mon–Fri 08:30, Sun 20:00 · set here" in answer.text
    assert "In Asia/Taipei it is 16:00 now." in answer.text
    assert "The next one comes Sun 22 Nov 20:00." in answer.text
    assert (kept(desk)["deliver"], kept(desk)["digest_at"]) == ("digest", "mon-fri 08:30;sun 20:00")
    (answer,) = desk.says("/digest off")
    assert "Digest: off (alerts at once) · set here" in answer.text
    assert kept(desk)["deliver"] == "instant"
    (answer,) = desk.says("/digest on")
    assert "Digest: Mon–Fri 08:30, Sun 20:00 · set here" in answer.text


def test_what_waits_in_the_digest_is_counted_and_shown(desk: Desk) -> None:
    desk.says("/digest 08:20")
    desk.take("Wire", news(1, "Foxconn builds a plant"), news(2, "DRAM prices rise in Korea"))
    assert [message.chat for message in desk.deliver() if message.chat == "7"] == []
    (answer,) = desk.says("/digest")
    assert "2 alerts held back so far." in answer.text
    (shown,) = desk.press(answer, "Show 2 now")
    assert "Foxconn builds a plant" in shown.text
    assert "DRAM prices rise" in shown.text
    assert desk.press(answer, "Show 2 now") == []
    assert desk.toast == "Nothing is held back any more."


def test_after_digest_off_what_waited_is_due(desk: Desk) -> None:
    desk.says("/digest 08:20")
    desk.take("Wire", news(1, "Foxconn builds a plant"))
    with desk.store.read() as tx:
        assert tx.outbox.held_due(desk.clock.now()) == []
    desk.says("/digest off")
    with desk.store.read() as tx:
        assert tx.outbox.held_due(desk.clock.now()) == [("7", "digest")]


def test_a_change_of_zone_moves_the_digest(desk: Desk) -> None:
    desk.says("/digest 08:20")
    desk.take("Wire", news(1, "Foxconn builds a plant"))
    desk.says("/settings timezone Asia/Tokyo")
    with desk.store.read() as tx:
        (row,) = tx.outbox.held("7", "digest")
    assert row.next_at == datetime(2026, 11, 20, 23, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/quiet late", "/quiet mon-fri 22:30-06:45; sat-sun"),
        ("/quiet 25:00-03:00", "“25:00-03:00” means nothing here."),
        ("/digest 08:61", "/digest mon-fri 08:30, sun 20:00"),
        ("/settings updates sometimes", "silent, loud or off. Example: /settings updates off"),
        ("/settings mentions x", "same, silent, digest or off"),
        ("/settings cap many", "Example: /settings cap 30"),
        ("/settings cap 0", "A number from 1 to 10,000, or off."),
        ("/settings format tiny", "Example: /settings format compact"),
        ("/settings language klingon", "Example: /settings language zh-TW"),
        ("/settings timezone Asia/Taipai", "/settings timezone Asia/Taipei"),
        ("/settings timezone qqqqqqq", "Example: /settings timezone Asia/Tokyo"),
        ("/settings langauge en", "Did you mean language?"),
        ("/settings <b>", "There is no setting “<b>”."),
    ],
)
def test_a_wrong_word_gets_the_choices_with_an_example(desk: Desk, typed: str, wanted: str) -> None:
    before = kept(desk)
    (answer,) = desk.says(typed)
    assert wanted in answer.text
    assert kept(desk) == before


@pytest.mark.parametrize(
    ("typed", "key", "value"),
    [
        ("/settings language zh-TW", "language", "zh-TW"),
        ("/settings lang English", "language", "en"),
        ("/settings timezone Asia/Tokyo", "timezone", "Asia/Tokyo"),
        ("/settings tz UTC+8", "timezone", "Etc/GMT-8"),
        ("/settings timezone new york", "timezone", "America/New_York"),
        ("/settings updates: off", "updates", "off"),
        ("/settings mentions digest", "mentions", "digest"),
        ("/settings cap 30", "max_per_hour", "30"),
        ("/settings cap off", "max_per_hour", "off"),
        ("/settings format compact", "format", "compact"),
        ("/settings quiet 22-7", "quiet_hours", "22:00-07:00"),
        ("/settings digest 6pm", "digest_at", "18:00"),
    ],
)
def test_settings_takes(desk: Desk, typed: str, key: str, value: str) -> None:
    desk.says(typed)
    assert kept(desk)[key] == value


def test_a_distance_from_utc_is_told_as_one(desk: Desk) -> None:
    assert "In UTC+8 it is 16:00 now." in desk.says("/settings timezone utc+8")[0].text


def test_default_takes_the_chats_own_choice_back(desk: Desk) -> None:
    desk.says("/settings cap 5")
    (answer,) = desk.says("/settings cap default")
    assert "Cap: 30 an hour · default" in answer.text
    assert "max_per_hour" not in kept(desk)


def test_a_new_language_answers_in_it(desk: Desk) -> None:
    (answer,) = desk.says("/settings language 中文")
    assert "語言：繁體中文 · 在這裡設定" in answer.text
    (answer,) = desk.says("/settings 時區 台北")
    assert "Asia/Taipei 現在是 16:00。" in answer.text
    (changed,) = desk.press(answer, "所有設定")
    assert "這個聊天室的設定" in changed.text
    (topic,) = desk.press(changed, "語言")
    (changed,) = desk.press(topic, "English")
    assert "Language: English · set here" in changed.text
    assert desk.toast == "Language: English"


def test_settings_are_changed_by_buttons(desk: Desk) -> None:
    (answer,) = desk.says("/settings")
    (topic,) = desk.press(answer, "Updates")
    assert "When a told story grows, that comes without sound." in topic.text
    (topic,) = desk.press(topic, "loud")
    assert kept(desk)["updates"] == "loud"
    assert "that rings too" in topic.text
    (back,) = desk.press(topic, "All settings")
    assert "Updates: loud · set here" in back.text


def test_what_is_set_in_one_chat_stays_there(desk: Desk) -> None:
    desk.as_(USER).says("/settings timezone Asia/Tokyo")
    assert "In Asia/Tokyo it is 17:00 now." in desk.says("/quiet")[0].text
    assert kept(desk) == {}


def test_in_a_group_only_those_who_may_change_press(desk: Desk) -> None:
    desk.as_(7, GROUP)
    (answer,) = desk.says("/quiet")
    assert desk.press(answer, "23:00–08:00", user=STRANGER) == []
    assert desk.press(answer, "23:00–08:00", user=USER) == []
    assert desk.toast != ""
    assert kept(desk, str(GROUP)) == {}
    desk.press(answer, "23:00–08:00")
    assert kept(desk, str(GROUP))["quiet_hours"] == "23:00-08:00"


def test_a_forged_press_changes_nothing(desk: Desk) -> None:
    from dataclasses import replace

    (answer,) = desk.says("/quiet")
    for data in ("set:quiet_hours=late", "set:owner=1", "set:", "open:nothing", "show:mute:1", "nonsense"):
        button = replace(answer.rows[0][0], text="Forged", data=data)
        desk.press(replace(answer, rows=((button,),)), "Forged")
        assert kept(desk) == {}
