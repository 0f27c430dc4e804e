"""The rules that hand-kept company files must keep; the same for the built-in overlay and for users' own files."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from watchbot.catalogue import keys
from watchbot.catalogue.overlay import Entry, Placed, read_files
from watchbot.catalogue.rules import doubt
from watchbot.catalogue.tickers import canonical, is_canonical, split
from watchbot.model.errors import Problem

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 120

# In which language a character may not stand, and what to call it there.
_WRONG: dict[str, tuple[tuple[Callable[[str], bool], str], ...]] = {
    "en": ((keys.is_han, "a Chinese character"), (keys.is_kana, "kana"), (keys.is_hangul, "Korean")),
    "zh-TW": ((keys.only_simplified, "a simplified character"), (keys.is_kana, "kana"), (keys.is_hangul, "Korean")),
    "zh-CN": ((keys.only_traditional, "a traditional character"), (keys.is_kana, "kana"), (keys.is_hangul, "Korean")),
    "ja": ((keys.not_japanese, "a character Japanese does not have"), (keys.is_hangul, "Korean")),
    "ko": ((keys.is_han, "a Chinese character"), (keys.is_kana, "kana")),
}


def check(paths: Iterable[Path], official: Mapping[str, tuple[str, str]] | None = None) -> list[Problem]:
    """Everything wrong with some company files, in order of place.

    `official` maps Taiwan codes to market (TW or TWO) and Chinese short name, where the exchange's list is at hand.
    """
    from watchbot.text import words

    entries, problems = read_files(paths)
    problems += check_entries(entries, words.load())
    if official is not None:
        for entry in entries:
            problems += _against_exchange(entry, official)
    return sorted(problems)


def check_entries(entries: list[Entry], words: AbstractSet[str]) -> list[Problem]:
    """What is wrong with entries one by one, and between them."""
    problems: list[Problem] = []
    for entry in entries:
        problems += _identity(entry)
        problems += _tickers(entry)
        problems += _scripts(entry)
        problems += _safety(entry, words)
    return problems + _shared_ids(entries) + _shared_tickers(entries) + _shared_names(entries)


def _identity(entry: Entry) -> list[Problem]:
    """Id, kind and the names a company must have."""
    out: list[Problem] = []
    if not _ID.fullmatch(entry.id.text):
        out.append(entry.problem(entry.id, f"id `{entry.id.text}`: only a-z, 0-9 and single hyphens"))
    if entry.kind.text not in ("company", "body"):
        out.append(entry.problem(entry.kind, f"kind `{entry.kind.text}`: company or body"))
    if not any(name.lang == "en" and name.kind == "name" for name in entry.names):
        out.append(entry.problem(entry.id, f"{entry.id.text} has no English name"))
    seen: set[tuple[str, str]] = set()
    for name in entry.names:
        if (name.text, name.lang) in seen:
            out.append(entry.problem(name, f"{name.text} stands twice in {entry.id.text}"))
        seen.add((name.text, name.lang))
        if len(name.text) > LONGEST_NAME:
            out.append(entry.problem(name, f"a name of more than {LONGEST_NAME} characters"))
        if not any(char.isalnum() for char in name.text):
            out.append(entry.problem(name, f"{name.text} has neither letters nor digits"))
    return out


def _tickers(entry: Entry) -> list[Problem]:
    """Tickers in their canonical form."""
    out: list[Problem] = []
    for ticker in entry.tickers:
        if not is_canonical(ticker.text):
            right = canonical(ticker.text)
            meant = f"; write {right}" if right else "; write CODE.MARKET, US listings bare"
            out.append(entry.problem(ticker, f"ticker `{ticker.text}` is not in the canonical form{meant}"))
    return out


def _scripts(entry: Entry) -> list[Problem]:
    """Names in the script of their language."""
    out: list[Problem] = []
    for name in entry.names:
        for wrong, what in _WRONG[name.lang] if name.kind == "name" else ():
            found = next((char for char in name.text if wrong(char)), None)
            if found is not None:
                out.append(entry.problem(name, f"{name.text} is listed as {name.lang}, but {found} is {what}"))
                break
    return out


def _safety(entry: Entry, words: AbstractSet[str]) -> list[Problem]:
    """Doubtful names must be marked one way or the other, and marks must belong to a name."""
    out: list[Problem] = []
    names = {keys.key(name.text) for name in entry.names}
    unsafe, safe = entry.unsafe_keys(), {keys.key(name.text) for name in entry.safe}
    for mark in (*entry.unsafe, *entry.safe):
        if keys.key(mark.text) not in names:
            out.append(entry.problem(mark, f"{mark.text} is marked, but is no name of {entry.id.text}"))
    out += [
        entry.problem(mark, f"{mark.text} is marked both safe and unsafe")
        for mark in entry.safe
        if keys.key(mark.text) in unsafe
    ]
    seen: set[str] = set()
    for name in entry.names:
        folded = keys.key(name.text)
        why = doubt(name.text, words)
        if why and folded not in unsafe | safe | seen:
            seen.add(folded)
            how = "list it under `unsafe`, or under `safe` where you are sure"
            out.append(entry.problem(name, f"{name.text} is {why}: {how}"))
    return out


def _shared_ids(entries: list[Entry]) -> list[Problem]:
    """Two entries with one id."""
    seen: dict[str, Entry] = {}
    out: list[Problem] = []
    for entry in entries:
        first = seen.setdefault(entry.id.text, entry)
        if first is not entry:
            place = f"{first.file}:{first.id.line}"
            out.append(entry.problem(entry.id, f"id `{entry.id.text}` is taken already ({place})"))
    return out


def _shared_tickers(entries: list[Entry]) -> list[Problem]:
    """Two entries with one ticker."""
    seen: dict[str, str] = {}
    out: list[Problem] = []
    for entry in entries:
        for ticker in entry.tickers:
            first = seen.setdefault(ticker.text, entry.id.text)
            if first != entry.id.text:
                out.append(entry.problem(ticker, f"ticker `{ticker.text}` belongs to {first} already"))
    return out


def _shared_names(entries: list[Entry]) -> list[Problem]:
    """A name that is safe in two entries: it can belong to one at most."""
    seen: dict[str, tuple[Entry, Placed]] = {}
    out: list[Problem] = []
    for entry in entries:
        unsafe = entry.unsafe_keys()
        for name in entry.names:
            folded = keys.key(name.text)
            if folded in unsafe:
                continue
            first, other = seen.setdefault(folded, (entry, name))
            if first.id.text != entry.id.text:
                how = "list it under `unsafe` in one of the two, or in both"
                out.append(entry.problem(name, f"{name.text} is a name of {first.id.text} too ({other.text}): {how}"))
    return out


def _against_exchange(entry: Entry, official: Mapping[str, tuple[str, str]]) -> list[Problem]:
    """Taiwan codes: listed there, on that market, and under a short name that the entry has."""
    out: list[Problem] = []
    known = {keys.key(name.text) for name in entry.names if name.lang == "zh-TW"}
    for ticker in entry.tickers:
        code, market = split(ticker.text)
        if market not in ("TW", "TWO"):
            continue
        if code not in official:
            out.append(entry.problem(ticker, f"{ticker.text}: the exchange lists no share {code}"))
            continue
        listed, short = official[code]
        if listed != market:
            out.append(entry.problem(ticker, f"{ticker.text}: the exchange has it as {code}.{listed}"))
        if keys.key(short) not in known:
            out.append(entry.problem(ticker, f"{ticker.text} is {short} there: add that to the zh-TW names"))
    return out
