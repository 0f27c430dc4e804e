"""The package's own word lists: what says nothing, what says little, and which words mean the same idea."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from watchbot.stories.stems import stem


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`nothing` are dropped words, `weak` stems and Chinese pairs that say little, `english` stem -> idea,
    `phrases` words -> idea, `chinese` word -> idea; `longest` is the length of the longest Chinese word."""

    nothing: frozenset[str]
    weak: frozenset[str]
    english: dict[str, str]
    phrases: dict[str, str]
    chinese: dict[str, str]
    longest: int


@cache
def load() -> Lexicon:
    """Read the lists once."""
    sections = _sections(_text("common.txt"))
    english: dict[str, str] = {}
    phrases: dict[str, str] = {}
    chinese: dict[str, str] = {}
    for line in _lines(_text("concepts.txt")):
        name, _, rest = line.partition("=")
        latin, _, han = rest.partition("|")
        idea = f"~{name.strip()}"
        for word in latin.split():
            if "_" in word:
                phrases.setdefault(word.replace("_", " "), idea)
            else:
                english.setdefault(stem(word), idea)
        for word in han.split():
            chinese.setdefault(word, idea)
    weak = frozenset(stem(word) for word in sections["weak"]) | frozenset(sections["chinese"])
    return Lexicon(frozenset(sections["nothing"]), weak, english, phrases, chinese, max(map(len, chinese)))


def _sections(text: str) -> dict[str, list[str]]:
    """The words under each [heading]."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _lines(text):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current.extend(line.split())
    return found


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _text(name: str) -> str:
    return files("watchbot.stories").joinpath("data", name).read_text(encoding="utf-8")
