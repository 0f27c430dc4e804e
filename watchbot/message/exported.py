"""What stands in and above the files that /export sends, and what is said of files that were sent to the bot."""

from collections.abc import Sequence

from watchbot.message.errors import said
from watchbot.message.marked import clean, shorten
from watchbot.message.parts import escape
from watchbot.message.watching import bold, shown
from watchbot.message.words import count, listed, say

_PROBLEMS_SHOWN = 10
_PROBLEM_COLUMNS = 200
_LABELS_SHOWN = 20


def sent(language: str, watches: int, rules: int, feeds: int) -> str:
    """Above the files: what is in them."""
    parts = []
    if watches:
        parts.append(count(language, "watch", watches))
    if rules:
        parts.append(count(language, "listing_rule", rules))
    if feeds:
        parts.append(count(language, "listing_feed", feeds))
    key = "listing_export" if watches or feeds else "listing_export_rules"
    return say(language, key, what=listed(language, parts))


def nothing(language: str) -> str:
    """There is nothing of this chat's own."""
    return say(language, "listing_export_nothing")


def head(language: str, chat: str, date: str) -> str:
    """The first comment of a watchlist file."""
    return say(language, "listing_file_head", chat=clean(chat), date=date)


def rules_head(language: str) -> str:
    """The comment above the lines to paste."""
    return say(language, "listing_rules_head")


def rule_head(language: str, watchlist: str, watch: str, off: bool) -> str:
    """The comment above the lines for one watch."""
    name = clean(watchlist) or say(language, "listing_nameless")
    return say(language, "listing_rule_off" if off else "listing_rule_head", watchlist=name, watch=clean(watch))


def digest_sources(language: str, names: Sequence[str]) -> str:
    """The comment that names the sources whose news comes in the digest only."""
    return say(language, "listing_rule_sources", names=listed(language, [clean(name) for name in names]))


def imported(
    language: str, added: Sequence[str], changed: Sequence[str], there: Sequence[str], left: Sequence[str], limit: int
) -> str:
    """What became of a watchlist file."""
    out = []
    for key, labels in (
        ("listing_import_added", added),
        ("listing_import_changed", changed),
        ("listing_import_there", there),
        ("listing_import_left", left),
    ):
        if labels:
            names = [bold(label) for label in labels[:_LABELS_SHOWN]]
            if len(labels) > _LABELS_SHOWN:
                names.append(f"+{len(labels) - _LABELS_SHOWN}")
            total = count(language, "watch", len(labels))
            out.append(say(language, key, total=total, names=listed(language, names), limit=limit))
    return "\n".join(out) or say(language, "listing_import_nothing")


def broken(language: str, name: str, problems: Sequence[str]) -> str:
    """A file that is wrong: every mistake with its line, the first ones."""
    out = [say(language, "listing_broken", name=shown(name))]
    told = [clean(said(language, problem)) for problem in problems[:_PROBLEMS_SHOWN]]
    out += [f"• {escape(shorten(text, _PROBLEM_COLUMNS))}" for text in told]
    if len(problems) > _PROBLEMS_SHOWN:
        out.append(f"+{len(problems) - _PROBLEMS_SHOWN}")
    return "\n".join(out)
