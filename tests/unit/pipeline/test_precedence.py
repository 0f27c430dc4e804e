"""The contract's order of settings, through everything from an arriving item to the row in the outbox.

what was set in the chat > its named entry > watch > watchlist > defaults; of several watches the promptest
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import Office, StandingClock, news, settings
from watchbot.message.codec import load
from watchbot.model.alert import Delivery, Move, State
from watchbot.model.item import Item
from watchbot.model.records import Rule, SourceSpec
from watchbot.model.settings import Defaults, NamedChat, TelegramSettings
from watchbot.model.watch import Priority, Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.holding import release
from watchbot.store import open_store
from watchbot.store.migrate import upgrade

PLANT = "Foxconn to build AI server plant in Houston"
MENTION = "The city said on Friday that rents rise. Shops close early. Trams are late. Many work for Foxconn there."
NIGHT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # 23:00 in Taipei
Open = Callable[..., Office]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens an office with these watchlists at 23:00 in Taipei."""
    stores = []

    def make(
        *lists: Watchlist,
        chats: tuple[NamedChat, ...] = (),
        defaults: Defaults | None = None,
        said: Mapping[str, str] | None = None,
        rules: tuple[Rule, ...] = (),
    ) -> Office:
        telegram = TelegramSettings(token="1:a", admins=(1,))
        configured = settings(
            lists, tmp_path, telegram=telegram, chats=chats, defaults=defaults or Defaults("Asia/Taipei")
        )
        upgrade(configured.database)
        store = open_store(configured.database)
        stores.append(store)
        clock = StandingClock()
        clock.at = NIGHT
        with store.write() as tx:
            sources = tx.sources.sync(
                [SourceSpec(name, "feed", f"https://{name}.example/rss") for name in ("Wire", "Post")], clock.now()
            )
            for key, value in (said or {}).items():
                tx.chats.set("7", key, value)
            for rule in rules:
                tx.wishes.add_rule(rule)
        return Office(store, Directory(configured), clock, sources)

    yield make
    for store in stores:
        store.close()


def one(watch: Watch | None = None, **more: object) -> Watchlist:
    """A watchlist for chat 7 with one watch."""
    return Watchlist("w1", "desk", (watch or foxconn(),), chats=("7",), **more)  # type: ignore[arg-type]


def foxconn(**more: object) -> Watch:
    """The watch."""
    return Watch("foxconn", "Foxconn", names=("Foxconn",), **more)  # type: ignore[arg-type]


def named(**more: object) -> NamedChat:
    """The entry of `chats:` for chat 7."""
    return NamedChat("d", "7", **more)  # type: ignore[arg-type]


def fate(office: Office, chat: str = "7") -> str:
    """`loud`, `silent`, the hold and hour in Taipei of what is held, or `nothing`."""
    with office.store.write() as tx:
        held = tx.outbox.held(chat)
        out = tx.outbox.claim(office.clock.now(), "t", 60, 9, "telegram")
    if held:
        return f"{held[0].hold} {held[0].next_at + timedelta(hours=8):%H:%M}"
    return ("silent" if out[0].silent else "loud") if out else "nothing"


def sent(office: Office) -> list[Delivery]:
    """Send what is due; gives what went out."""
    out = []
    with office.store.write() as tx:
        while rows := tx.outbox.claim(office.clock.now(), "t", 60, 9, "telegram"):
            for row in rows:
                tx.outbox.finish(row.id, Move(State.SENT, office.clock.now(), message_id=100 + row.id), NIGHT)
            out += rows
    return out


HIGH, LOW = Priority.HIGH, Priority.LOW
QUIET, NINE, BERLIN = ("22:00-07:00",), ("09:00",), "Europe/Berlin"


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, "loud"),
        # deliver: watchlist < watch < named chat < chat < a rule of the chat for this very watch
        ({"lists": [one(deliver="digest")]}, "digest 08:30"),
        ({"lists": [one(foxconn(deliver="instant"), deliver="digest")]}, "loud"),
        ({"lists": [one(foxconn(deliver="instant"))], "named": named(deliver="digest")}, "digest 08:30"),
        ({"named": named(deliver="digest"), "said": {"deliver": "instant"}}, "loud"),
        ({"said": {"deliver": "digest"}, "rules": (Rule("7", "w1", "foxconn", "deliver", "instant"),)}, "loud"),
        # digest_at: defaults < watchlist < named chat < chat
        ({"lists": [one(deliver="digest", digest_at=("09:00",))]}, "digest 09:00"),
        ({"lists": [one(deliver="digest", digest_at=NINE)], "named": named(digest_at=("10:00",))}, "digest 10:00"),
        ({"named": named(digest_at=("10:00",), deliver="digest"), "said": {"digest_at": "11:00"}}, "digest 11:00"),
        # quiet hours: defaults < watchlist < named chat < chat
        ({"defaults": Defaults("Asia/Taipei", quiet_hours=QUIET)}, "quiet 07:00"),
        ({"defaults": Defaults("Asia/Taipei", quiet_hours=QUIET), "lists": [one(quiet_hours=("off",))]}, "loud"),
        ({"lists": [one(quiet_hours=("off",))], "named": named(quiet_hours=QUIET)}, "quiet 07:00"),
        ({"named": named(quiet_hours=QUIET), "said": {"quiet_hours": "off"}}, "loud"),
        ({"said": {"quiet_hours": "22:00-06:45"}}, "quiet 06:45"),
        # the zone in which that is read
        ({"lists": [one(quiet_hours=QUIET)], "said": {"timezone": "Europe/Berlin"}}, "loud"),
        ({"lists": [one(quiet_hours=QUIET, timezone="Europe/Berlin")]}, "loud"),
        ({"lists": [one(quiet_hours=QUIET, timezone=BERLIN)], "named": named(timezone="Asia/Tokyo")}, "quiet 06:00"),
        # a digest goes before quiet hours; high priority before both; low never sounds
        ({"lists": [one(deliver="digest", quiet_hours=QUIET)]}, "digest 08:30"),
        ({"lists": [one(foxconn(priority=HIGH), deliver="digest", quiet_hours=QUIET)]}, "loud"),
        ({"lists": [one(foxconn(priority=HIGH))], "rules": (Rule("7", "w1", "foxconn", "priority", "low"),)}, "silent"),
        ({"lists": [one(foxconn(priority=LOW))]}, "silent"),
        # mentions: watchlist < watch < named chat < chat
        ({"mention": True}, "silent"),
        ({"mention": True, "lists": [one(mentions="same")]}, "loud"),
        ({"mention": True, "lists": [one(mentions="digest")]}, "digest 08:30"),
        ({"mention": True, "lists": [one(mentions="off")]}, "nothing"),
        ({"mention": True, "lists": [one(foxconn(mentions="same"), mentions="off")]}, "loud"),
        ({"mention": True, "lists": [one(foxconn(mentions="same"))], "named": named(mentions="off")}, "nothing"),
        ({"mention": True, "named": named(mentions="off"), "said": {"mentions": "same"}}, "loud"),
        ({"mention": True, "lists": [one(foxconn(priority=LOW), mentions="same")]}, "silent"),
        ({"mention": True, "lists": [one(quiet_hours=QUIET, mentions="same")]}, "quiet 07:00"),
    ],
)  # fmt: skip
def test_the_most_particular_wins(opened: Open, more: dict[str, object], wanted: str) -> None:
    kept = dict(more)
    lists, mention = kept.pop("lists", [one()]), kept.pop("mention", False)
    entry = kept.pop("named", None)
    office = opened(*lists, chats=(entry,) if entry else (), **kept)  # type: ignore[misc]
    office.take("Wire", news(1, "Rents rise in the north", MENTION) if mention else news(1, PLANT))
    assert fate(office) == wanted


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ({"deliver": "digest"}, {}, "loud"),
        ({"deliver": "digest"}, {"quiet_hours": QUIET}, "quiet 07:00"),
        ({"deliver": "digest"}, {"deliver": "digest", "digest_at": ("07:45",)}, "digest 07:45"),
        ({"quiet_hours": QUIET}, {"quiet_hours": ("22:00-05:00",)}, "quiet 05:00"),
        ({"quiet_hours": QUIET}, {"watch": {"priority": HIGH}, "quiet_hours": QUIET}, "loud"),
        ({"watch": {"priority": LOW}}, {}, "loud"),
        ({"watch": {"priority": LOW}}, {"deliver": "digest"}, "silent"),
    ],
)
def test_of_several_the_promptest_decides(
    opened: Open, first: dict[str, object], second: dict[str, object], wanted: str
) -> None:
    lists = []
    for number, wish in enumerate((first, second), 1):
        more = dict(wish)
        watch = Watch(f"x{number}", f"X{number}", keywords=("plant",), **more.pop("watch", {}))  # type: ignore[arg-type]
        lists.append(Watchlist(f"w{number}", f"list {number}", (watch,), chats=("7",), **more))  # type: ignore[arg-type]
    office = opened(*lists)
    office.take("Wire", news(1, PLANT))
    assert fate(office) == wanted


THINGS = (
    "school in Brno", "chairman", "dormitory", "robots from Fanuc", "court case in Delhi", "solar roof", "chess team",
    "canteen prize", "museum", "ferry", "bakery", "orchestra", "library", "zoo", "harbour", "tunnel", "airship",
    "vineyard", "theatre", "bridge", "hospital", "stadium", "brewery", "sawmill", "lighthouse", "quarry", "nursery",
    "observatory", "aquarium", "circus", "monastery", "racetrack", "planetarium",
)  # fmt: skip


def test_the_thirtieth_alert_of_an_hour_comes_and_the_thirty_first_waits(opened: Open) -> None:
    office = opened(one())
    loud = []
    for number, thing in enumerate(THINGS[:31]):
        office.take("Wire", news(number, f"Foxconn: {thing}"))
        loud += [not row.silent for row in sent(office)]
        office.clock.move(60)
    with office.store.read() as tx:
        (waits,) = tx.outbox.held("7")
    assert len(loud) == 30
    assert loud[:6] == [True] * 5 + [False]  # the sixth in ten minutes makes no sound
    assert waits.hold == "cap"
    assert waits.next_at == NIGHT + timedelta(minutes=45)


def test_what_is_urgent_knows_no_cap(opened: Open) -> None:
    office = opened(one(foxconn(priority=HIGH), max_per_hour=1))
    for number, thing in enumerate(THINGS[:8]):
        office.take("Wire", news(number, f"Foxconn: {thing}"))
    assert [row.silent for row in sent(office)] == [False] * 8


@pytest.mark.parametrize(("updates", "wanted"), [("silent", [True]), ("loud", [False]), ("off", [])])
def test_updates(opened: Open, updates: str, wanted: list[bool]) -> None:
    office = opened(one(updates=updates))
    office.take("Wire", news(1, PLANT))
    assert len(sent(office)) == 1
    office.take("Wire", news(2, "Unions at Foxconn plant in Houston ask for talks on pay and shifts"))
    assert [row.silent for row in sent(office)] == wanted


def test_a_watchs_own_chats_topics_channels_and_names(opened: Open) -> None:
    routed = foxconn(chats=("floor", "@channel", "-100300"))
    lists = Watchlist("w1", "desk", (routed, Watch("memory", "Memory", keywords=("DRAM",))), chats=("7", "floor"))
    floor = NamedChat("floor", "-100200/7", language="zh-TW", deliver="digest", timezone="Asia/Taipei")
    office = opened(lists, chats=(floor,))
    office.take("Wire", news(1, PLANT))
    assert sorted(row.chat for row in sent(office)) == ["-100300", "@channel"]
    with office.store.read() as tx:
        (waits,) = tx.outbox.held("-100200/7")
    assert load(waits.body).language == "zh-TW"
    office.take("Wire", news(2, "DRAM prices rise by 8 percent in a week"))
    assert [row.chat for row in sent(office)] == ["7"]
    office.clock.at = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    assert release(office.store, office.directory, office.clock.now()) == 2
    (digest,) = sent(office)
    assert digest.chat == "-100200/7"
    assert "摘要" in digest.body


@pytest.mark.parametrize(
    ("at", "hours", "wanted"),
    [
        # 29 March 2026: 02:00 becomes 03:00, so 02:30 does not exist; 25 October: 03:00 becomes 02:00, it comes twice
        ((3, 29, 0, 59), {"digest_at": ("02:30",), "deliver": "digest"}, "digest 03-29 01:30"),
        ((3, 29, 1, 31), {"digest_at": ("02:30",), "deliver": "digest"}, "digest 03-30 00:30"),
        ((10, 25, 0, 0), {"digest_at": ("02:30",), "deliver": "digest"}, "digest 10-25 00:30"),
        ((10, 25, 0, 31), {"digest_at": ("02:30",), "deliver": "digest"}, "digest 10-26 01:30"),
        ((3, 29, 0, 59), {"quiet_hours": ("22:00-07:00",)}, "quiet 03-29 05:00"),
        ((10, 25, 0, 59), {"quiet_hours": ("22:00-07:00",)}, "quiet 10-25 06:00"),
        ((10, 25, 0, 45), {"quiet_hours": ("22:00-02:30",)}, "quiet 10-25 01:30"),
        ((10, 25, 1, 31), {"quiet_hours": ("22:00-02:30",)}, "now"),
        ((3, 29, 0, 59), {"quiet_hours": ("22:00-02:30",)}, "quiet 03-29 01:30"),
    ],
)
def test_the_nights_when_clocks_change(
    opened: Open, at: tuple[int, int, int, int], hours: dict[str, object], wanted: str
) -> None:
    office = opened(one(timezone="Europe/Berlin", **hours))
    office.clock.at = datetime(2026, *at, tzinfo=UTC)
    office.take("Wire", news(1, PLANT))
    with office.store.read() as tx:
        held = [f"{row.hold} {row.next_at:%m-%d %H:%M}" for row in tx.outbox.held("7")]
    assert held == ([] if wanted == "now" else [wanted])
    if held:
        with office.store.read() as tx:
            office.clock.at = tx.outbox.held("7")[0].next_at
        assert [release(office.store, office.directory, office.clock.now()) for _twice in range(2)] == [1, 0]


def test_roll_ups_count_for_the_cap_and_for_sound(opened: Open) -> None:
    office = opened(one(max_per_hour=6))
    with office.store.write() as tx:
        office.sources |= tx.sources.sync([SourceSpec("Inbox", "folder", "/inbox")], office.clock.now())
    loud = []
    for page in range(7):
        blocks = [
            Item(f"{page}-{number}", f"Foxconn: {thing} {page}", "", document=f"page{page}.txt", line=number)
            for number, thing in enumerate(THINGS[page * 5 : page * 5 + 5])
        ]
        office.take("Inbox", *blocks)
        loud += [not row.silent for row in sent(office)]
    assert loud == [True] * 5 + [False]
    with office.store.read() as tx:
        assert len(tx.outbox.held("7")) == 3
