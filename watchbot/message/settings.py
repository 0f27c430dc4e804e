"""/settings, /quiet and /digest in words: what holds, where it comes from, and what a press changes.

Preferences -> overview | topic -> Telegram HTML and rows of buttons
"""

from datetime import datetime

from babel.dates import get_day_names

from watchbot.message.marked import shorten
from watchbot.message.parts import escape, foreign
from watchbot.message.times import clock
from watchbot.message.words import count, known, listed, locale_of, number_in, say
from watchbot.model.panel import Button, Rows
from watchbot.model.preferences import Preferences
from watchbot.model.schedule import DAYS

TOPICS = ("language", "timezone", "digest_at", "quiet_hours", "updates", "mentions", "max_per_hour", "format")
EXAMPLES = {
    "language": "/settings language zh-TW",
    "timezone": "/settings timezone Asia/Tokyo",
    "digest_at": "/digest mon-fri 08:30, sun 20:00",
    "quiet_hours": "/quiet mon-fri 22:30-06:45; sat-sun",
    "updates": "/settings updates off",
    "mentions": "/settings mentions digest",
    "max_per_hour": "/settings cap 30",
    "format": "/settings format compact",
}
# What the buttons of a setting offer; () is a row's end.
PRESETS: dict[str, tuple[tuple[str, ...], ...]] = {
    "language": (("en", "zh-TW"),),
    "timezone": (("Asia/Taipei", "Asia/Tokyo"), ("Asia/Shanghai", "Europe/London"), ("America/New_York",)),
    "digest_at": (("08:30", "08:30;18:00"), ("mon-fri 08:30", "off")),
    "quiet_hours": (("22:00-07:00", "23:00-08:00"), ("22:00-07:00;sat-sun", "off")),
    "updates": (("silent", "loud", "off"),),
    "mentions": (("same", "silent"), ("digest", "off")),
    "max_per_hour": (("10", "30", "60", "off"),),
    "format": (("full", "compact"),),
}
_LANGUAGE_NAMES = {"en": "English", "zh-TW": "繁體中文"}
_TYPED_COLUMNS = 40


def overview(language: str, prefs: Preferences) -> str:
    """All settings of a chat, a line each with where it comes from."""
    lines = [say(language, "settings_title"), ""]
    for topic in TOPICS:
        name, value = say(language, f"settings_name_{topic}"), shown(language, topic, prefs)
        lines.append(say(language, "settings_line", name=name, value=value, origin=_origin(language, topic, prefs)))
    return "\n".join([*lines, "", say(language, "settings_how")])


def overview_rows(language: str) -> Rows:
    """A button a setting."""
    buttons = [Button(say(language, f"settings_name_{topic}"), f"open:{topic}") for topic in TOPICS]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


def topic(language: str, key: str, prefs: Preferences) -> str:
    """One setting: what holds, what that means now, how to write another one."""
    name = say(language, f"settings_name_{key}")
    value = shown(language, key, prefs)
    lines = [say(language, "settings_line", name=name, value=value, origin=_origin(language, key, prefs))]
    lines += _meaning(language, key, prefs)
    example = say(language, "settings_example", example=EXAMPLES[key])
    return "\n".join([*lines, "", f"{say(language, f'settings_choice_{key}')} {example}"])


def topic_rows(language: str, key: str, prefs: Preferences) -> Rows:
    """The presets of a setting, what waits, and the way back."""
    now = prefs.value("deliver") if key == "digest_at" and prefs.value("deliver") == "instant" else prefs.value(key)
    now = "off" if now == "instant" else now
    rows = [
        tuple(
            Button(("✓ " if value == now else "") + _plain(language, key, value), f"set:{key}={value}") for value in row
        )
        for row in PRESETS[key]
    ]
    hold = {"digest_at": "digest", "quiet_hours": "quiet", "max_per_hour": "cap"}.get(key, "")
    waiting = prefs.waiting.get(hold, 0)
    if waiting:
        rows.append((Button(say(language, "settings_show", number=number_in(language, waiting)), f"show:{hold}"),))
    return (*rows, (Button(say(language, "settings_back"), "back"),))


def toast(language: str, key: str, prefs: Preferences) -> str:
    """What a press changed, in a few words."""
    value = _plain(language, key, _current(key, prefs))
    return shorten(f"{say(language, f'settings_name_{key}')}: {value}", 180)


def shown(language: str, key: str, prefs: Preferences) -> str:
    """The value of a setting as HTML."""
    return escape(_plain(language, key, _current(key, prefs)))


def wrong(language: str, key: str, text: str) -> str:
    """A word that a setting does not take: what it takes, with an example."""
    typed = foreign(text, _TYPED_COLUMNS)
    return "\n".join(
        [
            say(language, "settings_wrong", text=typed),
            f"{say(language, f'settings_choice_{key}')} {say(language, 'settings_example', example=EXAMPLES[key])}",
        ]
    )


def wrong_zone(language: str, text: str, near: tuple[str, ...]) -> str:
    """A zone that nobody knows, and the nearest ones."""
    if not near:
        return wrong(language, "timezone", text)
    typed = foreign(text, _TYPED_COLUMNS)
    names = listed(language, [f"<code>/settings timezone {escape(name)}</code>" for name in near])
    return say(language, "settings_zone_near", text=typed, names=names)


def unknown(language: str, word: str, near: str) -> str:
    """A setting that does not exist."""
    typed = foreign(word, _TYPED_COLUMNS)
    first = say(language, "settings_unknown_near", text=typed, near=near) if near else ""
    first = first or say(language, "settings_unknown", text=typed)
    return f"{first}\n{say(language, 'settings_how')}"


def entries(language: str, written: tuple[str, ...]) -> str:
    """Quiet hours or digest times as people read them: `Mon–Fri 22:00–07:00, Sat–Sun all day`."""
    return listed(language, [_entry(language, entry) for entry in written])


def zone_shown(name: str) -> str:
    """A zone as people read it: `Asia/Taipei`, `UTC+8` for the backward `Etc/GMT-8`."""
    rest = name.removeprefix("Etc/GMT")
    if rest == name or rest[:1] not in ("+", "-"):
        return name.removeprefix("Etc/")
    return f"UTC{'+' if rest[0] == '-' else '-'}{rest[1:]}"


def _meaning(language: str, key: str, prefs: Preferences) -> list[str]:
    """What a setting comes to now."""
    here = say(language, "settings_there", zone=zone_shown(prefs.timezone), time=_time(language, prefs, prefs.now))
    match key:
        case "timezone":
            return [here]
        case "quiet_hours":
            return [here, *_quiet(language, prefs)]
        case "digest_at":
            return [here, *_digest(language, prefs)]
        case "updates" | "mentions" | "format":
            return [say(language, f"settings_{key}_{prefs.value(key)}")]
        case "max_per_hour":
            return [say(language, "settings_cap_off" if prefs.value(key) == "off" else "settings_cap_on")]
        case _:
            return []


def _quiet(language: str, prefs: Preferences) -> list[str]:
    if not prefs.values["quiet_hours"].entries:
        return [say(language, "settings_quiet_none")]
    until = prefs.quiet_until
    if until is None:
        first = say(language, "settings_quiet_not_now")
    else:
        first = say(language, "settings_quiet_now", until=_time(language, prefs, until))
    return [first, *_waiting(language, prefs, "quiet"), say(language, "settings_quiet_what")]


def _digest(language: str, prefs: Preferences) -> list[str]:
    lines = []
    if prefs.value("deliver") != "digest":
        lines.append(say(language, "settings_digest_none"))
        if prefs.value("mentions") != "digest":
            return [*lines, *_waiting(language, prefs, "digest")]
        lines.append(say(language, "settings_digest_mentions"))
    if prefs.next_digest is not None:
        lines.append(say(language, "settings_digest_next", time=_time(language, prefs, prefs.next_digest)))
    return [*lines, *_waiting(language, prefs, "digest")]


def _waiting(language: str, prefs: Preferences, hold: str) -> list[str]:
    number = prefs.waiting.get(hold, 0)
    return [say(language, "settings_waiting", stories=count(language, "held_alert", number))] if number else []


def _time(language: str, prefs: Preferences, at: datetime) -> str:
    return clock(at, language, prefs.timezone, prefs.now)


def _current(key: str, prefs: Preferences) -> str:
    """The value that holds; a digest that is off is off whatever its times."""
    return "off" if key == "digest_at" and prefs.value("deliver") == "instant" else prefs.value(key)


def _plain(language: str, key: str, value: str) -> str:
    """A value in words, not yet HTML."""
    if key == "language":
        return _LANGUAGE_NAMES[known(value)]
    if key == "timezone":
        return zone_shown(value)
    if key in ("digest_at", "quiet_hours") and value != "off":
        return entries(language, tuple(value.split(";")))
    if key == "max_per_hour" and value != "off":
        return say(language, "settings_an_hour", number=number_in(language, int(value)))
    return say(language, f"settings_value_{key}_{value}")


def _origin(language: str, key: str, prefs: Preferences) -> str:
    """Where the value comes from."""
    name = "deliver" if key == "digest_at" and _current(key, prefs) == "off" else key
    return say(language, f"settings_origin_{prefs.values[name].origin}")


def _entry(language: str, entry: str) -> str:
    """One entry with its days in the language."""
    words = entry.split()
    if len(words) == 1 and ":" in words[0]:
        return words[0].replace("-", "–")
    days = _days(language, words[0])
    return f"{days} {words[1].replace('-', '–')}" if len(words) > 1 else say(language, "settings_all_day", days=days)


def _days(language: str, text: str) -> str:
    """`mon-fri` as `Mon–Fri` or 週一至週五."""
    names = get_day_names("abbreviated", locale=locale_of(language))
    parts = []
    for part in text.split(","):
        ends = [names[DAYS.index(day)] for day in part.split("-") if day in DAYS]
        parts.append(say(language, "settings_days", first=ends[0], last=ends[-1]) if len(ends) > 1 else "".join(ends))
    return say(language, "settings_day_comma").join(parts)
