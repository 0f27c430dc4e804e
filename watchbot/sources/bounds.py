"""What a dropped file may hold at most: counting is cheap, reading what no page or list has would take minutes."""

from watchbot.model.errors import RefusedFile
from watchbot.model.item import RawDocument
from watchbot.sources.sniff import Form

MOST_LINES = 100_000
MOST_TAGS = 400_000
MOST_VALUES = 800_000
MOST_MAILS = 5000


def check(document: RawDocument, form: Form, text: str) -> None:
    """Raises RefusedFile, in one line, where there is far too much of one thing in a file."""
    match form:
        case Form.TEXT:
            _at_most(MOST_LINES, text.count("\n"), "lines", document)
        case Form.HTML:
            _at_most(MOST_TAGS, text.count("<"), "tags", document)
        case Form.JSON:
            _at_most(MOST_VALUES, text.count(","), "values", document)
        case Form.MAIL | Form.MHTML:
            _at_most(MOST_MAILS, document.body.count(b"\nFrom "), "mails", document)
            _at_most(MOST_TAGS, document.body.count(b"<"), "tags", document)
        case _:
            pass


def _at_most(most: int, count: int, what: str, document: RawDocument) -> None:
    """Refuse more than so many."""
    if count > most:
        raise RefusedFile(f"{document.name} holds more than {most} {what}; drop it in smaller pieces")
