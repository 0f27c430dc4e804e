"""Dropped files with the daemon as a process: every kind, slow writers, deaths, two daemons, a backlog, pages again."""

import base64
import io
import json
import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from tests.e2e.house import House
from tests.fakes.documents import PdfPage, pdf_of
from watchbot.cli import run

pytestmark = pytest.mark.e2e
HELD = "Hon Hai said it will add an assembly line for servers near Houston next spring."


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "desk@news.example", "amy@buyer.example"
    message["Subject"] = "晨間電子報"
    message["Date"] = "Mon, 06 Apr 2026 08:00:00 +0800"
    message.set_content("Plain.\n")
    page = (
        "<h2><a href='https://news.example/m1'>Foxconn in the mail</a></h2><p>It adds a line.</p>"
        "<h2><a href='https://news.example/m2'>A bakery in the mail</a></h2><p>It adds an oven.</p>"
        "<p><a href='https://news.example/u'>Unsubscribe</a></p>"
    )
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def word() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_heading("Foxconn in Word", 2)
    document.add_paragraph("It adds a line.")
    document.save(out)
    return out.getvalue()


def pdf() -> bytes:
    page = PdfPage()
    page.line("Foxconn in a PDF", 18)
    page.paragraph("It adds a line for servers at its campus in Wisconsin, the company said on Tuesday.")
    return pdf_of(page)


MHTML = (
    "From: <Saved by Blink>\nSnapshot-Content-Location: https://news.example/d/\nMIME-Version: 1.0\n"
    "Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n"
    "Content-Transfer-Encoding: base64\nContent-Location: https://news.example/d/page.html\n\n"
    + base64.b64encode(b"<h1>Foxconn in a saved page</h1><p><a href='a.html'>It adds</a> a line.</p>").decode()
    + "\n--x--\n"
)
RSS = (
    "<rss version='2.0'><channel><title>W</title><item><title>Foxconn in a feed</title>"
    "<link>https://news.example/f</link></item></channel></rss>"
)
KINDS: dict[str, tuple[bytes, str]] = {
    "a.txt": (b"Foxconn in a text\nIt adds a line.", "Foxconn in a text"),
    "a.md": (b"# Foxconn in Markdown\nIt adds a line.", "Foxconn in Markdown"),
    "a.html": (b"<h1>Foxconn in a page</h1><p>It adds a line.</p>", "Foxconn in a page"),
    "a.mhtml": (MHTML.encode(), "Foxconn in a saved page"),
    "a.eml": (mail(), "Foxconn in the mail"),
    "a.rss": (RSS.encode(), "Foxconn in a feed"),
    "a.json": (json.dumps({"articles": [{"title": "Foxconn in JSON"}]}).encode(), "Foxconn in JSON"),
    "a.jsonl": (b'{"id": "1", "title": "Foxconn in a line"}\n', "Foxconn in a line"),
    "a.csv": ("標題,日期\nFoxconn in a table,2026/04/05\n".encode("cp950"), "Foxconn in a table"),
    "a.opml": (b"<opml><body><outline text='Foxconn list' xmlUrl='https://f.example/'/></body></opml>", "Foxconn list"),
    "a.pdf": (pdf(), "Foxconn in a PDF"),
    "a.docx": (word(), "Foxconn in Word"),
}


def drop(house: House, name: str, body: bytes) -> None:
    """Put a file into the inbox whole; it was last written some seconds ago."""
    part = house.root / f".{name}.writing"
    part.write_bytes(body)
    past = part.stat().st_mtime - 10
    os.utime(part, (past, past))
    part.rename(house.inbox / name)


def archived(house: House) -> list[str]:
    return sorted(path.name for path in (house.inbox / "done").glob("*/*"))


def test_every_kind_of_file_is_told(house: House) -> None:
    house.configure()
    house.start()
    for name, (body, _words) in KINDS.items():
        drop(house, name, body)
    house.expects(*(words for _body, words in KINDS.values()))
    house.expects(*(f"{name}: 1 told" for name in KINDS))
    assert house.count("oven") == 0
    assert "watchbot sources import a.opml" in "\n".join(house.lines)
    assert house.stop() == 0
    assert archived(house) == sorted(KINDS)


def test_what_is_refused_lies_in_failed_with_its_reason(house: House, tmp_path: Path) -> None:
    house.configure()
    secret = tmp_path / "secret.txt"
    secret.write_text("Foxconn is secret.")
    drop(house, "a.zip", b"PK\x03\x04rest")
    drop(house, "b.txt", b"\x89PNG\r\n\x1a\n")
    drop(house, "c.docx", b"PK\x03\x04rest")
    drop(house, "d.eml", b"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n\n")
    drop(house, "large.txt", b"Foxconn. " * 2_400_000)
    (house.inbox / "link.txt").symlink_to(secret)
    os.mkfifo(house.inbox / "pipe.txt")
    (house.inbox / "folder").mkdir()
    drop(house, "good.txt", HELD.encode())
    done = house.run("run", "--once", timeout=100)
    assert done.returncode == 0, done.stderr
    assert "Hon Hai said" in done.stdout
    assert "secret" not in done.stdout
    failed = house.inbox / "failed"
    notes = {path.name.removesuffix(".note.txt"): path.read_text() for path in failed.glob("*.note.txt")}
    assert sorted(notes) == ["a.zip", "b.txt", "c.docx", "d.eml", "large.txt", "link.txt"]
    assert "archive; unpack it" in notes["a.zip"]
    assert "picture" in notes["b.txt"]
    assert "nothing that reads like news" in notes["d.eml"]
    assert "larger than 20 MB" in notes["large.txt"]
    assert "not followed" in notes["link.txt"]
    assert {"pipe.txt", "folder"} <= {path.name for path in house.inbox.iterdir()}


WRITER = """
import sys, threading
pause = threading.Event()
with open(sys.argv[1], "w", encoding="utf-8") as file:
    for number in range(5):
        if number:
            pause.wait(1.5)
        file.write(f"Chunk {number} of the page says that Foxconn adds line number {number} in Texas.\\n")
        file.flush()
"""


def test_a_file_written_in_five_chunks_over_six_seconds_is_read_once_and_whole(house: House) -> None:
    house.configure()
    house.start()
    with subprocess.Popen([sys.executable, "-c", WRITER, str(house.inbox / "slow.txt")]) as writer:
        house.expects("slow.txt: 5 told", timeout=40)
        assert writer.wait(10) == 0
    assert house.count("slow.txt: 5 told") == 1
    assert house.stop() == 0
    assert archived(house) == ["slow.txt"]


def test_a_page_saved_again_gives_only_what_is_new(house: House) -> None:
    page = "Evening notes\n2026-04-06\n\n" + HELD + "\n\n台電表示，今年冬季的備轉容量率預估可維持在百分之十二以上。\n"
    house.configure()
    house.start()
    house.drop("notes.txt", page)
    house.expects("notes.txt: 2 told")
    house.drop("notes.txt", page.replace("2026-04-06\n", "2026-04-06\n\nFoxconn hires 800 engineers in Houston.\n"))
    house.expects("notes.txt: 1 told", "800 engineers")
    house.drop("copy.txt", page)
    house.expects("copy.txt: the same file was read before")
    assert house.count("Hon Hai said it will add") == 1
    assert house.stop() == 0
    assert archived(house) == ["copy.txt", "notes-2.txt", "notes.txt"]


def test_a_killed_daemons_claims_are_taken_up_and_nothing_is_told_twice(house: House) -> None:
    house.configure()
    house.start()
    names = [f"{number:02}.txt" for number in range(60)]
    for number, name in enumerate(names):
        house.drop(name, f"Foxconn opens hall number {number} of its campus near Houston, it said.")
    house.expects("hall number")
    house.kill()
    assert list((house.inbox / ".work").glob("*/*/*.txt"))
    told = {line for line in house.lines if line.startswith("●")}
    again = house.run("run", "--once")
    assert again.returncode == 0
    cards = {card.strip().split("\n")[0]: card for card in again.stdout.split("\n\n")}
    assert all("possibly repeated" in cards[card] for card in told & cards.keys())
    assert len(told & cards.keys()) <= 1
    assert archived(house) == names
    assert not (house.inbox / "failed").exists()
    assert list((house.inbox / ".work").iterdir()) == []
    fired = house.run("backtest", "--json", "--since", "1d").stdout.splitlines()
    assert len({json.loads(line)["item"] for line in fired}) == len(fired) == 60


def test_two_daemons_take_each_of_a_thousand_files_once(house: House, tmp_path: Path) -> None:
    """Each has its own database, so that only the folder keeps them apart."""
    other = House(tmp_path / "other")
    other.inbox = house.inbox
    try:
        for one in (house, other):
            one.configure()
        for number in range(1000):
            drop(house, f"{number:04}.txt", f"Bakery number {number} opens in a street of Tainan.".encode())
        house.start()
        other.start()
        for one in (house, other):
            one.expects("not told", timeout=90)
        codes = [one.stop() for one in (house, other)]
        assert codes == [0, 0]
        assert archived(house) == [f"{number:04}.txt" for number in range(1000)]
        assert not (house.inbox / "failed").exists()
    finally:
        other.close()


@pytest.mark.parametrize("name", KINDS)
def test_segment_shows_what_a_file_would_become(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    path.write_bytes(KINDS[name][0])
    assert run(["segment", str(path), "--json"]) == 0
    items = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert KINDS[name][1] in [item["title"] for item in items]
    assert {item["document"] for item in items} == {name}
    assert run(["segment", str(path)]) == 0
    assert KINDS[name][1] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.zip", b"PK\x03\x04rest", "a.zip is an archive; unpack it and drop the files in it"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "a.xlsx is an old office document"),
        ("a.pdf", b"%PDF-1.7", "a.pdf is a PDF document that is damaged"),
        ("a.json", b"{", "a.json is no JSON that can be read (line 1"),
        ("a.txt", b"", "a.txt is empty"),
    ],
)
def test_segment_refuses_in_one_line(
    name: str, body: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    assert run(["segment", str(path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"watchbot: {words}")
    assert said.count("\n") == 1


@pytest.mark.parametrize(("name", "module"), [("a.pdf", "pypdfium2"), ("a.docx", "docx")])
def test_segment_names_the_missing_extra(
    name: str, module: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / name
    path.write_bytes(KINDS[name][0])
    assert run(["segment", str(path)]) == 1
    assert 'pip install "watchbot[documents]"' in capsys.readouterr().err
