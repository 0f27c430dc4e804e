"""Every row of the error table (docs/states.md), provoked: courier, client and Bot API server are the real ones."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.fakes.botapi_post import Post, posting
from tests.fakes.botapi_records import SentMessage
from watchbot.model.alert import Act, Rank, State
from watchbot.model.panel import Button
from watchbot.store.engine import SqlStore

REPEATED = "News\n(possibly repeated)"


@pytest.fixture
async def post(store: SqlStore) -> AsyncIterator[Post]:
    """A running courier; two private chats and a group with topics."""
    async with posting(store) as made:
        made.api.chat(1001)
        made.api.chat(1002)
        made.api.chat(-100200, topics={7: "Chips"})
        yield made


async def sent_later(post: Post, delivery: int, chat: int, seconds: float) -> None:
    """It was not sent, is tried again, and then arrives once, unmarked."""
    row = await post.comes_to(delivery, State.PENDING)
    assert (row.attempts, row.repeat, post.texts(chat)) == (1, False, [])
    assert row.error
    post.passes(seconds)
    await post.comes_to(delivery, State.SENT)
    assert post.texts(chat) == ["News"]


async def told_again(post: Post, delivery: int, chat: int, arrived: bool) -> None:
    """Nobody knows whether it arrived: once more after 20 s, marked, and not before."""
    row = await post.comes_to(delivery, State.UNCERTAIN)
    assert (row.attempts, row.repeat) == (1, True)
    post.passes(18)
    await post.settled()
    assert len(post.texts(chat)) == arrived
    post.passes(3)
    await post.comes_to(delivery, State.SENT)
    assert post.texts(chat) == (["News", REPEATED] if arrived else [REPEATED])


@pytest.mark.parametrize("error", [httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ConnectError, httpx.ProxyError])
async def test_what_never_left_is_tried_for_ever(post: Post, error: type[httpx.TransportError]) -> None:
    post.transport.errors = [(error("no way there"), False)] * 4
    delivery = post.queue("1001")
    for attempts in (1, 2, 3):
        await post.until(lambda attempts=attempts: post.row(delivery).attempts == attempts)
        row = await post.comes_to(delivery, State.PENDING)
        assert (row.repeat, post.texts(1001)) == (False, [])
        post.passes(400)
    await post.until(lambda: not post.transport.errors)
    post.passes(400)
    await post.comes_to(delivery, State.SENT)
    assert post.texts(1001) == ["News"]


async def test_nobody_listens(post: Post) -> None:
    post.api.down()
    delivery = post.queue("1001")
    row = await post.comes_to(delivery, State.PENDING)
    await post.until(lambda: post.row(delivery).attempts == 1)
    row = await post.comes_to(delivery, State.PENDING)
    assert "ConnectError" in row.error
    assert post.courier.line.down
    post.api.up()
    post.passes(10)
    await post.comes_to(delivery, State.SENT)
    assert post.texts(1001) == ["News"]
    assert not post.courier.line.down


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
)
async def test_a_lost_answer_is_told_again_and_marked(
    post: Post, error: type[httpx.TransportError], arrived: bool
) -> None:
    post.transport.errors = [(error("cut"), arrived)]
    await told_again(post, post.queue("1001"), 1001, arrived)


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("fault", ["500", "502", "not_json", "drop"])
async def test_a_broken_answer_is_told_again_and_marked(post: Post, fault: str, arrived: bool) -> None:
    post.api.fault(fault, accepted=arrived)
    await told_again(post, post.queue("1001"), 1001, arrived)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_death_while_sending(post: Post, arrived: bool) -> None:
    fault = post.api.fault("hang", accepted=arrived)
    delivery = post.queue("1001")
    await post.until(lambda: fault.hits)
    assert post.row(delivery).state is State.SENDING
    await post.kill()
    assert post.row(delivery).state is State.SENDING
    await post.born()
    await post.comes_to(delivery, State.UNCERTAIN)
    post.passes(21)
    await post.comes_to(delivery, State.SENT)
    assert post.texts(1001) == (["News", REPEATED] if arrived else [REPEATED])


async def test_a_short_pause_is_the_chats_alone(post: Post) -> None:
    post.api.fault("429", chat=1001, seconds=30)
    delivery = post.queue("1001")
    await post.until(lambda: post.pauses() == {"1001"})
    other = post.queue("1002")
    await post.comes_to(other, State.SENT)
    post.passes(28)
    await post.settled()
    assert post.texts(1001) == []
    post.passes(3)
    await post.comes_to(delivery, State.SENT)
    assert post.texts(1001) == ["News"]
    assert post.api.breaches == []


@pytest.mark.parametrize("seconds", [60, 300])
async def test_a_long_pause_is_everybodys(post: Post, seconds: float) -> None:
    post.api.fault("429", chat=1001, seconds=seconds)
    first = post.queue("1001")
    await post.until(lambda: post.pauses() == {"1001", "*"})
    other = post.queue("1002")
    post.passes(seconds - 5)
    await post.settled()
    assert post.api.sent == []
    post.passes(6)
    await post.comes_to(first, State.SENT)
    await post.comes_to(other, State.SENT)
    assert post.api.breaches == []


async def test_a_second_pause_is_everybodys(post: Post) -> None:
    post.api.fault("429", chat=1001, seconds=30)
    post.api.fault("429", chat=1002, seconds=40)
    post.queue("1001")
    await post.until(lambda: post.pauses() == {"1001"})
    post.queue("1002")
    await post.until(lambda: "*" in post.pauses())
    third = post.queue("-100200")
    post.passes(35)
    await post.settled()
    assert post.api.sent == []
    post.passes(6)
    await post.comes_to(third, State.SENT)
    await post.until(lambda: len(post.api.sent) == 3)
    assert post.api.breaches == []


async def test_a_pause_holds_over_a_restart(post: Post) -> None:
    post.api.fault("429", chat=1001, seconds=30)
    delivery = post.queue("1001")
    await post.until(lambda: post.pauses() == {"1001"})
    await post.settled()
    await post.kill()
    await post.born()
    post.passes(25)
    await post.settled()
    assert post.texts(1001) == []
    post.passes(6)
    await post.comes_to(delivery, State.SENT)
    assert post.api.breaches == []


async def test_a_full_group_waits_and_others_go_on(post: Post) -> None:
    many = [post.queue("-100200", f"{number}") for number in range(22)]
    await post.comes_to(many[19], State.SENT)
    await post.settled()
    await post.comes_to(post.queue("1001"), State.SENT)
    assert (post.row(many[20]).state, post.row(many[20]).attempts) == (State.PENDING, 0), "nothing was tried in vain"
    await post.kill()
    await post.born()  # who begins anew knows from the database what the group got
    await post.comes_to(post.queue("1002"), State.SENT)
    assert len(post.texts(-100200)) == 20
    post.passes(61)
    await post.comes_to(many[21], State.SENT)
    assert post.texts(-100200) == [f"{number}" for number in range(22)]


async def test_a_migrated_group_is_known_by_its_new_key(post: Post) -> None:
    post.api.chat(-200)
    with post.store.write() as tx:
        tx.chats.set("-200", "language", "zh-TW")
    post.api.chat(-200).upgrades(-100300)
    first, second = post.queue("-200"), post.queue("-200", "More")
    await post.comes_to(first, State.SENT)
    await post.comes_to(second, State.SENT)
    assert post.texts(-100300) == ["News", "More"]
    assert post.row(first).chat == "-100300"
    with post.store.read() as tx:
        assert tx.chats.settings("-100300")["language"] == "zh-TW"
        assert tx.chats.moved()["-200"] == "-100300"


async def test_a_channel_known_by_name_goes_by_its_id_once_a_message_arrived(post: Post) -> None:
    post.api.chat(-100300, type="channel", username="chips")
    with post.store.write() as tx:
        tx.chats.set("@chips", "language", "zh-TW")
    first, second = post.queue("@chips"), post.queue("@chips", "More")
    await post.comes_to(first, State.SENT)
    assert post.row(first).chat == post.row(second).chat == "-100300"
    await post.comes_to(second, State.SENT)
    assert post.texts(-100300) == ["News", "More"]
    with post.store.read() as tx:
        assert tx.chats.settings("-100300")["language"] == "zh-TW"
        assert tx.chats.moved()["@chips"] == "-100300"


@pytest.mark.parametrize("how", ["blocked", "kicked", "deactivated", "left", "silenced", "unknown", "fault"])
async def test_a_chat_that_cannot_be_reached_is_parked_and_kept(post: Post, how: str) -> None:
    chat = post.api.chat(1001) if how in ("blocked", "deactivated", "fault") else post.api.chat(-100200)
    if how == "blocked":
        chat.blocks()
    elif how == "deactivated":
        chat.state.deactivated = True
    elif how == "silenced":
        chat.state.may_write = False
    elif how == "unknown":
        post.api.fault("chat_not_found", chat=chat.id)
    elif how == "fault":
        post.api.fault("blocked", chat=chat.id)
    else:
        chat.sets_bot("kicked" if how == "kicked" else "left")
    first = post.queue(str(chat.id))
    await post.comes_to(first, State.PARKED)
    second = post.queue(str(chat.id), "More")
    await post.comes_to(second, State.PARKED)
    await post.comes_to(post.queue("1002"), State.SENT)
    with post.store.read() as tx:
        assert list(tx.chats.untold_parked()) == [str(chat.id)]
    chat.sets_bot("member")
    chat.state.deactivated, chat.state.may_write = False, True
    with post.store.write() as tx:
        assert tx.chats.unpark(str(chat.id), post.clock.now()) == 2
    post.nudge.set()
    await post.comes_to(second, State.SENT)
    assert post.texts(chat.id) == ["News", "More"]


async def test_a_bad_text_goes_as_plain_text(post: Post) -> None:
    delivery = post.queue("1001", "<b>never <i>closed</b>")
    await post.comes_to(delivery, State.SENT)
    assert post.texts(1001) == ["never closed"]
    assert (post.row(delivery).attempts, post.row(delivery).plain) == (2, True)


async def test_what_is_refused_both_ways_is_kept_and_can_be_tried_again(post: Post) -> None:
    delivery = post.queue("1001", "<b> </b>")
    row = await post.comes_to(delivery, State.DEAD)
    assert "empty" in row.error
    refused = len(post.api.calls)
    await post.comes_to(post.queue("1001"), State.SENT)
    with post.store.write() as tx:
        assert [one.id for one in tx.outbox.untold_dead()] == [delivery]
        assert tx.outbox.retry(delivery, post.clock.now())
    post.nudge.set()
    await post.until(lambda: len(post.api.calls) >= refused + 3)
    await post.comes_to(delivery, State.DEAD)
    assert post.texts(1001) == ["News"]


async def test_bad_buttons_are_left_away(post: Post) -> None:
    delivery = post.queue("1001", rows=((Button("Why", "x" * 90),),))
    await post.comes_to(delivery, State.SENT)
    assert (post.texts(1001), post.api.sent[0].buttons) == (["News"], [])


@pytest.mark.parametrize("how", ["deleted", "closed"])
async def test_a_topic_that_is_gone_falls_back_to_general(post: Post, how: str) -> None:
    topic = post.api.chat(-100200).topic(7)
    if how == "deleted":
        topic.deletes_topic()
    else:
        topic.closes_topic()
    first, second = post.queue("-100200/7"), post.queue("-100200/7", "More")
    await post.comes_to(second, State.SENT)
    assert [(one.text, one.thread_id) for one in post.api.sent] == [("News", None), ("More", None)]
    assert post.row(first).chat == "-100200"
    assert post.moved == [("-100200/7", "-100200")]


async def test_where_general_is_closed_too_the_chat_is_parked(post: Post) -> None:
    post.api.fault("thread_not_found", times=2)
    delivery = post.queue("-100200/7")
    row = await post.comes_to(delivery, State.PARKED)
    assert row.chat == "-100200"


async def sent_message(post: Post) -> SentMessage:
    """An alert's message that can be edited."""
    delivery = post.queue("1001")
    await post.comes_to(delivery, State.SENT)
    return post.api.sent[0]


async def test_an_edit_that_changes_nothing_is_done(post: Post) -> None:
    delivery = post.queue("1001")
    await post.comes_to(delivery, State.SENT)
    changed = post.edit(delivery, "<b>News</b>")
    row = await post.comes_to(changed, State.SENT)
    assert (row.act, row.attempts) == (Act.EDIT, 1)
    assert post.api.calls_of("editMessageText")[0].status == 400


async def test_an_edit_of_what_is_gone_has_nothing_left_to_do(post: Post) -> None:
    delivery = post.queue("1001")
    await post.comes_to(delivery, State.SENT)
    post.api.sent[0].deleted = True
    await post.comes_to(post.edit(delivery, "Other"), State.FOLDED)
    await post.comes_to(post.queue("1001", "More"), State.SENT)


@pytest.mark.parametrize("arrived", [True, False])
async def test_an_edit_is_made_twice_without_a_mark(post: Post, arrived: bool) -> None:
    delivery = post.queue("1001")
    await post.comes_to(delivery, State.SENT)
    post.api.fault("502", method="editMessageText", accepted=arrived)
    changed = post.edit(delivery, "Other")
    row = await post.comes_to(changed, State.UNCERTAIN)
    assert not row.repeat
    post.passes(21)
    await post.comes_to(changed, State.SENT)
    assert post.api.sent[0].text == "Other"


@pytest.mark.parametrize("fault", ["401", "404"])
async def test_a_refused_token_stops_everybody_for_a_minute(post: Post, fault: str) -> None:
    post.api.fault(fault)
    delivery = post.queue("1001")
    await post.until(lambda: post.pauses() == {"*"})
    other = post.queue("1002")
    post.passes(55)
    await post.settled()
    assert post.api.sent == []
    post.passes(6)
    await post.comes_to(delivery, State.SENT)
    await post.comes_to(other, State.SENT)
    assert post.texts(1001) == ["News"]


async def test_a_conflict_was_not_sent(post: Post) -> None:
    post.api.fault("409")
    delivery = post.queue("1001")
    await post.until(lambda: post.row(delivery).attempts == 1)
    await sent_later(post, delivery, 1001, 3)


async def test_too_large_a_message_is_the_texts_fault(post: Post) -> None:
    delivery = post.queue("1001", "x" * 5000)
    await post.comes_to(delivery, State.SENT)
    assert len(post.texts(1001)[0]) == 4096


async def test_a_reply_to_what_is_gone_is_sent_all_the_same(post: Post) -> None:
    delivery = post.queue("1001", reply_to=999, rank=Rank.REPLY)
    await post.comes_to(delivery, State.SENT)
    assert post.api.sent[0].reply_to is None
