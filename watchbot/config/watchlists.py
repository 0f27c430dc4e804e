"""Watchlists: those of a watchlist file and those written into watchbot.yaml."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from watchbot.config import forms
from watchbot.config.companies import Companies
from watchbot.config.kinds import BAD, Reading
from watchbot.config.nodes import ListNode, MapNode, Node, ScalarNode, shown
from watchbot.config.tables import WATCHLIST, WATCHLIST_FILE
from watchbot.config.watches import Short, WatchBuilder
from watchbot.model.settings import SourceSettings
from watchbot.model.watch import Watchlist
from watchbot.text.secrets import without_secrets

_ALWAYS = ("console", "owner")


@dataclass(slots=True)
class Scope:
    """What watchlists may refer to. `chats` and `sources` None = anything well-formed (a file read by itself).

    `connected` False = there is no token, so chats of Telegram are mistakes. `warn` False = nobody reads doubts.
    """

    companies: Companies | None = None
    chats: dict[str, str] | None = None
    sources: tuple[SourceSettings, ...] | None = None
    connected: bool = True
    warn: bool = True
    shorts: list[Short] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def build_file(root: Node, at: Reading, scope: Scope, label: str) -> list[Watchlist]:
    """The watchlists of a file; `label` is what nameless ones are known by."""
    if not isinstance(root, MapNode):
        at.wrong(root, "a watchlist file begins with `watchlists:` or `watches:`")
        return []
    if "watches" in root and "watchlists" not in root:
        lost = [pair[0] for name, pair in root.pairs.items() if name != "watches" and name in WATCHLIST.by_name]
        for node in lost:
            at.wrong(node, f"{shown(node)} belongs to a watchlist: begin with `watchlists:` and `- name: ...`")
            del root.pairs[node.raw]
    values = WATCHLIST_FILE.read(root, at)
    if "watches" in root and "watchlists" in root:
        at.wrong(root.pairs["watches"][0], "`watches` beside `watchlists`: put them into one of the watchlists")
    elif not root.pairs:
        at.wrong(root, "a watchlist file holds `watchlists:` or `watches:`")
    if "watchlists" in values:
        return build_all(values["watchlists"], at, scope, label)
    if "watches" in values:
        builder = WatchBuilder(at, scope.companies, warn=scope.warn, chats=partial(_told, at=at, scope=scope))
        watches = builder.build(values["watches"])
        scope.shorts += builder.shorts
        return [Watchlist(key=f"file:{label}", name="", watches=watches, origin=f"{at.file}:{root.line}")]
    return []


def build_all(nodes: list[Node], at: Reading, scope: Scope, label: str) -> list[Watchlist]:
    """Watchlists of a list, in order."""
    found: list[Watchlist] = []
    nameless = 0
    for node in nodes:
        values = WATCHLIST.read(node, at)
        if values is BAD or not isinstance(node, MapNode):
            continue
        name = values.get("name", "")
        if name:
            _claim_name(node.at("name"), name, at, scope)
            key = f"list:{name}"
        else:
            nameless += 1
            key = f"file:{label}" + (f"#{nameless}" if nameless > 1 else "")
        found.append(_build(node, values, at, scope, key))
    return found


def _claim_name(node: Node, name: str, at: Reading, scope: Scope) -> None:
    """One watchlist a name, over all files."""
    if name in scope.names:
        at.wrong(node, f"a watchlist of this name stands in {scope.names[name]} already")
    else:
        scope.names[name] = f"{at.file}:{node.line}"


def _build(node: MapNode, values: dict[str, Any], at: Reading, scope: Scope, key: str) -> Watchlist:
    """One watchlist from its checked values."""
    chats = partial(_told, at=at, scope=scope)
    builder = WatchBuilder(at, scope.companies, values.get("priority", "normal"), scope.warn, chats)
    watches = builder.build(values.get("watches", []))
    scope.shorts += builder.shorts
    quiet = values.get("quiet_hours", ())
    return Watchlist(
        key=key,
        name=values.get("name", ""),
        watches=watches,
        chats=_chats(node, values, at, scope),
        sources=_sources(node, values, at, scope),
        deliver=values.get("deliver", "instant"),
        digest_at=values.get("digest_at", ()),
        timezone=values.get("timezone", ""),
        quiet_hours=quiet or (("off",) if "quiet_hours" in values else ()),
        language=values.get("language", ""),
        max_per_hour=values.get("max_per_hour", 30),
        updates=values.get("updates", "silent"),
        mentions=values.get("mentions", "silent"),
        join=values.get("join", "off"),
        origin=f"{at.file}:{node.line}",
    )


def texts(node: Node) -> list[ScalarNode]:
    """The usable entries of a list of texts."""
    items = node.items if isinstance(node, ListNode) else []
    return [item for item in items if isinstance(item, ScalarNode) and not item.broken and item.text.strip()]


def _chats(node: MapNode, values: dict[str, Any], at: Reading, scope: Scope) -> tuple[str, ...]:
    """Who is told; every entry must be a chat that can be reached."""
    if "chats" not in values:
        return _ALWAYS
    if not values["chats"] and values.get("join", "off") == "off":
        at.doubt(node.at("chats"), "nobody is told what this watchlist finds")
    return _told(node.at("chats"), at, scope)


def _told(place: Node, at: Reading, scope: Scope) -> tuple[str, ...]:
    """The chats of a list, each checked, each once."""
    found = texts(place)
    for item in found:
        _check_chat(item, at, scope)
    return tuple(dict.fromkeys(item.text.strip() for item in found))


def _check_chat(item: ScalarNode, at: Reading, scope: Scope) -> None:
    """One entry of `chats:`."""
    text = item.text.strip()
    if text in _ALWAYS:
        return
    known = forms.is_chat_id(text) or scope.chats is None or text in scope.chats
    if not known:
        from watchbot.text.nearest import nearest

        names = [*_ALWAYS, *(scope.chats or ())]
        found = nearest(text[:60], names, 1)
        help_ = f"; did you mean `{found[0]}`?" if found else "; names are given in `chats:` of watchbot.yaml"
        at.wrong(item, f"chats: {shown(item)} is not console, owner, a chat id or a known name{help_}")
    elif scope.chats is None and not forms.is_chat_id(text) and any(char.isspace() or char in "@/" for char in text):
        at.wrong(item, f"chats: {shown(item)} is not console, owner, a chat id or a name")
    elif not scope.connected:
        at.wrong(item, f"chats: {shown(item)} needs a Telegram token (`telegram: token:` in watchbot.yaml)")


def _sources(node: MapNode, values: dict[str, Any], at: Reading, scope: Scope) -> tuple[str, ...] | None:
    """Which sources count, by name; an address stands for the source that has it."""
    if "sources" not in values:
        return None
    if scope.sources is None:
        return tuple(dict.fromkeys(values["sources"]))
    by_name = {source.name for source in scope.sources}
    by_address = {source.address: source.name for source in scope.sources}
    for outline in (outline for source in scope.sources for outline in source.outlines):
        by_address.setdefault(outline.xml_url, without_secrets(outline.xml_url))
        by_name |= {outline.title, without_secrets(outline.xml_url)} - {""}
    untitled = any(source.title_from_feed or source.kind == "opml" for source in scope.sources)
    names: list[str] = []
    for item in texts(node.at("sources")):
        text = item.text.strip()
        if text in by_name or text not in by_address:
            names.append(text)
        else:
            names.append(by_address[text])
        if names[-1] not in by_name:
            named = sorted(source.name for source in scope.sources if not source.title_from_feed)
            _unknown_source(item, named, untitled, at)
    return tuple(dict.fromkeys(names))


def _unknown_source(item: ScalarNode, names: list[str], untitled: bool, at: Reading) -> None:
    """A source nobody has configured; where feeds have yet to tell their titles it may be one of them."""
    from watchbot.text.nearest import nearest

    text = item.text.strip()
    found = nearest(text[:60], names, 1)
    if text.startswith(("http://", "https://")):
        at.doubt(item, "sources: no configured source has this address; it counts once `watchbot sources add` added it")
    elif untitled:
        at.doubt(
            item, f"sources: no source is called {shown(item)} (yet: a feed's title is known after its first poll)"
        )
    elif found:
        at.wrong(item, f"sources: no source is called {shown(item)}; did you mean `{found[0]}`?")
    else:
        at.wrong(item, f"sources: no source is called {shown(item)}; known are {', '.join(names) or 'none'}")
