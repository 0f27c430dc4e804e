"""Smart case: how much the case of a found name counts, decided once per term.

Typed all in lower case: any case. An acronym of up to five letters (AEC, ARM, AI): exactly as typed. Every word a
dictionary word (Apple, Delta, Quanta): capitalised or all in capitals. Anything else: any case.
"""

import html
import re
import unicodedata
from enum import Enum

from watchbot.model.watch import Case

ACRONYM = 5
_WORD = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]\b")
_TAG = re.compile(r"<[^<>]*>")


class CaseRule(Enum):
    """What the case of a found piece of text must be."""

    ANY = "any"
    EXACT = "exact"
    CAPITAL = "capital"


def rule(term: str, case: Case, words: frozenset[str]) -> CaseRule:
    """The rule for one term as typed. Scripts without case (CJK), alone or mixed in, make case not count."""
    if case is Case.ANY:
        return CaseRule.ANY
    if case is Case.EXACT:
        return CaseRule.EXACT
    plain = unicodedata.normalize("NFKC", term)
    letters = [c for c in plain if c.isalpha()]
    if plain == plain.lower() or any(c.lower() == c.upper() for c in letters):
        return CaseRule.ANY
    if len(letters) <= ACRONYM and all(c.isupper() for c in letters):
        return CaseRule.EXACT
    if all(_bare(word) in words for word in _words(plain)):
        return CaseRule.CAPITAL
    return CaseRule.ANY


def holds(rule: CaseRule, term: str, found: str) -> bool:
    """Whether the original text `found` satisfies the rule; entities, tags, a possessive and a suffix are ignored.

    A word of the term that was typed in lower case (Bed Bath and Beyond) may stand in lower case.
    """
    if rule is CaseRule.ANY:
        return True
    wanted = _words(unicodedata.normalize("NFKC", term))
    there = _words(unicodedata.normalize("NFKC", _TAG.sub("", html.unescape(found))))
    if rule is CaseRule.EXACT:
        return _bare_case("".join(wanted)) in _bare_case("".join(there))
    small = {word for word in wanted if word == word.lower()}
    return all(word[0].isupper() or word in small for word in there[: len(wanted)])


def _words(text: str) -> list[str]:
    """Runs of letters, without a possessive."""
    return _WORD.findall(_POSSESSIVE.sub("", text))


def _bare_case(word: str) -> str:
    """The word without accents and invisible marks."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if c.isalpha())


def _bare(word: str) -> str:
    """The word as the dictionary has it: lower case, no accents."""
    return _bare_case(word).lower()
