"""Files survive their way through the database; buttons say what they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.message.keyboard import FileBody, dump_file, is_address, load_file, pressed
from watchbot.model.panel import LONGEST_DATA, Button


@given(
    st.text(st.characters(exclude_categories=["Cs"])), st.binary(), st.text(st.characters(exclude_categories=["Cs"]))
)
def test_a_file_comes_back_as_it_was(name: str, body: bytes, caption: str) -> None:
    assert load_file(dump_file(FileBody(name, body, caption))) == FileBody(name, body, caption)


def test_a_caption_may_be_left_out() -> None:
    assert load_file('{"name": "a.csv", "body_base64": "MQ=="}') == FileBody("a.csv", b"1")


@pytest.mark.parametrize("text", ["", "[]", "{}", "no", '{"name": "x", "body_base64": "*"}', '{"name": "x"}'])
def test_what_is_no_file(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_file(text)


def test_addresses_are_opened_everything_else_is_told() -> None:
    assert is_address(Button("Open", "https://a.example/"))
    assert is_address(Button("Open", "http://127.0.0.1:1/"))
    assert not is_address(Button("Why", "why:https"))


def test_the_longest_press_fits() -> None:
    assert len(pressed("t" * 16, Button("x", "d" * LONGEST_DATA)).encode()) <= 64
