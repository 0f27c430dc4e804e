"""Silence that begins, ends or overlaps while something waits: mutes and held rows, night and an outage, mentions."""

from datetime import timedelta

import pytest

from tests.contract.test_held_back import (
    BREAKFAST,
    FOXCONN,
    HIRES,
    MORNING,
    NIGHT,
    PLANT,
    PLANT_TOO,
    Open,
    desk,
    held,
    let_go,
    opened,
    sent,
    why,
)
from tests.contract.test_held_stories import mute
from tests.unit.pipeline.conftest import Office, news
from watchbot.message.codec import load
from watchbot.message.parts import visible
from watchbot.model.alert import Act, Delivery, Form, Move, NewDelivery, Rank, State
from watchbot.model.reason import Reason
from watchbot.model.records import Rule
from watchbot.model.watch import Priority, Watch, Watchlist
from watchbot.pipeline import muting
from watchbot.pipeline.explain import explain
from watchbot.pipeline.holding import put_off, reschedule
from watchbot.pipeline.policy import FAR

__all__ = ["opened"]

CHAIRMAN = "Foxconn names a new chairman"
DRAM = "DRAM prices rise by 8 percent in a week"
MENTION = "The city said on Friday that rents rise. Shops close early. Trams are late. Many work in Brno there."
BRNO = Watch("brno", "Brno", names=("Brno",))
HOURS = timedelta(hours=1)


def unmute(office: Office, *holds: str) -> int:
    """End these mutes; gives how much is offered."""
    with office.store.write() as tx:
        mutes = [one for one in tx.wishes.mutes() if muting.hold_of(one.id) in holds]
        found = muting.end(tx, mutes, office.clock.now()).held
        office.directory.refresh(tx)
        return found


def retime(office: Office) -> None:
    """Some setting of chat 7 was changed, which gives what waits its new time."""
    with office.store.write() as tx:
        reschedule(tx, office.directory, "7", office.clock.now())


def titles(rows: list[Delivery]) -> list[str]:
    """What went out: headlines of alerts, whole round-ups."""
    return [load(row.body).headline.text if row.form is Form.CARD else visible(row.body) for row in rows]


# --- mutes and what waits for its time ---


def test_what_is_muted_by_the_time_of_the_digest_is_not_in_it(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT), news(2, DRAM))
    hold = mute(office, "watch", "w1/foxconn", None)
    office.clock.at = BREAKFAST
    assert let_go(office) == 1
    (text,) = titles(sent(office))
    assert (DRAM in text, PLANT in text) == (True, False)
    assert held(office) == [(hold, FAR)]
    assert unmute(office, hold) == 1


@pytest.mark.parametrize("quiet", [(), ("22:00-07:00",)])
def test_a_mute_of_everything_puts_off_what_comes_of_its_own_accord(opened: Open, quiet: tuple[str, ...]) -> None:
    office = opened(desk(deliver="instant" if quiet else "digest", quiet_hours=quiet))
    office.take("Wire", news(1, PLANT), news(2, DRAM))
    mute(office, "all", "", 12)
    office.clock.at = BREAKFAST
    assert (let_go(office), sent(office)) == (0, [])
    office.clock.at = NIGHT + 12 * HOURS
    assert let_go(office) == 2
    assert len(sent(office)) == 1


def test_what_a_mute_of_everything_put_off_comes_when_it_is_ended(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    hold = mute(office, "all", "", 12)
    office.clock.at = BREAKFAST
    assert let_go(office) == 0
    office.take("Wire", news(2, DRAM))
    assert unmute(office, hold) == 1  # what came meanwhile is offered
    assert let_go(office) == 1  # what was on its way comes
    assert [PLANT in text for text in titles(sent(office))] == [True]


def test_a_mute_of_everything_without_an_end_offers_what_waited(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    hold = mute(office, "all", "", None)
    office.clock.at = BREAKFAST
    assert (let_go(office), sent(office)) == (0, [])
    assert unmute(office, hold) == 1


def test_a_digest_names_what_an_unmuted_source_brought_too(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, PLANT_TOO))
    office.take("Wire", news(3, CHAIRMAN))
    mute(office, "source", "Wire", None)
    office.clock.at = BREAKFAST
    assert let_go(office) == 1
    (text,) = titles(sent(office))
    assert (PLANT in text, CHAIRMAN in text) == (True, False)


# --- several mutes ---


def test_unmuting_everything_offers_nothing_of_what_is_muted_by_itself(opened: Open) -> None:
    office = opened(desk())
    watch = mute(office, "watch", "w1/foxconn", None)
    everything = mute(office, "all", "", 8)
    office.take("Wire", news(1, PLANT), news(2, DRAM))
    assert held(office) == [(watch, FAR), (everything, NIGHT + 8 * HOURS)]
    assert unmute(office, everything) == 1
    assert unmute(office, watch) == 1


def test_what_another_mute_silences_too_stays_with_it(opened: Open) -> None:
    office = opened(desk())
    everything = mute(office, "all", "", None)
    office.take("Wire", news(1, PLANT), news(2, DRAM))
    watch = mute(office, "watch", "w1/foxconn", 8)
    assert unmute(office, everything) == 1
    assert (watch, NIGHT + 8 * HOURS) in held(office)
    assert unmute(office, watch) == 1


def test_a_story_grows_where_it_was_heard(opened: Open) -> None:
    office = opened(desk(), Watchlist("w2", "now", (Watch("texas", "Texas", keywords=("Texas",)),), chats=("7",)))
    mute(office, "watch", "w1/foxconn", None)
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, PLANT_TOO))
    (first,) = sent(office)
    office.take("Wire", news(3, f"{PLANT_TOO}, says mayor"))
    office.take("Wire", news(4, "Unions at Foxconn plant in Houston, Texas ask for talks on pay and shifts"))
    office.clock.move(60)
    follow_up, edit = sent(office)
    assert (edit.act, edit.message_id, follow_up.reply_to) == (Act.EDIT, 100 + first.id, 100 + first.id)
    assert [report.source for report in load(edit.body).reports] == ["Post", "Wire"]


# --- several watches with wishes of their own ---


@pytest.mark.parametrize("mentions", ["off", "digest"])
@pytest.mark.parametrize("priority", [Priority.NORMAL, Priority.HIGH])
def test_a_mention_that_nobody_wants_makes_nothing_prompt(opened: Open, mentions: str, priority: Priority) -> None:
    brno = Watch("brno", "Brno", names=("Brno",), priority=priority if mentions == "off" else Priority.NORMAL)
    other = Watchlist("w2", "b", (brno,), chats=("7",), timezone="Asia/Taipei", mentions=mentions)
    office = opened(desk(deliver="digest"), other)
    office.take("Wire", news(1, PLANT, MENTION))
    assert (sent(office), held(office)) == ([], [("digest", BREAKFAST)])


def test_a_silent_mention_lends_no_sound_to_low_priority(opened: Open) -> None:
    low = Watch("foxconn", "Foxconn", names=("Foxconn",), priority=Priority.LOW)
    other = Watchlist("w2", "b", (Watch("brno", "Brno", names=("Brno",)),), chats=("7",))
    office = opened(Watchlist("w1", "desk", (low,), chats=("7",)), other)
    office.take("Wire", news(1, PLANT, MENTION))
    assert [row.silent for row in sent(office)] == [True]


@pytest.mark.parametrize(("cap", "rings"), [(30, [True] * 5 + [False]), (5, [True] * 5)])
def test_follow_ups_that_ring_are_limited_like_alerts(opened: Open, cap: int, rings: list[bool]) -> None:
    office = opened(desk(updates="loud", max_per_hour=cap))
    for number, subject in enumerate(("school in Brno", "chairman", "dormitory", "robots")):
        office.take("Wire", news(number, f"Foxconn {subject}"))
    office.take("Wire", news(10, PLANT))
    out = sent(office)
    office.take("Wire", news(11, HIRES))
    assert [not row.silent for row in out + sent(office)] == rings
    assert held(office) == [("cap", NIGHT + timedelta(minutes=15))][: cap == 5]


@pytest.mark.parametrize(("updates", "wanted"), [("loud", 1), ("silent", 0)])
def test_only_follow_ups_that_ring_count(opened: Open, updates: str, wanted: int) -> None:
    office = opened(desk(updates=updates, max_per_hour=2))
    office.take("Wire", news(1, PLANT))
    sent(office)
    office.take("Wire", news(2, HIRES))
    office.take("Wire", news(3, CHAIRMAN))
    assert len(held(office)) == wanted


@pytest.mark.parametrize("mentions", ["off", "digest"])
def test_a_setting_brings_nothing_forward_for_a_mention(opened: Open, mentions: str) -> None:
    other = Watchlist("w2", "b", (BRNO,), chats=("7",), timezone="Asia/Taipei", mentions=mentions)
    office = opened(desk(deliver="digest"), other)
    office.take("Wire", news(1, PLANT, MENTION))
    retime(office)
    assert (let_go(office), held(office)) == (0, [("digest", BREAKFAST)])


def test_what_is_muted_is_kept_whoever_else_is_mentioned(opened: Open) -> None:
    office = opened(desk(), Watchlist("w2", "b", (BRNO,), chats=("7",), mentions="off"))
    hold = mute(office, "watch", "w1/foxconn", None)
    office.take("Wire", news(1, PLANT, MENTION))
    assert (sent(office), held(office)) == ([], [(hold, FAR)])
    assert why(office) == {Reason.MUTED, Reason.MENTION_OFF}


def test_an_unwanted_mention_takes_nothing_out_of_a_mute(opened: Open) -> None:
    office = opened(desk(deliver="digest"), Watchlist("w2", "b", (BRNO,), chats=("7",), mentions="off"))
    office.take("Wire", news(1, PLANT, MENTION))
    hold = mute(office, "watch", "w1/foxconn", None)
    office.clock.at = BREAKFAST
    assert (let_go(office), held(office)) == (0, [(hold, FAR)])


def test_a_watch_that_was_muted_when_it_came_makes_nothing_prompt(opened: Open) -> None:
    houston = Watch("houston", "Houston", names=("Houston",))
    office = opened(desk(deliver="digest"), Watchlist("w2", "b", (houston,), chats=("7",), timezone="Asia/Taipei"))
    hold = mute(office, "watch", "w2/houston", None)
    office.take("Wire", news(1, PLANT))
    assert unmute(office, hold) == 0
    retime(office)
    assert (let_go(office), held(office)) == (0, [("digest", BREAKFAST)])
    silence = mute(office, "watch", "w1/foxconn", None)  # Houston is heard again, but the message is Foxconn's
    office.clock.at = BREAKFAST
    assert (let_go(office), held(office)) == (0, [(silence, FAR)])


# --- what waits is not told, whatever else happens to its item ---


def test_a_further_source_does_not_make_told_what_waits(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(1, PLANT))
    assert why(office) == {Reason.DIGEST_DUE}
    office.clock.at = BREAKFAST
    assert let_go(office) == 1
    office.take("Inbox", news(1, PLANT))
    with office.store.read() as tx:
        assert explain(office.directory, news(1, PLANT), office.sources["Wire"], tx, BREAKFAST).stage == "told"


def test_a_watch_that_is_off_does_not_hide_that_another_one_waits(opened: Open) -> None:
    ai = Watch("ai", "AI", keywords=("AI server",))
    office = opened(Watchlist("w1", "desk", (ai, FOXCONN), chats=("7",), deliver="digest", timezone="Asia/Taipei"))
    with office.store.write() as tx:
        tx.wishes.add_rule(Rule("7", "w1", "ai", "off"))
        office.directory.refresh(tx)
    office.take("Wire", news(1, PLANT))
    assert why(office) == {Reason.DIGEST_DUE, Reason.WATCH_OFF}
    with office.store.read() as tx:
        assert explain(office.directory, news(1, PLANT), office.sources["Wire"], tx, NIGHT).stage == "digest"


def test_what_came_after_a_day_of_silence_has_a_line_below_its_story(opened: Open) -> None:
    later = f"{PLANT_TOO}, says mayor"
    office = opened(desk(deliver="digest", digest_at=("sun 20:00",)))
    office.take("Wire", news(1, PLANT))
    office.clock.at = NIGHT + 25 * HOURS
    office.take("Wire", news(2, later))
    with office.store.read() as tx:
        assert [row.reason for row in tx.alerts.last(9)] == [Reason.AFTER_SILENCE, Reason.FIRST_REPORT]
    office.clock.at = NIGHT + 45 * HOURS  # Sunday, 20:00
    assert let_go(office) == 2
    (text,) = titles(sent(office))
    assert text.startswith("Digest · Sun 22 Nov: 1 story")
    assert f"• {PLANT}" in text
    assert f"↳ {later}" in text


# --- the night, and messages that could not be sent before it ---


def test_what_an_outage_kept_waits_for_the_end_of_quiet_hours(opened: Open) -> None:
    urgent = Watch("memory", "Memory", keywords=("DRAM",), priority=Priority.HIGH)
    office = opened(
        Watchlist("w1", "a", (FOXCONN,), chats=("7", "8"), timezone="Asia/Taipei", quiet_hours=("23:10-07:00",)),
        Watchlist("w2", "b", (urgent,), chats=("7",), timezone="Asia/Taipei", quiet_hours=("23:10-07:00",)),
    )
    with office.store.write() as tx:
        tx.chats.set("8", "quiet_hours", "off")
    office.take("Wire", news(1, PLANT), news(2, CHAIRMAN), news(3, DRAM))
    office.clock.at = NIGHT + timedelta(minutes=9)
    assert put_off(office.store, office.directory, office.clock.now()) == 0  # not yet
    office.clock.at = NIGHT + 4 * HOURS
    assert put_off(office.store, office.directory, office.clock.now()) == 2
    assert put_off(office.store, office.directory, office.clock.now()) == 0
    out = sent(office)
    assert sorted((row.chat, load(row.body).headline.text) for row in out) == [
        ("7", DRAM),
        ("8", CHAIRMAN),
        ("8", PLANT),
    ]
    assert held(office) == [("quiet", MORNING)] * 2
    office.clock.at = MORNING
    assert let_go(office) == 2
    (row,) = sent(office)
    assert (row.silent, CHAIRMAN in visible(row.body)) == (False, True)


def test_what_may_have_arrived_is_not_told_again_in_the_morning(opened: Open) -> None:
    office = opened(desk(quiet_hours=("23:10-07:00",)))
    office.take("Wire", news(1, PLANT))
    for state in (State.UNCERTAIN, State.PENDING):  # the answer was lost, then nobody was there
        with office.store.write() as tx:
            (row,) = tx.outbox.claim(office.clock.now(), "t", 60, 9, "telegram")
            tx.outbox.finish(row.id, Move(state, office.clock.now()), office.clock.now())
    office.clock.at = NIGHT + 4 * HOURS
    assert put_off(office.store, office.directory, office.clock.now()) == 0
    assert [(row.silent, row.repeat) for row in sent(office)] == [(True, True)]


def test_a_digest_that_an_outage_kept_makes_no_sound_at_night(opened: Open) -> None:
    office = opened(desk(quiet_hours=("23:10-07:00",)))
    with office.store.write() as tx:
        for rank in (Rank.DIGEST, Rank.REPLY):
            tx.outbox.queue(NewDelivery("7", rank.name, Form.HTML, rank=rank), NIGHT)
    office.clock.at = NIGHT + 4 * HOURS
    assert put_off(office.store, office.directory, office.clock.now()) == 0
    assert [(row.body, row.silent) for row in sent(office)] == [("REPLY", False), ("DIGEST", True)]


def test_what_is_due_while_it_is_night_again_waits_once_more(opened: Open) -> None:
    office = opened(desk(quiet_hours=("22:00-07:00",)))
    office.take("Wire", news(1, PLANT))
    office.clock.at = NIGHT + 23.5 * HOURS  # nobody ran in the morning
    assert (let_go(office), sent(office)) == (0, [])
    assert held(office) == [("quiet", MORNING + 24 * HOURS)]


def test_who_is_always_quiet_hears_of_a_single_alert_without_sound(opened: Open) -> None:
    office = opened(desk(quiet_hours=("mon-sun",)))
    office.take("Wire", news(1, PLANT))
    office.clock.at = held(office)[0][1]
    assert let_go(office) == 1
    assert [row.silent for row in sent(office)] == [True]
