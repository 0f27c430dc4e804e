"""The daemon's lock beside a SQLite file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from watchbot.model.errors import HeldError, StoreError
from watchbot.store import lock

HOLD = """
import subprocess, sys
from watchbot.store.lock import hold
held = hold(sys.argv[1])
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
print(child.pid, flush=True)
sys.stdin.read()
"""


def url(folder: Path) -> str:
    """A database that need not exist."""
    return f"sqlite:///{folder}/deep/watchbot.db"


def test_the_second_one_learns_who_holds_it(tmp_path: Path) -> None:
    with lock.hold(url(tmp_path)):
        assert (tmp_path / "deep" / "watchbot.db.lock").read_text() == f"{os.getpid()}\n"
        with pytest.raises(HeldError, match=rf"watchbot\.db: another watchbot \(process {os.getpid()}\)"):
            lock.hold(url(tmp_path))
    held = lock.hold(url(tmp_path))
    held.close()
    held.close()


def test_it_ends_with_its_process_and_no_child_inherits_it(tmp_path: Path) -> None:
    root = Path(lock.__file__).parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, url(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    with holder:
        assert holder.stdout is not None
        child = int(holder.stdout.readline())
        with pytest.raises(HeldError, match=f"process {holder.pid}"):
            lock.hold(url(tmp_path))
        holder.kill()
        holder.wait()
        assert Path(f"/proc/{child}").exists() or sys.platform != "linux"
        lock.hold(url(tmp_path)).close()


def test_postgresql_needs_no_lock() -> None:
    with lock.hold("postgresql+psycopg://localhost/db"), lock.hold("postgresql+psycopg://localhost/db"):
        pass


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="the lock cannot be made"):
        lock.hold(f"sqlite:///{tmp_path}/file/watchbot.db")
