"""What becomes of a story of which a chat has something that waits, or lies in a mute: never lost, never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.contract.test_held_back import (
    BREAKFAST,
    FOXCONN,
    HIRES,
    MEMORY,
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
from tests.unit.pipeline.conftest import Office, news
from watchbot.message.codec import dump, load
from watchbot.message.parts import visible
from watchbot.model.alert import Form, NewDelivery, State
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.records import Rule
from watchbot.model.watch import Priority, Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.holding import release, reschedule, reschedule_all, show_held

__all__ = ["opened"]

AI = Watchlist("w2", "now", (Watch("ai", "Unions", keywords=("unions",)),), chats=("7",))
BODY = "The city said on Friday that rents rise. Shops close early. Trams are late. Many work for Foxconn there."


def mute(office: Office, kind: str, target: str, hours: float | None = 8) -> str:
    """Silence something in chat 7; gives its hold."""
    now = office.clock.now()
    with office.store.write() as tx:
        until = now + timedelta(hours=hours) if hours is not None else None
        return f"mute:{tx.wishes.mute('7', kind, target, target, until, 7, now).id}"


def states(office: Office) -> list[tuple[str, State]]:
    """Hold and state of the message of every alert of chat 7, oldest first."""
    with office.store.read() as tx:
        alerts = [row.id for row in reversed(tx.alerts.last(99)) if row.chat == "7"]
        sends = tx.outbox.sends(alerts)
    return [(sends[alert].hold, sends[alert].state) for alert in alerts]


# --- what waits, and a prompter wish ---


def test_what_a_prompter_watch_tells_is_not_told_again_by_the_digest(opened: Open) -> None:
    office = opened(desk(deliver="digest"), AI)
    office.take("Wire", news(1, PLANT))
    assert sent(office) == []
    office.take("Wire", news(2, HIRES))  # the same story; a watch without a digest wants it too
    (row,) = sent(office)
    card = load(row.body)
    assert set(card.watches) == {"Foxconn", "Unions"}
    assert [report.title for report in card.reports] == [HIRES, PLANT]
    assert row.rows
    assert held(office) == []
    office.clock.at = BREAKFAST
    assert (let_go(office), sent(office)) == (0, [])


def test_the_same_inside_one_document(opened: Open) -> None:
    office = opened(desk(deliver="digest"), AI)
    office.take("Wire", news(1, PLANT), news(2, HIRES))
    (row,) = sent(office)
    assert set(load(row.body).watches) == {"Foxconn", "Unions"}
    assert states(office) == [("", State.FOLDED), ("", State.SENT)]


def test_a_story_that_was_taken_over_grows_where_it_stands(opened: Open) -> None:
    office = opened(desk(deliver="digest"), AI)
    office.take("Wire", news(1, PLANT))
    office.take("Wire", news(2, HIRES))
    (told,) = sent(office)
    office.clock.move(60)
    office.take("Post", news(3, HIRES))
    office.clock.move(60)
    (edit,) = sent(office)
    assert (edit.act.value, edit.alert) == ("edit", told.alert)
    assert "Post" in [report.source for report in load(edit.body).reports]


def test_the_main_subject_does_not_wait_with_a_mention(opened: Open) -> None:
    office = opened(desk(mentions="digest"))
    office.take("Wire", news(1, "Houston gets an AI server plant", BODY))
    assert [hold for hold, _at in held(office)] == ["digest"]
    office.take("Post", news(2, "Houston gets an AI server plant, Foxconn says", "Foxconn builds it. Foxconn pays."))
    (row,) = sent(office)
    assert not row.silent
    assert {report.source for report in load(row.body).reports} == {"Wire", "Post"}
    assert held(office) == []


def test_what_is_urgent_does_not_wait_with_a_capped_story(opened: Open) -> None:
    urgent = Watch("ai", "Unions", keywords=("unions",), priority=Priority.HIGH)
    office = opened(desk(max_per_hour=1), Watchlist("w2", "now", (urgent,), chats=("7",), max_per_hour=1))
    office.take("Wire", news(1, "Foxconn opens a school in Brno"))
    office.take("Wire", news(2, PLANT))
    assert [hold for hold, _at in held(office)] == ["cap"]
    office.take("Wire", news(3, HIRES))
    assert len(sent(office)) == 2
    assert held(office) == []


def test_growth_of_what_a_digest_told_is_no_message(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    office.clock.at = BREAKFAST
    let_go(office)
    assert len(sent(office)) == 1
    office.take("Post", news(2, PLANT))
    office.take("Post", news(3, PLANT_TOO))
    office.clock.move(60)
    assert sent(office) == []
    assert states(office)[0] == ("digest", State.FOLDED)


def test_a_follow_up_that_leaves_with_its_story_answers_it(opened: Open) -> None:
    office = opened(desk())
    office.take("Wire", news(1, PLANT), news(2, HIRES))
    first, second = sent(office)
    assert (first.reply_to, second.silent) == (None, True)
    assert second.reply_to == 100 + first.id


def test_one_alert_of_the_night_has_buttons_and_grows(opened: Open) -> None:
    office = opened(desk(quiet_hours=("22:00-07:00",)))
    office.take("Wire", news(1, PLANT))
    office.clock.at = MORNING
    let_go(office)
    (row,) = sent(office)
    assert len(row.rows[0]) == 3
    office.take("Post", news(2, PLANT))
    office.clock.move(60)
    (edit,) = sent(office)
    assert (edit.message_id, edit.rows) == (100 + row.id, row.rows)


def test_a_correction_has_a_line_of_its_own_in_the_digest(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    denied = "Foxconn denies plan to build AI server plant in Houston"
    office.take("Wire", news(1, PLANT))
    office.take("Wire", news(2, denied))
    with office.store.read() as tx:
        assert Reason.CORRECTION in {row.reason for row in tx.alerts.last(9)}
    office.clock.at = BREAKFAST
    let_go(office)
    (row,) = sent(office)
    assert PLANT in visible(row.body)
    assert denied in visible(row.body)


# --- mutes ---


def test_another_source_tells_what_a_muted_one_brought_first(opened: Open) -> None:
    office = opened(desk())
    hold = mute(office, "source", "Wire", None)
    office.take("Wire", news(1, PLANT))
    office.take("Wire", news(2, "Foxconn opens a school in Brno"))
    assert sent(office) == []
    assert office.take("Post", news(1, PLANT)).told == 1  # the very same item
    assert office.take("Post", news(3, "Foxconn opens a school in Brno, Czechia")).told == 1
    assert [load(row.body).headline.text[:13] for row in sent(office)] == ["Foxconn to bu", "Foxconn opens"]
    assert [one for one, _at in held(office)] == [hold] * 2
    assert office.take("Post", news(1, PLANT)).told == 0


def test_news_of_a_story_after_its_mute_is_told(opened: Open) -> None:
    office = opened(desk())
    mute(office, "watch", "w1/foxconn", 1)
    office.take("Wire", news(1, PLANT))
    office.take("Wire", news(2, HIRES))
    office.clock.move(7200)
    let_go(office)
    assert office.take("Wire", Item("guid-1", f"{PLANT}, again", "", "https://news.example/1")).told == 0  # an edit
    office.take("Post", news(3, "Unions at Foxconn plant in Houston ask for talks on pay, shifts and holidays"))
    (row,) = sent(office)
    assert (row.silent, bool(row.rows)) == (False, True)
    assert len(held(office)) == 2


def test_while_it_is_muted_a_story_stays_in_its_mute(opened: Open) -> None:
    office = opened(desk())
    hold = mute(office, "watch", "w1/foxconn")
    for source, number, title in (("Wire", 1, PLANT), ("Post", 2, PLANT_TOO), ("Wire", 3, HIRES)):
        assert office.take(source, news(number, title)).told == 0
    assert sent(office) == []
    assert {one for one, _at in held(office)} == {hold}
    with office.store.write() as tx:
        office.directory.refresh(tx)
        assert show_held(tx, office.directory, "7", hold, office.clock.now()) == 1
        assert show_held(tx, office.directory, "7", hold, office.clock.now()) == 0
    assert len(sent(office)) == 1


# --- times that change ---


def test_a_setting_moves_only_what_it_is_about(opened: Open) -> None:
    late = Watchlist("w2", "late", (Watch("brno", "Brno", keywords=("Brno",)),), chats=("7",), deliver="digest",
                     digest_at=("20:00",), timezone="Asia/Taipei")  # fmt: skip
    office = opened(desk(deliver="digest", mentions="digest"), late)
    office.take("Wire", news(1, PLANT), news(2, "Trams in Brno are late"), news(3, "Rents rise in the north", BODY))
    evening = BREAKFAST + timedelta(hours=11.5)
    assert held(office) == [("digest", BREAKFAST), ("digest", evening), ("digest", BREAKFAST)]
    with office.store.write() as tx:
        tx.chats.set("7", "mentions", "off")
        reschedule(tx, office.directory, "7", NIGHT)
    assert held(office) == [("digest", BREAKFAST), ("digest", evening), ("digest", BREAKFAST)]
    office.clock.at = BREAKFAST
    assert let_go(office) == 2
    assert "Brno" not in visible(sent(office)[0].body)


def test_what_a_removed_watch_found_still_comes(opened: Open) -> None:
    office = opened()
    with office.store.write() as tx:
        for watch in (FOXCONN, MEMORY):
            tx.chats.add_watch("7", watch, NIGHT)
        tx.chats.set("7", "deliver", "digest")
        tx.chats.set("7", "timezone", "Asia/Taipei")
    office.take("Wire", news(1, PLANT), news(2, "DRAM prices rise by 8 percent in a week"))
    with office.store.write() as tx:
        tx.chats.remove_watch("7", "foxconn")
        reschedule(tx, office.directory, "7", NIGHT)
    assert held(office) == [("digest", BREAKFAST)] * 2
    office.clock.at = BREAKFAST
    assert let_go(office) == 2
    assert PLANT in visible(sent(office)[0].body)


def test_a_changed_file_gives_new_times(opened: Open) -> None:
    office = opened(desk(deliver="digest", digest_at=("sun 20:00",)))
    office.take("Wire", news(1, PLANT))
    changed = opened(desk())
    with changed.store.write() as tx:
        reschedule_all(tx, changed.directory, NIGHT)
    assert held(changed) == [("digest", NIGHT)]
    assert let_go(changed) == 1


def test_a_digest_that_was_missed_is_not_put_off(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    office.clock.at = BREAKFAST + timedelta(minutes=5)  # nobody ran at 08:30
    with office.store.write() as tx:
        reschedule_all(tx, office.directory, office.clock.now())
        tx.chats.set("7", "language", "zh-TW")
        reschedule(tx, office.directory, "7", office.clock.now())
    assert let_go(office) == 1


def test_a_round_up_of_the_cap_does_not_come_at_night(opened: Open) -> None:
    office = opened(desk(max_per_hour=1, quiet_hours=("23:10-07:00",)))
    for number, title in enumerate(("Foxconn opens a school in Brno", "Foxconn names a chairman", PLANT)):
        office.take("Wire", news(number, title))
    assert len(sent(office)) == 1
    office.clock.move(15 * 60)
    assert (let_go(office), sent(office)) == (0, [])
    office.clock.at = MORNING
    assert let_go(office) == 2
    assert len(sent(office)) == 1


# --- what nobody can read; other chats; other nodes ---


def test_a_row_that_nobody_can_read_keeps_no_digest_back(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT), news(2, "Foxconn opens a school in Brno"))
    with office.store.write() as tx:
        odd = NewDelivery("7", "{", Form.CARD, state=State.HELD, hold="digest")
        tx.outbox.queue(odd, NIGHT, BREAKFAST)
    office.clock.at = BREAKFAST
    assert let_go(office) == 2
    assert sorted(row.body[:1] for row in sent(office)) == ["<", "{"]


def test_trouble_in_one_chat_keeps_no_other_waiting(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    office = opened(Watchlist("w1", "desk", (FOXCONN,), chats=("6", "7"), deliver="digest", timezone="Asia/Taipei"))
    office.take("Wire", news(1, PLANT))
    office.clock.at = BREAKFAST
    gone = office.directory.is_gone

    def broken(chat: str) -> bool:
        if chat == "6":
            raise RuntimeError("trouble")
        return gone(chat)

    monkeypatch.setattr(office.directory, "is_gone", broken)
    with pytest.raises(RuntimeError):
        let_go(office)
    assert [row.chat for row in sent(office)] == ["7"]
    monkeypatch.undo()
    assert let_go(office) == 1
    assert [row.chat for row in sent(office)] == ["6"]


def test_what_another_node_released_is_not_released_again(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT), news(2, "Foxconn opens a school in Brno"))
    office.clock.at = BREAKFAST
    real, once = office.store.write, []

    class Behind:
        """A node that has looked, and is overtaken before it writes."""

        read = staticmethod(office.store.read)

        @staticmethod
        def write() -> object:
            if not once:
                once.append(let_go(office))
            return real()

    assert release(Behind(), office.directory, BREAKFAST) == 0  # type: ignore[arg-type]
    assert once == [2]
    assert len(sent(office)) == 1


# --- what is remembered ---


def test_a_source_that_a_watchlist_does_not_read_changes_no_decision(opened: Open) -> None:
    office = opened(desk(sources=("Wire",)))
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(1, PLANT))
    assert why(office) == {Reason.FIRST_REPORT}


def test_a_source_only_in_the_digest(opened: Open) -> None:
    office = opened(desk())
    with office.store.write() as tx:
        tx.wishes.add_rule(Rule("7", "", "", "source", "Wire"))
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, "Foxconn opens a school in Brno"))
    assert len(sent(office)) == 1
    assert held(office) == [("digest", BREAKFAST)]
    with office.store.write() as tx:
        tx.chats.set("7", "quiet_hours", "12:00-13:00")
        reschedule(tx, office.directory, "7", NIGHT)
    assert held(office) == [("digest", BREAKFAST)]
    office.clock.at = BREAKFAST
    assert let_go(office) == 1
    assert visible(sent(office)[0].body).startswith("Digest · ")


def test_a_prompt_source_does_not_wait_for_one_that_comes_in_the_digest(opened: Open) -> None:
    office = opened(desk())
    with office.store.write() as tx:
        tx.wishes.add_rule(Rule("7", "", "", "source", "Wire"))
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, PLANT_TOO))
    (row,) = sent(office)
    assert {report.source for report in load(row.body).reports} == {"Wire", "Post"}
    assert held(office) == []


def test_a_moved_chat_keeps_what_it_said_of_its_own_watches(opened: Open) -> None:
    office = opened()
    with office.store.write() as tx:
        for watch in (FOXCONN, MEMORY):
            tx.chats.add_watch("-5", watch, NIGHT)
        tx.wishes.add_rule(Rule("-5", "chat:-5", "memory", "off"))
    office.take("Wire", news(1, PLANT))
    with office.store.write() as tx:
        tx.outbox.rekey("-5", "-1005")
    office.take("Wire", news(2, "DRAM prices rise by 8 percent in a week"))
    with office.store.read() as tx:
        assert {one.watchlist for one in tx.alerts.decisions(1)} == {"chat:-1005"}
        assert [row.item for row in tx.alerts.last(9)] == [1]


def test_a_rolled_back_change_hides_no_later_one(opened: Open) -> None:
    office = opened()

    def poison() -> None:
        with office.store.write() as tx:
            tx.chats.set("7", "language", "zh-TW")
            office.directory.refresh(tx)
            raise RuntimeError("the message that broke")

    with pytest.raises(RuntimeError):
        poison()
    with office.store.write() as tx:
        tx.chats.add_watch("7", FOXCONN, NIGHT)
    assert office.take("Wire", news(1, PLANT)).told == 1


def test_one_company_of_a_file_and_of_the_chat_is_named_once(opened: Open) -> None:
    listed = Watch("foxconn", "Foxconn", names=("Foxconn",), company="hon-hai")
    own = Watch("hon-hai", "Hon Hai", names=("Hon Hai", "Foxconn"), company="hon-hai")
    office = opened(Watchlist("w1", "desk", (listed,), chats=("7",)))
    with office.store.write() as tx:
        tx.chats.add_watch("7", own, NIGHT)
    office.take("Wire", news(1, "Server plant in Houston: Foxconn builds"))
    (row,) = sent(office)
    assert load(row.body).watches in (("Foxconn",), ("Hon Hai",))
    assert dump(load(row.body)) == row.body


def test_a_further_watch_of_a_told_company_is_no_news(opened: Open) -> None:
    listed = Watch("foxconn", "Foxconn", names=("Foxconn",), company="hon-hai")
    own = Watch("hon-hai", "Hon Hai", names=("Hon Hai", "Foxconn"), company="hon-hai")
    office = opened(Watchlist("w1", "desk", (listed,), chats=("7",)))
    office.take("Wire", news(1, PLANT))
    assert len(sent(office)) == 1
    with office.store.write() as tx:
        tx.chats.add_watch("7", own, NIGHT)
    assert office.take("Post", news(2, PLANT)).told == 0


@pytest.mark.parametrize("_again", range(4))
def test_two_nodes_release_while_a_third_takes_the_story_over(opened: Open, _again: int) -> None:
    office = opened(desk(deliver="digest"), AI)
    nodes = [Directory(office.directory.settings) for _node in range(2)]
    office.take("Wire", news(1, PLANT), news(2, "Foxconn opens a school in Brno"))
    office.clock.at = BREAKFAST
    with ThreadPoolExecutor(3) as pool:
        released = [pool.submit(release, office.store, node, BREAKFAST) for node in nodes]
        taken = pool.submit(office.take, "Wire", news(3, HIRES))
    assert taken.result().told == 1
    assert sum(one.result() for one in released) in (1, 2)
    out = sent(office)
    round_ups = [visible(row.body) for row in out if row.form is Form.HTML]
    assert len(round_ups) == 1
    (alert,) = [load(row.body) for row in out if row.form is Form.CARD]
    in_alert = PLANT in [report.title for report in alert.reports]
    assert in_alert != (PLANT in round_ups[0])  # told once, here or there
    assert held(office) == []
