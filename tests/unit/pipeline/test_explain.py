"""explain walks the real path and writes nothing; backtest counts what would have fired."""

from pathlib import Path

from tests.unit.pipeline.conftest import WATCHES, Office, news, settings
from watchbot.model.reason import Reason
from watchbot.model.watch import Watch, Watchlist
from watchbot.pipeline import holding
from watchbot.pipeline.backtest import backtest
from watchbot.pipeline.directory import Directory
from watchbot.pipeline.explain import explain


def test_stages(office: Office) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant"), baseline=True)
    office.take("Wire", news(2, "Foxconn hires"))
    with office.store.read() as tx:
        wire, post = tx.sources.get(office.sources["Wire"].id), tx.sources.get(office.sources["Post"].id)
        walk = [
            explain(office.directory, item, source, tx).stage
            for item, source in (
                (news(1, "Foxconn opens a plant"), wire),
                (news(2, "Foxconn hires"), wire),
                (news(3, "Foxconn builds"), wire),
                (news(4, "A bakery opens"), wire),
                (news(5, "Foxconn builds"), post),
            )
        ]
        count = tx.items.count()
    assert walk == ["baseline", "told", "told", "match", "baseline"]
    assert count == 2


def test_reasons_by_chat(office: Office) -> None:
    with office.store.write() as tx:
        wire = office.sources["Wire"]
        found = explain(office.directory, news(3, "Foxconn builds"), wire, tx)
    assert {verdict.chat: verdict.reason for verdict in found.verdicts} == {
        "console": Reason.BASELINE,
        "7": Reason.BASELINE,
        "8": Reason.NOT_ITS_SOURCE,
    }


def test_what_was_excluded_is_named(office: Office) -> None:
    found = explain(office.directory, news(1, "A drama about DRAM engineers"))
    assert found.stage == "match"
    assert any("drama" in miss.because for miss in found.near_misses)


def test_backtest_gains_and_losses(office: Office, tmp_path: Path) -> None:
    office.take("Wire", news(1, "Foxconn opens a plant"), news(2, "DRAM falls"), news(3, "A bakery opens"))
    tried = Directory(settings((Watchlist("t", "t", (WATCHES[0], Watch("b", "Bakery", names=("bakery",)))),), tmp_path))
    with office.store.read() as tx:
        start = office.clock.now().replace(hour=0)
        result = backtest(tx.items.since(start), tried, office.directory)
    assert result.items == 3
    assert [(fired.change, fired.label) for fired in result.fired] == [
        ("", "Foxconn"),
        ("lost", "Memory"),
        ("gained", "Bakery"),
    ]
    assert dict(result.by_watch) == {"Foxconn": 1, "Bakery": 1}


def test_what_was_held_is_told_once_the_digest_told_it(office: Office) -> None:
    with office.store.write() as tx:
        for chat in ("7", "console"):
            tx.chats.set(chat, "deliver", "digest")
        office.directory.refresh(tx)
    item = news(1, "Foxconn opens a plant")
    office.take("Wire", item)
    with office.store.read() as tx:
        waits = explain(office.directory, item, office.sources["Wire"], tx, office.clock.now(), "7")
    office.clock.move(2 * 86400)
    holding.release(office.store, office.directory, office.clock.now())
    with office.store.read() as tx:
        since = explain(office.directory, item, office.sources["Wire"], tx, office.clock.now(), "7")
    assert [(one.stage, one.verdicts[0].told) for one in (waits, since)] == [("digest", False), ("told", True)]
    fates = [one.verdicts[0].fate for one in (waits, since)]
    assert [(fate.how, fate.out) for fate in fates if fate] == [("digest", False), ("digest", True)]
