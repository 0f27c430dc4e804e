"""What people send: questions, links, texts, files - and that it stays in the chat that sent it."""

import pytest

from tests.unit.bot.conftest import ADMIN, GROUP, OWNER, USER, Desk, Shown
from tests.unit.bot.fake_web import FakeWeb, with_web
from tests.unit.pipeline.conftest import news
from watchbot.model.errors import FetchError
from watchbot.model.watch import Watch

NEWS = "Foxconn opens a plant in Kaohsiung\n\nIt makes servers there, and will employ three hundred people.\n"
ELSEWHERE = "https://chips.example/rss"


@pytest.fixture
def web(desk: Desk) -> FakeWeb:
    return with_web(desk)


def watch(desk: Desk, user: int) -> None:
    """A person watches Foxconn in their private chat."""
    with desk.store.write() as tx:
        tx.chats.add_watch(str(user), Watch("foxconn", "Foxconn", names=("Foxconn",)), desk.clock.now())


def send(desk: Desk, text: str, **more: object) -> list[Shown]:
    """Send it and let the chore be done; gives the answer first, then the alerts."""
    desk.says(text, **more)
    return desk.chores()


def file(name: str, size: int = 100) -> dict[str, object]:
    """A document as Telegram describes it."""
    return {"file_id": name, "file_unique_id": "u", "file_name": name, "file_size": size}


def forward() -> dict[str, object]:
    """The mark of a forwarded message."""
    return {"forward_origin": {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1}}


def test_a_text_is_read_as_news_of_this_chat(desk: Desk, web: FakeWeb) -> None:
    watch(desk, USER)
    answer, *alerts = sorted(send(desk.as_(USER), NEWS), key=lambda shown: shown.alert is not None)
    assert answer.text.split("\n")[0].startswith("📥 Read as news: ")
    assert "🔔 1 item – told: the first report of this story" in answer.text
    assert [alert.chat for alert in alerts] == [str(USER)]
    assert "Foxconn" in alerts[0].text
    assert answer.buttons == []
    (again,) = send(desk, NEWS)
    assert "read before" in again.text


def test_what_was_not_told_says_why(desk: Desk, web: FakeWeb) -> None:
    (answer,) = send(desk.as_(USER), NEWS)
    assert "no watch matched" in answer.text
    assert "/why Foxconn opens a plant" in answer.text


def test_no_other_chat_learns_of_it(desk: Desk, web: FakeWeb) -> None:
    send(desk.as_(USER), NEWS)  # chats 7 and the group watch Foxconn, and hear nothing of it
    assert [shown.chat for shown in desk.messages.values()] == [str(USER)]
    (listed,) = desk.as_(OWNER).says("/feeds")
    assert "sent here" not in listed.text
    with desk.store.read() as tx:
        for chat in (str(OWNER), str(GROUP), str(ADMIN), ""):
            assert tx.search.find("Kaohsiung", chat, 10) == []
            assert tx.alerts.latest(chat, 10) == []
        assert tx.search.find("Kaohsiung", str(USER), 10) != []
        assert not any(row.chat != str(USER) for item in tx.items.latest(10) for row in tx.alerts.decisions(item.id))


def test_an_admin_may_take_it_in_for_everyone(desk: Desk, web: FakeWeb) -> None:
    (answer,) = send(desk.as_(ADMIN), NEWS)
    assert answer.buttons == ["For everyone"]
    desk.press(answer, "For everyone")
    shown = desk.chores()
    assert {one.chat for one in shown if one.alert} == {str(OWNER), str(GROUP)}
    assert "Read as news for everyone" in next(one for one in shown if one.chat == str(ADMIN)).text


def test_a_user_gets_no_such_button_and_a_former_admin_no_effect(desk: Desk, web: FakeWeb) -> None:
    (answer,) = send(desk.as_(ADMIN), NEWS)
    with desk.store.write() as tx:
        tx.chats.set_role(ADMIN, "user", desk.clock.now())
    assert desk.press(answer, "For everyone") == []
    assert "somebody else" in desk.toast


def test_a_forward_is_news_however_short(desk: Desk, web: FakeWeb) -> None:
    watch(desk, USER)
    shown = send(desk.as_(USER), "Foxconn opens plant", **forward())
    assert any("Read as news: 1 item" in one.text for one in shown)


def test_hidden_links_are_kept(desk: Desk, web: FakeWeb) -> None:
    watch(desk, USER)
    link = {"type": "text_link", "offset": 0, "length": 19, "url": "https://n.example/1"}
    shown = send(desk.as_(USER), "Foxconn opens plant\nIt makes servers in Houston.", entities=[link])
    alert = next(one for one in shown if one.alert)
    assert 'href="https://n.example/1"' in alert.html


def test_add_takes_texts_and_answers(desk: Desk, web: FakeWeb) -> None:
    (answer,) = send(desk.as_(USER), f"/add {NEWS}")
    assert "Read as news" in answer.text
    reply = {"message_id": 5, "date": 1, "chat": {"id": USER, "type": "private"}, "text": "Quanta opens a plant"}
    (answer,) = send(desk, "/add", reply_to_message=reply)
    assert "Read as news: 1 item" in answer.text
    reply = {"message_id": 5, "date": 1, "chat": {"id": USER, "type": "private"}, "document": file("a.txt")}
    web.files["a.txt"] = b"Wistron opens a plant in Hsinchu this spring, it said on Friday.\n"
    (answer,) = send(desk, "/add", reply_to_message=reply)
    assert "Read as news: 1 item" in answer.text


def test_files_are_read(desk: Desk, web: FakeWeb) -> None:
    watch(desk, USER)
    web.files["p.html"] = b"<html><body><h2>Foxconn opens plant</h2><p>It makes servers there.</p></body></html>"
    shown = send(desk.as_(USER), "", document=file("p.html"))
    assert any("Read as news" in one.text for one in shown)
    assert any(one.alert for one in shown)
    web.files["x.zip"] = b"PK\x03\x04" + bytes(100)
    (answer,) = send(desk, "", document=file("x.zip"))
    assert "cannot be read: x.zip" in answer.text


def test_a_file_that_is_too_large_is_said_at_once(desk: Desk, web: FakeWeb) -> None:
    (answer,) = desk.as_(USER).says("", document=file("big.pdf", 21 * 1024 * 1024 + 1))
    assert "big.pdf has 22 MB" in answer.text
    assert desk.chores() == []


def test_a_picture_is_answered_with_what_can_be_read(desk: Desk, web: FakeWeb) -> None:
    (answer,) = desk.as_(USER).says("")
    assert ".pdf" in answer.text


def test_a_link_to_a_feed_is_offered(desk: Desk, web: FakeWeb) -> None:
    web.feed(ELSEWHERE, "Chip Wire", "DRAM prices rise")
    (shown,) = send(desk.as_(USER), ELSEWHERE)
    assert shown.buttons == ["Add “Chip Wire”"]
    desk.press(shown, "Add")
    with desk.store.read() as tx:
        assert [row.spec.name for row in tx.sources.active() if row.spec.chat == str(USER)] == ["Chip Wire"]


def test_a_link_to_a_page_is_read_as_news_and_leads_there(desk: Desk, web: FakeWeb) -> None:
    watch(desk, USER)
    address = "https://n.example/a/1"
    text = "It makes servers there, and will employ three hundred people, the company said."
    web.page(
        address, f"<html><head><title>T</title></head><body><h1>Foxconn opens plant</h1><p>{text}</p></body></html>"
    )
    shown = send(desk.as_(USER), address)
    answer, alert = sorted(shown, key=lambda one: one.alert is not None)[:2]
    assert "The page at n.example is no feed; its text was read as news" in answer.text
    assert f'href="{address}"' in alert.html


def test_links_that_fail_or_hold_a_key_are_told(desk: Desk, web: FakeWeb) -> None:
    web.errors["http://10.0.0.1/"] = FetchError("10.0.0.1 is a private address; it is not fetched")
    (answer,) = send(desk.as_(USER), "http://10.0.0.1/")
    assert "private address" in answer.text
    (answer,) = desk.says("https://n.example/?token=abcdef")
    assert "password or key" in answer.text
    assert "https://n.example/?token=abcdef" not in web.asked


def test_a_short_line_that_names_a_watch_is_a_question(desk: Desk, web: FakeWeb) -> None:
    (answer,) = desk.says("hon hai")
    assert "Foxconn is watched here" in answer.text
    assert answer.buttons == ["Latest", "Search"]


def test_a_short_line_that_names_a_company_offers_to_watch_it(desk: Desk, web: FakeWeb) -> None:
    (answer,) = desk.as_(USER).says("TSMC")
    assert answer.buttons == ["Watch", "Latest", "Search"]
    shown = desk.press(answer, "Watch")
    assert any("TSMC" in one.text for one in shown)


def test_a_misspelt_line_is_asked_back(desk: Desk, web: FakeWeb) -> None:
    (answer,) = desk.says("Foxcon")
    assert "I know nobody called “Foxcon”" in answer.text
    desk.press(answer, "Foxconn")
    assert answer.buttons == ["Latest", "Search"]
    (answer,) = desk.says("qqqzzzxxy <b>")
    assert "qqqzzzxxy <b>" in answer.text
    assert answer.buttons == []


def test_groups_are_left_alone(desk: Desk, web: FakeWeb) -> None:
    desk.as_(OWNER, GROUP)
    assert desk.says(NEWS) == desk.says("", document=file("a.txt")) == desk.says("TSMC") == []
    desk.says(f"/add {NEWS}")
    shown = desk.chores()
    assert {one.chat for one in shown} == {str(GROUP)}
    assert any(one.alert for one in shown)


def test_somebody_who_asks_for_much_is_asked_to_wait(desk: Desk, web: FakeWeb) -> None:
    desk.as_(USER)
    for number in range(5):
        desk.says(f"{NEWS}{number}")
    (answer,) = desk.says(f"{NEWS}6")
    assert "still working" in answer.text
    assert len(desk.chores()) == 5


def test_public_news_that_was_sent_before_stays_private(desk: Desk, web: FakeWeb) -> None:
    send(desk.as_(USER), "Foxconn opens a plant in Kaohsiung\nMy own remark beside it.\nhttps://news.example/1\n")
    desk.take("Wire", news(1, "Foxconn opens a plant in Kaohsiung", "It makes servers.", "https://news.example/1"))
    alerts = [one for one in desk.deliver() if one.alert and one.chat == str(OWNER)]
    assert len(alerts) == 1
    assert "remark" not in alerts[0].text
    assert "sent here" not in alerts[0].text


def test_in_chinese(desk: Desk, web: FakeWeb) -> None:
    (answer,) = send(desk.as_(USER, language="zh-TW"), NEWS)
    assert "已當作新聞讀取" in answer.text
    (answer,) = desk.says("台積電")
    assert answer.buttons == ["關注", "最新", "搜尋"]


def test_add_takes_a_short_text_as_news(desk: Desk, web: FakeWeb) -> None:
    (answer,) = send(desk.as_(USER), "/add Quanta wins a contract")
    assert "Read as news: 1 item" in answer.text
    (answer,) = send(desk, "/add 廣達將在桃園蓋新廠")
    assert "Read as news: 1 item" in answer.text
    (answer,) = desk.says("/add Quanta")
    assert answer.buttons == ["Watch", "Latest", "Search"]
    for text in ("/add notaurl", "/add https://", "/add ftp://x.example/z"):
        (answer,) = desk.says(text)
        assert "/add https://example.com/rss.xml" in answer.text


def test_signs_alone_are_no_name_to_watch(desk: Desk) -> None:
    (answer,) = desk.as_(USER).says("👍")
    assert "/watch" not in answer.text
    assert "I read texts, links and files" in answer.text


def test_a_watch_that_is_off_here_may_be_switched_on_again(desk: Desk) -> None:
    desk.as_(USER).says("/watch Quanta")
    (answer,) = desk.says("/list")
    desk.press(answer, "Quanta")
    (answer,) = desk.says("Quanta")
    assert answer.buttons == ["Watch", "Latest", "Search"]
    (again,) = desk.press(answer, "Watch")
    assert "on again" in again.text
