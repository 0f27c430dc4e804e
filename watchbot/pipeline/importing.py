"""A watchlist file that was sent to a chat: its watches become the chat's own, as many as there is room for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline.watching import put_on
from watchbot.ports.store import Tx


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the watches of a file, by label: new ones, changed ones, those that stood here already, those that
    did not fit; `ids` are those of the new ones."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    there: tuple[str, ...]
    too_many: tuple[str, ...]
    ids: tuple[str, ...]


def import_watches(tx: Tx, chat: str, lists: Iterable[Watchlist], room: int | None, now: datetime) -> Imported:
    """Put the watches of these lists on in a chat; one that is there under the same id is replaced. `room` is how many
    new ones fit, None for any number."""
    own = {row.watch.id: row.watch for row in tx.chats.watches(chat)}
    added: list[Watch] = []
    changed: list[str] = []
    there: list[str] = []
    too_many: list[str] = []
    for watch in (_own(watch, watchlist) for watchlist in lists for watch in watchlist.watches):
        if own.get(watch.id) == watch:
            there.append(watch.label)
            continue
        if watch.id not in own and room is not None and len(added) >= room:
            too_many.append(watch.label)
            continue
        if watch.id in own:
            changed.append(watch.label)
        else:
            added.append(watch)
        put_on(tx, chat, watch, now)
        own[watch.id] = watch
    labels = tuple(watch.label for watch in added)
    return Imported(labels, tuple(changed), tuple(there), tuple(too_many), tuple(watch.id for watch in added))


def _own(watch: Watch, watchlist: Watchlist) -> Watch:
    """A file's watch as one of the chat: what its watchlist said of it is said of it, its place is forgotten."""

    def said(name: str) -> str | None:
        usual = getattr(Watchlist("", "", ()), name)
        given: str = getattr(watchlist, name)
        return getattr(watch, name) or (given if given != usual else None)

    return replace(watch, line=0, chats=(), deliver=said("deliver"), mentions=said("mentions"), updates=said("updates"))
