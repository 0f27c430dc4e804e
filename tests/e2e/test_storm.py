"""500 alerts flow to 50 chats while everything goes wrong: nothing is lost, and nobody is told twice without a word.

courier, client, limiter and database are the real ones; the limits are Telegram's; only idle time is skipped.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.botapi_limits import Limits
from tests.fakes.botapi_post import Post, posting
from watchbot.model.alert import Form, NewDelivery, State
from watchbot.store import open_store
from watchbot.store.engine import SqlStore

pytestmark = pytest.mark.e2e

PRIVATE = [str(1000 + number) for number in range(30)]
GROUPS = [str(-100500 - number) for number in range(17)]
TOPICS = ["-100900/7", "-100901/7", "-100902/7"]
CHATS = PRIVATE + GROUPS + TOPICS
EACH = 10
BLOCKED, PAUSED, LATER = PRIVATE[3], PRIVATE[4], PRIVATE[5]
MARK = "\n(possibly repeated)"
OPEN = (State.PENDING, State.SENDING, State.UNCERTAIN)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A fresh database."""
    opened = open_store(f"sqlite:///{tmp_path / 'storm.db'}")
    yield opened
    opened.close()


def queue_all(post: Post) -> None:
    """500 alerts."""
    for chat in CHATS:
        number, _, topic = chat.partition("/")
        post.api.chat(int(number), topics={int(topic): "Chips"} if topic else {})
    with post.store.write() as tx:
        for number in range(EACH):
            for chat in CHATS:
                body = f"<b>{chat}</b> news {number}"
                tx.outbox.queue(NewDelivery(chat, body, Form.HTML), post.clock.now())
    post.nudge.set()


async def trouble(post: Post) -> None:
    """What goes wrong while messages flow, a thing at a time."""
    api = post.api
    api.chat(int(BLOCKED)).blocks()
    api.fault("429", chat=int(PAUSED), seconds=6)
    faults = ["500", "lost", "502", "drop", "not_json", "lost", "500", "drop", "lost", "502", "lost", "not_json"]
    for number, kind in enumerate(faults, 1):
        await post.until(lambda number=number: len(api.sent) > 12 * number, "messages between two faults")
        api.fault(kind, accepted=number % 3 != 0)


async def calm(post: Post) -> None:
    """Wait until nothing is left to be sent; time in which nothing can happen is skipped."""
    while True:
        with post.store.read() as tx:
            counts = tx.outbox.counts()
            due = tx.outbox.next_due(post.clock.now(), "telegram")
        if not any(counts[state] for state in OPEN):
            return
        left = (due - post.clock.now()).total_seconds() if due else 1.0
        if not post.courier._tasks and left > 0.5:
            post.passes(left)
        await asyncio.sleep(0.05)


async def storm(post: Post) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Let it blow; gives what was on its way when the server went away, and when the process died, as chat and text."""
    api = post.api
    await trouble(post)
    api.fault("429", chat=int(LATER), seconds=4)
    api.chat(int(GROUPS[0])).upgrades(-100777)
    api.chat(int(TOPICS[0].partition("/")[0])).deletes_topic(7)
    await post.until(lambda: len(api.sent) > 200, "200 messages")
    api.down()
    await post.until(lambda: post.courier.line.down, "the line to be down")
    cut = set(rows_of(post, State.SENDING, State.UNCERTAIN))
    api.up()
    await post.until(lambda: len(api.sent) > 240, "240 messages")
    slow = api.fault("hang", times=3, accepted=True)
    await post.until(lambda: slow.hits == 3, "calls on their way")
    await post.kill()
    dying = set(rows_of(post, State.SENDING))
    api.fault("lost", times=2)
    await post.born()
    async with asyncio.timeout(50):
        await calm(post)
    return cut, dying


def rows_of(post: Post, *states: State) -> Iterator[tuple[str, str]]:
    """Chat and text of what stands in these states."""
    with post.store.read() as tx:
        rows = [tx.outbox.get(number) for number in range(1, len(CHATS) * EACH + 1)]
    for row in rows:
        if row and row.state in states:
            yield origin(row.body), row.body.replace("<b>", "").replace("</b>", "")


def origin(text: str) -> str:
    """The chat that a message was meant for."""
    return text.replace("<b>", "").replace("</b>", "").split(" ", maxsplit=1)[0]


async def test_faults_while_500_alerts_flow_to_50_chats(store: SqlStore) -> None:
    async with posting(store, Limits(), asyncio.sleep) as post:
        await asyncio.to_thread(queue_all, post)
        cut, dying = await storm(post)
        api = post.api
        copies: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for message in api.sent:
            text = message.text.removesuffix(MARK)
            copies[origin(text), text].append(message.text.endswith(MARK))
        with store.read() as tx:
            counts = tx.outbox.counts()

    assert api.breaches == [], "no limit is broken, and no call falls into a pause"
    living = [chat for chat in CHATS if chat != BLOCKED]
    lost = [(chat, n) for chat in living for n in range(EACH) if (chat, f"{chat} news {n}") not in copies]
    assert lost == []
    assert counts[State.PARKED] == EACH
    assert counts[State.SENT] == EACH * len(living)
    assert counts[State.DEAD] == 0

    swallowed = Counter(
        (origin(str(call.params["text"])), str(call.params["text"]).replace("<b>", "").replace("</b>", ""))
        for call in api.calls_of("sendMessage")
        if isinstance(call.answer, str) and call.answer.startswith("fault") and "429" not in call.answer
    )
    for key, marks in copies.items():
        doubted = swallowed[key] + (key in cut | dying)
        assert marks.count(False) <= 1, f"{key} was told twice without a word"
        assert len(marks) == 1 or doubted, f"{key} was repeated though its answer was not lost"
        assert any(marks) <= bool(doubted), f"{key} is marked for nothing"
    assert any(len(marks) > 1 for marks in copies.values()), "the storm did blow"

    order = defaultdict(list)
    for message in api.sent:
        if message.text.endswith(MARK):
            continue
        order[origin(message.text)].append(int(message.text.rpartition(" ")[2]))
    quiet = [chat for chat in living if not any(key[0] == chat for key in [*swallowed, *cut, *dying])]
    assert len(quiet) > 15
    assert len(dying) <= 30, "what waits for its turn when the process dies is not told as repeated"
    for chat in quiet:
        assert order[chat] == sorted(order[chat])
    assert {one.chat_id for one in api.sent if origin(one.text) == GROUPS[0]} >= {-100777}
    during = [one for one in api.sent if meanwhile(post, one.at)]
    assert len({one.chat_id for one in during}) > 10, "other chats go on during one chat's pause"


def meanwhile(post: Post, at: float) -> bool:
    """Whether this moment lies in the first pause of one chat."""
    hit = next(call for call in post.api.calls if call.answer == "fault 429" and call.chat_id == int(PAUSED))
    return hit.at < at < hit.at + 5
