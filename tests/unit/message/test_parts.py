"""Telegram HTML is measured as Telegram measures and split without harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.botapi_html import parse
from watchbot.message.marked import units
from watchbot.message.parts import LIMIT, escape, length, plain, split, visible

leaves = st.text(alphabet=st.sampled_from(list("ab <&>\"'鴻海\n\U0001f600é")), max_size=12).map(escape)
urls = st.sampled_from(["https://a.example/?x=1&y=2", 'https://b.example/"q"'])


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bold = inner.map(lambda text: f"<b>{text}</b>")
    under = inner.map(lambda text: f"<u>{text}</u>")
    link = st.tuples(urls, inner).map(lambda pair: f'<a href="{escape(pair[0])}">{pair[1]}</a>')
    return st.lists(bold | under | link | leaves, max_size=4).map("".join)


pages = st.recursive(leaves, _wrapped, max_leaves=12)


@given(pages, st.integers(2, 30))
def test_parts_fit_are_well_formed_and_lose_nothing(html: str, limit: int) -> None:
    parts = split(html, limit)
    for part in parts:
        assert length(part) <= limit
        assert visible(part).strip()
        assert parse(part).text == visible(part).strip()
    told = "".join(visible(part) for part in parts)
    assert "".join(told.split()) == "".join(visible(html).split())


@given(pages)
def test_length_is_what_telegram_counts(html: str) -> None:
    assert length(html) == units(visible(html))
    assert parse(html).text == visible(html).strip()


def test_a_short_message_stays_whole() -> None:
    assert split("<b>a</b>") == ["<b>a</b>"]
    assert split("") == []
    assert split("<b> \n</b>") == []


def test_cuts_fall_between_lines() -> None:
    lines = [f"<b>line {number}</b> of the list" for number in range(10)]
    parts = split("\n".join(lines), 60)
    assert [line for part in parts for line in part.strip().split("\n")] == lines


def test_open_tags_are_closed_and_opened_again() -> None:
    parts = split('<blockquote expandable><a href="https://a.example/">' + "word " * 4 + "</a></blockquote>", 10)
    for part in parts:
        assert part.startswith('<blockquote expandable><a href="https://a.example/">word ')
        assert part.endswith("</a></blockquote>")


def test_an_emoji_is_never_cut() -> None:
    parts = split("\U0001f600" * 5, 3)
    assert parts == ["\U0001f600"] * 5


def test_an_entity_is_one_character() -> None:
    assert split("&amp;" * 6, 4) == ["&amp;" * 4, "&amp;" * 2]


def test_a_long_text_fits_telegram() -> None:
    parts = split("鴻海 said <b>&lt;no&gt;</b>\n" * 2000)
    assert all(len(parse(part).text) <= LIMIT for part in parts)
    assert sum(visible(part).count("鴻海") for part in parts) == 2000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<a href="https://a.example/?x=1&amp;y=2">A &amp; B</a> rose', "A & B (https://a.example/?x=1&y=2) rose"),
        ("<b>a</b>\n<blockquote expandable>b</blockquote>", "a\nb"),
        ('<a href="https://a.example/">https://a.example/</a>', "https://a.example/"),
        (f'<a href="https://a.example/{"x" * 400}">long</a>', "long"),
    ],
)
def test_plain_writes_links_out(html: str, text: str) -> None:
    assert plain(html) == text


@given(pages, st.integers(5, 40))
def test_plain_fits_as_well(html: str, limit: int) -> None:
    assert units(plain(html, limit)) <= limit
