"""The bytes of a file that a person sent."""

from collections.abc import Awaitable, Callable

import telegram
from telegram.error import TelegramError

from watchbot.bot.asked import SentFile
from watchbot.model.errors import FetchError, InputError

LARGEST = 20 * 1024 * 1024  # the Bot API gives no larger ones


def downloader(bot: telegram.Bot) -> Callable[[SentFile], Awaitable[bytes]]:
    """A function that fetches a sent file; InputError where it is too large, FetchError where Telegram fails."""

    async def download(sent: SentFile) -> bytes:
        if sent.size > LARGEST:
            raise InputError(f"{sent.name}: {sent.size // 1024 // 1024} MB; a bot can read files of up to 20 MB")
        try:
            file = await bot.get_file(sent.id)
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise FetchError(f"{sent.name}: Telegram does not give the file ({type(error).__name__})") from None

    return download
