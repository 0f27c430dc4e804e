"""The fake's HTML parser: what Telegram takes, and what it refuses."""

import pytest

from tests.fakes.botapi_html import parse
from tests.fakes.botapi_records import ApiError, utf16_length, utf16_slice


def marks(html: str) -> list[tuple[str, str]]:
    """Entity types and the text they cover."""
    parsed = parse(html)
    return [(one["type"], utf16_slice(parsed.text, one["offset"], one["length"])) for one in parsed.entities]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("tg-spoiler", "spoiler"),
    ],
)
def test_every_allowed_tag(tag: str, kind: str) -> None:
    assert marks(f"a <{tag}>word</{tag}> b") == [(kind, "word")]


def test_tags_with_attributes() -> None:
    assert marks('<span class="tg-spoiler">x</span>') == [("spoiler", "x")]
    assert marks("<blockquote expandable>x</blockquote>") == [("expandable_blockquote", "x")]
    assert marks('<pre><code class="language-python">x</code></pre>') == [("pre", "x")]
    parsed = parse('<a href="https://example.com/?a=1&amp;b=2">x</a>')
    assert parsed.entities == [{"type": "text_link", "offset": 0, "length": 1, "url": "https://example.com/?a=1&b=2"}]


def test_a_link_that_leads_nowhere_is_plain_text() -> None:
    for url in ("javascript:alert(1)", "/relative", "http://", "https://a b/"):
        assert parse(f'<a href="{url}">x</a>').entities == []
    assert parse("<a>x</a>").text == "x"


def test_nesting_and_offsets_in_utf16() -> None:
    assert utf16_length("😀鴻") == 3
    assert marks("😀 <b>鴻<i>海</i></b> <u>x</u>") == [("bold", "鴻海"), ("italic", "海"), ("underline", "x")]
    assert parse("😀<b>x</b>").entities[0]["offset"] == 2


def test_entities_are_decoded() -> None:
    assert parse("&lt;b&gt; &amp; &quot;x&quot; &#39;y&#x27; >").text == "<b> & \"x\" 'y' >"


def test_white_space_goes_from_both_ends() -> None:
    parsed = parse(" \n<b> x </b>\n")
    assert (parsed.text, parsed.entities) == ("x", [{"type": "bold", "offset": 0, "length": 1}])
    assert parse(" <b> </b> ").text == ""


def test_entities_over_a_hundred_are_forgotten() -> None:
    assert len(parse("<b>x</b> " * 120).entities) == 100


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<b>x", 'can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("鴻<p>x</p>", 'unsupported start tag "p" at byte offset 3'),
        ("<br>", 'unsupported start tag "br"'),
        ("<img src='x'/>", "unsupported or unclosed start tag"),
        ("1 < 2", "unsupported or unclosed start tag at byte offset 2"),
        ("<b", "unsupported or unclosed start tag"),
        ("<span>x</span>", 'must have class "tg-spoiler"'),
        ("AT&T", 'unescaped "&" at byte offset 2'),
        ("&nbsp;", 'unknown entity "&nbsp;"'),
        ("&#0;", "wrong character"),
        ("&#xD800;", "wrong character"),
        ('<a href="https://example.com/?a=1&b=2">x</a>', 'unescaped "&"'),
        ("<code><b>x</b></code>", "can't be inside code"),
        ("<blockquote><blockquote>x</blockquote></blockquote>", "blockquote can't be nested"),
    ],
)
def test_what_is_refused(html: str, why: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse(html)
    assert refused.value.code == 400
    assert refused.value.description.startswith("Bad Request: can't parse entities: ")
    assert why in refused.value.description
