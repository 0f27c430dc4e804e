"""Thin handlers: an update is read, one use case runs, its answer is queued - with the offset, in one transaction."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes, TypeHandler

from watchbot.bot.asked import Asked, asked
from watchbot.bot.poller import AnyApplication
from watchbot.message import replies
from watchbot.message.parts import split
from watchbot.message.roundup import claimed, invited
from watchbot.model.alert import Form, NewDelivery, Rank
from watchbot.model.settings import Settings
from watchbot.pipeline import commands, splitting
from watchbot.pipeline.directory import Directory, chat_key
from watchbot.ports.clock import Clock
from watchbot.ports.store import Store, Tx
from watchbot.ports.threads import in_thread
from watchbot.text.nearest import nearest

GONE = ("kicked", "left")
STRANGER_EVERY = timedelta(hours=1)

UseCase = Callable[[Tx, Asked, str], str]


class Handlers:
    """The bot's commands over the use cases of pipeline/commands.py."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        settings: Settings,
        clock: Clock,
        resolve: commands.Resolve,
        nudge: Callable[[], None],
    ) -> None:
        """`nudge` wakes the courier after an answer was queued."""
        self._store = store
        self._directory = directory
        self._settings = settings
        self._clock = clock
        self._resolve = resolve
        self._nudge = nudge
        self._answered: dict[int, float] = {}
        self._cases: dict[str, UseCase] = {
            "start": self._start,
            "help": self._help,
            "watch": self._watch,
            "unwatch": self._unwatch,
            "list": self._list,
            "story": self._story,
            "": self._plain_text,
        }

    def register(self, application: AnyApplication, bot_key: str) -> None:
        """Take every update; PTB hands them over one at a time."""

        async def handle(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
            await self._back(update)
            question = asked(update, application.bot.username)
            if question is None:
                return
            await in_thread(self._commit, question, bot_key, update.update_id)
            self._nudge()

        handler: Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]] = handle
        application.add_handler(TypeHandler(Update, handler))

    async def _back(self, update: Update) -> None:
        """A chat that blocked or removed the bot and speaks again gets what waited for it."""
        change = update.my_chat_member
        if update.effective_chat is None or (change and change.new_chat_member.status in GONE):
            return
        if await in_thread(self._unpark, str(update.effective_chat.id)):
            self._nudge()

    def _unpark(self, chat: str) -> int:
        with self._store.read() as tx:
            parked = [key for key in tx.chats.parked() if key.partition("/")[0] == chat]
        if not parked:
            return 0
        with self._store.write() as tx:
            return sum(tx.chats.unpark(key, self._clock.now()) for key in parked)

    def _commit(self, question: Asked, bot_key: str, update_id: int) -> None:
        """The effect, the answer and the offset, in one transaction: done once, whatever dies."""
        with self._store.write() as tx:
            if tx.machine.offset(bot_key) > update_id:
                return
            self._directory.refresh(tx)
            answer = self._answer(tx, question)
            for part, html in enumerate(split(answer) if answer else []):
                reply = NewDelivery(question.chat, html, Form.HTML, part=part, rank=Rank.REPLY, silent=False)
                tx.outbox.queue(reply, self._clock.now())
            tx.machine.set_offset(bot_key, update_id + 1)

    def _answer(self, tx: Tx, question: Asked) -> str:
        """Words for one question; "" where the bot keeps silent."""
        language = self._language(tx, question)
        role = commands.role_of(tx, self._settings, question.user)
        if question.command == "start":
            return self._start(tx, question, language)
        if not commands.may_command(role):
            return self._stranger(question, language)
        command = replies.SAME_AS.get(question.command, question.command)
        if not question.private:
            if not command:
                return ""
            if role == "user":
                return replies.admins_only(language)
        case = self._cases.get(command)
        if case is None:
            return self._unknown(language, question.command)
        return case(tx, question, language)

    def _language(self, tx: Tx, question: Asked) -> str:
        """What was set in the chat, else what the person's app speaks in private, else what the chat reads."""
        said = tx.chats.settings(question.chat).get("language", "")
        return said or (question.language if question.private else self._directory.view(question.chat).language)

    def _stranger(self, question: Asked, language: str) -> str:
        """One polite answer an hour, in private only; nothing is changed."""
        now = self._clock.monotonic()
        if not question.private or now < self._answered.get(question.user, 0.0):
            return ""
        if len(self._answered) > 10_000:
            self._answered.clear()
        self._answered[question.user] = now + STRANGER_EVERY.total_seconds()
        return replies.stranger(language, question.user)

    def _start(self, tx: Tx, question: Asked, language: str) -> str:
        """Show the chat's id; with a code, let the person in."""
        role = commands.role_of(tx, self._settings, question.user)
        code = question.argument.split()[0] if question.argument else ""
        if code and question.private and role != "owner":
            now = self._clock.now()
            brought = commands.claim(tx, self._directory, code, question.user, now, language)
            if brought is None:
                return replies.invite_wrong(language)
            if brought == role:
                return replies.start(language, question.chat, role, claimed=True)
            return claimed(language, question.chat) if brought == "owner" else invited(language, brought)
        if not role and not question.private:
            return ""
        return replies.start(language, question.chat, role, self._directory.owner() is not None)

    def _help(self, tx: Tx, question: Asked, language: str) -> str:
        return replies.help(language, commands.role_of(tx, self._settings, question.user))

    def _watch(self, tx: Tx, question: Asked, language: str) -> str:
        """Add one or several names."""
        if not question.argument:
            return replies.usage(language, "watch")
        added = commands.add_watches(tx, question.chat, question.argument, self._resolve, self._clock.now())
        lines = []
        if added.on:
            lines.append(replies.watch_added(language, added.on))
        if added.had:
            lines.append(replies.watch_exists(language, added.had))
        lines += [replies.watch_refused(language, name, reason) for name, reason in added.refused]
        return "\n".join(lines)

    def _unwatch(self, tx: Tx, question: Asked, language: str) -> str:
        """Remove watches of this chat; those of files are only named."""
        own = [watch.label for watch in self._own(question.chat)]
        if not question.argument:
            return replies.usage(language, "unwatch", own[0] if own else "Foxconn")
        lines = []
        for name in commands.names_in(question.argument):
            removed = commands.remove_watch(tx, question.chat, name)
            locked = commands.locked_watch(self._directory, question.chat, name)
            if removed:
                lines.append(replies.watch_removed(language, [removed]))
            elif locked:
                lines.append(replies.watch_locked(language, locked))
            else:
                lines.append(replies.unknown_watch(language, name, nearest(name, own)))
        return "\n".join(lines)

    def _list(self, _tx: Tx, question: Asked, language: str) -> str:
        """Everything that reaches this chat."""
        files = commands.file_watchlists(self._directory, question.chat)
        return replies.listing(language, files, self._own(question.chat))

    def _story(self, tx: Tx, question: Asked, language: str) -> str:
        """What a message holds together, and taking it apart."""
        story = splitting.story_of_message(tx, question.chat, question.reply_to) if question.reply_to else None
        if story is None:
            return replies.story_ask(language)
        verb, _, number = question.argument.partition(" ")
        if verb.lower() != "split":
            found = splitting.members(tx, story)
            return replies.story_view(language, [(one.number, one.headline, one.source, one.because) for one in found])
        chosen = int(number) if number.strip().isdecimal() else 0
        headline = splitting.split(tx, self._directory, story, chosen, self._clock.now())
        return replies.story_split(language, headline) if headline else replies.story_no_such(language, number or "?")

    def _plain_text(self, _tx: Tx, _question: Asked, language: str) -> str:
        return replies.not_yet_news(language)

    def _own(self, chat: str) -> tuple[Any, ...]:
        own = self._directory.watchlists.get(chat_key(chat))
        return own.watches if own else ()

    def _unknown(self, language: str, command: str) -> str:
        """A command of a later version, or none at all."""
        if replies.SAME_AS.get(command, command) in replies.LATER:
            return replies.not_yet(language, command)
        near = nearest(command, (*replies.COMMANDS, *replies.LATER), limit=1)
        return replies.unknown_command(language, command, near[0] if near else "")
