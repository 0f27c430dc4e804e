"""No text is missing in any language, and none is asked for that is not there."""

import ast
import re
import string
from pathlib import Path

import pytest

from watchbot.message.errors import PREFIX
from watchbot.message.words import LANGUAGES, count, known, listed, number_in, reason, say, texts, together
from watchbot.model.reason import Reason

WATCHBOT = Path(__file__).parents[3] / "watchbot"
TEXTS = {language: dict(texts(language)) for language in LANGUAGES}
ENGLISH = TEXTS["en"]


def fields(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    assert TEXTS[language].keys() == ENGLISH.keys()
    empty = [key for key, forms in TEXTS[language].items() if not all(forms) and key != "field_"]
    assert empty == []


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_every_language_fills_in_the_same(key: str) -> None:
    wanted = {frozenset(fields(form)) for form in ENGLISH[key]}
    for language in LANGUAGES:
        assert {frozenset(fields(form)) for form in TEXTS[language][key]} == wanted
        assert all(form == form.strip("\n") for form in TEXTS[language][key])


def test_chinese_texts_are_chinese() -> None:
    wordless = re.compile(r"[^a-zA-Z]*")
    same = [
        key
        for key, forms in TEXTS["zh-TW"].items()
        if forms == ENGLISH[key] and not wordless.fullmatch(re.sub(r"<[^>]*>|\{[^}]*\}|/\w+", "", forms[0]))
    ]
    assert same == []


def asked() -> tuple[set[str], set[str]]:
    """The keys that the program asks for: written out, and as patterns where parts are filled in."""
    whole: set[str] = set()
    patterns: set[str] = set()
    for path in WATCHBOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole |= {node.value, f"count_{node.value}"}
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"\w*" for part in node.values]
                patterns.add("".join(parts))
    return whole, {one for one in patterns if re.search(r"[a-z]{3,}_|_[a-z]{3,}", one)}


def test_no_text_is_left_that_nobody_says() -> None:
    whole, patterns = asked()
    keys = [key for key in ENGLISH if not key.startswith(PREFIX)]  # test_errors.py asks who says those
    unsaid = [key for key in keys if key not in whole and not any(re.fullmatch(one, key) for one in patterns)]
    assert unsaid == []


def test_every_text_that_is_said_is_there() -> None:
    missing = []
    for path in WATCHBOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or len(node.args) < 2:
                continue
            key = node.args[1]
            if node.func.id in ("say", "count") and isinstance(key, ast.Constant):
                name = key.value if node.func.id == "say" else f"count_{key.value}"
                missing += [f"{path.name}: {name}"] if name not in ENGLISH else []
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", Reason)
def test_every_reason_has_words(language: str, why: Reason) -> None:
    assert len(reason(language, why)) > 3


def test_an_unknown_key_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        say("en", "no such text")


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
    assert count("en", "story", 1204) == "1,204 stories"
    assert count("zh-TW", "story", 12) == "12 則新聞"
    assert number_in("en", 3.25) == "3.2"


def test_names_as_a_list() -> None:
    assert listed("zh-TW", ["鴻海", "台電"]) == "鴻海、台電"
    assert together("en", ["Foxconn", "TSMC", "Quanta"]) == "Foxconn, TSMC, and Quanta"
    assert together("zh-TW", ["鴻海", "台電"]) == "鴻海和台電"


def test_latin_names_stand_apart_from_chinese_words_and_chinese_ones_do_not() -> None:
    assert say("zh-TW", "watching_had", label="<b>Foxconn</b>") == "這裡已經關注 <b>Foxconn</b>。"
    assert say("zh-TW", "watching_had", label="<b>鴻海</b>") == "這裡已經關注<b>鴻海</b>。"
    assert together("zh-TW", ["鴻海", "TSMC"]) == "鴻海和 TSMC"
    assert together("en", ["Foxconn {x}", "台電"]) == "Foxconn {x} and 台電"
