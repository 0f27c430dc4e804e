"""watchbot.yaml: every key, its default and its mistakes."""

from pathlib import Path

import pytest

from watchbot.config import load
from watchbot.model.settings import (
    Defaults,
    FetchSettings,
    HttpSettings,
    LogSettings,
    NamedChat,
    Quotas,
    Retention,
    SourceSettings,
    TelegramSettings,
)

MINIMAL = "log: {}\n"
DAY = 86400.0


def settings(write, text, environ=None):
    return load(write("config/watchbot.yaml", text), environ or {"TZ": "UTC"})


def test_defaults(write, tmp_path):
    found = settings(write, MINIMAL, {"TZ": "Asia/Tokyo"})
    assert found.database == f"sqlite:///{tmp_path}/config/watchbot.db"
    assert found.telegram is None
    assert not found.connected
    assert found.defaults == Defaults("Asia/Tokyo", "en", (), ("08:30",))
    assert found.http is None
    assert found.retention == Retention(30 * DAY, 400 * DAY, 400 * DAY)
    assert found.log == LogSettings("info", "auto")
    assert found.fetch.user_agent.startswith("watchbot/")
    assert (found.chats, found.sources, found.catalogue, found.watchlists) == ((), (), (), ())
    assert (found.notes, found.warnings) == ((), ())


def test_everything(write, tmp_path):
    write("config/feeds.opml", "")
    write("config/mine.yaml", "")
    found = settings(
        write,
        """
database: postgres://u:pw@host:5432/x
telegram:
  token: ${TOKEN}
  api_url: http://127.0.0.1:8081/
  proxy: socks5://127.0.0.1:1080
  access: open
  admins: [1001, "${ADMIN}"]
  quotas: {watches: 5, feeds: 0}
defaults: {timezone: Asia/Taipei, language: zh-TW, quiet_hours: "22:00-07:00", digest_at: "07:00"}
chats:
  desk: {id: "-100200/7", language: zh-TW, quiet_hours: [], max_per_hour: off}
  me: {id: 1001}
sources:
  - https://example.com/rss.xml
  - {name: Wire, feed: "https://example.com/w", every: 10m, max_age: off, headers: {X: "${KEY}"}, proxy: "http://p:1"}
  - {name: Inbox, folder: ../inbox}
  - {name: News, search: "https://news.example/?q={query}", every: 30m}
  - {opml: feeds.opml}
catalogue: [mine.yaml]
fetch: {user_agent: me/1, allow_private: ["127.0.0.1:9000", "[::1]:80", "Host:1"]}
http: {listen: "0.0.0.0:0", hosts: [a.example], token: t}
retention: {unmatched: 7d, told: off}
log: {level: debug, format: json}
""",
        {"TOKEN": "1:abc", "ADMIN": "7", "KEY": "k"},
    )
    assert found.database == "postgresql+psycopg://u:pw@host:5432/x"
    assert found.telegram == TelegramSettings(
        "1:abc", None, "http://127.0.0.1:8081", "socks5://127.0.0.1:1080", "open", (1001, 7), Quotas(5, 0, 20)
    )
    assert found.connected
    assert found.defaults == Defaults("Asia/Taipei", "zh-TW", ("22:00-07:00",), ("07:00",))
    assert found.chats == (
        NamedChat("desk", "-100200/7", "zh-TW", quiet_hours=("off",), max_per_hour=0),
        NamedChat("me", "1001"),
    )
    rss = "https://example.com/rss.xml"
    assert found.sources == (
        SourceSettings("feed", rss, rss, title_from_feed=True),
        SourceSettings("feed", "Wire", "https://example.com/w", 600.0, None, (("X", "k"),), "http://p:1"),
        SourceSettings("folder", "Inbox", f"{tmp_path}/inbox", max_age=None),
        SourceSettings("search", "News", "https://news.example/?q={query}", 1800.0),
        SourceSettings("opml", "feeds.opml", f"{tmp_path}/config/feeds.opml"),
    )
    assert found.catalogue == (tmp_path / "config/mine.yaml",)
    assert found.fetch == FetchSettings("me/1", ("127.0.0.1:9000", "[::1]:80", "host:1"))
    assert found.http == HttpSettings("0.0.0.0", 0, ("a.example",), "t")
    assert found.retention == Retention(7 * DAY, 400 * DAY, None)
    assert found.log == LogSettings("debug", "json")


def test_secrets_are_in_no_repr(write):
    found = settings(
        write,
        "database: postgresql://u:hunter2@h/x\ntelegram: {token: hunter2, proxy: 'http://u:hunter2@p:1'}\n"
        "http: {token: hunter2}\nsources: [{feed: 'https://e.x/', headers: {A: hunter2}, proxy: 'http://hunter2@p:1'}]\n",
    )
    assert found.telegram.token == "hunter2"
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sqlite:///../var/x.db", "sqlite:///{top}/var/x.db"),
        ("sqlite:///x.db", "sqlite:///{top}/config/x.db"),
        ("sqlite:////abs/x.db", "sqlite:////abs/x.db"),
        ("postgresql://h/x", "postgresql+psycopg://h/x"),
        ("postgresql+psycopg://postgres@/postgres?host=/tmp/s", "postgresql+psycopg://postgres@/postgres?host=/tmp/s"),
    ],
)
def test_database_addresses(write, tmp_path, text, wanted):
    assert settings(write, f"database: {text}\n").database == wanted.format(top=tmp_path)


@pytest.mark.parametrize(
    "text",
    ["mysql://u:hunter2@h/x", "hunter2", "sqlite://hunter2.db", "'sqlite:///:memory:'", "sqlite:///", "postgres://u:hunter2@h:x/y",
     "postgresql+asyncpg://u:hunter2@h/x", "postgres://u:hunter2 @h/x", "sqlite:///.", "''"],
)  # fmt: skip
def test_wrong_databases_are_told_without_their_password(daemon_problems, text):
    (problem,) = daemon_problems(f"database: {text}\n")
    assert problem.startswith("1:11: database: ")
    assert "hunter2" not in problem


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("databse: x\n", "1:1: unknown key `databse` in watchbot.yaml; did you mean `database`?"),
        ("feeds: []\n", "1:1: unknown key `feeds` in watchbot.yaml; did you mean `sources`?"),
        ("log: {}\nlog: {}\n", "2:1: the key `log` stands here twice (first in line 1)"),
        ("log: loud\n", "1:6: log must be keys with values (key: value)"),
        ("log: {level: loud}\n", "1:14: level: must be one of debug, info, warning, error, not `loud`"),
        ("telegram:\n  admins: [12a]\n", "2:12: admins: must be a whole number from 1, not `12a`"),
        ("telegram:\n  admins: ['12']\n", "2:12: admins: must be a whole number from 1, not `12` in quotes"),
        ("telegram:\n  admins: 12\n", "2:11: admins: must be a list: [12]"),
        ("telegram: {admins: [-5]}\n", "1:21: admins: must be a whole number from 1, not `-5`"),
        ("telegram: {token: a b}\n", "1:19: token: a token is one word without spaces"),
        ("telegram: {token: [a]}\n", "1:19: token: must be a text, not a list"),
        ("telegram: {token: a, token_file: b}\n", "1:34: token_file: there is a token beside it; keep one"),
        ("telegram: {token_file: none}\n", "1:24: token_file: there is no such file"),
        ("telegram: {api_url: example.com}\n", "1:21: api_url: an address begins with http:// or https://"),
        ("telegram: {quotas: {per_minute: 0}}\n", "1:33: per_minute: must be a whole number from 1, not `0`"),
        ("defaults: {language: de}\n", "1:22: language: must be one of en, zh-TW, not `de`"),
        (
            "defaults: {timezone: Asia/Taipeh}\n",
            "1:22: timezone: `Asia/Taipeh` is not right: a time zone is written Asia/Taipei; did you mean Asia/Taipei?",
        ),
        (
            "defaults: {digest_at: [8.30]}\n",
            "1:24: digest_at: `8.30` is not right: a time is written with 24 hours and two digits of minutes: 08:30",
        ),
        ("chats: {desk: {language: en}}\n", "1:15: chat needs `id`"),
        (
            "chats: {owner: {id: 1}}\n",
            "1:9: `owner` is no name for this place: console and owner have a meaning of their own",
        ),
        (
            "chats: {desk: {id: '@x'}}\n",
            '1:20: id: `@x` is not right: a chat id is a number ("-100200/7" with a topic) or @channel',
        ),
        ("sources: https://e.x/\n", "1:10: sources: must be a list (each entry on a line of its own, after '- ')"),
        ("sources: [e.x]\n", "1:11: sources: an address begins with http:// or https://"),
        ("sources: [{name: A}]\n", "1:11: a source needs one of feed, folder, search, opml"),
        (
            "sources: [{feed: 'http://e.x', folder: x}]\n",
            "1:11: a source needs one of feed, folder, search, opml, not feed and folder",
        ),
        ("sources: [{feed: 'http://e.x', every: 0s}]\n", "1:39: every: must be at least 1s"),
        (
            "sources: [{feed: 'http://e.x', every: 10}]\n",
            "1:39: every: must be a duration (90s, 10m, 8h, 30d), not `10`",
        ),
        ("sources: [{search: 'http://e.x/{query}'}]\n", "1:11: a search needs `name`"),
        ("sources: [{name: s, search: 'http://e.x/'}]\n", "1:29: search: needs {query} where the company's name goes"),
        ("sources: [{opml: x.opml}]\n", "1:18: opml: there is no such file"),
        ("sources: [{folder: watchbot.yaml}]\n", "1:20: folder: this is a file"),
        (
            "sources: [{feed: 'http://e.x', headers: {'A b': c}}]\n",
            "1:42: `A b` is no name for this place: a header's name is letters, digits and hyphens",
        ),
        (
            "sources: [{feed: 'http://e.x', url: 'http://e.y'}]\n",
            "1:32: unknown key `url` in source; did you mean `feed`?",
        ),
        (
            "sources:\n- {name: A, folder: x}\n- {name: A, folder: y}\n",
            "3:10: a source of this name stands in line 2 already",
        ),
        (
            "sources:\n- {name: A, folder: x}\n- {name: B, folder: ./x}\n",
            "3:10: the source in line 2 reads the same folder",
        ),
        ("sources:\n- http://e.x/\n- http://e.x/\n", "3:3: a source of this name stands in line 2 already"),
        ("catalogue: [no.yaml]\n", "1:13: catalogue: there is no such file"),
        (
            "fetch: {allow_private: [127.0.0.1]}\n",
            "1:25: allow_private: `127.0.0.1` is not right: must be host:port, such as 127.0.0.1:8765",
        ),
        ("http: {listen: '8765'}\n", "1:16: listen: `8765` is not right: must be host:port, such as 127.0.0.1:8765"),
        (
            "http: {listen: 'a:99999'}\n",
            "1:16: listen: `a:99999` is not right: must be host:port, such as 127.0.0.1:8765",
        ),
        ("retention: {told: soon}\n", "1:19: told: must be a duration (90s, 10m, 8h, 30d) or off, not `soon`"),
        ("watchlists: [no.yaml]\n", "1:14: watchlists: there is no such file"),
        (
            "watchlists: watchlist.yaml\n",
            "1:13: watchlists: must be a list (each entry on a line of its own, after '- ')",
        ),
        ("- a\n", "1:1: watchbot.yaml must be keys with values (key: value)"),
        ("", "0:0: the file is empty"),
        ("# nothing\n", "0:0: the file is empty"),
    ],
)
def test_mistakes(daemon_problems, text, wanted):
    assert daemon_problems(text) == [wanted]


def test_all_mistakes_of_all_files_at_once(write, daemon_problems):
    write("a.yaml", "watches:\n  - nam: x\n  - {name: y, priority: top}\n")
    write("b.yaml", "watches: [\n")
    problems = daemon_problems("database: x\nlgo: {}\nwatchlists: [a.yaml, b.yaml, c.yaml]\n")
    assert [problem.split(": ")[0] for problem in problems] == [
        "a.yaml:2:5",
        "a.yaml:3:25",
        "b.yaml:2:1",
        "1:11",
        "2:1",
        "3:30",
    ]


def test_a_missing_file(tmp_path):
    with pytest.raises(Exception, match=r"none\.yaml:0:0: there is no such file"):
        load(tmp_path / "none.yaml", {})
    with pytest.raises(Exception, match=r"cannot be read: Is a directory"):
        load(tmp_path, {})


def test_token_file(write, tmp_path):
    write("config/token", "1:abc\n")
    found = settings(write, "telegram: {token_file: token}\n").telegram
    assert (found.token, found.token_file) == ("1:abc", tmp_path / "config/token")
    assert settings(write, "telegram: {token_file: '${NO:-}', token: '${NO:-}'}\n").telegram == TelegramSettings()


@pytest.mark.parametrize("content", [b"", b" \n", b"two words", b"\xff"])
def test_wrong_token_files(write, daemon_problems, content):
    write("token", content)
    assert daemon_problems("telegram: {token_file: token}\n") == ["1:24: token_file: must hold the token, in one word"]


def test_telegram_section_with_nothing_in_it(write):
    assert settings(write, "telegram:\n").telegram == TelegramSettings()
    assert settings(write, "http:\n").http == HttpSettings()


CHATS = (
    "watchlists: [{name: a, chats: [console, owner, 1001, '@channel', desk], watches: [x]}]\nchats: {desk: {id: 5}}\n"
)


@pytest.mark.parametrize("telegram", ["", "telegram: {}\n", "telegram: {token: ''}\n", "telegram: {token: '${X:-}'}\n"])
def test_chats_need_a_token(write, daemon_problems, telegram):
    problems = daemon_problems(CHATS + telegram)
    assert [problem.split("`")[1] for problem in problems] == ["1001", "@channel", "desk"]
    assert problems[0] == "1:48: chats: `1001` needs a Telegram token (`telegram: token:` in watchbot.yaml)"
    path = write("watchbot.yaml", CHATS + telegram)
    assert load(path, {}, need_token=False).watchlists[0].chats == ("console", "owner", "1001", "@channel", "desk")


def test_chats_with_a_token(write, daemon_problems):
    assert load(write("watchbot.yaml", CHATS + "telegram: {token: t}\n"), {}).watchlists[0].chats[-1] == "desk"
    # one mistake in the token is not also one for every chat
    assert len(daemon_problems(CHATS + "telegram: {token: '${X}'}\n")) == 1
    assert len(daemon_problems(CHATS + "telegram: {token_file: none}\n")) == 1
    assert len(daemon_problems(CHATS + "telegram: nothing\n")) == 1


def test_unknown_chats_and_sources(daemon_problems):
    text = (
        "chats: {desk: {id: 5}}\nsources: [{name: Wire, folder: x}]\ntelegram: {token: t}\n"
        "watchlists: [{chats: [dsek, +1, desk], sources: [wirre, zzzzzz], watches: []}]\n"
    )
    assert daemon_problems(text) == [
        "4:23: chats: `dsek` is not console, owner, a chat id or a known name; did you mean `desk`?",
        "4:29: chats: `+1` is not console, owner, a chat id or a known name;"
        " names are given in `chats:` of watchbot.yaml",
        "4:50: sources: no source is called `wirre`; did you mean `Wire`?",
        "4:57: sources: no source is called `zzzzzz`; known are Wire",
    ]


def test_sources_by_address_and_by_titles_still_unknown(write):
    found = settings(
        write,
        "sources: ['http://e.x/a', {name: B, feed: 'http://e.x/b'}]\n"
        "watchlists: [{sources: ['http://e.x/a', 'http://e.x/b', Title of A], watches: []}]\n",
    )
    assert found.watchlists[0].sources == ("http://e.x/a", "B", "Title of A")
    (warning,) = found.warnings
    assert (warning.line, warning.column) == (2, 57)
    assert "`Title of A`" in warning.message


def test_inactive_keys_are_named_once_and_only_where_they_ask_for_something(write):
    found = settings(write, MINIMAL + "http: {hosts: [a.example], token: ''}\n")
    assert found.notes == ("http.hosts: not yet active: there is no status page",)


def test_what_decides_how_alerts_come_is_active(write):
    found = settings(
        write,
        "telegram: {token: '1:a', access: open, quotas: {watches: 9}}\n"
        "defaults: {digest_at: ['09:00'], quiet_hours: '22:00-07:00'}\n"
        "chats: {desk: {id: '-100200/7', quiet_hours: off, max_per_hour: off, deliver: digest, mentions: off}}\n"
        "watchlists: [{name: a, deliver: digest, join: anyone, mentions: digest, max_per_hour: 3, watches: [{name: x,"
        " deliver: digest, mentions: off, chats: [desk, console]}]}]\n",
    )
    assert found.notes == ()
    assert (found.chats[0].quiet_hours, found.chats[0].max_per_hour) == (("off",), 0)
    assert found.watchlists[0].watches[0].chats == ("desk", "console")


def test_the_same_folder_with_another_file(write):
    write("config/lists/two.yaml", "watchlists: [{name: two, watches: [x]}]\n")
    write("config/watchlist.yaml", "watches: [y]\n")
    found = settings(write, "watchlists: [lists/two.yaml, {name: here, watches: [z]}]\n")
    assert [(one.key, one.name) for one in found.watchlists] == [("list:two", "two"), ("list:here", "here")]
    # left out, the file beside is read
    assert [one.key for one in settings(write, MINIMAL).watchlists] == ["file:watchlist.yaml"]
    assert settings(write, "watchlists: []\n").watchlists == ()


def test_watchlists_named_twice_over_files(write, daemon_problems):
    first = write("a.yaml", "watchlists: [{name: x, watches: []}]\n")
    write("b.yaml", "watchlists:\n  - name: x\n    watches: []\n")
    assert daemon_problems("watchlists: [a.yaml, b.yaml, a.yaml]\n") == [
        f"b.yaml:2:11: a watchlist of this name stands in {first}:1 already",
        "1:30: watchlists: this file stands in line 1 already",
    ]


def test_paths_are_absolute_whatever_the_working_folder(write, tmp_path, monkeypatch):
    write("config/watchbot.yaml", "sources: [{folder: ../inbox}]\n")
    monkeypatch.chdir(tmp_path / "config")
    found = load(Path("watchbot.yaml"), {})
    assert found.sources[0].address == str(tmp_path / "inbox")
    assert found.database == f"sqlite:///{tmp_path}/config/watchbot.db"


def test_chats_of_one_watch(write, daemon_problems):
    told = "watchlists: [{name: a, watches: [{name: x, chats: [%s]}]}]\n"
    assert settings(write, told % "console").watchlists[0].watches[0].chats == ("console",)
    assert daemon_problems("telegram: {token: '1:a'}\n" + told % "dsk" + "chats: {desk: {id: '7'}}\n") == [
        "2:52: chats: `dsk` is not console, owner, a chat id or a known name; did you mean `desk`?"
    ]
    assert daemon_problems(told % "7") == [
        "1:52: chats: `7` needs a Telegram token (`telegram: token:` in watchbot.yaml)"
    ]
    (warning,) = settings(write, told % "").warnings
    assert warning.message == "chats: is empty: the watchlist's chats are told of this watch"
