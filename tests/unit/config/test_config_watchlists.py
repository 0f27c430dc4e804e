"""Watchlist files: every key of a watchlist and a watch, ids, and their mistakes."""

import pytest

from watchbot.config import load_watchlists
from watchbot.model.watch import Case, Options, Priority, Watch, Watchlist


def test_only_watches_is_one_nameless_watchlist(write):
    (found,) = load_watchlists(write("w.yaml", "watches:\n  - Foxconn\n  - 0050\n  - NO\n  - 12:30\n"), environ={})
    assert (found.name, found.chats, found.sources) == ("", ("console", "owner"), None)
    assert found.key == "file:w.yaml"
    assert [one.label for one in found.watches] == ["Foxconn", "0050", "NO", "12:30"]
    assert [one.line for one in found.watches] == [2, 3, 4, 5]


def test_everything(write):
    (found,) = load_watchlists(
        write(
            "w.yaml",
            """# comment
watchlists:
  - name: supply-chain
    chats: [console, 1001, "-100200/7", "@channel", desk, 1001]
    sources: [Wire, Inbox]
    deliver: digest
    digest_at: ["mon-fri 08:30", "sun 20:00"]
    timezone: Asia/Taipei
    quiet_hours: ["22:00-07:00", "sat-sun"]
    language: zh-TW
    max_per_hour: off
    updates: loud
    mentions: same
    priority: low
    join: anyone
    watches:
      - id: memory
        name: Memory
        aliases: [Mem, Mem]
        tickers: [2408.tw, AAPL]
        keywords: [DRAM, NAND]
        exclude: [drama, "Memory Lane"]
        context: [chip, 晶圓]
        query: '"AI server" AND Quanta'
        priority: high
        deliver: instant
        mentions: off
        updates: off
        options: {fuzzy: false, case: exact, urls: true, level: main}
      - Plain
""",
        ),
        environ={},
    )
    memory = Watch(
        id="memory",
        label="Memory",
        names=("Memory",),
        aliases=("Mem",),
        tickers=("2408.TW", "AAPL"),
        keywords=("DRAM", "NAND"),
        exclude=("drama", "Memory Lane"),
        context=("chip", "晶圓"),
        query='"AI server" AND Quanta',
        options=Options(False, Case.EXACT, True, True),
        priority=Priority.HIGH,
        deliver="instant",
        mentions="off",
        updates="off",
        line=17,
    )
    plain = Watch(id="plain", label="Plain", names=("Plain",), priority=Priority.LOW, line=30)
    assert found == Watchlist(
        key="list:supply-chain",
        name="supply-chain",
        watches=(memory, plain),
        chats=("console", "1001", "-100200/7", "@channel", "desk"),
        sources=("Wire", "Inbox"),
        deliver="digest",
        digest_at=("mon-fri 08:30", "sun 20:00"),
        timezone="Asia/Taipei",
        quiet_hours=("22:00-07:00", "sat-sun"),
        language="zh-TW",
        max_per_hour=None,
        updates="loud",
        mentions="same",
        join="anyone",
    )
    assert found.origin.endswith("w.yaml:3")


def test_explicitly_no_quiet_hours(write):
    text = "watchlists:\n" + "".join(
        f"- {{name: {name}, quiet_hours: {value}, watches: []}}\n"
        for name, value in (("a", '""'), ("b", "off"), ("c", "[]"), ("d", "sat"))
    )
    found = load_watchlists(write("w.yaml", text), environ={})
    assert [one.quiet_hours for one in found] == [("off",), ("off",), ("off",), ("sat",)]


@pytest.mark.parametrize(
    ("text", "label", "names"),
    [
        ("- {name: N, aliases: [A]}", "N", ("N",)),
        ("- {company: C}", "C", ("C",)),
        ("- {company: C, name: N}", "N", ("N", "C")),
        ("- {company: C, without: [C], aliases: [A]}", "C", ()),
        ("- {aliases: [A]}", "A", ()),
        ("- {keywords: [K]}", "K", ()),
        ("- {tickers: [AAPL]}", "AAPL", ()),
        ("- {query: a AND b}", "a AND b", ()),
        ("- {id: x, query: a AND b}", "a AND b", ()),
    ],
)
def test_what_a_watch_is_called(watch, text, label, names):
    found = watch(text)
    assert (found.label, found.names) == (label, names)


def ids(write, text):
    return [one.id for one in load_watchlists(write("w.yaml", "watches:\n" + text), environ={})[0].watches]


def test_ids_are_made_from_names(write):
    assert ids(write, "- Hon Hai\n- 鴻海 精密\n- C++\n- AT&T\n- '++'\n- Ｆoo_Bar.\n") == [
        "hon-hai",
        "鴻海-精密",
        "c",
        "at-t",
        "watch",
        "foo-bar",
    ]
    assert ids(write, f"- {'x' * 200}\n") == ["x" * 60]


def test_made_ids_are_unique_and_do_not_move(write):
    first = ids(write, "- A\n- a\n- {id: a-2, name: Z}\n- 'a!'\n- {name: a}\n")
    assert first == ["a", "a-3", "a-2", "a-4", "a-5"]
    assert ids(write, "- A\n- a\n- {id: a-2, name: Z}\n- 'a!'\n- {name: a}\n- A\n")[:5] == first


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("watches:\n- {id: a, name: x}\n- {id: a, name: y}\n", "3:8: this id is taken by the watch in line 2"),
        ("watches: [{id: a, name: x}, {id: a, name: y}]\n", "1:34: this id is taken by the watch in line 1"),
        ("watches:\n- {nmae: x}\n", "2:4: unknown key `nmae` in watch; did you mean `name`?"),
        ("watches:\n- {name: x, synonyms: [y]}\n", "2:13: unknown key `synonyms` in watch; did you mean `aliases`?"),
        ("watches:\n- {name: x, Aliases: [y]}\n", "2:13: unknown key `Aliases` in watch; did you mean `aliases`?"),
        (
            "watches:\n- {name: x, qqqqqqqqqqqq: 1}\n",
            "2:13: unknown key `qqqqqqqqqqqq` in watch; its keys are id, name, company, aliases, without, tickers,"
            " keywords, exclude, context, query, deliver, mentions, updates, priority, chats, options",
        ),
        ("watches:\n- {name: x, name: y}\n", "2:13: the key `name` stands here twice (first in line 2)"),
        ("watches:\n- {name: ''}\n", "2:10: name: is empty; give a text or leave it out"),
        (
            "watches:\n- name:\n",
            "2:8: name: is empty; give a text or leave it out (text that begins with # goes in quotes)",
        ),
        (
            "watches:\n  - #5\n",
            "2:4: watches: is empty; give a name or leave it out (text that begins with # goes in quotes)",
        ),
        ("watches: ['  ']\n", "1:11: watches: is empty; give a name or leave it out"),
        ("watches: [[x]]\n", "1:11: watch must be keys with values (key: value)"),
        ("watches:\n- {name: [x]}\n", "2:10: name: must be a text, not a list"),
        ("watches:\n- {name: x, aliases: y}\n", "2:22: aliases: must be a list: [y]"),
        ("watches:\n- {name: x, aliases: {a: b}}\n", "2:22: aliases: must be a list"),
        ("watches:\n- {name: x, aliases: [[y]]}\n", "2:23: aliases: must be a text, not a list"),
        (
            "watches:\n- {exclude: [x]}\n",
            "2:3: a watch needs at least one of name, company, aliases, tickers, keywords, query",
        ),
        (
            "watches:\n- {keywords: []}\n",
            "2:3: a watch needs at least one of name, company, aliases, tickers, keywords, query",
        ),
        ("watches:\n- {}\n", "2:3: a watch needs at least one of name, company, aliases, tickers, keywords, query"),
        (
            "watches:\n- {name: x, without: [y]}\n",
            "2:22: without: takes names away from a `company:`, and there is none here",
        ),
        ("watches:\n- {company: x, without: [x]}\n", "2:25: without: leaves nothing to look for"),
        ("watches:\n- name:x\n", "2:3: a key needs a space after its colon: `name: ...`"),
        ("watches:\n- {name: x, options: {fuzzy: yes}}\n", "2:30: fuzzy: must be true or false, not `yes`"),
        (
            "watches:\n- {name: x, options: {fuzzy: 'true'}}\n",
            "2:30: fuzzy: must be true or false, not `true` in quotes",
        ),
        (
            "watches:\n- {name: x, options: {case: lower}}\n",
            "2:29: case: must be one of smart, any, exact, not `lower`",
        ),
        (
            "watches:\n- name: x\n  priority:\n",
            "3:12: priority: must be one of high, normal, low, and nothing stands here",
        ),
        (
            "watchlists: [{watches: [], max_per_hour: 0}]\n",
            "1:42: max_per_hour: must be a whole number from 1 or off, not `0`",
        ),
        ("watchlists: [{name: x}]\n", "1:14: watchlist needs `watches`"),
        ("watchlists: [x]\n", "1:14: watchlist must be keys with values (key: value)"),
        ("watchlists: {name: x}\n", "1:13: watchlists: must be a list (each entry on a line of its own, after '- ')"),
        (
            "watchlists:\n- {name: x, watches: []}\n- {name: x, watches: []}\n",
            "3:10: a watchlist of this name stands in {file}:2 already",
        ),
        (
            "watchlists: [{chats: ['a b'], watches: []}]\n",
            "1:23: chats: `a b` is not console, owner, a chat id or a name",
        ),
        ("watches: []\nwatchlists: []\n", "1:1: `watches` beside `watchlists`: put them into one of the watchlists"),
        (
            "chats: [console]\nwatches: []\n",
            "1:1: `chats` belongs to a watchlist: begin with `watchlists:` and `- name: ...`",
        ),
        ("- Foxconn\n", "1:1: a watchlist file begins with `watchlists:` or `watches:`"),
        ("Foxconn\n", "1:1: a watchlist file begins with `watchlists:` or `watches:`"),
        ("", "0:0: the file is empty"),
    ],
)
def test_mistakes(list_problems, tmp_path, text, wanted):
    assert list_problems(text) == [wanted.replace("{file}", str(tmp_path / "list.yaml"))]


def test_tickers_are_checked_each_at_its_place(list_problems):
    first, second = list_problems("watches:\n- name: x\n  tickers:\n  - 2317.TW\n  - '??'\n  - 12\n")
    assert first.startswith("5:5: tickers: `??` is not right: ")
    assert second.startswith("6:5: tickers: `12` is not right: ")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("watches:\n- query: a AND\n", "2:15"),
        ("watches:\n- query: 'a AND'\n", "2:16"),
        ("watches:\n- query: (a OR b\n", "2:10"),
        ("watches:\n- query: '(\"a b\" OR b'\n", "2:11"),
        ("watches:\n- query: >\n    a AND\n", "2:10"),
        ('watches:\n- query: "\\x61 AND"\n', "2:10"),
    ],
)
def test_queries_are_checked_at_their_own_column(list_problems, text, place):
    (problem,) = list_problems(text)
    found, _, message = problem.partition(": ")
    assert found == place
    assert message.startswith("query: ")
    assert "\n" not in message


def test_a_query_that_matches_everything_is_refused(list_problems):
    (problem,) = list_problems("watches:\n- query: NOT rumor\n")
    assert problem.startswith("2:")


def test_empty_lists_may_stand(watch):
    found = watch("- name: x\n  aliases:\n  exclude: []\n  context: ~\n  options:\n")
    assert (found.aliases, found.exclude, found.context, found.options) == ((), (), (), Options())


def test_aliases_and_anchors(write):
    text = (
        "watches:\n- {name: a, options: &o {fuzzy: false}, aliases: &l [x, &one y]}\n"
        "- {name: b, options: *o, aliases: *l}\n- *one\n"
    )
    watches = load_watchlists(write("w.yaml", text), environ={})[0].watches
    assert watches[1].options == watches[0].options == Options(fuzzy=False)
    assert watches[1].aliases == ("x", "y")
    assert watches[2].names == ("y",)


def test_a_mistake_behind_an_alias_is_told_once(list_problems):
    assert list_problems("watches:\n- {name: a, options: &o {fuzy: 1}}\n- {name: b, options: *o}\n") == [
        "2:26: unknown key `fuzy` in options; did you mean `fuzzy`?"
    ]


def test_no_watches_at_all(write):
    (found,) = load_watchlists(write("w.yaml", "watches:\n"), environ={})
    assert found.watches == ()
    assert load_watchlists(write("w.yaml", "watchlists: []\n"), environ={}) == ()


def test_chats_of_one_watch_are_checked_like_those_of_the_list(list_problems):
    assert list_problems("watchlists:\n- watches:\n  - {name: x, chats: [owner, 'a b', '-100/7', desk]}\n") == [
        "3:30: chats: `a b` is not console, owner, a chat id or a name"
    ]
    assert list_problems("watches:\n- {name: x, chats: console}\n") == ["2:20: chats: must be a list: [console]"]
