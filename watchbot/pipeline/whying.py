"""Why an alert came, and why something did not: the facts, for one chat, with nothing in them that is another's.

alert of the chat -> item, match, story, sources, delays -> WhyAlert
text or link -> known here? stored decisions : the real path -> WhyNot
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from watchbot.message.marked import ELLIPSIS
from watchbot.model.item import Item
from watchbot.model.match import Match
from watchbot.model.reason import Reason
from watchbot.model.records import AlertRow, ItemSource, StoredItem
from watchbot.model.why import Decided, Fired, Missed, Part, WhyAlert, WhyNot
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.explain import explain
from watchbot.pipeline.fates import fate_of
from watchbot.pipeline.ruled import origin_of
from watchbot.pipeline.sight import sources_in_sight
from watchbot.ports.store import Tx
from watchbot.stories.keys import identity_keys, title_key

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_ID = re.compile(r"(?P<story>story\s*|s|#s)?#?(?P<number>[0-9]{1,9})", re.IGNORECASE)
_HEADLINE_LENGTH = 90
_LOOKED_THROUGH = 5
_TELLING = 16  # so many characters of a beginning say which item is meant


def alert_of(tx: Tx, chat: str, text: str) -> AlertRow | None:
    """The alert of this chat that an id means: an alert's, or a story's (`s7`); None for another chat's too."""
    found = _ID.fullmatch(text.strip())
    if found is None:
        return None
    number = int(found["number"])
    if not found["story"]:
        alert = tx.alerts.get(number)
        if alert is not None and alert.chat == chat:
            return alert
    mine = [alert for alert in tx.alerts.of_story(number) if alert.chat == chat]
    return min(mine, key=lambda alert: alert.round, default=None)


def is_id(text: str) -> bool:
    """Whether an argument means an alert or a story rather than a text."""
    return _ID.fullmatch(text.strip()) is not None


def why(tx: Tx, directory: Directory, alert: AlertRow) -> WhyAlert:
    """Everything about one alert, for its own chat."""
    stored = tx.items.get(alert.item)
    sources = tuple(sources_in_sight(tx, alert.item, alert.chat))
    item = _readable(stored, sources) if stored else None
    story, fate = tuple(parts(tx, alert.story, alert.chat)), fate_of(tx, alert)
    mine = {one.item for one in tx.alerts.of_story(alert.story) if one.chat == alert.chat}
    return WhyAlert(
        alert=alert,
        item=item,
        seen=stored.seen_at if stored else None,
        sent=fate.at if fate and fate.how == "alert" and fate.out else None,
        fate=fate,
        fired=tuple(fired_in(directory, alert.chat, item)) if item else (),
        sources=sources,
        parts=story,
        later=tuple(part for part in story if part.verdict == "related" and part.item not in mine),
    )


def parts(tx: Tx, story: int, chat: str) -> Iterator[Part]:
    """The items of a story that this chat may see, with the numbers that splitting.split knows them by. The first of
    them opened it, as far as this chat can tell."""
    items = [stored for item in tx.stories.items(story) if (stored := tx.items.get(item))]
    seen = ((stored, visible) for stored in items if (visible := sources_in_sight(tx, stored.id, chat)))
    for number, (stored, visible) in enumerate(seen, start=1):
        item = _readable(stored, tuple(visible))
        said = tx.shelf.why(stored.id) or {}
        terms = said.get("terms")
        opened = number == 1 or said.get("verdict") in (None, "new")
        yield Part(
            number=number,
            item=stored.id,
            headline=item.title or item.body[:_HEADLINE_LENGTH] or visible[0].url,
            source=visible[0].name,
            url=visible[0].url,
            at=item.published or stored.seen_at,
            verdict="" if opened else str(said.get("verdict")),
            score=_number(said.get("score")),
            threshold=_number(said.get("threshold")),
            because="" if opened else str(said.get("because", "")),
            terms=tuple(map(str, terms)) if isinstance(terms, list) and not opened else (),
        )


def fired_in(directory: Directory, chat: str, item: Item, off: bool = False) -> Iterator[Fired]:
    """What an item fires among this chat's watches, the surest first; with `off` those too that it switched off."""
    watching = {(one.watchlist.key, one.watch.id): one for one in directory.watching(chat)}
    for match in sorted(directory.match(item), key=lambda match: -match.score):
        one = watching.get((origin_of(match.watchlist), match.watch))
        if one is not None and chat in _told_by(directory, match, off):
            label = directory.label(match.watchlist, match.watch, directory.view(chat).language)
            yield Fired(label, one.watchlist.key, one.watchlist.name, one.locked, match)


def _told_by(directory: Directory, match: Match, off: bool) -> tuple[str, ...]:
    """The chats that a matched watch tells; with `off` those too that switched it off."""
    told = directory.targets_of(match.watchlist, match.watch)
    return (*told, *directory.switched_off(match.watchlist, match.watch)) if off else told


def why_not(tx: Tx, directory: Directory, chat: str, text: str, now: datetime) -> WhyNot:
    """Why a text or a link did not come to this chat; what only another chat's source brought is unknown here."""
    link = _LINK.match(text.strip())
    stored = _by_link(tx, chat, link[0]) if link else _by_words(tx, chat, text)
    if stored is not None:
        return _known(tx, directory, chat, stored, link[0] if link else "", now)
    if link:
        return WhyNot("", link[0], would=_sources_of(tx, chat, link[0]))
    title, _, body = text.strip().partition("\n")
    return _unknown(tx, directory, chat, Item("text", title.strip(), body.strip()), now)


def _known(tx: Tx, directory: Directory, chat: str, stored: StoredItem, link: str, now: datetime) -> WhyNot:
    """An item that some source brought: what was decided about it here, and what it would do now."""
    visible = tuple(sources_in_sight(tx, stored.id, chat))
    item = _readable(stored, visible)
    alerts = tx.alerts.of_story(stored.story) if stored.story is not None else []
    mine = [alert for alert in alerts if alert.chat == chat]
    told = next((alert for alert in mine if alert.item == stored.id), mine[0] if mine else None)
    walked = _unknown(tx, directory, chat, item, now)
    language = directory.view(chat).language
    decided = tuple(
        dict.fromkeys(
            Decided(directory.label(one.watchlist, one.watch, language), one.reason, one.at)
            for one in tx.alerts.decisions(stored.id)
            if one.chat == chat
        )
    )
    return replace(
        walked,
        title=item.title or item.body[:_HEADLINE_LENGTH],
        link=link,
        source=visible[0].name,
        seen=stored.seen_at,
        decided=decided,
        told=told,
        fate=fate_of(tx, told) if told else None,
        now=None,
    )


def _unknown(tx: Tx, directory: Directory, chat: str, item: Item, now: datetime) -> WhyNot:
    """The real path for a text, as if it came now; only this chat's watches are looked at."""
    found = explain(directory, item, None, tx, now, chat)
    language = directory.view(chat).language
    missed = tuple(Missed(directory.label(miss.watchlist, miss.watch, language), miss) for miss in found.near_misses)
    reason = next((verdict.reason for verdict in found.verdicts), Reason.NO_MATCH)
    fired = tuple(fired_in(directory, chat, item, off=True))
    return WhyNot(item.title, fired=fired, missed=missed, now=reason)


def _by_link(tx: Tx, chat: str, link: str) -> StoredItem | None:
    """The item of an address, where this chat may know of it."""
    keys = identity_keys(0, Item("", "", "", url=link))
    return next((stored for row in tx.items.known(keys).values() if (stored := _seen_here(tx, row, chat))), None)


def _by_words(tx: Tx, chat: str, text: str) -> StoredItem | None:
    """The newest item of exactly this headline, or that begins so where it has none or the bot cut what it showed; as
    far as this chat may know of it."""
    line = text.strip().partition("\n")[0].strip()
    title = line.rstrip(ELLIPSIS).strip()
    key = title_key(title)
    if not key:
        return None
    phrase = title.replace('"', " ")
    for stored in tx.search.find(f'"{phrase}"', chat, _LOOKED_THROUGH):
        item = stored.item
        found = title_key(item.title or item.body)
        if found == key or (len(key) >= _TELLING and found.startswith(key) and (title != line or not item.title)):
            return stored
    return None


def _seen_here(tx: Tx, row: int, chat: str) -> StoredItem | None:
    """A stored item, None where only other chats' sources brought it."""
    return tx.items.get(row) if sources_in_sight(tx, row, chat) else None


def _readable(stored: StoredItem, visible: tuple[ItemSource, ...]) -> Item:
    """The item in words that this chat may read: those of another chat's source are left out."""
    if not visible or visible[0].source_id == stored.source_id:
        return stored.item
    return replace(stored.item, title=visible[0].title, body="", url=visible[0].url)


def _sources_of(tx: Tx, chat: str, link: str) -> tuple[str, ...]:
    """The sources of the chat whose feed lies on the link's site."""
    site = _site(link)
    rows = (row for row in tx.sources.active() if row.spec.serves(chat))
    return tuple(dict.fromkeys(row.spec.shown for row in rows if site and _site(row.spec.address) == site))


def _site(address: str) -> str:
    """The last two labels of a host (three where the last ones are short: com.tw)."""
    try:
        labels = (urlsplit(address).hostname or "").split(".")
    except ValueError:
        return ""
    if len(labels) < 2:
        return ""
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
