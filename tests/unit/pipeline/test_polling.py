"""When a feed is asked again."""

from datetime import UTC, datetime

import pytest

from watchbot.model.records import SourceRow, SourceSpec
from watchbot.pipeline.polling import next_poll, next_try

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def row(every: float | None = None, failures: int = 0) -> SourceRow:
    """A feed."""
    return SourceRow(1, SourceSpec("Wire", "feed", "https://a.example", every), NOW, True, failures=failures)


@pytest.mark.parametrize(
    ("every", "wish", "jitter", "seconds"),
    [
        (None, 0, 0, 900),
        (None, 0, 1, 990),
        (None, 3600, 0, 3600),
        (None, 10**9, 0, 86400),
        (60.0, 3600, 1, 3600),
        (60.0, 0, 1, 60),
    ],
)
def test_after_a_success(every: float | None, wish: float, jitter: float, seconds: float) -> None:
    assert (next_poll(row(every), NOW, wish, jitter) - NOW).total_seconds() == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("every", "failures", "retry_after", "seconds"),
    [
        (None, 0, 0, 900),
        (None, 1, 0, 1800),
        (None, 3, 0, 7200),
        (None, 50, 0, 86400),
        (1.0, 0, 0, 1),
        (1.0, 0, 120, 120),
        (None, 0, 10**9, 86400),
    ],
)
def test_after_a_failure(every: float | None, failures: int, retry_after: float, seconds: float) -> None:
    due = next_try(row(every, failures), NOW, retry_after, 0)
    assert (due - NOW).total_seconds() == pytest.approx(seconds)
