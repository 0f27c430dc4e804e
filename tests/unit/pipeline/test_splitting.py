"""Looking into a story and taking it apart; and what is old goes while what was told stays known."""

from datetime import timedelta

from tests.unit.pipeline.conftest import Office, news
from tests.unit.pipeline.test_stories_told import PLANT, PLANT_TOO, send_all
from watchbot.model.alert import Move, State
from watchbot.model.reason import Reason
from watchbot.model.settings import Retention
from watchbot.pipeline.explain import explain
from watchbot.pipeline.housekeeping import tidy
from watchbot.pipeline.splitting import members, split


def test_a_split_tells_what_was_swallowed_and_is_remembered(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    (first,) = send_all(office, "7")
    office.take("Post", news(2, PLANT_TOO))
    send_all(office, "7")
    now = office.clock.now()
    with office.store.write() as tx:
        alert = tx.alerts.by_message("7", 100 + first.id)
        assert alert is not None
        story = alert.story
        assert [(one.number, one.headline) for one in members(tx, story)] == [(1, PLANT), (2, PLANT_TOO)]
        assert "shares Foxconn" in members(tx, story)[1].because
        assert split(tx, office.directory, story, 1, now) is None
        assert split(tx, office.directory, story, 3, now) is None
        assert split(tx, office.directory, story, 2, now) == PLANT_TOO
        assert [one.headline for one in members(tx, story)] == [PLANT]
        (pair,) = tx.stories.pairs()
        reasons = {decision.chat: decision.reason for decision in tx.alerts.decisions(2)}
    assert (pair.one["title"], pair.other["title"], pair.same) == (PLANT, PLANT_TOO, False)
    assert reasons["7"] is Reason.SPLIT
    (again,) = send_all(office, "7")
    assert PLANT_TOO in again.body
    assert office.cards("8") == [PLANT_TOO]  # told of it before: it alone hears Post, and is not told twice


def test_explain_names_the_others_of_a_story(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, PLANT_TOO))
    with office.store.read() as tx:
        found = explain(office.directory, news(2, PLANT_TOO), office.sources["Post"], tx)
    assert len(found.story) == 2
    assert "shares" in found.story[1]


def test_what_is_old_goes_and_what_was_told_stays_known(office: Office) -> None:
    office.take("Wire", news(1, PLANT), news(2, "A bakery opens in Tainan with three ovens"))
    send_all(office, "7")
    with office.store.write() as tx:
        for row in tx.outbox.claim(office.clock.now(), "t", 60, 9, "console"):
            tx.outbox.finish(row.id, Move(State.SENT, office.clock.now(), message_id=1), office.clock.now())
    assert tidy(office.store, Retention(), office.clock.now()) == 0
    office.clock.move(timedelta(days=31).total_seconds())
    assert tidy(office.store, Retention(), office.clock.now()) == 1
    office.clock.move(timedelta(days=370).total_seconds())
    assert tidy(office.store, Retention(told=None), office.clock.now()) == 1
    with office.store.read() as tx:
        assert tx.items.count() == 0
    taken = office.take("Wire", news(1, PLANT), news(2, "A bakery opens in Tainan with three ovens"))
    assert (taken.new, taken.told) == (0, 0)


def test_an_alert_that_has_not_left_keeps_its_item(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    office.clock.move(timedelta(days=500).total_seconds())
    assert tidy(office.store, Retention(), office.clock.now()) == 0
    with office.store.read() as tx:
        assert tx.items.count() == 1
