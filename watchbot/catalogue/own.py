"""Users' own companies on top of the built ones: an entry with a known id replaces the built-in company."""

from collections.abc import Iterable
from pathlib import Path

from watchbot.catalogue.check import check_entries
from watchbot.catalogue.keys import key
from watchbot.catalogue.overlay import Entry, read_files
from watchbot.catalogue.rows import Index, Row, index_of, row_of
from watchbot.model.errors import ConfigError, Problem
from watchbot.text import words


def add_own(rows: list[Row], index: Index, paths: Iterable[Path]) -> tuple[list[Row], Index]:
    """Rows and index with the companies of the user's files first. ConfigError with all that is wrong with them."""
    entries, problems = read_files(paths)
    problems += check_entries(entries, words.load())
    ids = {row.id: place for place, row in enumerate(rows)}
    dropped = {ids[entry.id.text] for entry in entries if entry.id.text in ids}
    problems += _take_tickers(entries, rows, dropped)
    problems += _take_names(entries, rows, index, dropped)
    if problems:
        raise ConfigError(problems)
    added = [row_of(entry.company()) for entry in entries]
    kept = [place for place in range(len(rows)) if place not in dropped]
    moved = {place: len(added) + order for order, place in enumerate(kept)}
    merged = index_of(added)
    for folded, pairs in index.items():
        stays = [(moved[place], name) for place, name in pairs if place in moved]
        if stays:
            merged.setdefault(folded, []).extend(stays)
    return added + [rows[place] for place in kept], merged


def _take_tickers(entries: list[Entry], rows: list[Row], dropped: set[int]) -> list[Problem]:
    """An own entry absorbs the exchange's row with the same ticker; a hand-kept company keeps its tickers."""
    owners = {ticker: place for place, row in enumerate(rows) if place not in dropped for ticker in row.tickers}
    out: list[Problem] = []
    for entry in entries:
        for ticker in entry.tickers:
            place = owners.get(ticker.text)
            if place is None:
                continue
            if rows[place].curated:
                message = f"ticker `{ticker.text}` belongs to {rows[place].id}: correct it under that id"
                out.append(entry.problem(ticker, message))
            else:
                dropped.add(place)
    return out


def _take_names(entries: list[Entry], rows: list[Row], index: Index, dropped: set[int]) -> list[Problem]:
    """A safe name belongs to one company: own entries win over lists, and over hand-kept ones where they say so."""
    out: list[Problem] = []
    for entry in entries:
        unsafe, sure = entry.unsafe_keys(), {key(name.text) for name in entry.safe}
        for name in entry.names:
            folded = key(name.text)
            for place, number in index.get(folded, ()) if folded not in unsafe else ():
                row = rows[place]
                if place in dropped or not row.names[number].safe:
                    continue
                if row.curated and folded not in sure:
                    how = "list it under `unsafe`, or under `safe` to take it over"
                    out.append(entry.problem(name, f"{name.text} is a name of {row.id} too: {how}"))
                disown(row, folded)
    return out


def disown(row: Row, folded: str) -> None:
    """Make every spelling of a name unsafe in a row."""
    for number, name in enumerate(row.names):
        if key(name.text) == folded:
            row.names[number] = name._replace(safe=0)
