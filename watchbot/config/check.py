"""`watchbot check`: the whole configuration read, and what to print about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from watchbot.config.companies import CompanySource
from watchbot.config.loading import examine
from watchbot.config.source_list import ListReader
from watchbot.config.watches import Short
from watchbot.model.settings import Settings

# How many feeds each OPML file and each search of the settings becomes, by name.
Counts = Callable[[Settings], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Checked:
    """`lines` for stdout; `ok` False = exit 2. With ok the last line is `ok`."""

    lines: tuple[str, ...]
    ok: bool


def check(
    path: Path,
    environ: Mapping[str, str] | None = None,
    companies: CompanySource = None,
    verbose: bool = False,
    read_list: ListReader = None,
    counts: Counts | None = None,
) -> Checked:
    """Every mistake as `file:line:column: message`, or doubts, inactive keys and `ok`.

    With `verbose` also what each short form became, and by `counts` how many feeds each OPML file and search.
    """
    examined = examine(path, environ, companies, read_list=read_list)
    lines = [str(problem) for problem in sorted(examined.report.problems)]
    lines += [f"{one.file}:{one.line}:{one.column}: warning: {one.message}" for one in examined.report.warnings]
    if verbose:
        lines += [_became(short) for short in examined.shorts]
        lines += _feeds(path, examined.settings, counts)
    lines += [f"note: {text}" for text in examined.report.notes]
    ok = examined.settings is not None
    return Checked((*lines, "ok") if ok else tuple(lines), ok)


def _feeds(path: Path, settings: Settings | None, counts: Counts | None) -> list[str]:
    """How many feeds come of one entry of `sources:`."""
    if settings is None or counts is None:
        return []
    found = counts(settings)
    return [
        f"{path}:{source.line}:{source.column}: {source.kind} {source.name} -> {found[source.name]} "
        + ("feed" if found[source.name] == 1 else "feeds")
        for source in settings.sources
        if source.name in found
    ]


def _became(short: Short) -> str:
    """What a short form stands for now."""
    watch = short.watch
    what = f"company {watch.company}" if watch.company else "name"
    terms = ", ".join((*watch.names, *watch.tickers))
    return f"{short.file}:{short.line}:{short.column}: {short.text} -> {what}: {terms}"
