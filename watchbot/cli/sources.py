"""`sources list|add|remove|check|import|export`: the feeds, beside a running daemon.

options -> configuration and database -> pipeline/feedlist (what is stored), sources/ (what is asked) -> lines
"""

import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from watchbot.cli.context import dump, opened, read_settings, seconds
from watchbot.model.errors import UsageError, WatchbotError
from watchbot.model.records import SourceRow, SourceSpec

if TYPE_CHECKING:
    from watchbot.model.outline import FoundFeed
    from watchbot.model.settings import Settings
    from watchbot.sources.survey import Answer
    from watchbot.store import SqlStore

_PROGRESS_SECONDS = 2.0


def sources(options: Namespace) -> int:
    """Do what the action says."""
    for option, value in (("--name", options.name), ("--every", options.every)):
        if value and options.action != "add":
            raise UsageError(f"{option} goes with `sources add` only")
    settings = read_settings(options)
    with opened(settings) as store:
        match options.action:
            case "add":
                return _add(options, settings, store)
            case "remove":
                return _remove(options, settings, store)
            case "check":
                return _check(options, settings, store)
            case "import":
                return _import(options, store)
            case "export":
                return _export(options, settings, store)
            case _:
                return _list(options, store)


def _list(options: Namespace, store: "SqlStore") -> int:
    """Every source and how it fares."""
    rows = _rows(store)
    for row in rows:
        print(dump(source_json(row)) if options.json else _line(row))
    if not rows and not options.json:
        print("no sources yet; they are read from `sources:` when `watchbot run` starts")
    return 0


def _add(options: Namespace, settings: "Settings", store: "SqlStore") -> int:
    """Find the feed at an address and add it."""
    from watchbot import wiring
    from watchbot.pipeline.feedlist import known
    from watchbot.sources.survey import well

    address = _target(options, "an address: watchbot sources add https://example.com/rss.xml")
    every = seconds(options.every) if options.every else None
    if every is not None and every < 1:
        raise UsageError("--every must be at least 1s")
    _refuse_secret(address)
    rows, specs = _rows(store), wiring.specs(settings, wiring.watched(settings, store))
    if name := known(rows, specs, address):
        return _there(options, name, address)
    found = wiring.discover(settings, address)
    if len(found.feeds) > 1:
        return _choose(options, found.feeds)
    feed = found.feeds[0]
    _refuse_secret(feed.url)
    if name := known(rows, specs, feed.url):
        return _there(options, name, feed.url)
    answer = well(found.document) if found.document else wiring.ask(settings, feed.url)
    if answer.error:
        raise WatchbotError(f"the page names {feed.url}, which is no use: {answer.error}; nothing was added")
    title = answer.title or feed.title
    spec = SourceSpec(title or feed.url, "feed", feed.url, every, title_from_feed=not title, added=True)
    return _added(options, settings, store, spec, answer)


def _added(options: Namespace, settings: "Settings", store: "SqlStore", spec: SourceSpec, answer: "Answer") -> int:
    """Store the new source and say what is in it."""
    from watchbot import wiring
    from watchbot.pipeline.feedlist import add

    if options.name:
        taken = {row.spec.name for row in _rows(store)} | {source.name for source in settings.sources}
        if options.name in taken:
            raise UsageError(f"a source is called {options.name!r} already; choose another --name")
        spec = replace(spec, name=options.name, title_from_feed=False)
    row, new = add(store, spec, wiring.now())
    if not new:
        return _there(options, row.spec.name, spec.address)
    if options.json:
        print(dump(_answer_json(row.spec, answer) | {"added": True}))
    else:
        what = _items(answer, settings)
        print(f"added {row.spec.name} ({row.spec.address}): {what}; a running daemon polls it within seconds")
    return 0


def _there(options: Namespace, name: str, address: str) -> int:
    """It is there already: nothing to do."""
    print(
        dump({"name": name, "address": address, "added": False})
        if options.json
        else f"{name} is there already ({address})"
    )
    return 0


def _choose(options: Namespace, feeds: "Sequence[FoundFeed]") -> int:
    """Show the feeds of a page; which one is meant, only the user knows."""
    for feed in feeds:
        shown = {"title": feed.title, "url": feed.url, "kind": feed.kind}
        print(dump(shown) if options.json else f"{feed.title or '(no title)'}  {feed.url}")
    raise WatchbotError(f"the page names {len(feeds)} feeds: add one of them by its own address")


def _refuse_secret(address: str) -> None:
    """A password or key must not come into the database: it belongs into the configuration, out of the environment."""
    from watchbot.pipeline.feedlist import holds_secret

    if holds_secret(address):
        raise UsageError(
            "the address holds a password or key, which the database must not keep: put it into watchbot.yaml as "
            "`- {feed: ...}` with ${NAME} in place of the secret, and NAME=... into .env beside it"
        )


def _remove(options: Namespace, settings: "Settings", store: "SqlStore") -> int:
    """Take an added source away."""
    from watchbot.pipeline.feedlist import remove

    text = _target(options, "a name or address: watchbot sources remove Wire")
    row = remove(store, settings, text)
    print(f"removed {row.spec.name} ({row.spec.address}); what it brought stays")
    return 0


def _check(options: Namespace, settings: "Settings", store: "SqlStore") -> int:
    """Ask every feed now and say how it answered; one that had said it was gone and answers is asked again."""
    from watchbot import wiring

    asked = _to_ask(options, settings, store)
    failed: list[str] = []
    back: list[int] = []

    def told(place: int, answer: "Answer") -> None:
        spec, row = asked[place]
        if answer.error:
            failed.append(spec.name)
        elif row and row.gone:
            back.append(row.id)
        if options.json:
            print(dump(_answer_json(spec, answer)), flush=True)
        else:
            words = answer.error or _items(answer, settings)
            print(f"{'fails' if answer.error else 'well '}  {spec.name}  {words}", flush=True)

    if not asked:
        print("no feeds yet; `watchbot sources add ADDRESS` adds one", file=sys.stderr)
        return 0
    wiring.survey(settings, store, asked, told)
    if back:
        with store.write() as tx:
            for source_id in back:
                tx.sources.revive(source_id, wiring.now())
    return 1 if failed else 0


def _to_ask(options: Namespace, settings: "Settings", store: "SqlStore") -> list[tuple[SourceSpec, SourceRow | None]]:
    """The feeds to ask: the stored ones, and those of the configuration that no daemon has read yet."""
    from watchbot import wiring
    from watchbot.pipeline.feedlist import find, unknown

    rows = [row for row in _rows(store) if row.spec.kind == "feed"]
    stored = {row.spec.address for row in rows}
    specs = [spec for spec in wiring.specs(settings, wiring.watched(settings, store)) if spec.kind == "feed"]
    fresh = [spec for spec in specs if spec.address not in stored]
    if not options.target:
        return [(row.spec, row) for row in rows] + [(spec, None) for spec in fresh]
    found = find(rows, options.target)
    new = [spec for spec in fresh if options.target in (spec.name, spec.address, spec.family)]
    if not found and not new:
        raise unknown(rows, options.target)
    return [(row.spec, row) for row in found] + [(spec, None) for spec in new]


def _import(options: Namespace, store: "SqlStore") -> int:
    """Add the feeds of an OPML file with their folders."""
    from watchbot import wiring
    from watchbot.pipeline.feedlist import import_feeds
    from watchbot.sources.opml import LARGEST, read_list

    path = Path(_target(options, "a file: watchbot sources import feeds.opml"))
    with path.open("rb") as stream:
        listed = read_list(stream.read(LARGEST + 1))
    progress = _Progress(len(listed.outlines))
    done = import_feeds(store, listed.outlines, wiring.now(), progress.told)
    progress.end()
    refused = (*listed.refused, *done.refused)
    for text in refused:
        print(f"refused {text}", file=sys.stderr)
    ends = f", {len(refused)} refused" if refused else ""
    print(f"imported {done.added} {'feed' if done.added == 1 else 'feeds'}, {done.there} were there{ends}")
    return 1 if refused else 0


def _export(options: Namespace, settings: "Settings", store: "SqlStore") -> int:
    """Write the feeds as OPML on stdout or into a new file."""
    from watchbot import wiring
    from watchbot.pipeline.feedlist import exported, masked
    from watchbot.sources.opml import write_opml

    secret = masked(wiring.secrets(settings, wiring.watched(settings, store)))
    found = exported(_rows(store), settings, secret)
    text = write_opml(found.outlines, "watchbot")
    if options.target:
        path = Path(options.target)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except FileExistsError:
            raise WatchbotError(f"{path}: there is such a file already; name a new one") from None
        print(f"exported {len(found.outlines)} feeds to {path}")
    else:
        print(text, end="")
    if found.secret:
        print(f"left out {found.secret} whose address holds a password or key", file=sys.stderr)
    if found.searched:
        print(f"left out {found.searched} that `search:` sources ask", file=sys.stderr)
    return 0


class _Progress:
    """How far a long import is, on stderr: in place on a terminal, else a line every two seconds."""

    def __init__(self, total: int) -> None:
        """Nothing was said yet."""
        from watchbot.clock import SystemClock

        self._total = total
        self._clock = SystemClock()
        self._said = self._clock.monotonic()
        self._terminal = sys.stderr.isatty()
        self._open = False

    def told(self, done: int) -> None:
        """So many were looked at."""
        now = self._clock.monotonic()
        if done >= self._total or not (self._terminal or now - self._said >= _PROGRESS_SECONDS):
            return
        self._said, self._open = now, self._terminal
        start, end = ("\r", "") if self._terminal else ("", "\n")
        print(f"{start}{done} of {self._total} feeds", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the terminal's line."""
        if self._open:
            print("\r", end="\x1b[K", file=sys.stderr, flush=True)


def _target(options: Namespace, wanted: str) -> str:
    """The command's argument, which must be there."""
    text: str = options.target.strip()
    if not text:
        raise UsageError(f"sources {options.action} needs {wanted}")
    return text


def _rows(store: "SqlStore") -> list[SourceRow]:
    """All sources that are switched on."""
    with store.read() as tx:
        return tx.sources.active()


def _items(answer: "Answer", settings: "Settings") -> str:
    """What a feed holds, in words."""
    if not answer.items:
        return "no items"
    count = "1 item" if answer.items == 1 else f"{answer.items} items"
    if answer.newest is None:
        return f"{count} without a date"
    newest = answer.newest.astimezone(ZoneInfo(settings.defaults.timezone))
    return f"{count}, newest {newest:%Y-%m-%d %H:%M}"


def _answer_json(spec: SourceSpec, answer: "Answer") -> dict[str, Any]:
    """How a feed answered, as JSON."""
    return {
        "name": spec.name,
        "address": without_query(spec.address),
        "well": not answer.error,
        "error": answer.error,
        "items": answer.items,
        "newest": answer.newest,
    }


def source_json(row: SourceRow) -> dict[str, Any]:
    """A source as JSON."""
    return {
        "name": row.spec.name,
        "kind": row.spec.kind,
        "address": without_query(row.spec.address),
        "family": row.spec.family,
        "folder": row.spec.folder,
        "added": row.spec.added,
        "state": state(row),
        "error": row.error,
        "failures": row.failures,
        "gone": row.gone,
        "moved_to": without_query(row.location) if row.location else None,
        "quiet_since": row.newest_at if row.quiet_told else None,
        "checked_at": row.checked_at,
        "next_at": row.next_at if row.spec.kind == "feed" and not row.gone else None,
    }


def _line(row: SourceRow) -> str:
    """A source in one line."""
    origin = "/".join(part for part in (row.spec.family, row.spec.folder) if part)
    return "  ".join(
        part for part in (row.spec.name, origin and f"[{origin}]", without_query(row.spec.address), state(row)) if part
    )


def state(row: SourceRow) -> str:
    """How a source fares, in words."""
    if row.spec.kind == "folder":
        return f"folder {row.spec.address}"
    if not row.spec.is_asked:
        return f"what people send in chat {row.spec.chat}"
    said = list(_says(row))
    if row.location:
        said.append(f"moved to {without_query(row.location)}")
    if row.quiet_told and row.newest_at:
        said.append(f"quiet since {_minute(row.newest_at)}")
    if not row.gone:
        said.append(f"next poll {_minute(row.next_at)}")
    return ", ".join(said)


def _says(row: SourceRow) -> Iterable[str]:
    """How the last poll went."""
    if row.gone:
        yield f"gone: {row.error or 'it said that it is gone for good'}; it is not asked any more"
    elif row.error:
        since = f" since {_minute(row.failing_since)}" if row.failing_since else ""
        yield f"failing{since} ({row.failures} in a row): {row.error}"
    elif row.ok_at:
        yield f"well, last polled {row.ok_at.isoformat(timespec='seconds')}"
    else:
        yield "not polled yet"


def _minute(moment: datetime) -> str:
    """A time to the minute."""
    return moment.isoformat(timespec="minutes")


def without_query(address: str) -> str:
    """An address without user, password and query values, which often hold keys."""
    parts = urlsplit(address)
    if not parts.scheme:
        return address
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}{'?***' if parts.query else ''}"
