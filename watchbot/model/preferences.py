"""How a chat wants to be told: each setting with its value and where that comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

KEYS = (
    "language",
    "timezone",
    "deliver",
    "digest_at",
    "quiet_hours",
    "updates",
    "mentions",
    "max_per_hour",
    "format",
)
CHAT, FILE, APP, DEFAULT = "chat", "file", "app", "default"


@dataclass(frozen=True, slots=True)
class Preference:
    """One setting as chats keep it: entries joined by `;`, `off` for an explicit none. `origin` is chat, file,
    app (what the person's Telegram app speaks) or default."""

    value: str
    origin: str

    @property
    def entries(self) -> tuple[str, ...]:
        """The entries of quiet_hours or digest_at; none for `off`."""
        return () if self.value == "off" else tuple(part for part in self.value.split(";") if part)


@dataclass(frozen=True, slots=True)
class Preferences:
    """All settings of a chat at a moment. `quiet_until` is None while it is not quiet, `next_digest` None where no
    digest comes; `waiting` counts what is held back by digest, quiet and cap."""

    values: Mapping[str, Preference]
    now: datetime
    quiet_until: datetime | None = None
    next_digest: datetime | None = None
    waiting: Mapping[str, int] = field(default_factory=dict)

    def value(self, key: str) -> str:
        """The value of a setting."""
        return self.values[key].value

    @property
    def timezone(self) -> str:
        """The chat's zone by its IANA name."""
        return self.value("timezone")
