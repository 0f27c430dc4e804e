"""Every text watchbot says, in English and 繁體中文: `say(language, key, **values)`.

    locale/<language>/LC_MESSAGES/*.po -Babel-> one gettext catalogue a language -> say, count

Each .po file is one subject; its message ids are keys, the same in every language (a test holds that none is missing
and that placeholders agree). Values are put in as they are: whoever builds HTML escapes them first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO, StringIO
from string import Formatter

from babel.core import Locale
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from watchbot.model.reason import Reason

LANGUAGES = ("en", "zh-TW")
_FOLDERS = {"en": "en", "zh-TW": "zh_TW"}
_TAGS = re.compile(r"<[^<>]*>")
_HAN = "[\u3400-\u9fff]"
_MEET = re.compile(f"{_HAN}[0-9A-Za-z]|[0-9A-Za-z]{_HAN}")


def known(language: str) -> str:
    """The language to speak: every kind of Chinese is zh-TW, anything unknown is English."""
    if language in LANGUAGES:
        return language
    return "zh-TW" if language.lower().startswith("zh") else "en"


def say(language: str, key: str, **values: object) -> str:
    """One text with its values filled in; KeyError where there is none of this key."""
    text = _translations(known(language)).gettext(key)
    if text == key:
        raise KeyError(key)
    return _filled(language, text, values) if values else text


def count(language: str, noun: str, number: int) -> str:
    """`1 story`, `3 stories`, `1,204 stories`: the plural form that the language has for this number."""
    text = _translations(known(language)).ngettext(f"count_{noun}", f"count_{noun}", number)
    return text.format(number=number_in(language, number))


def number_in(language: str, number: float) -> str:
    """A number as the language writes it: `1,204`, `3.5`."""
    return str(format_decimal(number, format="#,##0.#", locale=locale_of(language)))


def listed(language: str, names: Iterable[str]) -> str:
    """Names as a plain list: `a, b, c`."""
    return say(language, "comma").join(names)


def together(language: str, names: Iterable[str]) -> str:
    """Names as part of a sentence: `a, b and c`."""
    given = list(names)
    text = str(format_list([f"{{{place}}}" for place in range(len(given))], locale=locale_of(language)))
    return _filled(language, text, {str(place): name for place, name in enumerate(given)})


def reason(language: str, why: Reason) -> str:
    """Why something was told or not told, in words."""
    return say(language, f"reason_{why.value}")


def texts(language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every key of a language with its text, or with each plural form."""
    for message in _catalog(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            yield key, (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _filled(language: str, text: str, values: Mapping[str, object]) -> str:
    """The text with its values. In Chinese what a value begins and ends with decides about the spaces around it: one
    where a Chinese and a Latin character meet, none between two Chinese ones."""
    chinese, out, last = known(language) == "zh-TW", "", ""
    for literal, name in _pieces(text):
        value = str(values[name]) if name is not None else ""
        if chinese:
            first = _TAGS.sub("", value)[:1]
            literal = re.sub(f"^ (?={_HAN})", "", literal) if re.match(_HAN, last) else literal
            literal = re.sub(f"(?<={_HAN}) $", "", literal) if re.match(_HAN, first) else literal
        for part in (literal, value):
            seen = _TAGS.sub("", part) if chinese else ""
            out += f" {part}" if seen and _MEET.fullmatch(last + seen[0]) else part
            last = seen[-1:] or last
    return out


@cache
def _pieces(text: str) -> tuple[tuple[str, str | None], ...]:
    """A text as its fixed parts, each with the name of the value behind it."""
    return tuple((literal, name) for literal, name, _spec, _how in Formatter().parse(text))


@cache
def locale_of(language: str) -> Locale:
    """What Babel calls the language."""
    return Locale.parse(_FOLDERS[known(language)])


@cache
def _translations(language: str) -> GNUTranslations:
    """The compiled texts of a language, read once."""
    compiled = BytesIO()
    write_mo(compiled, _catalog(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _catalog(language: str) -> Catalog:
    """All subjects of a language as one catalogue; a key that stands in two files is a mistake."""
    locale = locale_of(language)
    folder = files("watchbot.message").joinpath("locale", _FOLDERS[language], "LC_MESSAGES")
    whole = Catalog(locale=locale)
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if not entry.name.endswith(".po"):
            continue
        for message in read_po(StringIO(entry.read_text("utf-8")), locale=locale, abort_invalid=True):
            if not message.id:
                continue
            if whole.get(message.id) is not None:
                raise ValueError(f"{entry.name}: {message.id} stands in another file too")
            whole.add(message.id, message.string)
    return whole
