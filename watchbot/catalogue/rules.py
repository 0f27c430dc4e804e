"""Which names are safe to look for in news without asking, and what of a company's full name is only legal form."""

import re
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files

from watchbot.catalogue.keys import is_han, is_hangul, is_kana, is_latin, key

_ENGLISH_FORM = re.compile(
    r"[,\s]+(?:incorporated|inc|corporation|corp|company|companies|co|limited|ltd|plc|llc|l\.l\.c|n\.v|nv|s\.a|sa|s\.p\.a|spa|"
    r"s\.e|se|ag|gmbh|kgaa|a/s|asa|oyj|ab|k\.k|kk|holdings?|group|groupe|gruppe)\.?$",
    re.IGNORECASE,
)
_DANGLING = re.compile(r"(?:[,\s]+(?:&|and|the)|[,\s&]+)$", re.IGNORECASE)
_HAN_FORMS = (
    "股份有限公司", "有限责任公司", "有限責任公司", "股份公司", "有限公司", "股份", "集團", "集团",
    "株式会社", "株式會社", "㈱", "グループ", "ホールディングス", "주식회사", "(주)",
)  # fmt: skip

_FILLERS = ("the", "of", "and")


@cache
def _doubtful() -> dict[str, frozenset[str]]:
    """The hand-kept lists of names that mean too much: common, people, places, everyday; as keys."""
    text = files("watchbot.catalogue").joinpath("data", "doubtful.txt").read_text(encoding="utf-8")
    lists: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in text.splitlines():
        if line.startswith("["):
            current = lists.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            current.update(key(word) for word in line.split())
    return {name: frozenset(words) for name, words in lists.items()}


def strip_form(name: str, words: AbstractSet[str]) -> str:
    """The name without its legal form, or as it is where too little or an everyday word would be left."""
    stripped = name.strip()
    while True:
        shorter = _shorter(stripped)
        if shorter == stripped or not _tells(shorter, words):
            return stripped
        stripped = shorter


def bare_form(name: str) -> str:
    """The name without its legal form, whatever is left: for finding, never for matching."""
    stripped = name.strip()
    while (shorter := _shorter(stripped)) != stripped and shorter:
        stripped = shorter
    return stripped


def _shorter(name: str) -> str:
    """The name with one legal form taken off its end or its head."""
    for form in _HAN_FORMS:
        if name.endswith(form):
            return name.removesuffix(form).strip()
        if name.startswith(form):
            return name.removeprefix(form).strip()
    cut = _ENGLISH_FORM.sub("", name)
    return name if cut == name else _DANGLING.sub("", cut)


def _tells(name: str, words: AbstractSet[str]) -> bool:
    """True where a stripped name still names somebody."""
    han = sum(is_han(char) for char in name)
    return han >= 2 if han else not doubt(name, words)


def doubt(name: str, words: AbstractSet[str]) -> str:
    """Why a name is not safe to look for, in words; "" where it is safe as far as the name alone can tell."""
    letters = [char for char in name if char.isalnum()]
    if any(is_latin(char) for char in letters) or not any(char.isalpha() for char in letters):
        return "" if any(is_han(char) for char in letters) else _doubt_latin(name, len(letters), words)
    if len(letters) <= 2:
        if all(is_han(char) for char in letters):
            return "only two characters"
        if all(is_kana(char) or is_hangul(char) for char in letters):
            return "only two syllables"
    if key(name) in _doubtful()["everyday"]:
        return "an everyday word, or the beginning of one"
    return ""


def _doubt_latin(name: str, letters: int, words: AbstractSet[str]) -> str:
    """`doubt` for a name in Latin letters or of digits alone."""
    if letters < 3:
        return "fewer than three letters"
    if not any(char.isalpha() for char in name):
        return "only digits"
    parts = [part for part in re.split(r"[^\w'’]+", name.casefold()) if part]
    if len(parts) == 1:
        word = parts[0]
        if word in _doubtful()["people"]:
            return "a person's name"
        if word in _doubtful()["places"]:
            return "a place's name"
        if not _acronym(name) and (word in words or word.removesuffix("'s").removesuffix("’s") in words):
            return "a dictionary word"
    telling = [part for part in parts if part not in _FILLERS]
    if len(telling) <= 2 and all(part in _doubtful()["common"] for part in telling):
        return "made of words that many names are made of"
    return ""


def _acronym(name: str) -> bool:
    """True for three to five capitals, which are matched as typed only."""
    return name.isupper() and name.isalpha() and len(name) <= 5
