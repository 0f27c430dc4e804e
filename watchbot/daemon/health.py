"""What is running and what is not, in words: read by /readyz and `status`, written by the daemon's parts."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Health:
    """Parts report here by name. `problems` make the node not ready; `remarks` are only said."""

    problems: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A daemon is not ready before it has said so."""
        self.problems["start"] = "starting"

    def well(self, part: str, remark: str = "") -> None:
        """The part works; an optional remark is said all the same."""
        self.problems.pop(part, None)
        if remark:
            self.remarks[part] = remark
        else:
            self.remarks.pop(part, None)

    def unwell(self, part: str, problem: str) -> None:
        """The part does not work, and why."""
        self.problems[part] = problem

    def report(self) -> tuple[bool, list[str]]:
        """Whether the node is ready, and every problem and remark as a line."""
        lines = [f"{part}: {text}" for part, text in (*self.problems.items(), *self.remarks.items())]
        return not self.problems, lines or ["ready"]
