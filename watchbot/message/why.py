"""Why an alert came, and why something did not, in words: the answer to Why, /why and /story, and its buttons.

WhyAlert -> explained, sources, story, follow_ups, rows | WhyNot -> not_told
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from watchbot.message.html import linked
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import escape, foreign
from watchbot.message.times import clock
from watchbot.message.words import count, listed, number_in, reason, say
from watchbot.model.item import Item
from watchbot.model.match import Match, Span
from watchbot.model.panel import Button, Rows
from watchbot.model.why import Fate, Fired, Missed, Part, WhyAlert, WhyNot
from watchbot.text.secrets import without_secrets

NAME_COLUMNS, TITLE_COLUMNS, TERM_COLUMNS = 60, 120, 60
MOST_WATCHES, MOST_SPANS, MOST_PARTS, MOST_MISSES = 6, 4, 30, 8
_AROUND = 30
_IN_A_ROW = 6
# How matching says what stopped a term, and the key of the same in words for people.
_RULES = (
    (re.compile(r"inside the longer name (?P<what>.+)"), "longer"),
    (re.compile(r"inside the excluded (?P<what>.+)"), "excluded"),
    (re.compile(r"the (?:word|phrase) (?P<what>.+) excludes this item"), "silenced"),
    (re.compile(r"none of the context words stands here"), "context"),
    (re.compile(r"only mentioned, .*"), "mention"),
    (re.compile(r"the query as a whole .*"), "query"),
    (re.compile(r"inside an address"), "address"),
    (re.compile(r"two-character accident.*|its characters are the end .*"), "accident"),
    (re.compile(r"part of a longer word .*|the end of a longer .*"), "part"),
    (re.compile(r"written .*"), "case"),
    (re.compile(r"a bare code .*"), "code"),
    (re.compile(r"its words stand in different .*"), "apart"),
)


def explained(language: str, timezone: str, now: datetime, facts: WhyAlert) -> str:
    """The whole explanation of an alert."""
    alert = facts.alert
    out = [say(language, "why_title", alert=alert.id, story=alert.story), f"<b>{_title(alert.card.headline.text)}</b>"]
    for fired in _each_once(facts.fired)[:MOST_WATCHES]:
        out += ["", *_fired(language, facts.item, fired)]
    if not facts.fired:
        names = escape(listed(language, [shorten(clean(name), NAME_COLUMNS) for name in alert.card.watches]))
        out += ["", say(language, "why_gone" if facts.item is None else "why_changed", names=names)]
    out += ["", say(language, "why_decision", reason=escape(reason(language, alert.reason)))]
    out.append(_story_line(language, facts))
    if facts.sources:
        names = escape(listed(language, dict.fromkeys(_name(one.name) for one in facts.sources)))
        out.append(say(language, "why_source", names=names))
    out += _delays(language, timezone, now, facts)
    return "\n".join(out)


def sources(language: str, timezone: str, now: datetime, facts: WhyAlert) -> str:
    """Who reported the story, with links."""
    out = [say(language, "why_sources_title", sources=count(language, "source", len(facts.alert.card.reports)))]
    for report in facts.alert.card.reports:
        at = clock(report.at, language, timezone, now)
        out.append(f"• {escape(_name(report.source))} · {_linked(report.title, report.url)} · {at}")
    return "\n".join(out)


def story(language: str, timezone: str, now: datetime, parts: Sequence[Part]) -> str:
    """The items of a story, numbered, with why each stands there."""
    out = [say(language, "story_title", items=count(language, "item", len(parts)))]
    for part in parts[:MOST_PARTS]:
        out.append(_part(language, timezone, now, part, f"{part.number}. "))
        out.append(say(language, "story_because", because=escape(_because(language, part))))
    if len(parts) > MOST_PARTS:
        out.append(say(language, "more", number=len(parts) - MOST_PARTS))
    return "\n".join(out)


def follow_ups(language: str, timezone: str, now: datetime, parts: Sequence[Part]) -> str:
    """What belongs to the story and came as no alert of its own."""
    out = [say(language, "why_later_title", items=count(language, "item", len(parts)))]
    out += [_part(language, timezone, now, part, "• ") for part in parts[:MOST_PARTS]]
    if len(parts) > MOST_PARTS:
        out.append(say(language, "more", number=len(parts) - MOST_PARTS))
    return "\n".join(out)


def split_ask(language: str, timezone: str, now: datetime, parts: Sequence[Part]) -> str:
    """Which item is to be taken out."""
    return f"{story(language, timezone, now, parts)}\n\n{say(language, 'why_split_ask')}"


def rows(language: str, view: str, facts: WhyAlert, may_change: bool) -> Rows:
    """The buttons below an explanation; `view` is what it shows: why, sources, story, later or split."""
    if view == "split":
        numbers = [Button(str(part.number), f"split:{part.number}") for part in _splittable(facts)]
        chunks = tuple(tuple(numbers[at : at + _IN_A_ROW]) for at in range(0, len(numbers), _IN_A_ROW))
        return (*chunks, (Button(say(language, "why_back"), "why"),))
    wanted = ["sources", "story"]
    wanted += ["split"] if may_change and _splittable(facts) else []
    row = tuple(Button(say(language, f"why_button_{verb}"), verb) for verb in wanted if verb != view)
    below = [Button(say(language, "why_button_later"), "later")] if facts.later and view != "later" else []
    below += [Button(say(language, "why_back"), "why")] if view != "why" else []
    return (row, tuple(below)) if below else (row,)


def story_told(language: str, timezone: str, now: datetime, parts: Sequence[Part]) -> str:
    """The answer to /story: the items, and how one is taken out."""
    shown = story(language, timezone, now, parts)
    return f"{shown}\n{say(language, 'story_split')}" if len(parts) > 1 else shown


def story_ask(language: str) -> str:
    """To /story that answers nothing known."""
    return say(language, "story_ask")


def story_done(language: str, headline: str) -> str:
    """An item was split off."""
    return say(language, "story_done", headline=_title(headline))


def story_no_such(language: str, number: str) -> str:
    """No item of this number can be split off."""
    return say(language, "story_no_such", number=escape(_name(number)))


def usage(language: str) -> str:
    """To /why alone."""
    return say(language, "why_usage")


def no_single(language: str) -> str:
    """To what answers a message that is no alert by itself."""
    return say(language, "why_no_single")


def no_alert(language: str, text: str) -> str:
    """To an id that is no alert of this chat."""
    return say(language, "why_no_alert", id=foreign(text, NAME_COLUMNS))


def not_told(language: str, timezone: str, now: datetime, found: WhyNot) -> str:
    """Why a text or a link did not come."""
    if found.link and found.seen is None:
        return _unknown_link(language, found)
    out = [say(language, "why_not_title"), f"<b>{_title(found.title)}</b>"]
    if found.seen is None:
        out += ["", say(language, "why_not_now"), *_now(language, found)]
        return "\n".join(out)
    at = clock(found.seen, language, timezone, now)
    out += [say(language, "why_not_seen", source=escape(_name(found.source)), at=at), ""]
    for one in found.decided:
        said = escape(reason(language, one.reason))
        if one.reason.holds and found.fate is not None:
            said = escape(fate(language, timezone, now, found.fate))
        when = clock(one.at, language, timezone, now)
        out.append(say(language, "why_not_decided", name=escape(_name(one.label)), reason=said, at=when))
    if found.told is not None and not (found.fate and not found.fate.out):
        when = clock(found.told.decided_at, language, timezone, now)
        out.append(say(language, "why_not_told", id=found.told.id, at=when))
    if not found.decided:
        out.append(say(language, "why_not_undecided"))
        out += _now(language, found)
    return "\n".join(out)


def fate(language: str, timezone: str, now: datetime, found: Fate) -> str:
    """Where an alert is that was held, or came inside another message."""
    key = f"why_told_{found.how}" if found.out else f"why_waits_{found.how}"
    return say(language, key, at=clock(found.at, language, timezone, now))


def rule(language: str, because: str) -> str:
    """What stopped a term, in the reader's language; unknown words of the matcher as they are."""
    for pattern, key in _RULES:
        hit = pattern.fullmatch(because)
        if hit is not None:
            what = hit.groupdict().get("what") or ""
            return say(language, f"why_rule_{key}", what=clean(what.strip("'\"")))
    return because


def _unknown_link(language: str, found: WhyNot) -> str:
    """No source brought it; which one would."""
    link = foreign(without_secrets(found.link), TITLE_COLUMNS)
    if found.would:
        names = escape(listed(language, map(_name, found.would)))
        return say(language, "why_link_not_brought", link=link, names=names)
    return say(language, "why_link_no_source", link=link)


def _now(language: str, found: WhyNot) -> Iterator[str]:
    """What the real path says of a text now: what fires and what becomes of it, else what nearly did."""
    for fired in _each_once(found.fired)[:MOST_WATCHES]:
        level = say(language, f"level_{fired.match.level.value}")
        yield say(language, "why_not_fires", name=escape(_name(fired.label)), level=level, term=_terms(language, fired))
    if found.fired and found.now is not None:
        yield say(language, "why_not_becomes", reason=escape(reason(language, found.now)))
    if not found.fired:
        yield say(language, "why_not_matched")
    yield from list(dict.fromkeys(_near(language, missed) for missed in found.missed))[:MOST_MISSES]


def _near(language: str, missed: Missed) -> str:
    """What nearly fired."""
    term = foreign(missed.miss.span.term or missed.miss.span.text, TERM_COLUMNS)
    because = escape(rule(language, missed.miss.because))
    return say(language, "why_not_near", name=escape(_name(missed.label)), term=term, because=because)


def _each_once(fired: Sequence[Fired]) -> list[Fired]:
    """Watches of one name are one: that of a file before that of the chat."""
    found: dict[str, Fired] = {}
    for one in sorted(fired, key=lambda one: not one.locked):
        found.setdefault(one.label, one)
    return [one for one in fired if found[one.label] is one]


def _terms(language: str, fired: Fired) -> str:
    terms = dict.fromkeys(shorten(clean(span.term), TERM_COLUMNS) for span in fired.match.spans if span.term)
    return escape(listed(language, list(terms)[:MOST_SPANS]))


def _fired(language: str, item: Item | None, fired: Fired) -> Iterator[str]:
    """A watch: its list, how sure the match is, and where its terms stand."""
    lock = " 🔒" if fired.locked else ""
    place = f" ({escape(_name(fired.watchlist))})" if fired.watchlist else ""
    yield f"<b>{escape(_name(fired.label))}</b>{place}{lock}"
    level = say(language, f"level_{fired.match.level.value}")
    yield say(language, "why_score", level=level, score=number_in(language, round(fired.match.score * 100)))
    for span in _shown(fired.match)[:MOST_SPANS]:
        yield _span(language, item, span)
    more = len(_shown(fired.match)) - MOST_SPANS
    if more > 0:
        yield say(language, "more", number=more)


def _shown(match: Match) -> list[Span]:
    """Each term once a field, at its first place."""
    first: dict[tuple[str, str], Span] = {}
    for span in match.spans:
        first.setdefault((span.field, span.term), span)
    return list(first.values())


def _span(language: str, item: Item | None, span: Span) -> str:
    """One term: what it is, where it stands, and the words around it."""
    kind = say(language, f"why_kind_{span.kind.value}")
    field = say(language, f"why_field_{span.field}") if span.field in ("title", "body", "url") else ""
    term = foreign(span.term or span.text, TERM_COLUMNS)
    around = _around(item, span)
    return say(language, "why_span" if around else "why_span_bare", kind=kind, term=term, field=field, around=around)


def _around(item: Item | None, span: Span) -> str:
    """What stood there, underlined, with a few words to either side; "" for a text that is gone or an address."""
    text = {"title": item.title, "body": item.body}.get(span.field, "") if item else ""
    if not text:
        return ""
    first, last = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
    before = ("…" if first else "") + clean("." + text[first : span.start] + ".")[1:-1]
    after = clean("." + text[span.end : last] + ".")[1:-1] + ("…" if last < len(text) else "")
    return f"{escape(before)}<u>{escape(clean(text[span.start : span.end]))}</u>{escape(after)}"


def _story_line(language: str, facts: WhyAlert) -> str:
    """How many items the story has, and by what the newest was folded in."""
    items = count(language, "item", len(facts.parts))
    folded = [part for part in facts.parts if part.verdict]
    if not folded:
        return say(language, "why_story", story=facts.alert.story, items=items)
    last = folded[-1]
    because = escape(_because(language, last))
    return say(language, "why_story_because", story=facts.alert.story, items=items, number=last.number, because=because)


def _because(language: str, part: Part) -> str:
    """Why an item stands in its story: the terms it shares and how near it is."""
    if not part.verdict:
        return say(language, "story_opened")
    words = part.because
    if part.terms:
        words = say(language, "why_shares", terms=listed(language, [clean(term) for term in part.terms]))
    elif part.because == "the same headline":
        return say(language, "why_same_headline")
    if part.threshold:
        words = say(language, "why_near", words=words, score=f"{part.score:.2f}", threshold=f"{part.threshold:.2f}")
    return clean(words)


def _delays(language: str, timezone: str, now: datetime, facts: WhyAlert) -> Iterator[str]:
    """Published, seen, sent, and how long each step took."""
    steps = [("published", facts.item.published if facts.item else None), ("seen", facts.seen), ("sent", facts.sent)]
    before: datetime | None = None
    for name, at in steps:
        if at is None:
            continue
        took = f" (+{_length(language, at - before)})" if before is not None and at >= before else ""
        yield say(language, f"why_{name}", at=clock(at, language, timezone, now)) + took
        before = at
    if facts.fate is None:
        yield say(language, "why_not_sent")
    elif facts.sent is None:
        yield say(language, "why_fate", said=escape(fate(language, timezone, now, facts.fate)))


def _length(language: str, length: timedelta) -> str:
    """A duration in its largest unit: 40 s, 12 min, 5 h, 3 days."""
    seconds = round(length.total_seconds())
    if seconds < 90:
        return say(language, "why_seconds", number=seconds)
    if seconds < 90 * 60:
        return say(language, "why_minutes", number=round(seconds / 60))
    if seconds < 36 * 3600:
        return say(language, "why_hours", number=round(seconds / 3600))
    return count(language, "day", round(seconds / 86400))


def _part(language: str, timezone: str, now: datetime, part: Part, head: str) -> str:
    at = clock(part.at, language, timezone, now)
    return f"{head}{_linked(part.headline, part.url)} – {escape(_name(part.source))} · {at}"


def _splittable(facts: WhyAlert) -> list[Part]:
    """What can be taken out: all but the first item."""
    return [part for part in facts.parts if part.number > 1][:MOST_PARTS]


def _linked(headline: str, url: str) -> str:
    shown = escape(shorten(clean(headline) or clean(url), TITLE_COLUMNS))
    return linked(shown, url)


def _title(text: str) -> str:
    return foreign(text, TITLE_COLUMNS)


def _name(text: str) -> str:
    return shorten(clean(text), NAME_COLUMNS)
