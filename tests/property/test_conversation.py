"""Whatever anybody says or presses: nothing raises, every message is one that Telegram takes, and who may not, changes
nothing.

Commands and arguments of every kind by every kind of person in every kind of chat; presses as no button of ours says.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fakes.botapi_html import parse
from tests.fakes.botapi_records import utf16_length
from tests.unit.bot.conftest import ADMIN, BOT, GROUP, OWNER, STRANGER, USER, Desk, Shown, make_desk
from tests.unit.bot.fake_web import FakeWeb, with_web
from tests.unit.bot.tables import dump
from tests.unit.pipeline.conftest import WATCHES, StandingClock, news
from tests.unit.pipeline.conftest import settings as configured
from watchbot.bot.asked import Pressed, asked
from watchbot.bot.registry import COMMANDS, PANELS, SAME_AS
from watchbot.bot.talk import Reaction
from watchbot.catalogue import Catalogue, load
from watchbot.model.alert import Form, Move, NewDelivery, State
from watchbot.model.panel import PanelRow
from watchbot.model.records import SourceSpec
from watchbot.model.settings import Quotas, TelegramSettings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.store import open_store
from watchbot.store.migrate import upgrade

OTHER = 10  # one more user
TOPIC = f"{GROUP}/7"
PLANT = "Foxconn to build AI server plant in Houston"
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
RARELY_SEEN = {"telegram_offsets", "meta"}


@dataclass(frozen=True)
class Desks:
    """Gives a new desk with the same beginnings as often as it is asked."""

    template: Path
    directory: Directory
    catalogue: Catalogue
    copies: Iterator[int]

    def new(self) -> tuple[Desk, FakeWeb]:
        """A desk of its own, with a small web."""
        file = self.template.with_name(f"copy-{next(self.copies)}.db")
        file.write_bytes(self.template.read_bytes())
        store = open_store(f"sqlite:///{file}")
        self.directory._version = -1
        with store.read() as tx:
            self.directory.refresh(tx)
            sources = {row.spec.name: row for row in tx.sources.active()}
        desk = make_desk(store, self.directory, StandingClock(), sources, self.catalogue, username=BOT)
        web = with_web(desk)
        web.feed("https://chips.example/rss", "Chip & <Wire>", "DRAM prices rise", PLANT)
        return desk, web


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Desks:
    """Owner 7, admin 8, users 9 and 10; a file's list for owner and group, one that users may switch on."""
    tmp_path, catalogue = tmp_path_factory.mktemp("desks"), load()
    lists = (
        Watchlist("w1", "desk", WATCHES, chats=("console", "7", str(GROUP))),
        Watchlist("w2", "extra", (Watch("sony", "Sony", names=("Sony",)),), chats=(), join="anyone"),
    )
    telegram = TelegramSettings(token="1:a", admins=(OWNER,), quotas=Quotas(per_minute=1000))
    known = configured(lists, tmp_path, telegram=telegram)
    upgrade(known.database)
    template = Path(known.database.removeprefix("sqlite:///"))
    store, clock = open_store(known.database), StandingClock()
    directory = Directory(known, companies=catalogue.companies())
    specs = [SourceSpec("Wire", "feed", "https://wire.example/rss"), SourceSpec("Inbox", "folder", "/inbox")]
    with store.write() as tx:
        sources = tx.sources.sync(specs, clock.now())
        for user, role in ((ADMIN, "admin"), (USER, "user"), (OTHER, "user")):
            tx.chats.set_role(user, role, clock.now())
    desk = make_desk(store, directory, clock, sources, catalogue)
    titles = (PLANT, "DRAM prices rise again", "Apple Hospitality REIT & <b>others</b>", "鴻海擴大德州投資", "Tesla")
    for number in range(12):
        desk.take("Wire", news(number, f"{titles[number % 5]} {number}", "Foxconn said so. " * 20))
    desk.deliver()
    with store.write() as tx:
        tx.search.index(6)
    store.close()
    return Desks(template, directory, catalogue, itertools.count())


def check(shown: Shown) -> None:
    """Telegram would take it."""
    if shown.file:
        return
    parsed = parse(shown.html)
    assert parsed.text.strip()
    assert utf16_length(parsed.text) <= 4096
    assert len(parsed.entities) <= 100
    for row in shown.rows:
        assert len(row) <= 8
        for button in row:
            assert button.text.strip()
            assert len(f"{shown.token}:{button.data}".encode()) <= 64
    assert sum(map(len, shown.rows)) <= 100


# --- what is said ---

PEOPLE = {"owner": OWNER, "admin": ADMIN, "user": USER, "stranger": STRANGER}
PLACES = ("private", "group", "topic")
NAMES = ("Foxconn", "DRAM", "desk", "Wire", "all", "1", "s1", "Hon Hai", "ASE", "Target", "Apple", "Samsung", "蘋果")
WORDS = st.one_of(
    st.sampled_from([*NAMES, *SAME_AS, "NUL", "\u202eevil", "<b>x", "&amp;", '"', "😀" * 30, "+", "-", "8h", "off"]),
    st.sampled_from(["language zh-TW", "split 1", "list", "admin 24h", "22:30-06:45", "https://chips.example/rss"]),
    st.text(max_size=60),
)
ARGUMENTS = st.one_of(
    st.lists(WORDS, max_size=6).map(" ".join),
    st.lists(WORDS, max_size=70).map("\n".join),
    st.lists(WORDS, max_size=200).map(", ".join),
    st.builds(lambda text, times: (text or "x") * times, st.text(max_size=8), st.integers(1, 4096)),
)


def say(desk: Desk, text: str, chat_admin: bool = False) -> list[Shown]:
    """Somebody says it, an administrator of the group perhaps."""
    update = desk.update(text)
    question = asked(update, BOT)
    if question is not None:
        question = replace(question, chat_admin=chat_admin and not question.private)
        desk.handlers._commit(question, "1", update.update_id)
    return desk.deliver()


@FEW
@given(
    command=st.sampled_from(["", *COMMANDS, *SAME_AS, "nonsense"]),
    argument=ARGUMENTS,
    person=st.sampled_from(list(PEOPLE)),
    place=st.sampled_from(PLACES),
    language=st.sampled_from(["en", "zh-TW"]),
    chat_admin=st.booleans(),
)
@example("watch", ", ".join(f"Nobody {n}" for n in range(180)), "owner", "private", "en", False)
@example("mute", "Foxconn 99999999999d", "owner", "private", "en", False)
@example("why", "9" * 40, "owner", "private", "en", False)
@example("story", "s999999999 split 999999999999999999999", "owner", "private", "en", False)
@example("alias", "Foxconn " + "+ a " * 900, "owner", "private", "en", False)
@example("unwatch", "Foxconn, " * 400, "owner", "private", "en", False)
@example("help", "\u202e", "user", "private", "zh-TW", False)
def test_whatever_is_said_is_answered_in_messages_that_telegram_takes(
    desks: Desks, command: str, argument: str, person: str, place: str, language: str, chat_admin: bool
) -> None:
    desk, _web = desks.new()
    user = PEOPLE[person]
    desk.as_(user, {"private": user, "group": GROUP, "topic": TOPIC}[place], language)
    text = f"/{command} {argument}" if command else argument
    before = dump(desk.store, RARELY_SEEN | {"deliveries"})
    said = [*say(desk, text[:4096], chat_admin), *desk.chores()]
    for shown in said:
        check(shown)
    if person == "stranger":
        assert dump(desk.store, RARELY_SEEN | {"deliveries"}) == before
        assert len(said) <= 1
    desk.store.close()


# --- what is pressed ---


def _alert(desk: Desk, _web: FakeWeb) -> None:
    desk.take("Wire", news(100, "Quanta and Foxconn to open a plant in Ohio"))
    desk.deliver()
    found = [one for one in desk.messages.values() if one.alert and one.chat == desk.chat]
    desk.messages[found[-1].chat, 10**6] = found[-1]


def _pressed(label: str) -> Callable[[Desk, FakeWeb], None]:
    def make(desk: Desk, web: FakeWeb) -> None:
        _alert(desk, web)
        desk.press(desk.last, label)
        desk.messages.pop((desk.chat, 10**6))

    return make


def _complaint(desk: Desk, web: FakeWeb) -> None:
    _alert(desk, web)
    message = desk.last
    desk.press(message, "👎")
    desk.press(message, "Wrong")
    desk.messages.pop((desk.chat, 10**6))


def _said(*texts: str) -> Callable[[Desk, FakeWeb], None]:
    def make(desk: Desk, _web: FakeWeb) -> None:
        for text in texts:
            desk.says(text)
            desk.chores()

    return make


def _sent(name: str, body: bytes) -> Callable[[Desk, FakeWeb], None]:
    def make(desk: Desk, web: FakeWeb) -> None:
        web.files["f"] = body
        document = {"file_id": "f", "file_unique_id": "u", "file_name": name, "file_size": len(body)}
        desk.says("", document=document)
        desk.chores()

    return make


def _feeds(desk: Desk, web: FakeWeb) -> None:
    _said("/add https://chips.example/rss")(desk, web)
    desk.press(desk.last, "Add")
    desk.says("/feeds")


def _status(desk: Desk, _web: FakeWeb) -> None:
    now = desk.clock.now()
    with desk.store.write() as tx:
        number = tx.outbox.queue(NewDelivery("9", "x", Form.HTML), now)
        tx.outbox.claim(now, "desk", 60, 50, "telegram")
        tx.outbox.finish(number, Move(State.DEAD, now, error="no"), now)
    desk.says("/status")


OPML = b"""<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/rss"/></body></opml>"""
YAML = b"watchlists:\n  - name: x\n    chats: [7]\n    watches:\n      - name: Zyx\n"

MAKERS: dict[str, tuple[int, Callable[[Desk, FakeWeb], None]]] = {
    "start": (USER, _said("/start")),
    "people": (OWNER, _said("/invite list")),
    "alert": (OWNER, _alert),
    "complaint": (OWNER, _complaint),
    "why": (OWNER, _pressed("Why")),
    "feed_offer": (OWNER, _said("/add https://chips.example/rss")),
    "feeds": (OWNER, _feeds),
    "feed_list": (OWNER, _sent("feeds.opml", OPML)),
    "imported": (OWNER, _sent("mine.yaml", YAML)),
    "latest": (OWNER, _said("/latest")),
    "search": (OWNER, _said("/search Foxconn")),
    "news": (OWNER, _said("Foxconn will close a plant, says somebody who must know it, and " * 3)),
    "question": (OWNER, _said("Tesla")),
    "list": (OWNER, _said("/list")),
    "unwatch": (OWNER, _said("/unwatch Foxconn")),
    "alias": (OWNER, _said("/alias Foxconn + TPC")),
    "batch": (OWNER, _said("/watch " + ", ".join(("Tesla", "Samsung", "Nobody Knows", "Taiwan", "Sony Pictur")))),
    "which": (OWNER, _said("/watch 三星")),
    "watch": (OWNER, _said("/watch ASE")),
    "watched": (OWNER, _said("/watch Tesla")),
    "settings": (OWNER, _said("/settings")),
    "mutes": (OWNER, _said("/mute Foxconn")),
    "status": (OWNER, _status),
}


def test_every_kind_of_panel_is_made_here() -> None:
    assert set(MAKERS) == set(PANELS)


def made(desk: Desk, web: FakeWeb, kind: str) -> tuple[Shown, PanelRow]:
    """The newest message of this kind, as its command brings it."""
    user, make = MAKERS[kind]
    make(desk.as_(user), web)
    with desk.store.read() as tx:
        for shown in reversed(desk.messages.values()):
            row = tx.outbox.panel(shown.token) if shown.token else None
            if row is not None and row.panel.kind == kind and shown.rows:
                return shown, row
    raise AssertionError(f"no panel of the kind {kind}: {[one.html for one in desk.messages.values()]}")


def press(desk: Desk, shown: Shown, data: str, user: int, chat: str = "", **more: Any) -> Reaction:
    """A press as Telegram would hand it over, whatever it says."""
    number, place = next(desk._ids), chat or shown.chat
    private = not place.startswith("-")
    forged = Pressed(place, user, private, "en", "q", shown.token, data, shown.id)
    reaction = desk.handlers._commit_press(replace(forged, **more), "1", number)
    if reaction.edit or reaction.answers:
        for one in desk.deliver():
            check(one)
    assert len(reaction.toast) <= 200
    return reaction


def verbs() -> list[str]:
    """What any button of any panel may say."""
    return [
        "add",
        "all",
        "page",
        "remove",
        "check",
        "import",
        "undo",
        "why",
        "mute",
        "m",
        "down",
        "d",
        "unmute",
        "back",
        "split",
        "story",
        "sources",
        "later",
        "show",
        "open",
        "set",
        "watch",
        "pick",
        "near",
        "flip",
        "strict",
        "keep",
        "cancel",
        "instead",
        "off",
        "beside",
        "plain",
        "join",
        "leave",
        "admin",
        "user",
        "yes",
        "no",
        "latest",
        "search",
        "offer",
        "retry",
    ]


ODD = st.sampled_from(
    ["", "-1", "0", "1", "99999", "9" * 30, "x", "1.5", "0.0", "9.9", "-1.-1", "٣", "²", "1:2", "admin:8", "remove:9",
     "remove:7", "admin:99999999999999999999", "language=xx", "digest_at=", "timezone=Mars", "x=y", "=", "8h", "today",
     "watch", "story", "wrong", "old", "all", "mute:1", "digest", "\n", "<b>", "😀"]
)  # fmt: skip
DATA = st.one_of(
    st.builds(lambda verb, argument: f"{verb}:{argument}", st.sampled_from(verbs()), ODD),
    st.sampled_from(verbs()),
    st.text(max_size=40),
)


def take_away(desk: Desk) -> None:
    """What stands behind the panels goes: watches, mutes, feeds, alerts, people."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        for row in tx.chats.watches():
            tx.chats.remove_watch(row.chat, row.watch.id)
        for mute in tx.wishes.mutes():
            tx.wishes.unmute(mute.id)
        for source in tx.sources.active():
            if source.spec.added:
                tx.sources.remove(source.id)
        for user in (ADMIN, USER):
            tx.chats.set_role(user, "", now)
        tx.connection.exec_driver_sql("UPDATE deliveries SET alert = NULL")
        tx.connection.exec_driver_sql("DELETE FROM alerts")
        tx.connection.exec_driver_sql("DELETE FROM decisions")


@pytest.mark.parametrize("kind", MAKERS)
def test_whatever_is_pressed_is_answered(desks: Desks, kind: str) -> None:
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.lists(DATA, min_size=15, max_size=25), gone=st.booleans())
    def every_press(data: list[str], gone: bool) -> None:
        desk, web = desks.new()
        shown, _row = made(desk, web, kind)
        user = desk.user
        if gone:
            take_away(desk)
        for number, said in enumerate([*data, *data]):
            reaction = press(desk, shown, said, user)
            assert reaction.toast or reaction.edit or reaction.answers, (number, said)
            if reaction.answers:
                for one in desk.chores():
                    check(one)
        desk.store.close()

    every_press()


@pytest.mark.parametrize("kind", MAKERS)
def test_real_buttons_may_be_pressed_twice_and_after_their_thing_is_gone(desks: Desks, kind: str) -> None:
    for gone in (False, True):
        desk, web = desks.new()
        shown, _row = made(desk, web, kind)
        buttons = [button.data for row in shown.rows for button in row]
        if gone:
            take_away(desk)
        for data in [*buttons, *buttons]:
            reaction = press(desk, shown, data, desk.user)
            assert reaction.toast or reaction.edit or reaction.answers, data
            for one in desk.chores():
                check(one)
        desk.store.close()


@pytest.mark.parametrize("kind", MAKERS)
def test_who_may_not_press_changes_nothing(desks: Desks, kind: str) -> None:
    desk, web = desks.new()
    shown, _row = made(desk, web, kind)
    real = [button.data for row in shown.rows for button in row]
    before = dump(desk.store, RARELY_SEEN)
    for person in (STRANGER, OTHER):
        for data in [*real[:4], "page:0", "yes:remove:9", "undo", "all"]:
            press(desk, shown, data, person, chat=str(person))  # carried into a chat of their own
            press(desk, shown, data, person, chat=str(GROUP))
            press(desk, shown, data, person, chat=TOPIC, chat_admin=True)
            if person == STRANGER:
                press(desk, shown, data, person)
    assert dump(desk.store, RARELY_SEEN) == before
    desk.store.close()


@pytest.mark.parametrize("kind", sorted(set(MAKERS) - {"people", "status", "start"}))
def test_in_a_group_a_user_reads_and_changes_nothing(desks: Desks, kind: str) -> None:
    """The panel of a group is the owner's, without a name on it where anybody may press."""
    desk, web = desks.new()
    shown, row = made(desk, web, kind)
    with desk.store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE deliveries SET chat = ? WHERE chat = '7'", (str(GROUP),))
        tx.connection.exec_driver_sql(
            "UPDATE alerts SET chat = ? WHERE chat = '7' AND id NOT IN (SELECT a.id FROM "
            "alerts a JOIN alerts b ON a.story = b.story AND b.chat = ?)",
            (str(GROUP),) * 2,
        )
        tx.outbox.set_panel(row.delivery, replace(row.panel, user=0))
    real = [button.data for row_ in shown.rows for button in row_]
    everything = [*real, *(f"{verb}:{argument}" for verb in verbs() for argument in ("0", "story"))]
    shown = replace(shown, chat=str(GROUP))
    desk.messages[shown.chat, shown.id] = shown
    before = dump(desk.store, RARELY_SEEN | {"deliveries"})
    for person in (USER, STRANGER):
        for data in everything:
            press(desk, shown, data, person)
        assert dump(desk.store, RARELY_SEEN | {"deliveries"}) == before, person
    desk.store.close()
