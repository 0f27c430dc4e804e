"""The news that the golden files are made of: a feed item, a dropped page, a page without headlines, one big story."""

from datetime import UTC, datetime, timedelta

from watchbot.message.card import build
from watchbot.model.alert import Card, Report
from watchbot.model.item import Item
from watchbot.model.match import Match, Span
from watchbot.model.watch import Kind, Level

NOW = datetime(2026, 11, 21, 0, 12, tzinfo=UTC)

FEED = Item(
    "1",
    "Foxconn to build second AI-server plant in Houston",
    "Foxconn to build second AI-server plant in Houston. Hon Hai Precision Industry Co. said on Friday it would spend "
    "US$1.2 billion on the plant, its largest outside Asia. “We see demand rise,” said the head of its U.S. unit. "
    "Quanta is said to follow. The shares of Foxconn rose 2.5 percent in Taipei.",
    "https://wire.example/tech/houston?page=1&view=full",
    NOW - timedelta(minutes=3),
    "Wire",
)
PAGE = Item(
    "2",
    "台電新電價方案下週公布",
    "經濟部表示，台電新的電價方案將於下週公布。工業用戶的漲幅預計為百分之三！民生用電不調整。\n\n學者認為，這對半導體業影響有限。",
    source="Inbox",
    document="digest-2026-11-21.txt",
    line=14,
)
BARE = Item(
    "3",
    "",
    "Shares of memory makers rose as DRAM contract prices went up 8% this week, and Taiwpower said that it would raise "
    "its tariffs for large users in the south. More is to come.",
    source="Inbox",
    document="digest-2026-11-21.txt",
    line=3,
)


def span(item: Item, field: str, text: str, term: str = "", kind: Kind = Kind.NAME) -> Span:
    """The first place of a text in a field."""
    start = getattr(item, field).index(text)
    return Span(field, start, start + len(text), text, term or text, kind)


def match(score: float, level: Level, *spans: Span) -> Match:
    """A match."""
    return Match("supply-chain", spans[0].term.lower(), score, level, spans)


def feed(language: str, *others: Report) -> Card:
    """A feed item about one watched company that mentions two more."""
    main = match(1.0, Level.MAIN, span(FEED, "title", "Foxconn"), span(FEED, "body", "Hon Hai"))
    quanta = match(0.6, Level.MENTION, span(FEED, "body", "Quanta"))
    servers = match(0.5, Level.MENTION, span(FEED, "body", "AI-server", "AI server", Kind.KEYWORD))
    own = Report("Wire", FEED.title, FEED.url, NOW - timedelta(minutes=3))
    found = [("Foxconn", main), ("Quanta", quanta), ("AI servers", servers)]
    return build(FEED, found, (own, *others), NOW, language, "Asia/Taipei")


def page(language: str) -> Card:
    """A Chinese paragraph of a dropped page, with a headline and without a link."""
    both = match(1.0, Level.MAIN, span(PAGE, "title", "台電"), span(PAGE, "body", "台電"))
    return build(PAGE, [("Taipower", both)], (), NOW, language, "Asia/Taipei")


def bare(language: str) -> Card:
    """A paragraph without headline or link, with a misspelt name."""
    memory = match(0.7, Level.MENTION, span(BARE, "body", "DRAM", kind=Kind.KEYWORD))
    guess = match(0.8, Level.MENTION, span(BARE, "body", "Taiwpower", "Taipower", Kind.FUZZY))
    return build(BARE, [("Memory", memory), ("Taipower", guess)], (), NOW, language, "Asia/Taipei")


def story(language: str) -> Card:
    """The feed item after two more sources reported it."""
    post = Report("Morning Post", "Foxconn picks Houston for <second> plant", "https://post.example/1", NOW)
    daily = Report("鉅亨網", "鴻海將在休士頓興建第二座AI伺服器廠", "", NOW)
    return feed(language, post, daily)


CARDS = {"feed": feed, "page": page, "bare": bare, "story": story}
