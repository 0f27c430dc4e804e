"""What a 👎 leads to: offers for one alert, each of which is kept when pressed, and can be undone.

alert + complaint -> offers -> keep -> a changed watch (chat watch) | a rule of this chat (🔒 watch) | a mute | a pair
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from watchbot.matching.matcher import Matcher
from watchbot.model.item import Item
from watchbot.model.match import Match, Span
from watchbot.model.offer import (
    CONTEXT,
    DELIVER,
    DUPLICATE,
    EXCLUDE,
    LEVEL,
    MENTIONS,
    MUTE_SOURCE,
    MUTE_WATCH,
    OLD,
    SAME,
    SOURCE,
    UPDATES,
    WRONG,
    Offer,
)
from watchbot.model.records import AlertRow, Rule
from watchbot.model.watch import Kind, Level, Priority, Watch
from watchbot.model.why import Fired
from watchbot.pipeline import muting
from watchbot.pipeline.candidates import context_words, phrases
from watchbot.pipeline.directory import Directory, Watching
from watchbot.pipeline.sight import sources_in_sight
from watchbot.pipeline.whying import why
from watchbot.ports.store import Tx

_WORDS = (EXCLUDE, CONTEXT, SOURCE)  # a chat may have several of each
_MUTES = {MUTE_WATCH: "watch", MUTE_SOURCE: "source"}
_MOST_WATCHES = 3
_MOST_REPEATED = 5
_LOOKED_THROUGH = 30
_FIELDS = ("title", "body")


def dump(offer: Offer) -> dict[str, Any]:
    """An offer as a panel remembers it."""
    return asdict(offer)


def load(stored: Mapping[str, Any]) -> Offer:
    """The offer that `dump` wrote."""
    return Offer(**{**stored, "before": tuple(stored.get("before", ()))})


def offers(tx: Tx, directory: Directory, alert: AlertRow, complaint: str) -> tuple[Offer, ...]:
    """What can be done about an alert that is wrong, old, a duplicate or boring."""
    watching, chat = _watching(tx, directory, alert), alert.chat
    if complaint == WRONG:
        return tuple(_wrong(tx, directory, alert, watching))
    digest = tuple(_settings(directory, chat, watching, {DELIVER: "digest"}))
    if complaint == OLD:
        return (*_old(tx, directory, alert, watching), *digest)
    if complaint == DUPLICATE:
        return (*_repeated(tx, alert), *_settings(directory, chat, watching, {UPDATES: "off"}))
    mentions = _settings(directory, chat, watching, {MENTIONS: "off"})
    mutes = (_of(directory, chat, one, MUTE_WATCH, muting.key_of(one)) for one in watching)
    return (*digest, *mentions, *mutes)


def stands(directory: Directory, chat: str, offer: Offer) -> bool:
    """Whether the watch of an offer is in the chat still; what is about no watch always stands."""
    here = (one for one in directory.watching(chat) if one.locked == offer.locked and one.watch.id == offer.watch)
    return not offer.watch or any(not one.locked or one.watchlist.key == offer.watchlist for one in here)


def keep(tx: Tx, chat: str, user: int, offer: Offer, now: datetime) -> Offer | None:
    """Do what was offered; a kept one stays as it is. None where its watch is gone."""
    if offer.done:
        return offer
    if offer.kind in _MUTES:
        target = muting.Target(_MUTES[offer.kind], offer.value, offer.label)
        muting.begin(tx, chat, target, None, user, now)
        return replace(offer, done=True)
    if offer.kind == SAME:
        if not _pair(tx, offer, True, now):
            return None
        for target in _its_story(tx, chat, offer):
            muting.begin(tx, chat, target, None, user, now)
        return replace(offer, done=True)
    if offer.locked or offer.kind == SOURCE:
        return replace(offer, done=True, before=_set_rule(tx, chat, offer))
    watch = _chat_watch(tx, chat, offer)
    if watch is None:
        return None
    changed, before = _with(watch, offer)
    tx.chats.add_watch(chat, changed, now)
    return replace(offer, done=True, before=before)


def undo(tx: Tx, chat: str, offer: Offer, now: datetime) -> tuple[Offer, muting.Ended]:
    """Bring back what was before; also gives what a mute had held back meanwhile."""
    ended = muting.Ended()
    if not offer.done:
        return offer, ended
    if offer.kind in _MUTES:
        target = muting.Target(_MUTES[offer.kind], offer.value, offer.label)
        ended = muting.end(tx, muting.active_of(tx, chat, [target], now), now)
    elif offer.kind == SAME:
        _pair(tx, offer, False, now)
        ended = muting.end(tx, muting.active_of(tx, chat, _its_story(tx, chat, offer), now), now)
    elif offer.locked or offer.kind == SOURCE:
        _drop_rule(tx, chat, offer)
    elif (watch := _chat_watch(tx, chat, offer)) is not None:
        tx.chats.add_watch(chat, _without(watch, offer), now)
    return replace(offer, done=False, before=offer.before if offer.kind == CONTEXT else ()), ended


# --- what to offer ---


def _wrong(tx: Tx, directory: Directory, alert: AlertRow, watching: list[Watching]) -> Iterator[Offer]:
    """Longer phrases to exclude, words to ask for, main subjects only."""
    facts = why(tx, directory, alert)
    text = f"{facts.item.title}\n{facts.item.body}" if facts.item else alert.card.headline.text
    alone = len({one.watch.label for one in watching}) == 1
    for one in watching:
        fired = next((entry for entry in facts.fired if f"{entry.key}/{entry.match.watch}" == muting.key_of(one)), None)
        found = _phrases(facts.item, fired, one.watch) if facts.item and fired else []
        for phrase in found[: 3 if alone else 2]:
            yield _of(directory, alert.chat, one, EXCLUDE, phrase)
        told = tx.alerts.latest(alert.chat, _LOOKED_THROUGH, muting.shown_label(directory, alert.chat, one))
        earlier = [row.card.headline.text for row in told if row.story != alert.story]
        for word in context_words(earlier, text, _terms(one.watch))[: 2 if alone else 1]:
            before = _context(directory, alert.chat, one)
            yield replace(_of(directory, alert.chat, one, CONTEXT, word), before=before)
        if fired is not None and fired.match.level is Level.MENTION and not one.watch.options.main_only:
            yield _of(directory, alert.chat, one, LEVEL, "main")


def _context(directory: Directory, chat: str, one: Watching) -> tuple[str, ...]:
    """The words that this chat asked for by now: those of its rules beside a file's, those of its own watch."""
    if not one.locked:
        return one.watch.context
    place = (one.watchlist.key, one.watch.id, CONTEXT)
    return tuple(rule.value for rule in directory.rules(chat) if (rule.watchlist, rule.watch, rule.kind) == place)


def _phrases(item: Item, fired: Fired, watch: Watch) -> list[str]:
    """Phrases around what matched, none of which the watch is called; a wrong guess is excluded as it stands."""
    taken = {term.casefold() for term in (*_terms(watch), *watch.exclude)}
    found: list[str] = []
    for span in _first(fired.match):
        if span.kind is Kind.FUZZY:
            found.append(span.text)
        if span.kind is not Kind.TICKER:
            text = item.title if span.field == "title" else item.body
            found += phrases(text, span.start, span.end)
    fresh = (one for one in dict.fromkeys(found) if one.casefold() not in taken)
    return [one for one in fresh if _takes_away(item, watch, one)]


def _takes_away(item: Item, watch: Watch, phrase: str) -> bool:
    """Whether the watch finds less in the item with this phrase excluded: what is offered must change something."""
    plain, without = Matcher(), Matcher()
    plain.add("", watch)
    without.add("", replace(watch, exclude=(*watch.exclude, phrase)))
    found, left = ({span for match in one.match(item) for span in match.spans} for one in (plain, without))
    return not found or left < found  # nothing is found without the catalogue: a query that asks for a company


def _first(match: Match) -> list[Span]:
    """The first spans of the headline, of the text where none stands there."""
    by_field = [[span for span in match.spans if span.field == field] for field in _FIELDS]
    return sorted(next((spans for spans in by_field if spans), []), key=lambda span: span.start)[:3]


def _old(tx: Tx, directory: Directory, alert: AlertRow, watching: list[Watching]) -> Iterator[Offer]:
    """The source that brought old news may come in the digest only, or be silent here."""
    rows = sources_in_sight(tx, alert.item, alert.chat)
    source = tx.sources.get(rows[0].source_id) if rows else None
    if source is not None:
        rings = bool(watching) and all(one.watch.priority is Priority.HIGH for one in watching)
        if not rings and source.spec.shown not in directory.digest_sources(alert.chat):
            yield Offer(SOURCE, source.spec.shown, label=source.spec.shown)
        yield Offer(MUTE_SOURCE, source.spec.shown, label=source.spec.shown)


def _repeated(tx: Tx, alert: AlertRow) -> Iterator[Offer]:
    """The chat's last stories of the same watch: one of them may be what this repeats."""
    seen = {alert.story}
    for label in alert.card.watches:
        for row in tx.alerts.latest(alert.chat, _LOOKED_THROUGH, label):
            if row.story not in seen and len(seen) <= _MOST_REPEATED:
                seen.add(row.story)
                yield Offer(SAME, f"{row.item} {alert.item} {alert.story}", label=row.card.headline.text)


def _settings(
    directory: Directory, chat: str, watching: Iterable[Watching], wanted: Mapping[str, str]
) -> Iterator[Offer]:
    """Other settings for these watches, where they are not so already."""
    for one in watching:
        for name, value in wanted.items():
            if name == DELIVER and one.watch.priority is Priority.HIGH:
                continue  # it rings through digests
            if (getattr(one.watch, name) or getattr(one.watchlist, name)) != value:
                yield _of(directory, chat, one, name, value)


def _watching(tx: Tx, directory: Directory, alert: AlertRow) -> list[Watching]:
    """The watches of an alert as they stand in its chat now."""
    keys = {target.target for target in muting.of_alert(tx, directory, alert)}
    found = [one for one in directory.watching(alert.chat) if muting.key_of(one) in keys]
    return found[:_MOST_WATCHES]


def _of(directory: Directory, chat: str, one: Watching, kind: str, value: str) -> Offer:
    """An offer for a watch, called what alerts of this chat call it."""
    label = muting.shown_label(directory, chat, one)
    return Offer(kind, value, one.watchlist.key, one.watch.id, label, one.locked)


def _terms(watch: Watch) -> tuple[str, ...]:
    return (watch.label, *watch.terms)


# --- how it is kept ---


def _rule(chat: str, offer: Offer, value: str) -> Rule:
    return Rule(chat, offer.watchlist, offer.watch, offer.kind, value)


def _beside(tx: Tx, chat: str, offer: Offer) -> list[Rule]:
    """The chat's rules of this kind for the same watch, whatever they say."""
    wanted = _rule(chat, offer, offer.value)
    return [rule for rule in tx.wishes.rules() if replace(rule, value=offer.value) == wanted]


def _set_rule(tx: Tx, chat: str, offer: Offer) -> tuple[str, ...]:
    """Add a word, or put a setting in the place of another; gives what stood there."""
    before: tuple[str, ...] = offer.before
    for value in before:
        tx.wishes.drop_rule(_rule(chat, offer, value))
    if offer.kind not in _WORDS:
        old = _beside(tx, chat, offer)
        before = tuple(rule.value for rule in old)
        for rule in old:
            tx.wishes.drop_rule(rule)
    tx.wishes.add_rule(_rule(chat, offer, offer.value))
    return before


def _drop_rule(tx: Tx, chat: str, offer: Offer) -> None:
    """Take it back, and bring back what stood there: of words to ask for only where no other one is left."""
    tx.wishes.drop_rule(_rule(chat, offer, offer.value))
    for value in () if offer.kind == CONTEXT and _beside(tx, chat, offer) else offer.before:
        tx.wishes.add_rule(_rule(chat, offer, value))


def _chat_watch(tx: Tx, chat: str, offer: Offer) -> Watch | None:
    """The watch of the chat as it is stored now."""
    return next((row.watch for row in tx.chats.watches(chat) if row.watch.id == offer.watch), None)


def _with(watch: Watch, offer: Offer) -> tuple[Watch, tuple[str, ...]]:
    """The watch with what was offered, and what stood there before (() for nothing)."""
    match offer.kind:
        case "exclude":
            return replace(watch, exclude=tuple(dict.fromkeys((*watch.exclude, offer.value)))), ()
        case "context":
            others = (word for word in watch.context if word not in offer.before)
            return replace(watch, context=tuple(dict.fromkeys((*others, offer.value)))), offer.before
        case "level":
            return replace(watch, options=replace(watch.options, main_only=True)), ()
        case _:
            before = getattr(watch, offer.kind)
            return _setting(watch, offer.kind, offer.value), (before,) if before else ()


def _without(watch: Watch, offer: Offer) -> Watch:
    """The watch without it; what was set otherwise since then stays."""
    match offer.kind:
        case "exclude":
            return replace(watch, exclude=tuple(word for word in watch.exclude if word != offer.value))
        case "context":
            return replace(watch, context=tuple(word for word in watch.context if word != offer.value) or offer.before)
        case "level":
            return replace(watch, options=replace(watch.options, main_only=False))
        case _:
            if getattr(watch, offer.kind) != offer.value:
                return watch
            return _setting(watch, offer.kind, offer.before[0] if offer.before else None)


def _setting(watch: Watch, name: str, value: str | None) -> Watch:
    """The watch with another setting; None: as its watchlist has it."""
    match name:
        case "deliver":
            return replace(watch, deliver=value)
        case "mentions":
            return replace(watch, mentions=value)
        case _:
            return replace(watch, updates=value)


def _pair(tx: Tx, offer: Offer, same: bool, now: datetime) -> bool:
    """Remember that two items are, or are not, one story; False where one of them is gone."""
    one, other = (tx.items.get(int(row)) for row in offer.value.split()[:2])
    if one is None or other is None:
        return False
    tx.stories.add_pair(one.item, other.item, same=same, at=now)
    return True


def _its_story(tx: Tx, chat: str, offer: Offer) -> list[muting.Target]:
    """The story of the alert that repeats another one: what else comes of it would be a duplicate too."""
    found = (alert for story in offer.value.split()[2:] for alert in tx.alerts.of_story(int(story)))
    return [muting.of_story(alert) for alert in found if alert.chat == chat][:1]
