"""The keys by which one piece of news is known again."""

from watchbot.model.item import Item
from watchbot.stories.keys import identity_keys, text_key, title_key


def test_a_title_key_does_not_see_case_width_space_and_quotes() -> None:
    assert (
        title_key("Foxconn’s  “AI”\u00a0Plan")
        == title_key('foxconn\'s "AI" plan')
        == title_key('Ｆoxconn\'s "ai" plan')
    )
    assert title_key("Foxconn plan") != title_key("Foxconn plans")


def test_a_text_key_needs_title_and_text_alike() -> None:
    assert text_key("A", "b c") == text_key("a ", " B  C")
    assert text_key("A", "b") != text_key("A b", "")


def test_the_three_keys_of_an_item() -> None:
    item = Item("guid-1", "Foxconn opens a plant", "In Texas.", url="http://www.example.com/a?utm_source=x")
    keys = identity_keys(7, item)
    assert keys[:2] == ("g:7:guid-1", "u:https://example.com/a")
    assert keys[2] == "t:" + text_key(item.title, item.body)


def test_a_bare_host_and_a_short_text_are_no_keys() -> None:
    assert identity_keys(1, Item("x", "Market update", "", url="https://example.com/")) == ("g:1:x",)


def test_long_ids_and_addresses_are_hashed() -> None:
    keys = identity_keys(1, Item("i" * 5000, "t", "", url="https://example.com/" + "a" * 5000))
    assert all(len(key) < 100 for key in keys)
    assert len(keys) == 2


def test_an_item_without_an_id_has_its_words() -> None:
    assert [key[:2] for key in identity_keys(1, Item("", "Foxconn opens a plant in Texas", ""))] == ["t:"]
