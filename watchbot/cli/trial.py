"""`match`, `group`, `segment`, `parse`, `lookup`, `explain`, `backtest`: thin lines over the rooms."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchbot.cli.context import dump, item_json, match_json, opened, read_settings, seconds
from watchbot.model.errors import InputError, UsageError
from watchbot.model.item import CutDocument, Item, RawDocument

if TYPE_CHECKING:
    from datetime import datetime

    from watchbot.pipeline.backtest import Backtest, Fired
    from watchbot.pipeline.directory import Directory
    from watchbot.pipeline.explain import Explanation


def match(options: Namespace) -> int:
    """Match items from stdin, one at a time; a bad line is told on stderr and the rest goes on (exit 1)."""
    from watchbot import wiring

    lists = wiring.watchlists(Path(options.watchlist))
    matcher = wiring.matcher(lists)
    names = {watchlist.key: watchlist.name for watchlist in lists}

    def told(item: Item) -> Iterator[dict[str, Any]]:
        for found in matcher.match(item):
            yield match_json(item.id, found, names[found.watchlist])

    return _stream(told)


def _stream(told: Callable[[Item], Iterable[dict[str, Any]]]) -> int:
    """Items as JSON Lines in, what is told of each out at once; a bad line is named on stderr and the rest goes on."""
    code = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            item = read_item(line)
        except InputError as error:
            print(f"watchbot: stdin:{number}: {error}", file=sys.stderr)
            code = 1
            continue
        for value in told(item):
            print(dump(value))
        sys.stdout.flush()
    return code


def read_item(line: bytes) -> Item:
    """One JSON line in the contract's shape of an item."""
    from datetime import datetime

    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("not a JSON object; one item a line is expected") from error
    if not isinstance(value, dict):
        raise InputError("not a JSON object; one item a line is expected")
    texts = {key: value.get(key) or "" for key in ("id", "title", "body", "url", "source", "lang", "document")}
    for key, text in texts.items():
        if not isinstance(text, str):
            if key != "id" or isinstance(text, bool | float | list | dict):
                raise InputError(f"{key} must be text")
            texts[key] = str(text)
    if not texts["id"]:
        raise InputError("id is missing")
    if not texts["title"] and not texts["body"]:
        raise InputError("one of title and body is required")
    published = None
    if value.get("published"):
        try:
            published = datetime.fromisoformat(value["published"])
        except (TypeError, ValueError) as error:
            raise InputError("published must be ISO 8601 or null") from error
    line_number = value.get("line")
    return Item(**texts, published=published, line=line_number if isinstance(line_number, int) else 0)


def group(options: Namespace) -> int:
    """Give each item from stdin its story; a bad line is told on stderr and the rest goes on (exit 1)."""
    from watchbot import wiring
    from watchbot.pipeline.grouping import build

    lists = wiring.watchlists(Path(options.watchlist)) if options.watchlist else ()
    grouper = build(wiring.catalogue().companies(), lists, wiring.matcher(lists) if lists else None)
    return _stream(lambda item: [grouper.take(item)])


def segment(options: Namespace) -> int:
    """Show the items that a dropped file would become."""
    return _show(_cut_page(Path(options.file)), options.json)


def parse(options: Namespace) -> int:
    """Show the items that a feed document would become."""
    from watchbot import wiring
    from watchbot.sources.feed import LARGEST

    with Path(options.file).open("rb") as file:
        body = file.read(LARGEST + 1)
    document = RawDocument("", body, options.content_type, wiring.now(), url=options.url)
    return _show(wiring.cut_feed(document), options.json)


def _cut_page(path: Path) -> CutDocument:
    from datetime import UTC, datetime

    from watchbot import wiring
    from watchbot.sources.sniff import LARGEST

    with path.open("rb") as file:
        body = file.read(LARGEST + 1)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    return wiring.cut_page(RawDocument("", body, "", written, name=path.name))


def _show(cut: CutDocument, as_json: bool) -> int:
    for item in cut.items:
        if as_json:
            print(dump(item_json(item)))
        else:
            when = item.published.isoformat(timespec="minutes") if item.published else "no date"
            place = f"line {item.line}" if item.line else item.id
            print(f"[{place}; {when}] {item.title or '(no headline)'}")
            for text in (item.url, item.body):
                if text:
                    print(f"    {text}")
    for line in cut.skipped:
        print(f"watchbot: {line}", file=sys.stderr)
    return 0


def lookup(options: Namespace) -> int:
    """Ask the company catalogue."""
    from watchbot import wiring
    from watchbot.catalogue import candidate_json, candidate_line

    found = wiring.catalogue().lookup(options.text)
    for candidate in found:
        print(dump(candidate_json(candidate)) if options.json else candidate_line(candidate))
    if not found and not options.json:
        print(f"{options.text}: not in the catalogue; `name: {options.text}` watches it as a plain name")
    return 0


def explain(options: Namespace) -> int:
    """Run the real path without writing and say what comes of each item."""
    from watchbot import wiring
    from watchbot.pipeline.explain import explain as walk

    settings = read_settings(options)
    directory = wiring.directory(settings)
    items = list(_explained_items(options.text))
    with wiring.reading(settings, directory) as (tx, source):
        for item in items:
            found = walk(directory, item, source, tx, wiring.now())
            if options.json:
                print(dump(_explanation_json(found, directory)))
            else:
                print(_explanation_text(found, directory, wiring.now()))
    return 0


def _explained_items(text: str) -> Iterator[Item]:
    """The items of a file, or the text itself as one headline."""
    path = Path(text)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if is_file:
        yield from _cut_page(path).items
    elif text.strip():
        yield Item(id="text", title=text.strip(), body="")
    else:
        raise UsageError("explain needs a text or a file")


def _explanation_json(found: "Explanation", directory: "Directory") -> dict[str, Any]:
    return {
        "item": item_json(found.item),
        "stage": found.stage,
        "known": found.known is not None,
        "matches": [match_json(found.item.id, m, directory.watchlist(m.watchlist).name) for m in found.matches],
        "story": list(found.story),
        "near_misses": [
            {"watch": miss.watch, "term": miss.span.term, "field": miss.span.field, "because": miss.because}
            for miss in found.near_misses
        ],
        "chats": [
            {"chat": v.chat, "watches": list(v.labels), "reason": v.reason.value, "stored": v.stored, "told": v.told}
            for v in found.verdicts
        ],
    }


def _explanation_text(found: "Explanation", directory: "Directory", now: "datetime") -> str:
    from watchbot.message.why import fate
    from watchbot.message.words import reason

    item = found.item
    head = item.title or item.body[:90]
    lines = [f"{f'line {item.line}: ' if item.line else ''}{head}"]
    for matched in found.matches:
        span = matched.spans[0]
        label = directory.label(matched.watchlist, matched.watch)
        guess = ", spelling guess" if span.kind.value == "fuzzy" else ""
        term = f"{span.kind.value} {span.term!r} as {span.text!r}"
        lines.append(f"    {label}: {matched.level.value}, {term} in the {span.field}{guess}")
    for verdict in found.verdicts:
        what = reason("en", verdict.reason)
        if verdict.fate is not None:
            what = fate("en", directory.view(verdict.chat).timezone, now, verdict.fate)
        lines.append(f"    -> {verdict.chat}: {what}")
    if found.story:
        lines.append("    one story with: " + " | ".join(found.story))
    for miss in found.near_misses:
        lines.append(f"    not {directory.label(miss.watchlist, miss.watch)}: {miss.span.text!r}: {miss.because}")
    if not found.matches and not found.near_misses:
        lines.append("    no watch's name, alias, ticker or keyword stands in it")
    return "\n".join(lines)


def backtest(options: Namespace) -> int:
    """Match the stored items against the live watchlists, or against FILE with gains and losses."""
    from datetime import timedelta

    from watchbot import wiring
    from watchbot.pipeline.backtest import backtest as test

    settings = read_settings(options)
    live = wiring.directory(settings)
    tried = wiring.trial_directory(settings, wiring.watchlists(Path(options.watchlist))) if options.watchlist else live
    start = wiring.now() - timedelta(seconds=seconds(options.since))
    with opened(settings) as store, store.read() as tx:
        live.refresh(tx)
        result = test(tx.items.since(start), tried, live if options.watchlist else None)
    _print_backtest(result, options, tried, live)
    return 0


def _print_backtest(result: "Backtest", options: Namespace, tried: "Directory", live: "Directory") -> None:
    for fired in result.fired:
        directory = live if fired.change == "lost" else tried
        if options.json:
            name = directory.watchlist(fired.match.watchlist).name
            print(dump(match_json(fired.stored.item.id, fired.match, name) | {"change": fired.change}))
        elif fired.change or not options.watchlist:
            print(_fired_line(fired))
    if not options.json:
        kept = [fired for fired in result.fired if fired.change != "lost"]
        items = len({fired.stored.id for fired in kept})
        print(f"{result.items} stored items since {options.since}: {items} would have been told")
        for label, count in result.by_watch.most_common():
            terms = [(term, n) for (of, term), n in result.by_term.most_common() if of == label]
            print(f"  {count:>5}  {label} ({', '.join(f'{term} {n}' for term, n in terms[:4])})")


def _fired_line(fired: "Fired") -> str:
    mark = {"gained": "+ ", "lost": "- "}.get(fired.change, "")
    item = fired.stored.item
    return f"{mark}{fired.stored.seen_at:%Y-%m-%d}  {fired.label}: {item.title or item.body[:90]}"
