"""The buttons Mute and 👎 of an alert, and what they lead to, in words: offers, what was kept, how it ends.

Card -> mute_menu, down_menu, muted_row | offers -> asked, offer_rows
"""

import json
from collections.abc import Sequence
from datetime import datetime

from watchbot.message.card import buttons
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import escape, foreign
from watchbot.message.times import clock
from watchbot.message.words import listed, say
from watchbot.model.offer import COMPLAINTS, CONTEXT, EXCLUDE, LEVEL, MUTE_SOURCE, MUTE_WATCH, SAME, Offer
from watchbot.model.panel import Button, Rows

NAME_COLUMNS, BUTTON_COLUMNS, TOAST_NAMES = 60, 48, 60
_LISTS = (EXCLUDE, CONTEXT)


def mute_menu(language: str) -> Rows:
    """How long, or what else."""
    first = (("hour", "m:1h"), ("eight", "m:8h"), ("today", "m:today"))
    second = (("story", "m:story"), ("watch", "m:watch"), ("back", "back"))
    return tuple(tuple(Button(say(language, f"mute_{name}"), data) for name, data in row) for row in (first, second))


def down_menu(language: str) -> Rows:
    """What is wrong with the alert."""
    verbs = [Button(say(language, f"down_{complaint}"), f"d:{complaint}") for complaint in COMPLAINTS]
    return (tuple(verbs[:2]), tuple(verbs[2:]), (Button(say(language, "down_back"), "back"),))


def muted_row(language: str, timezone: str, until: datetime | None, now: datetime) -> Rows:
    """The alert's row while something of it is muted: the button in the middle ends it."""
    why, mute, down = buttons(language)[0]
    if until is None:
        text = say(language, "mute_open")
    else:
        text = say(language, "mute_until", at=clock(until, language, timezone, now))
    return ((why, Button(text, f"un{mute.data}"), down),)


def mute_toast(language: str, timezone: str, names: Sequence[str], until: datetime | None, now: datetime) -> str:
    """What is muted, and how it ends; plain text for a toast."""
    shown = shorten(listed(language, [clean(name) for name in names]), TOAST_NAMES)
    if until is None:
        return say(language, "mute_toast_open", names=shown)
    return say(language, "mute_toast_until", names=shown, at=clock(until, language, timezone, now))


def asked(language: str, complaint: str, offers: Sequence[Offer], split: bool) -> str:
    """What can be done, and below it what was done; `split`: the story can be taken apart too."""
    if not offers and not split:
        return say(language, "down_nothing")
    done = [_kept(language, alike) for alike in _alike(offers).values() if any(offer.done for _place, offer in alike)]
    return "\n".join([say(language, f"down_{complaint}_ask"), *([""] if done else []), *done])


def offer_rows(language: str, offers: Sequence[Offer], split: bool) -> Rows:
    """A button an offer, one below the other; a kept one is undone by its button. `split`: the story can be looked at
    and taken apart."""
    several = len({offer.label for offer in offers if offer.watch}) > 1
    rows = [(_offer_button(language, *_first(alike), several),) for alike in _alike(offers).values()]
    if split:
        rows.append((Button(say(language, "down_split"), "split"),))
    return tuple(rows)


def _alike(offers: Sequence[Offer]) -> dict[tuple[str, str, str], list[tuple[int, Offer]]]:
    """The offers with their places, those that say the same as one."""
    found: dict[tuple[str, str, str], list[tuple[int, Offer]]] = {}
    for place, offer in enumerate(offers):
        found.setdefault(offer.shown, []).append((place, offer))
    return found


def _first(alike: Sequence[tuple[int, Offer]]) -> tuple[int, Offer]:
    """The one that speaks for them: a kept one, where there is one."""
    return next((one for one in alike if one[1].done), alike[0])


def yaml_of(offer: Offer) -> str:
    """The same as a line of the configuration."""
    if offer.kind in _LISTS:
        return f"{offer.kind}: [{json.dumps(offer.value, ensure_ascii=False)}]"
    if offer.kind == LEVEL:
        return "options: {level: main}"
    return f"{offer.kind}: {offer.value}"


def _offer_button(language: str, place: int, offer: Offer, several: bool) -> Button:
    """What the button says; the watch is named where it may be one of several."""
    value, label = shorten(clean(offer.value), NAME_COLUMNS), shorten(clean(offer.label), NAME_COLUMNS)
    text = say(language, f"offer_{offer.kind}", value=value, label=label)
    if several and offer.kind in (EXCLUDE, CONTEXT, LEVEL):
        text = say(language, "offer_for", offer=text, label=label)
    text = shorten(text, BUTTON_COLUMNS)
    if offer.done:
        return Button(say(language, "down_undo", what=text), f"undo:{place}")
    return Button(text, f"do:{place}")


def _kept(language: str, alike: Sequence[tuple[int, Offer]]) -> str:
    """One kept offer, and for a 🔒 watch how the file would say it."""
    kept = [offer for _place, offer in alike if offer.done]
    offer = next((one for one in kept if one.locked), kept[0])
    value = foreign(offer.value, NAME_COLUMNS)
    label = foreign(offer.label, NAME_COLUMNS)
    text = say(language, f"kept_{offer.kind}", value=value, label=label)
    if not offer.locked or offer.kind in (SAME, MUTE_WATCH, MUTE_SOURCE):
        return text
    return f"{text}\n{say(language, 'kept_locked', yaml=escape(yaml_of(offer)))}"
