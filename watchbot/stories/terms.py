"""An item becomes weighted terms.

    headline, beginning of the text -companies-> tokens -> stems and their beginnings, ideas, CJK pairs, numbers

`@foxconn` is a company, `~buy` an idea that many words stand for, `tape*` the beginning of a word. The headline
counts full, the text less. Nothing here knows how rare a term is; that is for weights.py.
"""

import re
from dataclasses import dataclass
from enum import Enum

from watchbot.model.item import Item
from watchbot.stories.companies import CompanyTagger, Tagged
from watchbot.stories.lexicon import Lexicon, load
from watchbot.stories.stems import stem
from watchbot.text.tokens import is_cjk, is_single
from watchbot.text.wordcut import cut

TITLE = 1.0
BODY = 0.5
BEGINNING = 0.35  # of a word, beside its stem
NUMBER = 0.7
SAID = 0.4  # a pair of characters inside the word of an idea
BORDER = 0.25  # a pair of characters across two words
LONGEST_TITLE = 400
LONGEST_BODY = 700
MOST_TERMS = 120
_PARTICLES = frozenset("的了是在和与及或被把将也都就而之其为以于对从到等着过吗呢吧这那此该个将各每又再还并但让使")
_SCALES = {
    **{"thousand": 1e3, "k": 1e3, "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9},
    **{
        "trillion": 1e12,
        "tn": 1e12,
        "千": 1e3,
        "万": 1e4,
        "百万": 1e6,
        "千万": 1e7,
        "亿": 1e8,
        "十亿": 1e9,
        "百亿": 1e10,
    },
    **{"千亿": 1e11, "万亿": 1e12, "兆": 1e12},
}
_AMOUNT = re.compile(r"\d+(?:bn|mln|mn|m|b|k|tn)?")
_NUMBER = re.compile(
    r"(?<![\d.,])(\d{1,15}(?:,\d{3})*(?:\.\d{1,6})?)(?:[ -]?(thousand|million|mln|mn|billion|bn|trillion|tn|[mbk])\b"
    r"|(百万|千万|万亿|十亿|百亿|千亿|[千万亿兆]))?"
)
_SUFFIX = re.compile(
    r"\s+[-–—|｜·»]\s+[^-–—|｜·»]{2,40}$|\s*[_|｜][^_|｜\s]{2,20}$|\s*[（(](?:路透|美联社|法新社|中央社|新华社|reuters|ap|afp)[^）)]{0,12}[）)]$",
    re.IGNORECASE,
)


class Script(Enum):
    """How most of a text is written."""

    LATIN = "latin"
    CJK = "cjk"


@dataclass(frozen=True, slots=True)
class Words:
    """What an item is made of. `titled` is true where it has only a headline (or only a text as short as one)."""

    terms: dict[str, float]
    companies: frozenset[str]
    script: Script
    titled: bool


def words_of(item: Item, tagger: CompanyTagger, ignore: re.Pattern[str] | None = None) -> Words:
    """The terms of an item. `ignore` takes out what every instalment of a column says."""
    title = without_publisher(item.title)[:LONGEST_TITLE]
    body = item.body[:LONGEST_BODY]
    terms: dict[str, float] = {}
    companies: frozenset[str] = frozenset()
    parts = ((title, TITLE), (body, BODY)) if title else ((body, TITLE),)
    letters = cjk = 0
    for text, weight in parts:
        if not text:
            continue
        shown = ignore.sub(" ", text) if ignore else text
        tagged = tagger.tag(shown)
        companies |= tagged.companies
        for term, worth in _terms(tagged, load()).items():
            _add(terms, term, worth * weight)
        letters += len(tagged.folded.text)
        cjk += sum(map(is_cjk, tagged.folded.text))
    script = Script.CJK if cjk * 4 > letters else Script.LATIN
    short = 60 if script is Script.CJK else 160
    titled = not (title and body) and len(title or body) <= short
    if len(terms) > MOST_TERMS:
        terms = dict(list(terms.items())[:MOST_TERMS])
    return Words(terms, companies, script, titled)


def without_publisher(title: str) -> str:
    """The headline without the name of its publisher at the end."""
    title = title[:LONGEST_TITLE]
    short = _SUFFIX.sub("", title)
    return short if len(short) > 12 and len(short) * 2 >= len(title) else title


def is_neutral(term: str) -> bool:
    """Whether a term is the same in every language: a company, an idea, a number."""
    return term[0] in "@~" or term[0].isdigit()


def _add(terms: dict[str, float], term: str, worth: float) -> None:
    """A term that comes again counts a little more, never for ever more."""
    had = terms.get(term, 0.0)
    terms[term] = max(had, worth) + 0.15 * min(had, worth)


def _terms(tagged: Tagged, lexicon: Lexicon) -> dict[str, float]:
    """All terms of one field."""
    terms: dict[str, float] = {}
    done: set[int] = set()
    for first, end, company in tagged.found:
        done.update(range(first, end))
        _add(terms, f"@{company}", 1.0)
    for number in _NUMBER.finditer(tagged.folded.text):
        if amount := _amount(number):
            _add(terms, amount, NUMBER)
    _phrases(terms, tagged.tokens, done, lexicon)
    run = ""
    run_end = -1
    for place, token in enumerate(tagged.tokens):
        if place in done:
            continue
        start = tagged.places[place]
        single = is_single(token)
        if run and (not single or start != run_end):
            _han(terms, run, lexicon)
            run = ""
        if single:
            run += token
            run_end = start + len(token)
        else:
            _word(terms, token, lexicon)
    if run:
        _han(terms, run, lexicon)
    return terms


def _amount(number: re.Match[str]) -> str:
    """A number in one form, however it is written: 1.4 billion, 1.4bn, 14亿; "" for a single digit."""
    plain, latin, han = number.groups()
    value = float(plain.replace(",", "")) * _SCALES.get(latin or han or "", 1.0)
    return f"{value:.4g}" if value >= 10 or "." in plain else ""


def _phrases(terms: dict[str, float], tokens: list[str], done: set[int], lexicon: Lexicon) -> None:
    """Ideas of two or three words: wall street, electric car."""
    for place in range(len(tokens) - 1):
        for length in (4, 3, 2):
            places = range(place, place + length)
            idea = lexicon.phrases.get(" ".join(tokens[place : place + length]))
            if idea and done.isdisjoint(places):
                done.update(places)
                _add(terms, idea, 1.0)


def _word(terms: dict[str, float], token: str, lexicon: Lexicon) -> None:
    """One word of a spaced script."""
    if token in lexicon.nothing or len(token) < 2 or _AMOUNT.fullmatch(token):
        return
    root = stem(token)
    idea = lexicon.english.get(root)
    if idea:
        _add(terms, idea, 1.0)
        return
    _add(terms, root, 1.0)
    if len(root) > 4 and root.isalpha():
        _add(terms, root[:4] + "*", BEGINNING)


def _han(terms: dict[str, float], run: str, lexicon: Lexicon) -> None:
    """A run of characters written without spaces: its pairs, and the ideas that stand in it.

    Pairs inside a word count full, and so do characters that no dictionary joins: a name is made of such. A pair that
    only happens to stand at the border of two words counts little, and so does one that says what an idea says.
    """
    pieces = cut(run)
    inside = {place for start, end in pieces for place in range(start, end - 1)}
    alone = {start for start, end in pieces if end - start == 1 and run[start] not in _PARTICLES}
    said = _chinese_ideas(terms, run, lexicon)
    for place in range(len(run) - 1):
        pair = run[place : place + 2]
        if place in inside or (place in alone and place + 1 in alone):
            _add(terms, pair, SAID if place in said else 1.0)
        elif pair[0] not in _PARTICLES and pair[1] not in _PARTICLES:
            _add(terms, pair, BORDER)


def _chinese_ideas(terms: dict[str, float], run: str, lexicon: Lexicon) -> set[int]:
    """Add the ideas of a run, the longest word first; gives where the pairs inside their words begin."""
    said: set[int] = set()
    place = 0
    while place < len(run) - 1:
        for length in range(min(lexicon.longest, len(run) - place), 1, -1):
            idea = lexicon.chinese.get(run[place : place + length])
            if idea:
                _add(terms, idea, 0.8)
                said.update(range(place, place + length - 1))
                place += length - 1
                break
        place += 1
    return said
