"""Chats that go by several keys: a topic that is gone and comes back, the topic General, a channel by its name."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.bot.conftest import OWNER, Desk, make_desk
from tests.unit.pipeline.conftest import WATCHES, news
from watchbot.model.alert import Move, State
from watchbot.model.watch import Watchlist
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.mishaps import tell_mishaps, tell_topic

GROUP, TOPIC = "-100200", "-100200/7"
PLANT = "Foxconn to build AI server plant in Houston"
Told = Callable[[str], Desk]


@pytest.fixture
def told(desk: Desk) -> Told:
    """The desk, where a file sends everything to this chat."""

    def make(chat: str) -> Desk:
        lists = (Watchlist("w1", "desk", WATCHES, chats=(chat,)),)
        settings = replace(desk.directory.settings, watchlists=lists)
        return make_desk(desk.store, Directory(settings), desk.clock, desk.sources, desk.tools.catalogue)

    return make


def sends(desk: Desk, move: Move | None = None) -> list[str]:
    """Send what is due, or come to this with it; gives where it was to go."""
    with desk.store.write() as tx:
        rows = tx.outbox.claim(desk.clock.now(), "t", 60, 9, "telegram")
        for row in rows:
            tx.outbox.finish(row.id, move or Move(State.SENT, desk.clock.now(), message_id=row.id), desk.clock.now())
            if move and move.new_chat:
                tell_topic(tx, desk.directory, row.chat, move.new_chat, desk.clock.now())
    return [row.chat for row in rows if row.alert]


def test_what_a_file_sends_to_a_topic_that_is_gone_goes_to_general_as_general_wants_it(told: Told) -> None:
    desk = told(TOPIC)
    desk.take("Wire", news(1, PLANT))
    assert sends(desk, Move(State.PENDING, desk.clock.now(), new_chat=GROUP)) == [TOPIC]
    assert sends(desk) == [GROUP]
    desk.take("Wire", news(2, "Foxconn names a chairman"))
    assert sends(desk) == [GROUP]  # one call, not two
    desk.as_(OWNER, GROUP).says("/mute Foxconn")
    desk.take("Wire", news(3, "Foxconn opens a school in Brno"))
    assert sends(desk) == []


def test_a_topic_that_is_there_again_gets_what_a_file_sends_to_it(told: Told) -> None:
    desk = told(TOPIC)
    desk.take("Wire", news(1, PLANT))
    sends(desk, Move(State.PENDING, desk.clock.now(), new_chat=GROUP))
    sends(desk)
    desk.as_(OWNER, TOPIC).says("", forum_topic_reopened={})
    desk.take("Wire", news(2, "Foxconn names a chairman"))
    assert sends(desk) == [TOPIC]


def test_general_by_its_number_is_the_group(told: Told) -> None:
    desk = told(f"{GROUP}/1")
    desk.as_(OWNER, GROUP).says("/mute Foxconn")
    desk.take("Wire", news(1, PLANT))
    assert sends(desk) == []
    desk.says("/unmute Foxconn")
    desk.take("Wire", news(2, "Foxconn names a chairman"))
    assert sends(desk) == [GROUP]


def test_a_name_whose_id_became_known_is_the_channel_that_people_press_in(told: Told) -> None:
    desk = told("@chips")
    desk.take("Wire", news(1, PLANT))
    assert sends(desk, Move(State.SENT, desk.clock.now(), message_id=5, new_chat="-100300")) == ["@chips"]
    assert tell_mishaps(desk.store, desk.directory, desk.clock.now()) == []  # nobody moved
    desk.as_(OWNER, "-100300").says("/mute Foxconn")
    desk.take("Wire", news(2, "Foxconn names a chairman"))
    assert sends(desk) == []
    assert desk.cards("-100300") == [PLANT, "Foxconn names a chairman"]
