"""What one chat wants otherwise of a file's watches: a watchlist of its own beside the file's, with the changed ones.

watchlist + rules of a chat -> Beside: which watches it has off, and a derived watchlist that the engine matches
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from watchbot.model.records import Rule
from watchbot.model.watch import Priority, Watch, Watchlist

PREFIX = "rule:"
SOURCE = "source"  # the kind of rule that is about a source and every watch of the chat
_PRIORITIES = {priority.value: priority for priority in Priority}
_SETTINGS = ("deliver", "mentions", "updates")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the rules of one chat make of one watchlist. `off` are ids of watches that do not tell it; `settings` what
    it said of a changed watch; `derived` holds the changed watches and those that must stand beside them, None where
    nothing but `off` was said."""

    chat: str
    watchlist: str
    off: frozenset[str]
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    derived: Watchlist | None = None


def derived_key(chat: str, watchlist: str) -> str:
    """The key of the watchlist that holds a chat's changed watches of another."""
    return f"{PREFIX}{chat}|{watchlist}"


def origin_of(key: str) -> str:
    """The key of the watchlist that a derived one stands beside; any other key is its own."""
    return key.partition("|")[2] if key.startswith(PREFIX) else key


def ruled(watchlist: Watchlist, chat: str, rules: Sequence[Rule]) -> Beside:
    """Apply the rules of one chat to one watchlist; rules for watches that it does not hold do nothing."""
    by_watch: dict[str, list[Rule]] = {}
    for rule in rules:
        by_watch.setdefault(rule.watch, []).append(rule)
    held = {watch.id: watch for watch in watchlist.watches if watch.id in by_watch}
    off = frozenset(one for one in held if any(rule.kind == "off" for rule in by_watch[one]))
    changed = {one: changed_watch(watch, by_watch[one]) for one, watch in held.items() if one not in off}
    if not changed:
        return Beside(chat, watchlist.key, off)
    settings = {one: {r.kind: r.value for r in by_watch[one] if r.kind in _SETTINGS} for one in changed}
    key = derived_key(chat, watchlist.key)
    watches = tuple(changed.get(watch.id, watch) for watch in _company(watchlist, changed))
    derived = replace(watchlist, key=key, watches=watches, chats=(chat,), join="off")
    return Beside(chat, watchlist.key, off, settings, derived)


def changed_watch(watch: Watch, rules: Iterable[Rule]) -> Watch:
    """The watch with a chat's wishes. Excludes come on top; context words replace those of the file: news that has
    none of them is what the chat did not want."""
    rules = tuple(rules)
    words = {kind: tuple(rule.value for rule in rules if rule.kind == kind) for kind in ("exclude", "context")}
    said = {rule.kind: rule.value for rule in rules if rule.value}
    options = watch.options
    if "level" in said:
        options = replace(options, main_only=said["level"] == "main")
    return replace(
        watch,
        exclude=tuple(dict.fromkeys((*watch.exclude, *words["exclude"]))),
        context=tuple(dict.fromkeys(words["context"])) or watch.context,
        deliver=said.get("deliver", watch.deliver),
        mentions=said.get("mentions", watch.mentions),
        updates=said.get("updates", watch.updates),
        priority=_PRIORITIES.get(said.get("priority", ""), watch.priority),
        options=options,
        chats=(),
    )


def _company(watchlist: Watchlist, changed: Mapping[str, Watch]) -> list[Watch]:
    """The changed watches in their order, with those of the list that bear on what they find: a longer name that holds
    one of theirs, and all of them where a query may ask for any."""
    if any(watch.query for watch in changed.values()):
        return list(watchlist.watches)
    short = {term.casefold() for watch in changed.values() for term in watch.terms}
    return [
        watch
        for watch in watchlist.watches
        if watch.id in changed or any(one in term.casefold() for term in watch.terms for one in short)
    ]
