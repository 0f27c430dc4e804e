"""From the matches of one item to the way in which one chat is told of it: what telling and `explain` share.

matches of a chat -wishes, mutes-> those that count -> policy -> Course
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watchbot.model.match import Match
from watchbot.model.reason import Reason
from watchbot.model.watch import Level, Priority
from watchbot.pipeline.directory import CONSOLE, OWNER, Directory
from watchbot.pipeline.policy import (
    BREAKFAST,
    CAP_WINDOW,
    SOUNDS_WINDOW,
    Counters,
    News,
    Silence,
    Tell,
    Way,
    Wish,
    is_unwanted,
    muted,
    silenced,
    way,
)
from watchbot.pipeline.ruled import origin_of
from watchbot.ports.store import Tx


@dataclass(frozen=True, slots=True)
class Course:
    """What counts for one chat: the matches that are no unwanted mention (all of them where each is one) and that no
    mute takes away (all where it takes every one), what their watches ask for, and what the mutes say. `unwanted` are
    mentions that are left out."""

    chat: str
    matches: tuple[Match, ...]
    wishes: tuple[Wish, ...]
    silence: Silence
    unwanted: tuple[Match, ...] = ()

    @property
    def level(self) -> Level:
        """MENTION where the item is about none of the watches."""
        return Level.MENTION if all(match.level is Level.MENTION for match in self.matches) else Level.MAIN

    def reason_of(self, match: Match) -> Reason | None:
        """Why a match is left out while others count; None where it counts."""
        if match in self.unwanted:
            return Reason.MENTION_OFF
        return None if match in self.matches else Reason.MUTED

    def way(self, reason: Reason, now: datetime, old: bool = False, first: Way | None = None) -> Way:
        """How the chat is told for this reason. `first`: see policy.way. What is for the owner before there is one
        waits anyway."""
        found = way(News(reason, self.level, old), self.wishes, now, first)
        if found.tell is not Tell.NOT and self.silence.mute is not None:
            return replace(muted(self.silence.mute), silent=found.silent)
        if found.tell is Tell.HOLD and self.chat == OWNER:
            return Way(Tell.NOW, found.silent)
        return found


def course(
    directory: Directory, chat: str, matches: Sequence[Match], source: str, story: int | None, now: datetime
) -> Course:
    """Look at the mutes and wishes of a chat. `source` is the shown name of what carried the item."""
    every = [(match, gathered(directory, chat, source, _wish(directory, chat, match))) for match in matches]
    wanted = [(match, wish) for match, wish in every if not is_unwanted(wish)] or every
    watches = [(origin_of(match.watchlist), match.watch) for match, _wish_of_it in wanted]
    silence = silenced(directory.mutes(chat), watches, source, story, now)
    asked = [wanted[place] for place in silence.kept] or wanted
    unwanted = tuple(match for match, wish in every if is_unwanted(wish) and wanted is not every)
    return Course(chat, tuple(match for match, _ in asked), tuple(wish for _, wish in asked), silence, unwanted)


def gathered(directory: Directory, chat: str, source: str, wish: Wish) -> Wish:
    """The wish as it stands for one source: what it brings may be wanted in the digest only."""
    if source not in directory.digest_sources(chat):
        return wish
    manner = wish.manner
    return replace(wish, manner=replace(manner, deliver="digest", digest_at=manner.digest_at or BREAKFAST))


def is_limited(chat: str) -> bool:
    """Whether caps are for this chat: the terminal makes no sound, and nobody knows yet what the owner will want."""
    return chat not in (CONSOLE, OWNER)


def counters(tx: Tx, chat: str, now: datetime) -> Counters:
    """How many alerts a chat got lately."""
    in_hour = tx.outbox.recent_alerts(chat, now - CAP_WINDOW)
    return Counters(in_hour, tx.outbox.recent_alerts(chat, now - SOUNDS_WINDOW) if in_hour else 0)


def _wish(directory: Directory, chat: str, match: Match) -> Wish:
    watch = directory.watch(match.watchlist, match.watch)
    manner = directory.manner(chat, directory.watchlist(match.watchlist), watch)
    return Wish(manner, watch.priority if watch else Priority.NORMAL, match.level)
