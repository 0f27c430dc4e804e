"""Day one, with the daemon as a process: feeds added, imported, exported, asked and taken away while it runs."""

import json
import os
import pty
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from tests.e2e.house import House
from tests.fakes.botapi import BotApiServer
from tests.fakes.feedserver import FeedServer
from watchbot.sources.opml import read_list

pytestmark = pytest.mark.e2e


def place(feeds: FeedServer) -> str:
    """The server's host and port, which the tests allow to be private."""
    return f"127.0.0.1:{feeds.port}"


def sources(house: House, *lines: str) -> None:
    """Write further entries of `sources:`."""
    text = house.config.read_text("utf-8")
    added = "".join(f"  - {line}\n" for line in lines)
    house.config.write_text(text.replace("watchlists:", f"{added}watchlists:"), "utf-8")


def listed(house: House) -> list[str]:
    """The names of `sources list`."""
    return [json.loads(line)["name"] for line in house.run("sources", "list", "--json").stdout.splitlines()]


def outline(feeds: FeedServer, name: str) -> str:
    return f'<outline type="rss" text="{name}" xmlUrl="{feeds.url_of(f"/{name}.xml")}"/>'


def test_a_page_is_added_while_the_daemon_runs_and_its_news_is_told(
    house: House, feeds: FeedServer, api: BotApiServer
) -> None:
    feeds.feed("/news.xml", ["Foxconn was here before"], title="Harbour News")
    feeds.raw("/", '<html><head><link rel="alternate" type="application/rss+xml" href="news.xml"></head></html>')
    desk = api.chat(-1001, type="supergroup")
    house.configure({}, api, chats='["-1001"]', admins="1001", private=(place(feeds),))
    house.start()
    added = house.run("sources", "add", place(feeds), "--every", "1s")
    assert (added.returncode, added.stderr) == (0, "")
    assert added.stdout.startswith(f"added Harbour News ({feeds.url_of('/news.xml')}): 1 item, newest 20")
    again = house.run("sources", "add", feeds.url_of("/news.xml"))
    assert (again.returncode, "is there already" in again.stdout) == (0, True)
    feeds.wait_for_request("/news.xml", 3)
    feeds.add_item("/news.xml", title="Foxconn leases a pier", link="https://news.example/pier")
    desk.expects("Foxconn", "leases a pier", "Harbour News")
    assert [message.text for message in desk.messages if "before" in message.text] == []

    assert house.run("sources", "remove", "Harbour News").returncode == 0
    assert listed(house) == ["Inbox"]
    assert house.stop() == 0


def test_a_list_goes_in_and_comes_out(house: House, feeds: FeedServer) -> None:
    for name in ("wire", "post", "times"):
        feeds.feed(f"/{name}.xml", [f"Old news of the {name}"], title=name.title())
    asia = f'<outline text="Asia"><outline text="Taiwan">{outline(feeds, "wire")}</outline></outline>'
    evil = '<outline text="Evil" xmlUrl="javascript:alert(1)"/><outline text="Paid" xmlUrl="https://u:hunter2@e.x/"/>'
    given = house.root / "given.opml"
    given.write_text(
        f"<opml><body>{asia}{outline(feeds, 'post')}{outline(feeds, 'times')}{evil}</body></opml>", "utf-8"
    )
    house.configure({"Known": feeds.url_of("/times.xml")}, private=(place(feeds),))
    house.start()
    imported = house.run("sources", "import", str(given))
    assert imported.returncode == 1
    assert imported.stdout == "imported 2 feeds, 1 were there, 2 refused\n"
    assert imported.stderr.splitlines() == [
        "refused Evil: only http and https addresses are fetched, not javascript:",
        "refused Paid: its address holds a password or key",
    ]
    for name in ("wire", "post"):
        feeds.wait_for_request(f"/{name}.xml")
    assert house.run("sources", "import", str(given)).stdout == "imported 0 feeds, 3 were there, 2 refused\n"

    target = house.root / "out.opml"
    assert house.run("sources", "export", str(target)).returncode == 0
    found = read_list(target.read_bytes()).outlines
    assert {(one.title, one.xml_url, one.folder) for one in found} == {
        ("wire", feeds.url_of("/wire.xml"), "Asia/Taiwan"),
        ("post", feeds.url_of("/post.xml"), ""),
        ("Known", feeds.url_of("/times.xml"), ""),
    }
    again = house.run("sources", "export", str(target))
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert house.run("sources", "export").stdout == target.read_text("utf-8")

    assert house.run("sources", "remove", "wire").returncode == 0
    refused = house.run("sources", "remove", "Known")
    assert refused.returncode == 2
    assert "watchbot.yaml:6; take it out there" in refused.stderr
    assert listed(house) == ["Inbox", "Known", "post"]


def test_a_search_asks_with_the_names_of_every_company_and_tells_what_it_finds(house: House, feeds: FeedServer) -> None:
    feeds.feed("/search", ["Nothing of note"], title="Search results")
    house.configure(private=(place(feeds),))
    sources(house, f"{{name: News search, search: '{feeds.url_of('/search')}?hl=zh&q={{query}}', every: 1s}}")
    checked = house.run("check", "-v")
    assert "search News search -> 3 feeds" in checked.stdout
    house.start()
    asked = feeds.wait_for_request("/search", 7)
    assert {parse_qs(request.query)["q"][0] for request in asked} == {
        '"Foxconn" OR 鴻海 OR "Hon Hai"',
        '"Taipower" OR 台電',
        '"Memory"',
    }
    assert {parse_qs(request.query)["hl"][0] for request in asked} == {"zh"}
    feeds.add_item("/search", title="鴻海擴建高雄廠", link="https://news.example/kaohsiung")
    house.expects("鴻海擴建高雄廠")
    assert "News search: Foxconn" in listed(house)
    assert house.stop() == 0
    assert house.count("● Foxconn · 鴻海擴建高雄廠") == 1


def test_the_feeds_of_a_configured_list_are_polled_with_its_headers(house: House, feeds: FeedServer) -> None:
    feeds.feed("/wire.xml", ["Foxconn was here before"])
    (house.root / "mine.opml").write_text(f"<opml><body>{outline(feeds, 'wire')}</body></opml>", "utf-8")
    house.configure(private=(place(feeds),))
    sources(house, "{opml: mine.opml, every: 1s, headers: {X-Reader: desk-7}}")
    house.start()
    feeds.wait_for_request("/wire.xml", 2)
    feeds.add_item("/wire.xml", title="Foxconn opens a plant")
    house.expects("Foxconn opens a plant")
    assert {request.headers.get("X-Reader") for request in feeds.requests_of("/wire.xml")} == {"desk-7"}
    answer = house.run("sources", "list").stdout
    assert "wire  [mine.opml]" in answer


def test_check_says_which_feeds_still_answer_and_revives_what_came_back(house: House, feeds: FeedServer) -> None:
    house.configure(
        {"Wire": feeds.feed("/wire.xml", [{"title": "A", "published": "Fri, 20 Nov 2026 00:00:00 GMT"}]),
         "Post": feeds.url_of("/post.xml?key=hunter2"), "Gone": feeds.url_of("/gone.xml")},
        every="1h",
    )  # fmt: skip
    feeds.fault("/post.xml", "status", times=None, status=403)
    farewell = feeds.fault("/gone.xml", "status", times=None, status=410)
    assert house.run("run", "--once").returncode == 0
    before = rows(house)
    checked = house.run("sources", "check")
    assert checked.returncode == 1
    assert checked.stdout.splitlines() == [
        "fails  Gone  the page is gone for good (HTTP 410)",
        "fails  Post  it refuses us (HTTP 403)",
        "well   Wire  1 item, newest 2026-11-20 08:00",
    ]
    assert rows(house) == before
    assert "gone" in next(line for line in house.run("sources", "list").stdout.splitlines() if line.startswith("Gone"))

    feeds.feed("/gone.xml", ["Back again"])
    farewell.times = 0
    feeds.clear_faults()
    one = house.run("sources", "check", "Gone", "--json")
    assert one.returncode == 0
    answer = json.loads(one.stdout)
    assert (answer["name"], answer["well"], answer["items"]) == ("Gone", True, 1)
    assert json.loads(house.run("sources", "list", "--json").stdout.splitlines()[0])["gone"] is False
    assert "hunter2" not in house.run("sources", "check").stdout + house.run("sources", "list", "--json").stdout
    assert "hunter2" not in house.run("sources", "export").stdout


def rows(house: House) -> list[tuple[object, ...]]:
    """Everything that is stored of the sources."""
    with sqlite3.connect(house.root / "var" / "watchbot.db") as connection:
        found = connection.execute("select * from sources order by id").fetchall()
    connection.close()
    return found


def test_several_feeds_and_none(house: House, feeds: FeedServer) -> None:
    link = '<link rel="alternate" type="application/{}+xml" title="{}" href="{}">'
    feeds.raw("/two", link.format("rss", "World", "/w.xml") + link.format("atom", "Tech &amp; trade", "/t.xml"))
    feeds.raw("/none", "<html><body><p>nothing</p></body></html>")
    feeds.raw("/dead", f"<html>{link.format('rss', 'Dead', '/dead.xml')}</html>")
    house.configure(private=(place(feeds),))
    assert house.run("run", "--once").returncode == 0
    several = house.run("sources", "add", feeds.url_of("/two"))
    assert several.returncode == 1
    assert several.stdout.splitlines() == [
        f"World  {feeds.url_of('/w.xml')}",
        f"Tech & trade  {feeds.url_of('/t.xml')}",
    ]
    assert several.stderr == "watchbot: the page names 2 feeds: add one of them by its own address\n"
    none = house.run("sources", "add", feeds.url_of("/none"))
    assert (none.returncode, none.stderr.count("\n")) == (1, 1)
    assert "names no feed, and none is at the usual places" in none.stderr
    dead = house.run("sources", "add", feeds.url_of("/dead"))
    assert dead.returncode == 1
    assert "no such page (HTTP 404); nothing was added" in dead.stderr
    assert listed(house) == ["Inbox"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("add",), 2, "needs an address"),
        (("add", "https://u:hunter2@e.x/rss"), 2, "${NAME}"),
        (("add", "https://e.x/rss?api_key=hunter2"), 2, "watchbot.yaml"),
        (("add", "https://e.x/", "--every", "0.5s"), 2, "at least 1s"),
        (("add", "https://e.x/", "--every", "soon"), 2, "a duration is"),
        (("add", "http://127.0.0.1:9999/feed"), 1, "private address"),
        (("add", "file:///etc/passwd"), 1, "only http and https"),
        (("remove",), 2, "needs a name or address"),
        (("remove", "Imbox"), 2, "did you mean 'Inbox'"),
        (("remove", "Inbox"), 2, "watchbot.yaml:5; take it out there"),
        (("check", "Nobody"), 2, "no source is called 'Nobody'"),
        (("import",), 2, "needs a file"),
        (("import", "missing.opml"), 1, "missing.opml: No such file"),
        (("import", "watchlist.yaml"), 1, "no list of feeds"),
        (("list", "--name", "x"), 2, "--name goes with"),
        (("export", "watchlist.yaml"), 1, "there is such a file already"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_mistakes_are_one_line(house_with_database: House, arguments: tuple[str, ...], code: int, says: str) -> None:
    answer = house_with_database.run("sources", *arguments)
    assert answer.returncode == code, answer
    assert answer.stderr.count("\n") == 1
    assert says in answer.stderr
    assert "hunter2" not in answer.stdout + answer.stderr


@pytest.fixture
def house_with_database(house: House, made: Path) -> House:
    """A house whose database was made before."""
    house.configure()
    (house.root / "var").mkdir()
    (house.root / "var" / "watchbot.db").write_bytes(made.read_bytes())
    return house


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database after one round."""
    house = House(tmp_path_factory.mktemp("made"))
    house.configure()
    assert house.run("run", "--once").returncode == 0
    return house.root / "var" / "watchbot.db"


def test_without_a_database_the_way_to_one_is_named(house: House) -> None:
    house.configure()
    answer = house.run("sources", "list")
    assert answer.returncode == 1
    assert "`watchbot run` makes it" in answer.stderr


def test_a_long_import_shows_how_far_it_is_on_a_terminal_only(house: House) -> None:
    house.configure()
    assert house.run("run", "--once").returncode == 0
    given = house.root / "long.opml"
    entries = "".join(f'<outline text="Feed {number}" xmlUrl="https://e.x/{number}"/>' for number in range(250))
    given.write_text(f"<opml><body>{entries}</body></opml>", "utf-8")
    master, terminal = pty.openpty()
    with os.fdopen(master, "rb", buffering=0) as screen:
        done = subprocess.run(
            house.command("sources", "import", str(given)), stdout=subprocess.PIPE, stderr=terminal, cwd=house.root
        )
        os.close(terminal)
        shown = screen.read(10_000).decode()
    assert (done.returncode, done.stdout) == (0, b"imported 250 feeds, 0 were there\n")
    assert shown == "\r100 of 250 feeds\r200 of 250 feeds\r\x1b[K"
    again = house.run("sources", "import", str(given))
    assert (again.stdout, again.stderr) == ("imported 0 feeds, 250 were there\n", "")
