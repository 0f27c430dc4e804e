"""JSON, JSON Lines and tables: whole files stand in tests/corpus/files; here are the rules one by one."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.model.errors import InputError
from watchbot.model.item import CutDocument, RawDocument
from watchbot.sources.columns import known_header, role_of
from watchbot.sources.cut import cut
from watchbot.sources.moments import moment_of
from watchbot.sources.rows import MOST_ROWS

TAIPEI = timezone(timedelta(hours=8))
WRITTEN = datetime(2026, 4, 6, 18, 0, tzinfo=TAIPEI)


def read(body: bytes | str, name: str = "a.csv") -> CutDocument:
    return cut(RawDocument("Inbox", body.encode() if isinstance(body, str) else body, "", WRITTEN, name=name))


def rows(found: CutDocument) -> list[tuple[int, str, str]]:
    return [(item.line, item.title, item.body) for item in found.items]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-05", datetime(2026, 4, 4, 16, tzinfo=UTC)),
        ("2026-04-05T10:00:00Z", datetime(2026, 4, 5, 10, tzinfo=UTC)),
        ("2026-04-05 10:00", datetime(2026, 4, 5, 2, tzinfo=UTC)),
        ("2026/4/5 上午10:00", datetime(2026, 4, 5, 2, tzinfo=UTC)),
        ("115/04/05", datetime(2026, 4, 4, 16, tzinfo=UTC)),
        ("1150405", datetime(2026, 4, 4, 16, tzinfo=UTC)),
        ("20260405", datetime(2026, 4, 4, 16, tzinfo=UTC)),
        ("1775354400", datetime(2026, 4, 5, 2, tzinfo=UTC)),
        ("1775354400123", datetime(2026, 4, 5, 2, tzinfo=UTC)),
        ("Sun, 05 Apr 2026 10:00:00 +0900", datetime(2026, 4, 5, 1, tzinfo=UTC)),
        ("April 5, 2026 10:00 EDT", datetime(2026, 4, 5, 14, tzinfo=UTC)),
        ("5.4.2026", datetime(2026, 4, 4, 16, tzinfo=UTC)),
        ("令和8年4月5日", datetime(2026, 4, 4, 16, tzinfo=UTC)),
        ("soon", None),
        ("", None),
        ("0001-01-01", None),
        ("9" * 200, None),
    ],
)
def test_dates_without_a_zone_are_those_of_the_file(text: str, moment: datetime | None) -> None:
    assert moment_of(text, WRITTEN) == moment


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Title", "title"),
        ("HEADLINE", "title"),
        ("新聞標題", "title"),
        ("見出し", "title"),
        ("pub_date", "date"),
        ("Published At", "date"),
        ("連結", "url"),
        ("リンク", "url"),
        ("内容", "body"),
        ("公司名稱", "about"),
        ("媒體", "source"),
        ("views", ""),
        ("", ""),
    ],
)
def test_what_columns_mean(name: str, role: str) -> None:
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("title,url,date", True),
        ("\ufeff標題\t連結", True),
        ("Headline;Summary", True),
        ("title", False),
        ("News, date and place of the meeting", False),
        ("Foxconn, Quanta, Wistron", False),
        ("body, soul, mind, spirit, heart", False),
    ],
)
def test_which_first_lines_make_a_text_a_table(line: str, known: bool) -> None:
    assert known_header(line) is known


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_sign_that_parts_cells(mark: str) -> None:
    text = f'title{mark}url\n"Foxconn{mark} again"{mark}https://e.example/1\nQuanta wins{mark}https://e.example/2\n'
    found = read(text)
    assert [(item.title, item.url) for item in found.items] == [
        (f"Foxconn{mark} again" if mark != "\t" else "Foxconn again", "https://e.example/1"),
        ("Quanta wins", "https://e.example/2"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950", "gb18030"])
def test_encodings_of_tables(encoding: str) -> None:
    first, second = "鴻海在德州設廠,2026-04-05,公司表示將投資十億美元。", "台電調漲電價,2026-04-04,平均漲幅百分之三。"
    text = f"標題,日期,摘要\n{first}\n{second}\n"
    assert [item.title for item in read(text.encode(encoding)).items] == ["鴻海在德州設廠", "台電調漲電價"]


def test_a_cell_of_several_lines_keeps_the_lines_right() -> None:
    found = read('title,body\r\n"One","first\r\nsecond"\r\n"Two",""\r\n')
    assert rows(found) == [(2, "One", "first\nsecond"), (4, "Two", "")]


def test_a_table_without_texts_gives_its_rows_whole() -> None:
    assert rows(read("2317,Foxconn,+3.1\n2330,TSMC,-0.4\n")) == [
        (1, "2317 Foxconn +3.1", ""),
        (2, "2330 TSMC -0.4", ""),
    ]


def test_rows_of_figures_alone_are_no_news() -> None:
    with pytest.raises(InputError, match=r"a\.csv holds no rows"):
        read("1,2\n3,4\n")


def test_a_huge_cell_is_bounded() -> None:
    found = read("title,body\nFoxconn," + "word " * 60_000 + "\nQuanta wins,x\n")
    assert [item.title for item in found.items] == ["Foxconn", "Quanta wins"]
    assert len(found.items[0].body) == 20_000
    assert found.skipped == ("1 texts cut after 20000 characters",)


def test_too_many_rows_are_said() -> None:
    found = read("title,url\n" + "".join(f"Story number {n},https://e.example/{n}\n" for n in range(MOST_ROWS + 5)))
    assert len(found.items) == MOST_ROWS
    assert found.skipped == (f"5 rows after the first {MOST_ROWS}",)


def test_the_number_of_a_row_is_no_id() -> None:
    one = read("id,title\n1,Foxconn opens its plant\n").items[0]
    other = read("id,title\n1,Quanta waits for the permit\n").items[0]
    again = read("id,title\n7,Foxconn opens its plant\n").items[0]
    assert one.id != other.id
    assert one.id == again.id
    assert read("id,title\nurn:wire:0001,Foxconn\n").items[0].id == "urn:wire:0001"


def test_the_same_row_twice_is_one_item() -> None:
    found = read("title,url\nFoxconn wins,https://e.example/1\nFoxconn wins,https://e.example/1\n")
    assert len(found.items) == 1
    assert found.skipped == ("1 rows stand there twice",)


def test_the_contracts_shape_is_taken_as_it_is() -> None:
    item = {
        "id": "7",
        "title": "鴻海擴產",
        "body": "公司說的。",
        "url": "https://e.example/1",
        "published": "2026-04-05T09:00:00+08:00",
        "source": "Wire",
        "lang": "zh-TW",
    }
    (found,) = read(json.dumps(item), "a.jsonl").items
    shown = {name: getattr(found, name) for name in item if name != "published"}
    assert shown == {name: value for name, value in item.items() if name != "published"}
    assert found.published == datetime(2026, 4, 5, 1, tzinfo=UTC)
    assert (found.document, found.line) == ("a.jsonl", 1)


def test_bad_lines_are_named_and_the_rest_goes_on() -> None:
    text = "\n".join(["oops"] * 25 + ['{"title": "Foxconn wins"}'])
    found = read(text, "a.ndjson")
    assert rows(found) == [(26, "Foxconn wins", "")]
    assert found.skipped[0] == "line 1 is no JSON object"
    assert found.skipped[-1] == "5 more lines are no JSON objects"


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "Foxconn wins"}]',
        '{"items": [{"headline": "Foxconn wins"}]}',
        '{"data": {"children": [{"data": {"title": "Foxconn wins"}}]}}',
        '{"response": {"docs": [{"title": "Foxconn wins"}]}}',
        '{"title": "Foxconn wins"}',
        '{"whatever": [{"name": "Foxconn wins"}]}',
        '["Foxconn wins"]',
        '{"version": "1.0", "results": [{"title": ["Foxconn wins"]}]}',
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_where_a_list_of_news_may_stand(text: str, name: str) -> None:
    assert [item.title for item in read(text, name).items] == ["Foxconn wins"]


def test_a_json_feed_is_a_feed_wherever_its_version_stands() -> None:
    feed = {
        "title": "x" * 2000,
        "items": [{"id": "1", "content_html": "<p>Foxconn <b>wins</b>.</p>", "url": "https://e.example/1"}],
        "version": "https://jsonfeed.org/version/1.1",
    }
    (item,) = read(json.dumps(feed), "a.json").items
    assert (item.id, item.body) == ("1", "Foxconn wins.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "holds no rows"),
        ("[]", "holds no rows"),
        ('{"a": 1}', "holds no rows"),
        ("[1, 2]", "holds no rows"),
        ('{"title": ', r"no JSON that can be read \(line 1"),
        ("[" * 100_000, "no JSON that can be read"),
        ('{"a":' * 100_000, "no JSON that can be read"),
        ('[{"title": ""}, {"title": null}]', "holds no rows"),
    ],
)
def test_json_without_news(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(text, "a.json")
    assert "\n" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda s: (
            st.lists(s, max_size=4)
            | st.dictionaries(
                st.sampled_from(["title", "items", "data", "body", "url", "date", "id", "x"]), s, max_size=4
            )
        ),
    )
)
def test_no_json_raises(value: object) -> None:
    try:
        found = read(json.dumps(value), "a.json")
    except InputError:
        return
    assert all(item.title or item.body for item in found.items)


@given(st.text(st.sampled_from('ab,;\t|"\n\r標題鴻 .'), max_size=120))
def test_no_table_raises(text: str) -> None:
    try:
        found = read("title,url\n" + text)
    except InputError:
        return
    assert all(item.line >= 1 for item in found.items)


@pytest.mark.parametrize("cell", ["x " * 300_000, '"' * 500_001, '"open ' + "y " * 250_000])
def test_a_cell_far_too_long_costs_no_row_beside_it(cell: str) -> None:
    rows = f"title,url\nFoxconn opens a plant,https://news.example/1\n{cell},https://news.example/2\n"
    found = cut(RawDocument("Inbox", rows.encode(), "", WRITTEN, name="export.csv"))
    assert found.items[0].title == "Foxconn opens a plant"
    assert all(len(item.body) <= 20_000 for item in found.items)
