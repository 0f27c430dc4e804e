"""Addresses in a text: names inside a URL, an e-mail address or an @handle are no news of the company."""

import re

_REGION = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'\u2e80-\uffff]+"
    r"|(?<![\w@.])www\.[^\s<>\"'\u2e80-\uffff]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|(?<![\w.])@\w[\w.]{0,60}"
    # A bare host: with a path, or all in lower case. Amazon.com in running text is a name.
    r"|(?<![\w.@-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}(?:com|net|org|io|ai|co|tw|cn|jp|kr|hk|de|uk|gov|edu|info)(?![\w-])(?:/[^\s<>\"'\u2e80-\uffff]*)?"
    # A ticker with a slash is no host: 2317.TW/2330.TW.
    r"|(?<![\w.@-])(?!(?:\d{3,6}[A-Z]?|[A-Z]{1,5})\.(?:TWO?|HK|SS|SZ|T|KS|KQ|US|DE|PA|AS|SW|L|N|OQ?)/)"
    r"(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,6}[A-Za-z]{2,6}/[^\s<>\"'\u2e80-\uffff]+",
    re.ASCII,
)
_QUICK = re.compile("[.@/][A-Za-z0-9_/]")


def regions(cased: str) -> list[tuple[int, int]]:
    """Where the addresses stand in a folded text that kept its case, in order."""
    if _QUICK.search(cased) is None:
        return []
    return [found.span() for found in _REGION.finditer(cased)]
