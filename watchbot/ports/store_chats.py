"""The part of the database port that is about chats: settings, watches, people; mutes, rules, chores, search."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from watchbot.model.records import ChatInfo, ChatWatch, Chore, Join, Mute, NewChore, Person, Rule, StoredItem
from watchbot.model.watch import Watch


class Chats(Protocol):
    """Per-chat settings, watches made in chats, people and invitations."""

    def settings(self, chat: str) -> Mapping[str, str]:
        """What was set in the chat (language, timezone ...)."""
        ...

    def every_setting(self) -> dict[str, dict[str, str]]:
        """What was set in all chats, by chat."""
        ...

    def set(self, chat: str, name: str, value: str) -> None:
        """Set one setting of a chat; "" takes it away."""
        ...

    def parked(self) -> dict[str, str]:
        """Chats that cannot be reached, and why."""
        ...

    def untold_parked(self) -> dict[str, str]:
        """Parked chats of which nobody was told yet, and why they are parked."""
        ...

    def note_parked(self, chat: str) -> None:
        """Remember that it was told that a chat is parked."""
        ...

    def unpark(self, chat: str, now: datetime) -> int:
        """The chat can be reached again: its parked rows are due; gives how many."""
        ...

    def info(self, chat: str) -> ChatInfo | None:
        """What is known of a chat (of the whole group for a topic's key)."""
        ...

    def note(self, info: ChatInfo) -> None:
        """Remember what a chat is and is called; writes only where that changed."""
        ...

    def moved(self) -> dict[str, str]:
        """Old keys of chats that became something else, and their new keys."""
        ...

    def add_watch(self, chat: str, watch: Watch, now: datetime) -> None:
        """Store a watch made in a chat (replaces one of the same id)."""
        ...

    def remove_watch(self, chat: str, watch_id: str) -> bool:
        """Remove a watch made in a chat."""
        ...

    def watches(self, chat: str | None = None) -> list[ChatWatch]:
        """Watches made in a chat, or in all chats, oldest first."""
        ...

    def version(self) -> int:
        """Grows whenever a watch, a setting, a mute, a rule or a join of a chat or a role changes, on any node."""
        ...

    def role(self, user: int) -> str:
        """`owner`, `admin`, `user` or ""."""
        ...

    def set_role(self, user: int, role: str, now: datetime) -> None:
        """Give a person a role."""
        ...

    def name_person(self, user: int, name: str) -> None:
        """Remember what somebody who was let in is called; writes only where that changed."""
        ...

    def people(self, role: str) -> list[int]:
        """Who has this role."""
        ...

    def everyone(self) -> list[Person]:
        """Everybody who was let in, the owner first."""
        ...

    def owner(self) -> int | None:
        """Who claimed the bot."""
        ...

    def invite(self, code_hash: str, role: str, expires_at: datetime) -> None:
        """Store a one-time code (only its hash)."""
        ...

    def redeem(self, code_hash: str, user: int, now: datetime) -> str | None:
        """Use a code: gives its role, sets it; None where unknown, used or expired. `owner` only while there is
        none. Whoever used it already and is still let in gets the role they have."""
        ...


class Wishes(Protocol):
    """What one chat wants otherwise: mutes, rules beside a file's watches, watchlists it switched on.

    Every change makes `Chats.version` grow.
    """

    def mute(
        self, chat: str, kind: str, target: str, label: str, until: datetime | None, user: int, now: datetime
    ) -> Mute:
        """Begin a mute; one of the same chat, kind and target gets the new end (and keeps its id)."""
        ...

    def unmute(self, mute: int) -> bool:
        """End a mute."""
        ...

    def mutes(self) -> list[Mute]:
        """All mutes of all chats, ended ones too, oldest first."""
        ...

    def add_rule(self, rule: Rule) -> bool:
        """Keep a rule; False where it was there."""
        ...

    def drop_rule(self, rule: Rule) -> bool:
        """Take a rule away."""
        ...

    def rules(self) -> list[Rule]:
        """All rules of all chats."""
        ...

    def join(self, chat: str, watchlist: str, user: int, now: datetime) -> bool:
        """Switch a watchlist on for a chat; False where it was on."""
        ...

    def leave(self, chat: str, watchlist: str) -> bool:
        """Switch it off again."""
        ...

    def joins(self) -> list[Join]:
        """All of them."""
        ...


class Chores(Protocol):
    """Long work that messages asked for."""

    def add(self, chore: NewChore, now: datetime) -> int:
        """Store it, due now."""
        ...

    def begin(self, now: datetime, limit: int) -> list[Chore]:
        """The oldest due ones, each counted as tried and not due again for five minutes."""
        ...

    def finish(self, chore: int) -> bool:
        """It is done, in the transaction of its effect; False where somebody else finished it."""
        ...

    def again(self, chore: int, at: datetime) -> None:
        """It failed for now: due again at this time."""
        ...

    def of(self, user: int) -> int:
        """How many of a person's chores wait."""
        ...

    def waiting(self) -> int:
        """How many chores wait, everybody's."""
        ...

    def due(self, now: datetime) -> bool:
        """Whether there is one to begin: a cheap look."""
        ...

    def take_over(self, now: datetime) -> int:
        """Whoever began some is dead: all of them are due now; gives how many."""
        ...


class Search(Protocol):
    """Full text of the stored items; Chinese is found by any run of characters."""

    def waits(self) -> bool:
        """Whether any item is not searchable by the index yet."""
        ...

    def index(self, limit: int) -> int:
        """Make up to `limit` further items searchable, the oldest first; gives how many."""
        ...

    def find(self, words: str, chat: str, limit: int, offset: int = 0) -> list[StoredItem]:
        """The newest items that hold all these words (a "phrase" in quotes as it stands), not yet indexed ones too;
        never those of another chat's own sources. "" in `chat` is everyone's items only."""
        ...

    def candidates(self, terms: Sequence[str], chat: str, since: datetime, limit: int) -> list[StoredItem]:
        """The newest items seen since then in which any of these terms may stand: a superset, to be matched."""
        ...
