"""Lines of a page that hold a date and nothing else: they stamp what follows.

    line -> without weekday, time zone, "Published:" -> one of the forms below -> aware time, or None

English, Chinese and Japanese forms, years of the Republic of China and of Japanese eras included. Without a year the
newest such day that does not lie after the file's own time is meant.
"""

import re
import unicodedata
from datetime import datetime, timedelta

LONGEST = 90
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_CLOCK = (
    r"(?P<half>上午|下午|晚上|凌晨|中午|午前|午後|오전|오후)?\s*(?P<hour>\d{1,2})(?:[:時时点點]\s*(?P<minute>\d{2})分?)?"
    r"(?::\d{2})?\s*(?P<ampm>[ap]\.?m\.?)?"
)
_ZONE = r"\s*\(?(?:[a-z]{2,5}t|utc|gmt|local time|taipei time|台北時間)?(?:\s*[+-]\d{1,2}:?\d{0,2})?\)?"
_TAIL = rf"(?:(?:\s*[,|·•/-]\s*|\s+at\s+|\s*t|\s+){_CLOCK}{_ZONE})?"
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911, "中華民國": 1911}
_FORMS = tuple(
    re.compile(form + _TAIL)
    for form in (
        rf"{_MONTH}\s*{_DAY}(?:\s*,?\s*{_YEAR})?",
        rf"{_DAY}(?:\s+of)?[\s-]+{_MONTH}(?:[\s,-]+{_YEAR})?",
        rf"{_MONTH}\s+{_DAY}\s+(?P<hour0>\d{{1,2}}):(?P<minute0>\d\d)(?::\d\d)?\s+{_YEAR}",
        r"(?P<roc>1[01]\d)\s*[-/.]\s*(?P<month>\d{1,2})\s*[-/.]\s*(?P<day>\d{1,2})",
        rf"{_YEAR}\s*[-/.]\s*(?P<month>\d{{1,2}})\s*[-/.]\s*(?P<day>\d{{1,2}})",
        r"(?:(?P<era>令和|平成|中華民國|民國|民国)\s*(?P<erayear>\d{1,3}|元)\s*年|(?P<year>\d{2,4})\s*[年년])?"
        r"\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日號号일]",
        rf"(?P<day>\d{{1,2}})\s*\.\s*(?P<month>1[0-2]|0?[1-9])\s*\.\s*{_YEAR}",
        rf"(?P<a>\d{{1,2}})\s*[/.]\s*(?P<b>\d{{1,2}})\s*[/.]\s*{_YEAR}",
        r"(?=\d\d|\d/\d\d)(?P<month>\d{1,2})/(?P<day>\d{1,2})",
    )
)
_LABEL = re.compile(
    r"(?:(?:first |last )?(?:published|posted|updated|modified|dated?|issued|sent)(?: (?:on|at))?|on|as of|"
    r"(?:發布|發佈|发布|發言|寄件|傳送|发送|送信)(?:時間|日期|时间|日時)?|"
    r"更新(?:時間|日期|时间)?|最後更新|日期|時間|刊登日期|公開日|公開|更新日|投稿日|配信)\s*[:：]?\s+|"
    r"(?:發布|发布|更新|日期|公開|投稿)[^\s\d]{0,4}[:：]\s*"
)
_WEEKDAY = re.compile(
    r"[(（\[]?\s*(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?|"
    r"(?:星期|週|周|禮拜|礼拜)[一二三四五六日天]|[月火水木金土日]曜日?|(?<=[(（])[月火水木金土日一二三四五六](?=[)）]))\s*[)）\]]?,?"
)
_HINT = re.compile(r"[\d一二三四五六七八九十今昨]|today|yesterday", re.IGNORECASE)
_EDGES = " \t-–—=*_~|·•[]【】〔〕「」()（）<>《》#:：,，.。"
_AGO = re.compile(r"(\d{1,3})\s*(minutes?|mins?|hours?|hrs?|days?|分鐘|分钟|分|小時|小时|時間|天|日)\s*(?:ago|之?前)")
_RELATIVE = {"today": 0, "yesterday": 1, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1}
_ANY_DAY = r"(?:(?:20\d\d|1[01]\d)\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?"
_STAMP_AFTER = re.compile(
    rf"(?P<text>.*[^\s\d].*?)\s*(?P<stamp>\s{_ANY_DAY}\s+\d{{1,2}}:\d\d(?::\d\d)?|[\[(（［]{_ANY_DAY}(?:\s+\d{{1,2}}:\d\d)?[\])）］])"
)
_STAMP_BEFORE = re.compile(
    rf"(?P<stamp>{_ANY_DAY}\s+\d{{1,2}}:\d\d(?::\d\d)?|[\[(（［【]{_ANY_DAY}(?:\s+\d{{1,2}}:\d\d)?[\])）］】]|20\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}})"
    r"(?:\s+[-–|:：]?\s*|\s*(?=[\u3400-\u9fff\u3040-\u30ff]))(?P<text>[^\s\d].{3,})"
)
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN_DATE = re.compile(r"[〇零一二三四五六七八九十]+(?=[年月日])")


def date_line(line: str, written: datetime) -> datetime | None:
    """The day (and time) a line names where it holds nothing else; in the zone of `written`, midnight without a
    time."""
    if len(line) > LONGEST or not _HINT.search(line):
        return None
    text = unicodedata.normalize("NFKC", line).lower().strip()
    text = _WEEKDAY.sub(" ", text).strip(_EDGES)
    text = _HAN_DATE.sub(lambda found: _han_number(found[0]), text)
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if (found := _AGO.fullmatch(text)) or text in _RELATIVE:
        return _relative(text, found, written)
    text = " ".join(text.split()).strip(_EDGES)
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _day(match.groupdict(), written)
    return None


def stamped(text: str, written: datetime) -> tuple[datetime | None, str]:
    """The moment at the end (or the beginning) of a headline and the headline without it; (None, text) where none is.

    A day alone at the end may be what the headline is about: only with a clock or in brackets it is a stamp.
    """
    found = _STAMP_AFTER.fullmatch(text) or _STAMP_BEFORE.fullmatch(text)
    if not found:
        return None, text
    day = found["stamp"].strip(" [](（）)［］【】")
    if re.match(r"\d{1,2}-\d", day):
        day = day.replace("-", "/", 1)
    moment = date_line(day, written)
    return (moment, found["text"].strip()) if moment and moment <= written else (None, text)


def _han_number(text: str) -> str:
    """`十五` or `二〇二六` in digits."""
    if "十" not in text:
        return text.translate(_HAN_DIGITS)
    tens, _ten, ones = text.partition("十")
    return f"{tens.translate(_HAN_DIGITS) or '1'}{ones.translate(_HAN_DIGITS) or '0'}"


def _relative(text: str, found: re.Match[str] | None, written: datetime) -> datetime:
    """`3 hours ago`, `yesterday`."""
    if not found:
        return _midnight(written) - timedelta(days=_RELATIVE[text])
    count, unit = int(found[1]), found[2]
    if unit.startswith(("d", "天", "日")):
        return _midnight(written) - timedelta(days=count)
    return written - (timedelta(hours=count) if unit[0] in "h小時" else timedelta(minutes=count))


def _midnight(moment: datetime) -> datetime:
    """The beginning of that day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _day(parts: dict[str, str | None], written: datetime) -> datetime | None:
    """The parts put together; None for a 30th of February or a year out of this world."""
    hour, minute = _clock(parts)
    if (first := parts.get("a")) and (second := parts.get("b")):
        pairs = [(int(first), int(second)), (int(second), int(first))]
        days = [day for month, day_no in pairs if (day := _made(_year(parts), month, day_no, hour, minute, written))]
        past = [day for day in days if day <= written]
        return next(iter(past or days), None)
    name = parts["month"] or ""
    month = _MONTHS.get(name) or int(name)
    number = int(parts["day"] or 0)
    year = _year(parts)
    if year:
        return _made(year, month, number, hour, minute, written)
    for back in range(9):
        day = _made(written.year - back, month, number, hour, minute, written)
        if day and day.date() <= written.date():
            return day
    return None


def _year(parts: dict[str, str | None]) -> int:
    """The year of our count, 0 where none is named."""
    if era := parts.get("era"):
        count = parts.get("erayear") or ""
        return _ERAS[era] + (1 if count == "元" else int(count))
    if roc := parts.get("roc"):
        return int(roc) + 1911
    year = int(parts.get("year") or 0)
    return year + 1911 if 90 <= year < 200 else year


def _clock(parts: dict[str, str | None]) -> tuple[int, int]:
    """Hour and minute, 0:00 where none is named."""
    hour = int(parts.get("hour") or parts.get("hour0") or 0)
    minute = int(parts.get("minute") or parts.get("minute0") or 0)
    late = (parts.get("ampm") or "").startswith("p") or parts.get("half") in ("下午", "晚上", "午後", "오후")
    if late and hour < 12:
        return hour + 12, minute
    early = (parts.get("ampm") or "").startswith("a") or parts.get("half") in ("上午", "凌晨", "午前", "오전")
    return (0 if early and hour == 12 else hour), minute


def _made(year: int, month: int, day: int, hour: int, minute: int, written: datetime) -> datetime | None:
    """That moment in the zone of `written`, None where the calendar has no such day."""
    if not 1990 <= year <= written.year + 1:
        return None
    try:
        return datetime(year, month, day, hour, minute, tzinfo=written.tzinfo)
    except ValueError:
        return None
