"""Feeds that commands add, remove, import and export, on a real database."""

from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import Office, settings
from watchbot.model.errors import UsageError
from watchbot.model.outline import Outline
from watchbot.model.records import PollFailure, SourceRow, SourceSpec
from watchbot.model.settings import Settings, SourceSettings
from watchbot.pipeline.feedlist import add, exported, find, import_feeds, known, masked, remove
from watchbot.pipeline.subscriptions import Access


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return settings(
        (),
        tmp_path,
        sources=(
            SourceSettings("feed", "Wire", "https://wire.example/rss", line=4),
            SourceSettings("opml", "mine", "/etc/mine.opml", line=5),
            SourceSettings("search", "Search", "https://s.example/?q={query}", line=6),
        ),
    )


def rows(office: Office) -> list[SourceRow]:
    with office.store.read() as tx:
        return tx.sources.active()


def test_adding_twice_changes_nothing(office: Office) -> None:
    spec = SourceSpec("Post", "feed", "https://new.example/rss", 600.0, added=True)
    row, new = add(office.store, spec, office.clock.now())
    assert new
    assert (row.spec.name, row.spec.every, row.spec.added) == ("Post (2)", 600.0, True)
    again, new = add(office.store, spec, office.clock.now())
    assert not new
    assert again.id == row.id
    assert len(rows(office)) == 4


def test_what_was_added_is_removed_and_what_is_configured_is_not(office: Office, configured: Settings) -> None:
    add(office.store, SourceSpec("New", "feed", "https://new.example/rss", added=True), office.clock.now())
    assert remove(office.store, configured, "https://new.example/rss").spec.name == "New"
    assert [row.spec.name for row in rows(office)] == ["Inbox", "Post", "Wire"]
    for text, says in (
        ("New", "no source is called 'New'"),
        ("Wrie", "did you mean 'Wire'"),
        ("wire", r"watchbot.yaml:4; take it out there"),
        ("Post", "is configured in .*watchbot.yaml; a running daemon still uses"),
    ):
        with pytest.raises(UsageError, match=says) as caught:
            remove(office.store, configured, text)
        assert "\n" not in str(caught.value)
    assert len(rows(office)) == 3


def test_where_the_feeds_of_lists_and_searches_are_taken_out(office: Office, configured: Settings) -> None:
    with office.store.write() as tx:
        tx.sources.sync(
            [
                SourceSpec("Listed", "feed", "https://l.example/", family="mine", folder="A"),
                SourceSpec("Search: X", "feed", "https://s.example/?q=X", family="Search"),
            ],
            office.clock.now(),
        )
    with pytest.raises(UsageError, match=r"comes of the OPML file /etc/mine.opml \(.*:5\)"):
        remove(office.store, configured, "Listed")
    with pytest.raises(UsageError, match=r"comes of the search Search \(.*:6\)"):
        remove(office.store, configured, "Search: X")


def test_an_import_tells_what_became_of_each_feed(office: Office) -> None:
    outlines = [Outline(f"Feed {number % 7}", f"https://e.x/{number}", folder="A/B") for number in range(250)]
    outlines += [
        Outline("", "https://untitled.example/"),
        Outline("Known", "https://wire.example/rss"),
        Outline("Paid", "https://u:hunter2@paid.example/"),
        Outline("", "https://keyed.example/?api_key=hunter2"),
    ]
    told: list[int] = []
    done = import_feeds(office.store, outlines, office.clock.now(), told.append)
    assert (done.added, done.there) == (251, 1)
    assert told == [100, 200, 252]
    assert [text.partition(":")[0] for text in done.refused] == ["Paid", "https"]
    assert "hunter2" not in repr(done)
    now = rows(office)
    assert len({row.spec.name for row in now}) == len(now) == 254
    assert {(row.spec.folder, row.spec.added) for row in now if row.spec.address.startswith("https://e.x/")} == {
        ("A/B", True)
    }
    again = import_feeds(office.store, outlines, office.clock.now())
    assert (again.added, again.there) == (0, 252)


def test_an_export_leaves_secrets_and_searches_out(office: Office, configured: Settings) -> None:
    specs = [
        SourceSpec("Wire", "feed", "https://wire.example/rss"),
        SourceSpec("Listed", "feed", "https://l.example/", family="mine", folder="A/B"),
        SourceSpec("https://u.example/", "feed", "https://u.example/", title_from_feed=True),
        SourceSpec("Paid", "feed", "https://paid.example/#0a1b2c3d"),
        SourceSpec("Keyed", "feed", "https://keyed.example/?key=***#0a1b2c3d"),
        SourceSpec("Masked", "feed", "https://masked.example/"),
        SourceSpec("Headers only", "feed", "https://h.example/"),
        SourceSpec("Search: X", "feed", "https://s.example/?q=X", family="Search"),
        SourceSpec("Inbox", "folder", "/inbox"),
    ]
    with office.store.write() as tx:
        found = tx.sources.sync(specs, office.clock.now())
        moved = PollFailure(office.clock.now(), office.clock.now(), "x", location="https://moved.example/rss")
        tx.sources.failed(found["Wire"].id, moved)
        tx.sources.add(SourceSpec("Private", "feed", "https://p.example/", chat="7", added=True), office.clock.now())
    secret = masked(
        {
            "https://masked.example/": Access("https://masked.example/hunter2"),
            "https://h.example/": Access("https://h.example/", {"X-Key": "hunter2"}),
        }
    )
    result = exported(rows(office), configured, secret)
    assert {(one.title, one.xml_url, one.folder) for one in result.outlines} == {
        ("Wire", "https://moved.example/rss", ""),
        ("Listed", "https://l.example/", "A/B"),
        ("", "https://u.example/", ""),
        ("Headers only", "https://h.example/", ""),
    }
    assert (result.secret, result.searched) == (3, 1)


def test_finding_by_name_address_family_and_case(office: Office) -> None:
    all_rows = rows(office)
    assert [row.spec.name for row in find(all_rows, "Wire")] == ["Wire"]
    assert [row.spec.name for row in find(all_rows, "https://post.example/rss")] == ["Post"]
    assert [row.spec.name for row in find(all_rows, "wIRE")] == ["Wire"]
    assert find(all_rows, "Nobody") == []
    fresh = [SourceSpec("Fresh", "feed", "https://fresh.example/")]
    assert known(all_rows, fresh, "https://fresh.example/") == "Fresh"
    assert known(all_rows, fresh, "https://wire.example/rss") == "Wire"
    assert known(all_rows, fresh, "https://other.example/") == ""
