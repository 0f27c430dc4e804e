"""Lists that are longer than a message: pages, the buttons that turn them, and buttons side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from watchbot.model.panel import Button, Rows


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, counted from 0: the places from `start` up to `end` stand on it."""

    number: int
    pages: int
    start: int
    end: int

    def turns(self, back: str = "‹", on: str = "›") -> tuple[Button, ...]:
        """Buttons to the pages before and after, as far as there are any."""
        before = [Button(back, f"page:{self.number - 1}")] if self.number else []
        after = [Button(on, f"page:{self.number + 1}")] if self.number + 1 < self.pages else []
        return (*before, *after)


def page_of(wanted: int, total: int, size: int) -> Page:
    """The wanted page of so many entries, or the nearest that there is."""
    pages = max(1, -(-total // size))
    number = min(max(wanted, 0), pages - 1)
    return Page(number, pages, number * size, min(total, (number + 1) * size))


def in_rows(buttons: Sequence[Button], a_row: int) -> Rows:
    """Buttons side by side, so many a row."""
    return tuple(tuple(buttons[at : at + a_row]) for at in range(0, len(buttons), a_row))
