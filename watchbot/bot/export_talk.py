"""/export, and the watchlist file that comes back: its watches become this chat's own.

/export -> watchbot-CHAT.yaml (watches, rules as comments), feeds-CHAT.opml | .yaml -> chore -> what became of it
"""

from collections.abc import Sequence
from typing import Any

from watchbot.bot.asked import SentFile
from watchbot.bot.batch_talk import limit
from watchbot.bot.guard import changing
from watchbot.bot.talk import Answer, ChoreCase, Command, Document, Press, PressCase, Reaction, Talk, Tools
from watchbot.message import exported as words
from watchbot.message.times import clock
from watchbot.message.watching import shown
from watchbot.message.words import count, say
from watchbot.model.errors import ConfigError, WatchbotError
from watchbot.model.panel import Button, Panel
from watchbot.model.records import Chore
from watchbot.pipeline import exporting, importing, watching
from watchbot.pipeline.access import CHIEFS
from watchbot.ports.threads import in_thread


def export(talk: Talk) -> Answer | tuple[Answer, ...]:
    """/export: the chat's own watches and rules, and its feeds, as files."""
    directory = talk.tools.directory
    own = [row.watch for row in talk.tx.chats.watches(talk.chat)]
    rules = exporting.rule_lines(directory, talk.chat)
    gathered = sorted(directory.digest_sources(talk.chat))
    admin = talk.role in CHIEFS
    feeds = exporting.feeds(talk.tx.sources.active(), talk.tools.settings, talk.chat, admin)
    documents = []
    name = f"chat-{talk.chat.replace('/', '-')}"
    if own or rules or gathered:
        body = exporting.watchlist_yaml(name, talk.chat, own, talk.tools.catalogue)
        text = "\n".join(part for part in (_head(talk), body, _rules(talk, rules), _sources(talk, gathered)) if part)
        documents.append(Document(f"watchbot-{name}.yaml", text.encode()))
    if feeds:
        documents.append(Document(f"feeds-{name}.opml", talk.tools.write_opml(feeds, name).encode()))
    if not documents:
        return Answer(words.nothing(talk.language))
    first = Answer(words.sent(talk.language, len(own), len(rules) + len(gathered), len(feeds)), document=documents[0])
    more = (Answer(f"<code>{shown(one.name)}</code>", document=one) for one in documents[1:])
    return (first, *more)


def _head(talk: Talk) -> str:
    """The first comment of the file."""
    date = clock(talk.now, talk.language, talk.timezone, full=True)
    return exporting.commented([words.head(talk.language, talk.chat, date)]).rstrip("\n")


def _rules(talk: Talk, rules: Sequence[exporting.RuleLines]) -> str:
    """The rules of the chat as comments to paste."""
    if not rules:
        return ""
    lines = [words.rules_head(talk.language)]
    for one in rules:
        lines.append(words.rule_head(talk.language, one.watchlist, one.watch, one.off))
        lines += [f"    {line}" for line in one.lines]
    return exporting.commented(lines)


def _sources(talk: Talk, gathered: Sequence[str]) -> str:
    """The sources that come in the digest only, as comments: a file has no line for that."""
    return exporting.commented([words.digest_sources(talk.language, gathered)]) if gathered else ""


async def _body(tools: Tools, chore: Chore) -> bytes:
    """The bytes of the sent file."""
    return await tools.download(SentFile(**chore.asked.payload["file"]))


async def _read_watchlists(tools: Tools, chore: Chore) -> Any:
    """Fetch and read a watchlist file."""
    body = await _body(tools, chore)
    return await in_thread(tools.read_watchlists, body, chore.asked.payload["file"]["name"])


def _took_watchlists(talk: Talk, chore: Chore, found: Any) -> Answer:
    """Put the watches on, as many as there is room for."""
    name = chore.asked.payload["file"]["name"]
    if isinstance(found, WatchbotError):
        return Answer(words.broken(talk.language, name, _problems(found)))
    if not talk.may_change:
        return Answer(say(talk.language, "admins_only"))
    room = watching.room(talk.tx, talk.tools.settings, talk.chat, talk.role)
    done = importing.import_watches(talk.tx, talk.chat, found, room, talk.now)
    html = words.imported(talk.language, done.added, done.changed, done.there, done.too_many, limit(talk))
    if not done.ids:
        return Answer(html)
    undo = Button(say(talk.language, "watching_b_undo"), "undo")
    return Answer(html, ((undo,),), Panel("imported", {"ids": list(done.ids)}, talk.user))


def _pressed_undo(talk: Talk, press: Press) -> Reaction:
    """Take the watches of a file out again."""
    gone = sum(watching.take_off(talk.tx, talk.chat, one) for one in press.state["ids"])
    total = count(talk.language, "watch", gone)
    return Reaction(edit=Answer(say(talk.language, "listing_import_undone", total=total)))


def _problems(error: WatchbotError) -> list[str]:
    """Every mistake, with its line where that is known."""
    return [str(one) for one in error.problems] if isinstance(error, ConfigError) else [str(error)]


COMMANDS: dict[str, Command] = {"export": Command(export)}
PANELS: dict[str, PressCase] = {"imported": changing(_pressed_undo)}
CHORES: dict[str, ChoreCase] = {"watches_file": ChoreCase(_read_watchlists, _took_watchlists)}
