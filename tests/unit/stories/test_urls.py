"""One address for one article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.stories.urls import canonical_url, is_root

SAME = [
    ("HTTP://www.Example.com:80/News/?utm_source=x&b=2&a=1#top", "https://example.com/News?a=1&b=2"),
    ("https://example.com/a?fbclid=1&gclid=2&UTM_Campaign=3", "https://example.com/a"),
    ("https://m.example.com/a", "https://example.com/a"),
    ("https://en.m.wikipedia.org/wiki/Foxconn", "https://en.wikipedia.org/wiki/Foxconn"),
    ("https://example.com/a/index.html", "https://example.com/a"),
    ("https://example.com/default.aspx?id=3", "https://example.com?id=3"),
    ("https://example.com/a/amp/", "https://example.com/a"),
    ("https://example.com/a.amp.html", "https://example.com/a.html"),
    ("https://amp.example.com/a?amp=1", "https://example.com/a"),
    ("https://www.google.com/amp/s/www.example.com/a?x=1", "https://example.com/a?x=1"),
    ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a", "https://example.com/a"),
    ("http://user:secret@example.com/a", "https://example.com/a"),
    ("https://example.com:8443/a", "https://example.com:8443/a"),
    ("https://example.com/x/../y/./z", "https://example.com/y/z"),
    ("https://example.com/%7euser/%e4%b8%ad", "https://example.com/~user/%E4%B8%AD"),
    ("https://example.com/中", "https://example.com/%E4%B8%AD"),
    ("https://例え.jp/a", "https://xn--r8jz45g.jp/a"),
    ("https://example.com./a", "https://example.com/a"),
    ("https://youtube.com/watch?v=X&feature=share", "https://youtube.com/watch?v=X"),
    ("  https://example.com/\na", "https://example.com/a"),
]
KEPT = [
    "https://example.com/Case",
    "https://example.com?a=&b",
    "https://example.com/a?from=x&ref=y&source=z",
    "https://example.com/#!/news/1",
    "https://example.com/a?x=1&x=0",
    "https://m.tw",
    "https://amplify.example.com/amplifier",
    "https://example.com/a?p=2",
]


@pytest.mark.parametrize(("written", "canonical"), SAME)
def test_spellings_of_one_address(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical


@pytest.mark.parametrize("url", KEPT)
def test_what_may_matter_stays(url: str) -> None:
    assert canonical_url(url).replace("com#", "com/#") == url


@pytest.mark.parametrize("text", ["", "mailto:a@example.com", "/relative?utm_source=x", "urn:uuid:1", "http://[bad/"])
def test_what_is_no_web_address_comes_back(text: str) -> None:
    assert canonical_url(text) == text


def test_a_bare_host_is_a_root() -> None:
    assert is_root(canonical_url("http://www.example.com/index.html"))
    assert not is_root(canonical_url("https://example.com/a"))
    assert not is_root(canonical_url("https://example.com/?p=1"))


URLS = st.builds(
    lambda host, path, query: f"https://{host}.com/{path}?{query}",
    st.from_regex(r"(?:www\.|m\.|amp\.){0,3}[a-z]{1,5}", fullmatch=True),
    st.from_regex(r"(?:(?:amp|a|index\.html|\.\.|%41|A\.amp)/?){0,4}", fullmatch=True),
    st.from_regex(r"(?:(?:utm_x|a|b|amp)=[01]?&){0,4}", fullmatch=True),
)


@given(URLS)
def test_canonical_is_canonical(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(st.text())
def test_no_text_raises(text: str) -> None:
    canonical_url(text)
    canonical_url("https://" + text)
