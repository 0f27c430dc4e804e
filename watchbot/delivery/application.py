"""python-telegram-bot set up our way: no updater, no job queue, long timeouts, and a token that is never logged."""

import json
import logging
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from telegram.error import NetworkError
from telegram.ext import Application, ApplicationBuilder, BaseRateLimiter, ExtBot
from telegram.request import HTTPXRequest
from typing_extensions import override

from watchbot.delivery.outcome import Paused
from watchbot.pipeline.access import fill_in

CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 40.0
POOL_SECONDS = 10.0
UPDATES_MARGIN = 10.0  # a long poll may come back this much later than it was asked to
CONNECTIONS = 64
_FILE = "GET"  # calls are POST; what is fetched is the bytes of a sent file
_TOO_MANY = 429
_OK = 200


def make_application(
    token: str, api_url: str, proxy: str, limiter: BaseRateLimiter[int] | None
) -> Application[Any, Any, Any, Any, Any, Any]:
    """An application to add handlers to; `initialize()` calls getMe. `application.bot` is what senders use."""
    quiet_http()
    return ApplicationBuilder().bot(make_bot(token, api_url, proxy, limiter)).updater(None).job_queue(None).build()


class Bot(ExtBot[Any]):
    """The library's bot, which also gives updates as Telegram wrote them, and puts codes of invitations into messages
    at the last moment: outbox and log never hold them."""

    __slots__ = ()

    @override
    async def _do_post(self, endpoint: str, data: dict[str, Any], **seconds: Any) -> Any:
        """Make any call; `seconds` are its timeouts."""
        if isinstance(text := data.get("text"), str):
            data["text"] = fill_in(text, self.token)
        return await super()._do_post(endpoint, data, **seconds)

    async def raw_updates(self, offset: int, seconds: int, kinds: list[str]) -> list[dict[str, Any]]:
        """Long-poll for at most so many seconds. The library's own method fails for all updates where it cannot read
        one of them, and logs every one of them whole."""
        data = {"offset": offset, "timeout": seconds, "allowed_updates": kinds}
        return list(await self._post("getUpdates", data, read_timeout=seconds + UPDATES_MARGIN))


def make_bot(token: str, api_url: str, proxy: str, limiter: BaseRateLimiter[int] | None) -> Bot:
    """The bot alone. `api_url` is any Bot API server, `proxy` "" or an address."""
    quiet_http()
    base = api_url.rstrip("/")
    return Bot(
        token=token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_request(base, proxy, CONNECTIONS),
        get_updates_request=_request(base, proxy, 2),
        rate_limiter=limiter,
    )


def quiet_http() -> None:
    """httpx writes every address it calls to the log, and the address holds the token."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _request(base: str, proxy: str, connections: int) -> "Request":
    """One pool of connections. A server on this machine is never asked through the environment's proxy."""
    return Request(
        connection_pool_size=connections,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        pool_timeout=POOL_SECONDS,
        media_write_timeout=ANSWER_SECONDS,
        proxy=proxy or None,
        httpx_kwargs={"trust_env": False} if _local(base) else None,
    )


class Request(HTTPXRequest):
    """The library's transport with two of its answers made quieter: 429 and what is no JSON.

    Its own RetryAfter warns on creation that an attribute will change, and a body that is no JSON is logged whole.
    """

    __slots__ = ()

    @override
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make the call; raise for a 429 and for a 200 that Telegram cannot have given."""
        code, payload = await super().do_request(*args, **kwargs)
        if code == _TOO_MANY:
            raise Paused(_retry_after(payload))
        if payload.lstrip()[:1] == b"{" or (code == _OK and kwargs.get("method") == _FILE):
            return code, payload
        if code == _OK:
            raise NetworkError("the answer is no JSON")
        return code, b"{}"


def _retry_after(payload: bytes) -> float:
    """The seconds a 429 asks for; one where it does not say."""
    try:
        return max(1.0, float(json.loads(payload)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return 1.0


def _local(base: str) -> bool:
    """Whether the server runs on this machine."""
    host = urlsplit(base).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
