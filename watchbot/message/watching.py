"""Answers to /watch, /unwatch and /alias as Telegram HTML, and how a watch that was tried is put into words.

Everything that came from a person, a file or a feed is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchbot.message.html import linked
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import foreign
from watchbot.message.times import clock
from watchbot.message.words import count, listed, number_in, say
from watchbot.model.watch import Watch

NAME_COLUMNS = 60
BUTTON_COLUMNS = 28
_NAMES_SHOWN = 8
_HEADLINE_COLUMNS = 110
_SOURCE_COLUMNS = 30
_LISTED = 30


@dataclass(frozen=True, slots=True)
class Sample:
    """One stored story. `at` is aware."""

    headline: str
    url: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """What a watch would have told: `alerts` in `days` stored days (0: nothing is stored), the terms that brought them
    with how many each, and a few of them; of `mains` alerts the watch was the main subject."""

    alerts: int
    days: int
    by: tuple[tuple[str, int], ...] = ()
    samples: tuple[Sample, ...] = ()
    mains: int = 0

    @property
    def per_day(self) -> float:
        """How many a day."""
        return self.alerts / self.days if self.days else 0.0


@dataclass(frozen=True, slots=True)
class Loud:
    """Why a watch is better asked about first: the name that brings most of the alerts ("" for none) and how many;
    `doubtful`: it means other things too."""

    name: str
    alerts: int
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: language, zone, and what time it is."""

    language: str
    timezone: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of many names: labels that are on, wait for one press, were on before, need a choice, are unknown,
    are no names, do not fit in; `left` were too many for one message."""

    on: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    had: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    too_many: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    limit: int = 0


def watch_on(reader: Reader, watch: Watch, terms: Sequence[str], off: Sequence[str], found: Tried, samples: int) -> str:
    """A watch was put on. `terms` are the names it looks for, the most telling first; `off` mean other things too."""
    language = reader.language
    out = [say(language, "watching_on", label=bold(watch.label))]
    if watch.options.main_only:
        out.append(say(language, "watching_on_strict"))
    if watch.company:
        out.append(_looks_for(language, watch, terms))
    else:
        out.append(say(language, "watching_plain", name=shown(watch.label)))
    if off:
        out.append(say(language, "watching_off", names=_names(language, off)))
    return "\n".join([*out, *_tried(reader, found, samples)])


def ask_first(
    reader: Reader,
    watch: Watch,
    terms: Sequence[str],
    found: Tried,
    why: Loud,
    strict: tuple[str, str, Tried] | None,
) -> str:
    """A watch would be loud, or is in doubt: not on yet. `strict` is the quieter form: kind, name, what it brings."""
    language = reader.language
    out = [say(language, "watching_ask", label=bold(watch.label))]
    if why.doubtful:
        out.append(say(language, "watching_doubtful", name=shown(why.name)))
    line = _rate_line(language, found)
    if why.name and why.alerts and found.days:
        by = _rate(language, why.alerts, found.days)
        line = say(language, "watching_by_name", line=line, by=by, name=shown(why.name))
    out.append(line)
    if strict is not None:
        kind, name, quieter = strict
        how = say(language, f"watching_strict_{kind}", name=shown(name))
        out.append(say(language, "watching_strict", rate=_rate(language, quieter.alerts, quieter.days), how=how))
    out.append(_looks_for(language, watch, terms))
    return "\n".join([*out, *_samples(reader, found.samples[:2])])


def which(language: str, name: str) -> str:
    """Several could be meant: the buttons name them."""
    return say(language, "watching_which", name=shown(name))


def batch(language: str, found: Batch) -> str:
    """One answer to many names."""
    out: list[str] = []
    for key, labels in (
        ("watching_many_on", found.on),
        ("watching_many_waiting", found.waiting),
        ("watching_many_had", found.had),
        ("watching_many_choices", found.choices),
        ("watching_many_unknown", found.unknown),
        ("watching_many_refused", found.refused),
        ("watching_many_left", found.left),
    ):
        if labels:
            out.append(say(language, key, number=number_in(language, len(labels)), names=_some(language, labels)))
    if found.too_many:
        out.append(too_many(language, found.too_many, found.limit))
    return "\n\n".join(out)


def too_many(language: str, labels: Sequence[str], limit: int) -> str:
    """What does not fit into the chat's quota."""
    number = number_in(language, len(labels))
    return say(
        language, "watching_too_many", number=number, names=_some(language, labels), limit=number_in(language, limit)
    )


def had(language: str, label: str, locked: bool, off: str = "") -> str:
    """It is watched here already, though not by the name `off`."""
    html = say(language, "watching_had_locked" if locked else "watching_had", label=bold(label))
    if not off:
        return html
    return f"{html}\n{say(language, 'watching_had_off', label=shown(label), name=shown(off))}"


def refused(language: str, name: str, longest: int, link: bool = False) -> str:
    """It is no name, perhaps an address."""
    return say(language, "watching_link" if link else "watching_refused", name=shown(name), longest=longest)


def undone(language: str, label: str) -> str:
    """A watch that was just put on is off again."""
    return say(language, "watching_undone", label=bold(label))


def cancelled(language: str, label: str) -> str:
    """It was not put on."""
    return say(language, "watching_cancelled", label=bold(label))


def removed(language: str, labels: Sequence[str]) -> str:
    """Watches of the chat are off."""
    return say(language, "watching_removed", names=listed(language, [bold(label) for label in labels]))


def locked(language: str, labels: Sequence[str]) -> str:
    """Watches of the configuration: they can be switched off in this chat only."""
    return say(language, "watching_locked", names=listed(language, [bold(label) for label in labels]))


def switched(language: str, label: str, on: bool) -> str:
    """A watch was switched in this chat."""
    return say(language, "watching_switched_on" if on else "watching_switched_off", label=bold(label))


def unknown(language: str, name: str, near: Sequence[str]) -> str:
    """Nothing of this name is watched here."""
    if not near:
        return say(language, "watching_unknown", name=shown(name))
    return say(language, "watching_unknown_near", name=shown(name), near=listed(language, [bold(one) for one in near]))


def watch_usage(language: str, command: str, example: str) -> str:
    """What a command lacks, with an example."""
    return say(language, f"watching_usage_{command}", example=shown(example))


def aliases(language: str, label: str, terms: Sequence[str], off: Sequence[str], locked: bool) -> str:
    """All names of a watch, and how to change them."""
    out = [say(language, "watching_alias_list", label=bold(label), names=_names(language, terms, 40))]
    if off:
        out.append(say(language, "watching_off", names=_names(language, off, 20)))
    key = "watching_alias_locked" if locked else "watching_alias_how"
    return "\n".join([*out, say(language, key, name=shown(label))])


def alias_changed(reader: Reader, label: str, added: Sequence[str], gone: Sequence[str], found: Tried) -> str:
    """Names were added to a watch or taken from it."""
    language = reader.language
    out = []
    if added:
        out.append(say(language, "watching_alias_added", label=bold(label), names=_names(language, added)))
    if gone:
        out.append(say(language, "watching_alias_gone", label=bold(label), names=_names(language, gone)))
    return "\n".join([*out, *_tried(reader, found, 1)])


def alias_kept(language: str, label: str, names: Sequence[str]) -> str:
    """The last name of a watch stays."""
    return say(language, "watching_alias_last", label=bold(label), names=_names(language, names))


def alias_none(language: str, label: str, names: Sequence[str], added: bool) -> str:
    """Nothing to change: the watch has them already, or never had them."""
    key = "watching_alias_there" if added else "watching_alias_not_there"
    return say(language, key, label=bold(label), names=_names(language, names))


def company_button(name: str, tickers: Sequence[str]) -> str:
    """A company as a button: its name, its first ticker."""
    short = shorten(clean(name), BUTTON_COLUMNS)
    return f"{short} ({tickers[0]})" if tickers else short


def toggle_button(name: str, on: bool) -> str:
    """A name as a button that switches it."""
    return f"{'✓' if on else '☐'} {shorten(clean(name), BUTTON_COLUMNS)}"


def short(name: str) -> str:
    """A name for a button."""
    return shorten(clean(name), BUTTON_COLUMNS)


def shown(name: str) -> str:
    """What a person or a file wrote, safe inside HTML."""
    return foreign(name, NAME_COLUMNS)


def bold(name: str) -> str:
    """The same in bold."""
    return f"<b>{shown(name)}</b>"


def _looks_for(language: str, watch: Watch, terms: Sequence[str]) -> str:
    """Names, then stock codes."""
    parts = [_names(language, terms), _names(language, watch.tickers, 3)]
    return say(language, "watching_names", names=" · ".join(part for part in parts if part))


def _tried(reader: Reader, found: Tried, samples: int) -> list[str]:
    """How loud it would have been, with examples."""
    if not found.days or not found.alerts or not samples:
        return [_rate_line(reader.language, found)]
    return [
        _rate_line(reader.language, found) + say(reader.language, "watching_eg"),
        *_samples(reader, found.samples[:samples]),
    ]


def _rate_line(language: str, found: Tried) -> str:
    """`Last 30 days: 3 a day`; honest where little is stored, or nothing."""
    if not found.days:
        return say(language, "watching_no_news")
    days = count(language, "day", found.days)
    if not found.alerts:
        return say(language, "watching_silent", days=days)
    return say(language, "watching_tried", days=days, rate=_rate(language, found.alerts, found.days))


def _rate(language: str, alerts: int, days: int) -> str:
    """`3 alerts a day`, `1.5 alerts a day`, or `4 alerts` in all where that is less than one a day."""
    a_day = alerts / days if days else 0.0
    if a_day < 1 or days == 1:
        return count(language, "watching_alert", alerts)
    return say(language, "watching_a_day", number=number_in(language, round(a_day, 0 if a_day >= 10 else 1)))


def _samples(reader: Reader, samples: Sequence[Sample]) -> list[str]:
    return [f"• {_sample(reader, one)}" for one in samples]


def _sample(reader: Reader, sample: Sample) -> str:
    """Linked headline, source, time."""
    headline = foreign(sample.headline, _HEADLINE_COLUMNS)
    told = linked(headline, sample.url)
    source = foreign(sample.source, _SOURCE_COLUMNS)
    at = clock(sample.at, reader.language, reader.timezone, reader.now)
    return " – ".join((told, " · ".join(part for part in (source, at) if part)))


def _names(language: str, names: Sequence[str], most: int = _NAMES_SHOWN) -> str:
    """Names, the first ones and how many more."""
    out = [shown(name) for name in names[:most]]
    if len(names) > most:
        out.append(f"+{number_in(language, len(names) - most)}")
    return listed(language, out)


def _some(language: str, labels: Sequence[str]) -> str:
    return _names(language, labels, _LISTED)
