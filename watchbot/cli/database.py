"""`db upgrade | backup FILE | check | copy URL`."""

from argparse import Namespace
from pathlib import Path

from watchbot.cli.context import read_settings
from watchbot.model.errors import UsageError, WatchbotError


def db(options: Namespace) -> int:
    """Look after the database."""
    settings = read_settings(options)
    actions = {"upgrade": _upgrade, "backup": _backup, "check": _check, "copy": _copy}
    return actions[options.action](settings.database, options.target)


def _upgrade(url: str, _target: str) -> int:
    """Bring the schema up to date; not beside a running daemon."""
    from watchbot.store.lock import hold
    from watchbot.store.migrate import upgrade

    with hold(url):
        upgrade(url)
    print("up to date")
    return 0


def _backup(url: str, target: str) -> int:
    """Copy the database to a file while the daemon runs."""
    from watchbot.store.backup import backup

    if not target:
        raise UsageError("db backup needs the FILE to write, for example: watchbot db backup watchbot-backup.db")
    backup(url, Path(target))
    print(f"wrote {target}")
    return 0


def _check(url: str, _target: str) -> int:
    """Print what is wrong with the database, or ok."""
    from watchbot.store.backup import check

    problems = check(url)
    print("\n".join(problems) or "ok")
    return 1 if problems else 0


def _copy(_url: str, _target: str) -> int:
    raise WatchbotError("db copy is not built yet; it comes in a later version (db backup works now)")
