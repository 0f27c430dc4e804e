"""What is old goes and what is new becomes searchable, a little at a time, so that no alert waits for it.

retention settings -> told-keys, unmatched items, matched items -> how many went
items that wait for the full text index -> up to INDEXED_AT_ONCE of them -> how many are searchable now
"""

from datetime import datetime, timedelta

from watchbot.model.settings import Retention
from watchbot.ports.store import Store

AT_ONCE = 500
INDEXED_AT_ONCE = 50  # whoever wants to write meanwhile waits for about 20 ms


def tidy(store: Store, retention: Retention, now: datetime) -> int:
    """Forget up to AT_ONCE items of each kind, each in its own transaction; gives how many items went."""
    if retention.told is not None:
        with store.write() as tx:
            tx.retention.forget_told(now - timedelta(seconds=retention.told))
    gone = 0
    for seconds, matched in ((retention.unmatched, False), (retention.matched, True)):
        if seconds is not None:
            with store.write() as tx:
                gone += tx.retention.forget_items(now - timedelta(seconds=seconds), matched, AT_ONCE)
    return gone


def index_some(store: Store) -> int:
    """Make some items searchable that are not yet; gives how many. Where none waits, nothing is written."""
    with store.read() as tx:
        if not tx.search.waits():
            return 0
    with store.write() as tx:
        return tx.search.index(INDEXED_AT_ONCE)
