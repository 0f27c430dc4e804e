"""/why and /story: why something came, why something did not, and nothing of what is another chat's."""

import pytest

from tests.unit.bot.conftest import GROUP, OWNER, USER, Desk, Shown
from tests.unit.pipeline.conftest import news
from watchbot.model.item import CutDocument, Item
from watchbot.model.records import Mute, PollResult, Rule, SourceSpec
from watchbot.model.watch import Watch
from watchbot.pipeline.ingest import Ingest

PLANT = "Foxconn to build AI server plant in Houston"
PLANT_TOO = "Foxconn to build an AI server plant in Houston, Texas"


def alert(desk: Desk, title: str = PLANT, number: int = 1) -> Shown:
    """One alert in the owner's chat."""
    desk.take("Wire", news(number, title))
    desk.deliver()
    return [one for one in desk.messages.values() if one.alert and one.chat == str(OWNER)][-1]


def said(desk: Desk, text: str, **more: object) -> str:
    """The one answer to a message."""
    (answer,) = desk.says(text, **more)
    return answer.text


def replying(message: Shown) -> dict[str, object]:
    """What Telegram says of a message that answers another."""
    return {"reply_to_message": {"message_id": message.id, "date": 1, "chat": {"id": OWNER, "type": "private"}}}


def private(desk: Desk, chat: str, *titles: str) -> None:
    """What only one chat's own source brings."""
    spec = SourceSpec("Secret letter", "feed", "https://secret.example/rss", chat=chat, added=True)
    with desk.store.write() as tx:
        row, _new = tx.sources.add(spec, desk.clock.now())
        tx.sources.polled(row.id, PollResult(desk.clock.now(), desk.clock.now()))
    with desk.store.read() as tx:
        stored = tx.sources.get(row.id)
    assert stored is not None
    items = tuple(news(700 + number, title) for number, title in enumerate(titles))
    Ingest(desk.store, desk.directory, desk.clock).take(stored, CutDocument(items))
    desk.deliver()


def test_why_as_a_reply_and_by_number(desk: Desk) -> None:
    message = alert(desk)
    for text, more in (
        ("/why", replying(message)),
        (f"/why {message.alert}", {}),
        ("/why s1", {}),
        ("/why story 1", {}),
    ):
        assert "name “Foxconn” in the headline" in said(desk, text, **more)


def test_why_alone_and_unknown_numbers(desk: Desk) -> None:
    assert "/why 12" in said(desk, "/why")
    assert "no alert or story 99" in said(desk, "/why 99")
    assert "no alert or story s&lt;" not in said(desk, "/why s<b>")
    alert(desk)
    with desk.store.read() as tx:
        others = [row.id for row in tx.alerts.last(9) if row.chat == str(GROUP)]
    assert "no alert or story" in said(desk, f"/why {others[0]}")  # another chat's alert


def test_why_not_a_text_that_would_be_told(desk: Desk) -> None:
    text = said(desk, "/why Foxconn hires in Ohio")
    assert "No source has brought this" in text
    assert "✓ Foxconn: Main subject, Foxconn" in text
    assert "Result: told: the first report" in text


def test_why_not_names_the_rule_that_stopped_a_near_miss(desk: Desk) -> None:
    text = said(desk, "/why A drama about DRAM engineers")
    assert "No watch of this chat matches" in text
    assert "≈ Memory: “DRAM” stands there, but “drama” is excluded and silences the whole item" in text
    desk.language = "zh-TW"
    assert "排除字詞「drama」使整則新聞不通知" in said(desk, "/why A drama about DRAM engineers")


def test_why_not_of_a_known_item_shows_what_was_decided(desk: Desk) -> None:
    desk.take("Wire", news(1, PLANT), baseline=True)
    for text in (f"/why {PLANT}", "/why https://news.example/1?utm_source=x"):
        answer = said(desk, text)
        assert "Brought by Wire, seen 08:00" in answer
        assert "• Foxconn: not told: it stood in the feed at its first poll (08:00)" in answer


def test_why_not_of_what_was_told_says_when(desk: Desk) -> None:
    message = alert(desk)
    answer = said(desk, f"/why {PLANT}")
    assert f"told here 08:00: /why {message.alert}" in answer
    assert "told: the first report" in answer


def test_why_not_of_an_item_older_than_the_watch(desk: Desk) -> None:
    desk.take("Wire", news(1, "A bakery opens in Tainan with three ovens"))
    with desk.store.write() as tx:
        tx.chats.add_watch(str(OWNER), Watch("bakery", "Bakery", names=("bakery",)), desk.clock.now())
    answer = said(desk, "/why A bakery opens in Tainan with three ovens")
    assert "none of this chat’s watches matched" in answer
    assert "✓ Bakery" in answer


def test_why_not_of_a_muted_watch(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.wishes.mute(str(OWNER), "watch", "w1/foxconn", "Foxconn", None, OWNER, desk.clock.now())
    desk.take("Wire", news(1, PLANT))
    desk.deliver()
    assert "• Foxconn: held: muted here" in said(desk, f"/why {PLANT}")
    assert "Result: held: muted here" in said(desk, "/why Foxconn hires in Ohio")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [("quiet_hours", "00:00-23:59", "held: quiet hours"), ("deliver", "digest", "held: it comes in the next digest")],
)
def test_why_not_now_names_what_holds_it(desk: Desk, setting: str, value: str, words: str) -> None:
    with desk.store.write() as tx:
        tx.chats.set(str(OWNER), setting, value)
    assert f"Result: {words}" in said(desk, "/why Foxconn hires in Ohio")


def test_why_not_of_a_watch_that_is_off(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.wishes.add_rule(Rule(str(OWNER), "w1", "foxconn", "off"))
    text = said(desk, "/why Foxconn hires in Ohio")
    assert "✓ Foxconn" in text
    assert "Result: not told: switched off here" in text


def test_why_not_of_a_link_nobody_brought(desk: Desk) -> None:
    assert "Wire reads this site" in said(desk, "/why https://www.wire.example/news/77")
    text = said(desk, "/why https://nobody.example/<i>/77")
    assert "none here reads this site" in text
    assert "/add" in text


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_another_chats_own_source_is_not_known_here(desk: Desk, language: str) -> None:
    desk.language = language
    private(desk, str(USER), "Foxconn in secret talks over a plant in Cork", PLANT)
    for text in (
        "/why Foxconn in secret talks over a plant in Cork",
        "/why https://news.example/700",
        "/why https://secret.example/77",
    ):
        answer = said(desk, text)
        assert "Secret letter" not in answer
        assert "Brought by" not in answer
    nothing = {"en": "Nothing stored holds", "zh-TW": "已存的新聞中沒有"}[language]
    assert nothing in said(desk, "/search secret talks")
    assert "Cork" not in said(desk, "/latest")


def test_a_story_does_not_show_another_chats_items(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.chats.add_watch(str(USER), Watch("foxconn", "Foxconn", names=("Foxconn",)), desk.clock.now())
    message = alert(desk)
    private(desk, str(USER), PLANT_TOO)
    assert "1 item" in said(desk, "/story", **replying(message))
    assert "no item 2" in said(desk, "/story split 2", **replying(message))


def test_story_as_a_reply_and_split(desk: Desk) -> None:
    message = alert(desk)
    desk.take("Post", news(2, PLANT_TOO))
    desk.clock.move(5)
    desk.deliver()
    answer = said(desk, "/story", **replying(message))
    for words in ("2 items", "shares", "/story split 2", "opened the story"):
        assert words in answer
    assert "2 items" in said(desk, "/story s1")
    for wrong in ("1", "9", "x", ""):
        assert "cannot be split off" in said(desk, f"/story split {wrong}", **replying(message))
    told = [one.text for one in desk.says("/story s1 split 2")]
    assert any("Split off" in text for text in told)
    assert any(PLANT_TOO in text for text in told)


def test_story_of_nothing_says_how(desk: Desk) -> None:
    assert "Answer an alert with /story" in said(desk, "/story")
    assert "Answer an alert with /story" in said(desk, "/story s77")


def test_everything_is_escaped(desk: Desk) -> None:
    message = alert(desk, 'Foxconn <b>& Co</b> buys "plants" & more')
    desk.says("/why", **replying(message))
    assert "&lt;b&gt;&amp; Co" in desk.last.html
    assert "<b>& Co</b>" in desk.last.text
    desk.says("/story", **replying(message))
    assert "<b>& Co</b>" in desk.last.text


def test_a_mute_of_another_chat_is_not_this_chats(desk: Desk) -> None:
    with desk.store.write() as tx:
        found = tx.wishes.mute(str(GROUP), "all", "", "", None, OWNER, desk.clock.now())
    assert isinstance(found, Mute)
    assert "Result: told" in said(desk, "/why Foxconn hires in Ohio")


def test_a_view_too_long_for_one_message_goes_on_below_with_buttons_that_work(desk: Desk) -> None:
    message = alert(desk)
    tail = "after the cabinet approved a plan that lawmakers had long discussed, says"
    for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 2):  # a number in each would make them a series
        desk.take("Post", news(number, f"{PLANT_TOO} {tail} by Ms {letter}{letter}olson"))
        desk.clock.move(5)
    desk.deliver()
    (answer,) = desk.says("/why", **replying(message))
    parts = desk.press(answer, "Story")
    assert len(parts) > 1
    assert [bool(one.buttons) for one in parts] == [False] * (len(parts) - 1) + [True]
    assert "\n24. " in "".join(f"\n{one.text}" for one in parts)
    (back,) = desk.press(parts[-1], "Back")
    assert "Why this alert" in back.text


@pytest.mark.parametrize(("language", "words"), [("en", "is not one alert"), ("zh-TW", "不是單一則通知")])
def test_a_message_of_many_is_no_single_alert(desk: Desk, language: str, words: str) -> None:
    titles = ("opens a plant in Brno", "buys a museum", "sues a tailor", "recalls kettles", "hires divers")
    blocks = (Item(f"b{n}", f"Foxconn {title}", "", document="p.txt", line=n) for n, title in enumerate(titles, 1))
    desk.take("Inbox", *blocks)
    rolled = next(one for one in desk.deliver() if one.chat == str(OWNER))
    desk.language = language
    for command in ("/why", "/story"):
        answer = said(desk, command, **replying(rolled))
        assert words in answer
        assert "/latest" in answer
