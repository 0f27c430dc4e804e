"""The rules one hit must pass. Each says in words why it stops a hit; "" lets it through."""

import re
from dataclasses import dataclass

from watchbot.matching.accidents import is_accident
from watchbot.matching.case import CaseRule, holds
from watchbot.matching.scan import Scan
from watchbot.matching.suffixes import SUFFIX_TOKENS
from watchbot.matching.terms import Entry, ticker_forms
from watchbot.model.watch import Case, Kind
from watchbot.text.tokens import is_cjk, is_hangul, is_katakana, is_single

LONGEST_GAP = 64
# "us: ARM" and "she: 000001" are no exchanges; those of four letters and more (and a colon) are.
_SHORT_EXCHANGE = 4
_LOOSE = re.compile(r"[\s\-_]+")
_COMPOUND = re.compile(r"-([a-z]{2,})")
# What is joined to the name of a company; beside it anything that ends in -ed (Apple-backed).
_WITH_NAMES = frozenset(
    [
        "led",
        "made",
        "run",
        "built",
        "own",
        "style",
        "like",
        "only",
        "wide",
        "sized",
        "era",
        "parent",
        "supplier",
        "suppliers",
        "maker",
        "makers",
        "partner",
        "partners",
        "affiliate",
        "affiliates",
        "unit",
        "units",
        "subsidiary",
        "branded",
        "friendly",
        "exclusive",
        "free",
        "compatible",
        "certified",
        "ready",
        "specific",
        "rival",
        "rivals",
        "killer",
        "heavy",
        "to",
        "and",
        "or",
        "versus",
        "vs",
        "centric",
        "co",
        "bound",
        "sold",
        "founder",
        "owner",
        "aligned",
        "type",
        "level",
    ]
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_SPACED_DASH = re.compile(r"\s-+\s")
_LEGAL = frozenset(token for form in SUFFIX_TOKENS for token in form)
_SIMPLE_GAPS = frozenset({"", " ", "-", "\n"})

PARAGRAPH = "its words stand in different paragraphs or sentences"
ADDRESS = "inside an address"
ACCIDENT = "two-character accident: the characters belong to other words"
OVERLAP = "its characters are the end of one word and the beginning of another"
COMPOUND = "part of a longer word written with a hyphen"
KATAKANA = "the end of a longer katakana word"
HANGUL = "the end of a longer Korean word"
SIGNS = "without the signs that belong to the name, or part of a name written with signs"
BARE_TICKER = "a bare code without its market or exchange"


@dataclass(slots=True, eq=False)
class Found:
    """An entry that stands in a field: tokens first..last (exclusive), folded text start..end."""

    entry: Entry
    scan: Scan
    first: int
    last: int
    start: int
    end: int
    kind: Kind
    score: float = 1.0


def locate(entry: Entry, scan: Scan, first: int) -> Found:
    """The place of an entry whose tokens begin at token place `first`."""
    size = len(entry.tokens)
    start = scan.start(first)
    end = scan.end(first + size - 1)
    return Found(entry, scan, first, first + size, start, end, entry.kind)


def check(found: Found) -> str:
    """Why this hit does not count; "" where it does. May widen the hit by signs."""
    entry, scan = found.entry, found.scan
    if entry.kind is Kind.TICKER:
        return _ticker(found)
    if found.first == found.last:
        return ADDRESS if _in_address(found) else ""
    if len(entry.tokens) > 1 and not _gaps_hold(found):
        return PARAGRAPH if entry.signs is None else SIGNS
    if not _signs_hold(found):
        return SIGNS
    if _in_address(found):
        return ADDRESS
    urls = entry.owner.watch.options.urls and (scan.field == "url" or scan.masked(found.start, found.end))
    if not urls and (len(entry.tokens) > 1 or entry.rule is CaseRule.CAPITAL) and _compound(found):
        return COMPOUND
    token = entry.tokens[0]
    if not token.isascii() and is_single(token):
        reason = _unspaced(found)
        if reason:
            return reason
    if entry.rule is not CaseRule.ANY and not urls:
        return _case(found)
    return ""


def _in_address(found: Found) -> bool:
    """Whether the hit lies in an address, and neither the watch asks for those nor the name is that very host."""
    if found.entry.owner.watch.options.urls:
        return False
    region = found.scan.region(found.start, found.end)
    if region is None:
        return False
    signs = found.entry.signs
    return not (signs and "." in signs.gaps and region == (found.start, found.end))


def _compound(found: Found) -> bool:
    """Whether a word goes on after the name with a hyphen: Meta-analysis, Apple co-founder; Apple-made is the name."""
    end = found.end
    if not found.scan.folded.text.startswith("-", end):
        return False
    word = _COMPOUND.match(found.scan.folded.cased, end)
    if word is None:
        return False
    if len(found.entry.tokens) > 1:
        return found.entry.tokens[-1] in _LEGAL
    return not (word[1].endswith("ed") or word[1] in _WITH_NAMES)


def _case(found: Found) -> str:
    """Whether the case is as the term asks."""
    there = found.scan.folded.cased[found.start : found.end]
    if holds(found.entry.rule, found.entry.base, there):
        return ""
    if found.entry.rule is CaseRule.CAPITAL and there == there.lower():
        return "written in lower case, as the common word is"
    return f"written {there!r}, and the case of {found.entry.base!r} counts"


def _unspaced(found: Found) -> str:
    """Edges of names in scripts without spaces."""
    scan, tokens = found.scan, found.entry.tokens
    token = tokens[0]
    before = scan.folded.text[found.start - 1 : found.start]
    if before:
        if is_katakana(token) and is_katakana(before):
            return KATAKANA
        if is_hangul(token) and is_hangul(before):
            return HANGUL
        after = scan.folded.text[found.end : found.end + 1]
        if _is_han(token) and _is_han(before) and after and is_katakana(tokens[-1]) and is_katakana(after):
            # 関東レストラン holds 東レ as little as 京セラ stands in 東京セラミックス.
            return OVERLAP
    options = found.entry.owner.watch.options
    if options.case is Case.EXACT or len(tokens) > 2 or not all(map(_is_han, tokens)):
        return ""
    return ACCIDENT if is_accident(scan.folded.text, found.start, found.end) else ""


def _is_han(token: str) -> bool:
    return len(token) == 1 and is_cjk(token) and not "\u3040" <= token <= "\u30ff"


def _gaps_hold(found: Found) -> bool:
    """Whether only what may stand inside a name stands between its tokens."""
    scan, tokens, signs = found.scan, found.entry.tokens, found.entry.signs
    wanted = signs.gaps if signs else ()
    if not wanted and found.end - found.start == sum(map(len, tokens)):
        return True  # written without any gap, as names in unspaced scripts nearly always are
    for at in range(len(tokens) - 1):
        gap = scan.gap(found.first + at)
        left, right = tokens[at], tokens[at + 1]
        want = wanted[at] if wanted else ""
        unspaced = not left.isascii() and not right.isascii() and is_single(left) and is_single(right)
        if unspaced and gap:
            if not _apart(gap, found, want):
                return False
        elif not ((gap in _SIMPLE_GAPS and not want) or _gap_holds(gap, want, left, right)):
            return False
    return True


def _apart(gap: str, found: Found, want: str) -> bool:
    """A gap between two characters of an unspaced script: a dot, a line's end, or spaced-out letters."""
    core = _LOOSE.sub("", gap)
    if core:
        return core in ("\u00b7", want)
    if want and want != "\u00b7":
        return False
    if gap == "\n" or (gap == " " and is_hangul(found.entry.tokens[0])):
        return True
    return len(gap) <= 2 and gap.count("\n") < 2 and (want != "" or found.scan.letter_spaced(found.first, found.last))


def _gap_holds(gap: str, want: str, left: str, right: str) -> bool:
    """A gap that is not simply a space, a hyphen or nothing."""
    if len(gap) > LONGEST_GAP or (gap.count("\n") > 1 and _BLANK_LINE.search(gap)) or _SPACED_DASH.search(gap):
        return False
    core = _LOOSE.sub("", gap)
    if core == want:
        return True
    if not core:
        return not any(sign in want for sign in "&+#*@'")
    if core == ".":
        return len(left) <= 3 or right in _LEGAL
    if right in _LEGAL:
        return core in (",", ".,", "(", "/")
    return core == "\u00b7" or (core == "'" and not want)


def _signs_hold(found: Found) -> bool:
    """Whether the signs of the name stand there, and no other signs that make it another name."""
    text, signs = found.scan.folded.text, found.entry.signs
    lead, trail = (signs.lead, signs.trail) if signs else ("", "")
    if lead:
        if not text.startswith(lead, found.start - len(lead)) or found.start < len(lead):
            return False
        if text[max(0, found.start - len(lead) - 1) : found.start - len(lead)].isalnum():
            return False
        found.start -= len(lead)
    if trail:
        if not text.startswith(trail, found.end):
            return False
        found.end += len(trail)
    elif signs and signs.mark and text.startswith("!", found.end):
        found.end += 1
    tokens = found.entry.tokens
    if len(tokens[0]) <= 2 and not lead and tokens[0].isascii():
        before = text[max(0, found.start - 2) : found.start]
        if before.endswith("&") and before[0].isalnum():
            return False
    if len(tokens[-1]) <= 2 and not trail and tokens[-1].isascii():
        after = text[found.end : found.end + 2]
        if after in ("++", "#") or after[:1] == "#" or (after[:1] == "&" and after[1:].isalnum()):
            return False
    if found.start and text[found.start - 1] in "#$":
        found.start -= 1
    return True


def _ticker(found: Found) -> str:
    """A ticker counts in one of its written forms; the hit becomes that form."""
    scan, entry = found.scan, found.entry
    cased = scan.folded.cased
    if _in_address(found):
        return ADDRESS
    forms, _codes = ticker_forms(entry.term)
    code = cased[found.start : found.end]
    best: tuple[int, int] | None = None
    for form in forms:
        at = form.find(code)
        while at >= 0:
            start = found.start - at
            end = start + len(form)
            if start >= 0 and _written(cased, form, start, at) and _clear(cased, start, end):
                if best is None or end - start > best[1] - best[0]:
                    best = (start, end)
                break
            at = form.find(code, at + 1)
    if best is None:
        return BARE_TICKER
    found.start, found.end = best
    return ""


def _written(cased: str, form: str, start: int, code: int) -> bool:
    """Whether the form stands at `start`; an exchange before the code may be written in any case (Nasdaq: AAPL)."""
    if cased.startswith(form, start):
        return True
    exchange = form[:code]
    if code <= _SHORT_EXCHANGE or ":" not in exchange or not cased.startswith(form[code:], start + code):
        return False
    return cased[start : start + code].upper() == exchange


def _clear(text: str, start: int, end: int) -> bool:
    """Whether no Latin letter or digit touches this piece."""
    left = text[start - 1] if start else ""
    right = text[end] if end < len(text) else ""
    outer_left = left.isalnum() and not is_single(left) and text[start].isalnum()
    outer_right = right.isalnum() and not is_single(right)
    return not outer_left and not outer_right


def code_after(found: Found) -> Found | None:
    """The bare code of one of the watch's tickers in brackets right after a name: 鴻海(2317), Apple (AAPL)."""
    tickers = found.entry.owner.watch.tickers
    if not tickers or found.entry.kind is Kind.TICKER or found.first == found.last:
        return None
    scan = found.scan
    end = scan.end(scan.after_suffix(found.last) - 1)
    inside, place = scan.bracket_after(end)
    if not inside:
        return None
    for ticker in tickers:
        for code in ticker_forms(ticker)[1]:
            if inside.startswith(code) and not inside[len(code) : len(code) + 1].isalnum():
                entry = Entry(found.entry.owner, ticker, ticker, found.entry.tokens, Kind.TICKER, CaseRule.EXACT, None)
                return Found(entry, scan, found.last, found.last, place, place + len(code), Kind.TICKER)
    return None


def joined(entry: Entry, scan: Scan, start: int, end: int) -> Found:
    """A hit on a hashtag that writes a name of several words as one: it has a place, but no tokens of its own."""
    return Found(entry, scan, 0, 0, start, end, entry.kind)
