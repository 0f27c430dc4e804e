"""Use cases: roles, invitations, what waited for the owner."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import WATCHES, Office, StandingClock, news, settings
from watchbot.model.alert import State
from watchbot.model.settings import TelegramSettings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline import commands
from watchbot.pipeline.directory import Directory
from watchbot.store import open_store


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Hon Hai", "hon-hai"), ("鴻海", "鴻海"), ("ＡＢＣ", "abc"), ("AT&T", "at-t"), ("Foo_Bar", "foo_bar")],
)
def test_ids_are_made_from_names(name: str, expected: str) -> None:
    assert commands.watch_id(name) == expected


def test_roles(office: Office) -> None:
    configured = office.directory.settings
    with office.store.write() as tx:
        assert commands.role_of(tx, configured, 7) == "owner"
        assert commands.role_of(tx, configured, 9) == ""
        tx.chats.set_role(9, "user", office.clock.now())
        assert commands.role_of(tx, configured, 9) == "user"


def test_what_waited_for_the_owner_comes_as_one_round_up(tmp_path: Path, office: Office) -> None:
    configured = settings(
        (Watchlist("w", "w", WATCHES, chats=("owner",)),), tmp_path, telegram=TelegramSettings(token="1:a")
    )
    office.directory = Directory(configured)
    for number in range(7):
        office.take("Wire", news(number, f"Foxconn story {number}"))
    now = office.clock.now()
    with office.store.write() as tx:
        assert tx.outbox.counts()[State.WAITING] == 7
        tx.chats.invite(commands.hash_code("secret"), "owner", now + timedelta(hours=1))
        assert commands.claim(tx, office.directory, "wrong", 66, now) is None
        assert commands.claim(tx, office.directory, "secret", 66, now) == "owner"
        assert commands.claim(tx, office.directory, "secret", 67, now) is None
        counts = tx.outbox.counts()
        claimed = tx.outbox.claim(now, "me", 60, 10, "telegram")
    assert counts[State.FOLDED] == 7
    assert counts[State.PENDING] == 1
    assert [delivery.chat for delivery in claimed] == ["66"]
    assert claimed[0].body.count("Foxconn story") == 5
    office.take("Wire", news(8, "Foxconn story 8"))
    office.take("Wire", news(1, "Foxconn story 1"))
    assert office.cards("66")[-1] == "Foxconn story 8"
    assert office.cards("66").count("Foxconn story 1") <= 1


def test_what_waited_for_the_owner_comes_in_their_language(tmp_path: Path, office: Office) -> None:
    lists = (Watchlist("w", "w", WATCHES, chats=("owner",)),)
    office.directory = Directory(settings(lists, tmp_path, telegram=TelegramSettings(token="1:a")))
    office.take("Wire", news(1, "鴻海擴廠"))
    now = office.clock.now() + timedelta(days=1)
    with office.store.write() as tx:
        tx.chats.invite(commands.hash_code("secret"), "owner", now + timedelta(hours=1))
        commands.claim(tx, office.directory, "secret", 66, now, "zh-TW")
        (told,) = tx.outbox.claim(now, "me", 60, 10, "telegram")
    assert "尚無人認領" in told.body
    assert "11月" in told.body


def test_an_expired_invitation_opens_nothing(office: Office) -> None:
    now = office.clock.now()
    with office.store.write() as tx:
        tx.chats.invite(commands.hash_code("late"), "user", now)
        assert commands.claim(tx, office.directory, "late", 5, now + timedelta(seconds=1)) is None


def test_another_node_sees_a_chats_watch(tmp_path: Path, office: Office) -> None:
    other = Directory(office.directory.settings)
    second = open_store(office.directory.settings.database)
    with office.store.write() as tx:
        tx.chats.add_watch("55", Watch("zyxomma", "Zyxomma", names=("Zyxomma",)), StandingClock().now())
    with second.read() as tx:
        other.refresh(tx)
    second.close()
    assert "chat:55" in other.watchlists
