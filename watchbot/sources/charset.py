"""Bytes to text: which encoding a document is written in.

    BOM -> ISO-2022 escapes -> UTF-16 by its zeros -> strict UTF-8 -> the label of HTTP, then of the document, each
    read as its superset -> mostly UTF-8 -> the likeliest of the East Asian and Russian encodings -> Windows-1252

Strict UTF-8 stands before every label, because text in another encoding is practically never valid UTF-8.
"""

import codecs
import re

_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-tw": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "korean": "cp949",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "x-euc-jp": "euc_jp",
    "utf8": "utf-8",
    "unicode": "utf-8",
}
# Only encodings of text: Python also knows "hex", "zip" and "punycode".
_KNOWN = re.compile(
    r"(?:utf-(?:8|16|32)(?:-[bl]e)?|utf-8-sig|iso8859-\d+|cp\d+|gb2312|gbk|gb18030|big5(?:hkscs)?|shift_jis\w*|euc_\w+|"
    r"koi8-\w|mac-\w+|ascii|johab|hz|iso2022_\w+|tis-620|ptcp154|kz1048)"
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_PARAMETER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([BJI]|\$\)[ACG])")
_SAMPLE = 20_000
_TRADITIONAL = frozenset(
    "的一是在不了有人這我他也為國大來以年會時上個到說要出地就生對中發可公行市場電經產業與後台灣億元季月日萬將新表示"
    "營收股價資訊報導記者於其及部長高美報從前同並關開應該動過分能去下多家進成學法定主機體開全最"
)
_SIMPLIFIED = frozenset(
    "的一是在不了有人这我他也为国大来以年会时上个到说要出地就生对中发可公行市场电经产业与后台湾亿元季月日万将新表示"
    "营收股价资讯报道记者于其及部长高美报从前同并关开应该动过分能去下多家进成学法定主机体开全最"
)
_BEYOND_ASCII = re.compile("[^\\x00-\\x7f]+")
_CYRILLIC = ("cp1251", "koi8-r")
_GUESSES = ("big5hkscs", "gb18030", "cp932", "cp949", "euc_jp")


def decode(body: bytes, media_type: str = "") -> tuple[str, str]:
    """The text and the encoding it was read in. Never fails: what no encoding takes comes with U+FFFD."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace"), name
    if _ISO_2022.search(body[:_SAMPLE]) and (text := _strict(body, "iso2022_jp_ext")) is not None:
        return text, "iso2022_jp"
    if wide := _wide(body):
        return body.decode(wide, "replace"), wide
    if (text := _strict(body, "utf-8")) is not None:
        return text, "utf-8"
    labels = [name for label in _labels(body, media_type) if (name := codec(label)) and name != "utf-8"]
    for name in labels:
        if (text := _strict(body, name)) is not None and not _is_absurd(text, name):
            return text, name
    if _mostly_utf8(body):
        return body.decode("utf-8", "replace"), "utf-8"
    name = labels[0] if labels and labels[0] != "cp1252" and _nearly(body, labels[0]) else _guess(body)
    return body.decode(name, "replace"), name


def codec(label: str) -> str:
    """The codec for a label, as its superset; "" for a label that names no encoding of text."""
    low = label.strip().lower()
    try:
        name = codecs.lookup(_SUPERSETS.get(low, low)).name
    except (LookupError, ValueError):
        return ""
    name = _SUPERSETS.get(name, name)
    return name if _KNOWN.fullmatch(name) else ""


def _labels(body: bytes, media_type: str) -> list[str]:
    """What HTTP says, then what the document says of itself."""
    said = _PARAMETER.findall(media_type)[:1]
    if found := (_XML.match(body[:1024]) or _META.search(body[:4096])):
        said.append(found[1].decode("ascii"))
    return said


def _strict(body: bytes, name: str) -> str | None:
    """The text where every byte fits."""
    try:
        return body.decode(name)
    except (UnicodeDecodeError, ValueError, AssertionError):
        return None


def _wide(body: bytes) -> str:
    """UTF-16 or UTF-32 without a BOM: Latin letters leave every other byte zero."""
    sample = body[:2048]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    even, odd = sample[0::2].count(0) / (len(sample) / 2), sample[1::2].count(0) / (len(sample) / 2)
    if min(even, odd) > 0.4:
        return ("utf-32-be" if sample[0] == 0 else "utf-32-le") if max(even, odd) > 0.9 else ""
    if max(even, odd) < 0.3 or min(even, odd) > 0.05:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_absurd(text: str, name: str) -> bool:
    """Whether a wrong label makes nonsense of the text.

    Western letters beyond ASCII stand alone between others; where most have a neighbour of their kind, the text is in
    another script. A Chinese or Japanese label is wrong where hardly a common character comes out.
    """
    sample = text[:_SAMPLE]
    if name == "cp1252":
        runs = [len(run) for run in _BEYOND_ASCII.findall(sample)]
        high = sum(runs)
        return high > 10 and sum(run for run in runs if run > 2) > 0.7 * high
    if name in _GUESSES:
        marks = [mark for mark in sample if mark > "\x7f"]
        return len(marks) > 20 and _readable(marks, name) < 0.05
    return False


def _nearly(body: bytes, name: str) -> bool:
    """Whether a few broken bytes are all that keeps a text from being what its label says."""
    marks = [mark for mark in body[:_SAMPLE].decode(name, "replace") if mark > "\x7f"]
    return _strict(body, name) is None and marks.count("\ufffd") * 10 < len(marks)


def _mostly_utf8(body: bytes) -> bool:
    """Whether a few broken bytes stand in a text that is UTF-8 for the rest."""
    text = body[:200_000].decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    right = sum(1 for mark in text if mark > "\x7f") - wrong
    return right > 4 * wrong


def _guess(body: bytes) -> str:
    """The encoding in which the text reads most like Chinese, Japanese, Korean or Russian, else Windows-1252."""
    sample = body[:_SAMPLE]
    russian = _CYRILLIC if _is_absurd(sample.decode("cp1252", "replace"), "cp1252") else ()
    scores = {name: _score(sample, name) for name in (*_GUESSES, *russian)}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0.15 else "cp1252"


def _score(sample: bytes, name: str) -> float:
    """From -1 to 1: how much of what is not ASCII is common in the language of that encoding."""
    marks = [mark for mark in sample.decode(name, "replace") if mark > "\x7f"]
    return _readable(marks, name) if marks else 0.0


def _readable(marks: list[str], name: str) -> float:
    """The same of characters that are not ASCII."""
    wrong = sum(1 for mark in marks if mark == "\ufffd" or "\ue000" <= mark <= "\uf8ff" or "\uff61" <= mark <= "\uff9f")
    if name == "cp949":
        common = 1.0 * sum(1 for mark in marks if "\uac00" <= mark <= "\ud7a3")
    elif name in ("cp932", "euc_jp"):
        common = sum(1 for mark in marks if "\u3041" <= mark <= "\u30ff") * 1.5
    elif name in _CYRILLIC:
        # In the wrong one of the two, capitals and small letters change places.
        common = sum(1 for mark in marks if mark in "оеаинтсрвлкмдпуяыьгзб") * 1.1
        common -= sum(1 for mark in marks if not "\u0400" <= mark <= "\u04ff")
    else:
        frequent = _TRADITIONAL if name == "big5hkscs" else _SIMPLIFIED
        common = sum(1 for mark in marks if mark in frequent) * 2.0 + sum(1 for mark in marks if mark in "，。、「」")
    return min(1.0, common / len(marks)) - 3.0 * wrong / len(marks)
