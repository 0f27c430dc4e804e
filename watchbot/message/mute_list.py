"""/mute and /unmute in words: what is silent here, until when, how much that held back.

Mute + number held back -> one line, one row of buttons
"""

from collections.abc import Sequence
from datetime import datetime

from watchbot.message.marked import clean, shorten
from watchbot.message.parts import foreign
from watchbot.message.settings import zone_shown
from watchbot.message.times import clock
from watchbot.message.words import count, listed, number_in, say
from watchbot.model.panel import Button, Rows
from watchbot.model.records import Mute

MOST_SHOWN = 20
_COLUMNS = 40
_BUTTON_COLUMNS = 24

Held = Sequence[tuple[Mute, int]]


def listing(language: str, mutes: Held, timezone: str, now: datetime, example: str) -> str:
    """Everything that is muted here, with how much each holds back."""
    how = say(language, "setmute_example", name=_shown(example))
    if not mutes:
        return "\n".join([say(language, "setmute_none"), how])
    lines = [
        say(
            language,
            "setmute_line",
            what=what(language, mute),
            until=_until(language, mute, timezone, now),
            held=held(language, number),
        )
        for mute, number in mutes[:MOST_SHOWN]
    ]
    if len(mutes) > MOST_SHOWN:
        lines.append(f"+{len(mutes) - MOST_SHOWN}")
    return "\n".join([say(language, "setmute_title"), *lines, "", how])


def rows(language: str, mutes: Held) -> Rows:
    """[Unmute] and, where something is held back, [Show 12] for each."""
    found = []
    for mute, number in mutes[:MOST_SHOWN]:
        name = shorten(clean(mute.label), _BUTTON_COLUMNS) or say(language, "setmute_button_all")
        end = Button(say(language, "setmute_button_end", label=name), f"end:{mute.id}")
        found.append((end, *show_button(language, number, f"show:{mute.id}")))
    return tuple(found)


def show_button(language: str, number: int, data: str = "show") -> tuple[Button, ...]:
    """The button that tells what was held back; none where that is nothing."""
    if not number:
        return ()
    return (Button(say(language, "setmute_button_show", number=number_in(language, number)), data),)


def begun(language: str, mute: Mute, timezone: str, now: datetime) -> str:
    """It is silent from now on."""
    if mute.until is None:
        first = say(language, "setmute_done_for_good", what=what(language, mute))
    else:
        time = clock(mute.until, language, timezone, now)
        first = say(language, "setmute_done", what=what(language, mute), time=time, zone=zone_shown(timezone))
    return f"{first}\n{say(language, 'setmute_kept')}"


def ended(language: str, mutes: Sequence[Mute], number: int) -> str:
    """It may be heard again; what was held back."""
    names = listed(language, dict.fromkeys(what(language, mute) for mute in mutes))
    first = say(language, "setmute_ended", what=names, held=held(language, number))
    return f"{first}\n{say(language, 'setmute_latest')}" if number else first


def still(language: str, mutes: Sequence[Mute]) -> str:
    """What is muted by itself, after the mute of everything was ended."""
    names = dict.fromkeys(what(language, mute) for mute in mutes[:MOST_SHOWN])
    return say(language, "setmute_still", what=listed(language, names))


def not_muted(language: str, label: str) -> str:
    """There is nothing to unmute under this name."""
    name = f"<b>{_shown(label)}</b>" if label else say(language, "setmute_kind_all")
    return say(language, "setmute_not_muted", what=name)


def unknown(language: str, text: str, near: Sequence[str], command: str, example: str) -> str:
    """Nothing of this name is here."""
    meant = near[0] if near else example
    shown = f"/{command} {_shown(meant)}" + (" 8h" if command == "mute" else "")
    if not near:
        return say(language, "setmute_unknown", text=_shown(text), example=shown)
    names = listed(language, [f"<b>{_shown(name)}</b>" for name in near])
    return say(language, "setmute_unknown_near", text=_shown(text), names=names, example=shown)


def how_long(language: str, text: str, label: str) -> str:
    """A word that says nothing of how long."""
    example = f"/mute {_shown(label) or 'all'} 8h"
    return say(language, "setmute_how_long", text=_shown(text), example=example)


def held(language: str, number: int) -> str:
    """How much is held back, in words."""
    if not number:
        return say(language, "setmute_held_none")
    return say(language, "setmute_held", alerts=count(language, "held_alert", number))


def what(language: str, mute: Mute) -> str:
    """What is muted, as HTML."""
    return say(language, f"setmute_kind_{mute.kind}", label=_shown(mute.label))


def _until(language: str, mute: Mute, timezone: str, now: datetime) -> str:
    if mute.until is None:
        return say(language, "setmute_for_good")
    if mute.until <= now:
        return say(language, "setmute_over")
    return say(language, "setmute_until", time=clock(mute.until, language, timezone, now))


def _shown(text: str) -> str:
    return foreign(text, _COLUMNS)
