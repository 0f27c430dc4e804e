"""`check`, `schema` and `init`."""

import json

import pytest

from watchbot.config import check, init, load, schema
from watchbot.config.kinds import Choice
from watchbot.config.record import Record
from watchbot.config.tables import DAEMON, WATCHLIST_FILE
from watchbot.model.errors import UsageError


def test_check_prints_every_mistake_and_no_ok(write):
    path = write("watchbot.yaml", "lgo: 1\ndatabase: x\nhttp: {token: abc}\n")
    found = check(path, {})
    assert not found.ok
    assert found.lines == (
        f"{path}:1:1: unknown key `lgo` in watchbot.yaml; did you mean `log`?",
        f"{path}:2:11: database: must be sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
        "note: http.token: not yet active: there is no status page",
    )


def test_check_prints_doubts_notes_and_ok(write):
    path = write("watchbot.yaml", "sources: [{folder: x, proxy: ''}]\nhttp: {listen: '127.0.0.1:1', token: abc}\n")
    found = check(path, {})
    assert found.ok
    assert found.lines == (
        f"{path}:1:23: warning: proxy has no effect on a folder",
        "note: http.token: not yet active: there is no status page",
        "ok",
    )


def test_schema_is_json_and_complete():
    found = json.loads(json.dumps(schema()))
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    daemon, lists = found["$defs"]["daemon"], found["$defs"]["watchlists"]
    assert list(daemon["properties"]) == [key.name for key in DAEMON.keys]
    assert daemon["additionalProperties"] is False
    watch = lists["properties"]["watches"]["items"]["anyOf"][1]
    assert watch["properties"]["options"]["properties"]["fuzzy"]["default"] is True
    assert {"instant", "digest"} == set(watch["properties"]["deliver"]["enum"])
    assert daemon["properties"]["chats"]["additionalProperties"]["required"] == ["id"]
    assert daemon["properties"]["log"]["properties"]["level"]["enum"] == ["debug", "info", "warning", "error"]


def records(kind, seen):
    """All tables below a kind."""
    if isinstance(kind, Record):
        if kind.name not in seen:
            seen[kind.name] = kind
            for key in kind.keys:
                records(key.kind, seen)
        return seen
    for name in ("kind", "short", "full"):
        below = getattr(kind, name, None)
        if below is not None:
            records(below, seen)
    return seen


def test_the_tables_are_sound():
    seen = records(WATCHLIST_FILE, records(DAEMON, {}))
    assert len(seen) == 14
    for record in seen.values():
        names = [key.name for key in record.keys]
        assert len(set(names)) == len(names)
        for key in record.keys:
            assert key.about
            assert not set(key.meant) & set(names), (record.name, key.name)
            if isinstance(key.kind, Choice) and key.default is not None:
                assert key.default in key.kind.words


def test_every_inactive_row_names_a_key():
    from watchbot.config.inactive import INACTIVE

    seen = records(WATCHLIST_FILE, records(DAEMON, {}))
    for record, rows in INACTIVE.items():
        assert set(rows) <= set(seen[record].by_name), record


def test_init_writes_what_loads(tmp_path):
    found = init(tmp_path / "new")
    assert [path.relative_to(tmp_path / "new").as_posix() for path in found.written] == [
        "watchbot.yaml",
        "watchlist.yaml",
        ".env.example",
        "packs/semiconductors-worldwide.opml",
        "packs/taiwan-power-and-ministries.opml",
        "packs/taiwan-technology.opml",
        "inbox",
    ]
    assert found.kept == ()
    settings = load(tmp_path / "new" / "watchbot.yaml", {})
    assert [one.label for one in settings.watchlists[0].watches] == ["Foxconn", "Taipower", "Memory"]
    assert settings.sources[0].address == str(tmp_path / "new" / "inbox")
    assert (settings.notes, settings.warnings, settings.connected) == ((), (), False)
    assert settings.telegram is not None


def test_init_leaves_alone_what_is_there(tmp_path):
    (tmp_path / "watchlist.yaml").write_text("mine")
    found = init(tmp_path)
    assert [path.name for path in found.kept] == ["watchlist.yaml"]
    assert (tmp_path / "watchlist.yaml").read_text() == "mine"
    assert init(tmp_path).written == ()


def test_init_on_a_file(tmp_path):
    (tmp_path / "f").write_text("")
    with pytest.raises(UsageError, match="cannot write into"):
        init(tmp_path / "f")


def test_the_commented_lines_of_init_are_right_too(tmp_path):
    init(tmp_path)
    path = tmp_path / "watchbot.yaml"
    lines = [
        line.replace("# ", "", 1) if line.lstrip().startswith("# ") else line for line in path.read_text().split("\n")
    ]
    path.write_text("\n".join(lines[1:]))
    lists = tmp_path / "watchlist.yaml"
    text = lists.read_text().split("\n")
    lists.write_text(
        "\n".join(line.replace("# ", "", 1) if line.lstrip().startswith("# ") else line for line in text[1:])
    )
    settings = load(path, {"WIRE_KEY": "k", "DB_PASSWORD": "p", "TELEGRAM_BOT_TOKEN": "t"})
    assert settings.telegram.admins == (1001,)
    assert [source.kind for source in settings.sources] == ["folder", "feed", "feed", "opml", "search"]
    assert settings.watchlists[0].sources == ("Inbox",)
    assert settings.watchlists[0].watches[-1].query
