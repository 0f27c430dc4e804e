"""News that a chat's own source brought first and a public one later: everyone's as soon as it is public.

The chat's own words stay its own, and nobody is told twice."""

from tests.unit.pipeline.conftest import Office, news
from watchbot.model.item import CutDocument, Item
from watchbot.model.records import SourceRow, SourceSpec
from watchbot.model.watch import Watch
from watchbot.pipeline import finding, whying
from watchbot.pipeline.ingest import Ingest

PLANT = "Foxconn to build AI server plant in Houston"
LINK = "https://news.example/plant"
MINE = news(1, PLANT, "quagga: what only the letter says", LINK)
PUBLIC = news(2, PLANT, "It will cost 500 million dollars.", LINK)


def own_source(office: Office, chat: str = "8") -> SourceRow:
    """A source of one chat, which watches Foxconn."""
    spec = SourceSpec(f"Letter {chat}", "folder", f"/letter{chat}", chat=chat, added=True)
    with office.store.write() as tx:
        tx.chats.add_watch(chat, Watch("foxconn", "Foxconn", names=("Foxconn",)), office.clock.now())
        return tx.sources.add(spec, office.clock.now())[0]


def sends(office: Office, row: SourceRow, *items: Item) -> None:
    """The chat's own source brings this."""
    Ingest(office.store, office.directory, office.clock).take(row, CutDocument(items))


def test_it_is_found_and_explained_everywhere_in_the_public_words(office: Office) -> None:
    sends(office, own_source(office), MINE)
    with office.store.read() as tx:
        assert finding.search(tx, "7", "plant").found == ()
    office.take("Wire", PUBLIC)
    assert office.cards("7") == [PLANT]
    with office.store.read() as tx:
        for words in ("plant Houston", "500 million"):
            (found,) = finding.search(tx, "7", words).found
            assert (found.headline, found.source) == (PLANT, "Wire")
        assert finding.search(tx, "7", "quagga").found == ()
        assert [one.source for one in finding.search(tx, "8", "quagga").found] == ["Letter 8"]
        alert = tx.alerts.latest("7", 1)[0]
        facts = whying.why(tx, office.directory, alert)
        assert facts.item is not None
        assert facts.item.body == PUBLIC.body
        assert [part.source for part in facts.parts] == ["Wire"]
        assert facts.parts[0].verdict == ""
        assert whying.why_not(tx, office.directory, "7", LINK, office.clock.now()).source == "Wire"


def test_who_sent_it_is_told_once(office: Office) -> None:
    letter = own_source(office)
    sends(office, letter, MINE)
    office.take("Wire", PUBLIC)
    office.take("Post", news(3, PLANT, "And Post says so.", LINK))
    assert office.cards("8") == [PLANT]
    assert office.cards("7") == [PLANT]
    office.take("Wire", PUBLIC)
    sends(office, letter, MINE)
    assert office.cards("8") == [PLANT]
    with office.store.read() as tx:
        assert tx.items.count() == 2


def test_two_chats_that_bring_the_same_know_nothing_of_each_other(office: Office) -> None:
    sends(office, own_source(office, "8"), MINE)
    sends(office, own_source(office, "9"), news(5, PLANT, "okapi: another letter", LINK))
    assert office.cards("8") == office.cards("9") == [PLANT]
    with office.store.read() as tx:
        for chat, own, other in (("8", "quagga", "okapi"), ("9", "okapi", "quagga")):
            assert len(finding.search(tx, chat, own).found) == 1
            assert finding.search(tx, chat, other).found == ()


def test_a_sent_text_does_not_bring_strange_stories_together(office: Office) -> None:
    both = news(1, "Foxconn to build a plant in Houston; DRAM contract prices rise 20 percent in December", "x " * 30)
    sends(office, own_source(office), both)
    office.take("Wire", news(2, "Foxconn to build a plant in Houston, Texas"))
    office.take("Wire", news(3, "DRAM contract prices rise 20 percent in December, says TrendForce"))
    with office.store.read() as tx:
        stories = {alert.story for alert in tx.alerts.latest("7", 10)}
    assert len(stories) == len(office.cards("7")) == 2
