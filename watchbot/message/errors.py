"""Errors in the reader's language: `said(language, text)`.

    English sentence -> the template of errors.po it was made of -> its values -> the same template in the language

Errors are raised as English sentences, and some are kept as such (a source's last error, a delivery's). errors.po holds
each sentence with names for what is filled in; the names say how a value is treated: `error...` is a sentence of its
own that is put into the language too where it is known, `what...` and `hint...` must be known, all else is kept.
"""

from dataclasses import dataclass
from functools import cache
from string import Formatter

from watchbot.message.words import known, say, texts

PREFIX = "error_"
_PLACED = "error_placed"  # `place: sentence`: what stands before a sentence is found by trial, see _placed
_LONGEST = 2000
_MOST_PLACES = 8
_DEEPEST = 3
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Template:
    """One sentence: `pieces` are its fixed parts in lower case, with the value `names[i]` before `pieces[i + 1]`.

    `longest` is the longest of them, `size` the length of all; `wraps` says that it begins with another sentence,
    `leads` with another value.
    """

    key: str
    pieces: tuple[str, ...]
    names: tuple[str, ...]
    longest: str
    size: int
    wraps: bool
    leads: bool


def said(language: str, text: str) -> str:
    """An error in the language; what has no template stays as it is."""
    if known(language) == "en":
        return text
    return "\n".join(_line(language, line) for line in text.split("\n"))


def template_of(text: str) -> str | None:
    """The key of the template that an English sentence was made of, None where there is none."""
    found = _match("en", text, 0)
    return found[0] if found else None


def _line(language: str, text: str) -> str:
    """One sentence, perhaps behind its place."""
    if len(text) > _LONGEST:
        return text
    found = _sentence(language, text, 0)
    return _placed(language, text) if found is None else found


def _sentence(language: str, text: str, depth: int) -> str | None:
    """A sentence in the language, None where it is not known. `depth` is how many others it stands in."""
    found = _match(language, text, depth)
    return _filled(language, *found) if found else None


def _placed(language: str, text: str) -> str:
    """A sentence behind its place: `watches.yaml:3:5: chats: must be a list`; as it is where it is not known."""
    end = text.find(": ")
    for _place in range(_MOST_PLACES):
        if end < 0:
            break
        found = _sentence(language, text[end + 2 :], 0)
        if found is not None:
            return _filled(language, _PLACED, {"place": text[:end], "error": found})
        end = text.find(": ", end + 2)
    return text


def _match(language: str, text: str, depth: int) -> tuple[str, Values] | None:
    """The first template that fits, with its values in the language."""
    low = text.lower()
    if len(low) != len(text):  # there are letters whose small form is two signs
        low = text
    for template in _templates():
        if template.longest not in low:
            continue
        for behind in (True, False) if template.leads else (False,):
            found = _cut(template, text, low, behind)
            values = None if found is None else _values(language, template, found, depth)
            if values is not None:
                return template.key, values
    return None


def _cut(template: _Template, text: str, low: str, behind: bool) -> Values | None:
    """The values that stand between the fixed parts, none of them empty; None where the text is not made so.

    Each part is looked for once, so that no text takes long: the first place counts, for the part after a value at the
    beginning the last one where `behind` says so.
    """
    first, last = template.pieces[0], template.pieces[-1]
    if not template.names:
        return {} if low == first else None
    end = len(low) - len(last)
    if not (low.startswith(first) and low.endswith(last)):
        return None
    values: Values = {}
    at = len(first)
    for piece, name in zip(template.pieces[1:-1], template.names, strict=False):
        if behind and not values:
            found = low.rfind(piece, 1, min(end, _before_place(low) + len(piece)))
        else:
            found = low.find(piece, at + 1, end)
        if found < 0:
            return None
        values[name] = text[at:found]
        at = found + len(piece)
    values[template.names[-1]] = text[at:end]
    return None if at >= end or (template.leads and ": " in values[template.names[0]]) else values


def _before_place(text: str) -> int:
    """Where a value at the beginning ends at the latest: what stands before `: ` is a place."""
    end = text.find(": ")
    return len(text) if end < 0 else end


def _values(language: str, template: _Template, found: Values, depth: int) -> Values | None:
    """What is filled in, in the language; None where a part that must be known is not."""
    values = dict(found)
    for name, text in found.items():
        if not name.startswith(("error", "what", "hint")):
            continue
        inner = _sentence(language, text, depth + 1) if depth < _DEEPEST else None
        if inner is None and (template.wraps or not name.startswith("error")):
            return None
        values[name] = text if inner is None else inner
    return values


def _filled(language: str, key: str, values: Values) -> str:
    """A template with its values: they may be called like what `say` itself takes."""
    return say(language, key).format(**values)


@cache
def _templates() -> tuple[_Template, ...]:
    """All sentences: those that wrap another first, then those with the longest fixed parts."""
    made = [_template(key, forms[0]) for key, forms in texts("en") if key.startswith(PREFIX) and key != _PLACED]
    return tuple(sorted(made, key=lambda one: (not one.wraps, -one.size)))


def _template(key: str, text: str) -> _Template:
    """One sentence, taken apart."""
    parts = list(Formatter().parse(text.lower()))
    names = tuple(name for _piece, name, _spec, _conversion in parts if name is not None)
    pieces = tuple(piece for piece, _name, _spec, _conversion in parts)
    if len(pieces) == len(names):
        pieces = (*pieces, "")
    wraps = not pieces[0] and names[0].startswith("error")
    leads = not pieces[0] and not wraps
    return _Template(key, pieces, names, max(pieces, key=len), sum(map(len, pieces)), wraps, leads)
