"""/add ADDRESS and /feeds: what is found, offered, added, listed, removed and asked - and what no other chat sees."""

import pytest

from tests.unit.bot.conftest import ADMIN, GROUP, OWNER, USER, Desk
from tests.unit.bot.fake_web import FakeWeb, with_web
from tests.unit.pipeline.conftest import news
from watchbot.bot.asked import Pressed
from watchbot.model.errors import FetchError
from watchbot.model.records import SourceRow, SourceSpec

WIRE = "https://chips.example/rss"
PAGE = "https://paper.example/tech"


@pytest.fixture
def web(desk: Desk) -> FakeWeb:
    web = with_web(desk)
    web.feed(
        WIRE, "Chip & Wire", "DRAM prices rise", "Foxconn opens <![CDATA[<b>]]> plant", "Cakes", "Rain", "Sun", "Fog"
    )
    return web


def sources(desk: Desk, chat: str) -> list[SourceSpec]:
    """The active sources of one chat, "" for everyone's."""
    with desk.store.read() as tx:
        return [row.spec for row in tx.sources.active() if row.spec.chat == chat]


def of(desk: Desk, name: str) -> SourceRow:
    """A source by its name."""
    with desk.store.read() as tx:
        return next(row for row in tx.sources.active() if row.spec.name == name)


def test_a_feed_is_shown_with_what_would_have_fired_and_added_by_a_press(desk: Desk, web: FakeWeb) -> None:
    (moment,) = desk.says(f"/add {WIRE}")
    assert "chips.example" in moment.text
    (shown,) = desk.chores()
    assert shown is moment
    assert "Chip & Wire" in shown.text
    assert "• DRAM prices rise" in shown.text
    assert "Fog" not in shown.text  # the last five are enough
    assert "Of 6 items, 2 would have been told here" in shown.text
    assert "🔔 DRAM prices rise – Memory" in shown.text
    assert shown.buttons == ["Add “Chip & Wire”", "For everyone"]
    assert sources(desk, "7") == []
    desk.press(shown, "Add")
    assert "is on for this chat" in shown.text
    assert shown.rows == ()
    (spec,) = sources(desk, "7")
    assert (spec.name, spec.address, spec.chat, spec.added) == ("Chip & Wire", WIRE, "7", True)
    with desk.store.write() as tx:  # the daemon's feeds claim what is due
        assert WIRE in [row.spec.address for row in tx.sources.claim_due(desk.clock.now(), "node", 30, 50)]


def test_nothing_fires_where_nothing_is_watched(desk: Desk, web: FakeWeb) -> None:
    desk.as_(USER).says(f"/add {WIRE}")
    (shown,) = desk.chores()
    assert "None of it names" in shown.text
    assert shown.buttons == ["Add “Chip & Wire”"]  # no admin: not for everyone


def test_an_admin_adds_for_everyone_and_the_chats_own_one_goes(desk: Desk, web: FakeWeb) -> None:
    desk.as_(ADMIN).says(f"/add {WIRE}")
    (first,) = desk.chores()
    desk.press(first, "Add")
    assert len(sources(desk, str(ADMIN))) == 1
    desk.says(f"/add {WIRE}")
    (second,) = desk.chores()
    desk.press(second, "For everyone")
    assert "on for everyone" in second.text
    assert sources(desk, str(ADMIN)) == []
    assert [spec.name for spec in sources(desk, "") if spec.added] == ["Chip & Wire"]
    desk.as_(USER).says(f"/add {WIRE}")
    (third,) = desk.chores()
    assert "is there already" in third.text
    assert "Add it?" not in third.text
    assert third.buttons == []
    assert sources(desk, str(USER)) == []


def test_the_same_feed_twice_is_said_to_be_there(desk: Desk, web: FakeWeb) -> None:
    desk.as_(USER).says(f"/add {WIRE}")
    (first,) = desk.chores()
    desk.says(f"/add {WIRE}")
    (second,) = desk.chores()
    desk.press(first, "Add")
    desk.press(second, "Add")  # offered before the first one was added
    assert "is there already" in second.text
    desk.says(f"/add {WIRE}")
    (third,) = desk.chores()
    assert "is there already" in third.text
    assert third.buttons == []
    assert len(sources(desk, str(USER))) == 1


def test_a_user_cannot_press_for_everyone(desk: Desk, web: FakeWeb) -> None:
    desk.as_(OWNER).says(f"/add {WIRE}")
    (shown,) = desk.chores()
    with desk.store.write() as tx:
        tx.chats.set_role(ADMIN, "user", desk.clock.now())
    desk.press(shown, "For everyone", user=666)
    assert not any(spec.address == WIRE for spec in sources(desk, ""))


def test_for_everyone_pressed_by_a_groups_administrator_adds_nothing(desk: Desk, web: FakeWeb) -> None:
    desk.as_(OWNER, GROUP).says(f"/add {WIRE}")
    (shown,) = desk.chores()
    button = shown.rows[0][1]
    press = Pressed(shown.chat, USER, False, "en", "q", shown.token, button.data, shown.id, chat_admin=True)
    assert "admins" in desk.handlers._commit_press(press, "1", 5000).toast
    assert desk.deliver() == []
    assert sources(desk, str(GROUP)) == []
    assert shown.buttons[1] == "For everyone"  # still there for an admin


def test_several_feeds_of_a_page_have_a_button_each(desk: Desk, web: FakeWeb) -> None:
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="Part {n}" href="/rss{n}.xml">' for n in range(8)
    )
    web.page(PAGE, f"<html><head>{links}</head><body>News</body></html>")
    for number in range(8):
        web.feed(f"https://paper.example/rss{number}.xml", f"Paper part {number}", f"Story {number}")
    web.errors["https://paper.example/rss1.xml"] = FetchError("rss1.xml: 503 Service Unavailable", status=503)
    desk.as_(USER).says("/add paper.example/tech")
    (shown,) = desk.chores()
    assert "Found 8 feeds" in shown.text
    assert "Story 0" in shown.text
    assert "cannot be read: rss1.xml: 503" in shown.text
    assert shown.buttons == [f"Add “{name}”" for name in ("Paper part 0", "Paper part 2", "Part 3", "Part 4", "Part 5")]
    desk.press(shown, "part 2")
    assert [spec.name for spec in sources(desk, str(USER))] == ["Paper part 2"]
    assert len(shown.buttons) == 4
    desk.press(shown, "Part 4")
    assert len(sources(desk, str(USER))) == 2


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://user:pass@a.example/rss", "password or key"),
        ("https://a.example/rss?api_key=abcdef", "password or key"),
    ],
)
def test_an_address_with_a_key_is_refused_and_not_kept(desk: Desk, web: FakeWeb, address: str, words: str) -> None:
    (answer,) = desk.says(f"/add {address}")
    assert words in answer.text
    assert desk.chores() == []
    assert web.asked == []


def test_what_goes_wrong_is_told_in_words(desk: Desk, web: FakeWeb) -> None:
    web.errors["http://10.0.0.1/rss"] = FetchError("10.0.0.1 is a private address; it is not fetched")
    desk.says("/add http://10.0.0.1/rss")
    (shown,) = desk.chores()
    assert "is a private address" in shown.text
    web.page("https://a.example/", "<html><body>No feed here</body></html>")
    desk.says("/add https://a.example/")
    (shown,) = desk.chores()
    assert "names no feed" in shown.text
    assert "send me its link alone" in shown.text


def test_a_chat_may_have_so_many_feeds(desk: Desk, web: FakeWeb) -> None:
    with desk.store.write() as tx:
        for number in range(50):
            address = f"https://a.example/{number}"
            tx.sources.add(SourceSpec(f"n{number}", "feed", address, chat=str(USER), added=True), desk.clock.now())
    desk.as_(USER).says(f"/add {WIRE}")
    (shown,) = desk.chores()
    desk.press(shown, "Add")
    assert "50 feeds" in shown.text
    assert len(sources(desk, str(USER))) == 50
    assert len(shown.buttons) == 1  # it may be pressed again when there is room


def test_add_alone_asks_with_an_example(desk: Desk, web: FakeWeb) -> None:
    (answer,) = desk.says("/add")
    assert "/add https://example.com/rss.xml" in answer.text


def test_feeds_lists_health_and_pages(desk: Desk, web: FakeWeb) -> None:
    desk.take("Wire", news(1, "x"), baseline=True)
    with desk.store.write() as tx:
        for number in range(9):
            spec = SourceSpec(f"own {number}", "feed", f"https://a.example/{number}", chat="7", added=True)
            tx.sources.add(spec, desk.clock.now())
    (shown,) = desk.says("/feeds")
    assert "12 sources" in shown.text
    assert "1. 🆕 own 0 (this chat only) – not read yet" in shown.text
    assert [text for text in shown.buttons if text.startswith("✕")] == [f"✕ {n}" for n in range(1, 9)]
    desk.press(shown, "›")
    assert "9. 🆕 own 8" in shown.text
    assert "✅ Wire – fine, last read 08:00" in shown.text
    assert "📁 Inbox" in shown.text
    assert "/inbox" not in shown.text
    desk.press(shown, "✕ 9")
    assert desk.toast == "own 8 is removed. What it brought stays."
    assert "own 8" not in shown.text
    assert "11 sources" in shown.text


def test_only_ones_own_or_an_admin_removes(desk: Desk, web: FakeWeb) -> None:
    with desk.store.write() as tx:
        tx.sources.add(SourceSpec("Public", "feed", WIRE, added=True), desk.clock.now())
    (shown,) = desk.as_(USER).says("/feeds")
    assert "Public" in shown.text
    assert not any("✕" in text for text in shown.buttons)
    (shown,) = desk.as_(ADMIN).says("/feeds")
    assert sum("✕" in text for text in shown.buttons) == 1  # those of the configuration stand there
    desk.press(shown, "✕")
    assert not any(spec.name == "Public" for spec in sources(desk, ""))


def test_a_search_is_one_source_that_names_no_company(desk: Desk, web: FakeWeb) -> None:
    with desk.store.write() as tx:
        for name in ("Quanta", "Secretive"):
            spec = SourceSpec(f"Search: {name}", "feed", f"https://s.example/?q={name}", family="Search", added=True)
            tx.sources.add(spec, desk.clock.now())
    (shown,) = desk.as_(USER).says("/feeds")
    assert "Search (2 feeds)" in shown.text
    assert "Secretive" not in shown.text


def test_check_now_asks_and_brings_back_what_was_gone(desk: Desk, web: FakeWeb) -> None:
    web.feed("https://wire.example/rss", "Wire", "One", "Two")
    web.errors["https://post.example/rss"] = FetchError("post.example: 500", status=500)
    desk.as_(USER)
    (shown,) = desk.says("/feeds")
    (moment,) = desk.press(shown, "Check now")
    assert "Asking 2 feeds" in moment.text
    (told,) = desk.chores()
    assert "✅ Wire – " not in told.text
    assert "✅ Wire: 2 items" in told.text
    assert "⚠️ Post: post.example: 500" in told.text


def test_no_other_chat_sees_a_private_feed(desk: Desk, web: FakeWeb) -> None:
    desk.as_(USER).says(f"/add {WIRE}")
    (shown,) = desk.chores()
    desk.press(shown, "Add")
    row = of(desk, "Chip & Wire")
    desk.sources["own"] = row
    desk.take("own", news(1, "DRAM prices rise sharply", "Memory makers are glad."))
    assert desk.deliver() == []  # nobody watches in chat 9; chat 7 must not hear it
    for person in (OWNER, ADMIN):
        (listed,) = desk.as_(person).says("/feeds")
        assert "Chip" not in listed.text
    (listed,) = desk.as_(OWNER, GROUP).says("/feeds")
    assert "Chip" not in listed.text
    desk.as_(ADMIN).says(f"/add {WIRE}")  # its name is free for another chat: not even a number tells
    (other,) = desk.chores()
    desk.press(other, "Add")
    assert [spec.name for spec in sources(desk, str(ADMIN))] == ["Chip & Wire"]
    with desk.store.read() as tx:
        assert tx.search.find("DRAM", str(OWNER), 10) == []
        assert len(tx.search.find("DRAM", str(USER), 10)) == 1
        assert tx.alerts.latest(str(OWNER), 10) == []


def test_a_list_of_feeds_is_offered_and_imported(desk: Desk, web: FakeWeb) -> None:
    web.files["f"] = (
        b'<opml version="2.0"><body><outline text="Chips"><outline text="A" xmlUrl="https://a.example/rss"/></outline>'
        b'<outline text="B" xmlUrl="https://b.example/rss"/><outline text="K" xmlUrl="https://u:p@k.example/rss"/>'
        b'<outline text="W" xmlUrl="https://wire.example/rss"/><outline text="F" xmlUrl="ftp://f.example/"/>'
        b"</body></opml>"
    )
    file = {"file_id": "f", "file_unique_id": "u", "file_name": "mine.opml", "file_size": 400}
    desk.as_(USER).says("", document=file)
    (shown,) = desk.chores()
    assert "A list of 4 feeds: A, B, K, W" in shown.text
    assert "Left out: F" in shown.text
    (moment,) = desk.press(shown, "Add 4 feeds")
    (told,) = desk.chores()
    assert told is moment
    assert told.text.split("\n") == [
        "✓ Added for this chat: 2 feeds.",
        "Already there: 1 feed.",
        "Left out, because the address holds a password or key: 1 feed.",
    ]
    assert [(spec.name, spec.folder) for spec in sources(desk, str(USER))] == [("A", "Chips"), ("B", "")]


def test_in_chinese(desk: Desk, web: FakeWeb) -> None:
    (moment,) = desk.as_(USER, language="zh-TW").says(f"/add {WIRE}")
    assert "請稍候" in moment.text
    (shown,) = desk.chores()
    assert shown.buttons == ["加入「Chip & Wire」"]
