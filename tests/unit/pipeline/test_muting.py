"""What a typed name means in a chat, until when, and that a mute is begun, changed and ended in one place."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.pipeline.conftest import Office, news
from watchbot.model.errors import InputError
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.watch import Watch
from watchbot.pipeline import muting
from watchbot.pipeline.muting import Target

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def rows(office: Office) -> list[SourceRow]:
    """All active sources."""
    with office.store.read() as tx:
        return tx.sources.active()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Foxconn", Target("watch", "w1/foxconn", "Foxconn")),
        ("  hon hai ", Target("watch", "w1/foxconn", "Foxconn")),
        ("鴻海", Target("watch", "w1/foxconn", "Foxconn")),
        ("dram", Target("watch", "w1/memory", "Memory")),
        ("DESK", Target("list", "w1", "desk")),
        ("wire", Target("source", "Wire", "Wire")),
        ("all", Target("all", "", "")),
        ("全部", Target("all", "", "")),
        ("post only", None),
        ("Nokia", None),
        ("", None),
    ],
)
def test_what_a_name_means(office: Office, text: str, wanted: Target | None) -> None:
    assert muting.find_target(office.directory, rows(office), "7", text) == wanted


def test_the_same_company_in_two_lists_is_muted_in_both(office: Office) -> None:
    with office.store.write() as tx:
        tx.chats.add_watch("7", Watch("hon-hai", "Foxconn", names=("Foxconn",)), NOW)
        office.directory.refresh(tx)
    target = muting.find_target(office.directory, rows(office), "7", "Foxconn")
    assert target is not None
    assert target.targets == ("w1/foxconn", "chat:7/hon-hai")
    with office.store.write() as tx:
        muting.begin(tx, "7", target, None, 7, NOW)
        assert len(muting.active(tx, "7", NOW)) == 2
        assert len(muting.end(tx, muting.active_of(tx, "7", [target], NOW), NOW).mutes) == 2


def test_another_chats_source_is_no_target(office: Office) -> None:
    with office.store.write() as tx:
        tx.sources.add(SourceSpec("Letter", "feed", "https://letter.example/rss", chat="8"), NOW)
    assert muting.find_target(office.directory, rows(office), "7", "Letter") is None
    assert muting.find_target(office.directory, rows(office), "8", "Letter") == Target("source", "Letter", "Letter")
    assert "Letter" not in muting.known_names(office.directory, rows(office), "7")
    assert muting.known_names(office.directory, rows(office), "7")[:3] == ["Foxconn", "Memory", "desk"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("30m", NOW + timedelta(minutes=30)),
        ("8H", NOW + timedelta(hours=8)),
        ("1d12h", NOW + timedelta(hours=36)),
        ("today", datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),  # midnight in Taipei
        ("今天", datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),
        ("", None),
    ],
)
def test_until(text: str, wanted: datetime | None) -> None:
    assert muting.until(text, NOW, "Asia/Taipei") == wanted


def test_today_where_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # half past midnight in Berlin; the day has 25 hours
    assert muting.until("today", before, "Europe/Berlin") == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["soon", "8", "-1h", "0h", "8x", "99999999d", "1e9h"])
def test_until_what(text: str) -> None:
    with pytest.raises(InputError, match="30m, 8h, 2d or today"):
        muting.until(text, NOW, "UTC")
    assert not muting.is_duration("Foxconn")
    assert muting.is_duration("8h")


def test_a_mute_again_gets_the_new_end_and_so_does_what_it_holds(office: Office) -> None:
    target = Target("watch", "w1/foxconn", "Foxconn")
    now = office.clock.now()
    with office.store.write() as tx:
        first = muting.begin(tx, "7", target, now + timedelta(hours=1), 7, now)
    office.take("Wire", news(1, "Foxconn hires in Ohio"))
    with office.store.write() as tx:
        (row,) = tx.outbox.held("7", muting.hold_of(first.id))
        assert row.next_at == now + timedelta(hours=1)
        again = muting.begin(tx, "7", target, now + timedelta(hours=8), 7, now)
        assert again.id == first.id
        assert [held.next_at for held in tx.outbox.held("7")] == [now + timedelta(hours=8)]
        forever = muting.begin(tx, "7", target, None, 7, now)
        assert forever.until is None
        assert tx.outbox.held("7")[0].next_at > now + timedelta(days=365)
        ended = muting.end(tx, [forever], now)
        assert (ended.mutes, ended.held) == ((forever,), 1)
        assert muting.end(tx, [forever], now) == muting.Ended()


def test_an_ended_mute_is_not_active(office: Office) -> None:
    now = office.clock.now()
    with office.store.write() as tx:
        muting.begin(tx, "7", Target("all", "", ""), now + timedelta(hours=1), 7, now)
        muting.begin(tx, "8", Target("all", "", ""), None, 7, now)
        assert [mute.chat for mute in muting.active(tx, "7", now)] == ["7"]
        assert muting.active(tx, "7", now + timedelta(hours=1)) == []


def test_the_watches_and_the_story_of_an_alert(office: Office) -> None:
    office.take("Wire", news(1, "Foxconn buys DRAM"))
    with office.store.read() as tx:
        alert = next(row for row in tx.alerts.last(9) if row.chat == "7")
        targets = muting.of_alert(tx, office.directory, alert)
    assert targets == [Target("watch", "w1/foxconn", "Foxconn"), Target("watch", "w1/memory", "Memory")]
    assert muting.of_story(alert) == Target("story", str(alert.story), "Foxconn buys DRAM")
