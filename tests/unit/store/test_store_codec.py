"""Watches as JSON, times as numbers, keys that fit, addresses."""

import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchbot.model.errors import MissingExtra, StoreError
from watchbot.model.watch import Case, Options, Priority, Watch
from watchbot.store import address
from watchbot.store.codec import dump_watch, load_watch
from watchbot.store.statements import LONGEST_KEY, fit
from watchbot.store.tables import from_micros, storable, to_micros

texts = st.text(max_size=20)
lists = st.lists(texts, max_size=3).map(tuple)
choices = st.none() | texts
watches = st.builds(
    Watch,
    id=texts,
    label=texts,
    names=lists,
    aliases=lists,
    tickers=lists,
    keywords=lists,
    exclude=lists,
    context=lists,
    query=texts,
    company=texts,
    options=st.builds(Options, st.booleans(), st.sampled_from(Case), st.booleans(), st.booleans()),
    priority=st.sampled_from(Priority),
    deliver=choices,
    mentions=choices,
    updates=choices,
    line=st.integers(0, 10**6),
)


@given(watches)
def test_every_watch_comes_back(watch: Watch) -> None:
    assert load_watch(dump_watch(watch)) == watch


def test_a_watch_of_a_newer_and_of_an_older_program() -> None:
    body = json.loads(dump_watch(Watch("a", "A", ("A",))))
    body |= {"colour": "red"}
    body["options"]["stemming"] = True
    assert load_watch(json.dumps(body)) == Watch("a", "A", ("A",))
    assert load_watch('{"id":"a","label":"A"}') == Watch("a", "A")


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_comes_back(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment


def test_times_are_kept_in_utc() -> None:
    taipei = timezone(timedelta(hours=8))
    moment = datetime(2025, 1, 1, 8, tzinfo=taipei)
    assert from_micros(to_micros(moment)) == moment
    assert from_micros(to_micros(moment)).tzinfo is UTC
    with pytest.raises(ValueError, match="without a zone"):
        to_micros(moment.replace(tzinfo=None))


@given(st.text(st.characters(codec=None), max_size=600))
def test_keys_fit_an_index_and_stay_apart(key: str) -> None:
    kept = fit(key)
    assert len(kept.encode()) <= LONGEST_KEY
    assert fit(kept) == kept
    assert fit(key + "x" * LONGEST_KEY) != fit(key + "x" * (LONGEST_KEY + 1))


def test_text_that_no_database_takes() -> None:
    assert storable("a\0b\ud800é") == "ab?é"
    assert storable("plain") == "plain"


def test_addresses() -> None:
    assert address.parse("postgres://u:p@h/db").drivername == "postgresql+psycopg"
    assert address.shown(address.parse("postgresql://u:secret@h/db")) == "postgresql+psycopg://u:***@h/db"
    assert address.sqlite_file(address.parse("sqlite:////var/x.db")) == Path("/var/x.db")
    for wrong in ("sqlite://", "sqlite:///:memory:", "mysql://h/db", "nonsense"):
        with pytest.raises(StoreError, match="database: "):
            address.parse(wrong)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"pip install 'watchbot\[postgres\]'"):
        address.parse("postgresql+psycopg://h/db")
