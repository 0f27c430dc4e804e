"""Main subject or mention, and how sure a match is."""

from watchbot.matching.exact import Found
from watchbot.model.watch import Kind, Level

# So many hits in a body make its company the subject; a short body needs fewer.
REPEATED = 3
REPEATED_SHORT = 2
SHORT = 400

_KINDS = {
    Kind.NAME: 1.0,
    Kind.ALIAS: 1.0,
    Kind.TICKER: 1.0,
    Kind.KEYWORD: 0.95,
    Kind.QUERY: 0.95,
    Kind.FUZZY: 0.75,
}
_TITLE, _FIRST, _REPEATED, _MENTION = 1.0, 0.9, 0.85, 0.6


def judge(hits: list[Found]) -> tuple[Level, float]:
    """The level of a watch's hits in one item, and its score from 0 to 1."""
    surest, place = 0.0, _MENTION
    body: list[Found] = []
    for hit in hits:
        surest = max(surest, _KINDS[hit.kind] * hit.score)
        if hit.scan.field == "title":
            place = _TITLE
        elif hit.scan.field == "body":
            body.append(hit)
    if body and place is not _TITLE:
        scan = body[0].scan
        if scan.in_first_sentence(min([hit.start for hit in body])):
            place = _FIRST
        elif len(body) >= (REPEATED_SHORT if len(scan.folded.text) <= SHORT else REPEATED):
            place = _REPEATED
    level = Level.MENTION if place is _MENTION else Level.MAIN
    return level, round(surest * place, 3)
