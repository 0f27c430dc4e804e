"""The commands that need no configuration start light: they do not load what only the daemon needs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
HEAVY = {"babel", "telegram", "sqlalchemy", "alembic", "aiohttp", "apscheduler", "psycopg", "httpx"}
FEED = (
    "<rss version='2.0'><channel><title>Wire</title><item><title>Foxconn opens a plant</title></item></channel></rss>"
)
# What was loaded is written where nothing else writes.
CODE = """
import json, sys
from pathlib import Path
from watchbot.cli import run
try:
    code = run(sys.argv[2:])
finally:
    Path(sys.argv[1]).write_text(json.dumps(sorted(sys.modules)))
sys.exit(code)
"""


@pytest.mark.parametrize(
    "words",
    ["match --watchlist list.yaml", "group", "group --watchlist list.yaml", "lookup Foxconn", "segment page.txt",
     "parse feed.xml", "schema", "init new", "--help"],
)  # fmt: skip
def test_a_light_command_loads_nothing_heavy(tmp_path: Path, words: str) -> None:
    (tmp_path / "list.yaml").write_text("watches:\n  - Foxconn\n")
    (tmp_path / "page.txt").write_text("Foxconn opens a plant\n\nIt is large.\n")
    (tmp_path / "feed.xml").write_text(FEED)
    item = json.dumps({"id": "1", "title": "Foxconn opens a plant"})
    note = tmp_path / "modules.json"
    command = [sys.executable, "-c", CODE, str(note), *words.split()]
    done = subprocess.run(command, input=item, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    loaded = {name.partition(".")[0] for name in json.loads(note.read_text())}
    assert "watchbot" in loaded
    assert loaded & HEAVY == set()
