"""What the daemon does beside news: notices about sources and watches, new searches, old items.

every second: what was held back -> digests, round-ups; every half minute: sources' health -> notices, readiness; every
quarter: parked chats, dead letters -> notices; every ten seconds: what waits for Telegram, and it is night -> held;
every five seconds: changed watches -> searches; every two seconds: new items -> full text; now and then: silent
watches, retention
"""

import logging
from collections.abc import Callable

from watchbot.daemon.feeds import Feeds
from watchbot.daemon.health import Health
from watchbot.message.notices import Happening
from watchbot.pipeline import holding
from watchbot.pipeline.housekeeping import index_some, tidy
from watchbot.pipeline.mishaps import tell_mishaps
from watchbot.pipeline.notices import tell_sources, tell_watches
from watchbot.pipeline.subscriptions import Access
from watchbot.ports.threads import in_thread
from watchbot.wiring import Parts

log = logging.getLogger(__name__)

SHOWN = 5
BATCHES = 20  # a thousand items a tick: what an older version stored is searchable within minutes
_LOGGED = {
    "down": "{name} has not answered since {since:%Y-%m-%d %H:%M}: {text}",
    "up": "{name} answers again after an outage since {since:%Y-%m-%d %H:%M}",
    "gone": "{name} says that it is gone for good; give it a new address or take it out",
    "moved": "{name} has moved for good to {text}",
    "quiet": "{name} answers but has brought nothing new since {since:%Y-%m-%d %H:%M}, which is unusual for it",
    "watch_quiet": "{name} usually fires but has not since {since:%Y-%m-%d %H:%M}",
}


class Upkeep:
    """One node's housekeeping; every method is one tick of one job."""

    def __init__(self, parts: Parts, feeds: Feeds, health: Health, queued: Callable[[], None]) -> None:
        """`queued` is called after something was queued."""
        self._parts = parts
        self._feeds = feeds
        self._health = health
        self._queued = queued
        self._searched_for = -1  # the first look searches again: something may have changed since the start

    async def sources(self) -> None:
        """Tell what happened to sources, and say in /readyz which fail."""
        store, now = self._parts.store, self._parts.clock.now()
        self._say(await in_thread(tell_sources, store, self._parts.directory, now))
        ill = await in_thread(self._ailing)
        self._health.well("sources", _remark([name for name, _gone in ill]) if ill else "")

    async def watches(self) -> None:
        """Tell which watches have gone unusually quiet."""
        now = self._parts.clock.now()
        self._say(await in_thread(tell_watches, self._parts.store, self._parts.directory, now))

    async def mishaps(self) -> None:
        """Tell which chats cannot be written to or have moved, and which messages were given up."""
        now = self._parts.clock.now()
        told = await in_thread(tell_mishaps, self._parts.store, self._parts.directory, now)
        for line in told:
            log.info("%s", line)
        if told:
            self._queued()

    async def held(self) -> None:
        """Queue digests and round-ups whose time has come."""
        if await in_thread(holding.release, self._parts.store, self._parts.directory, self._parts.clock.now()):
            self._queued()

    async def night(self) -> None:
        """Hold back what could not be sent before quiet hours began."""
        if put_off := await in_thread(
            holding.put_off, self._parts.store, self._parts.directory, self._parts.clock.now()
        ):
            log.info("%d alerts that could not be sent wait for the end of quiet hours", put_off)

    async def searches(self) -> None:
        """Where watches changed in a chat, the searches ask for the new companies and no longer for the old."""
        if not any(entry.kind == "search" for entry in self._parts.settings.sources):
            return
        version = await in_thread(self._version)
        if version != self._searched_for:
            self._feeds.secrets = await in_thread(self._access)  # first: a new search must not be asked without its key
            await in_thread(self._resubscribe)
            self._searched_for = version

    async def full_text(self) -> None:
        """Make new items searchable: a few at a time, so that whoever wants to write gets their turn in between."""
        for _batch in range(BATCHES):
            if not await in_thread(index_some, self._parts.store):
                return

    async def retention(self) -> None:
        """Let what is old go."""
        gone = await in_thread(tidy, self._parts.store, self._parts.settings.retention, self._parts.clock.now())
        if gone:
            log.info("retention: %d old items are gone", gone)

    def _say(self, happenings: list[Happening]) -> None:
        for one in happenings:
            text = _LOGGED[one.kind].format(name=one.name, since=one.since, text=one.text)
            log.log(logging.INFO if one.kind in ("up", "moved") else logging.WARNING, "%s", text)
        if happenings:
            self._queued()

    def _ailing(self) -> list[tuple[str, bool]]:
        with self._parts.store.read() as tx:
            return tx.sources.ailing()

    def _version(self) -> int:
        with self._parts.store.read() as tx:
            return tx.chats.version()

    def _access(self) -> dict[str, Access]:
        with self._parts.store.read() as tx:
            self._parts.directory.refresh(tx)
        return self._parts.secrets()

    def _resubscribe(self) -> None:
        parts = self._parts
        with parts.store.write() as tx:
            tx.sources.sync(parts.specs(), parts.clock.now())


def _remark(names: list[str]) -> str:
    """Which sources fail, in one line."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{len(names)} not answering: {', '.join(names[:SHOWN])}{more}"
