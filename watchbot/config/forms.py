"""Texts that must have a form: addresses, chats, zones, headers, times. Each gives a value or raises InputError.

No message repeats the text: the caller quotes it where it is not a secret.
"""

import re
from urllib.parse import urlsplit

from watchbot.config.environment import is_zone
from watchbot.model import schedule
from watchbot.model.errors import InputError

_CHAT = re.compile(r"-?[1-9][0-9]{0,18}(/[1-9][0-9]{0,18})?|@[A-Za-z][A-Za-z0-9_]{2,31}(/[1-9][0-9]{0,18})?")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]@]+):([0-9]{1,5})")
_NAME = re.compile(r"[^\s@/\-0-9][^\s/@]*")


def url(text: str) -> str:
    """An http(s) address."""
    _split(text, ("http", "https"))
    return text


def base_url(text: str) -> str:
    """An http(s) address that others are built from: without the slash at its end."""
    return url(text).rstrip("/")


def search_url(text: str) -> str:
    """An http(s) address with a place for the question."""
    if "{query}" not in text:
        raise InputError("needs {query} where the company's name goes")
    return url(text)


def proxy(text: str) -> str:
    """The address of a proxy."""
    _split(text, ("http", "https", "socks5", "socks5h"))
    return text


def source_proxy(text: str) -> str:
    """The address of a proxy that sources are asked through: their fetching speaks to HTTP proxies only."""
    if proxy(text).lower().startswith("socks"):
        raise InputError("a source is asked through an http:// proxy; SOCKS is only for telegram")
    return text


def _split(text: str, schemes: tuple[str, ...]) -> None:
    """Check the parts of an address."""
    if any(char.isspace() or not char.isprintable() for char in text):
        raise InputError("an address holds no spaces")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise InputError("this is not a valid address") from None
    if parts.scheme.lower() not in schemes or not host:
        raise InputError(f"an address begins with {' or '.join(scheme + '://' for scheme in schemes[:2])}")


def token(text: str) -> str:
    """A secret in one word."""
    if any(char.isspace() or not char.isprintable() for char in text):
        raise InputError("a token is one word without spaces")
    return text


def header_name(text: str) -> str:
    """The name of an HTTP header."""
    if not _HEADER.fullmatch(text):
        raise InputError("a header's name is letters, digits and hyphens")
    return text


def header_value(text: str) -> str:
    """The value of an HTTP header: one line."""
    if not text.isprintable():
        raise InputError("a header's value is one line")
    return text


def line(text: str) -> str:
    """A text of one line."""
    if not text.isprintable():
        raise InputError("must be one line")
    if len(text) > 500:
        raise InputError("must be at most 500 characters")
    return text


def ticker(text: str) -> str:
    """A stock code in its canonical form."""
    from watchbot.matching.tickers import canonical

    return canonical(text)


def chat_id(text: str) -> str:
    """A chat: 1001, -100200/7 (with a forum topic), @channel."""
    if not _CHAT.fullmatch(text):
        raise InputError('a chat id is a number ("-100200/7" with a topic) or @channel')
    return text


def is_chat_id(text: str) -> bool:
    """Whether the text is a chat id by its form."""
    return _CHAT.fullmatch(text) is not None


def chat_name(text: str) -> str:
    """A name for a chat."""
    if text in ("console", "owner"):
        raise InputError("console and owner have a meaning of their own")
    if not _NAME.fullmatch(text) or not text.isprintable() or len(text) > 64:
        raise InputError("a chat's name is one word that begins with a letter")
    return text


def zone(text: str) -> str:
    """A time zone by its IANA name."""
    if is_zone(text):
        return text
    from zoneinfo import available_timezones

    from watchbot.text.nearest import nearest

    found = nearest(text[:60], sorted(available_timezones()), 1)
    raise InputError("a time zone is written Asia/Taipei" + (f"; did you mean {found[0]}?" if found else ""))


def quiet_hours(text: str) -> str:
    """One entry of quiet hours, kept as written."""
    if text != "off":
        schedule.quiet_rule(text)
    return text


def digest_time(text: str) -> str:
    """One entry of digest_at, kept as written."""
    schedule.digest_time(text)
    return text


def listen(text: str) -> tuple[str, int]:
    """Where to listen: host and port."""
    host, port = _host_port(text, 0)
    return host.strip("[]"), port


def private(text: str) -> str:
    """An exception to the private-address ban: exactly one host and port."""
    host, port = _host_port(text, 1)
    return f"{host.lower()}:{port}"


def _host_port(text: str, least: int) -> tuple[str, int]:
    """host:port, the host of an IPv6 address in brackets."""
    found = _HOST_PORT.fullmatch(text)
    if not found or not least <= int(found[2]) <= 65535:
        raise InputError("must be host:port, such as 127.0.0.1:8765")
    return found[1], int(found[2])
