"""The other side of bench_poll: lemon24/reader, polling the same feeds into a database file of its own.

python -m benchmarks.poll_peer --folder F --workers 1     addresses as JSON in F/addresses.json
"""

import argparse
import importlib.util
import json
import sys
from pathlib import Path

import feedparser_sgmllib
from reader import make_reader

from benchmarks.poll_child import obey

# reader 3.26 carries a feedparser of its own that asks for `sgmllib`, without naming it among what it needs; the same
# module comes with today's feedparser under another name.
if importlib.util.find_spec("sgmllib") is None:
    sys.modules["sgmllib"] = feedparser_sgmllib


def main() -> None:
    """Obey: `start` adds the feeds, any other phase updates all of them, due or not."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--workers", type=int, default=1)
    options = arguments.parse_args()
    reader = make_reader(str(options.folder / "reader.db"))

    def work(phase: str) -> dict[str, object]:
        if phase == "start":
            for address in json.loads((options.folder / "addresses.json").read_text()):
                reader.add_feed(address)
            return {}
        if phase == "count":
            return {"items": reader.get_entry_counts().total}
        reader.update_feeds(scheduled=False, workers=options.workers)
        return {}

    obey(work)
    reader.close()


if __name__ == "__main__":
    main()
