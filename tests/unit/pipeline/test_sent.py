"""What a chat sends is news for that chat alone."""

from datetime import timedelta

from tests.unit.pipeline.conftest import Office, news
from watchbot.model.item import CutDocument, Item, RawDocument
from watchbot.model.reason import Reason
from watchbot.pipeline.ingest import Ingest, Taken
from watchbot.pipeline.sent import came_of, spec_of, take_sent
from watchbot.sources.cut import cut

PASTED = """Evening digest

Hon Hai adds two lines in Houston
The company said that both lines start in spring.
https://example.com/hon-hai

A bakery opens in Tainan
It sells pineapple cakes.
"""


def send(office: Office, chat: str, text: str, name: str = "message.txt") -> Taken:
    """Send a text as the bot would take it in."""
    body = text.encode()
    items = cut(RawDocument("sent here", body, "", office.clock.now(), name=name))
    ingest = Ingest(office.store, office.directory, office.clock)
    with office.store.write() as tx:
        return take_sent(tx, ingest, spec_of(chat), items, body, name, office.clock.now())[1]


def sources_of(office: Office, chat: str) -> list[str]:
    """The source names on the cards of a chat."""
    with office.store.read() as tx:
        return [report.source for row in tx.alerts.last(50) if row.chat == chat for report in row.card.reports]


def test_a_pasted_page_is_told_in_its_chat_only(office: Office) -> None:
    taken = send(office, "7", PASTED)
    assert (taken.items, taken.new, taken.told) == (2, 2, 1)
    assert office.cards("7") == ["Hon Hai adds two lines in Houston"]
    assert office.cards("console") == office.cards("8") == []


def test_the_same_text_again_does_nothing_there_and_is_news_elsewhere(office: Office) -> None:
    send(office, "7", PASTED)
    assert send(office, "7", PASTED).same_file
    assert send(office, "8", PASTED).told == 1  # the watchlist of chat 8 reads the Post only, but hears its own chat
    assert office.cards("7") == office.cards("8") == ["Hon Hai adds two lines in Houston"]


def test_what_is_sent_is_never_old(office: Office) -> None:
    old = Item("x", "Foxconn was founded", "Half a century ago.", published=office.clock.now() - timedelta(days=9000))
    ingest = Ingest(office.store, office.directory, office.clock)
    with office.store.write() as tx:
        take_sent(tx, ingest, spec_of("7"), CutDocument((old,)), b"x", "x.txt", office.clock.now())
        (alert,) = tx.alerts.last(9)
    assert not alert.card.old


def test_a_public_report_of_what_was_sent_names_no_private_source(office: Office) -> None:
    send(office, "7", "Foxconn opens a plant in Kaohsiung\nMy own remark beside it.\nhttps://news.example/1\n")
    office.take("Wire", news(1, "Foxconn opens a plant in Kaohsiung", "It makes servers.", "https://news.example/1"))
    assert office.cards("console") == ["Foxconn opens a plant in Kaohsiung"]
    assert sources_of(office, "console") == ["Wire"]
    with office.store.read() as tx:
        console = next(row for row in tx.alerts.last(9) if row.chat == "console")
    assert "remark" not in console.card.teaser.text
    assert sources_of(office, "7") == ["sent here", "Wire"]


def test_a_private_report_of_public_news_is_named_in_its_chat_only(office: Office) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant in Kaohsiung", "It makes servers.", "https://news.example/1"))
    send(office, "7", "Foxconn opens a plant in Kaohsiung\nIt makes servers.\nhttps://news.example/1\n")
    assert sources_of(office, "console") == ["Wire"]
    assert sources_of(office, "7") == ["Wire", "sent here"]


def test_what_came_of_it_is_counted_by_reason(office: Office) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant in Kaohsiung", "It makes servers.", "https://news.example/1"))
    cut = CutDocument(
        (
            news(1, "Foxconn opens a plant in Kaohsiung", "It makes servers.", "https://news.example/1"),
            news(2, "Hon Hai adds two lines in Houston"),
            news(3, "A bakery opens in Tainan"),
            news(4, "It rains"),
        )
    )
    ingest = Ingest(office.store, office.directory, office.clock)
    with office.store.write() as tx:
        source, _taken = take_sent(tx, ingest, spec_of("7"), cut, b"x", "x.txt", office.clock.now())
        came = came_of(tx, office.directory, "7", source, cut.items, office.clock.now())
    assert sum(came.reasons.values()) == 4
    assert came.reasons[Reason.FIRST_REPORT] == 1
    assert came.reasons[Reason.NO_MATCH] == 2
    assert came.untold == "Foxconn opens a plant in Kaohsiung"  # told before, which /why explains
    office.clock.move(60)
    with office.store.write() as tx:
        later = came_of(tx, office.directory, "7", source, cut.items, office.clock.now())
    assert (later.reasons[Reason.FIRST_REPORT], later.reasons[Reason.ALREADY_TOLD]) == (0, 2)
    with office.store.write() as tx:  # the other chat's watches are no reason of this one's
        elsewhere = came_of(tx, office.directory, "99", source, cut.items, office.clock.now())
    assert elsewhere.reasons == {Reason.NO_MATCH: 4}


def test_everyones_news_are_told_to_all(office: Office) -> None:
    ingest = Ingest(office.store, office.directory, office.clock)
    cut = CutDocument((news(2, "Hon Hai adds two lines in Houston"),))
    with office.store.write() as tx:
        take_sent(tx, ingest, spec_of(""), cut, b"x", "x.txt", office.clock.now())
    assert office.cards("7") == office.cards("console") == ["Hon Hai adds two lines in Houston"]
