"""`init`, `check` and `schema`."""

import json
from argparse import Namespace
from pathlib import Path


def init(options: Namespace) -> int:
    """Write commented configuration files, never over an existing one."""
    from watchbot.config.scaffold import init as write

    found = write(Path(options.directory))
    for path in found.kept:
        print(f"left   {path} (it is there already)")
    for path in found.written:
        print(f"wrote  {path}")
    print(f"Next: watchbot --config {Path(options.directory) / 'watchbot.yaml'} check")
    return 0


def check(options: Namespace) -> int:
    """Print every mistake as file:line:column: message and leave with 2, or print ok."""
    from watchbot import wiring
    from watchbot.cli.context import config_path
    from watchbot.config.check import check as read

    found = read(
        config_path(options),
        companies=wiring.catalogue,
        verbose=options.verbose,
        read_list=wiring.feed_list,
        counts=wiring.feed_counts,
    )
    print("\n".join(found.lines))
    return 0 if found.ok else 2


def schema(_options: Namespace) -> int:
    """Print the JSON Schema of the two files."""
    from watchbot.config.schema import schema as build

    print(json.dumps(build(), ensure_ascii=False, indent=2))
    return 0
