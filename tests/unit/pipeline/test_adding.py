"""Feeds of a chat: added for it alone or for all, counted, removed, listed with their health."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import Office, news, settings
from watchbot.model.outline import Outline
from watchbot.model.records import PollFailure, Rule, SourceSpec
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline import adding
from watchbot.pipeline.adding import Became, Health
from watchbot.pipeline.directory import Directory

FEED = Outline("Chips", "https://chips.example/rss")


def add(office: Office, chat: str, feed: Outline = FEED, role: str = "user", everyone: bool = False) -> adding.Added:
    """Wish for a feed."""
    with office.store.write() as tx:
        return adding.add_feed(tx, office.directory.settings, chat, role, feed, office.clock.now(), everyone)


def specs(office: Office) -> list[SourceSpec]:
    """Every added source."""
    with office.store.read() as tx:
        return [row.spec for row in tx.sources.active() if row.spec.added]


def listed(office: Office, chat: str, role: str = "user") -> list[adding.Heard]:
    """What a chat hears."""
    with office.store.read() as tx:
        return adding.heard(tx, office.directory, chat, role, office.clock.now())


def test_a_feed_serves_the_chat_that_added_it(office: Office) -> None:
    assert add(office, "7").became is Became.ADDED
    assert add(office, "7").became is Became.THERE
    assert [spec.chat for spec in specs(office)] == ["7"]
    assert add(office, "8") == adding.Added(Became.ADDED, "Chips")
    assert sorted((spec.chat, spec.name) for spec in specs(office)) == [("7", "Chips"), ("8", "Chips")]


def test_only_admins_add_for_everyone(office: Office) -> None:
    add(office, "9", everyone=True)
    assert [spec.chat for spec in specs(office)] == ["9"]
    add(office, "7", role="admin", everyone=True)
    assert sorted(spec.chat for spec in specs(office)) == ["", "9"]
    assert add(office, "8").became is Became.THERE


def test_a_taken_name_is_numbered_within_what_the_chat_may_know(office: Office) -> None:
    add(office, "7", Outline("Secret desk", "https://a.example/1"))
    assert add(office, "8", Outline("Secret desk", "https://a.example/2")).name == "Secret desk"
    assert add(office, "8", Outline("Secret desk", "https://a.example/3")).name == "Secret desk (2)"
    assert add(office, "8", Outline("Wire", "https://a.example/4")).name == "Wire (2)"


def test_addresses_with_keys_are_refused(office: Office) -> None:
    assert add(office, "7", Outline("", "https://u:p@a.example/")).became is Became.KEYED
    assert specs(office) == []


def test_a_chat_may_have_so_many_and_an_admin_more(office: Office) -> None:
    feeds = [Outline(f"F{n}", f"https://a.example/{n}") for n in range(60)]
    with office.store.write() as tx:
        done = adding.import_list(tx, office.directory.settings, "9", "user", feeds, office.clock.now())
    assert (done.added, done.full, done.limit) == (50, 10, 50)
    assert add(office, "9") == adding.Added(Became.FULL, "Chips", 50)
    with office.store.write() as tx:
        done = adding.import_list(tx, office.directory.settings, "7", "admin", feeds, office.clock.now())
    assert (done.added, done.full) == (60, 0)


def test_a_list_knows_what_is_there_and_what_stands_in_it_twice(office: Office) -> None:
    feeds = [FEED, FEED, Outline("W", "https://wire.example/rss"), Outline("K", "https://u:p@k.example/")]
    with office.store.write() as tx:
        done = adding.import_list(tx, office.directory.settings, "9", "user", feeds, office.clock.now())
    assert (done.added, done.there, done.keyed) == (1, 2, 1)


@pytest.mark.parametrize(
    ("chat", "role", "own", "public"),
    [("7", "user", True, False), ("7", "", False, False), ("8", "admin", False, True), ("7", "owner", True, True)],
)
def test_who_may_remove(office: Office, chat: str, role: str, own: bool, public: bool) -> None:
    spec = SourceSpec("Chips", "feed", FEED.xml_url, chat="7", added=True)
    assert adding.may_remove(spec, chat, role) is own
    assert adding.may_remove(replace(spec, chat=""), chat, role) is public
    assert not adding.may_remove(replace(spec, chat="", added=False), chat, role)


def test_removing_is_refused_to_others(office: Office) -> None:
    add(office, "7")
    with office.store.write() as tx:
        row = next(row for row in tx.sources.active() if row.spec.chat == "7")
        assert adding.remove_feed(tx, "8", "owner", row.id) is None
        assert adding.remove_feed(tx, "8", "owner", 999) is None
        assert adding.remove_feed(tx, "7", "user", row.id) is not None
    assert specs(office) == []


def test_a_chat_lists_what_its_watchlists_read_and_its_own(office: Office) -> None:
    add(office, "7")
    assert [one.name for one in listed(office, "7")] == ["Chips", "Inbox", "Post", "Wire"]
    assert [one.name for one in listed(office, "8")] == ["Post"]  # its watchlist reads the Post only
    assert [one.name for one in listed(office, "99")] == ["Inbox", "Post", "Wire"]


def test_health_in_a_word(office: Office) -> None:
    assert {one.name: one.health for one in listed(office, "7")} == {
        "Inbox": Health.FOLDER,
        "Post": Health.NEW,
        "Wire": Health.NEW,
    }
    office.take("Wire", news(1, "x"))
    with office.store.write() as tx:
        now = office.clock.now()
        tx.sources.failed(office.sources["Post"].id, PollFailure(now, now + timedelta(hours=1), "500"))
    assert [one.health for one in listed(office, "7")] == [Health.FOLDER, Health.FAILING, Health.WELL]
    with office.store.write() as tx:
        tx.sources.failed(office.sources["Post"].id, PollFailure(now, now, "410", gone=True))
        wire = tx.sources.get(office.sources["Wire"].id)
    assert [one.health for one in listed(office, "7")][1] is Health.GONE
    assert wire is not None
    quiet = replace(wire, gap=60.0, newest_at=office.clock.now() - timedelta(days=60))
    assert adding.health(quiet, office.clock.now()) is Health.QUIET


def test_what_would_have_fired_is_this_chats(office: Office) -> None:
    items = [news(1, "Foxconn rises"), news(2, "DRAM falls"), news(3, "Rain")]
    fired = adding.would_fire(office.directory, "7", items)
    assert [(one.title, one.labels) for one in fired] == [("Foxconn rises", ("Foxconn",)), ("DRAM falls", ("Memory",))]
    assert [one.title for one in adding.would_fire(office.directory, "8", items)] == ["Foxconn rises"]
    assert adding.would_fire(office.directory, "99", items) == []


def test_what_another_chat_wants_otherwise_is_in_nobodys_way(office: Office) -> None:
    with office.store.write() as tx:
        tx.wishes.add_rule(Rule("7", "w1", "foxconn", "exclude", "Houston"))
        office.directory.refresh(tx)
    items = [news(1, "Foxconn rises"), news(2, "Foxconn builds in Houston")]
    fired = {chat: [one.title for one in adding.would_fire(office.directory, chat, items)] for chat in ("7", "console")}
    assert fired == {"7": ["Foxconn rises"], "console": ["Foxconn rises", "Foxconn builds in Houston"]}


def test_a_watch_for_another_chat_would_not_have_fired_here(tmp_path: Path) -> None:
    private = Watch("okapi", "Okapi", names=("Okapi",), chats=("8",))
    lists = (Watchlist("w1", "desk", (private, Watch("dram", "DRAM", keywords=("DRAM",))), chats=("7",)),)
    directory = Directory(settings(lists, tmp_path))
    items = [news(1, "Okapi rises"), news(2, "DRAM falls")]
    fired = {chat: [one.title for one in adding.would_fire(directory, chat, items)] for chat in ("7", "8")}
    assert fired == {"7": ["DRAM falls"], "8": ["Okapi rises"]}
