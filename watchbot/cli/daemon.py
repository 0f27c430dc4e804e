"""`run`: take the lock, migrate, start the daemon."""

import asyncio
import sys
from argparse import Namespace

from watchbot.cli.context import read_settings


def run(options: Namespace) -> int:
    """Run the daemon until it is stopped, or one round with --once."""
    settings = read_settings(options, need_token=True)
    from watchbot import wiring
    from watchbot.daemon import memory
    from watchbot.daemon.core import Daemon
    from watchbot.daemon.logs import set_up
    from watchbot.store.lock import hold

    level = options.log_level or settings.log.level
    token = settings.telegram.token if settings.telegram else ""
    terminal = sys.stdout.isatty()
    set_up("warning" if options.once and not options.log_level else level, settings.log.format, (token,))
    memory.give_back()
    with hold(settings.database):
        wiring.migrate(settings)

        async def start() -> int:
            daemon = Daemon(wiring.assemble(settings), _say, terminal)
            memory.settle()
            return await daemon.run(options.once)

        return asyncio.run(start())


def _say(line: str) -> None:
    print(line, flush=True)
