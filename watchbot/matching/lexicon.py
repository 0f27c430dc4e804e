"""The one index over all terms of all watchlists: a trie of tokens that is cheap where names are few.

    node = an entry | a list of up to BUCKET entries | a dict: token -> node, and "" -> the entries that end here

Only where many terms share their first tokens is there a dict; most words lead straight to one or a few entries, whose
remaining tokens are compared. Adding and removing touch one path.
"""

from collections.abc import Iterable
from typing import Union

from watchbot.matching.heads import Heads
from watchbot.matching.terms import Entry

BUCKET = 6
END = ""

Ends = dict[Entry, None]
Node = Union[Entry, list[Entry], "Branch"]


class Branch:
    """A node with many terms below: by next token, and those that end here."""

    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        """Empty."""
        self.next: dict[str, Node] = {}
        self.ends: Ends | None = None


class Lexicon:
    """Finds all terms in a list of tokens at once."""

    __slots__ = ("heads", "root")

    def __init__(self) -> None:
        """Empty."""
        self.root: dict[str, Node] = {}
        self.heads = Heads()

    def add(self, entry: Entry) -> None:
        """Enter one term."""
        self.heads.add(entry)
        nodes, depth = self.root, 1
        while True:
            token = entry.tokens[depth - 1]
            there = nodes.get(token)
            if there is None:
                nodes[token] = entry
                return
            if isinstance(there, Entry):
                nodes[token] = [there, entry]
                return
            if isinstance(there, list):
                if len(there) < BUCKET:
                    there.append(entry)
                    return
                nodes[token] = there = _split(there, depth)
            if len(entry.tokens) == depth:
                if there.ends is None:
                    there.ends = {}
                there.ends[entry] = None
                return
            nodes, depth = there.next, depth + 1

    def remove(self, entry: Entry) -> None:
        """Take one term out; one that is not there is ignored."""
        path: list[tuple[dict[str, Node], str]] = []
        nodes, depth = self.root, 1
        while True:
            token = entry.tokens[depth - 1]
            there = nodes.get(token)
            if there is None:
                return
            path.append((nodes, token))
            if isinstance(there, Entry):
                if there is entry:
                    del nodes[token]
                break
            if isinstance(there, list):
                there[:] = [one for one in there if one is not entry]
                if len(there) == 1:
                    nodes[token] = there[0]
                break
            if len(entry.tokens) == depth:
                if there.ends is not None:
                    there.ends.pop(entry, None)
                    there.ends = there.ends or None
                break
            nodes, depth = there.next, depth + 1
        for nodes, token in reversed(path):
            there = nodes.get(token)
            if isinstance(there, Branch) and not there.next and there.ends is None:
                del nodes[token]

    def find(self, tokens: list[str], places: Iterable[int]) -> list[tuple[int, Entry]]:
        """Every (place, entry) whose tokens stand at one of the places, in order."""
        root = self.root
        found: list[tuple[int, Entry]] = []
        for place in places:
            node = root.get(tokens[place])
            if node is None:
                continue
            if isinstance(node, Entry):
                size = len(node.tokens)
                if size == 1 or node.tokens == tuple(tokens[place : place + size]):
                    found.append((place, node))
            else:
                _below(node, tokens, place, found)
        return found

    def parts(self, word: str) -> list[tuple[Entry, int]]:
        """Entries of several tokens that, written together, are this word (HonHai); with the number of tokens."""
        found: list[tuple[Entry, int]] = []
        for size in range(1, len(word)):
            node = self.root.get(word[:size])
            if node is not None:
                _joined(node, word, found)
        return found


def _split(bucket: list[Entry], depth: int) -> Branch:
    """A full bucket as a branch. Entries that are the same to the end share `ends`."""
    branch = Branch()
    for entry in bucket:
        if len(entry.tokens) == depth:
            if branch.ends is None:
                branch.ends = {}
            branch.ends[entry] = None
            continue
        token = entry.tokens[depth]
        there = branch.next.get(token)
        if there is None:
            branch.next[token] = entry
        elif isinstance(there, list):
            there.append(entry)
        elif isinstance(there, Entry):
            branch.next[token] = [there, entry]
    return branch


def _below(node: Node, tokens: list[str], place: int, found: list[tuple[int, Entry]]) -> None:
    """Follow the tokens from `place` down from a node."""
    at = place + 1
    while isinstance(node, Branch):
        if node.ends is not None:
            found.extend([(place, entry) for entry in node.ends])
        if at >= len(tokens):
            return
        below = node.next.get(tokens[at])
        if below is None:
            return
        node, at = below, at + 1
    for entry in [node] if isinstance(node, Entry) else node:
        size = len(entry.tokens)
        if size == 1 or entry.tokens == tuple(tokens[place : place + size]):
            found.append((place, entry))


def _joined(node: Node, word: str, found: list[tuple[Entry, int]]) -> None:
    """Entries below a node whose tokens written together are the word."""
    if isinstance(node, Branch):
        for entry in node.ends or ():
            if len(entry.tokens) > 1 and "".join(entry.tokens) == word:
                found.append((entry, len(entry.tokens)))
        if len(node.next) > 64:
            # Only the tokens that the word can go on with: probe by its own letters.
            used = len(word)
            for below in (node.next.get(word[a:b]) for a in range(1, used) for b in range(a + 1, used + 1)):
                if below is not None:
                    _joined(below, word, found)
            return
        for token, below in node.next.items():
            if token in word:
                _joined(below, word, found)
        return
    for entry in [node] if isinstance(node, Entry) else node:
        if len(entry.tokens) > 1 and "".join(entry.tokens) == word:
            found.append((entry, len(entry.tokens)))
