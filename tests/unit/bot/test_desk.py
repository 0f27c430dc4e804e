"""The desk itself: a question is answered once, an unknown command is named, buttons are bound to their message."""

from tests.unit.bot.conftest import GROUP, STRANGER, USER, Desk


def test_an_unknown_command_names_the_nearest(desk: Desk) -> None:
    (answer,) = desk.says("/stat")
    assert "/status" in answer.text or "/start" in answer.text


def test_an_update_that_comes_again_does_nothing(desk: Desk) -> None:
    update = desk.update("/nonsense")
    from watchbot.bot.asked import asked

    question = asked(update, "watch_test_bot")
    assert question is not None
    for _ in range(2):
        desk.handlers._commit(question, "1", update.update_id)
    assert len(desk.deliver()) == 1


def test_people_talk_among_themselves_in_a_group(desk: Desk) -> None:
    assert desk.as_(USER, GROUP).says("Foxconn is great, is it not?") == []


def test_a_stranger_gets_one_answer_an_hour(desk: Desk) -> None:
    desk.as_(STRANGER)
    assert "666" in desk.says("/list")[0].text
    assert desk.says("/list") == []
    desk.clock.move(3601)
    assert len(desk.says("/list")) == 1
