"""How names are compared: one key for all ways to write a name, and which script a text is in.

The key ignores case, width, accents, spaces, hyphens and dots, and takes traditional and simplified Han as one.
"""

import unicodedata

from watchbot.text import han


def key(text: str) -> str:
    """The form in which two spellings of one name are equal; "" where there is nothing to compare."""
    if text.isascii():
        folded = text.casefold()
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        folded = "".join(char for char in folded if not 0x300 <= ord(char) <= 0x36F)
        folded = unicodedata.normalize("NFC", folded)
        if any(is_han(char) for char in folded):
            folded = folded.translate(han.load())
    return "".join(char for char in folded if char.isalnum() or char in "&+") or folded.strip()


def is_han(char: str) -> bool:
    """True for a Chinese character (also as used in Japanese)."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003ffff"


def is_kana(char: str) -> bool:
    """True for hiragana, katakana (half-width too) and their marks; the middle dot counts for neither."""
    return ("\u3041" <= char <= "\u30ff" and char != "・") or "\uff66" <= char <= "\uff9f"


def is_hangul(char: str) -> bool:
    """True for Korean syllables and letters."""
    return "\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff" or "\u3130" <= char <= "\u318f"


def is_latin(char: str) -> bool:
    """True for a letter that is of none of the East Asian scripts."""
    return char.isalpha() and not (is_han(char) or is_kana(char) or is_hangul(char))


def only_simplified(char: str) -> bool:
    """True for a Han character that is not written in Taiwan."""
    return is_han(char) and not _encodable(char, "cp950") and not _encodable(char, "big5hkscs")


def only_traditional(char: str) -> bool:
    """True for a Han character that mainland texts write in another form."""
    return is_han(char) and ord(char) in han.load() and not _encodable(char, "gb2312")


def not_japanese(char: str) -> bool:
    """True for a Han character that Japanese texts do not have."""
    return is_han(char) and not _encodable(char, "cp932")


def language_of(text: str) -> str:
    """The likely language of a name that was given without one (former and trade names)."""
    if any(is_kana(char) for char in text):
        return "ja"
    if any(is_hangul(char) for char in text):
        return "ko"
    if any(is_han(char) for char in text):
        return "zh-CN" if any(only_simplified(char) for char in text) else "zh-TW"
    return "en"


def _encodable(char: str, charset: str) -> bool:
    """True where the charset of a region has the character."""
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
