"""What stands in a chat: what it wants otherwise of a watch, what is silent, which watchlists it may switch on."""

from datetime import datetime

from watchbot.catalogue import Company
from watchbot.model.watch import Priority, Watch
from watchbot.pipeline.directory import Directory, Watching
from watchbot.pipeline.drafts import spoken

_ORDER = ("exclude", "context", "deliver", "mentions", "updates", "priority", "level")


def terms(watch: Watch, company: Company | None, language: str) -> tuple[str, ...]:
    """Everything a watch looks for, as a reader of this language wants it."""
    queried = (watch.query,) if watch.query else ()
    return tuple(dict.fromkeys((*spoken(watch, company, language), *watch.tickers, *queried)))


def wishes(directory: Directory, chat: str, one: Watching) -> tuple[tuple[str, str], ...]:
    """What this chat wants of a watch: its rules beside a file's, what was said of its own."""
    if one.locked:
        rules = directory.rules(chat)
        mine = [rule for rule in rules if (rule.watchlist, rule.watch) == (one.watchlist.key, one.watch.id)]
        said = [(rule.kind, rule.value) for rule in mine if rule.kind in _ORDER]
        return tuple(sorted(said, key=lambda wish: _ORDER.index(wish[0])))
    watch = one.watch
    out = [("exclude", word) for word in watch.exclude] + [("context", word) for word in watch.context]
    out += [(name, value) for name in ("deliver", "mentions", "updates") if (value := getattr(watch, name))]
    out += [("priority", watch.priority.value)] if watch.priority is not Priority.NORMAL else []
    return tuple(out + ([("level", "main")] if watch.options.main_only else []))


def mutes(directory: Directory, chat: str, now: datetime) -> list[tuple[str, datetime | None]]:
    """What is silent now: labels and ends."""
    found = [mute for mute in directory.mutes(chat) if mute.until is None or mute.until > now]
    return list(dict.fromkeys((mute.label, mute.until) for mute in found))


def joinable(directory: Directory, chat: str, invited: bool) -> list[tuple[str, bool]]:
    """The named watchlists of files that people may switch on for this chat, and whether they did. One that tells the
    chat anyway is not among them; `join: invited` is for those who were let in by name, not by an open bot."""
    joined = set(directory.joined(chat))
    out = []
    for watchlist in directory.settings.watchlists:
        told = {directory.resolve(one) for one in watchlist.chats}
        may = watchlist.join == "anyone" or (watchlist.join == "invited" and (invited or watchlist.name in joined))
        if watchlist.name and may and chat not in told:
            out.append((watchlist.name, watchlist.name in joined))
    return out
