"""What a company of the catalogue adds to a watch, and what to say where the catalogue is in doubt."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from watchbot.catalogue.companies import Candidate, Company
from watchbot.catalogue.keys import key


class Companies(Protocol):
    """What configuration needs of the catalogue."""

    def resolve(self, text: str) -> Company | None:
        """The company that is meant without doubt, or None."""
        ...

    def lookup(self, text: str, market: str = "TW") -> Sequence[Candidate]:
        """All that could be meant, the likeliest first."""
        ...


# A catalogue, what makes one of the user's own files (`watchbot.catalogue.load`), or None: all names are plain.
CompanySource = Companies | Callable[[tuple[Path, ...]], Companies] | None


@dataclass(frozen=True, slots=True)
class Expansion:
    """The names and tickers a company brings, its names that are off, and which of `without` were none of them."""

    names: tuple[str, ...]
    tickers: tuple[str, ...]
    strangers: tuple[str, ...]
    unsafe: tuple[str, ...]


def expand(company: Company, typed: str, without: Collection[str] = ()) -> Expansion:
    """All safe names and tickers; the typed name too, however unsafe; less what is taken away."""
    wanted = key(typed)
    taken = {key(text): text for text in without}
    names = [typed] if any(key(name.text) == wanted for name in company.names) else []
    names += [name.text for name in company.names if name.safe]
    known = {key(text) for text in (*names, *(name.text for name in company.names), *company.tickers)}
    return Expansion(
        tuple(name for name in dict.fromkeys(names) if key(name) not in taken),
        tuple(ticker for ticker in company.tickers if key(ticker) not in taken),
        tuple(text for folded, text in taken.items() if folded not in known),
        tuple(
            name.text
            for name in company.names
            if key(name.text) in taken or (not name.safe and key(name.text) != wanted)
        ),
    )


def is_unsafe(company: Company, typed: str) -> bool:
    """Whether the catalogue knows the name and would not match it without asking."""
    wanted = key(typed)
    found = [name.safe for name in company.names if key(name.text) == wanted]
    return bool(found) and not any(found)


def describe(company: Company) -> str:
    """A company in a few words: its name, its ticker."""
    return f"{company.name} ({company.tickers[0]})" if company.tickers else company.name


def candidates(companies: Companies, text: str) -> str:
    """What could be meant, in words; "" where nothing is near."""
    found = dict.fromkeys(describe(candidate.company) for candidate in companies.lookup(text)[:5])
    return ", ".join(found)
