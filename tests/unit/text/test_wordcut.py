"""Chinese word spans: without gaps, and telling an accident from a name."""

import itertools

from watchbot.text import wordcut


def test_spans_are_without_gaps() -> None:
    text = "鸿海与广达的AI服务器，2026年"
    spans = wordcut.cut(text)
    assert [text[start:end] for start, end in spans]
    assert "".join(text[s:e] for s, e in spans) == text
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(spans))


def test_an_accident_is_cut_apart() -> None:
    # 群创 inside 社群创作者, 京东 inside 北京东站
    assert (1, 3) not in wordcut.cut("社群创作者")
    assert (1, 3) not in wordcut.cut("北京东站")
    assert (2, 4) in wordcut.cut("关于京东的新闻")


def test_nothing_and_astral_characters() -> None:
    assert wordcut.cut("") == []
    assert wordcut.cut("\U00020000台")[-1][1] == 2
