"""The few places of a field where something may begin. Most of every text is set aside before anything is looked up.

    tokens -minus those set aside-> a few places -their clues-> the places where a term really may stand

Set aside are `dull` words, with which no term begins and which are no spelling guess, and `plain` ones: unknown words
that no name resembles. Of a word with which terms begin, a `Clue` says what else must stand there for one of them to
count: the written form of a ticker (`A` alone is an article), the next word of a name of several.
"""

from collections.abc import Collection, Container, Iterable

from watchbot.matching.guesses import Guesses
from watchbot.matching.heads import LONGEST, PER_HEAD
from watchbot.matching.lexicon import Branch, Lexicon, Node
from watchbot.matching.scan import Scan
from watchbot.matching.terms import Entry, ticker_forms
from watchbot.model.watch import Kind
from watchbot.text.tokens import words

# From so many places in a field on, each two words in a row are looked at only so often.
MANY = 500
MOST_DULL = 100_000
MOST_PLAIN = 20_000
# A longer word is looked at anew each time, lest a page of them fill the memory.
LONGEST_KEPT = 64
# A code that belongs to more tickers is always looked up: asking for all their forms would take longer.
MOST_TICKERS = 64


class Clue:
    """What must stand in a field beside one word for a term (or a guess) to begin there."""

    __slots__ = ("_codes", "_forms", "always", "guess", "next", "ticker")

    def __init__(self, token: str, node: Node | None, guess: bool) -> None:
        """`guess`: a spelling guess may begin with the word; `node`: the terms that do."""
        self.guess = guess
        entries = _entries(node)
        tickers = dict.fromkeys(entry.term for entry in entries if entry.kind is Kind.TICKER)
        others = [entry for entry in entries if entry.kind is not Kind.TICKER]
        # A term of this one word alone.
        self.always = len(tickers) > MOST_TICKERS or any(len(entry.tokens) == 1 for entry in others)
        # Second words of longer terms.
        self.next: Container[str] = (
            node.next if isinstance(node, Branch) else tuple({e.tokens[1] for e in others if len(e.tokens) > 1})
        )
        # The word as it stands in the forms of the tickers, and the least of each form that must stand in the text.
        self.ticker = bool(tickers) and not self.always
        self._codes, self._forms = _written(token, tickers) if self.ticker else ((), ())

    def written(self, cased: str) -> bool:
        """Whether one of the tickers may stand in a text in a form that counts."""
        return any(map(cased.__contains__, self._codes)) and any(map(cased.__contains__, self._forms))


class Bright:
    """Tells the places of a field apart; forgets what it knows of words whenever a term comes or goes."""

    def __init__(self, lexicon: Lexicon, guesses: Guesses) -> None:
        """Over one index of terms and one of guesses."""
        self._lexicon = lexicon
        self._guesses = guesses
        self._dull: set[str] = set()
        self._plain: set[str] = set()
        self._clues: dict[str, Clue] = {}

    def forget(self, entries: Iterable[Entry]) -> None:
        """Terms came or went."""
        for entry in entries:
            self._dull.difference_update(entry.tokens)
        if self._plain:
            self._plain = set()
        if self._clues:
            self._clues = {}

    def places(self, scan: Scan, every: bool) -> tuple[list[int], bool]:
        """The token places where a term may begin, and whether a guess may.

        `every`: also those of terms that do not count for want of their form.
        """
        heads = self._lexicon.heads
        if not scan.crowded() or max(heads.single, heads.word) > LONGEST:
            return self._all(scan.tokens) if every else self._few(scan)
        text = scan.folded.text
        found = words(text)
        bright, guessed = self._all([word for word, _at in found])
        at = [(place, heads.single) for place in heads.find(text)]
        at += [(found[place][1], heads.word) for place in bright]
        if bright:
            at.sort()
        return (scan.narrow(at) if at else []), guessed

    def _few(self, scan: Scan) -> tuple[list[int], bool]:
        """The places where something may really count."""
        tokens, dull = scan.tokens, self._dull
        bright = [place for place, token in enumerate(tokens) if token not in dull]
        if not bright:
            return [], False
        if len(bright) > MANY:
            return self._sorted(tokens, bright)
        plain, clues, cased, last = self._plain, self._clues, scan.folded.cased, len(tokens) - 1
        guessed, kept, bare = False, list[int](), set[str]()
        for place in bright:
            token = tokens[place]
            clue = clues.get(token)
            if clue is None:
                clue = None if token in plain else self._meet(token)
                if clue is None:
                    continue
            if clue.guess:
                guessed = True
            if clue.always or (place < last and tokens[place + 1] in clue.next):
                kept.append(place)
            elif clue.ticker and token not in bare:
                if clue.written(cased):
                    kept.append(place)
                else:
                    bare.add(token)
        return kept, guessed

    def _meet(self, token: str) -> Clue | None:
        """Get to know a word; None where it is set aside from now on."""
        node = self._lexicon.root.get(token)
        unknown = bool(self._guesses.bright({token}))
        guess = unknown and self._guesses.hopeful(token)
        if node is not None or guess:
            clue = Clue(token, node, guess)
            if len(self._clues) > MOST_DULL:
                self._clues.clear()
            if len(token) <= LONGEST_KEPT:
                self._clues[token] = clue
            return clue
        known, most = (self._plain, MOST_PLAIN) if unknown else (self._dull, MOST_DULL)
        _put({token}, known, most)
        return None

    def _all(self, tokens: list[str]) -> tuple[list[int], bool]:
        """The places where a term or a guess may begin, whatever else stands there, and whether a guess may."""
        dull = self._dull
        places = [place for place, token in enumerate(tokens) if token not in dull]
        return self._sorted(tokens, places) if places else (places, False)

    def _sorted(self, tokens: list[str], places: list[int]) -> tuple[list[int], bool]:
        """The same of the places whose words are not set aside yet."""
        fresh = {tokens[place] for place in places}
        guessed = self._guesses.bright(fresh)
        newly = fresh.difference(self._lexicon.root, guessed)
        if newly:
            places = [place for place in places if tokens[place] not in newly]
            _put(newly, self._dull, MOST_DULL)
        if len(places) > MANY:
            places = _few_of_each(tokens, places)
        return places, bool(guessed)


def _put(tokens: set[str], known: set[str], most: int) -> None:
    """Set words aside, in a set that does not grow for ever."""
    if len(known) > most:
        known.clear()
    known.update(token for token in tokens if len(token) <= LONGEST_KEPT)


def _entries(node: Node | None) -> Collection[Entry]:
    """The entries at a node itself."""
    if node is None:
        return ()
    if isinstance(node, Entry):
        return (node,)
    return node.ends or () if isinstance(node, Branch) else node


def _written(token: str, tickers: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The spellings of a word in the forms of the tickers, and of each form the part that nobody writes otherwise.

    An exchange before the code may be written in any case, so that of those only what begins at the colon is sure.
    """
    codes, least = dict[str, None](), dict[str, None]()
    for form in (form for ticker in tickers for form in ticker_forms(ticker)[0]):
        low, colon = form.lower(), form.find(":")
        at = last = low.find(token)
        while at >= 0:
            codes[form[at : at + len(token)]] = None
            last, at = at, low.find(token, at + 1)
        if last >= 0:
            least[_sure(form, colon, last)] = None
    # What contains another one adds nothing.
    return tuple(codes), tuple(form for form in least if not any(one in form for one in least if one != form))


def _sure(form: str, colon: int, code: int) -> str:
    """The part of a written form that a text which has the form, in any case that counts, is sure to have as it is."""
    if not 0 <= colon < code:
        return form
    between = form[colon:code]
    return form[colon:] if between.lower() == between.upper() else ":"


def _few_of_each(tokens: list[str], places: list[int]) -> list[int]:
    """The first places of every two tokens in a row: what a page says a thousand times is found often enough."""
    counts: dict[tuple[str, ...], int] = {}
    kept: list[int] = []
    for place in places:
        pair = tuple(tokens[place : place + 2])
        count = counts.get(pair, 0)
        if count < PER_HEAD:
            counts[pair] = count + 1
            kept.append(place)
    return kept
