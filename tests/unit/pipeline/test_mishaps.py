"""Whoever runs the bot hears of chats and messages in trouble, once, and never in the chat that is in trouble."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import WATCHES, StandingClock, settings
from watchbot.message.parts import visible
from watchbot.model.alert import Form, Move, NewDelivery, Rank, State
from watchbot.model.records import ChatInfo
from watchbot.model.settings import TelegramSettings
from watchbot.model.watch import Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.mishaps import tell_mishaps, tell_topic
from watchbot.store import SqlStore, open_store
from watchbot.store.migrate import upgrade


@dataclass
class Office:
    """A database, people in charge (7 owns the bot, 9 is an admin), and a clock."""

    store: SqlStore
    directory: Directory
    clock: StandingClock

    def fails(self, chat: str, move: Move, rank: Rank = Rank.ALERT) -> int:
        """A message to a chat comes to this."""
        now = self.clock.now()
        with self.store.write() as tx:
            quiet = rank is Rank.DIGEST
            made = tx.outbox.queue(NewDelivery(chat, "News", Form.HTML, rank=rank, silent=quiet), now)
            tx.outbox.claim(now, "test", 60, 99, "telegram")
            tx.outbox.finish(made, move, now)
        return made

    def parked(self, chat: str, why: str = "bot was kicked") -> None:
        self.fails(chat, Move(State.PARKED, self.clock.now(), error=why, park_chat=True))

    def dies(self, chat: str, why: str = "Bad Request: nobody knows", rank: Rank = Rank.ALERT) -> int:
        return self.fails(chat, Move(State.DEAD, self.clock.now(), error=why), rank)

    def tell(self) -> list[str]:
        return tell_mishaps(self.store, self.directory, self.clock.now())

    def inbox(self) -> dict[str, str]:
        """What waits to be sent, by chat; taken out."""
        with self.store.write() as tx:
            rows = tx.outbox.claim(self.clock.now(), "inbox", 60, 99, "telegram")
            for row in rows:
                tx.outbox.finish(row.id, Move(State.SENT, self.clock.now(), message_id=row.id), self.clock.now())
        return {row.chat: visible(row.body) for row in rows}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    configured = settings(
        (Watchlist("w1", "desk", WATCHES, chats=("-100200/7",)),),
        tmp_path,
        telegram=TelegramSettings(token="1:a", admins=(7, 9)),
    )
    upgrade(configured.database)
    store = open_store(configured.database)
    yield Office(store, Directory(configured), StandingClock())
    store.close()


def test_nothing_happened(office: Office) -> None:
    assert office.tell() == []
    assert office.inbox() == {}


def test_a_parked_chat_is_told_once_to_everyone_in_charge(office: Office) -> None:
    with office.store.write() as tx:
        tx.chats.note(ChatInfo("-100200", "supergroup", "Desk <A>"))
    office.parked("-100200")
    (line,) = office.tell()
    assert line == "chat -100200 cannot be written to: bot was kicked (2 told)"
    told = office.inbox()
    assert set(told) == {"7", "9"}
    for words in ("-100200", "bot was kicked", "Desk <A>", "wait"):
        assert words in told["7"]
    assert office.tell() == []
    office.parked("-100200")
    assert office.tell() == []


def test_a_chat_that_came_back_and_is_parked_again_is_told_again(office: Office) -> None:
    office.parked("-100200")
    office.tell()
    office.inbox()
    with office.store.write() as tx:
        tx.chats.unpark("-100200", office.clock.now())
    office.inbox()
    office.parked("-100200")
    assert len(office.tell()) == 1
    assert set(office.inbox()) == {"7", "9"}


def test_an_owner_who_blocked_the_bot_is_not_told_there(office: Office) -> None:
    office.parked("7", "bot was blocked by the user")
    assert office.tell() == ["chat 7 cannot be written to: bot was blocked by the user (1 told)"]
    assert set(office.inbox()) == {"9"}
    office.parked("9")
    assert office.tell() == ["chat 9 cannot be written to: bot was kicked (0 told)"]
    assert office.inbox() == {}


def test_dead_letters_are_one_notice(office: Office) -> None:
    office.dies("-100200")
    office.dies("-100200", "Bad Request: the last")
    office.dies("5005")
    assert len(office.tell()) == 2
    told = office.inbox()
    assert set(told) == {"7", "9"}
    for words in ("3 messages", "/status", "-100200 (2): Bad Request: the last", "5005 (1)"):
        assert words in told["7"]
    assert office.tell() == []


def test_who_is_alone_in_charge_hears_of_an_alert_that_died_there(office: Office) -> None:
    office.dies("7")
    assert len(office.tell()) == 1
    assert set(office.inbox()) == {"7", "9"}


def test_what_was_told_is_not_written_for_again(office: Office) -> None:
    office.dies("5005")
    office.tell()
    with office.store.read() as tx:
        assert tx.outbox.dead(1)
    office.store.write = None  # type: ignore[method-assign, assignment]
    assert office.tell() == []


def test_a_notice_that_dies_is_not_answered_with_a_notice(office: Office) -> None:
    office.dies("7", rank=Rank.DIGEST)
    assert len(office.tell()) == 1
    assert set(office.inbox()) == {"9"}
    office.dies("9", rank=Rank.DIGEST)
    office.dies("7", rank=Rank.DIGEST)
    assert len(office.tell()) == 2
    assert office.inbox() == {}


def test_a_moved_group_is_told_once(office: Office) -> None:
    office.fails("-200", Move(State.PENDING, office.clock.now(), new_chat="-100300"))
    office.inbox()
    assert office.tell() == ["chat -200 is -100300 now (2 told)"]
    told = office.inbox()
    assert "-200" in told["7"]
    assert "-100300" in told["7"]
    office.clock.move(500 * 86400)
    with office.store.write() as tx:
        tx.retention.forget_told(office.clock.now())
    assert office.tell() == []


def test_a_topic_that_fell_back_is_told_once(office: Office) -> None:
    for expected in (True, False):
        with office.store.write() as tx:
            now = office.clock.now()
            assert tell_topic(tx, office.directory, "-100200/7", "-100200", now) is expected
    told = office.inbox()
    assert set(told) == {"7", "9"}
    assert "-100200/7" in told["7"]
    assert "General" in told["7"]
    with office.store.write() as tx:
        assert not tell_topic(tx, office.directory, "-200", "-100300", office.clock.now()), "that is a move"


def test_chinese(office: Office) -> None:
    with office.store.write() as tx:
        tx.chats.set("7", "language", "zh-TW")
    office.parked("-100200")
    office.dies("5005")
    office.tell()
    told = office.inbox()["7"]
    assert "聊天室" in told
    assert "1 則訊息" in told


def test_without_telegram_nobody_is_told_and_the_log_says_it(office: Office, tmp_path: Path) -> None:
    office.parked("-100200")
    alone = Directory(settings((), tmp_path))
    assert tell_mishaps(office.store, alone, office.clock.now()) == [
        "chat -100200 cannot be written to: bot was kicked (0 told)"
    ]
