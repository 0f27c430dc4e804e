"""Spelling guesses as the matcher asks for them: which words cannot matter is told apart before any index is asked."""

from typing import cast

from watchbot.matching.exact import Found, check
from watchbot.matching.fuzzy import PART, FuzzyIndex, correctable
from watchbot.matching.scan import Scan
from watchbot.matching.terms import Entry
from watchbot.model.watch import Kind

MOST = 64


class Guesses(FuzzyIndex):
    """The fuzzy index over entries."""

    def enter(self, entry: Entry) -> None:
        """Add an entry if guesses are on for it: names only, Latin only."""
        if _may_be_misspelt(entry):
            self.add(entry, entry.tokens)

    def leave(self, entry: Entry) -> None:
        """Undo `enter`."""
        if _may_be_misspelt(entry):
            self.remove(entry, entry.tokens)

    def bright(self, tokens: set[str]) -> set[str]:
        """Those of the tokens with which a guess may begin, as long as no name that holds them comes or goes."""
        long = {token for token in tokens if len(token) >= PART and token.isascii()} - self._words
        found = {token for token in long if token not in self._tokens and token not in self._known}
        found |= self._anchors.keys() & tokens
        return found

    def hopeful(self, token: str) -> bool:
        """Whether a guess may begin with this token of `bright`: some name resembles it, or hangs on it."""
        if token in self._anchors:
            return True
        return correctable(token) and token not in self._tokens and bool(self._candidates(token))

    def look(self, scan: Scan) -> list[Found]:
        """The guesses in one field, by the rules for addresses and capitals of the names they stand for."""
        tokens = scan.tokens
        if not scan.folded.text.isascii():
            tokens = [token if token.isascii() else "" for token in tokens]
        out: list[Found] = []
        for hit in self.find(tokens)[:MOST]:
            entry = cast("Entry", hit.owner)
            start, end = scan.start(hit.start), scan.end(hit.end - 1)
            exact = Found(entry, scan, hit.start, hit.end, start, end, entry.kind)
            if not check(exact) and not scan.masked(start, end):
                out.append(Found(entry, scan, hit.start, hit.end, start, end, Kind.FUZZY, hit.score))
        return out


def _may_be_misspelt(entry: Entry) -> bool:
    """Whether spelling guesses are on for this entry."""
    if entry.kind is not Kind.NAME and entry.kind is not Kind.ALIAS:
        return False
    return (
        entry.owner.watch.options.fuzzy
        and entry.signs is None
        and not entry.variant
        and all(map(str.isascii, entry.tokens))
    )
