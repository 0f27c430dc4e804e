"""Logging for the daemon: one line an event on stderr, secrets struck out whatever a library writes."""

import json
import logging
import re
import sys
from typing import TextIO

from typing_extensions import override

_BOT_PATH = re.compile(r"(?<!\d)\d{3,}:[A-Za-z0-9_-]{20,}")
_URL_PASSWORD = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)")
_CODE = re.compile(r"(?<=[?&]start=)[^\s&]+")


def strike(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Replace bot tokens, passwords in addresses, invitation codes and the given secrets by `***`."""
    for secret in secrets:
        if len(secret) >= 6:
            text = text.replace(secret, "***")
    return _CODE.sub("***", _URL_PASSWORD.sub("***", _BOT_PATH.sub("***", text)))


class _Formatter(logging.Formatter):
    """Text or JSON, with every secret struck out, tracebacks included."""

    def __init__(self, form: str, secrets: tuple[str, ...]) -> None:
        """`form` is short, text or json."""
        pattern = "%(levelname)s %(message)s" if form == "short" else "%(asctime)s %(levelname)s %(name)s %(message)s"
        super().__init__(pattern)
        self._form = form
        self._secrets = secrets

    @override
    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        text = super().format(record)
        if self._form == "json":
            entry = {
                "time": self.formatTime(record),
                "level": record.levelname.lower(),
                "logger": record.name,
                "message": record.getMessage(),
            }
            if record.exc_info:
                entry["traceback"] = self.formatException(record.exc_info)
            text = json.dumps(entry, ensure_ascii=False)
        return strike(text, self._secrets)


def set_up(level: str, form: str, secrets: tuple[str, ...] = (), stream: TextIO | None = None) -> None:
    """Send watchbot's log to `stream` (stderr). `form` is auto, text or json; auto is short on a terminal."""
    stream = stream or sys.stderr
    if form == "auto":
        form = "short" if stream.isatty() else "text"
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter(form, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("watchbot").setLevel(level.upper())
    # httpx writes whole Bot API addresses, token included, at INFO
    for name in ("httpx", "httpcore", "aiohttp", "telegram", "alembic", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # it warns of every tick that a slow one swallows, which is what coalescing is for
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
