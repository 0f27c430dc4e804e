"""What is old goes, a little at a time, so that no alert waits for it.

retention settings -> told-keys, unmatched items, matched items -> how many went
"""

from datetime import datetime, timedelta

from watchbot.model.settings import Retention
from watchbot.ports.store import Store

AT_ONCE = 500


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
