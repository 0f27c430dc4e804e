"""The facts behind an alert and behind what did not come, for one chat alone."""

from datetime import timedelta

import pytest

from tests.unit.pipeline.conftest import Office, news
from tests.unit.pipeline.test_stories_told import HIRES, PLANT, PLANT_TOO, send_all
from watchbot.model.item import CutDocument
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, SourceSpec
from watchbot.model.watch import Kind, Level
from watchbot.pipeline import whying
from watchbot.pipeline.ingest import Ingest

FOLLOWING = (
    "Unions at Foxconn plant in Houston ask for talks on pay and shifts",
    "Houston mayor visits the site of the Foxconn server plant",
    "Foxconn plant in Houston gets a tax break for server lines",
    "Foxconn looks for engineers to build servers in Houston",
    "Roads near the Houston server plant of Foxconn get widened",
    "Foxconn names a manager for its AI server plant in Houston",
)


def alert(office: Office, chat: str = "7") -> AlertRow:
    """The first alert of a chat."""
    with office.store.read() as tx:
        return next(row for row in reversed(tx.alerts.last(100)) if row.chat == chat)


def test_why_an_alert_came(office: Office) -> None:
    item = news(1, PLANT)
    office.take("Wire", item)
    office.clock.move(3)
    send_all(office, "7")
    with office.store.read() as tx:
        facts = whying.why(tx, office.directory, alert(office))
    (fired,) = facts.fired
    assert (fired.label, fired.key, fired.watchlist, fired.locked) == ("Foxconn", "w1", "desk", True)
    assert (fired.match.level, fired.match.spans[0].kind, fired.match.spans[0].text) == (
        Level.MAIN,
        Kind.NAME,
        "Foxconn",
    )
    assert [source.name for source in facts.sources] == ["Wire"]
    assert facts.seen is not None
    assert facts.sent == facts.seen + timedelta(seconds=8)
    assert [part.number for part in facts.parts] == [1]
    assert facts.later == ()


def test_what_was_folded_says_by_what(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    send_all(office, "7")
    office.take("Post", news(2, PLANT_TOO))
    office.take("Wire", news(3, HIRES))
    with office.store.read() as tx:
        facts = whying.why(tx, office.directory, alert(office))
    first, second, third = facts.parts
    assert (first.verdict, first.because) == ("", "")
    assert (second.verdict, second.source) == ("same", "Post")
    assert second.score >= second.threshold > 0
    assert "Foxconn" in second.terms
    assert third.verdict == "related"
    assert facts.later == ()  # the second is named in the message, the third came as an alert of its own


def test_follow_ups_beyond_three_stand_behind_a_button(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    for number, word in enumerate(FOLLOWING, start=2):
        office.take("Wire", news(number, word))
    row = alert(office)
    with office.store.read() as tx:
        facts = whying.why(tx, office.directory, row)
    related = [part for part in facts.parts if part.verdict == "related"]
    assert row.card.later == len(facts.later) == max(0, len(related) - 3) > 0


def test_a_private_source_is_left_out_of_another_chats_story(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    spec = SourceSpec("Letter", "folder", "/letter", chat="8", added=True)
    with office.store.write() as tx:
        row, _new = tx.sources.add(spec, office.clock.now())
    Ingest(office.store, office.directory, office.clock).take(row, CutDocument((news(2, PLANT_TOO),)))
    with office.store.read() as tx:
        story = alert(office).story
        assert [part.headline for part in whying.parts(tx, story, "7")] == [PLANT]
        assert whying.why_not(tx, office.directory, "7", "https://news.example/2", office.clock.now()).seen is None
        assert whying.why_not(tx, office.directory, "7", PLANT_TOO, office.clock.now()).seen is None


@pytest.mark.parametrize(("text", "found"), [("{id}", True), ("#{id}", True), ("s1", True), ("story 1", True)])
def test_an_id_means_an_alert_of_this_chat(office: Office, text: str, found: bool) -> None:
    office.take("Wire", news(1, PLANT))
    mine = alert(office)
    with office.store.read() as tx:
        assert whying.alert_of(tx, "7", text.format(id=mine.id)) == mine
        assert whying.alert_of(tx, "99", text.format(id=mine.id)) is None
    assert whying.is_id("s1")
    assert not whying.is_id("s1 moves")


def test_why_not(office: Office) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant"), baseline=True)
    now = office.clock.now()
    with office.store.read() as tx:
        known = whying.why_not(tx, office.directory, "7", "foxconn opens a plant", now)
        fresh = whying.why_not(tx, office.directory, "7", "Foxconn hires\nDRAM is short", now)
        near = whying.why_not(tx, office.directory, "7", "A drama about DRAM", now)
        other = whying.why_not(tx, office.directory, "8", "A drama about DRAM", now)
        link = whying.why_not(tx, office.directory, "7", "https://m.post.example/x", now)
        nowhere = whying.why_not(tx, office.directory, "7", "https://[broken/x", now)
    assert [(one.label, one.reason) for one in known.decided] == [("Foxconn", Reason.BASELINE)]
    assert (fresh.now, [fired.label for fired in fresh.fired]) == (Reason.FIRST_REPORT, ["Foxconn", "Memory"])
    assert (near.now, [missed.label for missed in near.missed]) == (Reason.NO_MATCH, ["Memory"])
    assert other.missed == ()  # that chat does not watch it
    assert (link.would, nowhere.would) == (("Post",), ())


def test_why_not_finds_what_has_no_headline_and_what_was_cut(office: Office) -> None:
    long = "A bakery opens beside the harbour of Kaohsiung, its owner says on the local radio in the morning"
    office.take("Wire", news(1, "", f"{long}. It sells cakes."), news(2, f"{long}, too"))
    with office.store.read() as tx:
        now = office.clock.now()
        for text in (long, f"{long}. It sells cakes.", "A bakery opens beside the harbour of Kaohsiung, its …"):
            assert whying.why_not(tx, office.directory, "7", text, now).source == "Wire", text
        assert whying.why_not(tx, office.directory, "7", "A bakery opens", now).source == ""  # might be any
