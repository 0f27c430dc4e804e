"""What a file would have to say to make the same watch again."""

from dataclasses import replace

import pytest
import yaml

from tests.unit.pipeline.conftest import Office
from watchbot.catalogue import Catalogue, load
from watchbot.config import read_watchlists
from watchbot.model.watch import Case, Options, Priority, Watch, Watchlist
from watchbot.pipeline import drafts, exporting
from watchbot.pipeline.importing import import_watches


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The built-in companies."""
    return load()


FULL = Watch(
    "no",
    "NO",
    names=("NO",),
    aliases=("0050", "12:30", "a: b", "#x", "${HOME}", "'", "台電"),
    tickers=("2408.TW", "BRK.B"),
    keywords=("DRAM",),
    exclude=("drama", "Memory Lane"),
    context=("chip", "晶圓"),
    query='"AI server" AND NOT rumor',
    options=Options(fuzzy=False, case=Case.EXACT, urls=True, main_only=True),
    priority=Priority.HIGH,
    deliver="digest",
    mentions="off",
    updates="loud",
)


@pytest.mark.parametrize("watch", [FULL, Watch("k", "DRAM", keywords=("DRAM",)), Watch("z", "Zyx", names=("Zyx",))])
def test_a_plain_watch_comes_back_the_same(catalogue: Catalogue, watch: Watch) -> None:
    text = exporting.watchlist_yaml("mine", "1010", [watch], catalogue)
    (again,) = read_watchlists(text.encode(), "x.yaml", catalogue)
    assert [replace(one, line=0) for one in again.watches] == [watch]


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_every_tenth_company_comes_back_the_same(catalogue: Catalogue, language: str) -> None:
    watches = []
    for company in list(catalogue.companies())[::10]:
        watch = drafts.new(company.name, company, language)
        names = [one.text for one in drafts.toggles(watch, company, language)]
        watches.append(drafts.flip(watch, company, names[-1], language) or watch if names else watch)
    watches = [one for one in watches if one.names or one.aliases or one.tickers]
    text = exporting.watchlist_yaml("mine", "1010", watches, catalogue)
    (again,) = read_watchlists(text.encode(), "x.yaml", catalogue)
    back = [replace(one, line=0) for one in again.watches]
    whole = sum(one == other for one, other in zip(back, watches, strict=True))
    assert [(one.id, set(one.names) | set(one.aliases), one.tickers) for one in back] == [
        (one.id, set(one.names) | set(one.aliases), one.tickers) for one in watches
    ]
    assert whole > 0.95 * len(watches)


def test_a_company_is_written_as_one(catalogue: Catalogue) -> None:
    foxconn = catalogue.by_id("foxconn")
    entry = exporting.entry(drafts.new("Foxconn", foxconn, "zh-TW"), catalogue)
    assert entry == {"id": "foxconn", "name": "鴻海", "company": "Foxconn"}


def test_rules_become_keys_of_the_files_watch(office: Office) -> None:
    from watchbot.model.records import Rule

    with office.store.write() as tx:
        tx.wishes.add_rule(Rule("7", "w1", "memory", "exclude", "Memory Lane"))
        tx.wishes.add_rule(Rule("7", "w1", "memory", "deliver", "digest"))
        tx.wishes.add_rule(Rule("7", "w1", "memory", "level", "main"))
        office.directory.refresh(tx)
    (found,) = exporting.rule_lines(office.directory, "7")
    assert (found.watchlist, found.watch, found.off) == ("desk", "Memory", False)
    assert yaml.safe_load("\n".join(found.lines)) == {
        "exclude": ["drama", "Memory Lane"],
        "deliver": "digest",
        "options": {"level": "main"},
    }


def test_an_imported_list_says_what_it_said_of_its_watches(office: Office) -> None:
    lists = (Watchlist("x", "", (Watch("a", "A1", names=("A1",), line=4),), mentions="off"),)
    with office.store.write() as tx:
        done = import_watches(tx, "55", lists, None, office.clock.now())
        again = import_watches(tx, "55", lists, 0, office.clock.now())
        (row,) = tx.chats.watches("55")
    assert (done.added, again.there) == (("A1",), ("A1",))
    assert (row.watch.mentions, row.watch.line) == ("off", 0)


def test_what_does_not_fit_is_named(office: Office) -> None:
    watches = tuple(Watch(f"a{n}", f"A{n}", names=(f"A{n}",)) for n in range(4))
    with office.store.write() as tx:
        done = import_watches(tx, "55", (Watchlist("x", "", watches),), 3, office.clock.now())
        changed = replace(watches[0], aliases=("B",))
        again = import_watches(tx, "55", (Watchlist("x", "", (changed,)),), 0, office.clock.now())
    assert (len(done.added), done.too_many, again.changed) == (3, ("A3",), ("A0",))
