"""Exported and copied chats: each message is stamped with its day and clock, the speaker's name is taken off.

06/04/2026, 09:12 - Jane: text | [2026/4/6 09:12] Jane: text | 09:12<tab>Jane<tab>text | Jane  9:12 AM, text below
"""

import re

_DAY = r"(?P<day>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})"
_TIME = r"(?P<time>(?:上午|下午|午前|午後|凌晨|晚上|中午)?\s?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[APap]\.?[Mm]\.?)?)"
_NAME = r"(?P<name>[^:\t]{1,40})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\u200e?\[{_DAY},?\s+{_TIME}\]\s+{_NAME}:\s?(?P<text>.*)",
        rf"{_DAY},?\s+{_TIME}\s+-\s+(?:{_NAME}:\s)?(?P<text>.*)",
        rf"{_TIME}\t{_NAME}\t(?P<text>.*)",
        rf"\[{_TIME}\]\s+{_NAME}:\s?(?P<text>.*)",
        rf"(?P<name>[^,\t]{{1,40}}),\s+\[{_DAY},?\s+{_TIME}\](?P<text>)",
        rf"(?P<name>[^\d:\t,.]{{2,40}}?)\s+(?:\[)?{_TIME}(?:\])?(?P<text>)",
    )
)
_CALENDAR = re.compile(r"\d{4}[./-]\d{1,2}[./-]\d{1,2}\s*(?:[(（]?.{1,5}[)）]?)?|\d{4}年\d{1,2}月\d{1,2}日.{0,6}")
_NOISE = re.compile(
    r"<[^<>]{0,40}(?:omitted|attached)[^<>]{0,10}>|\[(?:貼圖|照片|影片|檔案|語音訊息|Sticker|Photo|Video|スタンプ|写真|動画)\]|"
    r"image omitted|.{0,60}(?:end-to-end encrypted|joined using|created group|added you| left|已收回訊息|加入聊天|"
    r"加入群組|退出群組|通話時間).{0,60}",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\[LINE\].{0,80}|(?:儲存日期|Saved on|保存日時)\s?[:：].{0,40}", re.IGNORECASE)
_BOARD = re.compile(r"※ (?:發信站|Origin): .{0,80}(?:ptt\.|批踢踢|bbs).{0,80}", re.IGNORECASE)
_BOARD_TAIL = re.compile(r"\s*|--|※ .*|(?:推|噓|→|\s{2}) ?[A-Za-z][A-Za-z0-9]{1,12}\s{0,12}[:：].*")
_FEWEST = 3


def chat_rows(rows: list[tuple[int, str]]) -> list[tuple[int, str]] | None:
    """The numbered lines with every message behind a line of its moment; None where they are no chat."""
    form = _form_of(rows)
    if form is None:
        return None
    found: list[tuple[int, str]] = []
    day = ""
    for number, line in rows:
        if _ABOUT.fullmatch(line.strip()):
            continue
        said = form.fullmatch(line.strip("\u200e\r "))
        if not said:
            if _CALENDAR.fullmatch(line.strip()):
                day = re.split(r"[\s(（]", line.strip())[0]
            found.append((number, line))
            continue
        parts = said.groupdict()
        day = parts.get("day") or day
        found.append((number, ""))
        if day:
            found.append((number, f"{day} {parts['time'].strip()}"))
        if not _NOISE.fullmatch(parts["text"].strip().strip('"')):
            found.append((number, parts["text"]))
    return found


def without_board_tail(rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines of a bulletin board's post without its imprint and the remarks of others below it."""
    found: list[tuple[int, str]] = []
    below = False
    for number, line in rows:
        if _BOARD.match(line):
            below = True
            if found and found[-1][1].strip() == "--":
                found.pop()
        below = below and bool(_BOARD_TAIL.fullmatch(line.rstrip("\r")))
        if not below:
            found.append((number, line))
    return found


def _form_of(rows: list[tuple[int, str]]) -> "re.Pattern[str] | None":
    """The form of which at least three messages stand there, and a good part of the lines."""
    written = [line.strip("\u200e\r ") for _number, line in rows if line.strip()][:400]
    for form in _FORMS:
        matches = [found for line in written if len(line) < 5000 and (found := form.fullmatch(line))]
        if len(matches) >= max(_FEWEST, 0.2 * len(written)):
            return form
    return None
