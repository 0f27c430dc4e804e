"""Placing items: each rule by itself. The streams are in tests/corpus."""

from datetime import UTC, datetime, timedelta

import pytest

from watchbot.catalogue.companies import Company, CompanyName
from watchbot.matching.matcher import Matcher
from watchbot.model.item import Item
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.grouping import Grouper, build
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.memory import MemoryShelf
from watchbot.stories.placer import Placer
from watchbot.stories.verdict import Placement, Rules, Verdict

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TAGGER = CompanyTagger([("foxconn", ["Foxconn", "Hon Hai", "鴻海"]), ("quanta", ["Quanta"]), ("micron", ["Micron"])])
PLANT = "Foxconn to build a server plant in Houston"


class Desk:
    """Places headlines one after the other."""

    def __init__(self) -> None:
        self.placer = Placer(MemoryShelf(), TAGGER)
        self.number = 0

    def take(self, title: str, hours: float = 0.0, source: str = "Wire", **fields: str) -> Placement:
        self.number += 1
        item = Item("x", title, fields.get("body", ""), document=fields.get("document", ""))
        return self.placer.place(item, self.number, source, NOW + timedelta(hours=hours))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_story_opens_with_new_and_says_why(desk: Desk) -> None:
    placed = desk.take(PLANT)
    assert (placed.verdict, placed.loud_again) == (Verdict.NEW, "")
    assert placed.because == "no story shares its rare words"


def test_the_same_news_in_other_words_is_folded(desk: Desk) -> None:
    first = desk.take(PLANT)
    other = desk.take("Hon Hai plans Houston factory for servers", 1, "Ledger")
    assert (other.verdict, other.story) == (Verdict.SAME, first.story)
    assert "foxconn" in other.terms
    assert other.score >= other.threshold


def test_a_number_in_common_is_written_out(desk: Desk) -> None:
    desk.take("Foxconn recalls 40,000 toasters in Ohio")
    other = desk.take("Hon Hai recalls 40,000 toasters: houses in Ohio burnt down", 1, "Ledger")
    assert "40,000" in other.terms


def test_the_same_headline_elsewhere_is_a_duplicate(desk: Desk) -> None:
    first = desk.take(PLANT)
    copy = desk.take(f"{PLANT.upper()} - Daily Star", 5, "Star")
    assert (copy.verdict, copy.story, copy.because) == (Verdict.DUPLICATE, first.story, "the same headline")


def test_a_headline_is_forgotten_after_the_window(desk: Desk) -> None:
    desk.take(PLANT)
    assert desk.take(PLANT, 73, "Star").verdict is Verdict.NEW


def test_a_story_lives_as_long_as_it_grows(desk: Desk) -> None:
    first = desk.take(PLANT)
    for hours in (60, 120, 180):
        assert desk.take(f"{PLANT}, day {hours}", hours, f"S{hours}").story == first.story


def test_companies_that_differ_never_meet(desk: Desk) -> None:
    desk.take("Foxconn says October revenue rose to a record on AI servers")
    assert desk.take("Quanta says October revenue rose to a record on AI servers", 1, "B").verdict is Verdict.NEW


def test_the_callers_companies_count_too() -> None:
    desk = Desk()
    item = Item("x", "Lens maker rises to a record on camera orders", "")
    desk.placer.place(item, 1, "A", NOW, frozenset({"gseo"}))
    other = Item("y", "Lens maker rises to record on camera orders again", "")
    assert desk.placer.place(other, 2, "B", NOW, frozenset({"largan"})).verdict is Verdict.NEW
    third = Item("z", "Lens maker at a record as camera orders rise", "")
    assert desk.placer.place(third, 3, "C", NOW, frozenset({"gseo"})).story == 1


def test_a_denial_is_loud_once(desk: Desk) -> None:
    first = desk.take("Micron in talks to sell Taichung test plant")
    denial = desk.take("Micron denies it is in talks to sell Taichung test plant", 2, "B")
    assert (denial.story, denial.loud_again) == (first.story, "correction")
    assert desk.take("Micron denies talks on sale of Taichung test plant", 3, "C").loud_again == ""


def test_a_story_that_opens_with_a_denial_is_not_loud_again(desk: Desk) -> None:
    desk.take("Micron denies it is in talks to sell Taichung test plant")
    assert desk.take("Micron denies talks to sell Taichung test plant", 1, "B").loud_again == ""


def test_silence_makes_loud_again(desk: Desk) -> None:
    desk.take(PLANT)
    assert desk.take(f"{PLANT}, mayor says", 23.9, "B").loud_again == ""
    assert desk.take(f"{PLANT}, governor says", 48, "C").loud_again == "silence"


@pytest.mark.parametrize(
    "title", ["Stock market live blog", "Morning briefing: what to watch today", "盤前必讀 11月3日", "Daily horoscope"]
)
def test_columns_are_no_duplicates(desk: Desk, title: str) -> None:
    stories = {desk.take(title, 24.0 * day).story for day in range(3)}
    assert len(stories) == 3


def test_instalments_with_headlines_of_their_own_are_apart(desk: Desk) -> None:
    desk.take("Morning Bid: Waiting for Jackson Hole")
    assert desk.take("Morning Bid: Oil shock meets bond rout", 24).verdict is Verdict.NEW


def test_blocks_of_a_page_are_never_duplicates(desk: Desk) -> None:
    first = desk.take("", body="Hon Hai opened its Tech Day in Taipei with a model factory.", document="p.txt")
    second = desk.take("", body="At the event Nvidia showed a cooled cluster for Kaohsiung.", document="p.txt")
    third = desk.take("", body="Quanta signed a lease in Fremont, it told visitors of the Tech Day.", document="p.txt")
    other = desk.take("", body="Harbour fees in Kaohsiung stay unchanged next year.", document="p.txt")
    assert [one.verdict for one in (first, second, third)] == [Verdict.NEW, Verdict.RELATED, Verdict.RELATED]
    assert second.story == third.story == first.story
    assert "tech day" in third.because
    assert other.verdict is Verdict.NEW


def test_an_event_joins_no_pages(desk: Desk) -> None:
    desk.take("", body="Hon Hai opened its Tech Day in Taipei with a model factory.", document="p.txt")
    other = desk.take("", body="Quanta signed a lease in Fremont, it told visitors of the Tech Day.", document="q.txt")
    assert other.verdict is Verdict.NEW


def test_one_shared_name_is_not_enough(desk: Desk) -> None:
    desk.take("Chris Brown trial put off until June")
    assert desk.take("Chris Martin writes a musical about trains", 1, "B").verdict is Verdict.NEW


def test_an_item_does_not_meet_itself(desk: Desk) -> None:
    item = Item("x", PLANT, "")
    first = desk.placer.place(item, 1, "Wire", NOW)
    assert desk.placer.place(item, 1, "Wire", NOW).verdict is not Verdict.DUPLICATE
    assert first.verdict is Verdict.NEW


def test_a_large_story_stays_small_on_the_shelf() -> None:
    shelf = MemoryShelf()
    placer = Placer(shelf, TAGGER)
    for number in range(120):
        text = f"{PLANT} number{number} says person{number} of place{number} and quality{number}"
        placer.place(Item("x", text, "body " * 400), number, f"S{number}", NOW)
    profile = shelf.profiles([1])[1]
    rules = Rules()
    assert len(profile.centre) <= rules.centre_terms
    assert len(profile.sources) <= rules.names


@pytest.mark.parametrize(
    "title", ["", " ", "!!!", "的", "a", "🚀🚀", "\ud83d", "x" * 100_000, "a - " * 5000, "鴻" * 5000]
)
def test_odd_headlines_are_placed(desk: Desk, title: str) -> None:
    assert desk.take(title, body="b").verdict is Verdict.NEW


def grouper() -> Grouper:
    company = Company("foxconn", "Foxconn", (CompanyName("Foxconn", "en", True), CompanyName("鴻海", "zh-TW", True)))
    return build([company])


def test_group_knows_exact_copies() -> None:
    group = grouper()
    first = group.take(Item("1", PLANT, "", url="https://a.example/x?utm_source=rss", source="A", published=NOW))
    again = group.take(Item("2", "Wholly other words", "", url="http://www.a.example/x/", source="B", published=NOW))
    assert (first["verdict"], again["verdict"], again["story"]) == ("new", "duplicate", first["story"])
    assert {"item", "story", "verdict", "score", "because"} <= set(first)


def test_group_takes_the_time_of_the_item_before() -> None:
    group = grouper()
    first = group.take(Item("1", PLANT, "", source="A", published=NOW))
    late = group.take(Item("2", f"{PLANT}, mayor says", "", source="B"))
    naive = (NOW + timedelta(hours=200)).replace(tzinfo=None)
    much_later = group.take(Item("3", f"{PLANT}, governor says", "", source="C", published=naive))
    assert late["story"] == first["story"]
    assert much_later["verdict"] == "new"


def test_group_uses_the_watchlists_companies() -> None:
    watch = Watch("gseo", "GSEO", names=("Genius Electronic Optical",), aliases=("玉晶光",))
    other = Watch("largan", "Largan", names=("Largan Precision",))
    lists = [Watchlist("k", "lenses", (watch, other))]
    matcher = Matcher()
    matcher.add("k", watch)
    matcher.add("k", other)
    group = build([], lists, matcher)
    text = "{} sees lens orders rise in the second half on new phones"
    first = group.take(Item("1", text.format("Genius Electronic Optical"), "", source="A", published=NOW))
    apart = group.take(Item("2", text.format("Largan Precision"), "", source="B", published=NOW))
    same = group.take(Item("3", text.format("玉晶光"), "", source="C", published=NOW))
    assert apart["verdict"] == "new"
    assert same["story"] == first["story"]
