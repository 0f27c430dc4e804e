"""The settings of a chat: what holds now and why, what a typed word means, and how one is changed.

"updates", "off" -> read -> change -> stored, everybody's directory renewed, what is held back gets its new time
chat, named chat, watchlists, defaults -> look -> Preferences
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from watchbot.message.times import zone_of
from watchbot.model.errors import InputError
from watchbot.model.preferences import APP, CHAT, DEFAULT, FILE, KEYS, Preference, Preferences
from watchbot.model.schedule import digest_times, next_digest, quiet_rules, quiet_until
from watchbot.model.settings import NamedChat
from watchbot.model.watch import Watchlist
from watchbot.pipeline import holding
from watchbot.pipeline.commands import file_watchlists
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.manner import APP_LANGUAGE
from watchbot.pipeline.said_times import digest_entries, quiet_entries
from watchbot.pipeline.zones import zone
from watchbot.ports.store import Tx
from watchbot.text.nearest import nearest

MOST_AN_HOUR = 10_000
_OFF = ("off", "none", "no", "關", "關閉", "無", "不要")
_RESET = ("default", "reset", "預設", "重設")
_NAMES: dict[str, tuple[str, ...]] = {
    "language": ("language", "lang", "locale", "語言"),
    "timezone": ("timezone", "zone", "tz", "time_zone", "時區"),
    "digest_at": ("digest", "digest_at", "deliver", "delivery", "摘要", "定時摘要"),
    "quiet_hours": ("quiet", "quiet_hours", "勿擾", "勿擾時段", "安靜時段"),
    "updates": ("updates", "update", "後續", "更新"),
    "mentions": ("mentions", "mention", "提及"),
    "max_per_hour": ("cap", "max_per_hour", "limit", "上限"),
    "format": ("format", "layout", "格式", "版面"),
}
# What a setting may be, and the words people use for it.
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "language": {
        "en": ("en", "english", "英文", "英語"),
        "zh-TW": ("zh-tw", "zh", "chinese", "中文", "繁體中文", "繁中", "正體中文"),
    },
    "updates": {
        "silent": ("silent", "silently", "quiet", "無聲", "靜音"),
        "loud": ("loud", "on", "sound", "有聲", "響鈴", "開"),
        "off": _OFF,
    },
    "mentions": {
        "same": ("same", "loud", "on", "相同", "一樣", "照常", "開"),
        "silent": ("silent", "silently", "quiet", "無聲", "靜音"),
        "digest": ("digest", "摘要"),
        "off": _OFF,
    },
    "format": {
        "full": ("full", "long", "normal", "完整"),
        "compact": ("compact", "short", "brief", "精簡", "簡短"),
    },
}


def key_of(word: str) -> str | None:
    """The setting that a word names."""
    wanted = word.casefold()
    return next((key for key, names in _NAMES.items() if wanted in names), None)


def nearest_key(word: str) -> str:
    """What was probably meant, as people write it; "" for nothing like it."""
    found = nearest(word[:40], [name for names in _NAMES.values() for name in names], limit=1)
    return found[0] if found else ""


def read(key: str, text: str) -> str:
    """The value that a text means for a setting, as it is stored; "" takes the chat's own one away.

    An InputError carries the piece that means nothing; zones.UnknownZone also what was perhaps meant.
    """
    word = text.strip().casefold()
    if word in _RESET:
        return ""
    reader = _READERS.get(key)
    if reader is not None:
        return reader(text.strip())
    found = next((value for value, words in CHOICES[key].items() if word in words), None)
    if found is None:
        raise InputError(text.strip())
    return found


def change(tx: Tx, directory: Directory, chat: str, key: str, value: str, now: datetime) -> None:
    """Set one setting of a chat ("" takes it away), and give what is held back its new time.

    A time for digests switches them on, `on` too, `off` switches to instant; both leave the times.
    """
    if key == "digest_at":
        tx.chats.set(chat, "deliver", {"": "", "off": "instant"}.get(value, "digest"))
    if key != "digest_at" or value not in ("off", "on"):
        tx.chats.set(chat, key, value)
    directory.refresh(tx)
    holding.reschedule(tx, directory, chat, now)


def look(tx: Tx, directory: Directory, chat: str, now: datetime) -> Preferences:
    """All settings of a chat, when it is quiet and when its next digest comes."""
    values = _values(tx, directory, chat)
    place = zone_of(values["timezone"].value)
    digest = digest_times(values["digest_at"].entries)
    wanted = "digest" in (values["deliver"].value, values["mentions"].value)
    return Preferences(
        values=values,
        now=now,
        quiet_until=quiet_until(quiet_rules(values["quiet_hours"].entries), now, place),
        next_digest=next_digest(digest, now, place) if wanted else None,
        waiting=Counter(row.hold for row in tx.outbox.held(chat) if not row.hold.startswith("mute:")),
    )


def timezone(tx: Tx, directory: Directory, chat: str) -> str:
    """The zone in which a chat's times are told."""
    return _values(tx, directory, chat)["timezone"].value


def _values(tx: Tx, directory: Directory, chat: str) -> dict[str, Preference]:
    """What holds now: the chat's own word, the named chat's, the first watchlist's that says something else than the
    default, the default."""
    said = tx.chats.settings(chat)
    named = directory.named(chat)
    lists = file_watchlists(directory, chat)
    defaults = _defaults(directory)
    values = {key: _first(key, said, named, lists, defaults[key]) for key in KEYS}
    if values["language"].origin == DEFAULT and said.get(APP_LANGUAGE):
        values["language"] = Preference(said[APP_LANGUAGE], APP)
    return values


def _first(
    key: str, said: Mapping[str, str], named: NamedChat | None, lists: list[Watchlist], default: str
) -> Preference:
    if said.get(key):
        return Preference(said[key], CHAT)
    for entry in (named, *lists):
        value = "" if entry is None else _written(entry, key)
        if value and (value != default or entry is named):
            return Preference(value, FILE)
    return Preference(default, DEFAULT)


def _defaults(directory: Directory) -> dict[str, str]:
    """What holds where nobody says anything."""
    defaults, plain = directory.settings.defaults, Watchlist("", "", ())
    return {
        "language": defaults.language,
        "timezone": defaults.timezone,
        "deliver": plain.deliver,
        "digest_at": ";".join(defaults.digest_at) or "off",
        "quiet_hours": ";".join(defaults.quiet_hours) or "off",
        "updates": plain.updates,
        "mentions": plain.mentions,
        "max_per_hour": str(plain.max_per_hour),
        "format": "full",
    }


def _written(entry: NamedChat | Watchlist, key: str) -> str:
    """A value of the configuration as chats keep it, "" where it is not said there. No cap is 0 in a named chat, None
    in a watchlist."""
    value = getattr(entry, key, "")
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)
    if key == "max_per_hour" and value == (0 if isinstance(entry, NamedChat) else None):
        return "off"
    return "" if value is None else str(value)


def _cap(text: str) -> str:
    """Alerts an hour."""
    if text.casefold() in _OFF:
        return "off"
    if not text.isdecimal() or not 1 <= int(text) <= MOST_AN_HOUR:
        raise InputError(text)
    return str(int(text))


def _quiet(text: str) -> str:
    return "off" if text.casefold() in _OFF else ";".join(quiet_entries(text))


def _digest(text: str) -> str:
    if text.casefold() in ("on", "digest", "摘要", "開"):
        return "on"
    return "off" if text.casefold() in (*_OFF, "instant", "即時") else ";".join(digest_entries(text))


_READERS: dict[str, Callable[[str], str]] = {
    "timezone": zone,
    "max_per_hour": _cap,
    "quiet_hours": _quiet,
    "digest_at": _digest,
}
