"""What the columns of a table, and the keys of a JSON object, mean: by their names, in three languages.

"標題" -> "title"; "pubDate" -> "date"; a table without a known header -> by what stands in its columns
"""

import csv
import re
import unicodedata

DELIMITERS = (",", "\t", ";", "|")
TITLE, BODY, URL, DATE, CLOCK, ID, LANG = "title", "body", "url", "date", "clock", "id", "lang"
SOURCE, ABOUT = "source", "about"
_NAMES = {
    TITLE: """
        title headline name subject newstitle articletitle 標題 标题 題目 题目 新聞標題 新闻标题 主旨 主題 主题
        名稱 名称 頭條 見出し タイトル 件名 記事タイトル
    """,
    BODY: """
        body content contenttext contenthtml fulltext articlebody text description summary abstract excerpt lead
        snippet selftext 內容 内容 內文 内文 正文 全文 新聞內容 新闻内容 說明 说明 摘要 簡介 简介 描述 本文 概要
        要約 記事
    """,
    URL: """
        url link href permalink weburl articleurl newsurl webpage address uri 連結 連接 链接 鏈接 網址 网址
        新聞連結 原文連結 リンク urlリンク
    """,
    DATE: """
        date published publishedat datepublished publishdate publisheddate publicationdate webpublicationdate pubdate
        pubtime datetime timestamp createdat created createdutc issued updated updatedat 日期 發布日期 发布日期
        發佈日期 刊登日期 發言日期 發布時間 发布时间 發佈時間 更新時間 更新时间 日付 日時 公開日 公開日時 配信日
        配信日時
    """,
    CLOCK: "time clock 時間 时间 時刻 發言時間",
    ID: "id guid uuid articleid newsid itemid 編號 编号 文號 序號",
    LANG: "lang language 語言 语言 言語",
    SOURCE: "source sourcename publisher media outlet 來源 来源 新聞來源 媒體 媒体 出典 メディア 提供元",
    ABOUT: """
        company companyname companies ticker symbol stock code 公司 公司名稱 公司名称 公司簡稱 公司代號 公司代码
        股票 股票代號 股票名稱 股票代码 代號 企業 企业 会社 会社名 企業名 銘柄 銘柄名 証券コード
    """,
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split()}
# Of several names with one role, what is more of a text comes first.
_ORDER = {name: place for names in _NAMES.values() for place, name in enumerate(names.split())}


def plain_name(name: str) -> str:
    """A column's name as the lists above hold theirs."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name[:80]).casefold())


def role_of(name: str) -> str:
    """What a column or key means, "" where its name says nothing."""
    return _ROLES.get(plain_name(name), "")


def rank_of(name: str) -> int:
    """The place of a name among those with the same role."""
    return _ORDER.get(plain_name(name), 1000)


def roles_of(header: list[str]) -> dict[str, list[int]]:
    """The columns of each role, the best first; empty where the header is none: it must name a headline, or two."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        if role := role_of(name):
            found.setdefault(role, []).append(place)
    for places in found.values():
        places.sort(key=lambda place: rank_of(header[place]))
    is_header = TITLE in found or BODY in found or len(found) >= 2
    unlike = sum(1 for name in header if len(name) > 60)
    return found if is_header and not unlike else {}


def known_header(line: str) -> bool:
    """Whether a line of a text reads like the header of a table of news: a text and something beside it."""
    line = line.lstrip("\ufeff").rstrip("\r")
    if len(line) > 1000 or not any(mark in line for mark in DELIMITERS):
        return False
    for mark in DELIMITERS:
        cells = next(csv.reader([line], delimiter=mark), []) if mark in line else []
        roles = roles_of(cells)
        if len(roles) >= 2 and (TITLE in roles or BODY in roles) and 2 * sum(map(len, roles.values())) >= len(cells):
            return True
    return False
