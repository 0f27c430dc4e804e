"""A database of before people could talk to the bot (revision 0004) is taken over with all that it holds."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text

from tests.contract.store_rows import NOW, at, card, sent
from watchbot.message.codec import dump, load
from watchbot.model.alert import Act, State
from watchbot.model.records import Person
from watchbot.store import migrate, open_store
from watchbot.store.backup import check
from watchbot.store.tables import to_micros

THEN = to_micros(NOW)


def insert(connection: Connection, table: str, **values: Any) -> None:
    """One row as the older version wrote it."""
    names = ", ".join(f'"{name}"' for name in values)
    connection.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})"), values
    )


def delivery(connection: Connection, row: int, act: str, state: str, **values: Any) -> None:
    """A delivery of the older version."""
    plain = {
        "chat": "7", "alert": 3, "part": 0, "rank": 20, "silent": False, "reply_to": None, "form": "card",
        "body": dump(card(f"row {row}")), "attempts": 1, "next_at": THEN, "created_at": THEN, "finished_at": None,
        "message_id": None, "repeat": False, "plain": False, "error": "", "holder": "", "claimed_until": None,
    }  # fmt: skip
    insert(connection, "deliveries", id=row, act=act, state=state, **(plain | values))


def as_it_was(connection: Connection) -> None:
    """An alert on its way with an edit that waits for it, one that was sent, one that was given up, people, chats."""
    insert(
        connection, "sources", id=1, name="Wire", title="", kind="feed", address="https://wire", every=None,
        max_age=None, chat="", title_from_feed=False, active=True, baseline_done=True, next_at=THEN, etag=None,
        last_modified=None, body_hash="", checked_at=None, ok_at=None, failing_since=None, failures=0, error="",
        claimed_by="", claimed_until=None,
    )  # fmt: skip
    for story in (1, 2, 3):
        insert(connection, "stories", id=story, opened_at=THEN, last_at=THEN)
        insert(
            connection, "items", id=story, source_id=1, guid=f"g{story}", title=f"鴻海 {story}", body="Foxconn", url="",
            published=None, source="Wire", lang="", document="", line=0, seen_at=THEN, baseline=False, story=story,
        )  # fmt: skip
        insert(connection, "item_sources", item_id=story, source_id=1, url="", title="", at=THEN)
        insert(
            connection, "alerts", id=story, chat="7", story=story, round=0, item=story, reason="first_report",
            card=dump(card(f"row {story}")), decided_at=THEN,
        )  # fmt: skip
    delivery(connection, 1, "send", "sent", alert=1, message_id=70, finished_at=THEN)
    delivery(connection, 2, "send", "dead", alert=2, error="refused", finished_at=THEN)
    delivery(connection, 3, "send", "sending", holder="n", claimed_until=to_micros(at(60)))
    delivery(connection, 4, "edit", "pending", rank=30, attempts=0)
    insert(connection, "chats", chat="8", parked="blocked", paused_until=None)
    insert(connection, "people", user_id=1001, role="owner", since=THEN)
    insert(connection, "chat_settings", chat="7", name="language", value="zh-TW")
    if connection.dialect.name == "postgresql":
        for table in ("sources", "stories", "items", "alerts", "deliveries"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 9)"))


@pytest.fixture
def old_url(empty_url: str) -> str:
    """A database of revision 0004."""
    if empty_url.startswith("sqlite"):
        Path(empty_url.removeprefix("sqlite:///")).parent.mkdir()
    with migrate._connection(empty_url, write=True) as connection:
        made = migrate.config()
        made.attributes["connection"] = connection
        command.upgrade(made, "0004")
        as_it_was(connection)
    return empty_url


def test_deliveries_go_on_where_they_were(old_url: str) -> None:
    assert migrate.current(old_url) == "0004"
    migrate.upgrade(old_url)
    assert check(old_url) == []
    store = open_store(old_url, create=False)
    with store.write() as tx:
        told = tx.outbox.get(1)
        assert told is not None
        assert (told.state, told.message_id, told.rows, told.token, told.hold) == (State.SENT, 70, (), "", "")
        assert tx.outbox.by_message("7", 70) == told
        assert tx.outbox.panel_of(1) is None
        assert [row.id for row in tx.outbox.dead(9)] == [2]
        assert tx.outbox.untold_dead() == []
        assert tx.outbox.queue_edit(3, card("newest"), NOW, NOW) is None
        tx.outbox.finish(3, sent(71), NOW)
        (edit,) = tx.outbox.claim(NOW, "n", 60, 9, "telegram")
        assert (edit.id, edit.act, edit.message_id, load(edit.body)) == (4, Act.EDIT, 71, card("newest"))
    store.close()


def test_chats_people_and_items_are_there_and_can_be_searched(old_url: str) -> None:
    migrate.upgrade(old_url)
    migrate.upgrade(old_url)
    store = open_store(old_url, create=False)
    with store.write() as tx:
        assert tx.chats.untold_parked() == {"8": "blocked"}
        assert tx.chats.info("8") is None
        assert tx.chats.everyone() == [Person(1001, "owner", NOW)]
        assert dict(tx.chats.settings("7")) == {"language": "zh-TW"}
        assert (tx.wishes.mutes(), tx.wishes.rules(), tx.wishes.joins()) == ([], [], [])
        for found in (1, 1, 1, 0):
            assert [one.id for one in tx.search.find("鴻海 foxconn", "", 9)] == [3, 2, 1]
            assert tx.search.index(1) == found
    store.close()
