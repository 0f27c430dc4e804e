"""`make catalogue-check`: checks the hand-kept companies, or the files named, and prints every mistake at its line.

Taiwan codes and short names are checked against `twstock` where it is installed (dependency group `data`).
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from tools.build_catalogue import overlay_files, taiwan_shares
from watchbot.catalogue.check import check


def main() -> int:
    """Check the files given, else the overlay; exit 2 where something is wrong."""
    paths = [Path(argument) for argument in sys.argv[1:]] or overlay_files()
    official = taiwan_shares() if find_spec("twstock") else None
    problems = check(paths, official)
    for problem in problems:
        print(problem)
    print(f"{len(paths)} files, {len(problems)} problems" if problems else "ok")
    return 2 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
