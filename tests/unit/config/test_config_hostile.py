"""Odd, broken and hostile files: one clear line each, quickly."""

import json
import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from watchbot.config import load, load_watchlists
from watchbot.model.errors import ConfigError

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (BOMB, "5:36: aliases repeat more than 100000 values"),
        ("watches: " + "[" * 100_000, "1:49: nested deeper than 40 levels"),
        ("watches: " + "{a: " * 100_000, "nested deeper than 40 levels"),
        ("- " * 100_000, "nested deeper than 40 levels"),
        ("watches: &a [*a]\n", "1:14: *a stands inside what it names"),
        ("watches: [*b]\n", "1:11: no anchor &b before this (text that begins with * goes in quotes)"),
        ("watches: [a\x00b]\n", "1:12: the control character U+0000 has no place in this file"),
        ("watches:\n- a\ufeffb\n", "2:4: the control character U+FEFF has no place in this file"),
        (b"watches:\n- \xe9\xb4\xbb\xe6\n", "2:4: byte 0xe6 is not UTF-8; save the file as UTF-8"),
        (b"watches:\n- caf\xe9\n", "2:6: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("watches: [a]\n".encode("utf-16"), "1:1: this is UTF-16; save the file as UTF-8"),
        (b"\xff" * 1000, "1:1: byte 0xff is not UTF-8; save the file as UTF-8"),
        (b" " * 20_000_001, "0:0: larger than 20 MB; split it into several files"),
        ("watches: [a]\n---\nwatches: [b]\n", "2:1: a second document (---) begins here; one file holds one document"),
        ("watches:\n\t- a\n", "2:1: a tab cannot indent here; use spaces"),
        ("watches:\n- a\n\t- b\n", "3:1: a tab cannot indent here; use spaces"),
        ("watches:\n- @a\n", "2:3: a text that begins with @ goes in quotes"),
        ("watches:\n- %a\n", "2:3: a text that begins with % goes in quotes"),
        ("watches:\n- !a b\n", "2:3: a tag has no place here (text that begins with ! goes in quotes)"),
        (
            "watches:\n- !!python/object:os.system x\n",
            "2:3: a tag has no place here (text that begins with ! goes in quotes)",
        ),
        (
            "watches:\n- a: b: c\n",
            "2:7: a ':' is not expected here (check the indentation; a text that holds ': ' goes in quotes)",
        ),
        (
            'watches:\n- query: "a b" AND c\n',
            "2:16: text goes on after the closing quote; put the whole in single quotes: 'a \"b\" c'",
        ),
        ("watches:\n- 'a\n", "3:1: the file ends inside a quoted text"),
        ("watches: [a\n", "2:1: a list or mapping in brackets is not closed here, or a comma is missing"),
        (
            "watches: [${A}]\n",
            "1:12: a list or mapping in brackets is not closed here, or a comma is missing;"
            ' "${NAME}" needs quotes inside [ ] and { }',
        ),
        ("watches:\n- a\nwatchlist\n", "4:1: a key needs ': ' and a value after it"),
        ("watches:\n- {? [a] : b, name: c}\n", "2:6: a key must be a word"),
        (
            "watches:\n- &x {name: a}\n- {name: b, <<: *x}\n",
            "3:13: merging with << is not supported; write the keys out",
        ),
        ("%YAML 3.0\n---\nwatches: []\n", "1:1: found incompatible YAML document"),
        ('watches: ["\\ud83d"]\n', "1:14: this is no valid character escape"),
    ],
    ids=lambda value: None if isinstance(value, bytes) and len(value) > 999 else str(value)[:20],
)
def test_one_line_within_a_second(list_problems, text, wanted):
    start = time.process_time()
    problems = list_problems(text)
    assert time.process_time() - start < 1
    assert wanted in problems[0]
    assert all("\n" not in problem for problem in problems)
    if not wanted.startswith("2:3"):
        assert len(problems) == 1


def test_many_empty_values_end_early(monkeypatch, list_problems):
    monkeypatch.setattr("watchbot.config.nodes.MAX_NODES", 1000)
    assert list_problems("watches: [" + "a," * 2000 + "]") == ["1:2005: more than 1000 values in one file"]


def test_a_bom_and_windows_line_ends(write):
    path = write("w.yaml", b"\xef\xbb\xbfwatches:\r\n- a # c\r\n- \xe9\xb4\xbb\xe6\xb5\xb7\r\n")
    assert [one.label for one in load_watchlists(path, environ={})[0].watches] == ["a", "鴻海"]


def test_columns_count_characters_and_the_bom_is_none(list_problems):
    assert list_problems(b"\xef\xbb\xbfwtches: []\n")[0].startswith("1:1: ")
    assert list_problems("watches: [{name: 鴻海, nmae: x}]\n")[0].startswith("1:22: ")


DOCUMENT = {
    "database": "sqlite:///x.db",
    "telegram": {"token": "1:a/b", "admins": [1001], "proxy": None, "token_file": None},
    "chats": {"desk": {"id": -100}},
    "sources": ["https://example.com/a", {"name": 'q"\\/é鴻\t', "folder": "x", "every": None}],
    "watchlists": [
        {
            "name": "😀 null",
            "chats": ["console", 1001, "desk"],
            "max_per_hour": 5,
            "watches": ["Foxconn", "null", {"name": "\\ud83d\\ude00", "options": {"fuzzy": False}, "aliases": None}],
        }
    ],
}


@pytest.mark.parametrize("indent", [None, 2, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_a_json_document_is_accepted(write, indent, ascii_only, separators):
    document = json.loads(json.dumps(DOCUMENT))
    document["sources"][1]["name"] = 'q"\\/é鴻'
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only, separators=separators)
    found = load(write("watchbot.yaml", text.replace("https://", "https:\\/\\/")), {})
    assert found.telegram.admins == (1001,)
    assert found.chats[0].id == "-100"
    assert [source.name for source in found.sources] == ["https://example.com/a", 'q"\\/é鴻']
    watchlist = found.watchlists[0]
    assert (watchlist.name, watchlist.max_per_hour) == ("😀 null", 5)
    assert [one.label for one in watchlist.watches] == ["Foxconn", "null", "\\ud83d\\ude00"]
    assert not watchlist.watches[2].options.fuzzy


def test_json_mistakes_have_places(list_problems):
    assert list_problems('{\n\t"watches": [\n\t\t{"nmae": "x", "nmae": 1}]}\n') == [
        "3:4: unknown key `nmae` in watch; did you mean `name`?",
        "3:17: the key `nmae` stands here twice (first in line 3)",
    ]


def test_many_mistakes_stay_quick(list_problems):
    text = "watches:\n" + "".join(f"- {{nme: x{n}, name: y}}\n" for n in range(3000))
    start = time.process_time()
    assert len(list_problems(text)) >= 3000
    assert time.process_time() - start < 3


def assert_one_line_each(read):
    """Either it reads, or ConfigError says why with one line a problem."""
    problems = []
    try:
        read()
        return
    except ConfigError as error:
        problems = [str(problem) for problem in error.problems]
    assert problems
    assert all("\n" not in problem for problem in problems)


ANY = st.one_of(st.text(max_size=60), st.text("[]{}:,-&*!|>'\"%@`?#~ \n\t$ab1", max_size=80))


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY)
def test_any_text_gives_watchlists_or_problems(tmp_path, text):
    path = tmp_path / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert_one_line_each(lambda: load_watchlists(path, environ={}))


@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(["database", "telegram", "defaults", "chats", "sources", "http", "log", "watchlists"]), text=ANY
)
def test_any_value_gives_settings_or_problems(tmp_path, key, text):
    path = tmp_path / "any.yaml"
    path.write_text(json.dumps({key: text, "fetch": {"user_agent": text}, "catalogue": [text]}))
    assert_one_line_each(lambda: load(path, {}))


@hypothesis_settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip), max_size=8)
)
def test_names_stay_as_written(tmp_path, names):
    path = tmp_path / "any.yaml"
    wanted = [name.strip() for name in names if name.strip().isprintable()]
    escaped = [name.replace("${", "$${") for name in wanted]
    path.write_text(json.dumps({"watches": [{"name": name} for name in escaped]}))
    watches = load_watchlists(path, environ={})[0].watches
    assert [one.label for one in watches] == wanted
    assert len({one.id for one in watches}) == len(watches)
