"""Answers to what people type, as Telegram HTML. Everything that came from a person is escaped here.

An answer may be longer than one message: send the parts of `split(answer)`.
"""

from collections.abc import Sequence

from watchbot.message.marked import clean, shorten
from watchbot.message.parts import escape
from watchbot.message.words import count, listed, say
from watchbot.model.watch import Watch, Watchlist

COMMANDS = ("watch", "unwatch", "list", "story", "help", "start")
# Commands of the contract that later parts build; /sub, /unsub, /sources are other names of known ones.
LATER = (
    "alias",
    "latest",
    "search",
    "digest",
    "mute",
    "unmute",
    "quiet",
    "why",
    "feeds",
    "add",
    "export",
    "settings",
    "invite",
    "status",
    "test",
)
SAME_AS = {"sub": "watch", "unsub": "unwatch", "sources": "feeds"}
_NAMES_SHOWN = 5
_NAME_COLUMNS = 60


def help(language: str, role: str) -> str:
    """What the bot can do for this person; `role` is owner, admin, user or ""."""
    title = say(language, "help_title")
    if not role:
        return "\n".join([title, say(language, "help_stranger"), say(language, "help_start")])
    known = [say(language, f"help_{command}") for command in COMMANDS]
    later = say(language, "help_later", commands=" ".join(f"/{name}" for name in LATER))
    return "\n".join([title, "", *known, "", later])


def start(language: str, chat: str, role: str, claimed: bool) -> str:
    """The greeting, with this chat's id; a stranger of a claimed bot learns how to get in."""
    out = [say(language, "start_hello"), say(language, "start_id", chat=escape(clean(chat)))]
    if role:
        out.append(say(language, "start_next"))
    else:
        out.append(say(language, "help_stranger" if claimed else "start_unclaimed"))
    return "\n".join(out)


def stranger(language: str, user: int) -> str:
    """The one polite answer to somebody who was not let in."""
    return say(language, "stranger", user=user)


def admins_only(language: str) -> str:
    """To a user who asked for what only admins may do."""
    return say(language, "admins_only")


def listing(language: str, watchlists: Sequence[Watchlist], own: Sequence[Watch] = ()) -> str:
    """What is watched in a chat: the configured watchlists that reach it, and the watches made in it."""
    total = sum(len(watchlist.watches) for watchlist in watchlists) + len(own)
    if not total:
        return say(language, "list_empty")
    out = [say(language, "list_title", total=count(language, "watch", total))]
    for watchlist in watchlists:
        name = watchlist.name or say(language, "list_nameless")
        out += ["", say(language, "list_file", name=_shown(name)), *_entries(language, watchlist.watches)]
    if own:
        out += ["", say(language, "list_own"), *_entries(language, own)]
    return "\n".join(out)


def watch_added(language: str, labels: Sequence[str]) -> str:
    """One or several watches are on."""
    return say(language, "watch_added" if len(labels) == 1 else "watch_added_many", names=_bold(language, labels))


def watch_exists(language: str, labels: Sequence[str]) -> str:
    """These are watched in this chat already."""
    return say(language, "watch_exists", names=_bold(language, labels))


def watch_too_many(language: str, labels: Sequence[str], limit: int) -> str:
    """The chat has as many watches as it may have."""
    return say(language, "watch_too_many", names=_bold(language, labels), limit=limit)


def watch_refused(language: str, name: str, error: str) -> str:
    """A name that cannot be watched, and why."""
    return say(language, "watch_refused", name=_shown(name), error=escape(clean(error)))


def watch_removed(language: str, labels: Sequence[str]) -> str:
    """Watches are off."""
    return say(language, "watch_removed", names=_bold(language, labels))


def watch_locked(language: str, label: str) -> str:
    """A watch of the configuration cannot be removed from a chat."""
    return say(language, "watch_locked", name=_shown(label))


def unknown_watch(language: str, name: str, nearest: Sequence[str]) -> str:
    """Nothing of this name is watched here; what was probably meant."""
    if not nearest:
        return say(language, "unknown_watch", name=_shown(name))
    return say(language, "unknown_watch_near", name=_shown(name), nearest=_bold(language, nearest))


def story_ask(language: str) -> str:
    """To /story that answers nothing known."""
    return say(language, "story_ask")


def story_view(language: str, members: Sequence[tuple[int, str, str, str]]) -> str:
    """The items of a story: number, headline, source and why it stands there ("" for the first)."""
    out = [say(language, "story_title", items=count(language, "item", len(members)))]
    for number, headline, source, because in members:
        out.append(say(language, "story_line", number=number, headline=_shown(headline), source=_shown(source)))
        why = because or say(language, "story_opened")
        out.append(say(language, "story_because", because=escape(clean(why))))
    if len(members) > 1:
        out.append(say(language, "story_split"))
    return "\n".join(out)


def story_split(language: str, headline: str) -> str:
    """An item was split off."""
    return say(language, "story_done", headline=_shown(headline))


def story_no_such(language: str, number: str) -> str:
    """No item of this number can be split off."""
    return say(language, "story_no_such", number=_shown(number))


def unknown_command(language: str, command: str, nearest: str = "") -> str:
    """A command that does not exist."""
    key = "unknown_command_near" if nearest else "unknown_command"
    return say(language, key, command=_shown(command), nearest=escape(nearest))


def not_yet(language: str, command: str) -> str:
    """A command of the contract that this version does not have, and what it will do."""
    name = SAME_AS.get(command, command)
    return say(language, "not_yet", command=_shown(command), what=say(language, f"later_{name}"))


def not_yet_news(language: str) -> str:
    """To text that is no command."""
    return say(language, "not_yet_news")


def usage(language: str, command: str, example: str = "Foxconn") -> str:
    """What a command lacks, with an example (`example` for /unwatch: something that is watched)."""
    return say(language, f"usage_{SAME_AS.get(command, command)}", example=_shown(example))


def invite_wrong(language: str) -> str:
    """To a code that opens nothing."""
    return say(language, "invite_wrong")


def too_fast(language: str) -> str:
    """To more commands a minute than allowed."""
    return say(language, "too_fast")


def failed(language: str) -> str:
    """To a command that broke inside."""
    return say(language, "failed")


def _entries(language: str, watches: Sequence[Watch]) -> list[str]:
    """A line a watch, with the names it goes by beside its label."""
    out = []
    for watch in watches:
        terms = (*watch.names, *watch.aliases, *watch.tickers, *watch.keywords, *([watch.query] if watch.query else []))
        other = [_shown(term) for term in dict.fromkeys(terms) if term != watch.label]
        if len(other) > _NAMES_SHOWN:
            other = [*other[:_NAMES_SHOWN], f"+{len(other) - _NAMES_SHOWN}"]
        key = "list_line_names" if other else "list_line"
        out.append(say(language, key, label=_shown(watch.label), names=listed(language, other)))
    return out


def _bold(language: str, labels: Sequence[str]) -> str:
    """Names in bold, as a list."""
    return listed(language, [f"<b>{_shown(label)}</b>" for label in labels])


def _shown(name: str) -> str:
    """What a person or a file wrote, safe inside HTML."""
    return escape(shorten(clean(name), _NAME_COLUMNS))
