"""In what way a chat is told, as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watchbot.model.reason import Reason
from watchbot.model.records import Mute
from watchbot.model.schedule import digest_times, quiet_rules
from watchbot.model.watch import Level, Priority
from watchbot.pipeline.manner import Manner
from watchbot.pipeline.policy import (
    CAP,
    DIGEST,
    FAR,
    QUIET,
    Counters,
    News,
    Tell,
    Way,
    Wish,
    cap_of,
    limited,
    muted,
    next_quarter,
    silenced,
    updates_of,
    way,
)

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # Friday 23:00 in Taipei
PLAIN = Manner("en", "Asia/Taipei", digest_at=digest_times(["08:30"]))
DAILY = replace(PLAIN, deliver="digest")
NIGHT = replace(PLAIN, quiet=quiet_rules(["22:00-07:00"]))
MORNING = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)  # 07:00
BREAKFAST = datetime(2026, 11, 28, 0, 30, tzinfo=UTC)  # 08:30
FIRST, RELATED, OLD = News(Reason.FIRST_REPORT), News(Reason.RELATED), News(Reason.TOO_OLD, old=True)
MENTION = News(Reason.FIRST_REPORT, Level.MENTION)
LOUD, SILENT = Way(Tell.NOW), Way(Tell.NOW, silent=True)
HIGH, NORMAL, LOW = Priority.HIGH, Priority.NORMAL, Priority.LOW


def in_digest(silent: bool = False) -> Way:
    """Held for the next digest."""
    return Way(Tell.HOLD, silent, DIGEST, BREAKFAST, Reason.DIGEST_DUE)


def until_morning(silent: bool = False) -> Way:
    """Held until quiet hours end."""
    return Way(Tell.HOLD, silent, QUIET, MORNING, Reason.QUIET_HOURS)


@pytest.mark.parametrize(
    ("news", "manner", "priority", "wanted"),
    [
        (FIRST, PLAIN, NORMAL, LOUD),
        (FIRST, PLAIN, LOW, SILENT),
        (FIRST, DAILY, NORMAL, in_digest()),
        (FIRST, DAILY, HIGH, LOUD),
        (FIRST, NIGHT, NORMAL, until_morning()),
        (FIRST, NIGHT, LOW, until_morning(silent=True)),
        (FIRST, NIGHT, HIGH, LOUD),
        (FIRST, replace(NIGHT, deliver="digest"), NORMAL, in_digest()),
        (FIRST, replace(DAILY, digest_at=()), NORMAL, LOUD),
        (MENTION, PLAIN, NORMAL, SILENT),
        (MENTION, replace(PLAIN, mentions="same"), NORMAL, LOUD),
        (MENTION, replace(PLAIN, mentions="digest"), NORMAL, in_digest(silent=True)),
        (MENTION, replace(PLAIN, mentions="off"), NORMAL, Way(Tell.NOT, reason=Reason.MENTION_OFF)),
        (MENTION, replace(PLAIN, mentions="off"), HIGH, Way(Tell.NOT, reason=Reason.MENTION_OFF)),
        (FIRST, replace(PLAIN, mentions="off"), NORMAL, LOUD),
        (MENTION, NIGHT, NORMAL, until_morning(silent=True)),
        (OLD, PLAIN, NORMAL, SILENT),
        (OLD, DAILY, NORMAL, in_digest(silent=True)),
        (OLD, PLAIN, HIGH, SILENT),
        (RELATED, PLAIN, NORMAL, SILENT),
        (RELATED, replace(PLAIN, updates="loud"), NORMAL, LOUD),
        (News(Reason.CORRECTION), PLAIN, NORMAL, LOUD),
        (News(Reason.AFTER_SILENCE), NIGHT, NORMAL, until_morning()),
    ],
)
def test_one_watch(news: News, manner: Manner, priority: Priority, wanted: Way) -> None:
    assert way(news, [Wish(manner, priority)], NOW) == wanted


@pytest.mark.parametrize(
    ("news", "wishes", "wanted"),
    [
        (FIRST, [Wish(DAILY), Wish(PLAIN)], LOUD),
        (FIRST, [Wish(DAILY), Wish(NIGHT)], until_morning()),
        (FIRST, [Wish(NIGHT), Wish(NIGHT, HIGH)], LOUD),
        (FIRST, [Wish(PLAIN, LOW), Wish(PLAIN)], LOUD),
        (FIRST, [Wish(PLAIN, LOW), Wish(DAILY)], SILENT),
        (MENTION, [Wish(replace(PLAIN, mentions="off")), Wish(replace(PLAIN, mentions="same"))], LOUD),
        (MENTION, [Wish(replace(PLAIN, mentions="off")), Wish(replace(PLAIN, mentions="digest"))], in_digest(True)),
    ],
)
def test_the_promptest_of_several_counts(news: News, wishes: list[Wish], wanted: Way) -> None:
    assert way(news, wishes, NOW) == wanted
    assert way(news, wishes[::-1], NOW) == wanted


def test_a_follow_up_waits_with_its_story() -> None:
    first = Way(Tell.HOLD, False, CAP, MORNING, Reason.CAPPED)
    assert way(RELATED, [Wish(PLAIN)], NOW, first) == replace(first, silent=True)
    assert way(RELATED, [Wish(PLAIN, HIGH)], NOW, first) == SILENT
    assert way(FIRST, [Wish(PLAIN)], NOW, first) == LOUD
    off = [Wish(replace(PLAIN, mentions="off"))]
    assert way(News(Reason.RELATED, Level.MENTION), off, NOW, first).tell is Tell.NOT


def test_digests_are_right_over_a_change_of_the_clock() -> None:
    berlin = Manner("en", "Europe/Berlin", deliver="digest", digest_at=digest_times(["08:30"]))
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert way(FIRST, [Wish(berlin)], before).until == datetime(2026, 3, 29, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "urgent", "cap", "seen", "wanted"),
    [
        (LOUD, False, 30, Counters(29, 4), LOUD),
        (LOUD, False, 30, Counters(29, 5), SILENT),
        (LOUD, True, 30, Counters(99, 99), LOUD),
        (LOUD, False, None, Counters(99, 0), LOUD),
        (LOUD, False, 30, Counters(30, 0), Way(Tell.HOLD, True, CAP, NOW + timedelta(minutes=15), Reason.CAPPED)),
        (in_digest(), False, 1, Counters(9, 9), in_digest()),
    ],
)
def test_many_alerts(found: Way, urgent: bool, cap: int | None, seen: Counters, wanted: Way) -> None:
    assert limited(found, urgent, cap, seen, NOW) == wanted


@pytest.mark.parametrize(
    ("minute", "second", "wanted"), [(0, 0, 15), (14, 59, 15), (15, 0, 30), (46, 1, 60), (59, 59, 60)]
)
def test_the_next_quarter_of_an_hour(minute: int, second: int, wanted: int) -> None:
    hour = datetime(2026, 11, 27, 15, tzinfo=UTC)
    assert next_quarter(hour.replace(minute=minute, second=second, microsecond=7)) == hour + timedelta(minutes=wanted)


@pytest.mark.parametrize(("caps", "wanted"), [([30], 30), ([30, 50], 50), ([30, None], None), ([None], None)])
def test_the_most_generous_cap_counts(caps: list[int | None], wanted: int | None) -> None:
    assert cap_of([Wish(replace(PLAIN, max_per_hour=cap)) for cap in caps]) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"), [(["off"], "off"), (["off", "silent"], "silent"), (["silent", "loud", "off"], "loud")]
)
def test_the_promptest_updates_count(said: list[str], wanted: str) -> None:
    assert updates_of([Wish(replace(PLAIN, updates=word)) for word in said]) == wanted


def mute(number: int, kind: str, target: str, hours: float | None = None) -> Mute:
    """A mute of chat 7."""
    until = NOW + timedelta(hours=hours) if hours is not None else None
    return Mute(number, "7", kind, target, target, until, NOW)


FOXCONN, QUANTA = ("w1", "foxconn"), ("w2", "quanta")


@pytest.mark.parametrize(
    ("mutes", "kept", "holding"),
    [
        ([], (0, 1), None),
        ([mute(1, "watch", "w1/foxconn")], (1,), None),
        ([mute(1, "list", "w2")], (0,), None),
        ([mute(1, "watch", "w1/foxconn"), mute(2, "list", "w2", 1)], (), 2),  # told again in an hour
        ([mute(1, "watch", "w1/foxconn", 1), mute(2, "list", "w1"), mute(3, "list", "w2", 2)], (), 3),
        ([mute(1, "source", "Wire", 2)], (), 1),
        ([mute(1, "source", "Post", 2)], (0, 1), None),
        ([mute(1, "story", "5", 2)], (), 1),
        ([mute(1, "story", "6", 2)], (0, 1), None),
        ([mute(1, "all", "", 2), mute(2, "story", "5")], (), 2),  # the longest silence
        ([mute(1, "all", "", 0)], (0, 1), None),  # it has just ended
        ([mute(1, "all", "", -1), mute(2, "watch", "w1/foxconn", -1)], (0, 1), None),
    ],
)
def test_mutes(mutes: list[Mute], kept: tuple[int, ...], holding: int | None) -> None:
    found = silenced(mutes, [FOXCONN, QUANTA], "Wire", 5, NOW)
    assert found.kept == kept
    assert (found.mute.id if found.mute else None) == holding


def test_what_a_mute_holds_waits_for_its_end_or_for_ever() -> None:
    assert muted(mute(4, "all", "", 8)) == Way(Tell.HOLD, False, "mute:4", NOW + timedelta(hours=8), Reason.MUTED)
    assert muted(mute(4, "all", "")).until == FAR
