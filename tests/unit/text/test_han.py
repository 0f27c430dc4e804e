"""The character table: one to one, closed, and the forms that company names need."""

import pytest

from watchbot.text import han


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("鴻海精密", "鸿海精密"),
        ("臺積電", "台积电"),
        ("經濟部", "经济部"),
        ("聯發科", "联发科"),
        ("廣達", "広達"),
        ("樂天", "楽天"),
        ("電氣", "電気"),
        ("鐵", "鉄"),
        ("群創", "羣创"),
        ("啟碁", "启碁"),
    ],
)
def test_forms_meet(one: str, other: str) -> None:
    assert one.translate(han.load()) == other.translate(han.load())


def test_folding_twice_changes_nothing_and_keeps_lengths() -> None:
    table = han.load()
    assert len(table) > 3000
    assert not set(table.values()) & set(table)


@pytest.mark.parametrize("text", ["余承東", "芸", "Foxconn", "カタカナ"])
def test_characters_with_a_life_of_their_own_stay(text: str) -> None:
    assert text.translate(han.load())[0] == text[0]
