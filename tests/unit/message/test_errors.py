"""Every error that a person can read in a chat has its words in 繁體中文, wherever it is raised."""

import ast
import importlib
import itertools
import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

from watchbot.catalogue import check as company_check
from watchbot.config import nodes
from watchbot.delivery import outcome
from watchbot.message.errors import PREFIX, said, template_of
from watchbot.message.words import texts
from watchbot.model import errors
from watchbot.sources import answers, magic, pdf

WATCHBOT = Path(__file__).parents[3] / "watchbot"
ROOMS = ("sources", "model", "config", "pipeline", "bot", "text", "catalogue", "matching")
HAN = re.compile("[\u4e00-\u9fff]")
CLASSES = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)} | {
    *("QueryError", "_Slip", "Outcome"),
}
# Functions that take a sentence as their last argument, by the folder they are called in.
TELLERS = {
    "config": {"wrong", "_wrong", "fail", "Problem"},
    "catalogue": {"problem", "_mistake", "Problem"},
    "sources": {"skipped.append", "told.append"},
    "bot": {"_unwell", "unwell"},
}
# Rooms no chat can reach, or whose error is no sentence but the very words of a person, which its caller puts into one.
LEFT_OUT = {
    "config/scaffold.py": "`watchbot init` alone",
    "pipeline/feedlist.py": "`watchbot sources` alone",
    "pipeline/preferences.py": "the words of a person",
    "pipeline/said_times.py": "the words of a person",
    "pipeline/zones.py": "the words of a person",
    "sources/survey.py": "`watchbot sources check` alone",
}
# Expressions that are no sentence of their own: made and looked at elsewhere.
PASSED_ON = {
    *("bot/connection.py words", "config/report.py message", "config/report.py self.problems"),  # of any caller
    *("catalogue/overlay.py message", "catalogue/own.py message", "catalogue/reading.py message"),
    *("config/environment.py message", "config/kinds.py message", "config/nodes.py message"),
    *("catalogue/own.py problems", "config/loading.py problem.message"),  # Problems, each looked at where it is made
    *("config/nodes.py _WORDS.get(problem, problem)", "config/nodes.py _explain(error, text, line, column)"),
    *("matching/query.py bad", "matching/query.py reason", "matching/query.py slip.reason"),  # SPEAKERS and slips
    *("matching/query.py error.orig_exc.reason", "matching/query.py str(error)"),  # slips, and those of querytree.py
    *("sources/guard.py _private(host, host, port)", "sources/guard.py _private(str(address), str(address), port)"),
    "sources/pdf.py str(error)",  # of page_cut
    "pipeline/deliver.py Result.UNCERTAIN",  # Telegram's words or a bug's
}
# Functions whose answers are sentences, or the ends of sentences that SAMPLES puts together.
SPEAKERS = {
    "sources/guard.py": {"_private"},
    "sources/answers.py": {"in_words"},
    "matching/query.py": {"_bad_word", "_misplaced"},
    "config/nodes.py": {"_explain"},
}
MEND = "write CODE.MARKET (2317.TW, 0700.HK, SAP.DE), EXCHANGE:CODE (NASDAQ:AAPL) or a US ticker alone (AAPL)"
NEAR = ("; did you mean `chats`?",)
SURE = ("list it under `unsafe`, or under `safe` where you are sure",)
WANTED = (
    *("one of instant, digest", "true or false", "a whole number from 1", "a whole number from 1 or off"),
    *("a duration (90s, 10m, 8h, 30d)", "a duration (90s, 10m, 8h, 30d) or off"),
)
ABOUT = (
    "a text",
    "a name",
    "a time zone",
    "quiet hours",
    "a stock code",
    "a path",
    "an address",
    "a chat id",
    "a chat",
)
KINDS = tuple(
    words
    for table in (magic._MAGIC, magic._OLE, magic._OFFICE, magic._DECLARED)
    for _mark, words in table
    if not words.startswith("is a property")
)
# What an expression in a sentence may be, where it is more than a name or a number.
SAMPLES: dict[str, tuple[str, ...]] = {
    "{_WHAT}": ("a PDF document", "a Word document"),
    "{_trouble(str(error))}": (pdf._trouble("password"), pdf._trouble("")),
    "{_trouble('')}": (pdf._trouble(""),),
    "sources/bounds.py {what}": ("lines", "tags", "values", "mails"),
    "sources/extra.py {what}": ("a PDF document", "a Word document"),
    "sources/sniff.py {kind}": (*KINDS, "is an empty archive", "is an old office document; save it as .pdf or .txt"),
    "sources/answers.py {words}": (*answers._STATUS_WORDS.values(), *answers._CLASS_WORDS.values()),
    "sources/proxies.py {words}": ("asks for a login", "does not let us through"),
    "sources/fetch.py {words}": ("watchbot is stopping", "no complete answer within 30 s"),
    "sources/fetch.py {circle}": ("", ", in a circle"),
    "sources/fetch.py {error}": ("port 25 is not one of the web",),
    "sources/fetch.py {aim.refused}": (
        "10.0.0.1:80 is a private address; name 10.0.0.1:80 in fetch.allow_private if that is meant",
    ),
    "sources/guard.py {kind}": ("", "private "),
    "sources/guard.py {via}": ("", " (10.0.0.1)"),
    "sources/rows.py {why}": ("", " (line 3 is no JSON object)"),
    "sources/rows.py {where}": ("", " (line 3: Expecting value)"),
    "sources/outlines.py {error}": ("the list of feeds is empty",),
    "{error.strerror}": ("Permission denied",),
    "{MEND}": (MEND,),
    "matching/tickers.py {shape}": ("digits", "letters"),
    "matching/query.py {meant}": ("did you mean title: ?", "the fields are title: body: company:"),
    "config/environment.py {error.strerror}": ("Permission denied",),
    "config/kinds.py {wanted}": WANTED,
    "config/kinds.py {what}": ("a list", "a mapping"),
    "config/kinds.py {self.about}": ABOUT,
    "config/kinds.py {_hint(found)}": ("", " (text that begins with # goes in quotes)"),
    "config/kinds.py {_not(found)}": (", and nothing stands here", ", not `x`", ", not `5` in quotes"),
    "config/kinds.py {hint}": ("", ": [Foxconn]"),
    "config/kinds.py {error}": ("an address holds no spaces",),
    "config/loading.py {error}": ("a SQLite address has three slashes: sqlite:///PATH",),
    "config/nodes.py {hint}": ("", '; "${NAME}" needs quotes inside [ ] and { }'),
    "config/record.py {self._meant(node.raw)}": ("; did you mean `name`?", "; its keys are name, chats"),
    "config/record.py {self.name}": ("watch", "a watchlist file", "watchbot.yaml"),
    "config/source_list.py {also}": ("", ", not feed and folder"),
    "config/source_list.py {error}": ("the list of feeds is empty",),
    "config/watches.py {help_}": ("", "it could be TSMC (2330.TW), Foxconn (2317.TW); "),
    "config/watches.py {message}": ("this bracket is never closed", "the query is not right"),
    "config/watches.py {where}": ("", " (column 5 of the query)"),
    "config/watchlists.py {help_}": (*NEAR, "; names are given in `chats:` of watchbot.yaml"),
    "catalogue/check.py {meant}": ("; write 2330.TW", "; write CODE.MARKET, US listings bare"),
    "catalogue/check.py {why}": ("only two characters", "only digits", "a person's name", "a dictionary word"),
    "catalogue/check.py {what}": tuple(what for tests in company_check._WRONG.values() for _test, what in tests),
    "catalogue/check.py {how}": (*SURE, "list it under `unsafe` in one of the two, or in both"),
    "catalogue/own.py {how}": ("list it under `unsafe`, or under `safe` to take it over",),
    "catalogue/overlay.py {node.what()}": ("a text", "a list", "a mapping"),
    "catalogue/overlay.py {value.what()}": ("a text", "a list", "a mapping"),
    "catalogue/overlay.py {what}": ("a list", "a mapping", "nothing"),
    "catalogue/overlay.py {_meant(text, known)}": ("; did you mean `names`?", "; known are id, names"),
}


def is_sentence(text: str) -> bool:
    """Whether a sample says more than what is filled in."""
    return bool(re.search("[a-z]{2}", re.sub(r"'?x\d+'?", "", text)))


def samples(node: ast.expr, file: str, module: ModuleType) -> Iterable[str]:
    """The sentences that an expression may be; nothing where only another function knows them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*samples(node.body, file, module), *samples(node.orelse, file, module)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = (list(samples(side, file, module)) for side in (node.left, node.right))
        return ["".join(pair) for pair in itertools.product(*sides)]
    if isinstance(node, ast.JoinedStr):
        parts = [filled(part, file, module, place) for place, part in enumerate(node.values)]
        return ["".join(chosen) for chosen in itertools.product(*parts)]
    return []


def filled(part: ast.expr, file: str, module: ModuleType, place: int) -> tuple[str, ...]:
    """What one part of an f-string may be: SAMPLES, a constant of its module, else just some word."""
    if not isinstance(part, ast.FormattedValue):
        return tuple(samples(part, file, module))
    written = f"{{{ast.unparse(part.value)}}}"
    for key in (f"{file} {written}", written):
        if key in SAMPLES:
            USED.add(key)
            return SAMPLES[key]
    known = getattr(module, written.strip("{}"), None)
    word = str(known) if isinstance(known, int) else f"x{place}"
    return (repr(word),) if part.conversion == ord("r") else (word,)


def told_in(tree: ast.AST, room: str, file: str) -> Iterator[ast.expr]:
    """The expressions of a file that are sentences for a person."""
    speakers = SPEAKERS.get(file, set())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in speakers:
            given = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
            yield from (one.elts[0] if isinstance(one, ast.Tuple) else one for one in given)
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = ast.unparse(node.func)
        if called.rpartition(".")[2] in CLASSES:
            yield node.args[0]
        if called in TELLERS.get(room, ()) or called.rpartition(".")[2] in TELLERS.get(room, ()):
            yield node.args[-1]


USED: set[str] = set()
UNREAD: set[str] = set()


def all_told() -> list[tuple[str, str]]:
    """Every sentence that the program raises, with its place."""
    found: dict[tuple[str, str], None] = {}
    for room in ROOMS:
        for path in sorted((WATCHBOT / room).rglob("*.py")):
            file = path.relative_to(WATCHBOT).as_posix()
            if file in LEFT_OUT:
                continue
            module = importlib.import_module("watchbot." + file.removesuffix(".py").replace("/", "."))
            for node in told_in(ast.parse(path.read_text("utf-8")), room, file):
                said_here = list(samples(node, file, module))
                if not said_here and not ast.unparse(node).startswith("[Problem("):
                    UNREAD.add(f"{file} {ast.unparse(node)}")
                found |= {(file, text): None for text in said_here if is_sentence(text)}
    return list(found)


TOLD = all_told()
SENTENCES = {key: forms[0] for key, forms in texts("en") if key.startswith(PREFIX)}
# What is left out of a file, as CutDocument.skipped tells it.
LEFT = (
    *("3 entries without any text", "2 texts cut after 20000 characters", "9 entries after the first 500"),
    *("4 entries that repeat the id of another", "3 rows without any text", "3 rows stand there twice"),
    *(
        "3 rows after the first 5000",
        "2 pages after the first 500",
        "2 damaged pages",
        "7 paragraphs stand there twice",
    ),
    *("line 7 is no JSON object", "5 more lines are no JSON objects", "what follows the entry of line 7 is no JSON"),
    *("what follows the first 5000 paragraphs", "what follows line 9: the page is too long"),
    *("what follows page 3: the document is too long", "mail 2 (line 40) holds nothing that reads like news"),
    "the attachment plan.docx was not read; drop it as a file of its own",
)
# What Telegram and its library say, as it arrives: errors of the class Forbidden keep that word.
TELEGRAM = (
    *("Forbidden: bot was blocked by the user", "Forbidden: bot was kicked from the supergroup chat"),
    *("Forbidden: bot is not a member of the channel chat", "Forbidden: user is deactivated", "Chat not found"),
    *("Forbidden: the group chat was deleted", "Forbidden: bot can't initiate conversation with a user"),
    *("Forbidden: bot can't send messages to bots", "Not enough rights to send text messages to the chat"),
    *("Not enough rights to send documents to the chat",),
    *("Need administrator rights in the channel chat", "Group chat was upgraded to a supergroup chat"),
    *("Group migrated to supergroup. New chat id: -100200", "Message to be replied not found", "Message is too long"),
    *("Can't parse entities: unsupported start tag", "Flood control exceeded. Retry in 5 seconds", "Timed out"),
    *("Timed out (ReadTimeout)", "httpx.ConnectError: All connection attempts failed (ConnectError)", "Bad Gateway"),
    *("Bad Request: message is not modified: specified new message content is the same", "Invalid server response"),
    *("Too Many Requests: retry after 5", "Unknown error in HTTP implementation: ValueError()", "Unauthorized"),
    *("Pool timeout: All connections in the connection pool are occupied.", "Internal Server Error", "Not Found"),
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    *(
        "The token `[token]` was rejected by the server.",
        "Button_url_invalid",
        "Button_data_invalid",
        "User_id_invalid",
    ),
    *("Have no rights to send a message", "Message text is empty", "Forbidden: bot was kicked from the group chat"),
    *("'x' is no Telegram chat", "update 12: ValueError", "own limit"),
)
# Words of the system and of libraries, which stand inside our sentences.
FOREIGN = (
    *("Connection refused", "Network is unreachable", "No route to host", "Connection reset by peer", "Host is down"),
    *(
        "Connection timed out",
        "Broken pipe",
        "Software caused connection abort",
        "Too many open files",
        "Not a directory",
    ),
    *(
        "Permission denied",
        "No such file or directory",
        "Is a directory",
        "No space left on device",
        "File name too long",
    ),
    *("Read-only file system", "Input/output error", "Too many levels of symbolic links", "Extra data"),
    *("Address family not supported by protocol", "Cannot assign requested address", "Expecting value"),
    *(
        "Expecting property name enclosed in double quotes",
        "Expecting ',' delimiter",
        "Unterminated string starting at",
    ),
    *("Invalid control character at", "Invalid \\escape", "Invalid \\uXXXX escape"),
    *(
        "Illegal trailing comma before end of array",
        "did not find expected node content",
        "found unknown escape character",
    ),
    *("did not find expected <document start>", "did not find expected alphabetic or numeric character"),
)


def chinese(text: str) -> str:
    """The error in 繁體中文."""
    return said("zh-TW", text)


@pytest.mark.parametrize(("file", "text"), TOLD)
def test_every_error_that_is_raised_has_chinese_words(file: str, text: str) -> None:
    found = chinese(text)
    assert found != text, f"{file}: no template of errors.po fits"
    assert HAN.search(found)


def test_the_errors_were_found() -> None:
    files = {file for file, _text in TOLD}
    assert len(TOLD) > 400
    for room in ROOMS:
        assert room == "text" or any(file.startswith(f"{room}/") for file in files), room
    assert all((WATCHBOT / file).is_file() for file in (*LEFT_OUT, *SPEAKERS))
    assert set(SAMPLES) == USED
    assert PASSED_ON == UNREAD


@pytest.mark.parametrize(
    "text", ["company: stands twice before one term", "title: and body: before one term: one field is enough"]
)
def test_slips_of_the_query_tree(text: str) -> None:
    assert HAN.search(chinese(text))


@pytest.mark.parametrize("text", [*LEFT, *TELEGRAM, *FOREIGN, *nodes._WORDS.values()])
def test_other_words_that_are_shown_have_chinese_ones(text: str) -> None:
    assert HAN.search(chinese(text))


@pytest.mark.parametrize(
    "text", [*outcome._SAME, *outcome._NO_THREAD, *outcome._NO_MESSAGE, *outcome._UNREACHABLE, outcome._TOO_LARGE]
)
def test_what_sending_knows_by_a_part_has_a_template(text: str) -> None:
    sentences = "\n".join(SENTENCES.values()).lower()
    assert any(part.lower() in sentences for part in (text, text.replace(" ", "_")))


def program() -> str:
    """Every text that stands in the program, in lower case."""
    found = [*TELEGRAM, *FOREIGN]
    for path in WATCHBOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    found.append("a feed without a title: its address holds spaces")
    return "\n".join([*found, *(text for _file, text in TOLD), *LEFT]).lower()


def test_no_template_is_left_that_nothing_says() -> None:
    said_somewhere = program()
    unsaid = []
    for key, sentence in SENTENCES.items():
        pieces = [piece.lower() for piece, *_value in Formatter().parse(sentence)]
        unsaid += [key] if not all(piece in said_somewhere for piece in pieces) else []
    assert unsaid == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://a.tw/rss: no complete answer within 30 s", "https://a.tw/rss：30 秒內沒有收到完整的回應"),
        ("https://a.tw/rss: the feed is empty", "https://a.tw/rss：這個來源是空的"),
        ("it refuses us (HTTP 403)", "對方拒絕存取（HTTP 403）"),
        ("https://a.tw: no connection: connection refused", "https://a.tw：無法連線：連線被拒絕"),
        (
            "w.yaml:3:5: chats: `a b` is not right: an address holds no spaces",
            "w.yaml:3:5: chats：`a b` 不正確：網址不能含有空白",
        ),
        (
            "w.yaml:2:1: unknown key `nmae` in watch; did you mean `name`?",
            "w.yaml:2:1：watch 裡沒有 `nmae` 這個鍵；是不是 `name`？",
        ),
        (
            "w.yaml:1:1: updates: must be one of silent, off, not `x`",
            "w.yaml:1:1: updates：要是下列其中之一：silent, off，不是 `x`",
        ),
        ("query: a term is missing after AND (column 5 of the query)", "query：AND 後面少了一個詞（查詢式第 5 個字）"),
        (
            "this is it.gz is a gzip archive; unpack it and drop the files in it",
            "this is it.gz 是 gzip 壓縮檔，請解壓縮後傳裡面的檔案",
        ),
        ("x is an archive; unpack it and drop the files in it", "x 是壓縮檔，請解壓縮後傳裡面的檔案"),
        ("Forbidden: bot was kicked from the group chat", "機器人被移出群組"),
        ("{0} is empty", "{0} 是空的"),
        ("{name} {key} is empty", "{name} {key} 是空的"),
    ],
)
def test_errors_in_chinese(text: str, wanted: str) -> None:
    assert chinese(text) == wanted
    assert said("en", text) == text


@pytest.mark.parametrize(
    "text", ["", "ValueError: x", "x: y: z", "鴻海", ": ", " is empty", "http 500", "İ is no template"]
)
def test_what_nobody_knows_stays(text: str) -> None:
    assert chinese(text) == text


def test_every_line_is_put_into_the_language() -> None:
    assert chinese("a.yaml:0:0: the file is empty\nb.yaml:1:1: odd") == "a.yaml:0:0：檔案是空的\nb.yaml:1:1: odd"


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_every_template_finds_itself(key: str) -> None:
    nested = {"what": "a list", "what2": "a mapping", "hint": "drop its text as .txt", "error": "the feed is empty"}
    names = [name for _piece, name, *_rest in Formatter().parse(SENTENCES[key]) if name]
    text = SENTENCES[key].format(**{name: nested.get(name, f"v{place}") for place, name in enumerate(names)})
    assert HAN.search(chinese(text))
    assert key == "error_placed" or template_of(text) is not None


def test_no_text_takes_long() -> None:
    rng = random.Random(5)
    pieces = [piece for one in SENTENCES.values() for piece, *_rest in Formatter().parse(one) if piece]
    texts_ = [*("a: " * 600, "is a: ; is a name of x too (y): " * 60, "; did you mean a?" * 100, "the proxy " * 190)]
    texts_ += ["".join(rng.choices(pieces, k=60)) for _number in range(20)]
    texts_ += [rng.choice(pieces) * 40 for _number in range(40)]
    calls = 0

    def count(*_event: object) -> None:
        nonlocal calls
        calls += 1

    for text in texts_:
        calls = 0
        sys.setprofile(count)
        try:
            chinese(text)
        finally:
            sys.setprofile(None)
        assert calls < 60_000, text
