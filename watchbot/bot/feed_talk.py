"""Feeds in a chat: what was found at an address and its buttons, /feeds with health, removing, asking now, lists.

address -> chore: find, read the first few -> offer with a button each -> press -> a source of this chat (or everyone's)
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from watchbot.bot.guard import number_of
from watchbot.bot.paging import in_rows, page_of
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk, Tools
from watchbot.message import feeds as words
from watchbot.message.words import count, say
from watchbot.model.errors import FetchError, InputError, WatchbotError, WorkerError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.outline import Discovery, FeedList, FoundFeed, Outline
from watchbot.model.panel import Button, Panel, Rows
from watchbot.model.records import Chore, NewChore, SourceRow
from watchbot.pipeline import adding
from watchbot.pipeline.access import CHIEFS
from watchbot.pipeline.feedlist import holds_secret
from watchbot.pipeline.subscriptions import Access, secrets
from watchbot.ports.fetcher import Fetched, FetchRequest
from watchbot.ports.threads import in_thread
from watchbot.text.secrets import without_secrets

PAGE = 8
MOST_OFFERED = 6
MOST_READ = 3
MOST_WAITING = 5  # chores of one person


@dataclass(frozen=True, slots=True)
class Found:
    """A feed at an address, read (`cut`), not looked at (both empty), or not to be read (`error`)."""

    title: str
    url: str
    cut: CutDocument | None = None
    error: str = ""


def begin(talk: Talk, html: str, kind: str, payload: dict[str, Any]) -> Answer:
    """Say "one moment" and begin a chore; or that enough is waiting already."""
    if talk.tx.chores.of(talk.user) >= MOST_WAITING and talk.role not in CHIEFS:
        return Answer(words.busy(talk.language))
    return Answer(html, chore=NewChore(kind, talk.chat, talk.user, payload))


# --- found at an address ---


def find(talk: Talk, address: str) -> Answer:
    """Look for feeds at an address."""
    if holds_secret(address):
        return Answer(words.became(talk.language, "keyed", ""))
    return begin(talk, words.looking(talk.language, address), "find_feeds", {"address": address})


async def _prepare_find(tools: Tools, chore: Chore) -> list[Found]:
    """The feeds at an address, the first few of them read."""
    return await read_found(tools, await tools.find_feeds(chore.asked.payload["address"]))


async def read_found(tools: Tools, found: Discovery) -> list[Found]:
    """What was discovered, with what the likeliest feeds hold."""
    if found.document is not None:
        return [Found(found.document.title or found.feeds[0].title, found.feeds[0].url, found.document)]
    read = await asyncio.gather(*(_read(tools, feed) for feed in found.feeds[:MOST_READ]))
    return [*read, *(Found(feed.title, feed.url) for feed in found.feeds[MOST_READ:])]


async def _read(tools: Tools, feed: FoundFeed) -> Found:
    """One feed as it stands now. What goes wrong is told beside it."""
    try:
        cut = await ask(tools, FetchRequest(feed.url))
    except WorkerError:
        raise
    except WatchbotError as error:
        return Found(feed.title, feed.url, error=str(error))
    return Found(cut.title or feed.title, feed.url, cut)


async def fetch(tools: Tools, request: FetchRequest) -> Fetched:
    """What lies at an address, asked for without validators. Raises FetchError in one line."""
    fetched = await tools.fetcher.fetch(request)
    if not isinstance(fetched, Fetched):
        raise FetchError("it says that nothing is new, and nobody asked that")
    return fetched


async def ask(tools: Tools, request: FetchRequest) -> CutDocument:
    """The feed at an address, read. Raises WatchbotError in one line."""
    fetched = await fetch(tools, request)
    return await tools.cutter.cut(RawDocument("", fetched.body, fetched.media_type, tools.clock.now(), url=fetched.url))


def _finish_find(talk: Talk, _chore: Chore, result: Any) -> Answer:
    """The offer, or what went wrong."""
    if isinstance(result, WatchbotError):
        html = words.failed(talk.language, str(result))
        if isinstance(result, InputError) and talk.private:  # there is a page, and no feed
            html += f"\n{say(talk.language, 'feed_as_news')}"
        return Answer(html)
    return offer(talk, result)


def offer(talk: Talk, found: Sequence[Found]) -> Answer:
    """What was found, with a button for each feed that may be added."""
    shown = [_seen(talk, feed) for feed in found[:MOST_OFFERED]]
    html = words.offer(talk.language, shown, len(found) - len(shown))
    feeds = [{"title": feed.title, "url": feed.url} for feed in shown if feed.may_be_added]
    return Answer(html, _offer_rows(talk, feeds), Panel("feed_offer", {"feeds": feeds}))


def _seen(talk: Talk, feed: Found) -> words.SeenFeed:
    """A found feed as it is shown: its last headlines, and what would have fired here."""
    if holds_secret(feed.url):
        error = words.became(talk.language, "keyed", "")
        return words.SeenFeed(feed.title, without_secrets(feed.url), error=error)
    there = adding.standing(talk.tx, talk.chat, feed.url)
    if there is not None and not (there.spec.chat and talk.role in CHIEFS):  # an admin may still say "For everyone"
        return words.SeenFeed(feed.title, feed.url, there=there.spec.shown)
    if feed.cut is None:
        return words.SeenFeed(feed.title, feed.url, error=feed.error)
    items = feed.cut.items
    fired = adding.would_fire(talk.tools.directory, talk.chat, items)
    titles = tuple(item.title or item.body for item in items[: words.TITLES])
    return words.SeenFeed(
        feed.title, feed.url, titles, tuple((one.title, one.labels) for one in fired), items=len(items)
    )


def _offer_rows(talk: Talk, feeds: Sequence[dict[str, str]]) -> Rows:
    """A row for each feed; admins may take it for everyone."""
    rows = []
    for number, feed in enumerate(feeds):
        if not feed:
            continue
        row = [Button(words.add_button(talk.language, feed["title"] or words.host(feed["url"])), f"add:{number}")]
        if talk.role in CHIEFS:
            row.append(Button(say(talk.language, "feed_button_everyone"), f"all:{number}"))
        rows.append(tuple(row))
    return tuple(rows)


def _press_offer(talk: Talk, press: Press) -> Reaction:
    """Add one of the offered feeds; the others stay on offer."""
    feeds = list(press.state["feeds"])
    number = number_of(press.argument)
    if not talk.may_change or number >= len(feeds) or not feeds[number]:
        return Reaction(say(talk.language, "press_not_yours" if not talk.may_change else "press_unknown"))
    everyone = press.verb == "all"
    if everyone and talk.role not in CHIEFS:
        return Reaction(say(talk.language, "admins_only"))
    feed = Outline(feeds[number]["title"], feeds[number]["url"])
    made = adding.add_feed(talk.tx, talk.tools.settings, talk.chat, talk.role, feed, talk.now, everyone)
    html = words.became(talk.language, made.became.value, made.name, made.limit, everyone)
    if made.became is not adding.Became.FULL:
        feeds[number] = {}
    return Reaction(edit=Answer(html, _offer_rows(talk, feeds), Panel("feed_offer", {"feeds": feeds})))


# --- /feeds ---


def _feeds(talk: Talk) -> Answer:
    """The sources of this chat and how they fare."""
    return _page(talk, 0)


def _page(talk: Talk, wanted: int) -> Answer:
    """One page of them, eight a page."""
    language = talk.language
    found = adding.heard(talk.tx, talk.tools.directory, talk.chat, talk.role, talk.now)
    page = page_of(wanted, len(found), PAGE)
    shown = found[page.start : page.end]
    html = words.listing(language, [_line(one) for one in shown], page.start + 1, len(found), talk.timezone, talk.now)
    removing = [
        Button(f"✕ {number}", f"remove:{one.row.id}")
        for number, one in enumerate(shown, page.start + 1)
        if one.removable and talk.may_change
    ]
    may_check = talk.may_change and any(map(_may_ask, shown))
    check = [Button(say(language, "feeds_button_check"), "check")] if may_check else []
    rows = (*in_rows(removing, 4), (*page.turns(), *check))
    return Answer(html, tuple(row for row in rows if row), Panel("feeds", {"page": page.number}))


def _line(one: adding.Heard) -> words.SourceLine:
    """A source as a line of the list."""
    row = one.row
    at = {adding.Health.WELL: row.ok_at, adding.Health.FAILING: row.failing_since, adding.Health.QUIET: row.newest_at}
    return words.SourceLine(one.name, one.health.value, one.own, at.get(one.health), row.error, one.feeds)


def _may_ask(one: adding.Heard) -> bool:
    """A search shows neither what it asks nor, by an answer, which companies others watch."""
    return one.row.spec.kind == "feed" and one.feeds == 1 and one.name == one.row.spec.name


def _press_feeds(talk: Talk, press: Press) -> Reaction:
    """Turn the page, remove a source, ask those of the page now."""
    page = int(press.state["page"])
    if press.verb == "page":
        return Reaction(edit=_page(talk, number_of(press.argument)))
    if not talk.may_change:
        return Reaction(say(talk.language, "press_not_yours"))
    if press.verb == "remove":
        row = adding.remove_feed(talk.tx, talk.chat, talk.role, number_of(press.argument))
        toast = words.removed(talk.language, row.spec.name) if row else say(talk.language, "feeds_not_yours")
        return Reaction(toast, edit=_page(talk, page))
    found = adding.heard(talk.tx, talk.tools.directory, talk.chat, talk.role, talk.now)
    ids = [one.row.id for one in found[page * PAGE : (page + 1) * PAGE] if _may_ask(one)]
    moment = words.checking(talk.language, len(ids))
    return Reaction(answers=(begin(talk, moment, "check_feeds", {"ids": ids}),))


async def _prepare_check(tools: Tools, chore: Chore) -> list[tuple[int, int, str]]:
    """Ask feeds as the daemon would: id, number of items, error."""
    rows = await in_thread(_rows, tools, chore)
    lists = tuple(tools.directory.watchlists.values())
    known = secrets(tools.settings, lists, tools.catalogue.names_of)
    return await asyncio.gather(*(_check(tools, row, known.get(row.spec.address)) for row in rows))


async def _check(tools: Tools, row: SourceRow, given: Access | None) -> tuple[int, int, str]:
    access = given or Access(row.spec.address)
    url = access.place(row.spec.address, row.location)
    try:
        cut = await ask(tools, FetchRequest(url, headers=access.headers, proxy=access.proxy))
    except WorkerError:
        raise
    except WatchbotError as error:
        return row.id, 0, str(error)
    return row.id, len(cut.items), ""


def _rows(tools: Tools, chore: Chore) -> list[SourceRow]:
    """The feeds to ask; none that another chat owns, whatever is asked for."""
    with tools.store.read() as tx:
        found = [tx.sources.get(number) for number in chore.asked.payload["ids"]]
    return [row for row in found if row and row.spec.serves(chore.asked.chat) and row.spec.kind == "feed"]


def _finish_check(talk: Talk, _chore: Chore, result: Any) -> Answer:
    """How they answered; one that had said it was gone and answers is polled again."""
    if isinstance(result, WatchbotError):
        return Answer(words.failed(talk.language, str(result)))
    answers = []
    for number, items, error in result:
        row = talk.tx.sources.get(number)
        if row is None:
            continue
        if row.gone and not error:
            talk.tx.sources.revive(number, talk.now)
        answers.append((row.spec.shown, items, error))
    return Answer(words.checked(talk.language, answers))


# --- lists of feeds ---


def list_offer(talk: Talk, feeds: FeedList, sent: dict[str, Any]) -> Answer:
    """A list of feeds that was sent: one button adds them all."""
    titles = [feed.title or words.host(feed.xml_url) for feed in feeds.outlines]
    html = words.found_list(talk.language, titles, len(titles), feeds.refused)
    if not titles:
        return Answer(html)
    text = say(talk.language, "feed_list_button", feeds=count(talk.language, "found_feed", len(titles)))
    return Answer(html, ((Button(text, "import"),),), Panel("feed_list", {"sent": sent}))


def _press_list(talk: Talk, press: Press) -> Reaction:
    """It is read once more, so that no long list need be kept."""
    if not talk.may_change:
        return Reaction(say(talk.language, "press_not_yours"))
    return Reaction(
        answers=(begin(talk, say(talk.language, "news_moment"), "import_feeds", dict(press.state["sent"])),)
    )


def finish_import(talk: Talk, _chore: Chore, result: Any) -> Answer:
    """The feeds of a list that was read become sources of this chat."""
    if isinstance(result, WatchbotError):
        return Answer(words.failed(talk.language, str(result)))
    feeds = result.feeds.outlines if result.feeds else ()
    done = adding.import_list(talk.tx, talk.tools.settings, talk.chat, talk.role, feeds, talk.now)
    return Answer(words.imported(talk.language, done.added, done.there, done.full, done.keyed, done.limit))


COMMANDS: dict[str, Command] = {"feeds": Command(_feeds, "read")}
PANELS: dict[str, PressCase] = {"feed_offer": _press_offer, "feeds": _press_feeds, "feed_list": _press_list}
CHORES: dict[str, ChoreCase] = {
    "find_feeds": ChoreCase(_prepare_find, _finish_find),
    "check_feeds": ChoreCase(_prepare_check, _finish_check),
}
