"""One line of text: a link, a question, or news."""

from pathlib import Path

import pytest

from tests.unit.pipeline.conftest import Office, settings
from watchbot.catalogue import Catalogue, load
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline import asking
from watchbot.pipeline.directory import Directory


@pytest.fixture(scope="module")
def companies() -> Catalogue:
    return load()


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("TSMC", True),
        ("  台積電 ", True),
        ("x" * 80, True),
        ("x" * 81, False),
        ("one\ntwo", False),
        ("see https://a.example/1", False),
        ("see www.a.example", False),
        ("mail me@www.example", True),
    ],
)
def test_what_is_a_question(text: str, question: bool) -> None:
    assert asking.is_question(text) is question


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://a.example/1", ("https://a.example/1",)),
        ("https://a.example/1\nhttp://b.example", ("https://a.example/1", "http://b.example")),
        ("https://a.example/1 is good", ()),
        ("ftp://a.example/1", ()),
        ("", ()),
    ],
)
def test_links_alone(text: str, links: tuple[str, ...]) -> None:
    assert asking.only_links(text) == links


def test_links_inside_a_text_end_before_the_full_stop() -> None:
    text = "Look (https://a.example/1), or https://b.example/2。"
    assert asking.links_in(text) == ("https://a.example/1", "https://b.example/2")


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("example.com", ("example.com",)),
        ("example.com/rss?a=1 https://b.example", ("example.com/rss?a=1", "https://b.example")),
        ("127.0.0.1:9000/rss", ()),
        ("http://127.0.0.1:9000/rss", ("http://127.0.0.1:9000/rss",)),
        ("2330.TW", ()),
        ("Foxconn", ()),
        ("read example.com", ()),
    ],
)
def test_addresses_for_add(companies: Catalogue, text: str, addresses: tuple[str, ...]) -> None:
    assert asking.addresses_in(text, companies) == addresses


def test_whom_a_line_names(office: Office, companies: Catalogue) -> None:
    def meant(text: str, chat: str = "7", language: str = "en") -> asking.Meant:
        return asking.meant(office.directory, companies, chat, text, language)

    assert meant("hon hai") == asking.Meant("Foxconn", watched=True)
    assert meant("memory") == asking.Meant("Memory", watched=True)
    assert meant("memory", chat="99").watched is False
    assert meant("2330.TW", language="zh-TW").label == "台積電"
    assert meant("Quanta Computer").label == "Quanta Computer"
    assert "Memory" in meant("memori").near
    assert meant("qqqzzzxxy") == asking.Meant("")


def test_a_watch_for_another_chat_is_not_watched_here(companies: Catalogue, tmp_path: Path) -> None:
    routed = Watch("okapi", "Okapi Zephyr", names=("Okapi Zephyr",), chats=("8",))
    directory = Directory(settings((Watchlist("w1", "desk", (routed,), chats=("7",)),), tmp_path))
    assert asking.meant(directory, companies, "8", "okapi zephyr", "en").watched
    assert asking.meant(directory, companies, "7", "okapi zephyr", "en") == asking.Meant("")
