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
_QUIET = Inactive("not yet active: alerts come at any hour", harmless=(*_EMPTY, ("off",)))
_DIGEST_AT = Inactive("not yet active: there are no digests, alerts come at once", harmless=((), ("08:30",)))
_DELIVER = Inactive("digest is not yet active: alerts come at once", values=("digest",))
_MENTIONS = Inactive("not yet active: mentions are told like the rest", values=("digest", "off"))
_CAP = Inactive("not yet active: alerts are not capped", harmless=(30, None))

# record -> key -> what happens instead
INACTIVE: Final[dict[str, dict[str, Inactive]]] = {
    "telegram": {
        "access": Inactive("open is not yet active: the bot stays closed", values=("open",)),
        "quotas": Inactive("not yet active: nothing is counted", harmless=_EMPTY),
    },
    "defaults": {"quiet_hours": _QUIET, "digest_at": _DIGEST_AT},
    "chat": {
        "quiet_hours": _QUIET,
        "digest_at": _DIGEST_AT,
        "deliver": _DELIVER,
        "mentions": _MENTIONS,
        "max_per_hour": _CAP,
    },
    "http": {
        "hosts": Inactive("not yet active: there is no status page", harmless=_EMPTY),
        "token": Inactive("not yet active: there is no status page", harmless=_EMPTY),
    },
    "watchlist": {
        "deliver": _DELIVER,
        "digest_at": _DIGEST_AT,
        "quiet_hours": _QUIET,
        "max_per_hour": _CAP,
        "mentions": _MENTIONS,
        "join": Inactive("not yet active: nobody can switch it on", values=("invited", "anyone")),
    },
    "watch": {"deliver": _DELIVER, "mentions": _MENTIONS},
}
