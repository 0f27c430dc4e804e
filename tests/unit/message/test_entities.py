"""Telegram drops what is marked beyond the hundredth entity: long lists become several messages."""

from tests.fakes.botapi_html import parse
from watchbot.message.parts import MOST_ENTITIES, split, visible


def test_a_message_has_a_hundred_entities_at_most() -> None:
    html = "\n".join(f'<b>{number}</b> <a href="https://e.example/{number}">x</a>' for number in range(130))
    parts = split(html)
    assert len(parts) == 3
    assert all(len(parse(part).entities) <= MOST_ENTITIES for part in parts)
    assert "".join(map(visible, parts)).split() == visible(html).split()


def test_what_is_open_counts_in_every_part() -> None:
    html = "<i>" + "".join(f"<b>{number} </b>" for number in range(199)) + "</i>"
    counts = [len(parse(part).entities) for part in split(html)]
    assert len(counts) == 3
    assert max(counts) == MOST_ENTITIES
