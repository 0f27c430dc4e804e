"""The buttons of an alert: Why answers anybody, Mute and 👎 change things, and everything can be undone."""

import pytest

from tests.unit.bot.conftest import GROUP, OWNER, STRANGER, USER, Desk, Shown
from tests.unit.pipeline.conftest import news
from tests.unit.pipeline.test_whying import FOLLOWING
from watchbot.model.panel import Panel
from watchbot.model.records import Rule
from watchbot.model.watch import Watch

PLANT = "Foxconn to build AI server plant in Houston"
PLANT_TOO = "Foxconn to build an AI server plant in Houston, Texas"
HOTEL = "Apple Hospitality REIT raises its dividend again"


def alert(desk: Desk, title: str = PLANT, number: int = 1, chat: str = str(OWNER), source: str = "Wire") -> Shown:
    """One alert as it stands in a chat."""
    desk.take(source, news(number, title))
    desk.deliver()
    return [one for one in desk.messages.values() if one.alert and one.chat == chat][-1]


def shown(desk: Desk, message: Shown, label: str, user: int | None = None) -> Shown:
    """Press a button that leads to one further message (or changes one); gives it."""
    (answer,) = [one for one in desk.press(message, label, user) if one is not message]
    return answer


@pytest.fixture
def own(desk: Desk) -> Desk:
    """A desk whose owner watches Apple by a watch of the chat."""
    with desk.store.write() as tx:
        tx.chats.add_watch(str(OWNER), Watch("apple", "Apple", names=("Apple",)), desk.clock.now())
    return desk


def watch(desk: Desk) -> Watch:
    """The chat's own watch as it is stored."""
    with desk.store.read() as tx:
        return tx.chats.watches(str(OWNER))[0].watch


def rules(desk: Desk) -> list[Rule]:
    """All rules as they are stored."""
    with desk.store.read() as tx:
        return tx.wishes.rules()


# --- why ---


def test_why_is_a_silent_reply_that_says_everything(desk: Desk) -> None:
    message = alert(desk)
    assert message.buttons == ["Why", "Mute", "👎"]
    answer = shown(desk, message, "Why")
    assert (answer.reply_to, answer.silent) == (message.id, True)
    for words in (
        "name “Foxconn” in the headline",
        "Main subject",
        "score 100",
        "(desk) 🔒",
        "Story s",
        "first report",
    ):
        assert words in answer.text
    assert "<u>Foxconn</u> to build" in answer.html
    assert "Source: Wire" in answer.text
    assert "Seen 16:00" in answer.text
    assert "Sent 16:00 (+0 s)" in answer.text
    assert answer.buttons == ["Sources", "Story"]


def test_why_again_within_a_minute_is_only_pointed_at(desk: Desk) -> None:
    message = alert(desk)
    shown(desk, message, "Why")
    assert desk.press(message, "Why") == []
    assert desk.toast == "It is shown below."
    desk.clock.move(61)
    shown(desk, message, "Why")


def test_why_of_an_alert_that_is_gone_is_answered(desk: Desk) -> None:
    message = alert(desk)
    with desk.store.write() as tx:
        row = tx.outbox.panel_of(message.alert or 0)
        assert row is not None
        tx.outbox.set_panel(row.delivery, Panel("alert", {"alert": 999}))
    for label in ("Why", "Mute", "👎"):
        assert desk.press(message, label) == []
        assert "no longer stored" in desk.toast


def test_sources_and_story_open_in_the_same_answer(desk: Desk) -> None:
    message = alert(desk)
    desk.take("Post", news(2, PLANT_TOO))
    desk.clock.move(5)
    desk.deliver()
    answer = shown(desk, message, "Why")
    assert "2 items; no. 2 was put there: shares" in answer.text
    assert answer.buttons == ["Sources", "Story", "Split"]
    desk.press(answer, "Sources")
    assert "2 sources" in answer.text
    assert "Post" in answer.text
    desk.press(answer, "Story")
    assert f"2. {PLANT_TOO} – Post" in answer.text
    desk.press(answer, "Back")
    assert "Why this alert" in answer.text


def test_later_follow_ups_stand_behind_a_button(desk: Desk) -> None:
    message = alert(desk)
    for number, title in enumerate(FOLLOWING, start=2):
        desk.take("Wire", news(number, title))
        desk.clock.move(5)
        desk.deliver()
    answer = shown(desk, message, "Why")
    desk.press(answer, "Follow-ups")
    assert "Also in this story" in answer.text
    assert FOLLOWING[-1] in answer.text
    assert FOLLOWING[0] not in answer.text
    assert answer.buttons[-1] == "‹ Back"


def test_split_takes_an_item_out_once(desk: Desk) -> None:
    message = alert(desk)
    desk.take("Post", news(2, PLANT_TOO))
    desk.clock.move(5)
    desk.deliver()
    answer = shown(desk, message, "Why")
    desk.press(answer, "Split")
    assert answer.buttons == ["2", "‹ Back"]
    assert "cannot be taken back" in answer.text
    picker = Shown(answer.id, answer.chat, answer.html, answer.rows, answer.token, True, None)
    came = [one.text for one in desk.press(answer, "2")]
    assert any("Split off" in text for text in came)
    assert any(PLANT_TOO in text and "Why this alert" not in text for text in came)
    desk.press(picker, "2")
    assert "not in the story any more" in desk.toast
    with desk.store.read() as tx:
        assert [pair.same for pair in tx.stories.pairs()] == [False]


def test_in_a_group_anybody_may_ask_and_only_admins_change(desk: Desk) -> None:
    message = alert(desk, chat=str(GROUP))
    desk.as_(USER, GROUP)
    assert "Why this alert" in shown(desk, message, "Why", STRANGER).text
    for label in ("Mute", "👎"):
        for user in (USER, STRANGER):
            assert desk.press(message, label, user) == []
            assert "Only" in desk.toast
    assert message.buttons == ["Why", "Mute", "👎"]
    desk.press(message, "Mute", OWNER)
    assert "8 h" in message.buttons


# --- mute ---


def test_mute_for_an_hour_and_undo(desk: Desk) -> None:
    message = alert(desk)
    desk.press(message, "Mute")
    assert message.buttons == ["1 h", "8 h", "Today", "This story", "This watch", "‹ Back"]
    desk.press(message, "1 h")
    assert message.buttons == ["Why", "🔇 until 17:00 – undo", "👎"]  # Taipei is eight hours ahead
    assert "Foxconn" in desk.toast
    assert "17:00" in desk.toast
    desk.take("Wire", news(2, "A fire stops Foxconn in Zhengzhou for days"))
    assert [one.chat for one in desk.deliver()] == [str(GROUP)]
    came = [one for one in desk.press(message, "undo") if one is not message]
    assert message.buttons == ["Why", "Mute", "👎"]
    assert "1" in came[0].text
    (again,) = desk.press(came[0], "1")
    assert "A fire stops Foxconn" in again.text


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The same desk in Taipei."""
    with desk.store.write() as tx:
        for chat in (str(OWNER), str(GROUP)):
            tx.chats.set(chat, "timezone", "Asia/Taipei")
    return desk


def test_a_press_that_comes_again_changes_nothing_more(desk: Desk) -> None:
    message = alert(desk)
    desk.press(message, "Mute")
    menu = Shown(message.id, message.chat, "", message.rows, message.token, False, None)
    desk.press(message, "8 h")
    desk.press(menu, "8 h")
    with desk.store.read() as tx:
        assert [(mute.kind, mute.target) for mute in tx.wishes.mutes()] == [("watch", "w1/foxconn")]
    muted = Shown(message.id, message.chat, "", message.rows, message.token, False, None)
    desk.press(muted, "undo")
    desk.press(muted, "undo")
    assert message.buttons == ["Why", "Mute", "👎"]
    with desk.store.read() as tx:
        assert tx.wishes.mutes() == []


def test_today_ends_at_midnight_of_the_chat(desk: Desk) -> None:
    message = alert(desk)
    desk.press(message, "Mute")
    desk.press(message, "Today")
    assert "Sat 21 Nov 00:00" in message.buttons[1]
    desk.press(message, "undo")
    desk.press(message, "Mute")
    desk.press(message, "Back")
    assert message.buttons == ["Why", "Mute", "👎"]


@pytest.mark.parametrize(("label", "kind"), [("This story", "story"), ("This watch", "watch")])
def test_mute_until_unmuted(desk: Desk, label: str, kind: str) -> None:
    message = alert(desk)
    desk.press(message, "Mute")
    desk.press(message, label)
    assert message.buttons[1] == "🔇 muted – undo"
    assert "until you end it" in desk.toast
    with desk.store.read() as tx:
        (mute,) = tx.wishes.mutes()
    assert (mute.kind, mute.until, mute.chat) == (kind, None, str(OWNER))


def test_the_buttons_speak_the_language_of_the_chat(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.set(str(OWNER), "language", "zh-TW")
    message = alert(desk)
    assert message.buttons == ["原因", "靜音", "👎"]
    assert "主要對象" in shown(desk, message, "原因").text
    desk.press(message, "靜音")
    desk.press(message, "1 小時")
    assert message.buttons[1] == "🔇 到 17:00 – 復原"
    desk.press(message, "👎")
    assert "不是這家公司" in shown(desk, message, "不是這家公司").text


# --- 👎 ---


def complain(desk: Desk, message: Shown, label: str) -> Shown:
    """Press 👎 and what is wrong; gives the offers."""
    desk.press(message, "👎")
    assert message.buttons == ["Wrong company", "Old", "Duplicate", "Boring", "‹ Back"]
    return shown(desk, message, label)


def test_wrong_company_excludes_the_longer_name(own: Desk) -> None:
    message = alert(own, HOTEL)
    offers = complain(own, message, "Wrong company")
    assert message.buttons == ["Why", "Mute", "👎"]
    assert (offers.reply_to, offers.silent) == (message.id, True)
    assert offers.buttons[:2] == ["Exclude “Apple Hospitality REIT”", "Exclude “Apple Hospitality”"]
    own.press(offers, "Exclude “Apple Hospitality”")
    assert watch(own).exclude == ("Apple Hospitality",)
    assert "✓ “Apple Hospitality” no longer counts for Apple." in offers.text
    own.take("Wire", news(2, "Apple Hospitality opens a hotel in Reno"))
    assert own.deliver() == []
    own.take("Wire", news(3, "Apple shows a phone that folds"))
    assert len(own.deliver()) == 1
    own.press(offers, "Undo: Exclude “Apple Hospitality”")
    assert watch(own).exclude == ()
    assert offers.buttons[1] == "Exclude “Apple Hospitality”"


def test_wrong_company_asks_for_a_context_word(own: Desk) -> None:
    offers = complain(own, alert(own, HOTEL), "Wrong company")
    own.press(offers, "Only with “shares”")
    assert watch(own).context == ("shares",)
    own.press(offers, "Undo: Only with “shares”")
    assert watch(own).context == ()


def test_on_a_locked_watch_a_rule_of_this_chat_is_kept(desk: Desk) -> None:
    offers = complain(desk, alert(desk, "Foxconn Interconnect wins an order for plugs"), "Wrong company")
    keeps = Shown(offers.id, offers.chat, "", offers.rows, offers.token, True, None)
    desk.press(offers, "Exclude “Foxconn Interconnect”")
    desk.press(keeps, "Exclude “Foxconn Interconnect”")
    assert rules(desk) == [Rule("7", "w1", "foxconn", "exclude", "Foxconn Interconnect")]
    assert 'in the file it is written exclude: ["Foxconn Interconnect"]' in offers.text
    desk.take("Wire", news(2, "Foxconn Interconnect moves to a new tower in Taipei"))
    assert [one.chat for one in desk.deliver()] == [str(GROUP)]
    desk.press(offers, "Undo")
    assert rules(desk) == []


def test_main_subject_only_is_offered_for_a_mention(own: Desk) -> None:
    own.take("Wire", news(1, "Phones of the week", f"We list them all. {'Some words follow. ' * 30}One is by Apple."))
    (message,) = own.deliver()
    offers = complain(own, message, "Wrong company")
    own.press(offers, "Only as main subject")
    assert watch(own).options.main_only
    own.press(offers, "Undo")
    assert not watch(own).options.main_only


def test_old_mutes_the_source(own: Desk) -> None:
    offers = complain(own, alert(own, HOTEL), "Old")
    digest = "Wire: this source only in the digest"
    assert offers.buttons == [digest, "Mute the source Wire", "Apple: digest only"]
    own.press(offers, "Mute the source Wire")
    own.take("Wire", news(2, "Apple shows a phone that folds"))
    assert own.deliver() == []
    assert any("1" in one.text for one in own.press(offers, "Undo"))


def test_a_duplicate_is_remembered_and_updates_stop(own: Desk) -> None:
    alert(own, "Apple shows a phone that folds", 1)
    offers = complain(own, alert(own, "A tablet that can be bent comes from Apple", 2), "Duplicate")
    assert offers.buttons == ["Same as: Apple shows a phone that folds", "Apple: no updates of told stories"]
    own.press(offers, "Same as")
    own.press(offers, "no updates")
    with own.store.read() as tx:
        (pair,) = tx.stories.pairs()
    assert (pair.one["title"], pair.same) == ("Apple shows a phone that folds", True)
    assert watch(own).updates == "off"
    own.press(offers, "Undo: Apple")
    assert watch(own).updates is None


def test_boring_goes_to_the_digest(own: Desk) -> None:
    offers = complain(own, alert(own, HOTEL), "Boring")
    assert offers.buttons == ["Apple: digest only", "Apple: no mentions", "Mute Apple"]
    for label in offers.buttons:
        own.press(offers, label)
    assert (watch(own).deliver, watch(own).mentions) == ("digest", "off")
    assert offers.text.count("✓") == 3
    for label in list(offers.buttons):
        own.press(offers, label)
    assert (watch(own).deliver, watch(own).mentions) == (None, None)
    with own.store.read() as tx:
        assert tx.wishes.mutes() == []


def test_an_offer_for_a_watch_that_is_gone_says_so(own: Desk) -> None:
    offers = complain(own, alert(own, HOTEL), "Wrong company")
    with own.store.write() as tx:
        tx.chats.remove_watch(str(OWNER), "apple")
    assert own.press(offers, "Exclude") == []
    assert own.toast == "This watch is gone."
    nothing = complain(own, next(one for one in own.messages.values() if one.alert), "Boring")
    assert "Nothing can be offered" in nothing.text


def test_what_was_swallowed_can_be_split_from_the_complaint(desk: Desk) -> None:
    message = alert(desk)
    desk.take("Post", news(2, PLANT_TOO))
    desk.clock.move(5)
    desk.deliver()
    offers = complain(desk, message, "Wrong company")
    picker = shown(desk, offers, "Split the story")
    assert picker.buttons == ["2", "‹ Back"]
