"""What people send: a short question, a link, or news - and /add, which takes addresses and texts.

message -> a question: buttons | only a link: chore, a feed is offered, a page read | text or file: chore, taken in
"""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from watchbot.bot import find_talk, watch_talk
from watchbot.bot.asked import COMMAND, Asked, SentFile
from watchbot.bot.download import LARGEST
from watchbot.bot.feed_talk import Found, begin, fetch, find, finish_import, list_offer, offer
from watchbot.bot.guard import number_of
from watchbot.bot.talk import Answer, ChoreCase, Command, Press, PressCase, Reaction, Talk, Tools
from watchbot.message import feeds as feed_words
from watchbot.message import news as words
from watchbot.message.words import say
from watchbot.model.errors import InputError, WatchbotError, WorkerError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.model.outline import FeedList
from watchbot.model.panel import Button, Panel
from watchbot.model.records import Chore
from watchbot.pipeline import asking
from watchbot.pipeline.access import CHIEFS
from watchbot.pipeline.feedlist import holds_secret
from watchbot.pipeline.sent import EVERYONE, came_of, spec_of, take_sent
from watchbot.pipeline.watching import as_named, market_of
from watchbot.ports.fetcher import FetchRequest
from watchbot.ports.threads import in_thread

MOST_LINKS = 5
MEGABYTE = 1024 * 1024
TEXT, PAGE = "text/plain", "text/html"
_COMMAND = re.compile(rf"\A\s*{COMMAND}[\s:：]*")
WATCH_FILES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Read:
    """What was sent, cut into items: `body` as it came, `name` what alerts call the document, `page` the address it
    was fetched from. `feed`: the address is a feed, `feeds`: it is a list of feeds; both are offered instead."""

    cut: CutDocument
    body: bytes
    name: str
    page: str = ""
    feed: str = ""
    feeds: FeedList | None = None


# --- what was said ---


def _said(talk: Talk) -> Answer | tuple[Answer, ...]:
    """A message that is no command. In groups people talk among themselves."""
    asked = talk.asked
    if asked is None or not talk.private:
        return ()
    if asked.file is not None:
        return _file(talk, asked.file)
    if not asked.text.strip():
        return Answer(words.unreadable(talk.language))
    if asked.forwarded:
        return _text(talk, asked.text, asked.html)
    return _anything(talk, asked.text, asked.html)


def _anything(talk: Talk, text: str, html: str) -> Answer | tuple[Answer, ...]:
    """Links alone are looked at, a short line is a question, all else is news."""
    if links := asking.only_links(text):
        return tuple(_link(talk, link) for link in links[:MOST_LINKS])
    if asking.is_question(text) and not _hidden_links(html):
        return _question(talk, text.strip())
    return _text(talk, text, html)


def _add(talk: Talk) -> Answer | tuple[Answer, ...]:
    """/add ADDRESS, /add TEXT, with a file, or as the answer to a message."""
    asked = talk.asked
    assert asked is not None
    if asked.file is not None:
        return _file(talk, asked.file)
    if not talk.argument:
        return _add_answered(talk, asked)
    if addresses := asking.addresses_in(talk.argument, talk.tools.catalogue):
        return tuple(find(talk, address) for address in addresses[:MOST_LINKS])
    if asking.is_question(talk.argument) and _meant(talk, talk.argument).label:
        return _question(talk, talk.argument)
    if talk.argument.isascii() and len(talk.argument.split()) == 1:  # neither a name nor an address nor a text
        return Answer(feed_words.usage(talk.language))
    return _text(talk, talk.argument, _COMMAND.sub("", asked.html, count=1))


def _add_answered(talk: Talk, asked: Asked) -> Answer | tuple[Answer, ...]:
    """/add alone takes the message that it answers, however short."""
    if asked.reply_file is not None:
        return _file(talk, asked.reply_file)
    if links := asking.only_links(asked.reply_text):
        return tuple(_link(talk, link) for link in links[:MOST_LINKS])
    if asked.reply_text.strip():
        return _text(talk, asked.reply_text, asked.reply_html)
    return Answer(feed_words.usage(talk.language))


def _text(talk: Talk, text: str, html: str) -> Answer:
    """A text as news; one with hidden links as a web page, so that they are not lost."""
    if _hidden_links(html):
        lines = "".join(f"<p>{line}</p>\n" for line in html.split("\n") if line.strip())
        return begin(talk, words.reading(talk.language), "news", {"text": lines, "media_type": PAGE})
    return begin(talk, words.reading(talk.language), "news", {"text": text, "media_type": TEXT})


def _link(talk: Talk, link: str) -> Answer:
    """An address that was sent without a word."""
    if holds_secret(link):
        return Answer(words.keyed(talk.language))
    return begin(talk, words.reading(talk.language, link), "news", {"link": link})


def _file(talk: Talk, file: SentFile) -> Answer:
    """A document as news; a list of feeds and a file of watches are offered as what they are."""
    if file.size > LARGEST:
        return Answer(words.too_large(talk.language, file.name, -(-file.size // MEGABYTE)))
    payload = {"file": asdict(file)}
    is_watches = file.name.lower().endswith(WATCH_FILES)
    return begin(talk, words.reading(talk.language, file.name), "watches_file" if is_watches else "news", payload)


def _hidden_links(html: str) -> bool:
    return "<a href=" in html


# --- read and taken in ---


async def _prepare(tools: Tools, chore: Chore) -> Read:
    """Get what was sent and cut it as a dropped file is. Raises WatchbotError in one line."""
    payload, language = chore.asked.payload, str(chore.asked.payload.get("language", "en"))
    source = say(language, "news_source")
    if link := payload.get("link"):
        return await _prepare_link(tools, link, source)
    if file := payload.get("file"):
        sent = SentFile(**file)
        body, name, media_type = await tools.download(sent), sent.name or say(language, "news_name"), ""
    else:
        body, name, media_type = payload["text"].encode(), say(language, "news_name"), payload["media_type"]
    if _is_list(body):
        return Read(CutDocument(()), body, name, feeds=await in_thread(tools.read_opml, body))
    cut = await tools.cutter.cut(RawDocument(source, body, media_type, tools.clock.now(), name=name))
    return Read(cut, body, name)


def _is_list(body: bytes) -> bool:
    """Whether it is a list of feeds (OPML), whatever it is called."""
    return b"<opml" in body[:2000].lower()


async def _prepare_link(tools: Tools, link: str, source: str) -> Read:
    """What is at an address: a feed, else a page whose items lead there."""
    fetched = await fetch(tools, FetchRequest(link))
    now = tools.clock.now()
    if _is_list(fetched.body):
        return Read(CutDocument(()), fetched.body, link, feeds=await in_thread(tools.read_opml, fetched.body))
    if "html" not in fetched.media_type and b"<html" not in fetched.body[:2000].lower():
        try:
            feed = await tools.cutter.cut(RawDocument("", fetched.body, fetched.media_type, now, url=fetched.url))
            return Read(feed, fetched.body, link, feed=fetched.moved_to or link)
        except WorkerError:
            raise
        except InputError:
            pass  # no feed: a text, a PDF, a table
    name = fetched.url.partition("?")[0].rstrip("/").rpartition("/")[2] or "page"
    page = RawDocument(source, fetched.body, fetched.media_type, now, url=fetched.url, name=name[:200])
    cut = await tools.cutter.cut(page)
    items = tuple(replace(item, url=item.url or fetched.url) for item in cut.items)
    return Read(replace(cut, items=items), fetched.body, name, page=fetched.url)


def _finish(talk: Talk, chore: Chore, result: Any) -> Answer:
    """Take it in for this chat (or everyone) and say what came of it."""
    language, payload = talk.language, chore.asked.payload
    if isinstance(result, WatchbotError):
        return Answer(words.failed(language, str(result)))
    if not talk.may_change:
        return Answer(say(language, "admins_only"))
    if result.feed:
        return offer(talk, [Found(result.cut.title, result.feed, result.cut)])
    sent = {key: payload[key] for key in ("text", "media_type", "link", "file") if key in payload}
    if result.feeds:
        return list_offer(talk, result.feeds, sent)
    tools, everyone = talk.tools, bool(payload.get("everyone")) and talk.role in CHIEFS
    name = say(tools.settings.defaults.language, "news_source_everyone") if everyone else say(language, "news_source")
    spec = spec_of(EVERYONE if everyone else talk.chat, name)
    source, taken = take_sent(talk.tx, tools.ingest, spec, result.cut, result.body, result.name, talk.now)
    if taken.same_file:
        return Answer(words.again(language))
    if everyone:
        return Answer(words.for_everyone(language, taken.items, taken.told))
    came = came_of(talk.tx, tools.directory, talk.chat, source, result.cut.items, talk.now)
    html = words.taken(language, taken.items, came.reasons, came.untold, result.cut.skipped, result.page)
    if talk.role not in CHIEFS:
        return Answer(html)
    button = Button(say(language, "news_button_everyone"), "all")
    return Answer(html, ((button,),), Panel("news", {"sent": sent}))


def _press_news(talk: Talk, press: Press) -> Reaction:
    """An admin wants it taken in once more, for everyone."""
    if talk.role not in CHIEFS:
        return Reaction(say(talk.language, "press_not_yours"))
    payload = {**press.state["sent"], "everyone": True}
    return Reaction(answers=(begin(talk, words.reading(talk.language), "news", payload),))


# --- questions ---


def _question(talk: Talk, text: str) -> Answer:
    """Whom a short line names, with what may be done about it; else what was perhaps meant."""
    language = talk.language
    if not any(char.isalnum() for char in text):
        return Answer(words.unreadable(language))
    text = as_named(text, talk.tools.catalogue, market_of(talk.timezone))
    found = _meant(talk, text)
    if not found.label:
        rows = tuple((Button(near, f"near:{number}"),) for number, near in enumerate(found.near))
        panel = Panel("question", {"near": list(found.near)}) if rows else None
        return Answer(words.unknown(language, text, bool(rows)), rows, panel)
    verbs = ("latest", "search") if found.watched else ("watch", "latest", "search")
    row = tuple(Button(say(language, f"ask_button_{verb}"), verb) for verb in verbs)
    name = found.label if found.watched else text
    return Answer(words.known(language, found.label, found.watched), (row,), Panel("question", {"name": name}))


def _meant(talk: Talk, text: str) -> asking.Meant:
    """Whom a text names, as this chat would have it."""
    tools, market = talk.tools, market_of(talk.timezone)
    return asking.meant(tools.directory, tools.catalogue, talk.chat, text, talk.language, market)


def _press_question(talk: Talk, press: Press) -> Reaction:
    """Do what the button says, as if the command had been typed."""
    if press.verb == "near":
        return Reaction(edit=_question(talk, press.state["near"][number_of(press.argument) % len(press.state["near"])]))
    command = (watch_talk.COMMANDS | find_talk.COMMANDS).get(press.verb)
    if command is None or (command.needs == "change" and not talk.may_change):
        return Reaction(say(talk.language, "press_unknown"))
    name = press.state["name"]
    typed = Asked(talk.chat, talk.user, talk.private, press.verb, name, talk.language, text=f"/{press.verb} {name}")
    answers = command.run(replace(talk, asked=typed))
    return Reaction(answers=answers if isinstance(answers, tuple) else (answers,))


COMMANDS: dict[str, Command] = {"": Command(_said), "add": Command(_add)}
PANELS: dict[str, PressCase] = {"news": _press_news, "question": _press_question}
CHORES: dict[str, ChoreCase] = {
    "news": ChoreCase(_prepare, _finish),
    "import_feeds": ChoreCase(_prepare, finish_import),
}
