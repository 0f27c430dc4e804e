"""The bot under load, as people see it: the real daemon as a process, a Bot API server that keeps Telegram's limits.

    python -m benchmarks.bench_bot [--minutes 1]        about three minutes

    latency  an alert's send call after its item was decided, with the queue below the limit   (aim: p50 1 s, p99 3 s)
    flow     messages a second while 1,000 alerts wait, and how near the limit the busiest second came (aim: 25 of 30)
    press    a button is pressed while they flow: its answer                                   (aim: p95 300 ms)

What is measured is checked too: every alert arrived, once, and no limit was broken.
"""

import argparse
import statistics
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.botapi_chat import Chat
from tests.fakes.botapi_records import Press, SentMessage
from tests.fakes.feedserver import FeedServer
from watchbot.model.alert import Form, NewDelivery, State
from watchbot.store import open_store
from watchbot.store.engine import SqlStore

BOSS = 1001
FIRST = 20000
CROWD = range(5000, 5200)
FEEDS = 5
GAP = 0.12  # seconds between two items: about eight a second, a third of what Telegram takes
WAITING = 1000
PRESS_EVERY = 0.4
WORDS = (
    "harbour",
    "valley",
    "orchard",
    "granite",
    "copper",
    "meadow",
    "lantern",
    "anchor",
    "willow",
    "ember",
    "quarry",
)


def name_of(chat: int) -> str:
    """A company that only this chat watches: no two items are of one story."""
    number = chat - FIRST
    return "Z" + "".join(f"{'bcdfghjklm'[number // 10**place % 10]}{'aeiou'[place]}" for place in range(4)) + "x"


def configure(house: House, api: BotApiServer, feeds: dict[str, str], chats: range) -> None:
    """A watchlist for every chat, and one for whoever presses buttons."""
    house.configure(feeds, api, admins=str(BOSS))
    lists = ["watchlists:"]
    for chat in chats:
        lists.append(
            f"  - {{name: w{chat}, chats: ['{chat}'], max_per_hour: off, watches: [{{name: {name_of(chat)}}}]}}"
        )
    lists.append(f"  - {{name: boss, chats: ['{BOSS}'], watches: [{{name: Brelvane}}]}}")
    (house.root / "watchlist.yaml").write_text("\n".join(lists), encoding="utf-8")


def latency(store: SqlStore, api: BotApiServer, feeds: FeedServer, paths: list[str], chats: range) -> None:
    """Items arrive steadily, each for another chat."""
    began = time.monotonic()
    for number, chat in enumerate(chats):
        words = " ".join(WORDS[(number * step + step) % len(WORDS)] for step in (1, 3, 5))
        feeds.add_item(paths[number % FEEDS], title=f"{name_of(chat)} buys {words} {number}")
        time.sleep(GAP)
    seconds, wanted = time.monotonic() - began, len(chats)
    api.wait_for(lambda: len(api.sent) >= wanted, 60, f"{wanted} alerts")
    at = {(one.chat_id, one.message_id): one.wall for one in api.sent}
    with store.read() as tx:
        rows = [row for delivery in range(1, 5 * wanted) if (row := tx.outbox.get(delivery)) is not None]
    waits = [
        at[int(row.chat), row.message_id] - row.created_at.timestamp()
        for row in rows
        if row.state is State.SENT and row.message_id is not None and row.alert is not None
    ]
    print(f"latency: {len(waits)} alerts, {wanted / seconds:.1f} a second")
    show("  send call after the decision", waits, "s", 1.0)


def flow(store: SqlStore, api: BotApiServer, boss: Chat, alert: SentMessage) -> None:
    """A thousand alerts wait, and somebody presses a button now and then."""
    before = len(api.sent)
    now = datetime.now(UTC)
    with store.write() as tx:
        for number in range(WAITING):
            chat = str(CROWD[number % len(CROWD)])
            tx.outbox.queue(NewDelivery(chat, f"<b>Alert</b> {number}", Form.HTML), now)
    presses: list[Press] = []
    api.wait_for(lambda: len(api.sent) > before, 30, "the first of them")
    while sum(one.chat_id in CROWD for one in api.sent) < WAITING:  # a press of Why sends a message too
        presses.append(boss.presses(alert, alert.buttons[0][0].text))
        time.sleep(PRESS_EVERY)
    api.wait_for(lambda: all(press.answered_at for press in presses), 20, "every press to be answered")
    crowd = [one.at for one in api.sent if one.chat_id in CROWD]
    assert len({one.text for one in api.sent if one.chat_id in CROWD}) == WAITING
    metered = [
        call.at for call in api.calls if call.method in ("sendmessage", "editmessagetext") and call.at >= crowd[0]
    ]
    busiest = max(sum(1 for other in metered if at <= other < at + 1) for at in metered)
    whole = [at for at in metered if at <= crowd[-1]]
    print(f"flow: {len(crowd)} alerts to {len(CROWD)} chats, one process, SQLite")
    print(f"  {len(whole) / (crowd[-1] - crowd[0]):.1f} calls a second sustained, {busiest} in the busiest second")
    waits = [1000 * (press.answered_at - press.at) for press in presses if press.answered_at]
    print(f"press: {len(waits)} presses meanwhile")
    show("  answered after", waits, "ms", 300)


def show(label: str, values: list[float], unit: str, aim: float) -> None:
    """Median and percentiles."""
    cuts = statistics.quantiles(values, n=100)
    digits = 2 if unit == "s" else 0
    p50, p95, p99 = (f"{value:.{digits}f} {unit}" for value in (cuts[49], cuts[94], cuts[98]))
    print(f"{label}: median {p50}, p95 {p95}, p99 {p99}, worst {max(values):.{digits}f} {unit} (aim {aim:g} {unit})")


def main() -> None:
    """Run all three."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=1.0, help="how long items arrive")
    minutes = options.parse_args().minutes
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        api = stack.enter_context(BotApiServer.in_thread())
        feeds = stack.enter_context(FeedServer.in_thread())
        house = House(root)
        stack.callback(house.close)
        boss = api.chat(BOSS)
        chats = range(FIRST, FIRST + int(60 * minutes / GAP))
        for chat in (*chats, *CROWD):
            api.chat(chat)
        paths = [f"/{number}.xml" for number in range(FEEDS)]
        configure(house, api, {f"Wire{number}": feeds.feed(path, []) for number, path in enumerate(paths)}, chats)
        house.start()
        for path in paths:
            feeds.wait_for_request(path, 2)
        store = open_store(f"sqlite:///{root / 'var' / 'watchbot.db'}")
        stack.callback(store.close)
        latency(store, api, feeds, paths, chats)
        house.drop("one.txt", "Brelvane said on Friday that it will build a second plant near the harbour.\n")
        flow(store, api, boss, boss.expects("Brelvane"))
        breaches = api.breaches
        print(f"limits broken: {len(breaches)}")
        assert not breaches, breaches[:3]


if __name__ == "__main__":
    main()
