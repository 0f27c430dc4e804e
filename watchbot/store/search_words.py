"""Texts and questions as words that a full text index finds exactly, whatever it knows of languages.

Folded text (case, accents, width, simplified Han) is cut into words; a run of characters of a script without spaces
becomes the pairs that overlap in it and its last character: 台積電 -> 台积 积电 电. So any run of two and more is a
phrase of pairs, and a single character is what one of the words begins with.

    text -> prepare -> "word word word"                question -> phrases -> (words, begins) in that order
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from watchbot.matching.suffixes import SUFFIX_TOKENS
from watchbot.text.fold import fold
from watchbot.text.tokens import is_single, split

BETWEEN = "¦"  # a word that no text has: no phrase leads from the title into the body
LONG = "†"  # neither has any text this one: the item is not wholly in the index, so its text is always looked at
LONGEST_WORD = 100
LONGEST_TEXT = 60_000  # characters: what PostgreSQL keeps of one text is limited to a megabyte
MOST_WORDS = 16_000  # it counts places up to 16383
MOST_PLACES = 250  # and keeps 255 of them for each word

_PART = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+)')
# A listing: the exchange stands before or after its code, or not at all.
_LISTING = re.compile(r"(?:[A-Za-z]{2,6}:)?([0-9]{4,6})(?:[.:][A-Za-z]{1,3})?")
_INNER = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand beside each other in this order; with `begins` the last one only begins so."""

    words: tuple[str, ...]
    begins: bool = False

    def stands_in(self, prepared: str) -> bool:
        """Whether a prepared text holds it."""
        return f" {' '.join(self.words)}{'' if self.begins else ' '}" in f" {prepared} "


def prepare(title: str, body: str) -> str:
    """The words of a whole item, a space apart."""
    return " ".join([*_words(_tokens(title)), BETWEEN, *_words(_tokens(body))])


def indexed(title: str, body: str) -> list[str]:
    """The words of an item that go into the index, LONG behind them where it cannot hold all."""
    words = prepare(title[:LONGEST_TEXT], body[:LONGEST_TEXT]).split()
    whole = max(len(title), len(body)) <= LONGEST_TEXT and len(words) <= MOST_WORDS
    words = _fitting(words)[:MOST_WORDS]
    most = max(Counter(words).values(), default=0)
    if not whole or most > MOST_PLACES or sum(map(len, words)) >= LONGEST_TEXT * 2:
        words.append(LONG)
    return words


def phrases(question: str) -> list[Phrase]:
    """What somebody searches: every word, and every "phrase" in quotes as it stands. No sign means anything else."""
    parts = (found[1] or found[2] or "" for found in _PART.finditer(question))
    return list(dict.fromkeys(phrase for part in parts if (phrase := _phrase(_tokens(part)))))


def variants(term: str) -> list[Phrase]:
    """How a name may stand in a text: with its words together or apart, with more letters behind the last one, with
    another legal form or none; a listing with another exchange. More than that is a guess at spelling."""
    if listing := _LISTING.fullmatch(term.strip()):
        return [Phrase((listing[1],), True)]
    tokens = _without_legal_form(_tokens(term))
    together = ["".join(tokens)] if tokens and not any(map(is_single, tokens)) else []
    apart = _without_legal_form(_tokens(_INNER.sub(" ", term)))
    found = (_phrase(way, begins=True) for way in (tokens, together, apart))
    return list(dict.fromkeys(phrase for phrase in found if phrase))


def _tokens(text: str) -> list[str]:
    return [token[:LONGEST_WORD] for token in split(fold(text).text)]


def _words(tokens: list[str]) -> list[str]:
    """Single characters with the one behind them."""
    alone = [len(token) == 1 and is_single(token) for token in tokens]
    pairs = pairwise([*zip(tokens, alone, strict=True), ("", False)])
    return [token + after if single and follows else token for (token, single), (after, follows) in pairs]


def _phrase(tokens: list[str], begins: bool = False) -> Phrase | None:
    """The words of a question; its last character is in the pair before it, or begins a word."""
    if not tokens:
        return None
    words = _words(tokens)
    if not is_single(tokens[-1]):
        return Phrase(tuple(words), begins)
    if len(tokens) > 1 and is_single(tokens[-2]):
        return Phrase(tuple(words[:-1]))
    return Phrase(tuple(words), True)


def _without_legal_form(tokens: list[str]) -> list[str]:
    """A name is found under another legal form too."""
    for form in SUFFIX_TOKENS:
        if len(tokens) > len(form) and tuple(tokens[-len(form) :]) == form:
            return tokens[: -len(form)]
    return tokens


def _fitting(words: list[str]) -> list[str]:
    """As many words as the index takes of one text."""
    size = 0
    for number, word in enumerate(words):
        size += len(word)
        if size >= LONGEST_TEXT * 2:
            return words[:number]
    return words
