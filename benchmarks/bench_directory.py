"""What one changed setting costs where many people watch: 500 chats of 20 watches each, on SQLite.

    python -m benchmarks.bench_directory

One chat changes a setting, a watch or a mute; the next `Directory.refresh` is timed (CPU). The peer is the part that
cannot be spared without a change of the schema: reading the rows of all watches with the bare driver, in turns with it.
"""

import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from watchbot.model.settings import FetchSettings, Settings
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.ports.store import Tx
from watchbot.store import open_store
from watchbot.store.migrate import upgrade

NOW = datetime(2026, 11, 27, tzinfo=UTC)
CHATS, WATCHES, ROUNDS = 500, 20, 15


def watch(number: int) -> Watch:
    """An invented company."""
    return Watch(f"w{number}", f"Firm{number} Corp", names=(f"Firm{number} Corp",))


def main() -> None:
    """Fill, then change one thing after the other."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        upgrade(f"sqlite:///{path}")
        store = open_store(f"sqlite:///{path}")
        with store.write() as tx:
            for chat in range(CHATS):
                tx.chats.set(str(1000 + chat), "language", "zh-TW")
                tx.chats.set_role(1000 + chat, "user", NOW)
                for number in range(WATCHES):
                    tx.chats.add_watch(str(1000 + chat), watch(chat * WATCHES + number), NOW)
        own = Watchlist("w", "w", tuple(watch(-number) for number in range(1, 1001)), chats=("1000",), join="anyone")
        directory = Directory(Settings(Path(folder), "", FetchSettings("bench"), watchlists=(own,)))

        def refreshed() -> float:
            start = process_time()
            with store.read() as tx:
                directory.refresh(tx)
            return 1000 * (process_time() - start)

        def read() -> float:
            start = process_time()
            connection = sqlite3.connect(path)
            list(connection.execute("SELECT chat, watch, created_at FROM chat_watches ORDER BY id"))
            connection.close()
            return 1000 * (process_time() - start)

        print(f"{CHATS} chats of {WATCHES} watches: first look {refreshed():.0f} ms")
        changes: dict[str, Callable[[Tx, int], object]] = {
            "a setting": lambda tx, turn: tx.chats.set("1003", "language", ("en", "zh-TW")[turn % 2]),
            "a watch": lambda tx, turn: tx.chats.add_watch("1003", watch(90_000 + turn), NOW),
            "a mute": lambda tx, _turn: tx.wishes.mute("1003", "all", "", "all", None, 1, NOW),
        }
        for name, change in changes.items():
            ours, bare = [], []
            for turn in range(ROUNDS):
                with store.write() as tx:
                    change(tx, turn)
                ours.append(refreshed())
                bare.append(read())
            mine, least = statistics.median(ours), statistics.median(bare)
            print(f"{name} changed: {mine:.1f} ms; reading the rows alone {least:.1f} ms ({mine / least:.1f} x)")
        store.close()


if __name__ == "__main__":
    main()
