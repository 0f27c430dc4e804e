"""What can be done about an alert that somebody did not want, as pipeline/complaints.py offers and keeps it."""

from dataclasses import dataclass

WRONG, OLD, DUPLICATE, BORING = "wrong", "old", "dup", "boring"
COMPLAINTS = (WRONG, OLD, DUPLICATE, BORING)
EXCLUDE, CONTEXT, LEVEL, SAME = "exclude", "context", "level", "same"
DELIVER, MENTIONS, UPDATES = "deliver", "mentions", "updates"
MUTE_WATCH, MUTE_SOURCE = "mute_watch", "mute_source"
SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be done about an alert. `kind` is one of the words above, `value` what it is about: a word, a
    setting's new value, an item's id, the target of a mute, the shown name of a source that is to come in the digest.

    `watchlist` (the key in the file, or of the chat) and `watch` say whose it is, `label` is what people read;
    `locked`: it stands in a file. `done`: it is kept; `before` is what undoing brings back. Of a word to ask for it is
    known from the beginning: the words asked for by then let the alert through, so that this one takes their place.
    """

    kind: str
    value: str
    watchlist: str = ""
    watch: str = ""
    label: str = ""
    locked: bool = False
    done: bool = False
    before: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, str, str]:
        """What people can tell it by: offers for watches of one name, in several watchlists, are one to them."""
        return self.kind, self.label, "" if self.kind == MUTE_WATCH else self.value
