"""Filled-in forms inside a page: a company's announcement is one piece of news, not one a line.

公司代號：2317 ... 主旨：... 說明：1.事實發生日：... -> its day, its subject as the headline, all of it as the text
From: ... Sent: ... Subject: ... (a mail pasted into a page) -> its day; the rest is no news
"""

import re

from watchbot.text.lines import Line

_LABEL = r"[\s\d.、()（）]*"
_KNOWN = """
    公司代號 公司名稱 公司簡稱 公司代码 公司简称 證券代碼 证券代码 證券簡稱 证券简称 公告編號 公告编号 發言日期 發言時間
    發言人 發言人職稱 發言人電話 主旨 符合條款 事實發生日 說明 發生緣由 因應措施 與公司關係 相互持股比例 其他應敘明事項
    傳播媒體名稱 報導內容 序號 会社名 代表者名 コード コード番号 問合せ先 上場取引所
"""
_LABELS = frozenset(_KNOWN.split())
_FIELD = re.compile(rf"{_LABEL}(?P<label>[^：:\s]{{1,12}}(?:\s[^：:\s]{{1,3}})?)\s*[：:]\s*(?P<value>.*)", re.DOTALL)
_POINT = re.compile(r"\s*(?:[(（]?\d{1,2}[)）.、．]|[一二三四五六七八九十]{1,2}、)")
_SUBJECT = ("主旨", "標題", "件名")
_MAIL = re.compile(
    r"\*?(?P<label>from|sent|date|to|cc|bcc|subject|reply-to|寄件者|寄件日期|收件者|副本|主旨|日期|发件人|发送时间|收件人|抄送|主题|"
    r"差出人|送信日時|宛先|件名)\*?\s*[:：]\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_SENT = ("sent", "date", "寄件日期", "日期", "发送时间", "送信日時")
_SENDER = ("from", "寄件者", "发件人", "差出人")
_FEWEST = 4
_LONGEST = 100
_LONGEST_GAP = 3
_TEXTS = frozenset(["說明", *_SUBJECT])


def without_forms(lines: list[Line]) -> list[Line]:
    """The lines with every form put together and every pasted mail head taken off."""
    found: list[Line] = []
    labels = [_label_of(line) for line in lines]
    place = 0
    while place < len(lines):
        if head := _mail_head(lines, place):
            found.extend(sent for line in lines[place:head] if (sent := _sent(line)))
            place = head
        elif labels[place] and (end := _form_end(lines, labels, place)) > place:
            found.extend(_put_together(lines[place:end]))
            place = end
        else:
            found.append(lines[place])
            place += 1
    return found


def _mail_head(lines: list[Line], start: int) -> int:
    """Where the head of a pasted mail that begins here ends, 0 where none does."""
    labels: set[str] = set()
    place = start
    while place < min(len(lines), start + 10) and (field := _MAIL.fullmatch(lines[place].text)):
        labels.add(field["label"].lower())
        place += 1
    return place if len(labels) >= 3 and not labels.isdisjoint(_SENDER) else 0


def _sent(line: Line) -> Line | None:
    """The line of a mail's head that says when it was sent, as a date of its own."""
    field = _MAIL.fullmatch(line.text)
    if field and field["label"].lower() in _SENT:
        return Line(line.number, field["value"], gap=True)
    return None


def _label_of(line: Line) -> str:
    """The known label a line begins with, "" for none."""
    field = _FIELD.fullmatch(line.text) if len(line.text) < 2000 else None
    label = "".join(field["label"].split()) if field else ""
    return label if label in _LABELS else ""


def _form_end(lines: list[Line], labels: list[str], start: int) -> int:
    """Where the form that begins here ends; `start` where none does."""
    seen = {labels[start]}
    last = start
    for place in range(start + 1, min(len(lines), start + _LONGEST)):
        line, label = lines[place], labels[place]
        point = line.bullet or _POINT.match(line.text)
        if label == labels[start] and not point:
            break
        if label:
            seen.add(label)
            last = place
        elif line.gap or line.heading:
            break
        elif point or _FIELD.fullmatch(line.text) or seen & _TEXTS:
            last = place
        if place - last > _LONGEST_GAP:
            break
    return last + 1 if len(seen) >= _FEWEST else start


def _put_together(lines: list[Line]) -> list[Line]:
    """A form as its day, its headline and its text."""
    title = day = clock = ""
    for line in lines:
        field = _FIELD.fullmatch(line.text)
        label = _label_of(line)
        if field and label in _SUBJECT and not title:
            title = field["value"].strip()
        elif field and label == "發言日期" and not day:
            day = field["value"].strip()
        elif field and label == "發言時間" and not clock:
            clock = field["value"].strip()
    number = lines[0].number
    found = [Line(number, f"{day} {clock}".strip(), gap=True)] if day else []
    if title:
        found.append(Line(number, title, gap=True))
    url = next((line.url for line in lines if line.url), "")
    return [*found, Line(number, "\n".join(line.text for line in lines), url, gap=not found, whole=True)]
