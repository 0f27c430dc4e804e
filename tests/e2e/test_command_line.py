"""The command line as a process: exit codes, one-line errors, health, the lock."""

import json
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetch(url: str) -> tuple[int, str]:
    """Status and text."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_second_daemon_is_refused_and_commands_work_beside_the_first(house: House) -> None:
    house.configure()
    house.start()
    second = house.run("run", "--once")
    assert second.returncode == 3
    assert second.stderr.count("\n") == 1
    assert house.run("db", "upgrade").returncode == 3
    assert house.run("status").returncode == 0
    assert house.run("sources", "list").stdout.startswith("Inbox")
    assert house.run("db", "check").stdout.strip() == "ok"
    assert house.run("db", "backup", str(house.root / "copy.db")).returncode == 0
    assert (house.root / "copy.db").stat().st_size > 0
    assert house.run("db", "backup", str(house.root / "copy.db")).returncode == 1
    assert house.stop() == 0


def test_a_wrong_configuration_is_told_with_its_place(house: House) -> None:
    house.configure(extra="retentoin: {unmatched: 30d}\nlog: {level: loud}")
    checked = house.run("check")
    assert checked.returncode == 2
    lines = checked.stdout.splitlines()
    assert any("watchbot.yaml:" in line and "retention" in line for line in lines)
    assert any("level" in line or "loud" in line for line in lines)
    assert house.run("run", "--once").returncode == 2
    assert not (house.root / "var").exists()


def test_chats_of_telegram_need_a_token(house: House) -> None:
    house.configure(chats='[console, "-1001"]')
    assert house.run("check").returncode == 2
    assert house.run("run", "--once").returncode == 2


def test_init_writes_a_configuration_that_checks(house: House) -> None:
    target = house.root / "fresh"
    assert house.run("init", str(target)).returncode == 0
    house.config = target / "watchbot.yaml"
    checked = house.run("check")
    assert checked.stdout.splitlines()[-1] == "ok", checked.stdout
    again = house.run("init", str(target))
    assert again.returncode == 0
    assert "wrote" not in again.stdout


def test_match_streams_and_names_bad_lines(house: House) -> None:
    house.configure()
    items = '{"id":"1","title":"Hon Hai and 台電 sign"}\nnot json\n{"id":"2","body":"nothing here"}\n{"id":"3"}\n'
    found = house.run("match", "--watchlist", str(house.root / "watchlist.yaml"), text=items)
    assert found.returncode == 1
    matches = [json.loads(line) for line in found.stdout.splitlines()]
    assert {(match["item"], match["watch"]) for match in matches} == {("1", "foxconn"), ("1", "taipower")}
    span = next(match for match in matches if match["watch"] == "foxconn")["spans"][0]
    assert (span["field"], span["start"], span["end"], span["text"], span["kind"]) == (
        "title",
        0,
        7,
        "Hon Hai",
        "alias",
    )
    assert "stdin:2:" in found.stderr
    assert "stdin:4:" in found.stderr


def test_explain_and_backtest_use_what_is_stored(house: House) -> None:
    house.configure()
    page = "Foxconn opened a plant.\n\nA bakery opened in Tainan.\n"
    house.drop("notes.txt", page)
    assert house.run("run", "--once").returncode == 0
    told = house.run("explain", "Foxconn hires").stdout
    assert "Foxconn" in told
    assert "told" in told
    archived = next((house.inbox / "done").rglob("notes.txt"))
    explained = [json.loads(line) for line in house.run("explain", str(archived), "--json").stdout.splitlines()]
    assert [entry["stage"] for entry in explained] == ["told", "match"]
    tested = house.run("backtest")
    assert "2 stored items" in tested.stdout
    other = house.root / "other.yaml"
    other.write_text("watches: [Tainan]\n", encoding="utf-8")
    changed = house.run("backtest", "--watchlist", str(other)).stdout
    assert "+ " in changed
    assert "- " in changed


def test_segment_parse_and_schema(house: House) -> None:
    page = house.root / "page.txt"
    page.write_text("A headline\nA sentence about it.\n\nAnother sentence alone.\n", encoding="utf-8")
    items = [json.loads(line) for line in house.run("segment", str(page), "--json").stdout.splitlines()]
    assert [(item["title"], item["body"], item["line"]) for item in items] == [
        ("A headline", "A sentence about it.", 1),
        ("", "Another sentence alone.", 4),
    ]
    feed = house.root / "feed.xml"
    feed.write_text(
        "<rss version='2.0'><channel><title>W</title><item><guid>g1</guid><title>T</title></item></channel></rss>",
        encoding="utf-8",
    )
    parsed = [json.loads(line) for line in house.run("parse", str(feed), "--json").stdout.splitlines()]
    assert [(item["id"], item["title"]) for item in parsed] == [("g1", "T")]
    assert json.loads(house.run("schema").stdout)["$schema"].startswith("https://json-schema.org/")
    assert house.run("segment", str(house.root / "missing.txt")).returncode == 1


def test_health(house: House, api: BotApiServer) -> None:
    port = free_port()
    api.chat(1001)
    house.configure({}, api, chats="[owner]", admins="1001", extra=f"http: {{listen: '127.0.0.1:{port}'}}")
    house.start()
    house.drop("notes.txt", "Foxconn opened a plant.\n")
    api.chat(1001).expects("Foxconn")
    assert fetch(f"http://127.0.0.1:{port}/healthz")[0] == 200
    status, text = fetch(f"http://127.0.0.1:{port}/readyz")
    assert (status, "connected as" in text) == (200, True), text
    assert house.stop() == 0


def test_a_taken_port_is_told_once_and_alerts_go_on(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        house.configure(extra=f"http: {{listen: '127.0.0.1:{taken.getsockname()[1]}'}}")
        house.start()
        house.drop("notes.txt", "Foxconn opened a plant.\n")
        house.expects("Foxconn opened a plant", "cannot listen")
        assert house.count("cannot listen") == 1


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), (), ("run", "--onec"), ("match",), ("backtest", "--since", "soon")],
    ids=["unknown command", "none", "unknown option", "missing option", "bad duration"],
)
def test_wrong_usage_is_one_line_and_exit_2(house: House, arguments: tuple[str, ...]) -> None:
    house.configure()
    wrong = house.run(*arguments)
    assert wrong.returncode == 2, wrong
    assert wrong.stderr.count("\n") == 1
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize("arguments", [("db", "copy", "x")])
def test_what_is_not_built_says_so(house: House, arguments: tuple[str, ...]) -> None:
    house.configure()
    answer = house.run(*arguments)
    assert answer.returncode == 1
    assert "not built yet" in answer.stderr
