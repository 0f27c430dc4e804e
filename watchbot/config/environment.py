"""The only place that asks the environment: variables, the `.env` beside a file, the host's zone.

`${NAME}` and `${NAME:-default}` are filled in, `$${` stays a literal `${`. Messages name variables, never values.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from watchbot.config.nodes import ScalarNode
from watchbot.config.report import Report

DEFAULT_PATH = "config/watchbot.yaml"
_MAX_DOTENV = 1_000_000
_REFERENCE = re.compile(r"\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?")
_LINE = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)", re.DOTALL)
_SINGLE = re.compile(r"'([^']*)'[ \t]*(?:#.*)?")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?')
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Environment:
    """Variables of the process, then of the `.env` files in the given folders, the first that knows a name wins.

    A `.env` is read when the first name is asked for, so one that nobody needs harms nobody.
    """

    def __init__(self, process: Mapping[str, str] | None, folders: tuple[Path, ...], report: Report) -> None:
        """`process` None = the real environment."""
        self._process = os.environ if process is None else process
        self._folders = tuple(dict.fromkeys(folders))
        self._report = report
        self._files: dict[str, str] | None = None

    def beside(self, folder: Path) -> "Environment":
        """The same with the `.env` of another folder before the others, for a file that lies there."""
        if folder in self._folders:
            return self
        return Environment(self._process, (folder, *self._folders), self._report)

    def get(self, name: str) -> str | None:
        """The value, or None where nobody knows the name."""
        value = self._process.get(name)
        if value is not None:
            return value
        if self._files is None:
            self._files = {}
            for folder in self._folders:
                self._files = {**read_dotenv(folder / ".env", self._report), **self._files}
        return self._files.get(name)

    def expander(self, file: str) -> "Expander":
        """What fills this environment into the scalars of a file."""
        return Expander(self, file, self._report)


class Expander:
    """Fills the environment into scalars of one file."""

    def __init__(self, environment: Environment, file: str, report: Report) -> None:
        """Problems are told with the file's name."""
        self._environment = environment
        self._file = file
        self._report = report

    def __call__(self, node: ScalarNode) -> None:
        """Set `node.text`; an unset name is told and makes the node broken."""
        missing: list[str] = []

        def value(found: re.Match[str]) -> str:
            if found[0] == "$${":
                return "${"
            if found[1] is None:
                node.broken = True
                return ""
            known = self._environment.get(found[1])
            if found[2] is not None:
                return known or found[2]
            if known is None:
                missing.append(found[1])
            return known or ""

        text = _REFERENCE.sub(value, node.raw)
        if node.broken:
            self._wrong(node, "write ${NAME} or ${NAME:-default}, or $${ for a literal ${")
        for name in dict.fromkeys(missing):
            node.broken = True
            self._wrong(node, f"the environment variable {name} is not set (neither is it in .env)")
        node.text = text

    def _wrong(self, node: ScalarNode, message: str) -> None:
        """Tell at the scalar's place."""
        self._report.wrong(self._file, node.line, node.column, message)


def read_dotenv(path: Path, report: Report) -> dict[str, str]:
    """The variables of a `.env` file; none where there is no such file."""
    try:
        with path.open("rb") as stream:
            text = stream.read(_MAX_DOTENV).decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        report.wrong(str(path), 0, 0, "this is not UTF-8 text")
        return {}
    except OSError as error:
        report.wrong(str(path), 0, 0, f"cannot be read: {error.strerror}")
        return {}
    values: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        found = _LINE.fullmatch(stripped)
        value = _dotenv_value(found[2]) if found else None
        if found is None or value is None:
            report.wrong(str(path), number, 1, "write NAME=value, with both quotes where there are any")
        else:
            values[found[1]] = value
    return values


def _dotenv_value(text: str) -> str | None:
    """The value behind the equals sign; None where a quote is not closed."""
    if text.startswith("'"):
        found = _SINGLE.fullmatch(text)
        return found[1] if found else None
    if text.startswith('"'):
        found = _DOUBLE.fullmatch(text)
        return _ESCAPE.sub(lambda hit: _ESCAPES.get(hit[1], hit[1]), found[1]) if found else None
    return _COMMENT.sub("", text).strip()


def config_path(environ: Mapping[str, str] | None = None) -> Path:
    """Where the configuration is when the command line does not say: $WATCHBOT_CONFIG, else config/watchbot.yaml."""
    known = os.environ if environ is None else environ
    return Path(known.get("WATCHBOT_CONFIG") or DEFAULT_PATH)


def host_zone(environ: Mapping[str, str] | None = None, etc: Path = Path("/etc")) -> str:
    """The host's time zone by its IANA name; UTC where the host does not tell."""
    known = os.environ if environ is None else environ
    choices = [known.get("TZ", "").removeprefix(":")]
    try:
        choices.append((etc / "timezone").read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        pass
    try:
        choices.append(str((etc / "localtime").resolve()))
    except (OSError, RuntimeError):
        pass
    for choice in choices:
        name = choice.rpartition("zoneinfo/")[2]
        if name and is_zone(name):
            return name
    return "UTC"


def is_zone(name: str) -> bool:
    """Whether the time zone is known by this name."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return False
    return True
