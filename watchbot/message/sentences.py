"""Where sentences end, in English and in CJK text: good enough to quote, cheap enough for every alert."""

import re

# A Latin stop ends a sentence where white space follows; a CJK one always does. A blank line always ends one.
_END = re.compile(r"""(?P<latin>[.!?…]+["'”’)\]]*)(?=\s|$)|[。！？!?]+[」』”’）)》"]*|\n[ \t\r]*\n""")
_WORD = re.compile(r"(\w[\w.&]*)$")
_SHORT_WORDS = (
    "inc corp co ltd llc plc bhd mr mrs ms dr prof st sr jr vs dept est approx jan feb mar apr jun "
    "jul aug sep sept oct nov dec mon tue wed thu fri sat sun e.g i.e u.s u.k u.n a.m p.m gen col sen rep gov"
)
_SHORT = frozenset(_SHORT_WORDS.split())
_BEFORE_NUMBERS = frozenset({"no", "nos", "vol", "fig", "pp"})


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, without the white space around it."""
    out: list[tuple[int, int]] = []
    start = 0
    for found in _END.finditer(text):
        if found["latin"] and not _ends(text, found.start(), found.end()):
            continue
        _add(out, text, start, found.end())
        start = found.end()
    _add(out, text, start, len(text))
    return out


def _ends(text: str, stop: int, after: int) -> bool:
    """Whether this Latin stop ends a sentence: not after an abbreviation or an initial, not before a small letter."""
    following = text[after : after + 20].lstrip()
    if following and following[0].islower():
        return False
    if text[stop] != ".":
        return True
    word = _WORD.search(text, max(0, stop - 20), stop)
    if word is None or not following:
        return True
    last = word[1].lower()
    if last in _BEFORE_NUMBERS:
        return not following[0].isdigit()
    return last not in _SHORT and not (len(last) == 1 and last.isalpha())


def _add(out: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Keep a piece that holds more than white space."""
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + len(piece) - len(piece.lstrip())
        out.append((begin, begin + len(stripped)))
