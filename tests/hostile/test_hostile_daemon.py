"""The real daemon among hostile feeds, servers, addresses and files, all at once, with five honest feeds beside them.

One siege, and many looks at it: it takes most of a minute, so it is one test.
"""

import subprocess
import sys
import traceback
import unicodedata
from pathlib import Path

import pytest

from tests.hostile.case import Document
from tests.hostile.feeds import FEEDS
from tests.hostile.files import FILES, INTRUDERS
from tests.hostile.servers import BEHAVIOURS, LURES
from tests.hostile.siege import GOOD, SECRET, Siege, notes_of

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300), pytest.mark.xdist_group("siege")]

MOST_MEMORY_MB = 250
LONGEST_TURN = 0.1
LATEST = 20.0


def wrong(expected: str, told: str) -> bool:
    """Whether a document or a server ended in another way than it should."""
    if "\n" in told or len(told) > 400:
        return True
    return bool(told) if expected in ("", "items") else expected not in told and "names no feed" not in told


def nobody_connected_to_where_nobody_may(siege: Siege) -> None:
    assert siege.untouched
    for lure in LURES:
        for name in (lure.name, f"{lure.name} by a redirect"):
            told = siege.sources[name]["error"]
            assert "private" in told or "refused" in told, f"{name}: {told}"


def every_document_ends_as_it_should(siege: Siege) -> None:
    odd = [(one.name, told) for one in FEEDS if wrong(one.outcome, told := siege.sources[one.name]["error"])]
    assert odd == [], odd


def every_server_ends_as_it_should(siege: Siege) -> None:
    for one in BEHAVIOURS:
        told = siege.sources[one.name]["error"]
        expected = one.outcome or "http://"  # in every error of a server its address is named
        assert not wrong(expected, told), f"{one.name}: {told}"


def every_file_ends_as_it_should(siege: Siege) -> None:
    said = {one.name: notes_of(siege.inbox, one.file) for one in FILES}
    archived = {path.name for path in (siege.inbox / "done").rglob("*")}
    odd = [(one.name, said[one.name]) for one in FILES if wrong(one.outcome, said[one.name].rstrip("\n"))]
    assert odd == [], odd
    missing = [one.name for one in FILES if not said[one.name] and not _is_archived(one, archived)]
    assert missing == [], missing


def _is_archived(case: Document, archived: set[str]) -> bool:
    """Whether a file lies in done/; of several with one name the later ones get a number."""
    stem, _dot, ending = case.file.rpartition(".")
    return bool(archived & {case.file, f"{stem}-2.{ending}"})


def intruders_are_named_and_the_rest_is_read(siege: Siege) -> None:
    refused = [one for one in INTRUDERS if one.outcome not in ("items", "log")]
    notes = "".join(path.read_text() for path in (siege.inbox / "failed").glob("*.note.txt"))
    for one in refused:
        assert one.outcome in notes, one.name
    for words in ("pipe.txt: this is no file", "talk.txt: this is no file", "folder.txt: folders inside the inbox"):
        assert siege.count(words) == 1, words
    assert siege.count("every item told") >= sum(one.outcome == "items" for one in INTRUDERS)
    assert "root:x:" not in notes


def honest_news_is_told_on_time(siege: Siege) -> None:
    assert max(siege.known, siege.slowest) < LATEST
    for number in range(GOOD):
        assert siege.sources[f"good {number}"]["error"] == ""


def the_daemon_stays_small_and_quick(siege: Siege) -> None:
    assert siege.report["memory_mb"] < MOST_MEMORY_MB
    assert siege.report["longest_turn"] < LONGEST_TURN
    assert siege.report["turns"] > 1000


def the_daemon_stays_well(siege: Siege) -> None:
    assert siege.ready == 200
    assert siege.exit_code == 0
    status = siege.status.splitlines()
    for name, row in siege.sources.items():
        if row["error"]:  # no quiet half-life: what fails is said there too
            assert any(f"{name}: " in line and row["error"] in line for line in status), name


def what_it_prints_is_harmless(siege: Siege) -> None:
    printed = "\n".join(siege.lines)
    for words in ("Traceback", "WARNING asyncio", " ERROR ", "internal error", "unexpected", SECRET, "root:x:"):
        lines = [line for line in siege.lines if words in line and "in an unexpected way" not in line]
        assert lines == [], (words, lines[:5])
    odd = {mark for mark in printed + siege.status if unicodedata.category(mark) in ("Cc", "Cf", "Cs") and mark != "\n"}
    assert odd == set()


def secrets_were_sent_and_are_stored_nowhere(siege: Siege) -> None:
    assert any(SECRET.encode() in head for server in siege.servers for head in server.heads)
    for path in (siege.root / "var").iterdir():
        assert SECRET.encode() not in path.read_bytes(), path.name


LOOKS = (
    nobody_connected_to_where_nobody_may,
    every_document_ends_as_it_should,
    every_server_ends_as_it_should,
    every_file_ends_as_it_should,
    intruders_are_named_and_the_rest_is_read,
    honest_news_is_told_on_time,
    the_daemon_stays_small_and_quick,
    the_daemon_stays_well,
    what_it_prints_is_harmless,
    secrets_were_sent_and_are_stored_nowhere,
)


def besieged(root: Path) -> list[str]:
    """Everything that was not as it should be."""
    seen: list[str] = []
    with Siege(root) as siege:
        siege.begin()
        siege.hold_out()
        siege.end()
        for look in LOOKS:
            try:
                look(siege)
            except AssertionError as error:
                line = traceback.extract_tb(error.__traceback__)[-1].line
                seen.append(f"{look.__name__.replace('_', ' ')}: not so: {line}: {error}")
    return seen


def test_the_daemon_under_siege(tmp_path: Path) -> None:
    """In a process of its own: a hundred servers and their threads are no company for other tests."""
    command = [sys.executable, "-m", "tests.hostile.test_hostile_daemon", str(tmp_path)]
    top = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}"


if __name__ == "__main__":
    problems = besieged(Path(sys.argv[1]))
    print("\n\n".join(problems))
    sys.exit(bool(problems))
