"""A light stemmer: the forms of one English word become one, so that "recalls" meets "recalled".

It only needs to be the same for both sides; it is no dictionary and never returns fewer than three letters.
"""

from functools import lru_cache

_IRREGULAR = {
    "bought": "buy", "sold": "sell", "fell": "fall", "fallen": "fall", "rose": "rise", "risen": "rise", "won": "win",
    "lost": "lose", "died": "die", "dying": "die", "lying": "lie", "paid": "pay", "built": "build", "held": "hold",
    "grew": "grow", "grown": "grow", "shot": "shoot", "sought": "seek", "struck": "strike", "broke": "break",
    "broken": "break", "spent": "spend", "drew": "draw", "drawn": "draw", "flew": "fly", "flown": "fly",
    "children": "child", "lives": "life", "stolen": "steal", "stole": "steal", "chose": "choose", "sank": "sink",
    "quits": "quit", "wed": "wedding", "weds": "wedding",
}  # fmt: skip
_DOUBLED = frozenset("bdgklmnprt")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a word in lower case; what is short or holds digits stays as it is."""
    known = _IRREGULAR.get(word)
    if known is not None:
        word = known
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    word = _singular(word)
    for ending in ("ingly", "edly", "ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and any(vowel in rest for vowel in "aeiouy"):
            word = rest
            break
    if word.endswith("ly") and len(word) > 5:
        word = word[:-2]
    word = _undoubled(word)
    if word.endswith("e") and len(word) > 3:
        return word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 4 else word


def _singular(word: str) -> str:
    """Without the s of a plural or of the third person."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undoubled(word: str) -> str:
    """Without a doubled last letter: planned, running; recall too, so that recalled meets it."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in _DOUBLED:
        return word[:-1]
    return word
