"""A feed as a list of feeds (OPML) names it."""

from dataclasses import dataclass


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
