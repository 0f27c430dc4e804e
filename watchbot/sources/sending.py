"""What a request says: who we are, what we have already, and a source's own headers to its own host."""

import re
from base64 import b64encode
from collections.abc import Mapping

from yarl import URL

from watchbot.model.errors import FetchError, UsageError
from watchbot.ports.fetcher import FetchRequest
from watchbot.sources.unpack import ACCEPTED

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.5, */*;q=0.1"
)
LONGEST_VALIDATOR = 2048
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# What belongs to the connection, or is ours to say.
_NOT_THEIRS = frozenset(
    {
        *("host", "connection", "keep-alive", "content-length", "transfer-encoding", "te", "trailer", "upgrade"),
        *("expect", "accept-encoding", "range", "if-none-match", "if-modified-since"),
        *("proxy-authorization", "proxy-connection"),
    }
)


def standing_headers(user_agent: str) -> dict[str, str]:
    """What every request says. Raises UsageError."""
    if not user_agent.isprintable():
        raise UsageError("fetch.user_agent must be one line of text")
    return {"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPTED}


def validators(request: FetchRequest) -> dict[str, str]:
    """What we have already, told back in the server's own words."""
    headers = {}
    if request.etag and (text := _sendable(request.etag)):
        headers["If-None-Match"] = text
    if request.last_modified and (text := _sendable(request.last_modified)):
        headers["If-Modified-Since"] = text
    return headers


def own_headers(headers: Mapping[str, str], url: URL) -> dict[str, str]:
    """A source's own headers and the login of its address, which only its own host may see. Raises FetchError."""
    own: dict[str, str] = {}
    if url.raw_user is not None or url.raw_password is not None:
        login = f"{url.user or ''}:{url.password or ''}"
        own["Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
    for name, value in headers.items():
        if not _NAME.fullmatch(name):
            raise FetchError("one of its own headers has a name that is none: letters, digits and hyphens")
        if name.lower() in _NOT_THEIRS:
            raise FetchError(f"its own header {name} cannot be set: it belongs to the connection")
        if not value.isprintable():
            raise FetchError(f"its own header {name} must be one line")
        own["Authorization" if name.lower() == "authorization" else name] = value
    return own


def _sendable(value: bytes) -> str:
    """A validator as a header; "" where it cannot be sent back byte for byte."""
    if len(value) > LONGEST_VALIDATOR:
        return ""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""
