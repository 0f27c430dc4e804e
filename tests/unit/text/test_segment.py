"""Cutting a page into blocks. Whole pages stand in tests/corpus/pages; here are the rules one by one."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.text.datelines import date_line
from watchbot.text.furniture import is_byline, is_furniture
from watchbot.text.lines import clean, ends_sentence, text_lines
from watchbot.text.segment import LONGEST_BODY, block_id, segment

TAIPEI = timezone(timedelta(hours=8))
WRITTEN = datetime(2026, 4, 6, 18, 0, tzinfo=TAIPEI)


SAMPLE_LINES = [
    "Foxconn opens the seventh plant",
    "It did so.",
    "",
    "4月5日",
    "台電宣布調漲電價",
    "- One more point here",
    "訂閱",
    "# A heading of the page",
    "他今天這樣表示。",
    "April 5",
    "Share",
]


def cut(text: str) -> list[tuple[str, str]]:
    return [(block.title, block.body) for block in segment(text, WRITTEN)]


def test_a_headline_belongs_to_the_next_paragraph_only() -> None:
    page = "Foxconn opens a plant\n" + "\n".join(f"Paragraph {number} ends here." for number in range(12))
    blocks = segment(page, WRITTEN)
    assert len(blocks) == 12
    assert [block.title for block in blocks] == ["Foxconn opens a plant"] + [""] * 11
    assert [block.line for block in blocks] == [1, *range(3, 14)]


def test_blank_lines_are_only_hints() -> None:
    assert cut("A headline of four words\n\n\nIts text.\nOne more.") == cut(
        "A headline of four words\nIts text.\n\nOne more."
    )


def test_headlines_alone_are_blocks() -> None:
    assert cut("Foxconn opens a plant\nTaipower asks for more") == [
        ("Foxconn opens a plant", ""),
        ("Taipower asks for more", ""),
    ]


def test_a_long_line_without_a_full_stop_is_a_paragraph() -> None:
    assert cut("word " * 40) == [("", ("word " * 40).strip())]
    assert cut("字" * 81) == [("", "字" * 81)]
    assert cut("字" * 80) == [("字" * 80, "")]


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1. ", "12) ", "(3) ", "① ", "一、", "（二）", "■", "> ", "## "])
def test_marks_before_a_line_are_taken_off(mark: str) -> None:
    (block,) = segment(f"{mark}Foxconn said so.", WRITTEN)
    assert (block.title or block.body) == "Foxconn said so."


@pytest.mark.parametrize("text", ["2.5 million units were sold.", "5G came.", "#HonHai rose.", "-3% it was."])
def test_what_is_no_mark_stays(text: str) -> None:
    assert cut(text) == [("", text)]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("April 5, 2026", (2026, 4, 5)),
        ("Apr. 5", (2026, 4, 5)),
        ("December 31", (2025, 12, 31)),
        ("Monday, 6 April", (2026, 4, 6)),
        ("2026-04-05 10:30", (2026, 4, 5)),
        ("05.04.2026", (2026, 4, 5)),
        ("4月5日", (2026, 4, 5)),
        ("4月7日", (2025, 4, 7)),
        ("2026年4月5日（日）", (2026, 4, 5)),
        ("令和8年4月5日", (2026, 4, 5)),
        ("民國115年4月5日 星期日", (2026, 4, 5)),
        ("二〇二六年四月五日", (2026, 4, 5)),
        ("Published: April 5, 2026 at 10:30 AM", (2026, 4, 5)),
        ("發布時間：2026/04/05", (2026, 4, 5)),
        ("【4月5日】", (2026, 4, 5)),
        ("yesterday", (2026, 4, 5)),
        ("Feb 29", (2024, 2, 29)),
    ],
)
def test_a_line_of_only_a_date(line: str, day: tuple[int, int, int]) -> None:
    found = date_line(line, WRITTEN)
    assert found is not None
    assert (found.year, found.month, found.day) == day
    assert found.tzinfo is TAIPEI
    assert [block.published for block in segment(f"{line}\nFoxconn said so.", WRITTEN)] == [found]


@pytest.mark.parametrize(
    "line", ["March 5 rally lifts TSMC", "2317", "May", "April 31, 2026", "12:30", "1/2", "May 5G"]
)
def test_a_line_that_only_looks_like_a_date(line: str) -> None:
    assert date_line(line, WRITTEN) is None


def test_a_date_stamps_what_follows_until_the_next() -> None:
    blocks = segment("One.\nApril 5\nTwo.\nThree.\nApril 6\nFour.", WRITTEN)
    assert [block.published.day if block.published else 0 for block in blocks] == [0, 5, 5, 6]


@pytest.mark.parametrize(
    "line",
    [
        "CONNECT WITH US",
        "Share on Facebook",
        "© 2026 Digest",
        "All rights reserved.",
        "訂閱電子報",
        "Read more »",
        "ログイン",
        "Home | News | Markets",
        "We use cookies to improve your visit.",
        "版權所有 © 2026",
        "----",
        "3 min read",
        "続きを読む",
    ],
)
def test_furniture(line: str) -> None:
    assert is_furniture(line)
    assert cut(f"A headline of four words\n{line}\nIts text.") == [("A headline of four words", "Its text.")]


@pytest.mark.parametrize(
    "line",
    [
        "Copyright lawsuit against OpenAI widens",
        "By 2027 Foxconn will double output",
        "Subscribe numbers at Netflix fall",
        "Regulator fines Google over cookies.",
        "Line Corp rises",
        "Watch maker Swatch falls",
        "Foxconn | TSMC | Quanta",
    ],
)
def test_news_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)
    assert not is_byline(line)


@pytest.mark.parametrize(
    "line", ["By Jane Lin", "BY JANE LIN AND TOM WU", "記者王大明／台北報導", "Source: Reuters", "Photo: AFP"]
)
def test_bylines(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("It did.", True),
        ("It did.”", True),
        ("It did. (Reuters)", True),
        ("他說了。」", True),
        ("It did. https://e.com/a", True),
        ("Shares of Foxconn Technology Co.", False),
        ("It did", False),
        ("他說了", False),
    ],
)
def test_the_end_of_a_sentence(line: str, ends: bool) -> None:
    assert ends_sentence(line) is ends


def test_markdown_links_and_emphasis() -> None:
    (block,) = segment(
        "## [Foxconn *opens* a plant](https://e.com/a)\nThe **plant** is _new_. ([more](https://e.com/b))", WRITTEN
    )
    assert (block.title, block.body, block.url) == ("Foxconn opens a plant", "The plant is new.", "https://e.com/a")


def test_snake_case_and_stars_are_no_emphasis() -> None:
    assert cut("The file a_b_c holds 2*3*4.") == [("", "The file a_b_c holds 2*3*4.")]


def test_a_saved_page_with_one_more_paragraph_has_one_more_id() -> None:
    before = {block_id(block.body) for block in segment("Head line of page\nOne thing.\nAnother thing.", WRITTEN)}
    after = {
        block_id(block.body)
        for block in segment("Head line of page\nNew thing.\n\nOne  thing.\nAnother thing.", WRITTEN)
    }
    assert len(after - before) == 1
    assert before < after


def test_only_labels_are_still_something() -> None:
    assert cut("Energy") == [("Energy", "")]
    assert cut("Energy\nFoxconn opens a plant\nIt did.") == [("Foxconn opens a plant", "It did.")]


def test_cleaning() -> None:
    assert clean("\ufeffa\r\nb\rc\u200b\u00add\x00") == "a\nb\ncd"
    assert clean("e\u0301") == "é"
    assert clean("\ud800") == "\ufffd"


def test_a_huge_paragraph_is_cut_without_loss() -> None:
    blocks = segment("Some sentence here. " * 5000, WRITTEN)
    assert all(len(block.body) <= LONGEST_BODY for block in blocks)
    assert sum(block.body.count("Some sentence here.") for block in blocks) == 5000


@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_no_text_raises(text: str) -> None:
    for block in segment(text, WRITTEN):
        assert block.title or block.body
        assert 1 <= block.line <= text.count("\n") + text.count("\r") + 1


@given(st.lists(st.sampled_from(SAMPLE_LINES), max_size=12))
def test_no_news_is_lost(lines: list[str]) -> None:
    out = "\n".join(f"{block.title}\n{block.body}" for block in segment("\n".join(lines), WRITTEN))
    for line in (
        "It did so.",
        "他今天這樣表示。",
        "One more point here",
        "台電宣布調漲電價",
        "Foxconn opens the seventh plant",
    ):
        assert out.count(line) == sum(1 for one in lines if line in one)


LATER = (
    "09:12\tA\tb\n",
    "06/04/2026, 09:12 - A: b\n",
    "[2026/4/6 09:12] A: b\n",
    "Jane Lin 9:12 AM\n",
    "主旨：a\n公司代號：1\n說明：\n",
    "From: a\nTo: b\nSubject: c\n",
    "※ 發信站: 批踢踢實業坊(ptt.cc)\n推 a1: b\n",
    "By A B 2026-04-06 ",
    "By A B 2026-04-06\n",
    "a 1 2\n",
    "  - a\n    b c\n",
    "Best regards\nA B\n",
    "標題：a\n",
    "[04/06] a\n",
    "a 04-06 08:12\n",
    "1",
    "( 1 ",
    "【",
)


def test_time_is_linear() -> None:
    for piece in ("[a](", "**", "`", "- ", "a b\n", "1. x\n", "(", "https://a ", "_a ", "# x\n", "![", "x.\n", *LATER):
        assert text_lines(piece * 20_000) is not None
        segment(piece * 20_000, WRITTEN)


@pytest.mark.parametrize(
    ("line", "title", "day"),
    [
        ("Foxconn wins 2026-04-05 08:12", "Foxconn wins", (4, 5)),
        ("京东方提前点亮 04-05 19:40", "京东方提前点亮", (4, 5)),
        ("台電調漲電價 (2026/04/05)", "台電調漲電價", (4, 5)),
        ("[04/05] 鴻海擴產", "鴻海擴產", (4, 5)),
        ("[1/3] 鴻海擴產", "[1/3] 鴻海擴產", None),
        ("2026-04-05 鴻海擴產", "鴻海擴產", (4, 5)),
        ("Foxconn pays its dividend on 2026-04-05", "Foxconn pays its dividend on 2026-04-05", None),
        ("Foxconn meets on 2026-04-09 10:00", "Foxconn meets on 2026-04-09 10:00", None),
        ("Version 3-4 10:00 am", "Version 3-4 10:00 am", None),
    ],
)
def test_the_stamp_of_a_headline_is_taken_off(line: str, title: str, day: tuple[int, int] | None) -> None:
    (block,) = segment(line, WRITTEN)
    assert block.title == title
    assert (block.published and (block.published.month, block.published.day)) == day


@pytest.mark.parametrize(
    "line",
    [
        "Dear reader,",
        "Hi Amy,",
        "各位好：",
        "Best regards",
        "This email was sent to amy@buyer.example.",
        "If you no longer wish to receive our newsletter, click here.",
        "若您不想再收到本電子報，請按此取消訂閱",
        "このメールは送信専用アドレスから配信されています。",
        "Unsubscribe | View online",
        "By clicking “Accept All” you consent to this.",
        "FOR IMMEDIATE RELEASE",
        "+886 2 5555 0100",
        "press@ase.example",
        "扫码关注我们",
    ],
)
def test_what_belongs_to_a_mail_and_not_to_the_news(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Hello Kitty maker Sanrio raises its outlook",
        "Dear Leader statue ordered from a foundry in Kaohsiung",
        "The message was sent to investors by Foxconn's chairman on Monday.",
        "Cookies: Google delays its plan once more",
        "Best Buy orders 200,000 notebooks",
        "If you want to build a fab, you need water, TSMC said.",
        "Thanks to Foxconn, exports rose",
    ],
)
def test_news_that_begins_like_a_mail_is_kept(line: str) -> None:
    assert not is_furniture(line)


def test_the_line_above_a_list_is_no_headline_of_its_first_point() -> None:
    assert cut("Foxconn at a glance today\n- It adds two lines.\n- It hires 800 people.") == [
        ("Foxconn at a glance today", ""),
        ("", "It adds two lines."),
        ("", "It hires 800 people."),
    ]


def test_a_signed_letter_loses_its_signature_and_no_news() -> None:
    assert cut("Foxconn said so.\n\nKind regards,\nTom Wu, Quanta desk") == [("", "Foxconn said so.")]
    assert cut("Foxconn said so.\n\nKind regards,\nQuanta opens a hall\nIt did so.") == [
        ("", "Foxconn said so."),
        ("Quanta opens a hall", "It did so."),
    ]
