"""The talk that a message, a press or a chore is part of, made inside its transaction."""

from watchbot.bot.asked import Asked
from watchbot.bot.talk import Talk, Tools
from watchbot.pipeline import commands
from watchbot.pipeline.access import CHIEFS
from watchbot.ports.store import Tx


def make_talk(
    tools: Tools,
    tx: Tx,
    chat: str,
    user: int,
    private: bool,
    language: str,
    chat_admin: bool,
    asked: Asked | None = None,
) -> Talk:
    """Everything a use case may look at; the person's role is looked up anew. `language` is that of their app,
    `chat_admin` whether Telegram calls them an administrator of the group."""
    role = commands.role_of(tx, tools.settings, user, private or chat_admin)
    trusted = role in CHIEFS or (bool(role) and chat_admin)
    view = tools.directory.view(chat)
    said = tx.chats.settings(chat)  # the directory knows those of chats that something reaches
    return Talk(
        tx=tx,
        tools=tools,
        chat=chat,
        user=user,
        private=private,
        role=role,
        may_change=bool(role) if private else trusted,
        language=said.get("language") or (language if private and language else view.language),
        timezone=said.get("timezone") or view.timezone,
        now=tools.clock.now(),
        asked=asked,
    )
