"""Every error watchbot raises on purpose.

WatchbotError
├── UsageError          wrong command line or configuration: exit 2, nothing was changed
│   └── ConfigError     carries every Problem found, each with file, line and column
├── InputError          one bad item, feed, file or message: told with its place, the rest goes on
│   └── RefusedFile     a dropped file that will not be read (archive, too large, needs an extra)
├── WorkerError         the reading process cannot be started: no fault of what was to be read
├── FetchError          a source did not answer as asked; `retry_after` in seconds where it said so
├── HeldError           another daemon holds this database: exit 3
├── StoreError          the database cannot be used as it is (newer schema, damaged, unreachable)
└── MissingExtra        an optional package is needed; the message names the extra
"""

from dataclasses import dataclass

from typing_extensions import override


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a file. Lines and columns count from 1; 0 where the file as a whole is meant."""

    file: str
    line: int
    column: int
    message: str

    @override
    def __str__(self) -> str:
        """`file:line:column: message`, the form editors can jump to."""
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class WatchbotError(Exception):
    """Anything watchbot says to a user in one line."""


class UsageError(WatchbotError):
    """Wrong command line or configuration; nothing was changed."""


class ConfigError(UsageError):
    """One or more mistakes in configuration files."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep all problems, sorted by place."""
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(WatchbotError):
    """One bad piece of input; what stands beside it goes on."""


class RefusedFile(InputError):
    """A dropped file that will not be read; the text goes into the note beside it."""


class WorkerError(WatchbotError):
    """The process that reads documents cannot be started; what was to be read is kept."""


class FetchError(WatchbotError):
    """A source did not answer as asked."""

    def __init__(self, message: str, status: int = 0, retry_after: float = 0.0) -> None:
        """`status` is the HTTP status or 0, `retry_after` seconds or 0."""
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class HeldError(WatchbotError):
    """Another daemon holds this database."""


class StoreError(WatchbotError):
    """The database cannot be used as it is."""


class MissingExtra(WatchbotError):
    """An optional package is needed; the message names the extra to install."""
