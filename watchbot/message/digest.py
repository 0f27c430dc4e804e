"""What was held back, in one message: the digest, the round-up after quiet hours, after a cap, after a mute.

stories -by watch-> a bold name, below it a line a story and one for each that followed -> as many messages as it takes
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from babel.dates import format_date

from watchbot.message.parts import foreign
from watchbot.message.roundup import in_parts, story_line
from watchbot.message.times import zone_of
from watchbot.message.words import count, known, locale_of, say
from watchbot.model.alert import Card

_DAY = {"en": "EEE d MMM", "zh-TW": "M月d日（EEEEE）"}
_NAME_COLUMNS = 80


@dataclass(frozen=True, slots=True)
class Story:
    """A story that was held back, and the alerts that followed it."""

    card: Card
    later: tuple[Card, ...] = ()

    def read_in(self, language: str, timezone: str) -> "Story":
        """The same in the language and the zone of the message: it may have been held back in others."""
        first, *later = (replace(card, language=language, timezone=timezone) for card in (self.card, *self.later))
        return Story(first, tuple(later))


def digest(stories: Sequence[Story], language: str, timezone: str, now: datetime) -> list[str]:
    """The digest of a chat: its day, then every story below its watch. Parts of Telegram HTML, [] without a story."""
    day = format_date(now.astimezone(zone_of(timezone)), _DAY[known(language)], locale=locale_of(language))
    return _collected(say(language, "digest_title", date=day), stories, language, now)


def after_quiet(stories: Sequence[Story], language: str, now: datetime) -> list[str]:
    """What quiet hours held back."""
    return _collected(say(language, "digest_quiet"), stories, language, now)


def after_cap(stories: Sequence[Story], language: str, now: datetime) -> list[str]:
    """What came beyond the alerts of an hour."""
    return _collected(say(language, "digest_cap"), stories, language, now)


def after_mute(stories: Sequence[Story], language: str, now: datetime, label: str = "") -> list[str]:
    """What a mute held back; `label` is what was muted."""
    shown = foreign(label, _NAME_COLUMNS)
    title = say(language, "digest_muted_of", name=shown) if shown else say(language, "digest_muted")
    return _collected(title, stories, language, now)


def _collected(title: str, stories: Sequence[Story], language: str, now: datetime) -> list[str]:
    """Every story under its first watch, the newest first; `title` is HTML."""
    if not stories:
        return []
    total = count(language, "story", len(stories))
    rows = [f"<b>{say(language, 'digest_head', title=title, total=total)}</b>"]
    groups: dict[str, list[Story]] = {}
    for story in sorted(stories, key=_reported, reverse=True):
        groups.setdefault(story.card.watches[0] if story.card.watches else "", []).append(story)
    for name, group in groups.items():
        rows += ["", f"<b>{foreign(name, _NAME_COLUMNS)}</b>"] if name else [""]
        for story in group:
            rows.append(f"• {story_line(replace(story.card, watches=story.card.watches[1:]), now)}")
            rows += [f"   ↳ {story_line(replace(card, watches=()), now)}" for card in story.later]
    return in_parts(rows)


def _reported(story: Story) -> float:
    """When the first report came."""
    return story.card.reports[0].at.timestamp() if story.card.reports else 0.0
