"""Who may do what where: the role of a person, what a stranger hears, how fast commands may come.

             private chat        group, topic                          channel
anyone       stranger: 1 an hour stranger: /start, an administrator:   /start, 1 an hour
                                 any command; 1 an hour a chat
read         let in              let in                                -
change       let in              admin of the bot, or a user whom      -
                                 Telegram calls an administrator
admin        admin of the bot    admin of the bot                      -
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watchbot.bot.asked import ANONYMOUS
from watchbot.bot.talk import Answer, Command, Talk
from watchbot.message import access as words
from watchbot.message import replies
from watchbot.pipeline.access import CHIEFS, removed
from watchbot.ports.clock import Clock

STRANGER_EVERY = 3600.0
MINUTE = 60.0
_MOST_KNOWN = 10_000


@dataclass(slots=True)
class Gate:
    """Remembers who was answered when, and who asked how often."""

    clock: Clock
    _answered: dict[str, float] = field(default_factory=dict)
    _asked: dict[int, deque[float]] = field(default_factory=dict)
    _warned: dict[int, float] = field(default_factory=dict)
    _began: datetime | None = None

    def refuse(self, talk: Talk, command: Command | None) -> Answer | bool:
        """An Answer to say instead of running the command, True to keep silent, False to go on.

        What a stranger's command answers is said only where `greets` allows it.
        """
        self._begun(talk)
        name = talk.asked.command if talk.asked else ""
        if talk.asked is not None and talk.asked.kind == "channel":
            return name != "start"
        needs = command.needs if command is not None else "read"
        if needs == "anyone" and (talk.role or talk.private or name == "start"):
            return self.hurried(talk)
        if not talk.private and talk.user == ANONYMOUS:
            return self._anonymous(talk, name, command)
        if not talk.role:
            return self._stranger(talk, command)
        if command is None and not _meant(talk):
            return True
        hurried = self.hurried(talk)
        if hurried is not False:
            return hurried
        if needs == "admin" and talk.role not in CHIEFS:
            return Answer(replies.admins_only(talk.language))
        if needs == "change" and not talk.may_change:
            return Answer(replies.admins_only(talk.language)) if name else True
        return False

    def greets(self, talk: Talk) -> bool:
        """Whether a stranger may be answered now: once an hour each in private, once an hour a group or channel.

        In its first hour the outbox is asked too: another Gate may have answered before this one saw anything.
        """
        key = str(talk.user) if talk.private else talk.chat.partition("/")[0]
        now = self.clock.monotonic()
        if now < self._answered.get(key, 0.0):
            return False
        hour_ago, began = talk.now - timedelta(seconds=STRANGER_EVERY), self._begun(talk)
        before = hour_ago < began and key not in self._answered and key not in removed(talk.tx)
        if before and talk.tx.outbox.replied((key, talk.chat), hour_ago, began):
            return False
        if len(self._answered) > _MOST_KNOWN:
            self._answered.clear()
        self._answered[key] = now + STRANGER_EVERY
        return True

    def hurried(self, talk: Talk) -> Answer | bool:
        """False while a person keeps to the quota of commands and presses a minute; beyond it one Answer (none for a
        stranger), then True until there is room again. Admins have no quota."""
        if talk.role in CHIEFS or talk.tools.settings.telegram is None:
            return False
        now = self.clock.monotonic()
        if len(self._asked) > _MOST_KNOWN:
            self._asked.clear()
            self._warned.clear()
        times = self._asked.setdefault(talk.user, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) < talk.tools.settings.telegram.quotas.per_minute:
            times.append(now)
            return False
        if not talk.role or now < self._warned.get(talk.user, 0.0):
            return True
        self._warned[talk.user] = now + MINUTE
        return Answer(replies.too_fast(talk.language))

    def _begun(self, talk: Talk) -> datetime:
        """When this Gate saw its first message."""
        self._began = self._began or talk.now
        return self._began

    def _stranger(self, talk: Talk, command: Command | None) -> Answer | bool:
        """One polite answer an hour; nothing is changed. In a group only its administrators get it: Telegram's menu
        offers them commands, since it cannot know whom this bot let in."""
        offered = command is not None and talk.asked is not None and talk.asked.chat_admin
        if not (talk.private or offered) or not self.greets(talk):
            return True
        return Answer(replies.stranger(talk.language, talk.user))

    def _anonymous(self, talk: Talk, name: str, command: Command | None) -> Answer | bool:
        """An administrator who writes in the group's name: nobody can tell who it is. Said once an hour a group."""
        if not name or (command is None and not _meant(talk)) or not self.greets(talk):
            return True
        return Answer(words.anonymous(talk.language))


def _meant(talk: Talk) -> bool:
    """Whether a command was surely meant for this bot: in a group, an unknown one may be another bot's."""
    return talk.private or talk.asked is None or "@" in talk.asked.text.split(maxsplit=1)[0]
