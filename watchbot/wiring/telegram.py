"""What it takes to talk to Telegram, plugged together; imported where a token is given."""

import asyncio
from typing import Any

from watchbot.bot.chores import Worker
from watchbot.bot.download import downloader
from watchbot.bot.handlers import Handlers
from watchbot.bot.talk import Tools
from watchbot.config import read_watchlists
from watchbot.delivery.application import make_application
from watchbot.delivery.courier import Courier
from watchbot.delivery.limiter import Limiter
from watchbot.delivery.telegram import TelegramSender
from watchbot.pipeline.mishaps import tell_topic
from watchbot.sources.discover import discover as look
from watchbot.sources.opml import write_opml
from watchbot.wiring import Parts, catalogue, feed_list


class TelegramParts:
    """What it takes to talk to Telegram, made anew for every time the lease is won."""

    def __init__(self, parts: Parts) -> None:
        """Keep the parts; nothing is connected yet."""
        assert parts.settings.telegram is not None
        self._parts = parts
        self._settings = parts.settings.telegram
        self._queued = asyncio.Event()
        self.tools: Tools | None = None
        self._worker: Worker | None = None
        self.bot_key = self._settings.token.partition(":")[0]

    def application(self) -> Any:
        """A python-telegram-bot Application with the bot's handlers."""
        limiter = Limiter(self._parts.clock)
        application = make_application(self._settings.token, self._settings.api_url, self._settings.proxy, limiter)
        self.tools = self._tools(application)
        Handlers(self.tools, self.nudge).register(application, self.bot_key)
        return application

    def _tools(self, application: Any) -> Tools:
        """What the conversation works with."""
        parts = self._parts
        return Tools(
            store=parts.store,
            directory=parts.directory,
            settings=parts.settings,
            catalogue=catalogue(parts.settings.catalogue),
            ingest=parts.ingest,
            fetcher=parts.fetcher,
            cutter=parts.cutter,
            clock=parts.clock,
            find_feeds=lambda address: look(parts.fetcher, parts.cutter, parts.clock, address),
            download=downloader(application.bot),
            read_watchlists=lambda body, name: read_watchlists(body, name, catalogue(parts.settings.catalogue)),
            read_opml=feed_list,
            write_opml=write_opml,
        )

    def courier(self, application: Any) -> Courier:
        """The only sender of this bot."""
        parts = self._parts
        sender = TelegramSender(application.bot)
        return Courier(
            parts.store,
            sender,
            parts.clock,
            "telegram",
            parts.holder,
            self._queued,
            parts.random.random,
            moved=lambda tx, old, new, now: tell_topic(tx, parts.directory, old, new, now),
            pace=application.bot.rate_limiter,
        )

    def worker(self) -> Worker:
        """The one who does what messages asked for and what takes long; made after the application."""
        assert self.tools is not None
        self._worker = Worker(self.tools, self._queued.set)
        return self._worker

    def nudge(self) -> None:
        """Something was queued, or asked for."""
        self._queued.set()
        if self._worker is not None:
            self._worker.nudge()
