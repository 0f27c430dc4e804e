"""Mails and saved pages: whole ones stand in tests/corpus/files; here are the rules one by one, and broken ones."""

import base64
import time
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.cut import cut

TAIPEI = timezone(timedelta(hours=8))
WRITTEN = datetime(2026, 4, 6, 18, 0, tzinfo=TAIPEI)
TWO = "Foxconn opens its plant in May.\n\nQuanta waits for the permit.\n"


def read(body: bytes | str, name: str = "a.eml") -> CutDocument:
    return cut(RawDocument("Inbox", body.encode() if isinstance(body, str) else body, "", WRITTEN, name=name))


def texts(found: CutDocument) -> list[str]:
    return [item.body or item.title for item in found.items]


def letter(text: str = TWO, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "desk@news.example"
    message["To"] = "amy@buyer.example"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Mon, 06 Apr 2026 08:00:00 +0800", datetime(2026, 4, 6, 0, 0, tzinfo=UTC)),
        ("Mon, 06 Apr 2026 08:00:00 -0000", datetime(2026, 4, 6, 8, 0, tzinfo=UTC)),
        ("Tue, 01 Jan 2030 08:00:00 +0000", WRITTEN),
        ("yesterday", None),
        ("Mon, 99 Apr 2026 08:00:00 +0800", None),
        ("Mon, 06 Apr 0026 08:00:00 +9999", None),
    ],
)
def test_the_mails_date_is_the_time_of_its_blocks(date: str, moment: datetime | None) -> None:
    body = f"From: a@b.example\nTo: c@d.example\nDate: {date}\nMessage-ID: <1@b>\n\n{TWO}"
    assert {item.published for item in read(body).items} == {moment}


def test_a_day_in_the_mail_stands_before_the_mails_own() -> None:
    found = read(
        letter("April 2\nFoxconn opens its plant in May.\n", Date="Mon, 06 Apr 2026 08:00:00 +0800").as_bytes()
    )
    assert [item.published for item in found.items] == [datetime(2026, 4, 1, 16, 0, tzinfo=UTC)]


def test_the_subject_is_the_headline_of_a_single_text() -> None:
    one = letter("It opens in May.\n", Subject="Re: Fwd: Foxconn's plant")
    assert [(item.title, item.body) for item in read(one.as_bytes()).items] == [("Foxconn's plant", "It opens in May.")]
    two = read(letter(TWO, Subject="Plants").as_bytes())
    assert [item.title for item in two.items] == ["", ""]
    assert two.title == "Plants"


def test_a_mail_of_nothing_but_a_subject_is_its_subject() -> None:
    found = read(letter("\n", Subject="Foxconn opens its plant").as_bytes())
    assert [item.title for item in found.items] == ["Foxconn opens its plant"]
    with pytest.raises(InputError, match="nothing that reads like news"):
        read(letter("\n", Subject="Unsubscribe").as_bytes())


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (b"=?big5?B?" + base64.b64encode("鴻海擴產".encode("big5")) + b"?=", "鴻海擴產"),
        (b"=?utf-8?Q?=E9=B4=BB=E6=B5=B7?= plain =?utf-8?Q?=E6=93=B4?=", "鴻海 plain 擴"),
        ("鴻海擴產新聞稿發布，台電也說明了供電".encode("big5"), "鴻海擴產新聞稿發布，台電也說明了供電"),
        ("鴻海擴產".encode(), "鴻海擴產"),
        (b"=?no-such-code?B?////?=", "=?no-such-code"),
        (b"=?utf-8?B?broken", "=?utf-8?B?broken"),
        (b"folded\n over two lines", "folded over two lines"),
    ],
)
def test_subjects(subject: bytes, words: str) -> None:
    found = read(b"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\nSubject: " + subject + b"\n\n" + TWO.encode())
    assert found.title.startswith(words) or "?" in words


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb2312", "euc-jp", "iso-2022-jp", "utf-16"])
@pytest.mark.parametrize("cte", ["base64", "quoted-printable"])
@pytest.mark.parametrize("label", ["right", "none"])
def test_charsets_of_bodies(encoding: str, cte: str, label: str) -> None:
    text = {
        "big5": "台電表示，四月起電價調漲百分之三，平均每戶每月增加支出約二十一元。",
        "gb2312": "富士康今天宣布，将在美国德州投资十亿美元兴建人工智能服务器工厂。",
    }.get(encoding, "ホンハイは今日、米国テキサス州に人工知能サーバー工場を建設すると発表した。")
    raw = text.encode(encoding)
    coded = base64.encodebytes(raw) if cte == "base64" else b"".join(b"=%02X" % byte for byte in raw) + b"="
    said = f"; charset={encoding}" if label == "right" else ""
    head = f"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\nContent-Type: text/plain{said}\n"
    found = read(head.encode() + f"Content-Transfer-Encoding: {cte}\n\n".encode() + coded + b"\n")
    assert texts(found) == [text]


def test_the_page_is_preferred_where_it_has_text() -> None:
    message = letter("Plain words stand here for old readers.\n")
    message.add_alternative("<p>The page says it better.</p><p>And twice.</p>", subtype="html")
    assert texts(read(message.as_bytes())) == ["The page says it better.", "And twice."]
    empty = letter("Plain words stand here for old readers.\n")
    empty.add_alternative("<html><body><img src='https://e.example/1.gif'></body></html>", subtype="html")
    assert texts(read(empty.as_bytes())) == ["Plain words stand here for old readers."]


def test_pictures_in_a_page_are_no_attachments_with_names() -> None:
    message = letter("Plain.\n")
    message.add_alternative("<p>Foxconn opens its plant in May.</p><p><img src='cid:logo'></p>", subtype="html")
    message.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>")
    found = read(message.as_bytes())
    assert texts(found) == ["Foxconn opens its plant in May."]
    assert found.skipped == ()


def test_tracking_links_stay_as_they_are() -> None:
    link = "https://click.example/c?u=https%3A%2F%2Fnews.example%2F1&m=77#x"
    message = letter("Plain.\n")
    message.add_alternative(f'<p><a href="{link}">Foxconn opens its plant</a> in May.</p><p>More.</p>', subtype="html")
    assert read(message.as_bytes()).items[0].url == link


def test_a_reply_below_its_quote_is_kept() -> None:
    text = "On Mon, Jane wrote:\n> What of Foxconn?\n> And Quanta?\n\nFoxconn opens its plant in May, they told me.\n"
    assert texts(read(letter(text).as_bytes())) == ["Foxconn opens its plant in May, they told me."]


def test_a_mail_of_nothing_but_a_quote_keeps_it() -> None:
    text = "> Foxconn opens its plant in May.\n> Quanta waits for the permit.\n"
    assert texts(read(letter(text).as_bytes())) == ["Foxconn opens its plant in May.", "Quanta waits for the permit."]


def test_an_outlook_reply_without_marks_is_cut() -> None:
    text = (
        "Foxconn confirmed the plant for May.\n\n-----Original Message-----\nFrom: Jane\nSent: Monday\nTo: Tom\n"
        "Subject: Plant\n\nIs it true that Foxconn builds a plant?\n"
    )
    assert texts(read(letter(text, Subject="RE: Plant").as_bytes())) == ["Foxconn confirmed the plant for May."]


def test_delsp_joins_chinese_without_spaces() -> None:
    body = (
        "From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n鴻海今天宣布 \n在德州設廠。\n"
    )
    assert texts(read(body)) == ["鴻海今天宣布在德州設廠。"]


def test_lines_are_those_of_the_file() -> None:
    message = letter("Plain.\n")
    page = "\n".join(f"<p>Paragraph number {number} says what it says.</p>" for number in range(40))
    message.add_alternative(page, subtype="html", cte="base64")
    body = message.as_bytes()
    lines = body.decode().split("\n")
    for item in read(body).items:
        around = base64.b64decode("".join(lines[item.line - 1 : item.line + 1])).decode()
        assert " ".join(item.body.split()[:3]) in around
    plain = letter(TWO, Date="Mon, 06 Apr 2026 08:00:00 +0800").as_bytes()
    assert [plain.decode().split("\n")[item.line - 1] for item in read(plain).items] == texts(read(plain))


BROKEN = {
    "no end of headers": b"Subject: x\nFrom: a@b",
    "no boundary": b"From: a@b.example\nTo: c\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\nFoxconn said so.",
    "endless parts": b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    + b"--x\n\na\n" * 5000,
    "deep": b"From: a\nTo: b\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)),
    "bad base64": b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n@@@@\n=",
    "bad charset": b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: text/plain; charset=\xff\xfe\n\nFoxconn said so.",
    "huge header": b"From: a\nTo: b\nMIME-Version: 1.0\nSubject: "
    + b"=?utf-8?Q?a?= " * 100_000
    + b"\n\nFoxconn said so.",
    "bad filename": b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: image/png; name*=x'y\n\nq",
    "mail in mail": b"From: a\nTo: b\nMIME-Version: 1.0\n"
    + b"Content-Type: message/rfc822\n\n" * 300
    + b"Foxconn said so.",
    "long lines": b"From: a\nTo: b\nMIME-Version: 1.0\n\n" + b"> " * 500_000,
    "wrote": b"From: a\nTo: b\nMIME-Version: 1.0\n\n" + b"On a wrote on a wrote " * 50_000 + b"\n> x",
    "quoted": b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 200_000,
    "blockquotes": b"From: a\nTo: b\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
    + b"<blockquote type=cite " * 50_000,
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("ending", ["a.eml", "a.mhtml"])
def test_broken_mails_end_in_items_or_one_line(name: str, ending: str) -> None:
    before = time.monotonic()
    try:
        said = [item.title or item.body for item in read(BROKEN[name], ending).items]
    except InputError as error:
        said = str(error).splitlines()
        said = said if len(said) == 1 else []
    assert all(said)
    assert said
    assert time.monotonic() - before < 10


PIECES = [
    b"From: a@b.example\n",
    b"Subject: =?utf-8?B?4pyT?=\n",
    b"MIME-Version: 1.0\n",
    b"Content-Type: multipart/mixed; boundary=x\n",
    b"Content-Type: text/html; charset=big5\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%E4\n",
    b"Date: Mon, 06 Apr 2026 08:00:00\n",
    b"\n",
    b"--x\n",
    b"--x--\n",
    b"<p>Foxconn said so.</p>\n",
    b"> quoted\n",
    b"=E9=B4\xbb\n",
    b"Rm94Y29ubg==\n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["a.eml", "a.mht"]))
def test_no_mail_raises(pieces: list[bytes], name: str) -> None:
    try:
        found = read(b"From: a@b.example\n" + b"".join(pieces), name)
    except InputError:
        return
    assert all(item.line >= 0 for item in found.items)


def test_a_saved_page_gets_its_links_from_where_it_was() -> None:
    body = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://e.example/d/page.html\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\n\n<p><a href='more.html'>Foxconn opens its plant</a> in May.</p>"
    )
    assert read(body, "saved.txt").items[0].url == "https://e.example/d/more.html"


def test_a_saved_page_without_a_page() -> None:
    with pytest.raises(InputError, match="without a page in it"):
        read("MIME-Version: 1.0\nContent-Type: image/png\n\nx", "a.mhtml")
