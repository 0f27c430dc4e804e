"""What is told of sources and watches themselves: to whom, in whose words, and each thing once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import WATCHES, StandingClock, settings
from watchbot.message.notices import Happening
from watchbot.model.alert import Form, Rank
from watchbot.model.item import Item
from watchbot.model.reason import Reason
from watchbot.model.records import Decision, FeedFacts, PollFailure, PollResult, SourceSpec
from watchbot.model.settings import NamedChat, TelegramSettings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.notices import tell_sources, tell_watches
from watchbot.store import SqlStore, open_store
from watchbot.store.migrate import upgrade

HALF_HOUR = 1800.0
DAY = 86400.0


@dataclass
class Office:
    """A database with sources, people in charge, and a clock."""

    store: SqlStore
    directory: Directory
    clock: StandingClock

    def down(self, name: str, minutes: float = 30, error: str = "HTTP 503") -> None:
        """A source has not answered for so long."""
        since = self.clock.now() - timedelta(minutes=minutes)
        with self.store.write() as tx:
            tx.sources.failed(self.source(name), PollFailure(since, self.clock.now(), error))

    def up(self, name: str, **more: object) -> None:
        """A source answers."""
        result = PollResult(self.clock.now(), self.clock.now(), **more)  # type: ignore[arg-type]
        with self.store.write() as tx:
            tx.sources.polled(self.source(name), result)

    def gone(self, name: str) -> None:
        """A source says that it is gone."""
        with self.store.write() as tx:
            tx.sources.failed(self.source(name), PollFailure(self.clock.now(), self.clock.now(), "HTTP 410", gone=True))

    def source(self, name: str) -> int:
        """The id of a source."""
        with self.store.read() as tx:
            return next(row.id for row in tx.sources.active() if row.spec.name == name)

    def tell(self) -> list[str]:
        """What is told of sources now, as `kind name`."""
        return shown(tell_sources(self.store, self.directory, self.clock.now()))

    def fired(self, *days_ago: float, watchlist: str = "w1", watch: str = "foxconn") -> None:
        """A watch fired so many days ago."""
        with self.store.write() as tx:
            for days in days_ago:
                at = self.clock.now() - timedelta(days=days)
                guid = f"{watchlist}-{watch}-{days}"
                item = tx.items.add(Item(guid, "News", ""), self.source("Wire"), [guid], at, False)
                tx.alerts.decide(Decision("7", item, watchlist, watch, Reason.FIRST_REPORT, at))

    def silences(self) -> list[str]:
        """Which watches are told to be quiet now."""
        return shown(tell_watches(self.store, self.directory, self.clock.now()))

    def inbox(self) -> dict[str, str]:
        """What waits to be sent, by chat; taken out."""
        with self.store.write() as tx:
            rows = tx.outbox.claim(self.clock.now(), "test", 60, 999, "telegram")
        assert len({row.chat for row in rows}) == len(rows)
        assert all(row.silent and row.rank is Rank.DIGEST and row.form is Form.HTML for row in rows)
        return {row.chat: row.body for row in rows}


def shown(happenings: list[Happening]) -> list[str]:
    """Happenings in short."""
    return [f"{one.kind} {one.name}" for one in happenings]


def made(folder: Path, telegram: TelegramSettings | None) -> Office:
    """An office with this connection to Telegram."""
    watchlist = Watchlist("w1", "desk", WATCHES, chats=("console", "7"))
    chinese = (NamedChat("second", "8", language="zh-TW", timezone="Asia/Taipei"),)
    configured = settings((watchlist,), folder, telegram=telegram, chats=chinese)
    upgrade(configured.database)
    clock = StandingClock()
    office = Office(open_store(configured.database), Directory(configured), clock)
    specs = [SourceSpec(name, "feed", f"https://{name.lower()}.example/rss") for name in ("Wire", "Post", "Times")]
    with office.store.write() as tx:
        tx.sources.sync(specs, clock.now())
    return office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two admins in the configuration, 7 and 8; 8 reads Chinese."""
    office = made(tmp_path, TelegramSettings(token="1:a", admins=(7, 8)))
    yield office
    office.store.close()


@pytest.fixture
def unconnected(tmp_path: Path) -> Iterator[Office]:
    """Nobody can be told."""
    office = made(tmp_path, TelegramSettings(token="", admins=(7,)))
    yield office
    office.store.close()


# --- sources ---


def test_nothing_to_tell_writes_nothing(office: Office) -> None:
    office.up("Wire")
    with office.store.write():  # who holds it keeps every other writer out
        assert tell_sources(office.store, office.directory, office.clock.now()) == []
        assert tell_watches(office.store, office.directory, office.clock.now()) == []


def test_an_outage_once_it_lasted_half_an_hour(office: Office) -> None:
    office.down("Wire", minutes=29.9)
    assert office.tell() == []
    office.clock.move(6)
    assert office.tell() == ["down Wire"]
    assert office.tell() == []
    told = office.inbox()
    assert set(told) == {"7", "8"}
    assert "Wire" in told["7"]
    assert "has not answered since" in told["7"]
    assert "HTTP 503" in told["7"]
    assert "沒有回應" in told["8"]
    assert "15:30" in told["8"]


def test_the_end_of_an_outage_that_was_told_and_of_no_other(office: Office) -> None:
    office.down("Wire")
    office.down("Post", minutes=10)
    assert office.tell() == ["down Wire"]
    office.inbox()
    office.clock.move(60)
    office.up("Wire")
    office.up("Post")
    assert office.tell() == ["up Wire"]
    assert office.tell() == []


def test_a_relapse_before_the_end_was_told_is_the_same_outage(office: Office) -> None:
    office.down("Wire")
    office.tell()
    office.up("Wire")
    office.down("Wire", minutes=0)
    office.clock.move(9 * HALF_HOUR)
    assert office.tell() == []
    office.up("Wire")
    assert office.tell() == ["up Wire"]


def test_a_farewell(office: Office) -> None:
    office.down("Wire", minutes=300)
    office.gone("Wire")
    assert office.tell() == ["gone Wire"]
    office.clock.move(9 * HALF_HOUR)
    assert office.tell() == []
    assert "gone for good" in office.inbox()["7"]


def test_a_source_that_was_out_and_then_gone_does_not_come_back(office: Office) -> None:
    office.down("Wire")
    assert office.tell() == ["down Wire"]
    office.gone("Wire")
    assert office.tell() == ["gone Wire"]
    assert office.tell() == []


def test_a_move_names_the_new_address(office: Office) -> None:
    office.up("Wire", location="https://new.example/rss?a=1&b=2")
    assert office.tell() == ["moved Wire"]
    assert office.tell() == []
    assert "https://new.example/rss?a=1&amp;b=2" in office.inbox()["7"]


def test_a_silence(office: Office) -> None:
    office.up("Wire", facts=FeedFacts(gap=DAY, newest_at=office.clock.now()))
    office.clock.move(6 * DAY)
    assert office.tell() == []
    office.clock.move(1)
    assert office.tell() == ["quiet Wire"]
    assert office.tell() == []
    assert "6 days" in office.inbox()["7"]
    office.up("Wire", facts=FeedFacts(gap=DAY, newest_at=office.clock.now()))
    office.clock.move(6 * DAY + 1)
    assert office.tell() == ["quiet Wire"]


def test_all_that_happened_is_one_message_the_worst_first(office: Office) -> None:
    office.up("Times", location="https://new.example/rss")
    office.down("Wire")
    office.gone("Post")
    assert sorted(office.tell()) == ["down Wire", "gone Post", "moved Times"]
    text = office.inbox()["7"]
    assert text.index("Post") < text.index("Wire") < text.index("Times")


def test_names_and_errors_from_outside_are_only_text(office: Office) -> None:
    with office.store.write() as tx:
        tx.sources.sync([SourceSpec("<b>Wire</b> & Co", "feed", "https://w.example/rss")], office.clock.now())
    office.down("<b>Wire</b> & Co", error='<a href="https://evil.example">click</a>')
    office.tell()
    text = office.inbox()["7"]
    assert "&lt;b&gt;Wire&lt;/b&gt; &amp; Co" in text
    assert "<a " not in text


def test_five_thousand_outages_are_one_message(office: Office) -> None:
    with office.store.write() as tx:
        specs = [SourceSpec(f"Gazette {n}", "feed", f"https://{n}.example/rss") for n in range(5000)]
        tx.sources.sync(specs, office.clock.now())
        tx.connection.exec_driver_sql("UPDATE sources SET failures = 2, failing_since = next_at, error = 'x'")
    office.clock.move(HALF_HOUR)
    assert len(office.tell()) == 5000
    told = office.inbox()
    assert set(told) == {"7", "8"}
    assert "5,000 sources" in told["7"]
    assert len(told["7"]) < 1500
    assert office.tell() == []
    assert office.inbox() == {}


# --- to whom ---


def test_owner_and_admins_each_once(tmp_path: Path) -> None:
    office = made(tmp_path, TelegramSettings(token="1:a"))
    with office.store.write() as tx:
        for user, role in ((5, "owner"), (6, "admin"), (9, "admin"), (4, "user")):
            tx.chats.set_role(user, role, office.clock.now())
    office.down("Wire")
    office.tell()
    assert set(office.inbox()) == {"5", "6", "9"}
    office.store.close()


def test_an_admin_of_the_configuration_and_of_the_chat_is_one_person(office: Office) -> None:
    with office.store.write() as tx:
        for user in (7, 8, 9):
            tx.chats.set_role(user, "admin", office.clock.now())
    office.down("Wire")
    office.tell()
    assert set(office.inbox()) == {"7", "8", "9"}


def test_a_chats_own_source_is_its_own_business(office: Office) -> None:
    with office.store.write() as tx:
        own = SourceSpec("Secret paper", "feed", "https://own.example/rss", chat="-100200", added=True)
        tx.sources.add(own, office.clock.now())
    office.down("Secret paper")
    office.down("Wire")
    assert sorted(office.tell()) == ["down Secret paper", "down Wire"]
    told = office.inbox()
    assert set(told) == {"7", "8", "-100200"}
    assert "Secret paper" in told["-100200"]
    assert "Wire" not in told["-100200"]
    assert "Secret paper" not in told["7"] + told["8"]


def test_nobody_in_charge_yet_hears_nothing_and_it_is_told_for_the_log(tmp_path: Path) -> None:
    office = made(tmp_path, TelegramSettings(token="1:a"))
    office.down("Wire")
    assert office.tell() == ["down Wire"]
    assert office.inbox() == {}
    office.store.close()


def test_without_telegram_nothing_is_queued_but_it_is_said_once_in_the_log(unconnected: Office) -> None:
    office = unconnected
    with office.store.write() as tx:
        own = SourceSpec("Of a chat", "feed", "https://own.example/rss", chat="-100200", added=True)
        tx.sources.add(own, office.clock.now())
    office.down("Wire")
    office.down("Of a chat")
    office.fired(*(number / 2 for number in range(10, 40)))
    assert sorted(office.tell()) == ["down Of a chat", "down Wire"]
    assert office.silences() == ["watch_quiet Foxconn"]
    assert office.inbox() == {}
    assert office.tell() == []
    assert office.silences() == []


def test_without_telegram_in_the_configuration_at_all(tmp_path: Path) -> None:
    office = made(tmp_path, None)
    office.gone("Wire")
    assert office.tell() == ["gone Wire"]
    assert office.inbox() == {}
    office.store.close()


# --- watches ---


def test_a_watch_that_usually_fires_is_named_once_a_silence(office: Office) -> None:
    office.fired(*(3 + number / 2 for number in range(20)))
    assert office.silences() == []
    office.clock.move(60)
    assert office.silences() == ["watch_quiet Foxconn"]
    assert office.silences() == []
    told = office.inbox()
    assert set(told) == {"7", "8"}
    assert "Foxconn" in told["7"]
    assert "usually fires" in told["7"]
    assert "3 days" in told["7"]


def test_it_is_named_again_after_it_fired_and_fell_silent_again(office: Office) -> None:
    office.fired(*(4 + number / 2 for number in range(20)))
    assert office.silences() == ["watch_quiet Foxconn"]
    office.fired(0)
    assert office.silences() == []
    office.clock.move(6 * DAY)
    assert office.silences() == ["watch_quiet Foxconn"]


@pytest.mark.parametrize(
    "days",
    [
        tuple(20 + number for number in range(7)),  # too few to be a rhythm
        tuple(5 + number * 3 for number in range(8)),  # every third day: five days are nothing
        tuple(5 + number / 1000 for number in range(40)),  # one busy hour is no rhythm
        tuple(200 + number for number in range(30)),  # long forgotten
        (),
    ],
)
def test_what_is_no_unusual_silence(office: Office, days: tuple[float, ...]) -> None:
    office.fired(*days)
    assert office.silences() == []


def test_a_watch_that_is_no_longer_there_is_not_missed(office: Office) -> None:
    office.fired(*(9 + number for number in range(20)), watch="sold long ago")
    office.fired(*(9 + number for number in range(20)), watchlist="w9")
    assert office.silences() == []
    assert office.inbox() == {}


def test_a_watch_made_in_a_chat_is_missed_there_alone(office: Office) -> None:
    own = Watch("quanta", "Quanta", names=("Quanta",))
    with office.store.write() as tx:
        tx.chats.add_watch("-100200", own, office.clock.now())
        office.directory.refresh(tx)
    office.fired(*(9 + number for number in range(20)), watchlist="chat:-100200", watch="quanta")
    assert office.silences() == ["watch_quiet Quanta"]
    told = office.inbox()
    assert set(told) == {"-100200"}
    assert "Quanta" in told["-100200"]


# --- two nodes ---


@pytest.mark.postgres
def test_two_nodes_tell_it_once(migrated_postgres_url: str, tmp_path: Path) -> None:
    watchlist = Watchlist("w1", "desk", WATCHES, chats=("7",))
    configured = settings((watchlist,), tmp_path, telegram=TelegramSettings(token="1:a", admins=(7,)))
    configured = replace(configured, database=migrated_postgres_url)
    clock = StandingClock()
    nodes = [Office(open_store(migrated_postgres_url), Directory(configured), clock) for _node in range(2)]
    with nodes[0].store.write() as tx:
        names = [f"Gazette {number}" for number in range(12)]
        tx.sources.sync(
            [SourceSpec(name, "feed", f"https://{name[8:]}.example/rss") for name in ("Wire", *names)], clock.now()
        )
    nodes[0].fired(*(9 + number for number in range(20)))
    for name in names:
        nodes[0].down(name)
        with ThreadPoolExecutor(2) as pool:
            assert sorted(chain(*pool.map(Office.tell, nodes))) == [f"down {name}"]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(chain(*pool.map(Office.silences, nodes))) == ["watch_quiet Foxconn"]
    with nodes[0].store.read() as tx:
        assert sum(tx.outbox.counts().values()) == 13
    for node in nodes:
        node.store.close()
