"""Legal forms of company names: taken off a name for its base, and tolerated around the base in text.

Tokens are folded (lower case, simplified, without punctuation): a Latin word is one token, a CJK character is one.
"""

import re
import unicodedata

from watchbot.text import han

_LATIN = """
inc | incorporated | corp | corporation | co | company | ltd | limited | co ltd | co limited | co inc | company ltd
company limited | corp ltd | ltd co | inc ltd | llc | l l c | llp | l l p | lp | plc | p l c | ag | ag co kgaa | gmbh
gmbh co kg | se | sa | s a | nv | n v | bv | b v | ab | asa | oyj | oy | kk | k k | holdings | holding | holdings inc
holdings ltd | holdings co ltd | holdings corp | holdings plc | holdings limited | holding ltd | holding limited
holding co ltd | holding ag | holding nv | holding n v | group | group inc | group ltd | group limited | group plc
group corp | group co ltd | group holdings | group holding | group holding ltd | group holdings ltd
group holding limited | group holdings limited | group ag | group nv | group n v | pte ltd | pte | pty ltd | pty
pte limited | pty limited | bhd | sdn bhd | spa | s p a | srl | s r l | kgaa | aps | sas | s a s | sarl
"""
_CJK = """
股份有限公司 有限公司 有限責任公司 集團股份有限公司 集團有限公司 集團 集團公司 集團控股 集團控股有限公司 控股
控股有限公司 控股股份有限公司 控股公司 控股集團 公司 股份公司 株式会社 合同会社 有限会社 グループ
グループ株式会社 ホールディングス ホールディングス株式会社 주식회사 그룹
"""
_CJK_BEFORE = "株式会社 合同会社 有限会社 株 주식회사 주"
# Forms that only count in brackets or with their dots, written out for `base`.
_MARKED = ("(株)", "(有)", "(주)", "(유)", " a/s", " a.s.")


def _tokens(latin: str, cjk: str) -> tuple[tuple[str, ...], ...]:
    """Token sequences, the longest first, each once."""
    table = han.load()
    found = [tuple(form.split()) for form in re.split(r"[|\n]", latin) if form.strip()]
    found += [tuple(form.translate(table)) for form in cjk.split()]
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


# No company is called longer than this, and none piles up more forms than these.
LONGEST = 300
FORMS = 6

SUFFIX_TOKENS: tuple[tuple[str, ...], ...] = _tokens(_LATIN, _CJK)
PREFIX_TOKENS: tuple[tuple[str, ...], ...] = _tokens("", _CJK_BEFORE)


def _endings() -> re.Pattern[str]:
    """One pattern for a Latin legal form at the end of a folded name: at least one space or comma before it."""
    forms = {" ".join(tokens) for tokens in SUFFIX_TOKENS if tokens[0].isascii()}
    # Between single letters ("S. p. A.") a dot or nothing; between words dots, commas, spaces.
    patterns = [r"[.,\s/]*".join(re.escape(part) for part in form.split()) for form in forms]
    body = "|".join(sorted(patterns, key=len, reverse=True))
    return re.compile(rf"(?:\(\s*(?:{body})\.?\s*\)|[\s,]\s*(?:(?:&|and)\s+)?(?:{body})\.?)$")


_LATIN_END = _endings()
_CJK_END = tuple(sorted(("".join(t) for t in SUFFIX_TOKENS if not t[0].isascii()), key=len, reverse=True))
_CJK_START = tuple(form for form in ("".join(t) for t in PREFIX_TOKENS) if len(form) > 1)
_EDGE = " \t\n\u3000,.、，・·&/-"


def base(name: str, words: frozenset[str]) -> str:
    """The name without its legal forms, the way it was typed: "Hon Hai Precision Industry" of "... Co., Ltd.".

    Never less than three letters, two CJK characters or a lone dictionary word: "Apple Inc." stays as it is.
    """
    current = name.strip()
    if len(current) > LONGEST:
        return name
    for _round in range(FORMS):
        shorter = _strip(current)
        if shorter == current or not _enough(shorter, words):
            break
        current = shorter
    if current != name.strip() and current[:4].lower() == "the ":
        without = current[4:].strip()
        current = without if _enough(without, words) else current
    return current if current != name.strip() else name


def _fold(text: str) -> str:
    """Lower case and simplified, character by character, so that lengths stay as they are."""
    folded = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return folded.translate(han.load())


def _strip(name: str) -> str:
    """The name without one legal form, or itself."""
    wide = unicodedata.normalize("NFKC", name)
    folded = _fold(wide)
    for mark in _MARKED:
        if folded.endswith(mark):
            return wide[: -len(mark)].strip(_EDGE)
        if folded.startswith(mark):
            return wide[len(mark) :].strip(_EDGE)
    for form in _CJK_END:
        if folded.endswith(form):
            return wide[: -len(form)].strip(_EDGE)
    for form in _CJK_START:
        if folded.startswith(form):
            return wide[len(form) :].strip(_EDGE)
    found = _LATIN_END.search(folded[-60:])
    if found:
        return wide[: len(wide) - len(folded[-60:]) + found.start()].strip(_EDGE)
    return name


def _enough(text: str, words: frozenset[str]) -> bool:
    """Whether what is left still names a company."""
    letters = [c for c in text if c.isalnum()]
    wide = sum(1 for c in letters if ord(c) > 0x2E7F)
    if wide < 2 and len(letters) < 3:
        return False
    return text.lower() not in words
