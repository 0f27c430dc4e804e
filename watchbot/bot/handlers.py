"""Updates in, answers queued: effect, answers and offset commit in one transaction, so that nothing is done twice.

update -> message | pressed button | change of membership -> Talk -> gate -> use case -> answers -> commit
                                                              -> after the commit: the press is answered
"""

import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes, TypeHandler

from watchbot.bot import answers
from watchbot.bot.asked import Asked, Pressed, asked, pressed
from watchbot.bot.gate import Gate
from watchbot.bot.making import make_talk
from watchbot.bot.poller import AnyApplication
from watchbot.bot.registry import COMMANDS, PANELS, SAME_AS
from watchbot.bot.talk import Answer, Press, Reaction, Talk, Tools
from watchbot.message import replies
from watchbot.message.parts import visible
from watchbot.message.words import say
from watchbot.model.panel import PanelRow
from watchbot.model.records import ChatInfo
from watchbot.pipeline.access import removed
from watchbot.pipeline.commands import role_of
from watchbot.pipeline.mishaps import topic_spoke
from watchbot.pipeline.watching import speak
from watchbot.ports.store import Tx
from watchbot.ports.threads import in_thread
from watchbot.text.nearest import nearest

log = logging.getLogger(__name__)

GONE = ("kicked", "left")
ADMINISTRATORS = ("creator", "administrator")
ADMINISTRATOR_FOR = 60.0
MOST_KNOWN = 10_000
TOAST = 200


class _UnknownPress(Exception):
    """A press says what no button below its message says now, and its code does not understand it."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.language = language


class Handlers:
    """The bot's conversation over the use cases of registry.py."""

    def __init__(self, tools: Tools, nudge: Callable[[], None]) -> None:
        """`nudge` wakes the courier (and the chores) after something was queued."""
        self._tools = tools
        self._nudge = nudge
        self._gate = Gate(tools.clock)
        self._administrators: dict[tuple[str, int], tuple[bool, float]] = {}

    def register(self, application: AnyApplication, bot_key: str) -> None:
        """Take every update; PTB hands them over one at a time."""

        async def handle(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
            await self._back(update)
            if await self._moved(update):
                return
            bot = application.bot
            if not self._tools.username:
                self._tools = replace(self._tools, username=bot.username)
            if press := pressed(update):
                press = replace(press, chat_admin=await self._is_chat_admin(bot, press))
                reaction = await in_thread(self._commit_press, press, bot_key, update.update_id)
                self._nudge()
                await _answer_press(bot, press, reaction)
                return
            question = asked(update, bot.username)
            if question is not None:
                question = replace(question, chat_admin=question.chat_admin or await self._is_chat_admin(bot, question))
                await in_thread(self._commit, question, bot_key, update.update_id)
                self._nudge()

        handler: Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]] = handle
        application.add_handler(TypeHandler(Update, handler))

    # --- messages ---

    def _commit(self, question: Asked, bot_key: str, update_id: int) -> None:
        """The effect, the answers and the offset, in one transaction: done once, whatever dies."""
        with self._tools.store.write() as tx:
            if tx.machine.offset(bot_key) > update_id:
                return
            topic_spoke(tx, question.chat)
            self._tools.directory.refresh(tx)
            talk = self._talk(tx, question)
            if talk.private and talk.role:
                speak(tx, talk.chat, question.language)
            answers.queue(talk, self._answers(talk, question))
            if talk.role or self._let_in(talk):
                tx.chats.note(ChatInfo(question.chat.partition("/")[0], question.kind, question.title or question.name))
                tx.chats.name_person(question.user, question.name)
            tx.machine.set_offset(bot_key, update_id + 1)

    def _answers(self, talk: Talk, question: Asked) -> tuple[Answer, ...]:
        """What is said to one message; () where the bot keeps silent."""
        if not question.command and not question.private:
            return ()  # in a group people talk among themselves
        name = SAME_AS.get(question.command, question.command)
        command = COMMANDS.get(name)
        refused = self._gate.refuse(talk, command)
        if refused is True:
            return ()
        if isinstance(refused, Answer):
            return (refused,)
        if command is None:
            return (_unknown(talk, question.command),)
        said = _tuple(command.run(talk))
        return said if talk.role or self._let_in(talk) or self._gate.greets(talk) else ()

    def _let_in(self, talk: Talk) -> bool:
        """Whether a stranger was let in just now."""
        return bool(role_of(talk.tx, self._tools.settings, talk.user, talk.private))

    # --- buttons ---

    def _commit_press(self, press: Pressed, bot_key: str, update_id: int) -> Reaction:
        """The same for a pressed button; what it brings is shown after the commit. A press that no button of ours says
        and nothing understands is undone as a whole."""
        try:
            return self._take_press(press, bot_key, update_id)
        except _UnknownPress as unknown:
            with self._tools.store.write() as tx:
                tx.machine.set_offset(bot_key, max(tx.machine.offset(bot_key), update_id + 1))
            return Reaction(say(unknown.language, "press_unknown"))

    def _take_press(self, press: Pressed, bot_key: str, update_id: int) -> Reaction:
        with self._tools.store.write() as tx:
            self._tools.directory.refresh(tx)
            if tx.machine.offset(bot_key) > update_id:
                return Reaction()
            row = tx.outbox.panel(press.token) if press.token else None
            if row is not None and _same_chat(row.chat, press.chat):
                press = replace(press, chat=row.chat)  # a message whose topic is gone stands in the group itself
            reaction = self._reaction(self._talk(tx, press), press, row)
            tx.machine.set_offset(bot_key, update_id + 1)
            return reaction

    def _reaction(self, talk: Talk, press: Pressed, row: PanelRow | None) -> Reaction:
        """See whether this person may press here, and do it."""
        if row is None or row.chat != press.chat or (row.message_id not in (None, press.message_id) and not row.repeat):
            return Reaction(say(talk.language, "press_unknown"))
        if row.panel.user not in (0, press.user):
            return Reaction(say(talk.language, "press_not_yours"))
        if not talk.role and talk.private:
            return Reaction(visible(replies.stranger(talk.language, talk.user)))
        if not talk.role and press.channel:  # its readers would all get what one of them asked
            return Reaction(say(talk.language, "admins_only"))
        case = PANELS.get(row.panel.kind)
        if case is None:
            return Reaction(say(talk.language, "press_unknown"))
        if self._gate.hurried(talk) is not False:
            return Reaction(say(talk.language, "too_fast"))
        verb, _, argument = press.data.partition(":")
        pressed_panel = Press(row, verb, argument)
        try:
            reaction = case(talk, pressed_panel)
        except (ValueError, LookupError, OverflowError) as error:
            if any(button.data == press.data for buttons in row.rows for button in buttons):
                raise  # a fault of ours: tried again, then set aside and told
            raise _UnknownPress(talk.language) from error
        answers.react(talk, pressed_panel, reaction)
        return reaction

    # --- around both ---

    def _talk(self, tx: Tx, source: Asked | Pressed) -> Talk:
        """Everything a use case may look at."""
        return make_talk(
            self._tools,
            tx,
            source.chat,
            source.user,
            source.private,
            source.language,
            source.chat_admin,
            source if isinstance(source, Asked) else None,
        )

    async def _is_chat_admin(self, bot: Bot, source: Asked | Pressed) -> bool:
        """What Telegram calls this person in a group; asked only where it may matter, and once a minute, so that nobody
        who floods a group makes the bot wait for each message."""
        if source.private or not source.user or (isinstance(source, Asked) and not source.command):
            return False
        place, now = (source.chat.partition("/")[0], source.user), self._tools.clock.monotonic()
        known, until = self._administrators.get(place, (False, 0.0))
        if now < until:
            return known
        try:
            member = await bot.get_chat_member(int(place[0]), source.user)
        except (TelegramError, ValueError):
            return False
        if len(self._administrators) > MOST_KNOWN:
            self._administrators.clear()
        found = member.status in ADMINISTRATORS
        self._administrators[place] = found, now + ADMINISTRATOR_FOR
        return found

    async def _back(self, update: Update) -> None:
        """A chat that blocked or removed the bot and speaks again gets what waited for it."""
        change, chat = update.my_chat_member, update.effective_chat
        if chat is None or (change and change.new_chat_member.status in GONE):
            return
        if await in_thread(self._unpark, str(chat.id), f"@{chat.username}"):
            self._nudge()

    def _unpark(self, chat: str, name: str = "") -> int:
        """`name` is what a watchlist may call a channel or group that no message has reached yet."""
        with self._tools.store.read() as tx:
            keys = (chat, name.casefold())
            parked = [key for key in tx.chats.parked() if key.partition("/")[0].casefold() in keys]
            gone = bool(parked) and chat in removed(tx)
        if not parked or gone:
            return 0
        with self._tools.store.write() as tx:
            return sum(tx.chats.unpark(key, self._tools.clock.now()) for key in parked)

    async def _moved(self, update: Update) -> bool:
        """A group became a supergroup, said in the old one or in the new one: everything of it moves at once."""
        message = update.message
        if message is None:
            return False
        if message.migrate_to_chat_id is not None:
            await in_thread(self._rekey, str(message.chat.id), str(message.migrate_to_chat_id))
        elif message.migrate_from_chat_id is not None:
            await in_thread(self._rekey, str(message.migrate_from_chat_id), str(message.chat.id))
        else:
            return False
        self._nudge()
        return True

    def _rekey(self, old: str, new: str) -> None:
        with self._tools.store.write() as tx:
            tx.outbox.rekey(old, new)


async def _answer_press(bot: Bot, press: Pressed, reaction: Reaction) -> None:
    """Stop the button's waiting sign; a press that became too old for it has had its effect all the same."""
    try:
        await bot.answer_callback_query(press.query, reaction.toast[:TOAST] or None, show_alert=reaction.popup)
    except TelegramError as error:
        log.info("a pressed button could not be answered: %s", type(error).__name__)


def _same_chat(one: str, other: str) -> bool:
    """Whether two keys are of one chat, whatever their topics."""
    return one.partition("/")[0] == other.partition("/")[0]


def _tuple(answer: "Answer | tuple[Answer, ...]") -> tuple[Answer, ...]:
    return answer if isinstance(answer, tuple) else (answer,)


def _unknown(talk: Talk, name: str) -> Answer:
    """A command that does not exist."""
    near = nearest(name, sorted({*COMMANDS, *SAME_AS} - {""}), limit=1)
    return Answer(replies.unknown_command(talk.language, name, near[0] if near else ""))
