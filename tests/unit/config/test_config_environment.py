"""Variables, `.env` files and the host's zone."""

import pytest

from watchbot.config import config_path, load, load_watchlists
from watchbot.config.environment import host_zone, read_dotenv
from watchbot.config.report import Report
from watchbot.model.errors import ConfigError

AGENT = "fetch: {user_agent: '%s'}\n"


def agent(write, text, environ):
    return load(write("watchbot.yaml", AGENT % text), environ).fetch.user_agent


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("${A}", "one"),
        ("x${A}y${B}", "xoney two"),
        ("${NONE:-else}", "else"),
        ("${EMPTY:-else}", "else"),
        ("${A:-else}", "one"),
        ("$${A}", "${A}"),
        ("$A", "$A"),
        ("100$", "100$"),
        ("${NONE:-}x", "x"),
        ("$$${A}", "$${A}"),
    ],
)
def test_references(write, text, wanted):
    assert agent(write, text, {"A": "one", "B": " two", "EMPTY": ""}) == wanted


def test_a_value_is_not_expanded_again(write):
    assert agent(write, "${A}", {"A": "${B}", "B": "no"}) == "${B}"


def test_an_unset_name_is_told_once_at_its_place(daemon_problems):
    assert daemon_problems("fetch:\n  user_agent: ${NOBODY}\n") == [
        "2:15: the environment variable NOBODY is not set (neither is it in .env)"
    ]


@pytest.mark.parametrize("text", ["${", "${}", "${1A}", "${A", "${A-b}", "${a b}"])
def test_a_reference_that_is_none(daemon_problems, text):
    (problem,) = daemon_problems(AGENT % text, {"A": "1"})
    assert problem == "1:21: write ${NAME} or ${NAME:-default}, or $${ for a literal ${"


def test_dotenv_stands_behind_the_environment(write):
    write(".env", "A=file\nB=file\n")
    assert agent(write, "${A} ${B}", {"A": "process"}) == "process file"


def test_the_dotenv_beside_a_watchlist_file_goes_first(write):
    write(".env", "A=main\nB=main\n")
    write("lists/.env", "A=beside\n")
    write("lists/list.yaml", "watches: ['${A} ${B}']\n")
    path = write("watchbot.yaml", "watchlists: [lists/list.yaml]\n")
    assert load(path, {}).watchlists[0].watches[0].label == "beside main"


def test_dotenv_forms(write):
    path = write(
        ".env",
        b"\xef\xbb\xbf# comment\r\nA=plain # comment\r\n\r\nexport B='single # \"x\"'\r\n"
        b'C="double \\"q\\" \\n$D" # end\r\nD=a#b\r\nE=\r\n F = spaced \r\nG=#nothing\r\n',
    )
    report = Report()
    assert read_dotenv(path, report) == {
        "A": "plain",
        "B": 'single # "x"',
        "C": 'double "q" \n$D',
        "D": "a#b",
        "E": "",
        "F": "spaced",
        "G": "",
    }
    assert report.problems == []


def test_a_wrong_dotenv_line_is_told_without_its_content(write, daemon_problems):
    write(".env", "A=1\nSECRET stuff\nB='open\n")
    assert daemon_problems(AGENT % "${A}") == [
        ".env:2:1: write NAME=value, with both quotes where there are any",
        ".env:3:1: write NAME=value, with both quotes where there are any",
    ]


def test_a_wrong_dotenv_harms_nobody_who_needs_none(write):
    write(".env", b"\xff\xfe nonsense")
    assert load_watchlists(write("w.yaml", "watches: [x]\n"), environ={})[0].watches[0].label == "x"


@pytest.mark.parametrize(
    "text",
    [
        "database: ${S}\n",
        "telegram: {token: '${S} x'}\n",
        "telegram: {admins: ['${S}']}\n",
        "telegram: {access: '${S}'}\n",
        "telegram: {api_url: '${S}'}\n",
        "defaults: {timezone: '${S}', digest_at: '${S}', language: '${S}', quiet_hours: ['${S}']}\n",
        "sources: ['${S}', {feed: '${S}', every: '${S}', headers: {A: \"${S}\\nx\"}, proxy: '${S}'}]\n",
        "sources: [{folder: x, name: '${S}'}, {folder: y, name: '${S}'}]\n",
        "http: {listen: '${S}'}\n",
        "catalogue: ['${S}']\n",
        "watchlists: ['${S}']\n",
        "chats: {a: {id: '${S}'}}\n",
        "watchlists: [{chats: ['${S}'], sources: ['${S}'], max_per_hour: '${S}', watches: []}]\n",
        "watchlists: [{watches: [{tickers: ['${S}']}, {query: '(${S}'}, {name: x, options: {fuzzy: '${S}'}}]}]\n",
    ],
)
def test_no_value_of_the_environment_in_any_message(daemon_problems, text):
    problems = daemon_problems(text, {"S": "hunter2 !secret"})
    assert problems
    assert "hunter2" not in "\n".join(problems)
    assert "!secret" not in "\n".join(problems)


def test_watchlists_alone_read_the_environment_too(write):
    path = write("w.yaml", "watches: ['${NAME}']\n")
    assert load_watchlists(path, environ={"NAME": "Acme"})[0].watches[0].names == ("Acme",)
    with pytest.raises(ConfigError, match="variable NAME is not set"):
        load_watchlists(path, environ={})


def test_config_path():
    assert str(config_path({})) == "config/watchbot.yaml"
    assert str(config_path({"WATCHBOT_CONFIG": "/x/y.yaml"})) == "/x/y.yaml"
    assert str(config_path({"WATCHBOT_CONFIG": ""})) == "config/watchbot.yaml"


def test_host_zone(tmp_path):
    assert host_zone({}, tmp_path) == "UTC"
    (tmp_path / "timezone").write_text("Asia/Taipei\n")
    assert host_zone({}, tmp_path) == "Asia/Taipei"
    assert host_zone({"TZ": ":Europe/Berlin"}, tmp_path) == "Europe/Berlin"
    assert host_zone({"TZ": "/usr/share/zoneinfo/Asia/Tokyo"}, tmp_path) == "Asia/Tokyo"
    assert host_zone({"TZ": "No/Where"}, tmp_path) == "Asia/Taipei"


def test_log_level_of_the_environment(write):
    path = write("watchbot.yaml", "log: {level: error}\n")
    assert load(path, {}).log.level == "error"
    assert load(path, {"WATCHBOT_LOG_LEVEL": "DEBUG"}).log.level == "debug"
    with pytest.raises(
        ConfigError, match="WATCHBOT_LOG_LEVEL:0:0: must be one of debug, info, warning, error"
    ) as caught:
        load(path, {"WATCHBOT_LOG_LEVEL": "hunter2"})
    assert "hunter2" not in str(caught.value)
