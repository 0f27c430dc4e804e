"""What the person in front of the terminal is told beside the alerts: what was not told, and what to do next."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from watchbot.daemon.drops import Read
from watchbot.daemon.health import Health
from watchbot.pipeline.commands import hash_code
from watchbot.ports.threads import in_thread
from watchbot.wiring import Parts

INVITE_LASTS = timedelta(hours=24)


class Greeting:
    """Says things on the terminal; without one it says only the summary of a run."""

    def __init__(self, parts: Parts, say: Callable[[str], None], terminal: bool) -> None:
        """`say` prints one line."""
        self._parts = parts
        self._say = say
        self._terminal = terminal
        self.greeted = False

    async def start(self, health: Health) -> None:
        """Say at every start what is not connected or not yet active."""
        for note in self._parts.settings.notes:
            self._parts.log.info("not yet active: %s", note)
        for warning in self._parts.settings.warnings:
            self._parts.log.warning("%s", warning)
        if not self._parts.settings.connected:
            remark = "not connected (no token); alerts go to the terminal, those for `owner` wait"
            health.well("telegram", remark)
            self._parts.log.info("telegram: %s", remark)

    async def summary(self, files: list[Read]) -> None:
        """After a round: every file's rest, or that nothing was new; then the three next steps."""
        fresh = [read for read in files if read.taken is None or not read.taken.same_file]
        if fresh:
            self._say("")
        for read in fresh:
            self.file(read)
        if not any(read.taken and read.taken.new for read in fresh):
            self._say(f"Nothing new, {await in_thread(self._told_before)} told before.")
        if self._terminal or not self.greeted:
            self._next_steps()

    def file(self, read: Read) -> None:
        """One dropped file: how many of its items were told, and how to see why the others were not."""
        where = _short(read.archived)
        if read.taken is None:
            self._say(f"{read.name}: not read: {read.note} (now at {where})")
        elif read.taken.same_file:
            self._say(f"{read.name}: the same file was read before; nothing new")
        else:
            rest = read.taken.items - read.taken.told_items
            others = f"{rest} others not told: watchbot explain {where}" if rest else "every item told"
            self._say(f"{read.name}: {read.taken.told_items} told, {others}")

    async def owner_link(self, username: str) -> None:
        """While nobody owns the bot, print a one-time link: on a terminal only, never into a log."""
        if self._parts.directory.owner() is not None:
            return
        if not self._terminal:
            self._parts.log.info("telegram: nobody owns the bot yet: watchbot invite --role owner")
            return
        link = f"https://t.me/{username}?start={await in_thread(self._invite)}"
        self._say(f"Open this link in Telegram to own the bot (works once, for 24 hours): {link}")

    def unsent(self) -> None:
        """After a round that ended before Telegram took everything."""
        self._say("Telegram did not take everything in time; what is left is kept and sent at the next run.")

    def inventory(self) -> str:
        """One line: what this node watches."""
        settings = self._parts.settings
        watches = sum(len(watchlist.watches) for watchlist in settings.watchlists)
        sources = len(self._parts.specs())
        telegram = "connecting" if settings.connected else "not connected"
        return f"{watches} watches, {sources} sources, telegram {telegram}"

    def _next_steps(self) -> None:
        settings = self._parts.settings
        folders = [spec.address for spec in self._parts.specs() if spec.kind == "folder"]
        if folders:
            self._say(
                f"  Drop a page:         save or copy a page, newsletter or text into {_short(Path(folders[0]))}/"
            )
        files = [watchlist.origin for watchlist in settings.watchlists if watchlist.origin]
        if files:
            self._say(f"  Edit the watchlist:  {_short(Path(files[0].rpartition(':')[0]))}, then start again")
        if not settings.connected:
            env = _short(settings.path.parent / ".env")
            self._say(f"  Connect Telegram:    put TELEGRAM_BOT_TOKEN=<token from @BotFather> into {env}, start again")

    def _told_before(self) -> int:
        with self._parts.store.read() as tx:
            return tx.alerts.count_told()

    def _invite(self) -> str:
        code = secrets.token_urlsafe(24)
        with self._parts.store.write() as tx:
            tx.chats.invite(hash_code(code), "owner", self._parts.clock.now() + INVITE_LASTS)
        return code


def _short(path: Path) -> str:
    """A path as the person would type it: relative to where they stand, where that is shorter."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
