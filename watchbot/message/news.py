"""What is said about what people send: taken in as news, read before, not to be read; and to short questions."""

from collections.abc import Mapping, Sequence

from watchbot.message.feeds import error_text, host
from watchbot.message.parts import foreign
from watchbot.message.words import count, reason, say
from watchbot.model.reason import Reason

_HEADLINE_COLUMNS = 60
_SKIPPED = 3


def reading(language: str, what: str = "") -> str:
    """While something is read; `what` is a file's name or an address, "" for a text."""
    if not what:
        return say(language, "news_moment")
    shown = host(what) if "://" in what else what
    return say(language, "news_reading", what=_shown(shown))


def taken(
    language: str, items: int, reasons: Mapping[Reason, int], untold: str, skipped: Sequence[str] = (), page: str = ""
) -> str:
    """What came of something that was sent: how many items, how many were told, how many not and why. `page`: the
    address it was read from; `untold` is the headline of one that was not told."""
    total = count(language, "item", items)
    out = [
        say(language, "news_page", place=_shown(host(page)), items=total)
        if page
        else say(language, "news_taken", items=total)
    ]
    for why, number in sorted(reasons.items(), key=lambda pair: (not pair[0].tells, not pair[0].holds, -pair[1])):
        sign = "🔔" if why.tells else "⏸" if why.holds else "·"
        out.append(
            say(language, "news_reason", sign=sign, items=count(language, "item", number), why=reason(language, why))
        )
    out += [say(language, "news_skipped", what=error_text(language, text)) for text in skipped[:_SKIPPED]]
    if untold:
        out.append(say(language, "news_why", headline=_shown(untold.partition("\n")[0])))
    return "\n".join(out)


def again(language: str) -> str:
    """The same was sent before."""
    return say(language, "news_again")


def for_everyone(language: str, items: int, alerts: int) -> str:
    """An admin's news was taken in for everyone."""
    return say(
        language, "news_everyone", items=count(language, "item", items), alerts=count(language, "sent_alert", alerts)
    )


def failed(language: str, error: str) -> str:
    """What was sent cannot be read."""
    return say(language, "news_failed", error=error_text(language, error))


def too_large(language: str, name: str, megabytes: int) -> str:
    """A file beyond what a bot may read."""
    return say(language, "news_too_large", name=_shown(name), size=megabytes)


def unreadable(language: str) -> str:
    """To a picture, a voice message, a sticker."""
    return say(language, "news_unreadable")


def keyed(language: str) -> str:
    """To a link that holds a password or key."""
    return say(language, "news_keyed")


def known(language: str, name: str, watched: bool) -> str:
    """To a line that names somebody."""
    return say(language, "ask_watched" if watched else "ask_known", name=_shown(name))


def unknown(language: str, text: str, near: bool) -> str:
    """To a line that names nobody known."""
    out = [say(language, "ask_unknown", text=_shown(text))]
    if near:
        out.append(say(language, "ask_near"))
    return "\n".join(out)


def _shown(text: str) -> str:
    return foreign(text, _HEADLINE_COLUMNS)
