"""Arguments to a Command. Imports nothing heavy: `--help` must be quick."""

import argparse
from dataclasses import dataclass
from typing import NoReturn

from typing_extensions import override

from watchbot import __version__
from watchbot.model.errors import UsageError

GROUPS = {
    "run": "the daemon and what it needs",
    "look": "at what it knows and does",
    "try": "things out, without a daemon or a database",
}


@dataclass(frozen=True, slots=True)
class Command:
    """What to call: `function` of the module `watchbot.cli.<module>` with the parsed options."""

    module: str
    function: str
    options: argparse.Namespace


class _Parser(argparse.ArgumentParser):
    """argparse, but errors are ours: one line that says what and what to do."""

    @override
    def error(self, message: str) -> NoReturn:
        """Raise instead of printing usage and leaving."""
        raise UsageError(f"{message} (see: {self.prog} --help)")


@dataclass(frozen=True, slots=True)
class _Spec:
    """One command: its group, where it lives, its help line and its arguments."""

    name: str
    group: str
    module: str
    function: str
    help: str
    arguments: tuple[tuple[tuple[str, ...], dict[str, object]], ...] = ()


def _arg(*names: str, **settings: object) -> tuple[tuple[str, ...], dict[str, object]]:
    return names, settings


_JSON = _arg("--json", action="store_true", help="JSON Lines on stdout")

COMMANDS = (
    _Spec(
        "run",
        "run",
        "daemon",
        "run",
        "start the daemon (Ctrl-C stops it)",
        (_arg("--once", action="store_true", help="poll every feed once, send what is due, leave"),),
    ),
    _Spec(
        "init",
        "run",
        "setup",
        "init",
        "write a commented configuration, an inbox and an .env example; never over a file",
        (_arg("directory", nargs="?", default=".", metavar="DIR", help="where (default: here)"),),
    ),
    _Spec(
        "check",
        "run",
        "setup",
        "check",
        "read the whole configuration and print every mistake with its place, or ok",
        (_arg("-v", "--verbose", action="store_true", help="also show what each short form became"),),
    ),
    _Spec("schema", "run", "setup", "schema", "print the JSON Schema of the two configuration files"),
    _Spec(
        "invite",
        "run",
        "look",
        "invite",
        "make a one-time link for the bot",
        (
            _arg("--role", choices=("owner", "admin", "user"), default="user", help="what it makes of a person"),
            _arg("--expires", default="24h", help="how long it holds (default 24h)"),
        ),
    ),
    _Spec(
        "db",
        "run",
        "database",
        "db",
        "upgrade, back up, check or copy the database",
        (
            _arg("action", choices=("upgrade", "backup", "check", "copy"), help="what to do"),
            _arg("target", nargs="?", default="", help="backup: the FILE to write; copy: the URL to copy to"),
        ),
    ),
    _Spec("status", "look", "look", "status", "sources, outbox, last alerts, delays", (_JSON,)),
    _Spec(
        "sources",
        "look",
        "sources",
        "sources",
        "list, add, remove and check feeds; OPML in and out",
        (
            _arg("action", choices=("list", "add", "remove", "check", "import", "export"), help="what to do"),
            _arg(
                "target",
                nargs="?",
                default="",
                help="add: an address (of a feed or a page); remove, check: a name or address; import, export: a file",
            ),
            _arg("--name", default="", help="add: what to call it (default: its title)"),
            _arg("--every", default="", help="add: how often it is asked (default: a rhythm of its own)"),
            _JSON,
        ),
    ),
    _Spec(
        "stories",
        "look",
        "look",
        "stories",
        "what people said about pairs of items: one event or two",
        (_arg("action", choices=("export",), help="write the labelled pairs as JSON Lines on stdout"),),
    ),
    _Spec(
        "explain",
        "look",
        "trial",
        "explain",
        "what an item would do and why, or which stage stops it; writes nothing",
        (_arg("text", metavar="TEXT|FILE", help="a headline, or a file as it would be dropped"), _JSON),
    ),
    _Spec(
        "backtest",
        "look",
        "trial",
        "backtest",
        "what a watchlist would have fired on the stored items",
        (
            _arg("--since", default="30d", help="how far back (default 30d)"),
            _arg("--watchlist", metavar="FILE", help="try this file and show what it gains and loses"),
            _JSON,
        ),
    ),
    _Spec(
        "match",
        "try",
        "trial",
        "match",
        "items as JSON Lines on stdin, matches on stdout",
        (_arg("--watchlist", required=True, metavar="FILE", help="the watchlist to match against"), _JSON),
    ),
    _Spec(
        "group",
        "try",
        "trial",
        "group",
        "items on stdin in order of arrival, a story decision each on stdout",
        (_arg("--watchlist", metavar="FILE", help="a watchlist whose companies count too"), _JSON),
    ),
    _Spec(
        "segment",
        "try",
        "trial",
        "segment",
        "the items that a dropped file would become",
        (_arg("file", metavar="FILE"), _JSON),
    ),
    _Spec(
        "parse",
        "try",
        "trial",
        "parse",
        "the items that a feed document would become",
        (
            _arg("file", metavar="FILE"),
            _arg("--url", default="", help="the address it came from"),
            _arg("--content-type", default="", help="the Content-Type it came with"),
            _JSON,
        ),
    ),
    _Spec(
        "lookup",
        "try",
        "trial",
        "lookup",
        "the company catalogue's answer, the likeliest first",
        (_arg("text", metavar="TEXT"), _JSON),
    ),
)


def parse(arguments: list[str]) -> Command:
    """Parse the command line; UsageError in one line where it is wrong."""
    options = build().parse_args(arguments)
    spec = next((spec for spec in COMMANDS if spec.name == options.command), None)
    if spec is None:
        raise UsageError("no command given (see: watchbot --help)")
    return Command(spec.module, spec.function, options)


def build() -> argparse.ArgumentParser:
    """The whole parser."""
    parser = _Parser(
        prog="watchbot",
        description="Company-watch alerts: feeds and dropped pages in, one alert a story out.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_overview(),
        usage="watchbot [--config FILE] COMMAND ...",
    )
    parser.add_argument("--version", action="version", version=f"watchbot {__version__}")
    _common(parser, None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser, help=argparse.SUPPRESS)
    for spec in COMMANDS:
        sub = commands.add_parser(spec.name, help=spec.help, description=spec.help)
        _common(sub, argparse.SUPPRESS)
        for names, settings in spec.arguments:
            sub.add_argument(*names, **settings)  # type: ignore[arg-type]
    return parser


def _common(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Options that may stand before or after the command."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        default=default,
        help="the daemon's configuration (default: $WATCHBOT_CONFIG, else config/watchbot.yaml)",
    )
    parser.add_argument(
        "--log-level", default=default, choices=("debug", "info", "warning", "error"), help="how much is logged"
    )


def _overview() -> str:
    """The commands by group, one line each."""
    lines: list[str] = []
    for group, meaning in GROUPS.items():
        lines.append(f"{group} - {meaning}:")
        lines.extend(f"  {spec.name:<10}{spec.help}" for spec in COMMANDS if spec.group == group)
    return "\n".join(lines)
