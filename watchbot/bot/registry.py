"""Every command, every kind of panel and every chore, by name."""

from watchbot.bot import (
    access_talk,
    alert_talk,
    alias_talk,
    batch_talk,
    export_talk,
    feed_talk,
    find_talk,
    list_talk,
    news_talk,
    setting_talk,
    start_talk,
    status_talk,
    watch_talk,
    why_talk,
)
from watchbot.bot.talk import ChoreCase, Command, PressCase

SAME_AS = {"sub": "watch", "unsub": "unwatch", "sources": "feeds", "test": "why"}
_MODULES = (
    access_talk,
    alert_talk,
    alias_talk,
    batch_talk,
    export_talk,
    feed_talk,
    find_talk,
    list_talk,
    news_talk,
    setting_talk,
    start_talk,
    status_talk,
    watch_talk,
    why_talk,
)

COMMANDS: dict[str, Command] = {name: one for module in _MODULES for name, one in module.COMMANDS.items()}
PANELS: dict[str, PressCase] = {name: one for module in _MODULES for name, one in module.PANELS.items()}
CHORES: dict[str, ChoreCase] = {name: one for module in _MODULES for name, one in module.CHORES.items()}
