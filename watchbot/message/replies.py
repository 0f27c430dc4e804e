"""Answers to commands themselves, as Telegram HTML: help, refusals, what went wrong. What people typed is escaped here.

An answer may be longer than one message: send the parts of `split(answer)`.
"""

from watchbot.message.parts import escape, foreign
from watchbot.message.words import say
from watchbot.text.nearest import nearest

GROUPS = {
    "follow": ("watch", "unwatch", "alias", "list"),
    "look": ("latest", "search", "why", "story"),
    "tune": ("mute", "unmute", "quiet", "digest", "settings"),
    "manage": ("feeds", "add", "export", "status", "start", "help"),
}
CHIEFS_MANAGE = ("invite",)
SAME_AS = {"sub": "watch", "unsub": "unwatch", "sources": "feeds", "test": "why"}
_NAME_COLUMNS = 60


def help(language: str, role: str) -> str:
    """What the bot can do for this person; `role` is owner, admin, user or ""."""
    title = say(language, "help_title")
    if not role:
        return "\n".join([title, say(language, "help_stranger"), _line(language, "start")])
    out = [title]
    for group in GROUPS:
        out += ["", f"<b>{say(language, f'help_{group}')}</b>"]
        out += [_line(language, name) for name in commands(role, group)]
    return "\n".join([*out, "", say(language, "help_more")])


def commands(role: str, group: str = "") -> tuple[str, ...]:
    """The commands of a group, or all, that this role may use."""
    if not group:
        return tuple(name for one in GROUPS for name in commands(role, one))
    more = CHIEFS_MANAGE if group == "manage" and role in ("owner", "admin") else ()
    return (*GROUPS[group], *more)


def describe(language: str, command: str) -> str:
    """What a command does, in a few words of plain text, as the menu shows it."""
    return say(language, f"menu_{command}")


def explain(language: str, command: str) -> str:
    """One command with examples; for one that does not exist what was probably meant."""
    known = commands("owner")
    name = SAME_AS.get(command, command)
    if name not in known:
        near = nearest(name, known, limit=1)
        return unknown_command(language, command, near[0] if near else "")
    return f"<b>/{name}</b> – {escape(describe(language, name))}\n\n{say(language, f'explain_{name}')}"


def stranger(language: str, user: int) -> str:
    """The one polite answer to somebody who was not let in."""
    return say(language, "stranger", user=user)


def admins_only(language: str) -> str:
    """To a user who asked for what only admins may do."""
    return say(language, "admins_only")


def unknown_command(language: str, command: str, nearest: str = "") -> str:
    """A command that does not exist."""
    key = "unknown_command_near" if nearest else "unknown_command"
    return say(language, key, command=_shown(command), nearest=escape(nearest))


def invite_wrong(language: str) -> str:
    """To a code that opens nothing."""
    return say(language, "invite_wrong")


def too_fast(language: str) -> str:
    """To more commands a minute than allowed."""
    return say(language, "too_fast")


def failed(language: str) -> str:
    """To a command that broke inside; plain text of at most 200 characters."""
    return say(language, "failed")


def _line(language: str, command: str) -> str:
    return f"/{command} – {escape(describe(language, command))}"


def _shown(name: str) -> str:
    """What a person or a file wrote, safe inside HTML."""
    return foreign(name, _NAME_COLUMNS)
