"""What the catalogue hands out: a company with all its names, and a candidate of a lookup."""

from dataclasses import dataclass
from typing import Literal

NameKind = Literal["name", "former", "trade"]
How = Literal["name", "ticker", "prefix", "typo"]

LANGUAGES = ("en", "zh-TW", "zh-CN", "ja", "ko")
SHOWN = 8


@dataclass(frozen=True, slots=True)
class CompanyName:
    """One name. `safe` says it may be matched in news as it is; an unsafe one is offered, off until confirmed."""

    text: str
    lang: str
    safe: bool
    kind: NameKind = "name"


@dataclass(frozen=True, slots=True)
class Company:
    """A company or a public body (`kind` "company" or "body").

    `name` is the display name: English where there is one. `curated` tells a hand-kept entry from one that was taken
    over from an exchange's list.
    """

    id: str
    name: str
    names: tuple[CompanyName, ...]
    tickers: tuple[str, ...] = ()
    kind: str = "company"
    curated: bool = True

    def display(self, language: str) -> str:
        """What to call it in a chat of that language: its own display name there, else the English one."""
        for name in self.names:
            if name.lang == language and name.kind == "name":
                return name.text
        return self.name

    def safe_names(self) -> tuple[str, ...]:
        """Every name that may be matched without asking, each once, in the catalogue's order."""
        return tuple(dict.fromkeys(name.text for name in self.names if name.safe))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer of a lookup: `matched` is the name or ticker that was found and `how`; `score` is 0..1."""

    company: Company
    matched: str
    how: How
    score: float


def candidate_json(candidate: Candidate) -> dict[str, object]:
    """The contract's `lookup` shape, with what was matched and how on top."""
    company = candidate.company
    texts = list(dict.fromkeys(name.text for name in company.names))
    safe = set(company.safe_names())
    return {
        "id": company.id,
        "name": company.name,
        "names": texts,
        "tickers": list(company.tickers),
        "safe": {text: text in safe for text in texts},
        "kind": company.kind,
        "matched": candidate.matched,
        "how": candidate.how,
        "score": round(candidate.score, 3),
    }


def candidate_line(candidate: Candidate) -> str:
    """One line for a reader: id, names (unsafe ones with a question mark), tickers, and why it is here."""
    company = candidate.company
    safe = set(company.safe_names())
    texts = list(dict.fromkeys((company.name, *(name.text for name in company.names))))
    shown = [text if text in safe else f"{text}?" for text in texts[:SHOWN]]
    more = f" +{len(texts) - SHOWN}" if len(texts) > SHOWN else ""
    parts = [company.id, ", ".join(shown) + more, " ".join(company.tickers)]
    line = " · ".join(part for part in parts if part)
    if candidate.how == "typo":
        return f"did you mean {line}"
    return f"{line} ({candidate.matched} begins so)" if candidate.how == "prefix" else line
