"""Every text watchbot says, in English and 繁體中文: `say(language, key, **values)`.

A plain table for each language (english.py, chinese.py); a test holds that both have the same keys and the same
placeholders. Values are put in as they are: whoever builds HTML escapes them first.
"""

from collections.abc import Mapping

from watchbot.message.chinese import CHINESE
from watchbot.message.english import ENGLISH
from watchbot.model.reason import Reason

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh-TW": CHINESE}


def known(language: str) -> str:
    """The language to speak: every kind of Chinese is zh-TW, anything unknown is English."""
    if language in LANGUAGES:
        return language
    return "zh-TW" if language.lower().startswith("zh") else "en"


def say(language: str, key: str, **values: object) -> str:
    """One text with its values filled in."""
    return LANGUAGES[known(language)][key].format(**values)


def count(language: str, noun: str, number: int) -> str:
    """`1 story`, `3 stories`: the noun's key with `_one` or `_many`."""
    return say(language, f"{noun}_one" if number == 1 else f"{noun}_many", number=number)


def listed(language: str, names: list[str]) -> str:
    """Names as a list in a sentence."""
    return say(language, "comma").join(names)


def reason(language: str, why: Reason) -> str:
    """Why something was told or not told, in words."""
    return say(language, f"reason_{why.value}")
