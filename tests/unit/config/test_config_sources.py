"""Lists of feeds, searches and proxies in `sources:`, and what `check` says of them."""

from collections import Counter
from pathlib import Path

import pytest

import watchbot
from watchbot.config import check, init, load
from watchbot.model.outline import Outline
from watchbot.pipeline.subscriptions import counts
from watchbot.sources.opml import read_list

PACKS = Path(watchbot.__file__).parent.parent / "config" / "packs"
LIST = """<opml version="2.0"><body><outline text="Asia">
<outline text="中央社" xmlUrl="https://cna.example/rss"/></outline>
<outline text="Wire" xmlUrl="https://u:hunter2@wire.example/rss"/>{}</body></opml>"""


def loaded(write, text: str):
    return load(write("config/watchbot.yaml", text), {"TZ": "UTC"}, read_list=read_list)


def problems(write, text: str) -> list[str]:
    path = write("config/watchbot.yaml", text)
    lines = check(path, {"TZ": "UTC"}, read_list=read_list).lines
    return [line.removeprefix(f"{path}:") for line in lines]


def test_a_list_of_feeds_is_read_with_the_configuration(write) -> None:
    write("config/lists/feeds.opml", LIST.format(""))
    found = loaded(write, "sources:\n  - {opml: lists/feeds.opml, every: 1h, proxy: 'http://p.example:3128'}\n")
    (source,) = found.sources
    assert source.outlines == (
        Outline("中央社", "https://cna.example/rss", folder="Asia"),
        Outline("Wire", "https://u:hunter2@wire.example/rss"),
    )
    assert (source.name, source.every, source.proxy) == ("feeds.opml", 3600.0, "http://p.example:3128")
    assert (source.line, source.column) == (2, 5)
    assert "hunter2" not in repr(found)
    assert found.notes == ()
    assert load(write("config/watchbot.yaml", "sources: [{opml: lists/feeds.opml}]\n"), {}).sources[0].outlines == ()


def test_what_is_wrong_with_a_list_is_told_at_its_place(write) -> None:
    write("config/page.opml", "<html><body>404</body></html>")
    write("config/large.opml", b"<opml>" + b" " * 6_000_000)
    write("config/deep.opml", "<opml>" + "<outline>" * 60)
    assert problems(
        write,
        "sources:\n  - {name: A, opml: page.opml}\n  - opml: large.opml\n  - {opml: gone.opml}\n"
        "  - {opml: deep.opml}\n",
    ) == [
        "2:21: opml: page.opml: this is no list of feeds (OPML)",
        "3:11: opml: large.opml: the list of feeds is larger than 5 MB",
        "4:12: opml: there is no such file",
        "5:12: opml: deep.opml: the list of feeds is nested more than 50 deep",
    ]


def test_refused_feeds_of_a_list_are_doubts_that_name_them(write) -> None:
    evil = "".join(f'<outline text="Evil {number}" xmlUrl="file:///etc/{number}"/>' for number in range(7))
    write("config/feeds.opml", LIST.format(evil))
    write("config/empty.opml", "<opml><body/></opml>")
    lines = problems(write, "sources: [{opml: feeds.opml}, {opml: empty.opml}]\n")
    assert lines[-1] == "ok"
    left_out = "left out: Evil {}: only http and https addresses are fetched, not file:"
    assert lines[:-1] == [
        "1:18: warning: opml: feeds.opml: 2 more are left out",
        *(f"1:18: warning: opml: feeds.opml: {left_out.format(number)}" for number in range(5)),
        "1:38: warning: opml: empty.opml holds no feeds",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{name: S, search: 'https://e.x/?q=foxconn'}", "1:29: search: needs {query} where the company's name goes"),
        ("{search: 'https://e.x/?q={query}'}", "1:11: a search needs `name`"),
        ("{name: S, search: '{query}'}", "1:29: search: an address begins with http:// or https://"),
        ("{feed: 'https://e.x/', proxy: 'socks5://127.0.0.1:1080'}",
         "1:41: proxy: a source is asked through an http:// proxy; SOCKS is only for telegram"),
        ("{feed: 'https://e.x/', proxy: 'proxy.example'}", "1:41: proxy: an address begins with http:// or https://"),
    ],
)  # fmt: skip
def test_mistakes_of_searches_and_proxies(daemon_problems, text: str, wanted: str) -> None:
    assert daemon_problems(f"sources: [{text}]\n") == [wanted]


def test_watchlists_may_name_lists_and_their_feeds(write) -> None:
    write("config/feeds.opml", LIST.format(""))
    found = loaded(
        write,
        "sources: [{opml: feeds.opml}, {name: News, search: 'https://e.x/?q={query}'}]\nwatchlists: [{watches: [],"
        " sources: [feeds.opml, News, 中央社, 'https://u:hunter2@wire.example/rss', 'https://added.example/rss']}]\n",
    )
    (watchlist,) = found.watchlists
    assert watchlist.sources is not None
    assert watchlist.sources[:3] == ("feeds.opml", "News", "中央社")
    assert watchlist.sources[3].startswith("https://wire.example/rss#")
    (doubt,) = found.warnings
    assert "`watchbot sources add`" in doubt.message
    assert "hunter2" not in repr(watchlist) + doubt.message


def test_check_says_how_many_feeds_lists_and_searches_become(write) -> None:
    write("config/feeds.opml", LIST.format(""))
    path = write(
        "config/watchbot.yaml",
        "sources:\n  - {opml: feeds.opml}\n  - {name: News, search: 'https://e.x/?q={query}'}\n"
        "  - {name: Wire, feed: 'https://w.example/'}\n"
        "watchlists: [{watches: [{name: Foxconn}, {keywords: [DRAM]}]}]\n",
    )
    found = check(path, {}, verbose=True, read_list=read_list, counts=lambda given: counts(given, given.watchlists))
    assert found.lines == (
        f"{path}:2:5: opml feeds.opml -> 2 feeds",
        f"{path}:3:5: search News -> 1 feed",
        "ok",
    )


def test_every_pack_holds_a_few_feeds_of_its_own() -> None:
    packs = {path.stem: read_list(path.read_bytes()) for path in sorted(PACKS.glob("*.opml"))}
    assert list(packs) == ["semiconductors-worldwide", "taiwan-power-and-ministries", "taiwan-technology"]
    addresses: Counter[str] = Counter()
    for name, pack in packs.items():
        assert 4 <= len(pack.outlines) <= 8, name
        assert pack.title
        assert pack.refused == ()
        assert all(outline.title and outline.folder for outline in pack.outlines)
        assert all(outline.html_url.startswith("https://") for outline in pack.outlines)
        addresses.update(outline.xml_url for outline in pack.outlines)
        assert "could not be asked" in (PACKS / f"{name}.opml").read_text("utf-8")
    assert all(address.startswith("https://") for address in addresses)
    assert addresses.most_common(1)[0][1] == 1


def test_the_packs_are_off_until_they_are_named(tmp_path: Path) -> None:
    for folder in (PACKS.parent, tmp_path / "new"):
        if folder != PACKS.parent:
            init(folder)
        text = (folder / "watchbot.yaml").read_text("utf-8")
        assert "# - {opml: packs/taiwan-technology.opml}" in text
        assert sorted(path.name for path in (folder / "packs").iterdir()) == sorted(
            path.name for path in PACKS.iterdir()
        )
        switched_on = text.replace("# - {opml:", "- {opml:")
        (tmp_path / "packs").mkdir(exist_ok=True)
        (tmp_path / "packs" / "taiwan-technology.opml").write_bytes(
            (folder / "packs/taiwan-technology.opml").read_bytes()
        )
        (tmp_path / "on.yaml").write_text(
            switched_on.replace("watchlists: [watchlist.yaml]", "watchlists: []"), "utf-8"
        )
        found = load(tmp_path / "on.yaml", {}, read_list=read_list)
        assert [len(source.outlines) for source in found.sources if source.kind == "opml"] == [7]
