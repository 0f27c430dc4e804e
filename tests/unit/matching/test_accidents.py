"""Two characters that only happen to stand side by side."""

import pytest

from watchbot.matching.accidents import is_accident


@pytest.mark.parametrize(
    ("name", "text", "accident"),
    [
        ("京东", "暑期北京东站加开", True),
        ("京东", "京东方新产线点亮", True),
        ("中兴", "中兴通讯发布财报", False),
        ("宝马", "宝马车主集体维权", False),
        ("力成", "力成功突围", True),
        ("国巨", "国巨大涨", False),
        ("纬创", "广达、纬创出货旺", False),
        ("联电", "联电子报发行", True),
        ("美光", "美光是赢家", False),
        ("美律", "美律师看好和解", True),
        ("百度", "三百度的高温", True),
        ("百度", "百度发布大模型", False),
        ("日立", "初日立ち寄りたい", True),
        ("日立", "米日立の子会社", False),
        ("群创", "群创", False),
    ],
)
def test_accidents(name: str, text: str, accident: bool) -> None:
    start = text.index(name)
    assert is_accident(text, start, start + len(name)) is accident


def test_only_the_neighbours_count() -> None:
    far = "电视" * 30
    assert is_accident(f"{far}，社群创作", len(far) + 2, len(far) + 4)
    assert not is_accident(f"{far}，群创，{far}", len(far) + 1, len(far) + 3)
