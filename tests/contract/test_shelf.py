"""The shelf of stories: the same suite on SQLite, on PostgreSQL and in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.store_rows import NOW, at, source
from watchbot.model.item import Item
from watchbot.store import SqlStore, open_store
from watchbot.stories.companies import CompanyTagger
from watchbot.stories.memory import MemoryShelf
from watchbot.stories.placer import Placer
from watchbot.stories.shelf import Profile, Shelf, TitleOnShelf
from watchbot.stories.verdict import Placement, Verdict

HOUR = 3600.0
FOXCONN = CompanyTagger([("foxconn", ["Foxconn", "Hon Hai", "鴻海"]), ("quanta", ["Quanta Computer", "廣達"])])


class Place:
    """A shelf with the items of a store behind it. `turn` is one transaction."""

    def __init__(self, store: SqlStore | None, url: str = "") -> None:
        self.store = store
        self.url = url
        self.memory = MemoryShelf()
        self.numbers = 0

    @contextmanager
    def turn(self) -> Iterator[Shelf]:
        if self.store is None:
            yield self.memory
            return
        with self.store.write() as tx:
            yield tx.shelf

    def item(self, item: Item) -> int:
        """Store an item; gives its key."""
        self.numbers += 1
        if self.store is None:
            return self.numbers
        with self.store.write() as tx:
            return tx.items.add(item, source(tx).id, [f"g:{self.numbers}"], NOW, False)

    def take(self, title: str, seconds: float = 0.0, source_name: str = "Wire", **fields: str) -> Placement:
        """Store and place an item."""
        item = Item("x", title, fields.get("body", ""), document=fields.get("document", ""))
        key = self.item(item)
        with self.turn() as shelf:
            return Placer(shelf, FOXCONN).place(item, key, source_name, at(seconds))


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """A shelf of each kind."""
    if request.param == "memory":
        yield Place(None)
        return
    fixture = "sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    url = str(request.getfixturevalue(fixture))
    made = Place(open_store(url), url)
    yield made
    if made.store:
        made.store.close()


def test_terms_are_counted_per_item(place: Place) -> None:
    with place.turn() as shelf:
        assert (shelf.items(), shelf.counts(["plant"])) == (0, {})
        shelf.count(["plant", "texas"])
        shelf.count(["plant", "鴻海"])
    with place.turn() as shelf:
        assert shelf.items() == 2
        assert shelf.counts(["plant", "texas", "鴻海", "never"]) == {"plant": 2, "texas": 1, "鴻海": 1}


def test_a_profile_comes_back_as_it_was(place: Place) -> None:
    key = place.item(Item("1", "t", ""))
    with place.turn() as shelf:
        story = shelf.open(key, NOW)
        profile = Profile(
            story,
            NOW,
            at(5),
            2,
            {"plant": 0.5, "鴻海": 0.25},
            {"foxconn": 2},
            ["Wire"],
            ["Inbox\np.txt"],
            corrected=True,
        )
        shelf.save(profile, ["plant"], at(5))
    with place.turn() as shelf:
        assert shelf.profiles([story, story + 77]) == {story: profile}
        assert shelf.stories_of("Inbox\np.txt") == [story]
        assert shelf.stories_of("Other\np.txt") == []


def test_stories_are_found_by_term_the_latest_first(place: Place) -> None:
    stories = []
    for number in range(4):
        key = place.item(Item(str(number), "t", ""))
        with place.turn() as shelf:
            story = shelf.open(key, NOW)
            shelf.save(Profile(story, NOW, at(number)), ["plant", f"only{number}"], at(number))
            stories.append(story)
    with place.turn() as shelf:
        assert shelf.stories_with(["plant", "only1", "never"], at(0), 9) == {
            "plant": stories[::-1],
            "only1": [stories[1]],
            "never": [],
        }
        assert shelf.stories_with(["plant"], at(0), 2) == {"plant": [stories[3], stories[2]]}
        assert shelf.stories_with(["plant"], at(2), 9) == {"plant": [stories[3], stories[2]]}
        assert shelf.stories_with([], at(0), 9) == {}
        shelf.save(Profile(stories[0], NOW, at(9)), ["plant"], at(9))
        assert shelf.stories_with(["plant"], at(0), 9)["plant"] == [stories[0], *stories[:0:-1]]


def test_headlines_are_known_inside_the_window(place: Place) -> None:
    key = place.item(Item("1", "t", ""))
    with place.turn() as shelf:
        told = TitleOnShelf(shelf.open(key, NOW), key, "Wire", "body", NOW)
        shelf.add_title("x" * 5000, told)
        assert shelf.title("x" * 5000, at(-1)) == told
        assert shelf.title("x" * 5000, at(1)) is None
        assert shelf.title("y" * 5000, at(-1)) is None


def test_why_is_kept(place: Place) -> None:
    key = place.item(Item("1", "t", ""))
    with place.turn() as shelf:
        assert shelf.why(key) is None
        shelf.note(key, {"verdict": "same", "terms": ["鴻海"], "score": 0.5}, NOW)
        shelf.note(key, {"verdict": "new", "terms": []}, NOW)
        assert shelf.why(key) == {"verdict": "new", "terms": []}


def test_a_stream_is_placed_alike_everywhere(place: Place) -> None:
    stream = [
        ("Foxconn to build a server plant in Houston", "A", 0.0),
        ("Hon Hai plans Houston server factory", "B", 60.0),
        ("Quanta Computer to build a server plant in Houston", "C", 90.0),
        ("鴻海擬於休士頓興建伺服器廠", "D", 120.0),
        ("Foxconn to build a server plant in Houston - Daily Wire", "E", 180.0),
        ("Harbour fees in Kaohsiung stay unchanged", "A", 200.0),
        ("Foxconn denies plan for server plant in Houston", "F", 5 * HOUR),
        ("Foxconn to build a server plant in Houston", "G", 30 * 24 * HOUR),
    ]
    placed = [place.take(title, seconds, name) for title, name, seconds in stream]
    first = placed[0].story
    assert [one.verdict.value for one in placed] == [
        "new", "same", "new", "same", "duplicate", "new", "same", "new",
    ]  # fmt: skip
    assert [one.story == first for one in placed] == [True, True, False, True, True, False, True, False]
    assert placed[6].loud_again == "correction"
    assert "houston" in placed[1].terms
    assert placed[1].score >= placed[1].threshold > 0


def test_a_restart_forgets_nothing(place: Place) -> None:
    first = place.take("Foxconn to build a server plant in Houston")
    if place.store is not None:
        place.store.close()
        place.store = open_store(place.url)
    again = place.take("Foxconn to build a server plant in Houston", 60.0, "Other")
    assert (again.verdict, again.story) == (Verdict.DUPLICATE, first.story)


def test_the_items_of_a_story_are_written_down(place: Place) -> None:
    if place.store is None:
        pytest.skip("memory keeps no items")
    first = place.take("Foxconn to build a server plant in Houston")
    place.take("Hon Hai plans Houston server factory", 60.0, "B")
    with place.store.read() as tx:
        keys = tx.stories.items(first.story)
        assert len(keys) == 2
        why = tx.shelf.why(keys[1])
    assert why is not None
    assert why["verdict"] == "same"


def test_old_shelf_rows_are_forgotten(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchbot.store.shelf.TIDY_EVERY", 2)
    monkeypatch.setattr("watchbot.stories.memory.TIDY_EVERY", 2)
    place.memory = MemoryShelf()
    first = place.take("Foxconn to build a server plant in Houston")
    for number in range(4):
        place.take(f"Entirely other matter number{number} happens somewhere{number}", (number + 200) * HOUR)
    with place.turn() as shelf:
        assert shelf.profiles([first.story]) == {}
        assert shelf.title("foxconn to build a server plant in houston", at(-HOUR)) is None


def test_counts_are_halved_when_they_grow_too_large(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watchbot.store.shelf.MOST_COUNTED", 4)
    monkeypatch.setattr("watchbot.stories.memory.MOST_COUNTED", 4)
    with place.turn() as shelf:
        for number in range(4):
            shelf.count(["plant", f"only{number}"])
        assert shelf.items() == 2
        assert shelf.counts(["plant", "only0"]) == {"plant": 2}
