"""Asking through a proxy: which ones can be used, and what went wrong there in words that keep its password."""

import aiohttp
from yarl import URL

from watchbot.model.errors import FetchError
from watchbot.sources.answers import in_words
from watchbot.sources.urls import checked_url


def checked_proxy(text: str) -> URL:
    """A proxy's address. Raises FetchError."""
    scheme = text.strip().partition("://")[0].lower()
    if scheme.startswith("socks"):
        raise FetchError("the proxy is a SOCKS proxy, which is not supported: name an http proxy")
    try:
        return checked_url(text)
    except FetchError:
        raise FetchError("the proxy must be an address such as http://proxy.example:3128") from None


def proxy_fault(error: Exception) -> FetchError | None:
    """The error where it was the proxy that failed, None where it was not."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        words = "asks for a login" if error.status == 407 else "does not let us through"
        return FetchError(f"the proxy {words} (HTTP {error.status})")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return FetchError(f"the proxy cannot be reached: {in_words(error)}")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError("the proxy's name cannot be found")
    return None
