"""What 👎 offers is kept: it changes what is told next, for a chat's watch and a file's, also after a restart."""

import base64
import json
from dataclasses import replace
from typing import NamedTuple

import pytest

from tests.unit.bot.conftest import OWNER, Desk
from tests.unit.bot.test_alert_talk import HOTEL, alert, complain, rules, watch
from tests.unit.pipeline.conftest import news
from watchbot.bot.handlers import Handlers
from watchbot.model.item import Item
from watchbot.model.watch import Priority, Watch, Watchlist
from watchbot.pipeline.directory import Directory

OWN = str(OWNER)
APPLE = Watch("apple", "Apple", names=("Apple",))
LIST = f"We list them all. {'Some words follow. ' * 30}One is by Apple."
PHONE = "Apple shows a phone that folds"


class Case(NamedTuple):
    """A complaint about the first item, the offer that is kept, and an item that is told no more."""

    complaint: str
    offer: str
    first: Item
    later: Item


CASES = {
    "exclude": Case(
        "Wrong company", "Exclude “Apple Hospitality”", news(1, HOTEL), news(2, "Apple Hospitality opens an inn")
    ),
    "context": Case("Wrong company", "Only with “shares”", news(1, HOTEL), news(2, "Apple pie wins a prize in Kent")),
    "level": Case(
        "Wrong company", "Only as main", news(1, "Phones of the week", LIST), news(2, "Watches of May", LIST)
    ),
    "source": Case("Old", "this source only in the digest", news(1, HOTEL), news(2, PHONE)),
    "mute_source": Case("Old", "Mute the source", news(1, HOTEL), news(2, PHONE)),
    "deliver": Case("Boring", "digest only", news(1, HOTEL), news(2, PHONE)),
    "mentions": Case("Boring", "no mentions", news(1, HOTEL), news(2, "Phones of the week", LIST)),
    "mute_watch": Case("Boring", "Mute Apple", news(1, HOTEL), news(2, PHONE)),
    "updates": Case(
        "Duplicate",
        "no updates",
        news(1, "Apple to build AI server plant in Houston"),
        news(2, "Unions at Apple plant in Houston ask for talks on pay and shifts"),
    ),
}

AGAIN = {"updates": news(3, "Houston mayor visits the site of the Apple server plant")}


def restart(desk: Desk, watches: tuple[Watch, ...] | None = None) -> None:
    """The same database with a new directory, as after a restart; with `watches` the file has these."""
    old = desk.directory.settings
    lists = old.watchlists if watches is None else (replace(old.watchlists[0], watches=watches),)
    desk.directory = Directory(replace(old, watchlists=lists), companies=desk.tools.catalogue.companies())
    with desk.store.read() as tx:
        desk.directory.refresh(tx)
    desk.tools = replace(desk.tools, directory=desk.directory, settings=desk.directory.settings)
    desk.handlers = Handlers(desk.tools, lambda: None)


def add(desk: Desk, watch: Watch) -> None:
    """A watch of the owner's chat."""
    with desk.store.write() as tx:
        tx.chats.add_watch(OWN, watch, desk.clock.now())


def told(desk: Desk, item: Item) -> bool:
    """Whether an item comes to the owner's chat at once."""
    desk.take("Wire", item)
    return any(one.alert and one.chat == OWN for one in desk.deliver())


@pytest.fixture(params=["chat", "file"])
def apple(request: pytest.FixtureRequest, desk: Desk) -> Desk:
    """A desk whose owner watches Apple, by a watch of the chat or by one of a file."""
    if request.param == "chat":
        add(desk, APPLE)
    else:
        desk.directory.settings = replace(
            desk.directory.settings, watchlists=(Watchlist("w1", "desk", (APPLE,), chats=(OWN,)),)
        )
        restart(desk)
    return desk


@pytest.mark.parametrize("name", CASES)
def test_a_kept_offer_changes_what_is_told_next(apple: Desk, name: str) -> None:
    case = CASES[name]
    apple.take("Wire", case.first)
    (message,) = apple.deliver()
    offers = complain(apple, message, case.complaint)
    apple.press(offers, case.offer)
    assert "✓" in offers.text
    restart(apple)
    assert not told(apple, case.later)
    apple.press(offers, "↶ Undo")
    assert "✓" not in offers.text
    restart(apple)
    assert told(apple, AGAIN.get(name) or replace(case.later, id="3", url="", title=f"Once more: {case.later.title}"))


@pytest.mark.parametrize("name", [name for name in CASES if not name.startswith("mute")])
def test_list_and_export_name_what_was_kept(apple: Desk, name: str) -> None:
    case = CASES[name]
    apple.take("Wire", case.first)
    (message,) = apple.deliver()
    plain = apple.says("/list")[0].text
    apple.press(complain(apple, message, case.complaint), case.offer)
    assert apple.says("/list")[0].text != plain
    words = {"exclude": "Apple Hospitality", "context": "shares", "level": "level: main", "source": "Wire"}
    words |= {"deliver": "deliver: digest", "mentions": "mentions: 'off'", "updates": "updates: 'off'"}
    text, file = apple.says("/export")
    assert words[name] in base64.b64decode(json.loads(file.file)["body_base64"]).decode()
    assert ("to paste" in text.text or "for pasting" in text.text) is (
        apple.directory.settings.watchlists[0].watches == (APPLE,)
    )


def test_a_further_word_to_ask_for_takes_the_place_of_one_that_did_not_help(apple: Desk) -> None:
    first = complain(apple, alert(apple, HOTEL), "Wrong company")
    apple.press(first, "Only with “shares”")
    second = complain(apple, alert(apple, "Apple orchards sell shares to villagers in Kent", 2), "Wrong company")
    apple.press(second, "Only with “revenue”")
    apple.press(second, "Only with “CEO”")
    assert not told(apple, news(3, "Apple growers in Norfolk hold shares in a cider mill"))
    assert told(apple, news(4, "Apple says its revenue doubled in Peru"))
    assert told(apple, news(5, "A new CEO for Apple, writes a paper in Rome"))
    for label in ("Undo: Only with “revenue”", "Undo: Only with “CEO”"):
        assert not told(apple, news(6, "Apple growers in Devon hold shares in a jam mill"))
        apple.press(second, label)
    assert told(apple, news(7, "Apple growers in Wales hold shares in a press"))
    assert not told(apple, news(8, "Apple trees bloom early in Tokyo"))


def test_a_digest_is_not_offered_for_what_rings_through_it(desk: Desk) -> None:
    add(desk, replace(APPLE, priority=Priority.HIGH))
    message = alert(desk, HOTEL)
    assert complain(desk, message, "Boring").buttons == ["Apple: no mentions", "Mute Apple"]
    assert complain(desk, message, "Old").buttons == ["Mute the source Wire"]


def test_watches_of_one_name_have_one_button(desk: Desk) -> None:
    add(desk, Watch("foxconn", "Foxconn", names=("Foxconn",)))
    message = alert(desk, "Foxconn Interconnect wins an order for plugs")
    assert complain(desk, message, "Boring").buttons == ["Foxconn: digest only", "Foxconn: no mentions", "Mute Foxconn"]
    offers = complain(desk, message, "Wrong company")
    assert offers.buttons[0] == "Exclude “Foxconn Interconnect”"
    desk.press(offers, "Exclude “Foxconn Interconnect”")
    assert offers.text.count("✓") == 1
    assert "in the file it is written" in offers.text
    assert not told(desk, news(2, "Foxconn Interconnect moves to a new tower in Taipei"))
    desk.press(offers, "Undo")
    assert (watch(desk).exclude, rules(desk)) == ((), [])
    assert told(desk, news(3, "Foxconn Interconnect buys a maker of glass in Denmark"))


def test_a_watch_that_the_file_lost_keeps_nothing(desk: Desk) -> None:
    offers = complain(desk, alert(desk, "Foxconn Interconnect wins an order for plugs"), "Wrong company")
    restart(desk, ())
    assert desk.press(offers, "Exclude") == []
    assert desk.toast == "This watch is gone."
    assert rules(desk) == []


def test_a_phrase_that_would_take_nothing_away_is_not_offered(desk: Desk) -> None:
    add(desk, Watch("sony", "Sony", names=("Sony",)))
    offers = complain(desk, alert(desk, "#Sony state park opens to campers"), "Wrong company")
    assert not any("Exclude" in label for label in offers.buttons)


def test_an_offer_names_the_company_in_the_language_of_the_chat(desk: Desk) -> None:
    company = desk.tools.catalogue.resolve("Foxconn")
    assert company is not None
    restart(desk, (Watch("foxconn", "Foxconn", names=("Foxconn",), company=company.id),))
    with desk.store.write() as tx:
        tx.chats.set(OWN, "language", "zh-TW")
    message = alert(desk, "A strike closes a plant that Foxconn runs")
    assert "鴻海" in message.text
    desk.press(message, "👎")
    offers = next(one for one in desk.press(message, "不重要") if one is not message)
    assert offers.buttons[0] == "鴻海：只放進摘要"


def test_what_follows_a_duplicate_is_kept_silent(desk: Desk) -> None:
    add(desk, APPLE)
    alert(desk, PHONE, 5)
    message = alert(desk, CASES["updates"].first.title)
    offers = complain(desk, message, "Duplicate")
    desk.press(offers, f"Same as: {PHONE}")
    assert "is kept silent here" in offers.text
    assert not told(desk, CASES["updates"].later)
    came = desk.press(offers, "Undo: Same as")
    assert any("1 alert held back" in one.text for one in came)
    assert told(desk, news(4, "Houston mayor visits the site of the Apple server plant"))


def test_undo_after_the_time_is_over_offers_what_was_held_back(desk: Desk) -> None:
    message = alert(desk, "Foxconn buys a harbour")
    desk.press(message, "Mute")
    desk.press(message, "1 h")
    assert not told(desk, news(2, "A fire stops Foxconn in Zhengzhou for days"))
    desk.clock.move(3700)
    came = [one for one in desk.press(message, "undo") if one is not message]
    assert any("1 alert held back" in one.text for one in came)


def test_mute_leaves_the_mute_of_another_watch_as_it_is(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.wishes.mute(OWN, "watch", "w1/memory", "Memory", None, OWNER, desk.clock.now())
    desk.clock.move(60)
    message = alert(desk, "Foxconn buys DRAM makers")
    desk.press(message, "Mute")
    desk.press(message, "1 h")
    assert "Memory" not in desk.toast
    desk.press(message, "undo")
    with desk.store.read() as tx:
        assert [(mute.target, mute.until) for mute in tx.wishes.mutes()] == [("w1/memory", None)]
