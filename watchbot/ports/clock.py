"""The port for time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for what people read and the database keeps; monotonic time for waiting."""

    def now(self) -> datetime:
        """Give the time now, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        ...
