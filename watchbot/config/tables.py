"""THE table of all keys of both files: what they may hold, what they are for, their defaults.

The checker reads by it, the JSON Schema and the documentation are made from it.
"""

from watchbot.config import forms
from watchbot.config.kinds import Choice, Duration, Either, Entries, Flag, ListOf, MapOf, Text, Whole
from watchbot.config.record import MAIN, Key, Record

_LANGUAGE = Choice("en", "zh-TW")
_ZONE = Text(forms.zone, about="a time zone")
_QUIET = ListOf(Text(forms.quiet_hours, about="quiet hours"), single=True)
_DIGEST = ListOf(Text(forms.digest_time, about="a digest time"), single=True)
_SECRET = Text(forms.token, empty=True, secret=True)
_PROXY = Text(forms.proxy, empty=True, secret=True)
_SOURCE_PROXY = Text(forms.source_proxy, empty=True, secret=True)
PATH = Text(forms.line, about="a path")
_TERM = Text(forms.line)
_TERMS = ListOf(_TERM)
_DELIVER = Choice("instant", "digest")
_MENTIONS = Choice("same", "silent", "digest", "off")
_UPDATES = Choice("silent", "loud", "off")
_PRIORITY = Choice("high", "normal", "low")
_CAP = Whole(off=True)
_ZONE_WORDS = ("tz", "time_zone", "zone")
_QUIET_WORDS = ("quiet", "silent_hours", "dnd")
_DIGEST_WORDS = ("digest", "schedule", "at")

_SHARED = (
    Key("deliver", _DELIVER, "instant: at once; digest: at the times of digest_at", "instant", ("delivery", "mode")),
    Key("mentions", _MENTIONS, "what to do where the company is only mentioned", "silent"),
    Key("updates", _UPDATES, "what to do when a told story grows", "silent"),
    Key("priority", _PRIORITY, "high rings through quiet hours, digests and caps; low never makes a sound", "normal"),
)

OPTIONS = Record(
    "options",
    (
        Key("fuzzy", Flag(), "names match with one typing mistake", True, ("typos",)),
        Key("case", Choice("smart", "any", "exact"), "how upper and lower case count", "smart"),
        Key("urls", Flag(), "match inside addresses too", False, ("url",)),
        Key("level", Choice("any", "main"), "main: only where the item is about the company", "any"),
    ),
)

WATCH = Record(
    "watch",
    (
        Key("id", _TERM, "stable; made from the name where left out"),
        Key("name", _TERM, "a plain name: exactly what is written", None, ("label", "title")),
        Key("company", _TERM, "a company of the catalogue: all its safe names and tickers", None, ("entity",)),
        Key("aliases", _TERMS, "further names", None, ("alias", "names", "synonyms", "aka")),
        Key("without", _TERMS, "names of the company that are left out", None, ("except",)),
        Key(
            "tickers",
            ListOf(Text(forms.ticker, about="a stock code")),
            "stock codes: 2408.TW, AAPL or TWSE:2408",
            None,
            ("codes", "symbols", "stocks"),
        ),
        Key("keywords", _TERMS, "words, never typo-tolerant", None, ("terms", "words", "topics")),
        Key("exclude", _TERMS, "silences the watch, or hides names inside a longer one", None, ("not", "ignore")),
        Key("context", _TERMS, "fires only where one of these stands in the item too", None, ("with", "near")),
        Key("query", _TERM, 'AND OR NOT ( ) "phrase" NEAR/n title: body: company:', None, ("search", "expression")),
        *_SHARED,
        Key("chats", ListOf(Text(forms.line, about="a chat")), "who is told of it, instead of the watchlist's chats"),
        Key("options", OPTIONS, "switches of this watch"),
    ),
    "one company or subject",
)

WATCH_ENTRY = Either(Text(forms.line, about="a name"), WATCH)

WATCHLIST = Record(
    "watchlist",
    (
        Key("name", _TERM, "what the watchlist is called"),
        Key(
            "chats", ListOf(Text(forms.line, about="a chat")), "who is told", ["console", "owner"], ("chat", "channels")
        ),
        Key("sources", ListOf(_TERM), "which sources count; left out: all it may see", None, ("feeds",)),
        Key("digest_at", _DIGEST, "when a digest comes: 08:30, mon-fri 08:30", None, _DIGEST_WORDS),
        Key("timezone", _ZONE, "the zone of its times", None, _ZONE_WORDS),
        Key("quiet_hours", _QUIET, "22:00-07:00, sat-sun; one or several", None, _QUIET_WORDS),
        Key("language", _LANGUAGE, "en or zh-TW", None, ("lang", "locale")),
        Key("max_per_hour", _CAP, "alerts a chat may get an hour; off = no cap", 30, ("limit", "rate")),
        *_SHARED,
        Key("join", Choice("off", "invited", "anyone"), "who may switch it on for a chat of theirs", "off"),
        Key("watches", Entries(WATCH_ENTRY), "what is watched", None, ("companies", "items", "watch")),
    ),
    "watches for some chats",
    ("watches",),
)

WATCHLIST_FILE = Record(
    "a watchlist file",
    (
        Key("watchlists", Entries(WATCHLIST), "the watchlists", None, ("lists", "watchlist")),
        Key("watches", Entries(WATCH_ENTRY), "one nameless watchlist for [console, owner]", None, ("companies",)),
    ),
)

CHAT = Record(
    "chat",
    (
        Key(
            "id",
            Text(forms.chat_id, about="a chat id"),
            'a number, "-100200/7" with a topic, "@channel"',
            None,
            ("chat",),
        ),
        Key("language", _LANGUAGE, "en or zh-TW", None, ("lang", "locale")),
        Key("timezone", _ZONE, "the zone of its times", None, _ZONE_WORDS),
        Key("quiet_hours", _QUIET, "when it is not to ring", None, _QUIET_WORDS),
        Key("digest_at", _DIGEST, "when its digest comes", None, _DIGEST_WORDS),
        Key("deliver", _DELIVER, "instant or digest"),
        Key("mentions", _MENTIONS, "what to do where a company is only mentioned"),
        Key("updates", _UPDATES, "what to do when a told story grows"),
        Key("max_per_hour", _CAP, "alerts an hour; off = no cap", None, ("limit", "rate")),
    ),
    "a chat with a name",
    ("id",),
)

SOURCE = Record(
    "source",
    (
        Key("name", _TERM, "what it is called; left out: the feed's title"),
        Key(
            "feed",
            Text(forms.url, secret=True, about="an address"),
            "a feed",
            None,
            ("url", "rss", "atom", "address", "link"),
        ),
        Key("folder", PATH, "a folder whose new files are read", None, ("path", "dir", "directory", "inbox")),
        Key(
            "search",
            Text(forms.search_url, secret=True, about="an address"),
            "asked once a watched company, {query} being its names",
        ),
        Key("opml", PATH, "a file with a list of feeds (OPML): each is a source"),
        Key("every", Duration(1.0), "how often it is asked; left out: a rhythm of its own", None, ("interval", "poll")),
        Key("max_age", Duration(0.0, off=True), "what is older comes without sound", "48h", ("age",)),
        Key(
            "headers",
            MapOf(Text(forms.header_value, secret=True), forms.header_name),
            "HTTP headers to send",
            None,
            ("header",),
        ),
        Key("proxy", _SOURCE_PROXY, "the HTTP proxy to ask through"),
    ),
    "where news comes from",
)

SOURCE_ENTRY = Either(Text(forms.url, secret=True, about="a feed's address"), SOURCE)

QUOTAS = Record(
    "quotas",
    (
        Key("watches", Whole(0), "watches a user may have", 500),
        Key("feeds", Whole(0), "feeds a user may add", 50),
        Key("per_minute", Whole(), "messages a user may send a minute", 20),
    ),
)

TELEGRAM = Record(
    "telegram",
    (
        Key("token", _SECRET, "the bot's token; empty = not connected", ""),
        Key("token_file", Text(forms.line, empty=True, about="a path"), "a file that holds the token"),
        Key(
            "api_url",
            Text(forms.base_url, secret=True, about="an address"),
            "the Bot API server",
            "https://api.telegram.org",
        ),
        Key("proxy", _PROXY, "the proxy to ask through", ""),
        Key("access", Choice("closed", "open"), "closed: admins and invited people; open: anybody", "closed"),
        Key("admins", ListOf(Whole()), "Telegram user ids", None, ("admin", "owners", "owner")),
        Key("quotas", QUOTAS, "what a user who is no admin may have", None, ("quota", "limits")),
    ),
)

DEFAULTS = Record(
    "defaults",
    (
        Key("timezone", _ZONE, "left out: the host's", None, _ZONE_WORDS),
        Key("language", _LANGUAGE, "en or zh-TW", "en", ("lang", "locale")),
        Key("quiet_hours", _QUIET, "when nothing is to ring", "", _QUIET_WORDS),
        Key("digest_at", _DIGEST, "when digests come", ["08:30"], _DIGEST_WORDS),
    ),
)

FETCH = Record(
    "fetch",
    (
        Key("user_agent", _TERM, "how watchbot calls itself", None, ("agent", "useragent")),
        Key(
            "allow_private", ListOf(Text(forms.private, about="host:port")), "exceptions to the private-address ban", []
        ),
    ),
)

HTTP = Record(
    "http",
    (
        Key(
            "listen",
            Text(forms.listen, about="host:port"),
            "where to listen",
            "127.0.0.1:8765",
            ("address", "bind", "port"),
        ),
        Key("hosts", ListOf(_TERM), "further names the page may be asked by", [], ("host",)),
        Key("token", _SECRET, "asked for where it does not listen on loopback", ""),
    ),
)

RETENTION = Record(
    "retention",
    (
        Key("unmatched", Duration(off=True), "how long items are kept that no watch found", "30d"),
        Key("matched", Duration(off=True), "how long items are kept that a watch found", "400d"),
        Key("told", Duration(off=True), "how long it is remembered what was told", "400d"),
    ),
)

LEVELS = ("debug", "info", "warning", "error")

LOG = Record(
    "log",
    (
        Key("level", Choice(*LEVELS), "what is worth a line", "info"),
        Key("format", Choice("auto", "text", "json"), "auto: text on a terminal", "auto"),
    ),
)

DAEMON = Record(
    MAIN,
    (
        Key(
            "database",
            Text(secret=True, about="an address"),
            "sqlite:///PATH or postgresql+psycopg://...",
            None,
            ("db",),
        ),
        Key("telegram", TELEGRAM, "left out: alerts go to `console` only", None, ("bot",)),
        Key("defaults", DEFAULTS, "what holds where nothing else is said"),
        Key("chats", MapOf(CHAT, forms.chat_name), "names for chats", None, ("channels",)),
        Key("sources", Entries(SOURCE_ENTRY), "where news comes from", None, ("feeds", "source")),
        Key("catalogue", Entries(PATH), "files with companies of your own", None, ("catalog", "companies")),
        Key("fetch", FETCH, "how pages are asked for"),
        Key("http", HTTP, "health, metrics and the status page; left out: off", None, ("web", "server")),
        Key("retention", RETENTION, "how long things are kept"),
        Key("log", LOG, "what is logged", None, ("logging",)),
        Key("watchlists", Entries(Either(PATH, WATCHLIST)), "paths, or watchlists", ["watchlist.yaml"], ("watchlist",)),
    ),
)
