"""How one chat gets what one watch finds: what was said in the chat, its named entry, watch, watchlist and defaults.

settings of the chat > `chats:` > watch > watchlist > `defaults` -> Manner
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from watchbot.model.errors import InputError
from watchbot.model.schedule import DigestTime, QuietRule, digest_times, quiet_rules
from watchbot.model.settings import Defaults, NamedChat
from watchbot.model.watch import Watch, Watchlist

Entry = TypeVar("Entry", DigestTime, QuietRule)
APP_LANGUAGE = "app_language"  # the setting of a private chat that holds what its person's Telegram app speaks
CAP = 30  # alerts an hour where nobody says otherwise


@dataclass(frozen=True, slots=True)
class Manner:
    """How a chat reads and when it is told. `max_per_hour` None = no cap; `format` is full or compact.

    `language` is en or zh-TW, `timezone` an IANA name; the other words are those of the configuration.
    """

    language: str
    timezone: str
    deliver: str = "instant"
    digest_at: tuple[DigestTime, ...] = ()
    quiet: tuple[QuietRule, ...] = ()
    updates: str = "silent"
    mentions: str = "silent"
    max_per_hour: int | None = CAP
    format: str = "full"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a manner comes from, the most particular first. `beside` are rules of the chat for this very watch, `said`
    the settings of the chat; texts of several entries are joined by `;`, `off` is an explicit none."""

    beside: Mapping[str, str]
    said: Mapping[str, str]
    named: NamedChat | None
    watch: Watch | None
    watchlist: Watchlist | None
    defaults: Defaults

    def word(self, name: str, default: str) -> str:
        """One setting that is a word."""
        places = (self.named, self.watch, self.watchlist)
        written = (getattr(place, name, None) for place in places)
        choices = (self.beside.get(name), self.said.get(name), *written)
        return next((choice for choice in choices if choice), default)

    def entries(self, name: str) -> tuple[tuple[str, ...], ...]:
        """One setting that has several entries, from every place that says it, the most particular first."""
        said = tuple(part.strip() for part in self.said.get(name, "").split(";") if part.strip())
        places = (self.named, self.watchlist, self.defaults)
        return tuple(entry for entry in (said, *(getattr(place, name, ()) for place in places)) if entry)


def manner_of(wanted: Wanted) -> Manner:
    """Put the settings together. What a chat's stored setting holds and nobody can read counts as not said."""
    off = wanted.said.get("digest_at") == "off"
    deliver, mentions = wanted.word("deliver", "instant"), wanted.word("mentions", "silent")
    if off and deliver == "digest" and "deliver" not in wanted.beside:
        deliver = "instant"
    if off and mentions == "digest" and "mentions" not in wanted.beside:
        mentions = "silent"
    return Manner(
        language=_language(wanted),
        timezone=wanted.word("timezone", wanted.defaults.timezone),
        deliver=deliver,
        digest_at=_first(digest_times, [entry for entry in wanted.entries("digest_at") if entry != ("off",)]),
        quiet=_first(quiet_rules, wanted.entries("quiet_hours")),
        updates=wanted.word("updates", "silent"),
        mentions=mentions,
        max_per_hour=_cap(wanted),
        format=wanted.word("format", "full"),
    )


def voice_of(watchlists: Iterable[Watchlist], defaults: Defaults) -> Watchlist:
    """A list that says the language and zone of these: of each the first that is not the default, as /settings does."""
    lists = tuple(watchlists)
    language = next((one.language for one in lists if one.language not in ("", defaults.language)), "")
    timezone = next((one.timezone for one in lists if one.timezone not in ("", defaults.timezone)), "")
    return Watchlist("voice", "", (), language=language, timezone=timezone)


def _language(wanted: Wanted) -> str:
    """What was said for the chat, else what its person's app speaks, else the default."""
    return wanted.word("language", wanted.said.get(APP_LANGUAGE) or wanted.defaults.language)


def _first(
    read: Callable[[tuple[str, ...]], tuple[Entry, ...]], entries: Iterable[tuple[str, ...]]
) -> tuple[Entry, ...]:
    """The first setting that can be read."""
    for entry in entries:
        try:
            return read(entry)
        except InputError:
            continue
    return ()


def _cap(wanted: Wanted) -> int | None:
    """How many alerts an hour; None for no cap."""
    said = wanted.said.get("max_per_hour", "")
    if said == "off":
        return None
    if said.isascii() and said.isdigit() and int(said) > 0:
        return int(said)
    if wanted.named is not None and wanted.named.max_per_hour is not None:
        return wanted.named.max_per_hour or None
    return wanted.watchlist.max_per_hour if wanted.watchlist is not None else CAP
