"""Who is told by what: names, joins, watches with chats of their own, rules beside a file's watch, moved chats."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import Office, news, settings
from watchbot.catalogue.companies import Company, CompanyName
from watchbot.model.reason import Reason
from watchbot.model.records import Rule, SourceSpec
from watchbot.model.settings import NamedChat, TelegramSettings
from watchbot.model.watch import Priority, Watch, Watchlist
from watchbot.pipeline.directory import ChatView, Directory, shown_label
from watchbot.pipeline.explain import explain
from watchbot.pipeline.ruled import changed_watch, origin_of

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FOXCONN = Watch("foxconn", "Foxconn", names=("Foxconn",), line=1)
ASE = Watch("ase", "ASE", names=("ASE",), line=2)
ASE_TEST = Watch("ase-test", "ASE Test", names=("ASE Test House",), line=3)
LISTS = (
    Watchlist("w1", "desk", (FOXCONN, ASE, ASE_TEST), chats=("7", "8")),
    Watchlist("w2", "open", (FOXCONN,), chats=(), join="invited"),
    Watchlist("w3", "routed", (replace(FOXCONN, chats=("night", "8")), ASE), chats=("7",)),
)
Opened = Callable[..., Office]


@pytest.fixture
def opened(office: Office, tmp_path: Path) -> Opened:
    """The office with these watchlists instead, as a directory that has looked into the database."""

    def make(*lists: Watchlist) -> Office:
        telegram = TelegramSettings(token="1:a", admins=(7,))
        chats = (NamedChat("night", "-100/9"),)
        office.directory = Directory(settings(lists or LISTS, tmp_path, telegram=telegram, chats=chats))
        look(office)
        return office

    return make


def look(office: Office) -> None:
    """Take over what chats changed."""
    with office.store.read() as tx:
        office.directory.refresh(tx)


def rule(office: Office, kind: str, value: str = "", chat: str = "7", watch: str = "foxconn") -> None:
    """Keep a rule for a watch of the desk."""
    with office.store.write() as tx:
        tx.wishes.add_rule(Rule(chat, "w1", watch, kind, value))
    look(office)


def reached(office: Office, title: str) -> dict[str, list[str]]:
    """The chats that a headline reaches, each with the watches."""
    found: dict[str, list[str]] = {}
    for match in office.directory.match(news(1, title)):
        for chat in office.directory.targets_of(match.watchlist, match.watch):
            found.setdefault(chat, []).append(f"{origin_of(match.watchlist)}/{match.watch}")
    return found


def test_a_watch_with_chats_of_its_own(opened: Opened) -> None:
    directory = opened().directory
    assert directory.targets_of("w3", "foxconn") == ("-100/9", "8")
    assert directory.targets_of("w3", "ase") == ("7",)
    assert directory.targets(LISTS[2]) == ("7", "-100/9", "8")
    private = SourceSpec("Mine", "feed", "https://mine.example", chat="8")
    assert directory.hears(LISTS[2], private, "foxconn")
    assert not directory.hears(LISTS[2], private, "ase")


def test_a_chat_that_switched_a_watchlist_on_is_told(opened: Opened) -> None:
    office = opened()
    assert office.directory.targets_of("w2", "foxconn") == ()
    with office.store.write() as tx:
        tx.wishes.join("5", "open", 5, NOW)
        tx.wishes.join("5", "desk", 5, NOW)  # this one is for nobody else
    look(office)
    assert office.directory.targets_of("w2", "foxconn") == ("5",)
    assert "5" not in office.directory.targets_of("w1", "foxconn")
    assert office.directory.people_chats("open") == ("5",)
    assert set(office.directory.joined("5")) == {"open", "desk"}
    assert [one.watchlist.key for one in office.directory.watching("5")] == ["w2"]
    with office.store.write() as tx:
        tx.wishes.leave("5", "open")
    look(office)
    assert office.directory.targets_of("w2", "foxconn") == ()


def test_a_watch_that_one_chat_switched_off(opened: Opened) -> None:
    office = opened(LISTS[0])
    rule(office, "off")
    assert reached(office, "Foxconn opens a school") == {"8": ["w1/foxconn"]}
    assert office.directory.switched_off("w1", "foxconn") == ("7",)
    assert [(one.watch.id, one.on) for one in office.directory.watching("7")] == [
        ("foxconn", False),
        ("ase", True),
        ("ase-test", True),
    ]
    office.take("Wire", news(1, "Foxconn opens a school"))
    with office.store.read() as tx:
        reasons = {one.chat: one.reason for one in tx.alerts.decisions(1)}
        found = explain(office.directory, news(2, "Foxconn sells a school"), None, tx, NOW, "7")
    assert reasons == {"7": Reason.WATCH_OFF, "8": Reason.FIRST_REPORT}
    assert (found.stage, [one.chat for one in found.verdicts]) == ("watch off", ["7"])


def test_words_that_silence_a_watch_in_one_chat(opened: Opened) -> None:
    office = opened(LISTS[0])
    rule(office, "exclude", "school")
    rule(office, "exclude", "canteen")
    both = ["w1/foxconn"]
    assert reached(office, "Foxconn opens a school") == {"8": both}
    assert reached(office, "Foxconn opens a plant") == {"7": both, "8": both}
    near = explain(office.directory, news(1, "Foxconn opens a canteen"), chat="7").near_misses
    assert [(miss.watch, miss.span.text) for miss in near] == [("foxconn", "Foxconn")]
    found = explain(office.directory, news(1, "Foxconn opens a plant"))
    assert [match.watchlist for match in found.matches] == ["w1"]
    (changed,) = [one for one in office.directory.watching("7") if one.watch.id == "foxconn"]
    assert (set(changed.watch.exclude), changed.watchlist.key, changed.locked) == ({"school", "canteen"}, "w1", True)
    assert list(office.directory.watchlists) == ["w1"]
    with office.store.write() as tx:
        tx.wishes.drop_rule(Rule("7", "w1", "foxconn", "exclude", "school"))
        tx.wishes.drop_rule(Rule("7", "w1", "foxconn", "exclude", "canteen"))
    look(office)
    assert reached(office, "Foxconn opens a school") == {"7": both, "8": both}


def test_a_longer_name_beside_a_changed_watch_still_goes_first(opened: Opened) -> None:
    office = opened(LISTS[0])
    rule(office, "context", "chips", watch="ase")
    assert reached(office, "ASE Test House makes chips") == {"7": ["w1/ase-test"], "8": ["w1/ase-test"]}
    assert reached(office, "ASE makes chips") == {"7": ["w1/ase"], "8": ["w1/ase"]}
    assert reached(office, "ASE opens a school") == {"8": ["w1/ase"]}


def test_what_is_told_by_a_changed_watch(opened: Opened) -> None:
    office = opened(LISTS[0])
    rule(office, "deliver", "digest")
    office.take("Wire", news(1, "Foxconn opens a school"))
    with office.store.read() as tx:
        decided = {one.chat: (one.watchlist, one.reason) for one in tx.alerts.decisions(1)}
        (row,) = tx.outbox.held("7")
    assert decided == {"7": ("w1", Reason.DIGEST_DUE), "8": ("w1", Reason.FIRST_REPORT)}
    assert row.hold == "digest"
    with office.store.write() as tx:
        tx.chats.set("7", "deliver", "instant")  # for all; the rule is for this watch
    look(office)
    (watching,) = [one for one in office.directory.watching("7") if one.watch.id == "foxconn"]
    assert office.directory.manner("7", watching.watchlist, watching.watch).deliver == "digest"
    assert office.directory.manner("7", LISTS[0], ASE).deliver == "instant"


def test_rules_for_what_does_not_reach_the_chat_do_nothing(opened: Opened) -> None:
    office = opened(LISTS[0])
    rule(office, "exclude", "school", chat="99")
    rule(office, "exclude", "school", watch="gone")
    assert reached(office, "Foxconn opens a school") == {"7": ["w1/foxconn"], "8": ["w1/foxconn"]}


def test_every_kind_of_rule() -> None:
    rules = [
        Rule("7", "w1", "foxconn", kind, value)
        for kind, value in (
            ("exclude", "school"),
            ("context", "server"),
            ("context", "chip"),
            ("deliver", "digest"),
            ("mentions", "off"),
            ("updates", "loud"),
            ("priority", "high"),
            ("level", "main"),
        )
    ]
    found = changed_watch(replace(FOXCONN, exclude=("drama",), context=("iPhone",)), rules)
    assert (found.exclude, found.context) == (("drama", "school"), ("server", "chip"))
    assert (found.deliver, found.mentions, found.updates) == ("digest", "off", "loud")
    assert (found.priority, found.options.main_only) == (Priority.HIGH, True)
    assert changed_watch(FOXCONN, [Rule("7", "w1", "foxconn", "priority", "nonsense")]) == FOXCONN


def test_a_group_that_became_a_supergroup(opened: Opened) -> None:
    office = opened(Watchlist("w1", "desk", (FOXCONN,), chats=("-5", "-5/3", "night")))
    assert office.directory.targets_of("w1", "foxconn") == ("-5", "-5/3", "-100/9")
    with office.store.write() as tx:
        tx.outbox.rekey("-5", "-1005")
    look(office)
    assert office.directory.targets_of("w1", "foxconn") == ("-1005", "-1005/3", "-100/9")


def test_manners_follow_what_is_set_in_the_chat(opened: Opened) -> None:
    office = opened(LISTS[0])
    assert office.directory.view("7").language == "en"
    with office.store.write() as tx:
        tx.chats.set("7", "language", "zh-TW")
        tx.chats.set("7", "format", "compact")
    look(office)
    assert office.directory.view("7").language == "zh-TW"
    office.take("Wire", news(1, "Foxconn opens a school", "It is in Brno."))
    with office.store.read() as tx:
        cards = {row.chat: row.card for row in tx.alerts.last(9)}
    assert (cards["7"].language, cards["7"].compact, cards["8"].compact) == ("zh-TW", True, False)


HON_HAI = Company(
    "hon-hai",
    "Hon Hai Precision",
    (
        CompanyName("Hon Hai Precision", "en", True),
        CompanyName("Foxconn", "en", True, "trade"),
        CompanyName("鴻海", "zh-TW", True),
    ),
    ("2317.TW",),
)


@pytest.mark.parametrize(
    ("label", "language", "wanted"),
    [
        ("Hon Hai Precision", "zh-TW", "鴻海"),
        ("Foxconn", "zh-TW", "鴻海"),
        ("Foxconn", "en", "Foxconn"),
        ("鴻海", "en", "Hon Hai Precision"),
        ("鴻海", "zh-TW", "鴻海"),
        ("2317.TW", "zh-TW", "鴻海"),
        ("My supplier", "zh-TW", "My supplier"),
    ],
)
def test_a_company_by_its_name_in_the_chats_language(label: str, language: str, wanted: str) -> None:
    assert shown_label(label, HON_HAI, language) == wanted


def test_another_language_is_no_new_watch(office: Office, tmp_path: Path) -> None:
    watch = Watch("foxconn", "Foxconn", names=("Foxconn",), company="hon-hai")
    lists = (Watchlist("w1", "desk", (watch,), chats=("7",)),)
    telegram = TelegramSettings(token="1:a", admins=(7,))
    office.directory = Directory(settings(lists, tmp_path, telegram=telegram), companies=[HON_HAI])
    office.take("Wire", news(1, "Foxconn to build AI server plant in Houston"))
    with office.store.write() as tx:
        tx.chats.set("7", "language", "zh-TW")
    office.take("Post", news(2, "Foxconn to build an AI server plant in Houston, Texas"))
    office.take("Post", news(3, "Foxconn opens a school in Brno"))
    with office.store.read() as tx:
        alerts = tx.alerts.last(9)
    assert [row.card.watches for row in alerts] == [("鴻海",), ("Foxconn",)]
    assert len(alerts[1].card.reports) == 2


def test_a_chat_is_answered_in_the_language_of_the_list_that_tells_it(opened: Opened) -> None:
    spoken = replace(LISTS[0], language="zh-TW", timezone="Asia/Tokyo", chats=("-100200", "8"))
    routed = Watchlist("w4", "routed", (replace(FOXCONN, chats=("9",)),), chats=(), language="zh-TW")
    office = opened(spoken, routed)
    views = {chat: office.directory.view(chat) for chat in ("-100200", "9", "5")}
    assert views["-100200"] == ChatView("zh-TW", "Asia/Tokyo")
    assert views["9"] == ChatView("zh-TW", "UTC")
    assert views["5"] == ChatView("en", "UTC")
    with office.store.write() as tx:
        tx.chats.set("-100200", "language", "en")
    look(office)
    assert office.directory.view("-100200") == ChatView("en", "Asia/Tokyo")
