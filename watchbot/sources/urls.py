"""Web addresses: which may be asked for, where a redirect leads, and how one may be shown."""

import re
from urllib.parse import quote

from yarl import URL

from watchbot.model.errors import FetchError

LONGEST_URL = 8192
# What a host is made of once yarl has encoded it. Anything else (%31, a space, NUL) is read differently by others.
_HOST = re.compile(r"[a-z0-9_-][a-z0-9._-]*|[0-9a-f:.]+(%25[a-z0-9._-]+)?")

_WITHOUT_HOST = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)


def checked_url(text: str) -> URL:
    """An address that may be asked for at all. Raises FetchError."""
    if len(text) > LONGEST_URL:
        raise FetchError("the address is too long")
    try:
        url = URL(text.strip())
        _port = url.port
    except ValueError:
        raise FetchError("this is no address that can be asked") from None
    if url.scheme not in ("http", "https"):
        raise FetchError("only http and https addresses are fetched")
    if not url.raw_host:
        raise FetchError("the address names no host")
    if not _HOST.fullmatch(url.raw_host):
        raise FetchError("this is no address that can be asked")
    return url


def shown_url(text: str) -> str:
    """An address as it may stand in a log: without user, password and query, on one line."""
    plain = "".join(mark for mark in text.strip() if mark.isprintable())
    bare, question, _query = plain.partition("?")
    bare = bare.partition("#")[0]
    scheme, colon, rest = bare.partition("://")
    place, slash, path = rest.partition("/")
    shown = f"{scheme}{colon}{place.rpartition('@')[2]}{slash}{path}" if colon else bare.rpartition("@")[2]
    return shown[:200] + ("?…" if question else "")


def without_login(url: URL) -> URL:
    """An address without user and password."""
    return url.with_user(None) if url.raw_user is not None or url.raw_password is not None else url


def is_same_place(first: URL, url: URL) -> bool:
    """Whether an address is still the source's own host: the same one, or its safe twin."""
    if (first.scheme, first.raw_host, first.port) == (url.scheme, url.raw_host, url.port):
        return True
    twins = (first.scheme, first.port, url.scheme, url.port) == ("http", 80, "https", 443)
    return first.raw_host == url.raw_host and twins


def next_url(url: URL, location: str) -> URL:
    """Where a redirect leads. A login that stands in it is not taken up: whoever redirects does not choose it."""
    if _WITHOUT_HOST.match(location):
        raise FetchError("it redirects to something that is no address")
    try:
        found = checked_url(str(url.join(URL(_readable(location)))))
    except ValueError:
        raise FetchError("it redirects to something that is no address") from None
    if url.scheme == "https" and found.scheme == "http":
        raise FetchError(f"it redirects from https to http ({shown_url(str(found))})")
    return without_login(found.with_fragment(None))


def _readable(location: str) -> str:
    """A Location header as text: bytes that are no UTF-8 are meant as they are."""
    try:
        location.encode()
    except UnicodeEncodeError:
        return quote(location.encode("utf-8", "surrogateescape"), safe="%/:=&?~#+!$,;'@()*[]")
    return location
