"""Opening, migrating, checking and backing up a database."""

import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.contract.store_rows import NOW, alert, message, sent, stored
from watchbot.model.errors import StoreError
from watchbot.model.reason import Reason
from watchbot.store import SqlStore, migrate, open_store, tables
from watchbot.store.backup import backup, check

UPGRADE = "import sys; from watchbot.store.migrate import upgrade; upgrade(sys.argv[1])"


def test_an_empty_database_is_brought_up_to_date(empty_url: str) -> None:
    assert migrate.current(empty_url) is None
    assert migrate.needs_upgrade(empty_url)
    migrate.upgrade(empty_url)
    assert migrate.current(empty_url) == tables.HEAD
    assert not migrate.needs_upgrade(empty_url)
    migrate.upgrade(empty_url)
    store = open_store(empty_url, create=False)
    with store.write() as tx:
        stored(tx)
    store.close()
    assert check(empty_url) == []


def test_opening_makes_what_is_missing_or_says_what_to_do(empty_url: str) -> None:
    with pytest.raises(StoreError, match=r"watchbot (run|db upgrade)"):
        open_store(empty_url, create=False)
    assert check(empty_url) != []
    store = open_store(empty_url)
    assert store.kind in empty_url
    store.close()


def test_the_migrations_make_the_tables_of_the_program(store: SqlStore) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": False})
        differences = compare_metadata(context, tables.metadata)
    assert [one for one in differences if not beside_the_tables(one)] == []


def test_there_is_one_newest_migration() -> None:
    assert ScriptDirectory.from_config(migrate.config()).get_heads() == [tables.HEAD]


def test_a_newer_database_is_refused(store: SqlStore, url: str) -> None:
    with store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for refused in (migrate.needs_upgrade, migrate.upgrade, open_store, check):
        with pytest.raises(StoreError, match=r"newer watchbot \(schema 9999"):
            refused(url)


def test_nodes_that_start_at_once_migrate_once(empty_url: str, tmp_path: Path) -> None:
    starting = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, empty_url], cwd=tmp_path, env=environment()) for _ in range(4)
    ]
    assert [node.wait(60) for node in starting] == [0, 0, 0, 0]
    assert migrate.current(empty_url) == tables.HEAD
    assert check(empty_url) == []


def test_threads_that_start_at_once_migrate_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate.upgrade, [empty_url] * 4))
    assert migrate.current(empty_url) == tables.HEAD


def test_a_failed_migration_changes_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "with % in it"
    shutil.copytree(migrate.scripts(), folder)
    (script,) = folder.glob("versions/0001*.py")
    with script.open("a") as file:
        file.write("\n\n_deliveries = lambda: op.execute('not sql')\n")
    monkeypatch.setattr(migrate, "scripts", lambda: folder)
    with pytest.raises(StoreError, match="syntax error"):
        migrate.upgrade(empty_url)
    monkeypatch.undo()
    assert migrate.current(empty_url) is None
    migrate.upgrade(empty_url)
    assert check(empty_url) == []


def test_check_finds_what_does_not_agree(store: SqlStore, url: str) -> None:
    with store.write() as tx:
        made = alert(tx)
        row = tx.outbox.queue(message(alert=made), NOW)
        tx.outbox.claim(NOW, "n", 60, 1, "telegram")
        tx.outbox.finish(row, sent(), NOW)
    assert check(url) == []
    with store.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM item_sources")
        tx.connection.exec_driver_sql("UPDATE items SET story = NULL")
        tx.connection.exec_driver_sql("UPDATE deliveries SET chat = '8', state = 'sending'")
    assert check(url) == [
        "1 items without a source",
        "1 alerts whose item is not in their story",
        "1 messages on their way that nobody holds",
        "1 deliveries of an alert of another chat",
    ]


def test_a_backup_is_a_whole_database(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    with store.write() as tx:
        row = stored(tx)
    target = tmp_path / "deep" / "copy.db"
    with store.write() as tx:
        stored(tx, "not committed yet")
        backup(sqlite_url, target)
    store.close()
    assert sorted(file.name for file in target.parent.iterdir()) == ["copy.db"]
    copy = open_store(f"sqlite:///{target}", create=False)
    with copy.read() as tx:
        assert [item.id for item in tx.items.latest(9)] == [row]
    copy.close()
    assert check(f"sqlite:///{target}") == []


def test_a_backup_never_overwrites(sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        backup(sqlite_url, target)
    assert target.read_text() == "mine"
    with pytest.raises(StoreError, match="no database"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_damaged_file_is_said_to_be_damaged(sqlite_url: str, tmp_path: Path) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    raw = bytearray(file.read_bytes())
    raw[5000:90000] = os.urandom(85000)
    file.write_bytes(raw)
    assert check(sqlite_url) != []
    (tmp_path / "text.db").write_text("this is no database at all " * 100)
    assert "not a database" in check(f"sqlite:///{tmp_path}/text.db")[0]
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{tmp_path}/text.db")
    with pytest.raises(StoreError, match="backup failed"):
        backup(f"sqlite:///{tmp_path}/text.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_orphans_are_found(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write() as tx:
        stored(tx)
    store.close()
    raw = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    raw.execute("DELETE FROM sources")
    raw.commit()
    raw.close()
    assert check(sqlite_url) == [
        f"{table}: rows point to rows that do not exist" for table in ("item_sources", "items")
    ]


@pytest.mark.postgres
def test_backup_of_postgresql_names_its_tool(migrated_postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pg_dump"):
        backup(migrated_postgres_url, tmp_path / "x")


@pytest.mark.postgres
def test_an_unreachable_server_is_one_line_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(f"postgresql+psycopg://me:secret@/db?host={tmp_path}")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.postgres
def test_the_other_forms_of_a_postgresql_address(migrated_postgres_url: str) -> None:
    for scheme in ("postgres", "postgresql"):
        store = open_store(migrated_postgres_url.replace("postgresql+psycopg", scheme), create=False)
        assert store.kind == "postgresql"
        with store.read() as tx:
            assert tx.connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"
        store.close()


def test_sqlite_keeps_what_was_committed(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.write() as tx:
        pragmas = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}


def test_decisions_have_reasons_that_fit(store: SqlStore) -> None:
    assert max(len(reason.value) for reason in Reason) <= tables.decisions.c.reason.type.length


def environment() -> dict[str, str]:
    """A process that finds the package from any folder."""
    return os.environ | {"PYTHONPATH": str(Path(migrate.__file__).parents[2])}


def beside_the_tables(difference: tuple[Any, ...]) -> bool:
    """The lock of migrations, and the index of words, which each database has in a way of its own."""
    if difference[0] not in ("remove_table", "remove_index"):
        return False
    return difference[1].name.startswith(("migration_lock", "item_search", "ix_item_search"))
