"""Odd ends of a courier's work: what a group as a whole means to its topics, its files and its earlier messages."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.fakes.botapi_post import Post, posting
from watchbot.model.alert import Form, NewDelivery, Rank, State
from watchbot.store.engine import SqlStore


@pytest.fixture
async def post(store: SqlStore) -> AsyncIterator[Post]:
    """A running courier and a group with topics."""
    async with posting(store) as made:
        made.api.chat(-100200, topics={7: "Chips"})
        yield made


async def test_a_topics_pause_is_the_whole_groups_after_a_restart_too(post: Post) -> None:
    post.api.fault("429", chat=-100200, seconds=30)
    first = post.queue("-100200/7")
    await post.until(lambda: post.pauses() == {"-100200/7"})
    await post.settled()
    await post.kill()
    await post.born()
    second = post.queue("-100200", "General")
    await post.settled()
    post.passes(25)
    await post.settled()
    assert post.api.sent == []
    post.passes(40)
    await post.comes_to(first, State.SENT)
    await post.comes_to(second, State.SENT)
    assert post.api.breaches == []


async def test_what_was_said_before_a_group_moved_changes_nothing_in_the_new_one(post: Post) -> None:
    old = post.api.chat(-200)
    first = post.queue("-200", "<b>First</b>")
    await post.comes_to(first, State.SENT)
    old.upgrades(-100300)
    edited = post.edit(first, "First, in other words")  # it does not know yet that the group moved
    await post.comes_to(edited, State.FOLDED)
    post.edit(first, "First once more")
    await post.comes_to(post.queue("-100300", "Last"), State.SENT)
    assert post.texts(-100300) == ["Last"]
    assert [call.status for call in post.api.calls_of("editMessageText")] == [400], "only to the old group"
    with post.store.read() as tx:
        assert tx.outbox.next_due(post.clock.now(), "telegram") is None
        assert tx.outbox.by_message("-100300", post.api.sent[0].message_id) is None


async def test_a_group_that_takes_no_files_goes_on_getting_words(post: Post) -> None:
    post.api.chat(-100200).state.may_send_files = False
    file = json.dumps({"name": "list.yaml", "body_base64": "YTogYg==", "caption": "Your list"})
    with post.store.write() as tx:
        delivery = tx.outbox.queue(NewDelivery("-100200", file, Form.FILE, rank=Rank.REPLY), post.clock.now())
    await post.comes_to(delivery, State.DEAD)
    await post.comes_to(post.queue("-100200"), State.SENT)
    with post.store.read() as tx:
        assert tx.chats.parked() == {}
