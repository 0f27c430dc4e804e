"""The only place that asks the time."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's own clocks behind the Clock port."""

    def now(self) -> datetime:
        """Give the time now, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        return time.monotonic()
