"""The first words with Telegram: getMe until it answers."""

import asyncio
import logging
from collections.abc import Callable

import telegram
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from watchbot.bot.poller import BACKOFF, AnyApplication
from watchbot.model.errors import WatchbotError

log = logging.getLogger(__name__)

SURE_AFTER = 3  # InvalidToken also comes from any 404, such as a proxy's: believe it the third time


async def connect(application: AnyApplication, unwell: Callable[[str], None]) -> str:
    """Initialise the application, trying for ever; gives the bot's username."""
    failures = 0
    said = ""
    while True:
        try:
            await application.initialize()
            return str(application.bot.username)
        except InvalidToken:
            failures += 1
            sure = failures >= SURE_AFTER
            words = "the token is not accepted; put the right one in telegram.token" if sure else "no connection yet"
        except TelegramError as error:
            failures += 1
            words = f"Telegram does not answer ({type(error).__name__})"
        unwell(words)
        if words != said:
            log.warning("telegram: %s", words)
        said = words
        await asyncio.sleep(BACKOFF[min(failures - 1, len(BACKOFF) - 1)])


def username(token: str, api_url: str, proxy: str) -> str:
    """Ask once for the bot's own name; WatchbotError in words where Telegram does not answer."""

    async def ask() -> str:
        bot = telegram.Bot(token, base_url=f"{api_url.rstrip('/')}/bot", request=HTTPXRequest(proxy=proxy or None))
        async with bot:
            return bot.username

    try:
        return asyncio.run(ask())
    except TelegramError as error:
        raise WatchbotError(f"Telegram does not answer as this bot ({type(error).__name__}); check the token") from None
