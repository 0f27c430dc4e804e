"""What a person is told of alerts that were held: /why, /list, /export, /status, and the offer for old news."""

from datetime import timedelta

import pytest

from tests.unit.bot.conftest import OWNER, Desk, Shown
from tests.unit.pipeline.conftest import news
from watchbot.message.keyboard import load_file
from watchbot.message.words import LANGUAGES
from watchbot.pipeline.holding import release

PLANT = "Foxconn to build AI server plant in Houston"
SCHOOL = "Foxconn opens a school in Brno"


def let_go(desk: Desk) -> list[Shown]:
    """Release what is due now."""
    release(desk.store, desk.directory, desk.clock.now())
    return desk.deliver()


def held_alert(desk: Desk) -> int:
    """The newest alert of the desk's chat."""
    with desk.store.read() as tx:
        return next(row.id for row in tx.alerts.last(9) if row.chat == desk.chat)


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_tells_where_a_held_alert_is(desk: Desk, language: str) -> None:
    waits, told = {
        "en": ("held: it comes in the digest of", "told in the digest of"),
        "zh-TW": ("暫緩：將放進", "已放進"),
    }[language]
    desk.says(f"/settings language {language}")
    desk.says("/digest 08:20")
    desk.take("Wire", news(1, PLANT))
    number = held_alert(desk)
    assert waits in desk.says(f"/why {number}")[0].text
    assert waits in desk.says(f"/why {PLANT}")[0].text
    desk.clock.move(86400)
    let_go(desk)
    for question in (f"/why {number}", f"/why {PLANT}"):
        (answer,) = desk.says(question)
        assert told in answer.text
        assert waits not in answer.text


def test_why_of_what_came_alone_after_quiet_hours(desk: Desk) -> None:
    desk.says("/quiet 00:00-20:00")
    desk.take("Wire", news(1, PLANT))
    number = held_alert(desk)
    assert "held: quiet hours, until 20:00" in desk.says(f"/why {number}")[0].text
    desk.clock.move(12 * 3600)
    assert len(let_go(desk)) == 1
    assert "Sent 20:00" in desk.says(f"/why {number}")[0].text
    assert "held at first, told 20:00" in desk.says(f"/why {PLANT}")[0].text


def test_why_of_what_a_mute_kept(desk: Desk) -> None:
    desk.says("/mute Foxconn")
    desk.take("Wire", news(1, PLANT))
    number = held_alert(desk)
    assert "held: muted here; /unmute shows it" in desk.says(f"/why {number}")[0].text
    (offer,) = desk.says("/unmute Foxconn")
    assert offer.buttons == ["Show 1"]
    assert PLANT in desk.press(offer, "Show 1")[0].text
    assert desk.press(offer, "Show 1") == []
    assert "shown on request" in desk.says(f"/why {number}")[0].text


def test_why_text_names_a_company_once(desk: Desk) -> None:
    desk.says("/watch Foxconn")
    (answer,) = desk.says(f"/why {PLANT}")
    assert answer.text.count("Foxconn:") == 1
    (answer,) = desk.says("/why Foxconnect opens")
    assert answer.text.count("≈ Foxconn") <= 1


def test_old_news_of_a_source_can_come_in_the_digest_only(desk: Desk) -> None:
    desk.take("Wire", news(1, PLANT))
    (alert,) = (one for one in desk.deliver() if one.chat == str(OWNER))
    desk.press(alert, "👎")
    (_alert, offers) = desk.press(alert, "Old")
    label = "Wire: this source only in the digest"
    assert label in offers.buttons
    desk.press(offers, label)
    assert "✓ What the source Wire brings comes in this chat’s digest only" in offers.text
    assert "Only in the digest here: the source Wire" in desk.says("/list")[0].text
    exported = desk.says("/export")
    with desk.store.read() as tx:
        assert [(rule.kind, rule.value) for rule in tx.wishes.rules()] == [("source", "Wire")]
    files = [load_file(one.file).body.decode() for one in exported if one.file]
    assert any("# News of these sources comes in this chat’s digest only" in body for body in files)
    assert all("Wire" in body for body in files)
    desk.take("Wire", news(2, SCHOOL))
    assert [one for one in desk.deliver() if one.chat == str(OWNER)] == []
    desk.take("Post", news(3, "DRAM prices rise by 8 percent in a week"))
    assert len([one for one in desk.deliver() if one.chat == str(OWNER)]) == 1
    desk.press(offers, "Undo")
    desk.take("Wire", news(4, "DRAM maker sues a rival over a licence"))
    assert len([one for one in desk.deliver() if one.chat == str(OWNER)]) == 1


def test_list_takes_such_a_source_out_again(desk: Desk) -> None:
    desk.take("Wire", news(1, PLANT))
    (alert,) = (one for one in desk.deliver() if one.chat == str(OWNER))
    desk.press(alert, "👎")
    (_alert, offers) = desk.press(alert, "Old")
    desk.press(offers, "only in the digest")
    (listed,) = desk.says("/list")
    (listed,) = desk.press(listed, "Wire: at once again")
    assert "Only in the digest" not in listed.text
    with desk.store.read() as tx:
        assert tx.wishes.rules() == []


def test_status_counts_what_is_held(desk: Desk) -> None:
    desk.says("/mute Memory 1h")
    desk.says("/digest 08:20")
    desk.take("Wire", news(1, PLANT), news(2, SCHOOL), news(3, "DRAM prices rise by 8 percent in a week"))
    (status, *_more) = desk.says("/status")
    assert "2 alerts" in status.text
    assert "1 alert" in status.text
    (mutes,) = desk.says("/mute")
    assert "Show 1" in mutes.buttons
    desk.clock.at += timedelta(hours=2)
    let_go(desk)
    assert "Show 1" in desk.says("/unmute")[0].buttons  # its time is over, what it kept is still to be had
