"""/latest and /search: what this chat found, a page at a time.

words -> finding -> a page with Older and Newer
"""

from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk
from watchbot.message import found as words
from watchbot.model.panel import Panel
from watchbot.pipeline import finding
from watchbot.text.nearest import nearest

_LONGEST = 200
_FURTHEST = 1000


def latest(talk: Talk) -> Answer:
    """/latest [NAME]."""
    name = talk.argument[:_LONGEST]
    label = finding.watch_label(talk.tools.directory, talk.chat, name) if name else ""
    if label is None:
        near = nearest(name, finding.labels(talk.tools.directory, talk.chat))
        return Answer(words.unknown(talk.language, name, near))
    return _latest(talk, label, 0)


def search(talk: Talk) -> Answer:
    """/search WORDS."""
    text = " ".join(talk.argument.split())[:_LONGEST]
    return _search(talk, text, 0) if text else Answer(words.search_usage(talk.language))


def _latest(talk: Talk, label: str, offset: int) -> Answer:
    page = finding.latest(talk.tx, talk.tools.directory, talk.chat, label, offset)
    html = words.latest(talk.language, talk.timezone, talk.now, page, label)
    return Answer(html, words.rows(talk.language, page, finding.PAGE), Panel("latest", {"label": label}))


def _search(talk: Talk, text: str, offset: int) -> Answer:
    page = finding.search(talk.tx, talk.chat, text, offset)
    html = words.search(talk.language, talk.timezone, talk.now, page, text)
    return Answer(html, words.rows(talk.language, page, finding.PAGE), Panel("search", {"words": text}))


def _press_latest(talk: Talk, press: Press) -> Reaction:
    return Reaction(edit=_latest(talk, str(press.state["label"]), _offset(press)))


def _press_search(talk: Talk, press: Press) -> Reaction:
    return Reaction(edit=_search(talk, str(press.state["words"]), _offset(press)))


def _offset(press: Press) -> int:
    """Where the page begins."""
    return min(int(press.argument), _FURTHEST) if press.argument.isdecimal() else 0


COMMANDS: dict[str, Command] = {"latest": Command(latest, "read"), "search": Command(search, "read")}
PANELS: dict[str, PressCase] = {"latest": _press_latest, "search": _press_search}
CHORES: dict[str, ChoreCase] = {}
