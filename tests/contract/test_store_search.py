"""Full text of the stored items on both databases, indexed and not yet indexed."""

import pytest

from tests.contract.store_rows import NOW, at, feed, source
from watchbot.model.item import Item
from watchbot.model.records import StoredItem
from watchbot.ports.store import Tx
from watchbot.store import SqlStore, open_store, search, search_words
from watchbot.store.search_words import LONG, LONGEST_TEXT, MOST_PLACES, MOST_WORDS, indexed, phrases, prepare, variants


def put(tx: Tx, title: str, body: str = "", seconds: float = 0, source_id: int = 0) -> int:
    """An item of the feed Wire or of another source."""
    guid = f"{title} {body[:40]} {seconds}"
    return tx.items.add(Item(guid, title, body), source_id or source(tx).id, [f"g:{guid}"], at(seconds), False)


def titles(found: list[StoredItem]) -> list[str]:
    """What was found, in its order."""
    return [one.item.title for one in found]


TEXTS = [
    ("台積電擴大高雄投資", "先進製程與AI伺服器需求強勁。"),
    ("Hon Hai's Q3 profit up 14%", "The AT&T unit (2317.TW) said Foxconn’s orders grew; A股 fell."),
    ("Société Générale lifts TSMC", "The bank said ＴＳＭＣ leads. C++ and U.S. chips."),
    ("鴻海。台達電", "기아자동차 판매 トヨタ自動車"),
]
QUESTIONS = [
    ("台积电", [0]),
    ("積電", [0]),
    ("電", [0, 3]),
    ("台", [0, 3]),
    ("高雄 製程", [0]),
    ("高雄 製成", []),
    ("AI伺服器", [0]),
    ("ai", [0]),
    ("器", [0]),
    ("tsmc", [2]),
    ("SOCIETE generale", [2]),
    ('"said foxconn"', [1]),
    ('"foxconn said"', []),
    ("foxconn said", [1]),
    ("hon hai", [1]),
    ("2317", [1]),
    ("A股", [1]),
    ("at&t", [1]),
    ("자동차", [3]),
    ("トヨタ", [3]),
    ("profit the", [1]),
    ('"14% the at"', []),
    ("“unit 2317.tw”", [1]),
    ('"', []),
    ("", []),
    ("※!?", []),
]


@pytest.mark.parametrize("ready", [True, False], ids=["indexed", "waiting"])
def test_words_and_phrases_are_found_in_every_script(store: SqlStore, ready: bool) -> None:
    with store.write() as tx:
        for number, (title, body) in enumerate(TEXTS):
            put(tx, title, body, number)
        assert tx.search.index(100) == len(TEXTS) if ready else True
    with store.read() as tx:
        for words, places in QUESTIONS:
            expected = [TEXTS[place][0] for place in sorted(places, reverse=True)]
            assert titles(tx.search.find(words, "", 10)) == expected, words


@pytest.mark.parametrize(
    "words",
    [
        'foxconn AND NOT "x', "foxconn*", "foxconn:*", "NEAR(foxconn, 3)", "foxconn' | 'a", "title:foxconn", "^foxconn",
        "foxconn \\", "-foxconn", "{foxconn}", "foxconn <-> a", "(foxconn", "foxconn %", "foxconn\0", "foxconn ¦ †",
        "foxconn \ud800",
    ],
)  # fmt: skip
def test_no_sign_is_an_operator(store: SqlStore, words: str) -> None:
    with store.write() as tx:
        put(tx, "Foxconn opens", "and not x near foxconn 3 title foxconn a")
        tx.search.index(10)
        for chat in ("", "7'; DROP TABLE items --"):
            assert titles(tx.search.find(words, chat, 9)) == ["Foxconn opens"]
        assert tx.search.find("banana OR foxconn", "", 9) == []


@pytest.mark.parametrize("walk", [1, 4, 2000])
def test_the_newest_come_first_whether_indexed_or_not_and_page_by_page(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, walk: int
) -> None:
    monkeypatch.setattr(search, "_PAGE", 3)
    monkeypatch.setattr(search, "WALK", walk)
    with store.write() as tx:
        for number in range(20):
            put(tx, f"Foxconn {number}", "" if number % 3 else "other")
            if number == 11:
                assert tx.search.index(5) == 5
        expected = [f"Foxconn {number}" for number in reversed(range(20))]
        assert titles(tx.search.find("foxconn", "", 50)) == expected
        pages = [titles(tx.search.find("foxconn", "", 6, offset)) for offset in (0, 6, 12, 18, 24)]
        assert [title for page in pages for title in page] == expected
        assert [len(page) for page in pages] == [6, 6, 6, 2, 0]
        assert tx.search.waits()
        assert [tx.search.index(8) for _ in range(3)] == [8, 7, 0]
        assert not tx.search.waits()
        assert titles(tx.search.find("foxconn", "", 50)) == expected
        assert titles(tx.search.find("foxconn other", "", 2)) == ["Foxconn 18", "Foxconn 15"]


def test_an_edited_item_is_found_by_its_new_words(store: SqlStore) -> None:
    with store.write() as tx:
        row = put(tx, "Foxconn opens")
        tx.search.index(10)
        tx.items.update(row, Item("g", "Quanta opens", ""), [])
        assert tx.search.find("foxconn", "", 9) == []
        assert titles(tx.search.find("quanta", "", 9)) == ["Quanta opens"]
        assert tx.search.index(10) == 1
        assert tx.search.find("foxconn", "", 9) == []
        assert titles(tx.search.find("quanta", "", 9)) == ["Quanta opens"]


@pytest.mark.parametrize("ready", [True, False], ids=["indexed", "waiting"])
def test_nobody_finds_what_another_chat_keeps_for_itself(store: SqlStore, ready: bool) -> None:
    with store.write() as tx:
        own = {chat: tx.sources.add(feed(f"Own{chat}", chat=chat), NOW)[0].id for chat in ("7", "8")}
        put(tx, "Foxconn for all")
        put(tx, "Foxconn for 7", source_id=own["7"])
        put(tx, "Foxconn for 8", source_id=own["8"])
        tx.search.index(10 if ready else 0)
        for chat, expected in {"": [], "7": ["Foxconn for 7"], "8": ["Foxconn for 8"], "9": []}.items():
            assert titles(tx.search.find("foxconn", chat, 9)) == [*expected, "Foxconn for all"]
            assert titles(tx.search.candidates(["Foxconn"], chat, NOW, 9)) == [*expected, "Foxconn for all"]


def test_what_is_forgotten_is_not_found_and_leaves_nothing(store: SqlStore) -> None:
    with store.write() as tx:
        for number in range(4):
            put(tx, f"Foxconn {number}", seconds=number * 100)
        tx.search.index(2)
        assert tx.retention.forget_items(at(250), False, 10) == 3
        assert titles(tx.search.find("foxconn", "", 9)) == ["Foxconn 3"]
        for table in ("item_search", "item_unsearched"):
            left = tx.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
            assert left == (1 if table == "item_unsearched" else 0)


LONG_TEXTS = {
    "many words": "word" + " ".join(f"w{number}" for number in range(MOST_WORDS)) + " needle in hay",
    "many places": "tick tock " * (MOST_PLACES * 2) + "needle in hay",
    "many characters": "x" * LONGEST_TEXT + " needle in hay",
    "many pairs": "".join(chr(0x4E00 + number % 9000) for number in range(30_000)) + " needle in hay",
    "swelling": "㍿" * 9_000 + " needle in hay",
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS)
def test_a_text_too_long_for_the_index_is_found_all_the_same(store: SqlStore, text: str) -> None:
    assert indexed("", text)[-1] == LONG
    with store.write() as tx:
        put(tx, "Long", text)
        put(tx, "Short", "needle hay")
        assert tx.search.index(10) == 2
        assert titles(tx.search.find('"needle in hay"', "", 9)) == ["Long"]
        assert titles(tx.search.find("needle", "", 9)) == ["Short", "Long"]
        assert titles(tx.search.candidates(["needle-in-hay"], "", NOW, 9)) == ["Long"]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Foxconn", "Foxconn's"),
        ("Foxconn", "FOXCONNS rise"),
        ("Hon Hai", "hon-hai said"),
        ("Hon Hai", "HonHai said"),
        ("HonHai", "Hon Hai said"),
        ("台積電", "台积电漲"),
        ("台積電", "「台 積 電」"),
        ("Apple Inc.", "Apple Incorporated"),
        ("2317.TW", "鴻海 (2317) 漲"),
        ("TWSE:2317", "2317 TT"),
        ("AT&T", "AT&amp;T Inc"),
        ("鴻海精密工業股份有限公司", "鴻海精密工業宣布"),
        ("Ａｃｅｒ", "acer"),
        ("Nestlé", "NESTLE"),
    ],
)
@pytest.mark.parametrize("ready", [True, False], ids=["indexed", "waiting"])
def test_candidates_hold_every_way_to_write_a_name(store: SqlStore, term: str, text: str, ready: bool) -> None:
    with store.write() as tx:
        put(tx, "Weather", "sunny")
        put(tx, "Named", f"News: {text}.")
        tx.search.index(10 if ready else 0)
        assert titles(tx.search.candidates(["Zzz", term, "!"], "", NOW, 9)) == ["Named"]
        assert tx.search.candidates([term], "", at(1), 9) == []
        assert tx.search.candidates(["!"], "", NOW, 9) == []


def test_candidates_of_very_many_terms(store: SqlStore) -> None:
    with store.write() as tx:
        for number in range(6):
            put(tx, f"Company{number * 300} reports")
        tx.search.index(4)
        terms = [f"Company{number}" for number in range(2, 1300)]
        assert [one.item.title[7:].split()[0] for one in tx.search.candidates(terms, "", NOW, 3)] == [
            "1500", "1200", "900",
        ]  # fmt: skip


def test_the_words_of_texts_and_questions() -> None:
    assert prepare("台積電漲", "A股 IPO") == f"台积 积电 电涨 涨 {search_words.BETWEEN} a 股 ipo"
    assert [(one.words, one.begins) for one in phrases('台積電 "AI server" 股 a股')] == [
        (("台积", "积电"), False),
        (("ai", "server"), False),
        (("股",), True),
        (("a", "股"), True),
    ]
    assert [one.words for one in variants("HonHai Co., Ltd.")] == [("honhai",), ("hon", "hai")]


@pytest.mark.postgres
def test_transactions_that_commit_out_of_order_lose_nothing(migrated_postgres_url: str) -> None:
    store = open_store(migrated_postgres_url)
    with store.write() as tx:
        wire = source(tx).id
    with store.write() as first:
        put(first, "Foxconn early", source_id=wire)
        with store.write() as second:
            put(second, "Foxconn late", source_id=wire)
        with store.write() as third:
            assert third.search.index(10) == 1
        with store.read() as tx:
            assert titles(tx.search.find("foxconn", "", 9)) == ["Foxconn late"]
    with store.write() as tx:
        assert titles(tx.search.find("foxconn", "", 9)) == ["Foxconn late", "Foxconn early"]
        assert tx.search.index(10) == 1
        assert titles(tx.search.find("foxconn", "", 9)) == ["Foxconn late", "Foxconn early"]
    store.close()
