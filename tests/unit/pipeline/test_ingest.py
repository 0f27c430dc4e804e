"""Documents in, alerts queued: identity, sources, reasons, and all of it in one transaction."""

from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import WATCHES, Office, news, settings
from watchbot.model.alert import State
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.watch import Watchlist
from watchbot.pipeline import telling
from watchbot.pipeline.directory import Directory
from watchbot.store.items import SqlItems
from watchbot.store.outbox import SqlOutbox


def reasons(office: Office, item: int) -> dict[str, Reason]:
    """What was decided about an item, by chat."""
    with office.store.read() as tx:
        return {decision.chat: decision.reason for decision in tx.alerts.decisions(item)}


def test_a_matching_item_is_told_to_every_chat_of_its_watchlists(office: Office) -> None:
    taken = office.take("Wire", news(1, "Foxconn opens a plant"), news(2, "A bakery opens"))
    assert (taken.items, taken.new, taken.matched, taken.told, taken.told_items) == (2, 2, 1, 2, 1)
    assert office.cards("console") == office.cards("7") == ["Foxconn opens a plant"]
    assert office.cards("8") == []
    assert reasons(office, 1) == {
        "console": Reason.FIRST_REPORT,
        "7": Reason.FIRST_REPORT,
        "8": Reason.NOT_ITS_SOURCE,
    }


def test_the_first_poll_is_stored_and_not_told(office: Office) -> None:
    taken = office.take("Wire", news(1, "Foxconn opens a plant"), baseline=True)
    assert (taken.new, taken.told) == (1, 0)
    assert reasons(office, 1)["console"] is Reason.BASELINE
    assert office.take("Wire", news(1, "Foxconn opens a plant")).told == 0
    assert office.take("Wire", news(3, "Foxconn hires")).told == 2


@pytest.mark.parametrize(("source", "told"), [("Inbox", 2), ("Post", 3)])
def test_what_stood_in_a_baseline_is_told_when_it_comes_as_new(office: Office, source: str, told: int) -> None:
    body = "Foxconn opened a plant in Kaohsiung on Friday."
    office.take("Wire", Item("g", "", body), baseline=True)
    assert office.take("Wire", Item("g", "", body)).told == 0
    assert office.take(source, Item("h", "", body)).told == told
    assert office.take(source, Item("h", "", body)).told == 0


@pytest.mark.parametrize(
    "again",
    [
        news(1, "Foxconn opens a plant"),
        news(9, "Other words for it", url="https://news.example/1?utm_source=x", guid="guid-1"),
        news(9, "Foxconn opens a plant", url="https://news.example/1?fbclid=abc"),
    ],
    ids=["same guid", "same guid, edited", "same address, other guid, same headline"],
)
def test_the_same_item_of_one_source_is_told_once(office: Office, again: Item) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant"))
    taken = office.take("Wire", again)
    assert (taken.new, taken.told) == (0, 0)
    assert len(office.cards("7")) == 1


def test_entries_that_share_one_address_are_not_one_item(office: Office) -> None:
    page = "https://news.example/latest"
    first = office.take("Wire", news(1, "Foxconn opens", url=page), news(2, "Foxconn hires", url=page))
    assert first.new == 2
    assert office.take("Wire", news(3, "Foxconn builds", url=page)).new == 1
    assert office.cards("7") == ["Foxconn opens", "Foxconn hires", "Foxconn builds"]


def test_a_further_source_is_named_in_the_message(office: Office) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant"))
    office.take("Post", news(5, "Foxconn opens a plant", url="https://www.news.example/1?utm_medium=rss"))
    with office.store.read() as tx:
        alert = next(row for row in tx.alerts.last(10) if row.chat == "7")
        rows = tx.outbox.counts()
    assert [report.source for report in alert.card.reports] == ["Wire", "Post"]
    assert rows[State.PENDING] == 3  # the two unsent sends were replaced in place, chat 8 has its own
    assert office.cards("8") == ["Foxconn opens a plant"]


def test_a_source_named_twice_is_named_once(office: Office) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant"))
    for _ in range(2):
        office.take("Post", news(5, "Foxconn opens a plant", url="https://news.example/1"))
    with office.store.read() as tx:
        alert = next(row for row in tx.alerts.last(10) if row.chat == "7")
    assert len(alert.card.reports) == 2


def test_an_edited_item_tells_only_who_was_not_told(office: Office) -> None:
    office.take("Wire", news(1, "A plant opens in Kaohsiung"))
    assert office.cards("7") == []
    assert office.take("Wire", news(1, "Foxconn plant opens in Kaohsiung")).told == 2
    assert office.take("Wire", news(1, "Foxconn plant opens in Tainan")).told == 0


def test_an_excluded_item_is_not_told(office: Office) -> None:
    assert office.take("Wire", news(1, "A drama about DRAM engineers")).told == 0


def test_nothing_is_kept_of_a_transaction_that_fails(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(telling, "build", broken)
    with pytest.raises(RuntimeError):
        office.take("Wire", news(1, "A bakery"), news(2, "Foxconn opens a plant"))
    monkeypatch.undo()
    with office.store.read() as tx:
        assert tx.items.count() == 0
    assert office.take("Wire", news(1, "A bakery"), news(2, "Foxconn opens a plant")).told == 2


def test_a_chat_that_got_another_key_while_news_waited_for_its_turn(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.directory = Directory(settings((Watchlist("w1", "desk", WATCHES, chats=("@desk",)),), tmp_path))
    office.take("Wire", news(1, "Foxconn opens a plant in Brno"))
    real, moves = SqlItems.known, ["@desk"]

    def known(items: SqlItems, keys: list[str]) -> dict[str, int]:
        if moves:  # what this transaction had to wait for: the id behind the name became known
            SqlOutbox(items._connection).rekey(moves.pop(), "-1007")
        return real(items, keys)

    monkeypatch.setattr(SqlItems, "known", known)
    office.take("Post", news(2, "Foxconn opens a plant in Brno"))
    with office.store.read() as tx:
        alerts = [(row.chat, [report.source for report in row.card.reports]) for row in tx.alerts.last(9)]
    assert alerts == [("-1007", ["Wire", "Post"])]
