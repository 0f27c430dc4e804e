"""What stands behind /mute and /unmute: which of the words is the name, and which says how long.

"Foxconn 2 hours" -> split -> ("Foxconn", "2h"); "all", "supply-chain today" likewise
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchbot.model.records import Mute, SourceRow
from watchbot.pipeline import muting
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.muting import Target
from watchbot.ports.store import Tx
from watchbot.text.nearest import nearest

OFF = ("off", "關", "關閉")
_UNITS = {
    "m": ("m", "min", "mins", "minute", "minutes", "分", "分鐘"),
    "h": ("h", "hr", "hrs", "hour", "hours", "小時", "個小時", "鐘頭", "個鐘頭"),
    "d": ("d", "day", "days", "天", "日"),
    "w": ("w", "week", "weeks", "週", "個星期", "星期"),
}
_LENGTH = re.compile(r"(?:^|\s)(?:for\s+)?(\d{1,5})\s*([a-z]+|[^\W\da-z_]+)$")
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """What /mute or /unmute asks for: `target` None where nobody knows the name (`near` are those that were perhaps
    meant); `length` how long in short (`8h`, `today`, `off`, "" for until unmuted); `odd` a last word that says
    nothing of how long."""

    target: Target | None
    length: str = ""
    odd: str = ""
    near: tuple[str, ...] = ()


def asked(directory: Directory, sources: Sequence[SourceRow], chat: str, text: str) -> Asked:
    """Read an argument. A name that ends like a length of time goes before it."""
    if target := muting.find_target(directory, sources, chat, text):
        return Asked(target)
    name, length = split(text)
    if length and (target := muting.find_target(directory, sources, chat, name)):
        return Asked(target, length)
    shorter, _, last = text.strip().rpartition(" ")
    if not length and (target := muting.find_target(directory, sources, chat, shorter)):
        return Asked(target, odd=last)
    names = muting.known_names(directory, sources, chat)
    return Asked(None, length, near=tuple(nearest(name[:80], names, limit=3)))


def split(text: str) -> tuple[str, str]:
    """The name, and how long in short; "" where nothing of that is said."""
    plain = unicodedata.normalize("NFKC", text).strip()
    name, _, last = plain.rpartition(" ")
    if last.casefold() in OFF:
        return name.strip(), "off"
    if muting.is_duration(last.casefold()):
        return name.removesuffix(" for").strip(), last.casefold()
    found = _LENGTH.search(plain.casefold())
    unit = next((short for short, words in _UNITS.items() if found and found[2] in words), "")
    if not found or not unit:
        return text.strip(), ""
    number = int(found[1]) * (_WEEK_DAYS if unit == "w" else 1)
    return plain[: found.start()].strip(), f"{number}{'d' if unit == 'w' else unit}"


def example(directory: Directory, sources: Sequence[SourceRow], chat: str) -> str:
    """Something that can be muted here."""
    return next(iter(muting.known_names(directory, sources, chat)), "Foxconn")


def with_held(tx: Tx, chat: str, now: datetime) -> list[tuple[Mute, int]]:
    """What is muted in a chat, and how much each holds back; one whose time is over, while it still does. Mutes of one
    company in several watchlists stand there as one."""
    found: dict[tuple[str, str], tuple[Mute, int]] = {}
    for mute in tx.wishes.mutes():
        held = muting.held(tx, chat, mute.id) if mute.chat == chat else 0
        if mute.chat == chat and (held or mute.until is None or mute.until > now):
            first, before = found.get((mute.kind, mute.label), (mute, 0))
            found[mute.kind, mute.label] = (first, before + held)
    return list(found.values())


def same(tx: Tx, chat: str, mute_id: int) -> list[Mute]:
    """The mutes of a chat that stand in its list as this one, ended ones too."""
    here = [mute for mute in tx.wishes.mutes() if mute.chat == chat]
    wanted = {(mute.kind, mute.label) for mute in here if mute.id == mute_id}
    return [mute for mute in here if (mute.kind, mute.label) in wanted]


def muted_as(mutes: Sequence[Mute], target: Target | None, text: str) -> list[Mute]:
    """The mutes that /unmute means: those of the target, those labelled so (of a watch that is gone, of a story); for
    `all` without a mute of everything each one."""
    if target is not None and target.kind == "all":
        return [mute for mute in mutes if mute.kind == "all"] or list(mutes)
    wanted = text.strip().casefold()
    keys = {(target.kind, key) for target in ([target] if target else []) for key in target.targets}
    return [mute for mute in mutes if (mute.kind, mute.target) in keys or mute.label.casefold() == wanted]
