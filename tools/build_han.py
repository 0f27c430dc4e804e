"""Builds watchbot/text/data/han.txt: pairs of a traditional character and the simplified one it folds to.

Source: the character tables of the `opencc` package (OpenCC, Apache-2.0), asked one character at a time so that its
phrase tables have no say. Japanese new forms are added where no Chinese standard uses them for another character.
Run: python tools/build_han.py
"""

from pathlib import Path

import opencc

TARGET = Path(__file__).resolve().parent.parent / "watchbot" / "text" / "data" / "han.txt"
# The Han blocks that news is written in; rarer planes only make the table long.
BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF))
# Forms that no table of OpenCC joins and that stand for each other in company names.
EXTRA = {"臺": "台", "檯": "台", "颱": "台", "裏": "里", "裡": "里", "啟": "启", "啓": "启", "羣": "群", "峯": "峰"}


def one(converter: opencc.OpenCC, character: str) -> str:
    """What the converter makes of one character; the character itself where that is not exactly one."""
    out = str(converter.convert(character))
    return out if len(out) == 1 else character


def chinese(character: str) -> bool:
    """Whether a Chinese standard of either side has this character in use."""
    for charset in ("gb2312", "big5"):
        try:
            character.encode(charset)
        except UnicodeEncodeError:
            continue
        return True
    return False


def build() -> dict[str, str]:
    """All pairs, closed: no right side is itself a left side, so that folding twice changes nothing."""
    simplify, modern = opencc.OpenCC("t2s"), opencc.OpenCC("jp2t")
    pairs: dict[str, str] = dict(EXTRA)
    for first, last in BLOCKS:
        for code in range(first, last + 1):
            character = chr(code)
            target = one(simplify, character)
            if target == character and not chinese(character):
                target = one(simplify, one(modern, character))
            if target != character:
                pairs.setdefault(character, target)
    closed: dict[str, str] = {}
    for character in pairs:
        target, seen = pairs[character], {character}
        while target in pairs and target not in seen:
            seen.add(target)
            target = pairs[target]
        closed[character] = target
    return {key: value for key, value in closed.items() if key != value and value not in closed}


def main() -> None:
    """Write the table, forty pairs a line."""
    pairs = [key + value for key, value in sorted(build().items())]
    lines = [" ".join(pairs[start : start + 40]) for start in range(0, len(pairs), 40)]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(pairs)} pairs")


if __name__ == "__main__":
    main()
