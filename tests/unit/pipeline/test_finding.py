"""Pages of the newest stories and of found items: each story once, nothing of other chats."""

from tests.unit.pipeline.conftest import Office, news
from tests.unit.pipeline.test_stories_told import PLANT, PLANT_TOO
from watchbot.model.item import CutDocument
from watchbot.model.records import SourceSpec
from watchbot.pipeline import finding
from watchbot.pipeline.ingest import Ingest


def test_a_story_is_listed_once(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, PLANT_TOO))
    with office.store.read() as tx:
        page = finding.latest(tx, office.directory, "7")
    assert [(one.headline, one.source, one.labels) for one in page.found] == [(PLANT, "Wire", ("Foxconn",))]
    assert (page.offset, page.more, page.found[0].alert > 0) == (0, False, True)


def test_another_chats_items_are_not_found(office: Office) -> None:
    with office.store.write() as tx:
        row, _new = tx.sources.add(SourceSpec("Letter", "folder", "/l", chat="8", added=True), office.clock.now())
    Ingest(office.store, office.directory, office.clock).take(row, CutDocument((news(2, PLANT_TOO),)))
    with office.store.read() as tx:
        assert finding.latest(tx, office.directory, "7").found == ()
        assert finding.search(tx, "7", "Houston").found == ()
        assert [one.headline for one in finding.search(tx, "8", "Houston").found] == [PLANT_TOO]
        assert [one.headline for one in finding.latest(tx, office.directory, "8").found] == [PLANT_TOO]


def test_what_another_chats_source_brought_too_is_shown_as_the_public_one_has_it(office: Office) -> None:
    office.take("Wire", news(2, PLANT, url="https://n.example/1"))
    with office.store.write() as tx:
        row, _new = tx.sources.add(SourceSpec("Letter", "folder", "/l", chat="8", added=True), office.clock.now())
    note = news(1, "My note: Foxconn goes to Houston", url="https://n.example/1")
    Ingest(office.store, office.directory, office.clock).take(row, CutDocument((note,)))
    with office.store.read() as tx:
        (found,) = finding.search(tx, "7", "Houston").found
    assert (found.headline, found.source) == (PLANT, "Wire")


def test_which_watch_a_name_means(office: Office) -> None:
    assert finding.watch_label(office.directory, "7", "hon hai") == "Foxconn"
    assert finding.watch_label(office.directory, "7", "desk") is None
    assert finding.labels(office.directory, "8") == ["Foxconn"]
