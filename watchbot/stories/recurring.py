"""Columns that come again and again: one instalment is not a duplicate of the last, though its headline is the same.

What belongs to the column ("Morning briefing", 盤前必讀) is taken out before two items are compared.
"""

import re

from watchbot.model.item import Item
from watchbot.stories.keys import title_key

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST_SERIES = 200

_ENGLISH = (
    r"(?:stock )?markets? (?:live(?: blog)?|wrap|open|close|update|report|snapshot|today|preview|recap)|"
    r"live (?:blog|updates?|coverage|stream|ticker)|as it happened|"
    r"(?:morning|evening|daily|weekly|midday|weekend|afternoon|lunchtime) (?:brief(?:ing)?|bid|wrap|digest|report|note|"
    r"call|roundup|round-up|update|news|newsletter|bulletin|headlines|edition|recap|squawk|read|quiz|crossword|"
    r"horoscopes?)|(?:the )?(?:week|day|month|year) (?:ahead|in review|in pictures|in photos)|"
    r"news (?:in brief|roundup|round-up|digest|quiz|summary)|"
    r"what to (?:watch|know|read|expect)(?: (?:today|this week|tonight|on \w+))?|"
    r"(?:five|ten|\d+) things to (?:know|watch)(?: (?:today|this week|before .{0,30}))?|"
    r"(?:your )?(?:daily |weekly )?horoscopes?|(?:letters|letter) to the editor|obituaries|"
    r"photos of the (?:day|week)|picture of the day|crossword|sudoku|lottery (?:results|numbers)|weather forecast|"
    r"traffic (?:report|update)|(?:stocks|shares) to watch|(?:most|best) (?:read|sellers?)|deals? of the (?:day|week)|"
    r"exchange rates?|(?:press|newspaper) review|tv (?:guide|listings|tonight)|on this day"
)
_CHINESE = (
    "[早午晚日周週月][報报]|早[間间]新[聞闻]|晚[間间]新[聞闻]|[盤盘][前中後后](?:必[讀读]|速[覽览]|[點点][評评]|分析)?|"
    "收[盤盘](?:[點点][評评]|[總总][結结])|開[盤盘]速[報报]|"
    "(?:今日|每日|本[週周]|一[週周]|昨[夜晚])(?:要[聞闻]|焦[點点]|[財财][經经]|看[點点]|[頭头][條条]|精[選选]|"
    "[運运][勢势]|[摘看]要)|[新要][聞闻][摘早晚]要|[財财][經经]早餐|[匯汇]率(?:速[報报]|中[間间][價价])?|星座[運运][勢势]|"
    "[樂乐]透[開开][獎奖]|[天][氣气][預预][報报]|投稿|[讀读]者[來来]信|[圖图]集|一[圖图]看懂|直播中|[實实]時更新|"
    "[滾滚]動更新|不[斷断]更新|懶人包|[龍龙]虎榜|[兩两]融[餘余]額|大宗交易|三大法人[買买][賣卖]超|[漲涨]跌停一[覽览]"
)
COLUMN = re.compile(rf"\b(?:{_ENGLISH})\b|{_CHINESE}", re.IGNORECASE)
_MONTHS = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTHS})[a-z]*\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? \d{{4}})?"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?\b"
    r"|\d{1,2}月\d{1,2}[日號号]?|[第]?\d+期|(?:週|周|星期)[一二三四五六日天]",
    re.IGNORECASE,
)


def is_column(title: str) -> bool:
    """Whether a headline is that of a column or a live blog."""
    return COLUMN.search(title) is not None


def rest_of_column(title: str) -> str:
    """What this instalment says beside the column's name, dates and numbers: "" for a bare one."""
    rest = _DATE.sub(" ", COLUMN.sub(" ", title))
    return " ".join(re.findall(r"[^\W\d_]{2,}", rest))


def series_key(item: Item, source: str) -> str:
    """What a source's numbered news have in common ("Plant 3 opens", "Plant 4 opens"); "" without a number."""
    said = title_key(item.title) or title_key(item.body[:LONGEST_SERIES])
    masked = _NUMBER.sub("#", said)
    return "" if masked == said else f"#{source}\n{masked}"
