"""THE table of keys that are accepted and whose feature is still to come; a part that lands takes its rows out.

Every row that a configuration uses is named once in `Settings.notes`, in `watchbot check` and in the log.
"""

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Inactive:
    """What happens for now, in words; `values` that need the feature (default: any), `harmless` ones that do not."""

    words: str
    values: tuple[Any, ...] = ()
    harmless: tuple[Any, ...] = ()

    def applies(self, value: Any) -> bool:
        """Whether this value asks for what does not work yet."""
        return value in self.values if self.values else value not in self.harmless


_EMPTY: tuple[Any, ...] = ("", (), {})

# record -> key -> what happens instead
INACTIVE: Final[dict[str, dict[str, Inactive]]] = {
    "http": {
        "hosts": Inactive("not yet active: there is no status page", harmless=_EMPTY),
        "token": Inactive("not yet active: there is no status page", harmless=_EMPTY),
    },
}
