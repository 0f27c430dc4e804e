"""A feed as a list of feeds (OPML) names it, and the feeds that an address turned out to have."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from watchbot.model.item import CutDocument

_COMMENTS = re.compile(r"\bcomments?\b|留言|評論|回應|コメント", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list. `title` is "" where the list gives none; `folder` is "A/B" for a folder in a folder."""

    title: str
    xml_url: str
    html_url: str = ""
    folder: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class FeedList:
    """A list of feeds: its title, the feeds, each once, and in words what was refused of it."""

    title: str
    outlines: tuple[Outline, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names. `kind` is rss, atom, json or "" for not known; `declared` it stands in the page's head,
    not only behind a link that looks like one."""

    title: str
    url: str
    kind: str = ""
    declared: bool = True

    @property
    def comments(self) -> bool:
        """Whether it is about what readers wrote."""
        return bool(_COMMENTS.search(self.title) or _COMMENTS.search(urlsplit(self.url).path))


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an address turned out to be. `document` is the feed, read, where the address itself (then the only one in
    `feeds`) or a usual place is one."""

    feeds: tuple[FoundFeed, ...]
    document: CutDocument | None = None
