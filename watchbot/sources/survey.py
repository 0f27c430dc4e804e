"""Asking feeds now, to see which still answer: nothing is stored, no validators are sent.

feeds -> fetch (two a host) -> cut -> Answer each, told in the order asked for as soon as they are there
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from watchbot.model.errors import FetchError, WatchbotError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.ports.clock import Clock
from watchbot.ports.cutter import Cutter
from watchbot.ports.fetcher import Fetched, FetchRequest, SourceFetcher
from watchbot.sources.urls import shown_url

AT_ONCE = 32
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a feed answered. `error` is "" where it is well; `newest` is the latest date among its items."""

    error: str = ""
    items: int = 0
    newest: datetime | None = None
    title: str = ""


async def survey(
    fetcher: SourceFetcher,
    cutter: Cutter,
    clock: Clock,
    requests: Sequence[FetchRequest],
    told: Callable[[int, Answer], None],
) -> None:
    """Ask all of them; `told` gets the place of each in `requests` and its answer, in that order."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(request: FetchRequest) -> Answer:
        async with gate:
            return await ask(fetcher, cutter, clock, request)

    tasks = [asyncio.create_task(one(request)) for request in requests]
    try:
        for place, task in enumerate(tasks):
            told(place, await task)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def closing(fetcher: SourceFetcher, cutter: Cutter, work: Awaitable[T]) -> T:
    """Do some work with a fetcher and a cutter that nobody else uses, and close both."""
    try:
        return await work
    finally:
        await fetcher.close()
        await cutter.close()


async def ask(fetcher: SourceFetcher, cutter: Cutter, clock: Clock, request: FetchRequest) -> Answer:
    """Ask one feed. What goes wrong is its answer."""
    try:
        fetched = await fetcher.fetch(request)
        if not isinstance(fetched, Fetched):
            return Answer("it says that nothing is new, and nobody asked that")
        document = RawDocument("", fetched.body, fetched.media_type, clock.now(), url=fetched.url)
        return well(await cutter.cut(document))
    except FetchError as error:
        return Answer(str(error).removeprefix(f"{shown_url(request.url)}: "))
    except WatchbotError as error:
        return Answer(str(error))


def well(document: CutDocument) -> Answer:
    """The answer of a feed that was read."""
    dates = [item.published for item in document.items if item.published]
    return Answer("", len(document.items), max(dates, default=None), document.title)
