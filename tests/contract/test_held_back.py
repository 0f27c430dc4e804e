"""What chats are told later, or not: from an arriving item to the digest, on both databases with a clock of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import Office, StandingClock, news, settings
from watchbot.message.codec import load
from watchbot.message.html import alert_html
from watchbot.message.parts import visible
from watchbot.model.alert import Delivery, Form, Move, State
from watchbot.model.panel import Button, Panel
from watchbot.model.reason import Reason
from watchbot.model.records import SourceSpec
from watchbot.model.settings import NamedChat, TelegramSettings
from watchbot.model.watch import Priority, Watch, Watchlist
from watchbot.pipeline.commands import hand_over
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.explain import explain
from watchbot.pipeline.holding import release, reschedule, show_held
from watchbot.pipeline.policy import FAR
from watchbot.store import SqlStore

FOXCONN = Watch("foxconn", "Foxconn", names=("Foxconn",), line=1)
MEMORY = Watch("memory", "Memory", keywords=("DRAM",), line=2)
PLANT = "Foxconn to build AI server plant in Houston"
PLANT_TOO = "Foxconn to build an AI server plant in Houston, Texas"
HIRES = "Unions at Foxconn plant in Houston ask for talks on pay and shifts"
NIGHT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # 23:00 of a Friday in Taipei
MORNING = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # 07:00
BREAKFAST = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)  # 08:30
Open = Callable[..., Office]


@pytest.fixture
def opened(store: SqlStore, tmp_path: Path) -> Open:
    """Opens an office with these watchlists at 23:00 in Taipei."""

    def make(*lists: Watchlist, chats: tuple[NamedChat, ...] = ()) -> Office:
        telegram = TelegramSettings(token="1:a", admins=(7,))
        directory = Directory(settings(lists, tmp_path, telegram=telegram, chats=chats))
        clock = StandingClock()
        clock.at = NIGHT
        specs = [SourceSpec(name, "feed", f"https://{name}.example/rss") for name in ("Wire", "Post")]
        with store.write() as tx:
            sources = tx.sources.sync([*specs, SourceSpec("Inbox", "folder", "/inbox")], clock.now())
        return Office(store, directory, clock, sources)

    return make


def desk(**more: object) -> Watchlist:
    """A watchlist for chat 7 in Taipei."""
    return Watchlist("w1", "desk", (FOXCONN, MEMORY), chats=("7",), timezone="Asia/Taipei", **more)  # type: ignore[arg-type]


def sent(office: Office) -> list[Delivery]:
    """Send what is due; gives what went out."""
    out = []
    with office.store.write() as tx:
        while rows := tx.outbox.claim(office.clock.now(), "t", 60, 9, "telegram"):
            for row in rows:
                move = Move(State.SENT, office.clock.now(), message_id=row.message_id or 100 + row.id)
                tx.outbox.finish(row.id, move, office.clock.now())
            out += rows
    return out


def held(office: Office) -> list[tuple[str, datetime]]:
    """What chat 7 does not have yet, and until when."""
    with office.store.read() as tx:
        return [(row.hold, row.next_at) for row in tx.outbox.held("7")]


def let_go(office: Office) -> int:
    """Release what is due."""
    return release(office.store, office.directory, office.clock.now())


def why(office: Office, chat: str = "7") -> set[Reason]:
    """Every stored reason about the newest item."""
    with office.store.read() as tx:
        (newest,) = tx.items.latest(1)
        return {one.reason for one in tx.alerts.decisions(newest.id) if one.chat == chat}


def test_an_alert_has_its_three_buttons(opened: Open) -> None:
    office = opened(desk(), Watchlist("w2", "terminal", (FOXCONN,), chats=("console",)))
    office.take("Wire", news(1, PLANT))
    (row,) = sent(office)
    assert row.rows == ((Button("Why", "why"), Button("Mute", "mute"), Button("👎", "down")),)
    assert row.alert is not None
    with office.store.read() as tx:
        panel = tx.outbox.panel_of(row.alert)
        assert panel
        assert panel.panel == Panel("alert", {"alert": row.alert})
        (printed,) = [one for one in tx.alerts.last(9) if one.chat == "console"]
        assert tx.outbox.panel_of(printed.id) is None


def test_a_digest_holds_every_story(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    assert office.take("Wire", news(1, PLANT), news(2, "DRAM prices rise by 8 percent in a week")).told == 2
    office.take("Post", news(3, PLANT_TOO))  # grows the held row in place
    office.take("Wire", news(4, HIRES))
    assert why(office) == {Reason.DIGEST_DUE}
    assert held(office) == [("digest", BREAKFAST)] * 3
    assert (let_go(office), sent(office)) == (0, [])
    office.clock.at = BREAKFAST
    assert let_go(office) == 3
    (row,) = sent(office)
    text = visible(row.body)
    assert (row.form, row.silent, row.alert) == (Form.HTML, False, None)
    assert text.startswith("Digest · Sat 21 Nov: 2 stories\n")
    for words in (
        "\nFoxconn\n",
        "\nMemory\n• DRAM prices rise",
        f"• {PLANT} – Wire · ",
        "+1 more",
        f"   ↳ {HIRES} – Wire",
    ):
        assert words in text
    assert let_go(office) == 0
    assert office.take("Post", news(5, PLANT)).told == 0  # never twice


def test_a_digest_is_silent_in_quiet_hours(opened: Open) -> None:
    office = opened(desk(deliver="digest", quiet_hours=("22:00-10:00",)))
    office.take("Wire", news(1, PLANT))
    office.clock.at = BREAKFAST
    let_go(office)
    assert [row.silent for row in sent(office)] == [True]


def test_quiet_hours_end_in_a_round_up(opened: Open) -> None:
    office = opened(desk(quiet_hours=("22:00-07:00",)))
    office.take("Wire", news(1, PLANT), news(2, "DRAM prices rise by 8 percent in a week"))
    assert why(office) == {Reason.QUIET_HOURS}
    assert held(office) == [("quiet", MORNING)] * 2
    office.clock.at = MORNING
    assert let_go(office) == 2
    (row,) = sent(office)
    assert visible(row.body).startswith("While it was quiet: 2 stories\n")
    assert not row.silent


def test_one_alert_of_the_night_comes_as_itself(opened: Open) -> None:
    office = opened(desk(quiet_hours=("22:00-07:00",)))
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, PLANT_TOO))
    office.clock.at = MORNING
    assert let_go(office) == 1
    (row,) = sent(office)
    assert (row.form, row.silent, len(row.rows)) == (Form.CARD, False, 1)
    assert [report.source for report in load(row.body).reports] == ["Wire", "Post"]


def test_what_is_urgent_rings_at_night(opened: Open) -> None:
    urgent = Watch("foxconn", "Foxconn", names=("Foxconn",), priority=Priority.HIGH)
    office = opened(Watchlist("w1", "desk", (urgent,), chats=("7",), deliver="digest", quiet_hours=("mon-sun",)))
    office.take("Wire", news(1, PLANT))
    assert [row.silent for row in sent(office)] == [False]


def test_the_cap_of_an_hour(opened: Open) -> None:
    office = opened(desk(max_per_hour=2))
    subjects = [
        "opens a school in Brno",
        "names a new chairman",
        "sells its Kunshan dormitory",
        "buys robots from Fanuc",
    ]
    for number, subject in enumerate(subjects):
        office.take("Wire", news(number, f"Foxconn {subject}"))
    assert why(office) == {Reason.CAPPED}
    assert len(sent(office)) == 2
    assert held(office) == [("cap", NIGHT + timedelta(minutes=15))] * 2
    office.clock.move(15 * 60)
    assert let_go(office) == 2
    (row,) = sent(office)
    assert (row.silent, visible(row.body).splitlines()[0]) == (True, "More than this hour allows: 2 stories")
    office.clock.move(50 * 60)
    office.take("Wire", news(9, "Foxconn wins a court case in Delhi"))
    assert len(sent(office)) == 1


def test_from_the_sixth_alert_in_ten_minutes_on_without_sound(opened: Open) -> None:
    office = opened(desk())
    subjects = ["school in Brno", "chairman", "dormitory", "robots", "court case", "solar roof", "chess team"]
    office.take("Wire", *(news(number, f"Foxconn {subject}") for number, subject in enumerate(subjects)))
    assert [row.silent for row in sent(office)] == [False] * 5 + [True] * 2
    office.clock.move(11 * 60)
    office.take("Wire", news(9, "Foxconn wins a prize for its canteen in Pune"))
    assert [row.silent for row in sent(office)] == [False]


def test_a_muted_watch_is_kept_for_who_asks(opened: Open) -> None:
    office = opened(desk())
    with office.store.write() as tx:
        until = NIGHT + timedelta(hours=8)
        mute = tx.wishes.mute("7", "watch", "w1/foxconn", "Foxconn", until, 7, NIGHT)
    assert office.take("Wire", news(1, PLANT)).told == 0
    assert why(office) == {Reason.MUTED}
    office.take("Wire", news(2, "DRAM maker sues Foxconn over a licence"))  # the other watch is not muted
    (row,) = sent(office)
    assert load(row.body).watches == ("Memory",)
    assert held(office) == [(f"mute:{mute.id}", until)]
    office.clock.at = until
    assert (let_go(office), sent(office), held(office)) == (0, [], [(f"mute:{mute.id}", FAR)])
    office.take("Wire", news(3, "Foxconn opens a school in Brno"))  # the mute is over
    assert len(sent(office)) == 1
    with office.store.write() as tx:
        office.directory.refresh(tx)
        assert show_held(tx, office.directory, "7", f"mute:{mute.id}", until) == 1
    (shown,) = sent(office)
    assert visible(shown.body).startswith("While Foxconn was muted: 1 story\n")
    assert held(office) == []


@pytest.mark.parametrize(("kind", "target"), [("all", ""), ("source", "Wire"), ("list", "w1"), ("story", "1")])
def test_everything_that_can_be_muted(opened: Open, kind: str, target: str) -> None:
    office = opened(desk())
    with office.store.write() as tx:
        tx.wishes.mute("7", kind, target, target, None, 7, NIGHT)
    office.take("Wire", news(1, PLANT))
    assert [until for _hold, until in held(office)] == [FAR]
    assert sent(office) == []


def test_a_mention_can_be_left_out(opened: Open) -> None:
    office = opened(desk(mentions="off"))
    body = "The city said on Friday that rents rise. Shops close early. Trams are late. Many work for Foxconn there."
    office.take("Wire", news(1, "Rents rise in the north", body))
    assert (why(office), sent(office), held(office)) == ({Reason.MENTION_OFF}, [], [])
    office.take("Wire", news(2, PLANT))
    assert len(sent(office)) == 1


def test_the_fourth_follow_up_is_counted_on_the_first_message(opened: Open) -> None:
    office = opened(desk())
    office.take("Wire", news(1, PLANT))
    sent(office)
    follow_ups = (
        HIRES,
        "Unions at Foxconn plant in Houston call for higher pay and shorter shifts next week",
        "Foxconn plant in Houston: unions reject pay offer, talks on shifts end",
        "Workers at Foxconn plant in Houston vote on pay, unions ask for talks",
        "Unions of Foxconn plant in Houston strike for pay, shifts stand still",
        "Unions at Foxconn plant in Houston sign pay deal after talks on shifts",
    )
    for number, title in enumerate(follow_ups, 2):
        office.clock.move(60)
        office.take("Wire", news(number, title))
    with office.store.read() as tx:
        alerts = [row for row in tx.alerts.last(99) if row.story == 1]
    assert [row.reason for row in alerts[:-1]] == [Reason.RELATED] * 3
    assert alerts[-1].card.later == 2
    out = sent(office)
    assert "+2 follow-ups" in visible(alert_html(load(out[-1].body)))


def test_a_new_time_for_what_waits(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    with office.store.write() as tx:
        tx.chats.set("7", "digest_at", "07:15;20:00")
        reschedule(tx, office.directory, "7", NIGHT)
    assert held(office) == [("digest", MORNING + timedelta(minutes=15))]
    with office.store.write() as tx:
        tx.chats.set("7", "timezone", "Asia/Tokyo")
        reschedule(tx, office.directory, "7", NIGHT)
    assert held(office) == [("digest", MORNING - timedelta(minutes=45))]
    with office.store.write() as tx:
        tx.chats.set("7", "digest_at", "off")
        reschedule(tx, office.directory, "7", NIGHT)
    assert held(office) == [("digest", NIGHT)]
    assert let_go(office) == 1
    assert visible(sent(office)[0].body).startswith("Digest · ")


def test_what_waits_comes_in_the_language_and_zone_of_its_message(opened: Open) -> None:
    office = opened(desk(deliver="digest"))
    office.take("Wire", news(1, PLANT))
    with office.store.write() as tx:
        tx.chats.set("7", "language", "zh-TW")
        tx.chats.set("7", "timezone", "Europe/London")
        tx.chats.set("7", "digest_at", "18:00")
        reschedule(tx, office.directory, "7", NIGHT)
    office.clock.at = NIGHT + timedelta(hours=3)
    assert let_go(office) == 1
    (row,) = sent(office)
    assert f"{PLANT} – Wire · 15:00" in visible(row.body)


def test_quiet_hours_of_the_chat_go_before_those_of_the_file(opened: Open) -> None:
    office = opened(desk(quiet_hours=("22:00-07:00",)), chats=(NamedChat("desk", "7", quiet_hours=("12:00-13:00",)),))
    office.take("Wire", news(1, PLANT))
    assert len(sent(office)) == 1  # the named chat is awake at night
    with office.store.write() as tx:
        tx.chats.set("7", "quiet_hours", "22:00-06:00")
    office.take("Wire", news(2, "Foxconn opens a school in Brno"))
    assert held(office) == [("quiet", MORNING - timedelta(hours=1))]
    with office.store.write() as tx:
        tx.chats.set("7", "quiet_hours", "off")
        reschedule(tx, office.directory, "7", NIGHT)
    assert held(office) == [("quiet", NIGHT)]


def test_one_message_for_several_watchlists_and_the_promptest_decides(opened: Open) -> None:
    office = opened(
        desk(deliver="digest"), Watchlist("w2", "now", (Watch("ai", "AI", keywords=("AI server",)),), chats=("7",))
    )
    office.take("Wire", news(1, PLANT))
    (row,) = sent(office)
    assert set(load(row.body).watches) == {"Foxconn", "AI"}
    assert held(office) == []


@pytest.mark.parametrize(
    ("more", "stage", "reason"),
    [
        ({}, "told", Reason.FIRST_REPORT),
        ({"deliver": "digest"}, "digest", Reason.DIGEST_DUE),
        ({"quiet_hours": ("22:00-07:00",)}, "quiet hours", Reason.QUIET_HOURS),
    ],
)
def test_explain_tells_the_same(opened: Open, more: dict[str, object], stage: str, reason: Reason) -> None:
    office = opened(desk(**more))
    with office.store.read() as tx:
        found = explain(office.directory, news(1, PLANT), office.sources["Wire"], tx, NIGHT)
    assert found.stage in (stage, "baseline")
    with office.store.read() as tx:
        pasted = explain(office.directory, news(1, PLANT), None, tx, NIGHT)
    assert (pasted.stage, pasted.verdicts[0].reason) == (stage, reason)


def test_explain_names_cap_and_mute(opened: Open) -> None:
    office = opened(desk(max_per_hour=1))
    office.take("Wire", news(1, "Foxconn opens a school in Brno"))
    with office.store.read() as tx:
        assert explain(office.directory, news(2, PLANT), None, tx, NIGHT).stage == "cap"
    with office.store.write() as tx:
        tx.wishes.mute("7", "all", "", "", None, 7, NIGHT)
        office.directory.refresh(tx)
        assert explain(office.directory, news(2, PLANT), None, tx, NIGHT).stage == "mute"


def test_what_is_for_the_owner_waits_whatever_the_hour(store: SqlStore, tmp_path: Path) -> None:
    lists = (
        Watchlist(
            "w1", "desk", (FOXCONN,), chats=("owner",), deliver="digest", quiet_hours=("mon-sun",), mentions="off"
        ),
    )
    directory = Directory(settings(lists, tmp_path, telegram=TelegramSettings(token="1:a")))
    clock = StandingClock()
    with store.write() as tx:
        sources = tx.sources.sync([SourceSpec("Wire", "feed", "https://wire.example/rss")], clock.now())
    office = Office(store, directory, clock, sources)
    office.take("Wire", news(1, PLANT), news(2, "Foxconn opens a school in Brno"))
    with store.read() as tx:
        waiting = tx.outbox.waiting("owner")
        decided = {one.reason for one in tx.alerts.decisions(1)}
    assert [(row.state, row.rows, row.hold) for row in waiting] == [(State.WAITING, (), "")] * 2
    assert decided == {Reason.FIRST_REPORT}
    with store.write() as tx:
        tx.chats.set_role(7, "owner", clock.now())
        directory.refresh(tx)
        assert hand_over(tx, directory, clock.now()) == 2
    (row,) = sent(office)
    assert (row.chat, row.form) == ("7", Form.HTML)
