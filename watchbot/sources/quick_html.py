"""The text of simple HTML, as html.py would give it, at a fifth of the price: most entries of feeds are simple.

    tags we know -> nothing, a line break or a gap -> character references -> one space, one gap at most

None on any doubt: no tag at all (then line breaks count), a table, a list of code, a comment, a script, what may be
hidden, a link that stays open or is a "read more". Whoever asks goes to html.py then.
"""

import re
from html import unescape

from watchbot.text.furniture import is_read_more

_BLOCK_NAMES = """
    p div li ul ol h1 h2 h3 h4 h5 h6 section article blockquote figure figcaption header main hr body html center
"""
_INLINE_NAMES = """
    a b i em strong span u s small big font code cite abbr q sub sup mark wbr time ins del kbd samp var tt strike
"""
# Marks that stand where a link began and ended, until its words were looked at.
_LINK_START, _LINK_END = "\x02", "\x01"
_LINK = re.compile(f"{_LINK_START}([^{_LINK_START}{_LINK_END}]*){_LINK_END}")
_LONGEST_READ_MORE = 80
_GAP = re.compile(r"\n{3,}")
# What takes the place of a tag, by what stands between its brackets.
_INSTEAD: dict[str, str] = {"br": "\n", "br/": "\n", "br /": "\n", "img": " "}
for _name in _BLOCK_NAMES.split():
    _INSTEAD |= {_name: "\n\n", f"/{_name}": "\n\n"}
for _name in _INLINE_NAMES.split():
    _INSTEAD |= {_name: "", f"/{_name}": ""}
_INSTEAD |= {"a": _LINK_START, "/a": _LINK_END}


def quick_text(source: str) -> str | None:
    """The text of a piece of HTML, blocks a blank line apart; None where it is not simple enough."""
    small = source.lower()
    if "<" not in small or "style" in small or "hidden" in small or _LINK_END in source or _LINK_START in source:
        return None
    if "\n" in source or "\r" in source:
        source = source.replace("\n", " ").replace("\r", " ")
    first, *tags = source.split("<")
    pieces = [first]
    for one in tags:
        tag, bracket, after = one.partition(">")
        instead = _INSTEAD.get(tag)
        if instead is None:
            instead = _of_other(tag)
        if instead is None or not bracket:
            return None
        pieces += (instead, after)
    return _tidied("".join(pieces))


def _of_other(tag: str) -> str | None:
    """What takes the place of a tag with attributes or in capitals; None where it is not simple."""
    name, _space, rest = tag.partition(" ")
    if rest.count('"') % 2 or rest.count("'") % 2 or (name[:1] == "/" and rest):
        return None
    return _INSTEAD.get(name.lower())


def _tidied(text: str) -> str | None:
    """References decoded, links forgotten, white space made one of a kind."""
    if "&" in text:
        breaks = text.count("\n")
        text = unescape(text)
        if text.count("\n") != breaks or "\r" in text:
            return None
    if _LINK_END in text or _LINK_START in text:
        links = _LINK.findall(text)
        if text.count(_LINK_START) != len(links) or text.count(_LINK_END) != len(links):
            return None
        if any(len(words) <= _LONGEST_READ_MORE and is_read_more(" ".join(words.split())) for words in links):
            return None
        text = text.replace(_LINK_START, "").replace(_LINK_END, "")
    if "\n" not in text:
        return " ".join(text.split())
    lines = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    return _GAP.sub("\n\n", lines).strip("\n")
