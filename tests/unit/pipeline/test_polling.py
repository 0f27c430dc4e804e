"""When a feed is asked again, where, and what its silence means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from watchbot.model.item import CutDocument, Item
from watchbot.model.records import FeedFacts, SourceRow, SourceSpec
from watchbot.pipeline.polling import (
    Place,
    facts_of,
    is_gone,
    is_old,
    is_quiet,
    location_after_failure,
    next_poll,
    next_try,
    place_after,
    quiet_after,
    share,
    with_news,
)

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)  # a Friday
HOUR = 3600.0
DAY = 24 * HOUR


def row(every: float | None = None, failures: int = 0, **more: Any) -> SourceRow:
    """A feed that was polled before."""
    spec = SourceSpec("Wire", "feed", "https://a.example", every)
    return replace(SourceRow(1, spec, NOW, True, failures=failures), **more)


def ago(seconds: float) -> datetime:
    """So long before now."""
    return NOW - timedelta(seconds=seconds)


def cut(*published: datetime | None, **more: Any) -> CutDocument:
    """A feed document with items of these dates."""
    return CutDocument(tuple(Item(str(n), f"Item {n}", "", published=at) for n, at in enumerate(published)), **more)


# --- after a success ---


@pytest.mark.parametrize(
    ("every", "wish", "jitter", "seconds"),
    [
        (None, 0, 0, 900),
        (None, 0, 1, 990),
        (None, 0, -1, 810),
        (None, 3600, 0, 3600),
        (None, 3600, 1, 3600),
        (None, 10**9, 0, 86400),
        (60.0, 3600, 1, 3600),
        (60.0, 0, 1, 60),
        (1.0, 0, -1, 1),
        (30 * DAY, 0, 0, 30 * DAY),
        (30 * DAY, 10**9, 0, 30 * DAY),
    ],
)
def test_after_a_success(every: float | None, wish: float, jitter: float, seconds: float) -> None:
    assert (next_poll(row(every), NOW, wish, jitter) - NOW).total_seconds() == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("gap", "known", "seconds"),
    [
        (None, None, 900),
        (7200.0, None, 3600),
        (None, 7200.0, 3600),
        (3600.0, 7200.0, 1800),
        (0.0, 7200.0, 300),
        (599.0, None, 300),
        (601.0, None, 300.5),
        (2 * DAY, None, DAY),
        (400 * DAY, None, DAY),
    ],
)
def test_half_the_usual_gap(gap: float | None, known: float | None, seconds: float) -> None:
    due = next_poll(row(gap=known), NOW, 0, 0, FeedFacts(gap=gap))
    assert (due - NOW).total_seconds() == pytest.approx(seconds)


def test_the_rhythm_never_touches_what_the_user_said() -> None:
    assert next_poll(row(60.0, gap=DAY), NOW, 0, 1, FeedFacts(gap=DAY)) == NOW + timedelta(seconds=60)


def test_what_the_feed_says_now_counts_more_than_what_it_said_before() -> None:
    before = row(ttl=7200.0, skip_hours=frozenset(range(24)))
    assert next_poll(before, NOW, 0, 0, FeedFacts(ttl=1800.0)) == NOW + timedelta(minutes=30)
    assert next_poll(replace(before, skip_hours=frozenset()), NOW, 0, 0) == NOW + timedelta(hours=2)


def test_the_longest_wish_counts() -> None:
    assert next_poll(row(ttl=1800.0), NOW, 3600, 0) == NOW + timedelta(hours=1)
    assert next_poll(row(ttl=7200.0), NOW, 3600, 0) == NOW + timedelta(hours=2)
    assert next_poll(row(ttl=7200.0, gap=DAY), NOW, 3600, 0) == NOW + timedelta(hours=12)


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ({9}, set(), "Fri 08:15"),
        ({8}, set(), "Fri 09:15"),
        ({8, 9, 10}, set(), "Fri 11:15"),
        ({8, 10}, set(), "Fri 09:15"),
        (set(range(8, 24)), set(), "Sat 00:15"),
        (set(range(24)) - {7}, set(), "Sat 07:15"),
        (set(range(24)), set(), "Sat 08:00"),
        (set(), {4}, "Sat 00:15"),
        (set(), {5, 6}, "Fri 08:15"),
        ({0, 1}, {4}, "Sat 02:15"),
        (set(), set(range(7)), "Sat 08:00"),
        (set(), {4, 5}, "Sat 08:00"),
    ],
)
def test_hours_and_days_of_sleep(hours: set[int], days: set[int], expected: str) -> None:
    said = FeedFacts(skip_hours=frozenset(hours), skip_days=frozenset(days))
    assert f"{next_poll(row(), NOW, 0, 0, said):%a %H:%M}" == expected
    stored = row(skip_hours=said.skip_hours, skip_days=said.skip_days)
    assert f"{next_poll(stored, NOW, 0, 0):%a %H:%M}" == expected
    assert f"{next_try(stored, NOW, 0, 0):%a %H:%M}" == expected


def test_a_long_wish_that_ends_in_the_night_waits_for_the_morning() -> None:
    said = FeedFacts(ttl=DAY, skip_hours=frozenset({7, 8, 9}))
    assert next_poll(row(), NOW, 0, 0, said) == NOW + timedelta(hours=26)


def test_a_first_interval_is_shortened_by_the_address_and_never_a_wish_or_every() -> None:
    new = row(baseline_done=False)
    waits = set()
    for number in range(200):
        one = replace(new, spec=replace(new.spec, address=f"https://{number}.example/rss"))
        waits.add(round((next_poll(one, NOW, 0, 0) - NOW).total_seconds()))
        assert next_poll(one, NOW, 3600, 0) == NOW + timedelta(hours=1)
    assert 450 <= min(waits) < 480
    assert 880 < max(waits) <= 900
    assert len(waits) > 140
    assert next_poll(replace(new, spec=replace(new.spec, every=60.0)), NOW, 0, 0) == NOW + timedelta(seconds=60)
    assert next_poll(replace(new, gap=60.0), NOW, 0, 0) == NOW + timedelta(minutes=5)


# --- after a failure ---


@pytest.mark.parametrize(
    ("every", "failures", "retry_after", "seconds"),
    [
        (None, 0, 0, 900),
        (None, 1, 0, 1800),
        (None, 3, 0, 7200),
        (None, 6, 0, 57600),
        (None, 7, 0, 86400),
        (None, 50, 0, 86400),
        (None, 10**6, 0, 86400),
        (1.0, 0, 0, 1),
        (1.0, 10, 0, 1024),
        (1.0, 17, 0, 86400),
        (1.0, 0, 120, 120),
        (None, 0, 10**9, 86400),
        (2 * DAY, 0, 0, 2 * DAY),
        (2 * DAY, 5, 60, 2 * DAY),
    ],
)
def test_after_a_failure(every: float | None, failures: int, retry_after: float, seconds: float) -> None:
    due = next_try(row(every, failures), NOW, retry_after, 0)
    assert (due - NOW).total_seconds() == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("every", "failures", "jitter", "seconds"),
    [
        (None, 0, 1, 990),
        (None, 0, -1, 810),
        (600.0, 0, -1, 600),
        (600.0, 1, -1, 1080),
        (None, 20, 1, DAY),
        (None, 20, -1, 0.9 * DAY),
    ],
)
def test_chance_after_a_failure(every: float | None, failures: int, jitter: float, seconds: float) -> None:
    due = next_try(row(every, failures), NOW, 0, jitter)
    assert (due - NOW).total_seconds() == pytest.approx(seconds)


# --- what a document says ---


@pytest.mark.parametrize(
    ("published", "gap"),
    [
        ((), None),
        ((NOW,), None),
        ((NOW, ago(HOUR)), None),
        ((NOW, ago(HOUR), ago(2 * HOUR)), HOUR),
        ((ago(2 * HOUR), NOW, ago(HOUR)), HOUR),
        ((None, NOW, ago(HOUR), None, ago(4 * HOUR)), 2 * HOUR),
        ((NOW, NOW, NOW, NOW), None),
        ((NOW, ago(HOUR), ago(2 * HOUR), ago(3 * HOUR), ago(90 * DAY)), HOUR),
        ((NOW + timedelta(days=9), NOW, ago(HOUR)), None),
        ((NOW + timedelta(days=9), NOW, ago(HOUR), ago(2 * HOUR)), HOUR),
        ((NOW, NOW, NOW, ago(DAY), ago(DAY), ago(DAY), ago(2 * DAY)), 2 * DAY / 6),
    ],
)
def test_the_gap_between_items(published: tuple[datetime | None, ...], gap: float | None) -> None:
    assert facts_of(cut(*published), NOW).gap == gap


def test_only_the_newest_items_tell_the_rhythm() -> None:
    lately = [ago(number * HOUR) for number in range(20)]
    long_ago = [ago(30 * DAY + number) for number in range(100)]
    assert facts_of(cut(*lately, *long_ago), NOW).gap == HOUR


def test_entries_that_were_not_read_again_keep_their_dates() -> None:
    first = facts_of(cut(*(ago(number * HOUR) for number in range(1, 20))), NOW)
    assert (first.gap, len(first.dates)) == (HOUR, 19)
    later = NOW + timedelta(hours=1)
    new = replace(cut(later, ago(0)), same=18, marks=b"m")
    assert facts_of(new, later, first.dates).gap == HOUR
    assert facts_of(new, later, first.dates).dates[:3] == (
        int(later.timestamp()),
        int(NOW.timestamp()),
        int(ago(HOUR).timestamp()),
    )
    assert facts_of(new, later).gap is None  # two dates show no rhythm
    assert facts_of(replace(new, same=0), later, first.dates).gap is None  # all of it was read: this is the feed now


def test_what_has_come_to_rest_is_asked_less_often() -> None:
    quick = row(gap=60.0, newest_at=ago(HOUR))
    assert (next_poll(quick, NOW, 0, 0) - NOW).total_seconds() == 300
    resting = row(gap=60.0, newest_at=ago(10 * DAY))
    assert (next_poll(resting, NOW, 0, 0) - NOW).total_seconds() == DAY / 4


def test_what_else_a_feed_says_of_itself() -> None:
    said = cut(title="The Wire", ttl=600.0, skip_hours=frozenset({1}), skip_days=frozenset({6}))
    assert facts_of(said, NOW) == FeedFacts("The Wire", 600.0, frozenset({1}), frozenset({6}))


@pytest.mark.parametrize(
    ("facts_gap", "known", "newest", "new", "gap"),
    [
        (HOUR, 9 * HOUR, ago(DAY), 1, HOUR),
        (None, None, ago(4 * HOUR), 1, 4 * HOUR),
        (None, None, ago(4 * HOUR), 2, 2 * HOUR),
        (None, 10 * HOUR, ago(HOUR), 1, 7.3 * HOUR),
        (None, HOUR, ago(30 * DAY), 1, 1.9 * HOUR),  # one long silence is no new rhythm
        (None, 0.0, ago(DAY), 1, 360.0),
        (None, None, None, 3, None),
        (None, 5 * HOUR, None, 3, None),
    ],
)
def test_what_arrives_teaches_the_rhythm(
    facts_gap: float | None, known: float | None, newest: datetime | None, new: int, gap: float | None
) -> None:
    facts = with_news(FeedFacts("T", gap=facts_gap), row(gap=known, newest_at=newest), new, NOW)
    assert facts.gap == (None if gap is None else pytest.approx(gap))
    assert (facts.newest_at, facts.title) == (NOW, "T")


def test_nothing_new_teaches_nothing() -> None:
    facts = FeedFacts("T", gap=HOUR)
    assert with_news(facts, row(newest_at=ago(DAY)), 0, NOW) is facts


def test_the_baseline_is_no_arrival() -> None:
    new = row(baseline_done=False, newest_at=ago(HOUR))
    assert with_news(FeedFacts(), new, 20, NOW) == FeedFacts(newest_at=NOW)


# --- where it is asked ---

HOME, NEW, OTHER = "https://a.example", "https://new.example/rss", "https://other.example/rss"


@pytest.mark.parametrize(
    ("before", "moved_to", "after"),
    [
        (Place(""), "", Place("")),
        (Place(""), NEW, Place("", NEW, 1)),
        (Place("", NEW, 1), NEW, Place("", NEW, 2)),
        (Place("", NEW, 2), NEW, Place(NEW)),
        (Place("", NEW, 2), "", Place("")),
        (Place("", NEW, 2), OTHER, Place("", OTHER, 1)),
        (Place(NEW), "", Place(NEW)),
        (Place(NEW), OTHER, Place(NEW, OTHER, 1)),
        (Place(NEW, OTHER, 2), OTHER, Place(OTHER)),
        (Place(NEW, OTHER, 2), "", Place(NEW)),
        (Place(NEW, HOME, 2), HOME, Place("")),
        (Place("", NEW, 2), "https://new.example/rss?key=abcdef", Place("")),
        (Place("", NEW, 2), "https://me:pass@new.example/rss", Place("")),
        (Place(NEW, OTHER, 1), "https://other.example/rss?token=1", Place(NEW)),
    ],
)
def test_a_move_is_believed_the_third_time(before: Place, moved_to: str, after: Place) -> None:
    stored = row(location=before.location, moved_to=before.moved_to, moved_times=before.times)
    assert place_after(stored, moved_to, pinned=False) == after
    assert place_after(stored, moved_to, pinned=True) == Place("")


@pytest.mark.parametrize(
    ("status", "location", "gone", "after"),
    [
        (410, "", True, ""),
        (410, NEW, False, ""),
        (404, "", False, ""),
        (404, NEW, False, ""),
        (403, NEW, False, NEW),
        (500, NEW, False, NEW),
        (0, NEW, False, NEW),
        (0, "", False, ""),
    ],
)
def test_what_is_gone(status: int, location: str, gone: bool, after: str) -> None:
    assert is_gone(row(location=location), status) == gone
    assert location_after_failure(row(location=location), status) == after


# --- old news, silence ---


@pytest.mark.parametrize(
    ("published", "ok_at", "old"),
    [
        (None, ago(60), False),
        (ago(47 * HOUR), ago(0), False),
        (ago(49 * HOUR), ago(60), True),
        (ago(49 * HOUR), ago(2 * HOUR), False),
        (ago(9 * DAY), ago(8 * DAY), False),
        (ago(9 * DAY), ago(6 * DAY), True),
        (ago(49 * HOUR), None, True),
        (ago(47 * HOUR), None, False),
        (NOW + timedelta(hours=1), ago(60), False),
    ],
)
def test_old_news(published: datetime | None, ok_at: datetime | None, old: bool) -> None:
    assert is_old(published, row(ok_at=ok_at), NOW) == old


def test_exactly_so_old_is_not_too_old() -> None:
    assert not is_old(ago(48 * HOUR), row(ok_at=NOW), NOW)
    assert is_old(ago(48 * HOUR + 1), row(ok_at=NOW), NOW)


def test_what_is_dropped_or_may_be_any_age_is_never_old() -> None:
    dropped = replace(row(ok_at=NOW), spec=SourceSpec("In", "folder", "/in"))
    anything = replace(row(ok_at=NOW), spec=SourceSpec("Wire", "feed", "https://a.example", max_age=None))
    strict = replace(row(ok_at=NOW), spec=SourceSpec("Wire", "feed", "https://a.example", max_age=60.0))
    assert [is_old(ago(9 * DAY), one, NOW) for one in (dropped, anything, strict)] == [False, False, True]


@pytest.mark.parametrize(
    ("gap", "days"), [(0.0, 3), (60.0, 3), (12 * HOUR, 3), (13 * HOUR, 3.25), (DAY, 6), (7 * DAY, 42)]
)
def test_how_long_is_unusual(gap: float, days: float) -> None:
    assert quiet_after(gap) == timedelta(days=days)
    assert not is_quiet(row(gap=gap, newest_at=ago(days * DAY)), NOW)
    assert is_quiet(row(gap=gap, newest_at=ago(days * DAY + 1)), NOW)


@pytest.mark.parametrize(
    "more", [{"gap": None}, {"newest_at": None}, {"failures": 1}, {"gone": True}, {"newest_at": ago(HOUR)}]
)
def test_what_is_not_called_quiet(more: dict[str, Any]) -> None:
    assert is_quiet(row(gap=HOUR, newest_at=ago(9 * DAY)), NOW)
    assert not is_quiet(replace(row(gap=HOUR, newest_at=ago(9 * DAY)), **more), NOW)


# --- shares ---


def test_a_share_is_always_the_same_and_spread_evenly() -> None:
    shares = sorted(share(f"https://{number}.example/rss") for number in range(2000))
    assert 0 <= shares[0] < 0.01
    assert 0.99 < shares[-1] < 1
    for tenth in range(10):
        assert 150 < sum(tenth / 10 <= one < (tenth + 1) / 10 for one in shares) < 250
    assert share("https://a.example") == share("https://a.example")
    assert share("https://台灣.example/\ud83d") != share("")


@pytest.mark.parametrize(
    ("status", "failures", "place"),
    [(500, 0, "https://new.example"), (0, 5, "https://new.example"), (0, 6, ""), (404, 0, ""), (410, 0, "")],
)
def test_a_new_place_that_is_gone_or_dead_is_given_up(status: int, failures: int, place: str) -> None:
    moved = row(failures=failures, location="https://new.example")
    assert location_after_failure(moved, status) == place
