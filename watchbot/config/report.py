"""What a reading of the files has found: mistakes, doubts and keys that do nothing yet, each once."""

from watchbot.model.errors import ConfigError, Problem


class Report:
    """Collects while the files are read; nothing is raised before the last file was seen."""

    def __init__(self) -> None:
        """Nothing found yet. Dicts keep the order and drop what was told before."""
        self._problems: dict[Problem, None] = {}
        self._warnings: dict[Problem, None] = {}
        self._notes: dict[str, None] = {}

    def wrong(self, file: str, line: int, column: int, message: str) -> None:
        """A mistake."""
        self._problems[Problem(file, line, column, message)] = None

    def doubt(self, file: str, line: int, column: int, message: str) -> None:
        """Something that works and may not be what was meant."""
        self._warnings[Problem(file, line, column, message)] = None

    def note(self, text: str) -> None:
        """A key that is accepted and not yet active."""
        self._notes[text] = None

    @property
    def problems(self) -> list[Problem]:
        """All mistakes."""
        return list(self._problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """All doubts, by place."""
        return tuple(sorted(self._warnings))

    @property
    def notes(self) -> tuple[str, ...]:
        """All keys that do nothing yet."""
        return tuple(self._notes)

    def raise_problems(self) -> None:
        """End the reading where there was any mistake."""
        if self._problems:
            raise ConfigError(self.problems)
