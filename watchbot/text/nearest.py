"""The one wrapper of rapidfuzz: edit distance, did-you-mean, misspelt configuration keys.

rapidfuzz is imported inside the functions, so that commands which never misspell anything start fast.
"""

from collections.abc import Callable, Iterable
from functools import cache

CUTOFF = 0.6


def distance(a: str, b: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap of neighbours) from a to b; `limit + 1` for anything beyond `limit`."""
    return _osa()(a, b, score_cutoff=limit)


@cache
def _osa() -> Callable[..., int]:
    """The function itself; looking it up anew costs more than most calls of it."""
    from rapidfuzz.distance import OSA

    return OSA.distance


def nearest(word: str, choices: Iterable[str], limit: int = 3, cutoff: float = CUTOFF) -> list[str]:
    """Up to `limit` choices most like the word, best first; case does not count. `cutoff` is 0 (all) to 1 (equal).

    A choice that begins with the word stands in too ("Genius" for "Genius Electronic Optical"), after the close ones.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    pool = list(dict.fromkeys(choices))
    wanted = word.strip().lower()
    if not wanted or limit < 1:
        return []
    folded = [choice.lower() for choice in pool]
    found = process.extract(wanted, folded, scorer=OSA.normalized_similarity, score_cutoff=cutoff, limit=limit)
    out = [pool[index] for _choice, _score, index in found]
    if len(out) < limit and len(wanted) > 1:
        longer = [choice for choice, low in zip(pool, folded, strict=True) if low.startswith(wanted)]
        out += [choice for choice in sorted(longer, key=len) if choice not in out]
    return out[:limit]
