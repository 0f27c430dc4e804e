"""What a chat has made, as files: its watches as a watchlist file, its rules as lines to paste, its feeds as a list.

Watch -> the keys that make the same watch again (`company:` and what differs from it, else the bare names) -> YAML
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from watchbot.catalogue import Catalogue, Company
from watchbot.catalogue.keys import key
from watchbot.model.outline import Outline
from watchbot.model.records import Rule, SourceRow
from watchbot.model.settings import Settings
from watchbot.model.watch import Options, Priority, Watch
from watchbot.pipeline import feedlist
from watchbot.pipeline.directory import Directory

_WORDS = ("exclude", "context")
_WIDTH = 10_000  # no line is broken: what a person pastes stays as it is


@dataclass(frozen=True, slots=True)
class RuleLines:
    """What a chat wants otherwise of one watch of a file: where it stands, and the lines to paste below it; `off`: the
    chat switched it off, for which a file has no line."""

    watchlist: str
    watch: str
    lines: tuple[str, ...]
    off: bool = False


def watchlist_yaml(name: str, chat: str, watches: Iterable[Watch], catalogue: Catalogue) -> str:
    """A watchlist file with these watches for this chat; "" for none."""
    entries = [entry(watch, catalogue) for watch in watches]
    if not entries:
        return ""
    return _dump({"watchlists": [{"name": name, "chats": [chat], "watches": entries}]})


def entry(watch: Watch, catalogue: Catalogue) -> dict[str, Any]:
    """A watch as a file writes it: reading it gives the same watch again."""
    company = catalogue.by_id(watch.company) if watch.company else None
    found = _of_company(watch, company, catalogue) if company else None
    out: dict[str, Any] = {"id": watch.id} | (found or _plain(watch))
    out |= {name: list(getattr(watch, name)) for name in ("keywords", *_WORDS) if getattr(watch, name)}
    if watch.query:
        out["query"] = watch.query
    if watch.priority is not Priority.NORMAL:
        out["priority"] = watch.priority.value
    out |= {name: getattr(watch, name) for name in ("deliver", "mentions", "updates") if getattr(watch, name)}
    options = _options(watch.options)
    return out | ({"options": options} if options else {})


def rule_lines(directory: Directory, chat: str) -> list[RuleLines]:
    """The rules of a chat beside watches of files, one entry a watch, as lines of its file."""
    by_watch: dict[tuple[str, str], list[Rule]] = {}
    for rule in directory.rules(chat):
        by_watch.setdefault((rule.watchlist, rule.watch), []).append(rule)
    out = []
    for (watchlist, watch), rules in by_watch.items():
        found = directory.watch(watchlist, watch)
        if found is None or watchlist.startswith("chat:"):
            continue
        keys = _pasted(found, rules)
        lines = tuple(_dump(keys).splitlines()) if keys else ()
        name = directory.watchlists[watchlist].name
        out.append(RuleLines(name, found.label, lines, any(rule.kind == "off" for rule in rules)))
    return out


def commented(lines: Iterable[str]) -> str:
    """Lines as comments of a YAML file."""
    return "".join(f"# {line}".rstrip() + "\n" for line in lines)


def feeds(rows: Sequence[SourceRow], settings: Settings, chat: str, admin: bool) -> tuple[Outline, ...]:
    """The chat's own feeds, and for admins those that were added for everyone; none whose address holds a secret."""
    own = [row for row in rows if row.spec.chat == chat or (admin and not row.spec.chat and row.spec.added)]
    shown = [replace(row, spec=replace(row.spec, chat="")) for row in own]
    return feedlist.exported(shown, settings, ()).outlines


def _pasted(watch: Watch, rules: Sequence[Rule]) -> dict[str, Any]:
    """The keys that a file's watch would need: excludes on top of its own, context words instead of them."""
    out: dict[str, Any] = {}
    words = {kind: [rule.value for rule in rules if rule.kind == kind] for kind in _WORDS}
    if words["exclude"]:
        out["exclude"] = list(dict.fromkeys((*watch.exclude, *words["exclude"])))
    if words["context"]:
        out["context"] = list(dict.fromkeys(words["context"]))
    for rule in rules:
        if rule.kind == "level":
            out["options"] = _options(watch.options) | {"level": rule.value}
        elif rule.kind not in ("off", *_WORDS):
            out[rule.kind] = rule.value
    return out


def _of_company(watch: Watch, company: Company, catalogue: Catalogue) -> dict[str, Any] | None:
    """The watch as `company:`; None where that would not give the same names."""
    said = _saying(company, watch, catalogue)
    if not said:
        return None
    held = {key(text) for text in watch.names}
    out: dict[str, Any] = {"name": watch.label} if watch.label in watch.names else {}
    gone = [text for text in company.safe_names() if key(text) not in held]
    gone += [ticker for ticker in company.tickers if ticker not in watch.tickers]
    extra = [ticker for ticker in watch.tickers if ticker not in company.tickers]
    out["company"] = said
    out |= {"without": gone} if gone else {}
    out |= {"aliases": list(watch.aliases)} if watch.aliases else {}
    out |= {"tickers": extra} if extra else {}
    return out if _again(out, company) == (watch.label, watch.names, watch.tickers, watch.unsafe) else None


def _saying(company: Company, watch: Watch, catalogue: Catalogue) -> str:
    """How to write the company so that the catalogue knows it without doubt: a name that is on, else a ticker. A watch
    that is called by no name that is on must not be called by one here."""
    on = [name for name in company.safe_names() if name in watch.names]
    off = [name for name in company.safe_names() if name not in watch.names]
    codes = [ticker if "." in ticker else f"{ticker}.US" for ticker in company.tickers]
    ways = (*on, *codes) if watch.label in watch.names else (*codes, *off, *on)
    return next((text for text in ways if catalogue.resolve(text) == company), "")


def _again(out: Mapping[str, Any], company: Company) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Label, names, tickers and names that are off of the watch that these keys become."""
    taken = {key(text) for text in out.get("without", ())}
    said = out["company"]
    safe = company.safe_names()
    typed = (said,) if any(key(text) == key(said) for text in safe) else ()
    kept = tuple(name for name in dict.fromkeys((*typed, *safe)) if key(name) not in taken)
    names = tuple(dict.fromkeys((*((out["name"],) if "name" in out else ()), *kept)))
    label = out.get("name") or (said if said in kept else company.name)
    own = {key(text) for text in (*names, *out.get("aliases", ()))}
    unsafe = tuple(name.text for name in company.names if key(name.text) not in own)
    tickers = (*(ticker for ticker in company.tickers if key(ticker) not in taken), *out.get("tickers", ()))
    return label, names, tuple(dict.fromkeys(tickers)), unsafe


def _plain(watch: Watch) -> dict[str, Any]:
    """The watch by its bare names."""
    out: dict[str, Any] = {}
    first = next((text for text in (*watch.names, *watch.aliases, *watch.keywords, *watch.tickers, watch.query)), "")
    if watch.names or watch.label != first:
        out["name"] = watch.label
    aliases = [name for name in dict.fromkeys((*watch.names, *watch.aliases)) if name != out.get("name")]
    out |= {"aliases": aliases} if aliases else {}
    return out | ({"tickers": list(watch.tickers)} if watch.tickers else {})


def _options(options: Options) -> dict[str, Any]:
    """The switches that are not as usual."""
    usual = Options()
    out: dict[str, Any] = {}
    if options.fuzzy != usual.fuzzy:
        out["fuzzy"] = options.fuzzy
    if options.case != usual.case:
        out["case"] = options.case.value
    if options.urls != usual.urls:
        out["urls"] = options.urls
    return out | ({"level": "main"} if options.main_only else {})


def _dump(value: Any) -> str:
    """YAML as a person would write it; what stands there is no reference to the environment."""
    text: str = yaml.safe_dump(
        _literal(value), allow_unicode=True, sort_keys=False, default_flow_style=False, width=_WIDTH
    )
    return text


def _literal(value: Any) -> Any:
    """`${` as a file must write it."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, dict):
        return {name: _literal(one) for name, one in value.items()}
    return [_literal(one) for one in value] if isinstance(value, list) else value
