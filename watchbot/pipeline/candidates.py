"""Words to offer where a watch fired at the wrong company: what to exclude, and what to ask for beside its name.

"Apple Hospitality REIT raises" + the place of Apple -> Apple Hospitality REIT, Apple Hospitality
earlier headlines of the watch -> words that stand in several of them and not in the wrong one
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from watchbot.stories.lexicon import load as load_lexicon
from watchbot.stories.stems import stem
from watchbot.text.han import load as load_han
from watchbot.text.tokens import is_single
from watchbot.text.wordcut import cut

MOST = 3
_WORD = re.compile(r"[^\W_]+(?:['’&.-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s(?!\w)")
_AROUND = 120
_RUN = 8  # characters of an unspaced script to either side
_WORDS_AWAY = 3
_HEADLINE_STYLE = 0.7  # from so many capitalised words on, capitals say nothing
_GENERAL = {False: ("shares", "revenue", "CEO"), True: ("營收", "股價", "董事長")}


def phrases(text: str, start: int, end: int) -> list[str]:
    """Up to three longer phrases around text[start:end] that would name something else, the likeliest first."""
    there = text[start:end]
    if not there:
        return []
    found = _unspaced(text, start, end) if is_single(there[0]) else _spaced(text, start, end)
    plain = there.casefold()
    return [one for one in dict.fromkeys(found) if one and one.casefold() != plain][:MOST]


def context_words(headlines: Sequence[str], wrong: str, names: Iterable[str]) -> list[str]:
    """Up to three words that stood in most earlier headlines of a watch and stand neither in the wrong item nor in the
    watch's names; general ones where too few are known."""
    taken = f"{wrong}\n{' '.join(names)}".casefold()
    counted: Counter[str] = Counter()
    for headline in headlines:
        counted.update({word for word in _telling(headline) if word.casefold() not in taken})
    often = [word for word, times in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])) if times > 1]
    unspaced = any(is_single(char) for char in "".join(headlines) or wrong)
    general = (word for word in _GENERAL[unspaced] if word.casefold() not in taken)
    return list(dict.fromkeys([*often, *general]))[:MOST]


def _spaced(text: str, start: int, end: int) -> list[str]:
    """Capitalised words that go on with the match, then its neighbours whatever their case."""
    possessive = _POSSESSIVE.match(text, end)
    before = _beside(text, start, back=True)
    after = _beside(text, possessive.end() if possessive else end, back=False)
    left, right = _capitals(text, before), _capitals(text, after)
    if _is_headline_style(text):
        left, right = [], []
    out = []
    if left or right:
        out.append(_joined(text, start, end, left, right))
        out += [_joined(text, start, end, [], right[:1]), _joined(text, start, end, left[:1], [])]
    nothing = load_lexicon().nothing
    for words, back in ((after[:1], False), (before[:1], True)):
        if words and text[words[0][0] : words[0][1]].casefold() not in nothing:
            out.append(_joined(text, start, end, words if back else [], [] if back else words))
    return out


def _joined(text: str, start: int, end: int, left: list[tuple[int, int]], right: list[tuple[int, int]]) -> str:
    """The text from the furthest word on the left to the furthest on the right."""
    first = min([start, *(word[0] for word in left)])
    last = max([end, *(word[1] for word in right)])
    return " ".join(text[first:last].split())


def _beside(text: str, at: int, back: bool) -> list[tuple[int, int]]:
    """The words before or after a place, the nearest first, as far as only spaces and joining signs lie between."""
    window = (max(0, at - _AROUND), at) if back else (at, at + _AROUND)
    words = [(word.start(), word.end()) for word in _WORD.finditer(text, *window)]
    out: list[tuple[int, int]] = []
    for word in reversed(words) if back else words:
        gap = text[word[1] : at] if back else text[at : word[0]]
        if gap.strip(" &-") or (not gap and not out) or is_single(text[word[0]]):
            break
        out.append(word)
        at = word[0] if back else word[1]
        if len(out) == _WORDS_AWAY:
            break
    return out


def _capitals(text: str, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The words as long as each begins with a capital or a digit."""
    out: list[tuple[int, int]] = []
    for word in words:
        first = text[word[0]]
        if not (first.isupper() or first.isdigit()):
            break
        out.append(word)
    return out


def _is_headline_style(text: str) -> bool:
    """Whether Most Words Are Written Like This."""
    words = [word for word in _WORD.findall(text[:400]) if len(word) > 3 and not is_single(word[0])]
    return len(words) > 3 and sum(word[0].isupper() for word in words) >= _HEADLINE_STYLE * len(words)


def _unspaced(text: str, start: int, end: int) -> list[str]:
    """The word that the match is part of, then that with the word after it, and with the word before it."""
    first, last = start, end
    while first > 0 and start - first < _RUN and is_single(text[first - 1]):
        first -= 1
    while last < len(text) and last - end < _RUN and is_single(text[last]):
        last += 1
    run = text[first:last].translate(load_han())
    words = [(a + first, b + first) for a, b in cut(run)]
    inside = [word for word in words if word[0] < end and word[1] > start]
    left, right = min(start, inside[0][0]), max(end, inside[-1][1])
    after = next((word for word in words if word[0] >= right), None)
    before = next((word for word in reversed(words) if word[1] <= left), None)
    out = [text[left:right]]
    out += [text[left : after[1]]] if after else []
    out += [text[before[0] : right]] if before and before[1] - before[0] > 1 else []
    return out


def _telling(headline: str) -> list[str]:
    """The words of a headline that say something."""
    lexicon = load_lexicon()
    out = [
        word.casefold()
        for word in _WORD.findall(headline)
        if len(word) > 3 and word.isascii() and not {word.casefold(), stem(word.casefold())} & lexicon.nothing
    ]
    for run in re.findall(r"[\u4e00-\u9fff]{2,}", headline):
        words = (run[a:b] for a, b in cut(run.translate(load_han())))
        out += [word for word in words if len(word) > 1 and word not in lexicon.nothing]
    return out
