"""The daemon as a process, so that end-to-end tests read like a script: drop a page, add an item, read the chat."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

TOKEN_ENV = "WATCHBOT_TEST_TOKEN"
WATCHLIST = """
watchlists:
  - name: desk
    chats: {chats}
    watches:
      - name: Foxconn
        aliases: [Hon Hai, 鴻海]
      - name: Taipower
        aliases: [台電]
      - id: memory
        name: Memory
        keywords: [DRAM]
        exclude: [drama]
"""


class House:
    """One configuration in a folder, and the daemon run on it."""

    def __init__(self, root: Path) -> None:
        """Write nothing yet."""
        self.root = root
        self.inbox = root / "inbox"
        self.inbox.mkdir(parents=True)
        self.config = root / "watchbot.yaml"
        self.process: subprocess.Popen[str] | None = None
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._readers: list[threading.Thread] = []
        self._environ: dict[str, str] = {}

    def configure(
        self,
        feeds: dict[str, str] | None = None,
        api: Any = None,
        chats: str = "[console]",
        database: str = "",
        admins: str = "",
        extra: str = "",
        every: str = "1s",
        private: tuple[str, ...] = (),
        telegram: str = "",
    ) -> None:
        """Write watchbot.yaml and watchlist.yaml."""
        lines = [f"database: {database or 'sqlite:///var/watchbot.db'}"]
        if api is not None:
            self._environ[TOKEN_ENV] = api.token
            more = f", {telegram}" if telegram else ""
            lines.append(f"telegram: {{token: '${{{TOKEN_ENV}}}', api_url: '{api.url}', admins: [{admins}]{more}}}")
        allowed = {address.split("/")[2] for address in (feeds or {}).values()} | set(private)
        lines.append(f"fetch: {{allow_private: {sorted(allowed)}}}")
        lines.append("defaults: {timezone: Asia/Taipei, language: en}")
        lines.append("sources:")
        lines.append(f"  - {{name: Inbox, folder: {self.inbox}}}")
        for name, address in (feeds or {}).items():
            lines.append(f"  - {{name: {name}, feed: '{address}', every: {every}}}")
        lines.append("watchlists: [watchlist.yaml]")
        lines.append(extra)
        self.config.write_text("\n".join(lines), encoding="utf-8")
        (self.root / "watchlist.yaml").write_text(WATCHLIST.format(chats=chats), encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        """The command line of one watchbot command."""
        return [sys.executable, "-m", "watchbot", "--config", str(self.config), *arguments]

    def run(self, *arguments: str, timeout: float = 60, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            timeout=timeout,
            env=self._env(),
            cwd=self.root,
            input=text,
            check=False,
        )

    def start(self, *arguments: str) -> None:
        """Start the daemon and wait until it says that it is ready."""
        with self._changed:
            self.lines.clear()
        self.process = subprocess.Popen(
            self.command("run", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._env(),
            cwd=self.root,
        )
        reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        reader.start()
        self._readers.append(reader)
        self.expects("ready:")

    def expects(self, *words: str, timeout: float = 40) -> None:
        """Wait until the daemon has printed all of these words, in any order."""
        with self._changed:
            told = self._changed.wait_for(lambda: self._has(words) or self._ended(), timeout)
            printed = "\n".join(self.lines)
        assert told, f"{words} did not appear in:\n{printed}"
        assert self._has(words), f"the daemon ended before {words} appeared in:\n{printed}"

    def count(self, word: str) -> int:
        """How many printed lines hold this word."""
        with self._changed:
            return sum(word in line for line in self.lines)

    def drop(self, name: str, text: str) -> None:
        """Put a file into the inbox the way a person does; it was last written some seconds ago."""
        part = self.root / f".{name}.writing"
        part.write_text(text, encoding="utf-8")
        past = part.stat().st_mtime - 10
        os.utime(part, (past, past))
        part.rename(self.inbox / name)

    def kill(self) -> None:
        """kill -9."""
        assert self.process
        self.process.kill()
        self.process.wait(10)
        self._join()

    def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self._join()
        return code

    def close(self) -> None:
        """End what is still running."""
        if self.process and self.process.poll() is None:
            self.kill()

    def _join(self) -> None:
        for reader in self._readers:
            reader.join(10)

    def _has(self, words: tuple[str, ...]) -> bool:
        printed = "\n".join(self.lines)
        return all(word in printed for word in words)

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _env(self) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("WATCHBOT", "TELEGRAM"))}
        return clean | {"PYTHONUNBUFFERED": "1", "COLUMNS": "100"} | self._environ

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        process.stdout.close()
        with self._changed:
            self._changed.notify_all()
