"""No text is missing in any language."""

import string

import pytest

from watchbot.message import replies
from watchbot.message.chinese import CHINESE
from watchbot.message.english import ENGLISH
from watchbot.message.parts import visible
from watchbot.message.words import LANGUAGES, count, known, reason, say
from watchbot.model.reason import Reason


def fields(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_every_text() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    assert list(LANGUAGES) == ["en", "zh-TW"]


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_both_languages_fill_in_the_same(key: str) -> None:
    assert fields(ENGLISH[key]) == fields(CHINESE[key])
    assert ENGLISH[key].strip("\n") == ENGLISH[key]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", Reason)
def test_every_reason_has_words(language: str, why: Reason) -> None:
    assert len(reason(language, why)) > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_contract_is_known(language: str) -> None:
    told = "/start /help /watch /unwatch /list /alias /latest /search /digest /mute /unmute /quiet /why /story /feeds"
    others = "/add /export /settings /invite /status /sub /unsub /sources /test"
    contract = {name.removeprefix("/") for name in f"{told} {others}".split()}
    names = {*replies.COMMANDS, *replies.LATER, *replies.SAME_AS}
    assert contract == names
    for command in replies.LATER:
        assert f"/{command} " in visible(replies.not_yet(language, command))
    assert "/sources" in replies.not_yet(language, "sources")


def test_languages_are_found() -> None:
    assert [known(name) for name in ("en", "zh-TW", "zh-hans", "ZH", "de", "")] == [
        "en",
        "zh-TW",
        "zh-TW",
        "zh-TW",
        "en",
        "en",
    ]
    assert say("fr", "repeat") == "possibly repeated"


def test_numbers_agree_with_their_noun() -> None:
    assert count("en", "story", 1) == "1 story"
    assert count("en", "story", 12) == "12 stories"
    assert count("zh-TW", "story", 12) == "12 則新聞"
