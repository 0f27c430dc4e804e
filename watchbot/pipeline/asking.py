"""What one line of text in a private chat means: a question about a company, or news.

text -> a link alone? | news (long, with a link, several lines) | a question -> whom it names here, or what was meant
"""

import re
from dataclasses import dataclass

from watchbot.catalogue import Catalogue
from watchbot.pipeline.commands import watch_id
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.watching import called
from watchbot.text.nearest import nearest

LONGEST_QUESTION = 80
MOST_NEAR = 3
_LINK = re.compile(r"(?:https?|feeds?)://[^\s<>]+|(?<![\w@.])www\.[\w-]+\.[^\s<>]+", re.IGNORECASE)
_BARE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}(?::\d{1,5})?(?:/[^\s<>]*)?", re.IGNORECASE)
_IDENTIFIED = ("name", "ticker")


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a line names: `label` is what to call it, "" where nobody is known; `watched` that a watch of this chat is
    called so; `near` are names that were perhaps meant."""

    label: str
    watched: bool = False
    near: tuple[str, ...] = ()


def links_in(text: str) -> tuple[str, ...]:
    """The addresses in a text, each once, in order."""
    return tuple(dict.fromkeys(found.rstrip(".,;:!?)]}'\"。，、；」』）") for found in _LINK.findall(text)))


def only_links(text: str) -> tuple[str, ...]:
    """The addresses where a text is nothing else; () for any other text."""
    words = text.split()
    return tuple(dict.fromkeys(words)) if words and all(_LINK.fullmatch(word) for word in words) else ()


def addresses_in(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The same for /add, which takes `example.com` too. A ticker like 2330.TW is no address."""
    words = text.split()
    if words and all(
        _LINK.fullmatch(word) or (_BARE.fullmatch(word) and not catalogue.resolve(word)) for word in words
    ):
        return tuple(dict.fromkeys(words))
    return ()


def is_question(text: str) -> bool:
    """Whether a text is one line of up to 80 characters without a link."""
    line = text.strip()
    return len(line) <= LONGEST_QUESTION and "\n" not in line and not links_in(line)


def meant(directory: Directory, catalogue: Catalogue, chat: str, text: str, language: str, market: str = "TW") -> Meant:
    """Whom a question names: a watch of this chat, else a company of the catalogue (codes of this market first), else
    what comes near."""
    wanted = watch_id(text)
    watching = directory.watching(chat)
    for one in sorted(watching, key=lambda one: not one.on):
        if wanted in called(one.watch):
            return Meant(directory.label(one.watchlist.key, one.watch.id, language), one.on)
    watches = [one.watch for one in watching if one.on]
    found = catalogue.lookup(text, market, MOST_NEAR)
    sure = [one for one in found if one.how in _IDENTIFIED]
    if sure:
        company = sure[0].company
        return Meant(company.display(language), any(watch.company == company.id for watch in watches))
    near = [*nearest(text, [watch.label for watch in watches], 1), *(one.company.display(language) for one in found)]
    return Meant("", near=tuple(dict.fromkeys(near))[:MOST_NEAR])
