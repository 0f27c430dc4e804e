"""The bytes of a sent file, from a Bot API server on loopback."""

import pytest

from tests.fakes.botapi import BotApiServer
from watchbot.bot.asked import SentFile
from watchbot.bot.download import downloader
from watchbot.delivery.application import make_bot
from watchbot.model.errors import FetchError, InputError


@pytest.mark.parametrize("body", [b"%PDF-1.7 \xff\x00", b'{"ok": true}', b""])
async def test_the_bytes_arrive_as_they_are(body: bytes) -> None:
    async with BotApiServer() as api:
        api.world.files["f1"] = ("a.bin", body)
        bot = make_bot(api.token, api.url, "", None)
        async with bot:
            assert await downloader(bot)(SentFile("f1", "a.bin", "", len(body))) == body


async def test_what_telegram_does_not_give_is_said_without_the_token() -> None:
    async with BotApiServer() as api:
        bot = make_bot(api.token, api.url, "", None)
        async with bot:
            with pytest.raises(FetchError, match=r"a\.bin: Telegram does not give the file") as told:
                await downloader(bot)(SentFile("unknown", "a.bin", "", 1))
    assert api.token not in str(told.value)


async def test_a_large_file_is_not_asked_for() -> None:
    bot = make_bot("1:a", "http://127.0.0.1:9", "", None)
    with pytest.raises(InputError, match="up to 20 MB"):
        await downloader(bot)(SentFile("f", "big.pdf", "", 30 * 1024 * 1024))
