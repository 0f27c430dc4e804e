"""/mute and /unmute: by name, list, source or everything, for a time; nothing of it is lost."""

import pytest

from tests.unit.bot.conftest import GROUP, USER, Desk
from tests.unit.pipeline.conftest import news
from watchbot.model.watch import Watch


def muted(desk: Desk) -> list[tuple[str, str]]:
    """Kind and label of what is muted."""
    with desk.store.read() as tx:
        return [(mute.kind, mute.label) for mute in tx.wishes.mutes()]


def test_a_mute_says_until_when_in_the_chats_zone(desk: Desk) -> None:
    desk.says("/settings timezone Asia/Taipei")
    (answer,) = desk.says("/mute foxconn 8h")
    assert answer.text.startswith("🔇 Foxconn: muted until Sat 21 Nov 00:00 (Asia/Taipei).")
    assert muted(desk) == [("watch", "Foxconn")]
    assert "muted until 17:30" in desk.says("/mute Foxconn 90m")[0].text
    assert "muted until you unmute." in desk.says("/mute Foxconn")[0].text
    assert len(muted(desk)) == 1


@pytest.mark.parametrize(
    ("typed", "kind", "label", "until"),
    [
        ("/mute Hon Hai 8h", "watch", "Foxconn", "16:00"),
        ("/mute memory 2 hours", "watch", "Memory", "10:00"),
        ("/mute 鴻海 8小時", "watch", "Foxconn", "16:00"),
        ("/mute desk today", "list", "desk", "Sat 21 Nov 00:00"),
        ("/mute Wire for 30m", "source", "Wire", "08:30"),
        ("/mute all 1d", "all", "", "Sat 21 Nov 08:00"),
        ("/mute 全部 今天", "all", "", "Sat 21 Nov 00:00"),
    ],
)
def test_what_can_be_muted(desk: Desk, typed: str, kind: str, label: str, until: str) -> None:
    (answer,) = desk.says(typed)
    assert muted(desk) == [(kind, label)]
    assert f"until {until}" in answer.text


def test_what_a_mute_held_back_is_counted_and_offered(desk: Desk) -> None:
    desk.says("/mute Foxconn 8h")
    desk.take("Wire", news(1, "Foxconn builds a plant"), news(2, "Hon Hai hires in Houston"))
    desk.take("Wire", news(3, "DRAM prices rise in Korea"))
    (told,) = [message for message in desk.deliver() if message.chat == "7"]
    assert "DRAM" in told.text
    (answer,) = desk.says("/mute")
    assert "🔇 Foxconn · until 16:00 · 2 alerts held back" in answer.text
    assert answer.buttons == ["Unmute Foxconn", "Show 2"]
    (answer,) = desk.says("/unmute Foxconn")
    assert "🔔 Foxconn: no longer muted; 2 alerts held back." in answer.text
    assert muted(desk) == []
    (shown,) = desk.press(answer, "Show 2")
    assert "Foxconn builds a plant" in shown.text
    assert "Houston" in shown.text
    assert desk.press(answer, "Show 2") == []
    assert desk.toast == "Nothing is held back any more."


def test_the_list_unmutes_by_a_button(desk: Desk) -> None:
    desk.says("/mute Foxconn")
    desk.says("/mute all today")
    (listed,) = desk.says("/unmute")
    assert listed.buttons == ["Unmute Foxconn", "Unmute everything"]
    changed = desk.press(listed, "Unmute Foxconn")
    assert next(message.text for message in changed if message.id == listed.id).count("🔇") == 1
    assert any("no longer muted; nothing held back." in message.text for message in changed)
    desk.press(listed, "Unmute everything")
    assert "Nothing is muted here." in listed.text


def test_a_button_of_a_mute_that_ended_says_so(desk: Desk) -> None:
    (answer,) = desk.says("/mute Foxconn")
    desk.says("/unmute Foxconn")
    desk.press(answer, "Unmute Foxconn")
    assert desk.toast == "That mute has ended already."


def test_what_a_mute_kept_can_be_shown_after_its_time(desk: Desk) -> None:
    desk.says("/mute Foxconn 1h")
    desk.take("Wire", news(1, "Foxconn builds a plant"))
    desk.deliver()
    desk.clock.move(3700)
    (listed,) = desk.says("/mute")
    assert "🔇 Foxconn · over · 1 alert held back" in listed.text
    (shown,) = desk.press(listed, "Show 1")
    assert "Foxconn builds a plant" in shown.text
    assert "Nothing is muted here." in desk.says("/mute")[0].text


def test_a_company_of_two_watchlists_is_one_line(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.add_watch("7", Watch("mine", "Foxconn", names=("Foxconn",)), desk.clock.now())
    (answer,) = desk.says("/mute Foxconn")
    with desk.store.read() as tx:
        assert len(tx.wishes.mutes()) == 2
    desk.take("Wire", news(1, "Foxconn builds a plant"))
    assert [message.chat for message in desk.deliver()] == [str(GROUP)]
    (listed,) = desk.says("/mute")
    assert listed.text.count("🔇") == 1
    changed = desk.press(answer, "Unmute Foxconn")
    assert muted(desk) == []
    offered = next(message for message in changed if "no longer muted; 1 alert held back." in message.text)
    assert offered.text.count("Foxconn") == 1
    (shown,) = desk.press(offered, "Show 1")
    assert "Foxconn builds a plant" in shown.text


def test_the_zone_of_a_watchlist_counts(desk: Desk) -> None:
    from dataclasses import replace

    desk.directory.watchlists["w1"] = replace(desk.directory.watchlists["w1"], timezone="Asia/Tokyo")
    assert "(Asia/Tokyo)" in desk.says("/mute Foxconn today")[0].text
    assert "until Sat 21 Nov 00:00" in desk.says("/mute Foxconn today")[0].text


def test_unmute_all_ends_every_mute(desk: Desk) -> None:
    desk.says("/mute Foxconn")
    desk.says("/mute Wire")
    (answer,) = desk.says("/unmute all")
    assert "Foxconn" in answer.text
    assert "source Wire" in answer.text
    assert muted(desk) == []


def test_unmute_all_says_what_is_muted_by_itself(desk: Desk) -> None:
    desk.says("/mute Foxconn")
    desk.says("/mute all 8h")
    (answer,) = desk.says("/unmute all")
    assert "Still muted by themselves: Foxconn." in answer.text
    assert "Still" not in desk.says("/unmute all")[0].text
    assert muted(desk) == []


def test_mute_off_unmutes(desk: Desk) -> None:
    desk.says("/mute Foxconn")
    assert "no longer muted" in desk.says("/mute Foxconn off")[0].text
    assert "Foxconn is not muted here." in desk.says("/mute Foxconn off")[0].text
    assert "everything is not muted here." in desk.says("/unmute all")[0].text


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/mute", "Nothing is muted here."),
        ("/mute", "/mute Foxconn 8h"),
        ("/mute Foxcon 8h", "Did you mean Foxconn? Example: /mute Foxconn 8h"),
        ("/mute zzzzzzz", "Example: /mute Foxconn 8h"),
        ("/unmute Foxcon", "Did you mean Foxconn? Example: /unmute Foxconn"),
        ("/mute Foxconn 8x", "“8x” is no length of time."),
        ("/mute Foxconn 99999999d", "is no length of time."),
        ("/mute <b>x</b>", "“<b>x</b>”"),
    ],
)
def test_what_is_wrong_comes_with_an_example(desk: Desk, typed: str, wanted: str) -> None:
    (answer,) = desk.says(typed)
    assert wanted in answer.text
    assert muted(desk) == []


def test_a_mute_holds_for_its_chat_only(desk: Desk) -> None:
    desk.as_(7, GROUP).says("/mute Foxconn")
    desk.as_(7)
    assert "Nothing is muted here." in desk.says("/mute")[0].text
    desk.take("Wire", news(1, "Foxconn builds a plant"))
    assert [message.chat for message in desk.deliver()] == ["7"]


def test_another_chats_source_cannot_be_muted_by_name(desk: Desk) -> None:
    from watchbot.model.records import SourceSpec

    with desk.store.write() as tx:
        tx.sources.add(SourceSpec("Secret wire", "feed", "https://secret.example/", chat="8"), desk.clock.now())
    (answer,) = desk.says("/mute Secret wire")
    assert "Nothing here is called" in answer.text
    assert "Did you mean Secret" not in answer.text


def test_in_a_group_only_those_who_may_change_unmute(desk: Desk) -> None:
    desk.as_(7, GROUP)
    (answer,) = desk.says("/mute Foxconn")
    desk.press(answer, "Unmute Foxconn", user=USER)
    assert muted(desk) == [("watch", "Foxconn")]
    desk.press(answer, "Unmute Foxconn")
    assert muted(desk) == []


def test_chinese(desk: Desk) -> None:
    desk.as_(7, language="zh-TW")
    (answer,) = desk.says("/mute 鴻海 8h")
    assert answer.text.startswith("🔇 Foxconn：靜音到 16:00")
    assert "解除靜音 Foxconn" in answer.buttons
