"""Names become watches: separated, read through the catalogue, tried, put on, found again."""

import pytest

from tests.unit.pipeline.conftest import Office, news
from watchbot.catalogue import Catalogue, load
from watchbot.message.watching import Loud, Tried
from watchbot.model.errors import InputError
from watchbot.model.watch import Watch
from watchbot.pipeline import drafts, trying, watching
from watchbot.pipeline.name_lists import names_of_file


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The built-in companies."""
    return load()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Foxconn", ("Foxconn",)),
        ("Foxconn, TSMC", ("Foxconn", "TSMC")),
        ("鴻海、台電；聯發科", ("鴻海", "台電", "聯發科")),
        ("Foxconn\n TSMC \n\n", ("Foxconn", "TSMC")),
        ("Foxconn; Foxconn", ("Foxconn",)),
        (" , ", ()),
        ("Hon  Hai Precision", ("Hon Hai Precision",)),
        ("2330 2317 2454", ("2330", "2317", "2454")),
        ("2330.TW 2317-TW\nFoxconn", ("2330.TW", "2317-TW", "Foxconn")),
        ("3M 2330", ("3M 2330",)),
        ("Form 4310 2330", ("Form 4310 2330",)),
        ("AAPL MSFT", ("AAPL MSFT",)),
        ("1. Wistron\n2. 700.HK\n10.台積電", ("Wistron", "700.HK", "台積電")),
        ("5、700、1299", ("5", "700", "1299")),
        ("700.HK", ("700.HK",)),
        ("3M, 7-Eleven", ("3M", "7-Eleven")),
        ("AAPL, SE, MSFT", ("AAPL", "SE", "MSFT")),
        ("Tesla, Inc., Wiwynn Co., Ltd.\nFoo, LLC; Bar", ("Tesla, Inc.", "Wiwynn Co., Ltd.", "Foo, LLC", "Bar")),
        ("Limited, Foxconn", ("Limited", "Foxconn")),
    ],
)
def test_names_are_separated(text: str, names: tuple[str, ...]) -> None:
    assert watching.names_in(text) == names


def test_american_codes_between_blanks_where_the_market_is_american(catalogue: Catalogue) -> None:
    assert watching.names_in("AAPL MSFT NVDA", catalogue, "US") == ("AAPL", "MSFT", "NVDA")
    assert watching.names_in("AAPL MSFT NVDA", catalogue, "TW") == ("AAPL MSFT NVDA",)
    assert watching.names_in("FOO BAR", catalogue, "US") == ("FOO BAR",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("台積電 聯發科", ("台積電", "聯發科")),
        ("鴻海　２３８２ 2330.TW", ("鴻海", "2382", "2330.TW")),
        ("Foxconn Texas", ("Foxconn Texas",)),
        ("Taiwan Semiconductor", ("Taiwan Semiconductor",)),
        ("Target 2330", ("Target 2330",)),
        ("Sony Honda", ("Sony", "Honda")),
        ("Rolls Royce", ("Rolls Royce",)),
        ("ＡＳＥ", ("ASE",)),
    ],
)
def test_companies_without_doubt_between_blanks(catalogue: Catalogue, text: str, names: tuple[str, ...]) -> None:
    assert watching.names_in(text, catalogue) == names


@pytest.mark.parametrize(
    ("zone", "market"),
    [
        ("Asia/Taipei", "TW"),
        ("Asia/Tokyo", "JP"),
        ("Asia/Seoul", "KR"),
        ("Asia/Shanghai", "CN"),
        ("Asia/Hong_Kong", "HK"),
        ("America/New_York", "US"),
        ("America/Argentina/Ushuaia", "US"),
        ("Europe/London", "L"),
        ("UTC", "TW"),
    ],
)
def test_the_market_of_a_zone(zone: str, market: str) -> None:
    assert watching.market_of(zone) == market


@pytest.mark.parametrize(
    ("name", "market", "kind", "first"),
    [
        ("Foxconn", "TW", "sure", "foxconn"),
        ("2330", "TW", "sure", "tsmc"),
        ("7203", "JP", "sure", "toyota"),
        ("MU", "US", "sure", "micron"),
        ("7203", "TW", "choice", "toyota"),
        ("AAPL", "TW", "choice", "apple"),
        ("BRK.B", "TW", "choice", "berkshire-hathaway"),
        ("700", "TW", "choice", "tencent"),
        ("2330", "US", "choice", "tsmc"),
        ("台電", "TW", "doubt", "taipower"),
        ("Target", "TW", "doubt", "target-corporation"),
        ("三星", "TW", "choice", "tw-5007"),
        ("Taipowr", "TW", "near", "taipower"),
        ("Zyxomma", "TW", "plain", ""),
        ("2330 台積電", "TW", "sure", "tsmc"),
        ("Apple (AAPL)", "TW", "sure", "apple"),
        ("三星 (005930.KS)", "TW", "doubt", "samsung-electronics"),
        ("Target 2330", "TW", "plain", ""),
        ("https://news.example", "TW", "refused", ""),
        ("!!!", "TW", "refused", ""),
        ("x" * 81, "TW", "refused", ""),
    ],
)
def test_what_the_catalogue_makes_of_a_name(
    catalogue: Catalogue, name: str, market: str, kind: str, first: str
) -> None:
    reading = watching.read(name, catalogue, market)
    assert reading.kind == kind
    assert (reading.companies[0].id if reading.companies else "") == first


def test_a_flipped_name_comes_back_in_its_place(catalogue: Catalogue) -> None:
    samsung = catalogue.by_id("samsung-electronics")
    watch = drafts.new("Samsung", samsung, "zh-TW")
    assert watch.label == watch.names[0] == "三星電子"
    less = drafts.flip(watch, samsung, "三星電子", "zh-TW")
    assert less is not None
    assert less.label == "Samsung Electronics"
    assert drafts.flip(less, samsung, "三星電子", "zh-TW") == watch


def test_a_doubtful_name_that_is_on_is_no_longer_off(catalogue: Catalogue) -> None:
    samsung = catalogue.by_id("samsung-electronics")
    watch = drafts.new("三星", samsung, "en")
    assert watch.aliases == ("三星",)
    assert "三星" not in watch.unsafe
    less = drafts.flip(watch, samsung, "三星", "en")
    assert less is not None
    assert "三星" in less.unsafe


def test_nothing_is_left_to_look_for() -> None:
    assert drafts.without(drafts.new("Zyxomma", None, "en"), None, "zyxomma", "en") is None


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Tried(9, 3, (("Foxconn", 9),)), None),
        (Tried(40, 1, (("Foxconn", 40),)), Loud("", 40)),
        (Tried(40, 1, (("Hai", 30), ("Foxconn", 10))), Loud("Hai", 30)),
        (Tried(5, 1, (("FX", 4), ("Foxconn", 1))), Loud("FX", 4)),
        (Tried(5, 1, (("鴻海", 4), ("Foxconn", 1))), None),
        (Tried(0, 30), None),
    ],
)
def test_what_is_too_loud_to_put_on_unasked(catalogue: Catalogue, found: Tried, why: Loud | None) -> None:
    foxconn = catalogue.by_id("foxconn")
    assert trying.loud(found, drafts.new("Foxconn", foxconn, "en"), foxconn) == why


def test_a_watch_is_tried_on_what_the_chat_may_see(office: Office) -> None:
    for number in range(5):
        office.take("Wire", news(number, f"Zyxomma opens plant number {number} in another town {number * 7}"))
    office.take("Wire", news(99, "Brelvane closes one"))
    watch = Watch("z", "Zyxomma", names=("Zyxomma",))
    office.clock.move(3 * 86400)
    with office.store.read() as tx:
        seen = trying.window(tx, watch, "55", office.clock.now())
    found = trying.tried(seen, watch)
    assert (found.days, found.alerts, found.by) == (3, 5, (("Zyxomma", 5),))
    assert len(found.samples) == trying.MOST_SAMPLES


def test_the_quieter_form_leaves_out_the_noisy_name(office: Office) -> None:
    for number in range(12):
        office.take("Wire", news(number, f"HAI opens plant number {number} in another town {number * 7}"))
    office.take("Wire", news(99, "Zyxomma names a chairman"))
    watch = Watch("z", "Zyxomma", names=("Zyxomma", "HAI"))
    with office.store.read() as tx:
        seen = trying.window(tx, watch, "55", office.clock.now())
    found = trying.tried(seen, watch)
    quieter = trying.stricter(seen, watch, Loud("HAI", 12), found, None)
    assert quieter is not None
    assert (quieter.kind, quieter.name, quieter.tried.alerts) == ("without", "HAI", 1)


def test_nothing_stored_is_no_day() -> None:
    assert Tried(0, 0).per_day == 0.0


def test_a_watch_is_put_on_found_and_taken_off(office: Office) -> None:
    now = office.clock.now()
    watch = drafts.new("Hon Hai", None, "en")
    with office.store.write() as tx:
        watching.put_on(tx, "55", watch, now)
        office.directory.refresh(tx)
        assert [one.watch for one in watching.find(office.directory, "55", "HON hai")] == [watch]
        assert watching.here(office.directory, "55").has(watch)
        assert watching.switch(tx, "55", "chat:55", watch.id, on=False)
        office.directory.refresh(tx)
        assert not watching.here(office.directory, "55").has(watch)
        assert watching.take_off(tx, "55", watch.id)
        assert not watching.take_off(tx, "55", watch.id)
        assert tx.wishes.rules() == []
    office.take("Wire", news(1, "Hon Hai hires"))
    assert office.cards("55") == []


@pytest.mark.parametrize(
    ("name", "body", "names"),
    [
        ("a.txt", b"Foxconn, TSMC\n2330 2317\n", ("Foxconn", "TSMC", "2330", "2317")),
        ("a.csv", b"Foxconn,1\nTSMC,2\n", ("Foxconn", "TSMC")),
        ("a.csv", b"Weight,Ticker\n1,2330.TW\n2,2317.TW\n", ("2330.TW", "2317.TW")),
        ("a.csv", b'code,company name\n2330,"Taiwan Semi, Inc"\n\n,\n', ("Taiwan Semi, Inc",)),
        ("a.csv", "股票代號\t股票名稱\n2330\t台積電\n".encode("utf-16"), ("台積電",)),
        ("a.csv", b"", ()),
    ],
)
def test_names_in_files(catalogue: Catalogue, name: str, body: bytes, names: tuple[str, ...]) -> None:
    assert names_of_file(name, body, catalogue, "TW") == names


def test_files_that_hold_no_names(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="txt"):
        names_of_file("a.docx", b"PK", catalogue, "TW")
    with pytest.raises(InputError, match="in parts"):
        names_of_file("a.txt", b"x" * 3_000_000, catalogue, "TW")
