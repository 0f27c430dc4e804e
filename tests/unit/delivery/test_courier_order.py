"""What the courier makes of many things at once: edits become one, a backlog one round-up, answers go first."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.store_rows import card, news, source
from tests.fakes.botapi_post import Post, posting
from watchbot.message.codec import dump
from watchbot.model.alert import Act, Card, Form, NewDelivery, Rank, Report, State
from watchbot.model.reason import Reason
from watchbot.pipeline.telling import EDIT_WAIT
from watchbot.store.engine import SqlStore


@pytest.fixture
async def post(store: SqlStore) -> AsyncIterator[Post]:
    """A running courier and a private chat."""
    async with posting(store) as made:
        made.api.chat(1001)
        yield made


def queue_alert(post: Post, number: int = 0, age: float = 0.0) -> tuple[int, int, Card]:
    """An alert for chat 1001; gives its id, its delivery and its card."""
    now = post.clock.now() - timedelta(seconds=age)
    shown = card(f"Story {number}")
    with post.store.write() as tx:
        item = tx.items.add(news(f"g{number}"), source(tx).id, [f"g{number}"], now, False)
        alert = tx.alerts.add("1001", tx.stories.open(item, now), 0, item, Reason.FIRST_REPORT, shown, now)
        assert alert is not None
        delivery = tx.outbox.queue(NewDelivery("1001", dump(shown), Form.CARD, alert=alert), now)
    return alert, delivery, shown


async def test_ten_further_sources_within_a_second_are_one_edit(post: Post) -> None:
    assert timedelta(seconds=1) < EDIT_WAIT <= timedelta(seconds=3)
    alert, delivery, shown = queue_alert(post)
    post.nudge.set()
    await post.comes_to(delivery, State.SENT)
    began = post.clock.now()
    for number in range(10):
        shown = replace(shown, reports=(*shown.reports, Report(f"Paper {number}", "Too", "", began)))
        with post.store.write() as tx:
            tx.outbox.queue_edit(alert, shown, post.clock.now(), post.clock.now() + EDIT_WAIT)
        post.passes(0.1)
    await post.settled()
    assert post.api.calls_of("editMessageText") == [], "it waits for what may still come"
    post.passes(1.1)
    await post.until(lambda: post.api.sent[0].edits)
    await post.settled()
    assert len(post.api.calls_of("editMessageText")) == 1
    assert "10" in post.api.sent[0].text
    assert "Paper 9" in post.api.sent[0].text
    row = post.row(delivery + 1)
    assert (row.act, row.state) == (Act.EDIT, State.SENT)
    with post.store.read() as tx:
        assert tx.outbox.get(delivery + 2) is None


async def test_a_backlog_arrives_as_one_message(store: SqlStore) -> None:
    async with posting(store) as post:
        post.api.chat(1001)
        await post.courier.stop()
        for number in range(19):
            queue_alert(post, number, age=90)
        post.courier = post.another()
        post.start()
        await post.until(lambda: post.api.sent)
        await post.settled()
        (message,) = post.api.sent
        assert "19 故事" in message.text or "19 則新聞" in message.text
        assert all(f"Story {number}" in message.links for number in range(19))


async def test_an_outage_of_hours_ends_in_one_message(post: Post) -> None:
    post.api.down()
    for number in range(15):
        queue_alert(post, number)
        post.passes(300)
        await post.until(lambda: post.courier.line.down)
        await post.settled()
    post.api.up()
    post.passes(400)
    await post.until(lambda: len(post.api.sent) >= 2)
    await post.settled()
    tried = [row for number in range(1, 16) if (row := post.row(number)).state is State.SENT]
    assert len(post.api.sent) == len(tried) + 1, "those that were tried before, and one round-up of the others"
    assert len(tried) <= 3
    told = "\n".join(message.text for message in post.api.sent)
    assert all(f"Story {number}" in told for number in range(15))


async def test_an_answer_passes_alerts_that_wait(post: Post) -> None:
    for chat in range(2000, 2060):
        post.api.chat(chat)
        post.queue(str(chat), "alert")
    await post.until(lambda: len(post.api.sent) > 5)
    before = len(post.api.sent)
    post.queue("1001", "answer", rank=Rank.REPLY)
    await post.until(lambda: len(post.api.sent) >= 61)
    place = [message.text for message in post.api.sent].index("answer")
    assert place - before <= 20, "of the 54 alerts that waited most go later"
