"""Folding, whatever comes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from watchbot.text.fold import fold
from watchbot.text.tokens import split, starts

PIECES = st.sampled_from(
    [
        *(
            "&",
            "amp;",
            "&amp;",
            "&#60;",
            "&lt;",
            "&#xD800;",
            "&nbsp;",
            ";",
            "<",
            ">",
            "<b>",
            "</p>",
            "<br/>",
            "<p x='",
            "＜",
            "＆",
            "；",
        ),
        *(
            "e",
            "\u0301",
            "\u200b",
            "\u00ad",
            "ﾎ",
            "ﾞ",
            "か",
            "\u3099",
            "㈱",
            "ß",
            "İ",
            "Σ",
            "ς",
            "鴻",
            "臺",
            "ａ",
            "\ud800",
            "\ufe0f",
        ),
        *("\n", "\u2029", " ", "\u3000", "'", "’", "s", "-", "—", "\U0001f1e6", "가", "\U0002f800", "™", "…"),
    ]
)
ANY = st.text(max_size=60) | st.lists(PIECES, max_size=30).map("".join)


@given(ANY)
@settings(max_examples=400)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(ANY, st.data())
@settings(max_examples=400)
def test_places_lead_back_in_order(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    size = len(folded.text)
    assert len(folded.cased) == size
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    first, last = folded.span(start, end)
    assert 0 <= first <= last <= len(text)
    later = folded.span(end, size)
    assert first <= later[0] or end == start


@given(ANY)
@settings(max_examples=300)
def test_every_token_leads_to_what_it_came_from(text: str) -> None:
    folded = fold(text)
    tokens = split(folded.text)
    for token, start in zip(tokens, starts(folded.text, tokens), strict=True):
        assert folded.text[start : start + len(token)] == token
        first, last = folded.span(start, start + len(token))
        assert token in fold(text[first:last]).text


@given(st.text(alphabet=st.characters(exclude_characters="&<;", max_codepoint=0x7F), max_size=60))
def test_ascii_without_markup_is_only_lowered(text: str) -> None:
    assert fold(text).text == text.lower()
