"""Addresses as they may stand in a database, log or message: passwords and keys struck out.

A struck-out address ends in `#` and a hash of the whole one, so two sources that differ only in their key stay two.
"""

import re
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

_SECRET = re.compile(
    r"((?:^|&)(?:[\w-]*(?:key|token|secret|passw(?:or)?d|signature)|auth|sig|pwd|pass|code)=)[^&]+", re.IGNORECASE
)


def without_secrets(address: str) -> str:
    """The address without user, password and the values of parameters that are named like keys."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not parts.scheme or not parts.netloc:
        return address
    place = parts.netloc.rpartition("@")[2]
    query = _SECRET.sub(r"\1***", parts.query)
    if (place, query) == (parts.netloc, parts.query):
        return address
    mark = sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return urlunsplit((parts.scheme, place, parts.path, query, mark))
