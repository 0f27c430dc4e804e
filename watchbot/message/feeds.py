"""What is said about feeds: those found at an address, those of a list, and the sources of a chat with their health.

All of it is Telegram HTML; what feeds, pages and people wrote is cleaned and escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from watchbot.message.errors import said
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import escape, foreign
from watchbot.message.times import clock
from watchbot.message.words import count, listed, say

TITLES = 5
TITLES_OF_MANY = 3
NAMED = 5
_TITLE_COLUMNS = 90
_NAME_COLUMNS = 60
_BUTTON_COLUMNS = 30
_ERROR_COLUMNS = 200
_SIGNS = {"well": "✅", "new": "🆕", "failing": "⚠️", "gone": "🚫", "quiet": "💤", "folder": "📁"}


@dataclass(frozen=True, slots=True)
class SeenFeed:
    """A feed that was found: its last headlines, how many items it holds, and which would have fired with the names of
    their watches; `error` says why it cannot be read, `there` as which source the chat has it already, None in `items`
    that nobody looked."""

    title: str
    url: str
    titles: tuple[str, ...] = ()
    fired: tuple[tuple[str, tuple[str, ...]], ...] = ()
    items: int | None = None
    error: str = ""
    there: str = ""

    @property
    def may_be_added(self) -> bool:
        """Whether it can be read and is not there yet."""
        return not (self.error or self.there)


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of a chat. `health` is well, new, failing, gone, quiet or folder; `at` goes with it where known."""

    name: str
    health: str
    own: bool
    at: datetime | None = None
    error: str = ""
    feeds: int = 1


def offer(language: str, feeds: Sequence[SeenFeed], more: int = 0) -> str:
    """What was found at an address, with the question whether to add it. `more` feeds are named by nobody."""
    titles = TITLES if len(feeds) == 1 else TITLES_OF_MANY
    out = [say(language, "feed_found", feeds=count(language, "found_feed", len(feeds) + more))]
    for feed in feeds:
        out += ["", *_found(language, feed, titles)]
    out += ["", say(language, "feed_ask" if any(feed.may_be_added for feed in feeds) else "feed_none_readable")]
    return "\n".join(out)


def _found(language: str, feed: SeenFeed, titles: int) -> list[str]:
    """The block of one feed."""
    out = [say(language, "feed_block", title=_name(feed.title or feed.url), place=escape(host(feed.url)))]
    if feed.error:
        return [*out, say(language, "feed_unreadable", error=error_text(language, feed.error))]
    if feed.there:
        return [*out, say(language, "feed_became_there", name=_name(feed.there))]
    if feed.items is None:
        return out
    if not feed.items:
        return [*out, say(language, "feed_without_items")]
    out += [say(language, "feed_title", title=_title(title)) for title in feed.titles[:titles]]
    if not feed.fired:
        return [*out, say(language, "feed_would_not")]
    total = count(language, "item", feed.items)
    out.append(say(language, "feed_would", fired=len(feed.fired), total=total))
    for title, labels in feed.fired[:titles]:
        names = listed(language, [_name(label) for label in labels[:NAMED]])
        out.append(say(language, "feed_fired", title=_title(title), names=names))
    return out


def add_button(language: str, title: str) -> str:
    """What stands on the button that adds one feed."""
    return say(language, "feed_button_add", title=shorten(clean(title), _BUTTON_COLUMNS))


def looking(language: str, address: str) -> str:
    """While an address is looked at."""
    return say(language, "feed_looking", place=escape(shorten(host(address), _NAME_COLUMNS)))


def became(language: str, what: str, name: str, limit: int = 0, everyone: bool = False) -> str:
    """What became of a wish to add a feed: `what` is added, there, full or keyed."""
    if what == "added" and everyone:
        return say(language, "feed_added_everyone", name=_name(name))
    return say(language, f"feed_became_{what}", name=_name(name), limit=limit)


def failed(language: str, error: str) -> str:
    """What went wrong with an address, in the words of whoever found out."""
    return say(language, "feed_failed", error=error_text(language, error))


def usage(language: str) -> str:
    """To /add that says nothing."""
    return say(language, "feed_usage")


def busy(language: str) -> str:
    """To somebody for whom much is still being worked on."""
    return say(language, "feed_busy")


def listing(language: str, lines: Sequence[SourceLine], first: int, total: int, timezone: str, now: datetime) -> str:
    """The sources of a chat: one page of them, numbered from `first`."""
    if not total:
        return say(language, "feeds_empty")
    out = [say(language, "feeds_title", total=count(language, "source", total)), ""]
    for number, line in enumerate(lines, first):
        name = _name(line.name)
        if line.feeds > 1:
            name = say(language, "feeds_family", name=name, feeds=count(language, "found_feed", line.feeds))
        if line.own:
            name = say(language, "feeds_own", name=name)
        at = clock(line.at, language, timezone, now) if line.at else ""
        words = say(language, f"feeds_is_{line.health}", at=at, error=error_text(language, line.error))
        out.append(say(language, "feeds_line", number=number, sign=_SIGNS[line.health], name=name, health=words))
    out += ["", say(language, "feeds_more")]
    return "\n".join(out)


def checking(language: str, feeds: int) -> str:
    """While feeds are asked."""
    return say(language, "feeds_checking", feeds=count(language, "found_feed", feeds))


def checked(language: str, answers: Sequence[tuple[str, int, str]]) -> str:
    """How feeds answered just now: name, number of items, error ("" while well)."""
    if not answers:
        return say(language, "feeds_nothing_to_check")
    out = [say(language, "feeds_checked")]
    for name, items, error in answers:
        words = error_text(language, error) if error else count(language, "item", items)
        out.append(say(language, "feeds_answer", sign="⚠️" if error else "✅", name=_name(name), words=words))
    return "\n".join(out)


def removed(language: str, name: str) -> str:
    """A feed was taken away, as plain text for a moment's notice."""
    return say(language, "feeds_removed", name=shorten(clean(name), _NAME_COLUMNS))


def found_list(language: str, titles: Sequence[str], total: int, refused: Sequence[str]) -> str:
    """A list of feeds that was sent."""
    names = listed(language, [_name(title) for title in titles[:NAMED]])
    out = [say(language, "feed_list_found", feeds=count(language, "found_feed", total), names=names)]
    out += [say(language, "feed_list_refused", error=error_text(language, text)) for text in refused[:NAMED]]
    return "\n".join(out)


def imported(language: str, added: int, there: int, full: int, keyed: int, limit: int) -> str:
    """What became of a list of feeds."""
    out = [say(language, "feed_list_done", feeds=count(language, "found_feed", added))]
    if there:
        out.append(say(language, "feed_list_there", feeds=count(language, "found_feed", there)))
    if full:
        out.append(say(language, "feed_list_full", feeds=count(language, "found_feed", full), limit=limit))
    if keyed:
        out.append(say(language, "feed_list_keyed", feeds=count(language, "found_feed", keyed)))
    return "\n".join(out)


def host(address: str) -> str:
    """The host of an address as people know it."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    return clean(parts.netloc.rpartition("@")[2].removeprefix("www.")) or clean(address[:200])


def error_text(language: str, error: str) -> str:
    """What went wrong, in the language, safe inside HTML and not too long."""
    return foreign(said(language, error), _ERROR_COLUMNS)


def _title(text: str) -> str:
    return foreign(text, _TITLE_COLUMNS)


def _name(text: str) -> str:
    return foreign(text, _NAME_COLUMNS)
